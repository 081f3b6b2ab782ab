"""The registers of a practice (P20): the record of processing, who works with data for it, and breaches. What we filled
in beforehand stands there until the practice puts its own line over it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from planner.domain.privacy import BREACHES, KINDS_OF_LINE, BreachLine, Line, report_by
from planner.models import RegisterEntry, new_id
from planner.services.privacy import register_defaults
from planner.services.store import (
    Conflict,
    NotFound,
    SignedIn,
    Store,
    handled_before,
    practice_of,
    remember_form,
    settings_of,
)
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line as it stands. `id`: of the practice's own; None for one of ours that nobody touched. `report_by`: until
    when a breach is told to the authority."""

    id: int | None
    key: str | None
    line: Line
    changed_at: datetime | None = None
    version: int = 0
    report_by: datetime | None = None

    def left(self, now: datetime) -> timedelta:
        """Of the time to tell the authority; negative when it is over."""
        return self.report_by - now if self.report_by else timedelta()


def listing(store: Store, coach: SignedIn, kind: str) -> tuple[OpenLine, ...]:
    """What stands in a register: ours in their order, with the practice's own words over them, then its own. Breaches:
    newest first."""
    with store.db.reading(coach.scope) as session:
        return listing_in(store, session, coach, kind)


def listing_in(store: Store, session: Session, coach: SignedIn, kind: str) -> tuple[OpenLine, ...]:
    """The same, inside a session that does more."""
    practice = practice_of(session, coach.scope)
    hours = settings_of(practice).breach_hours
    rows = session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.kind == kind)
        .order_by(RegisterEntry.created_at, RegisterEntry.id)
    ).all()
    own = [_opened(store, practice.wrapped_key, row, hours) for row in rows]
    over = {one.key: one for one in own if one.key}
    ours = [
        over.get(key, OpenLine(None, key, line))
        for key, line in register_defaults.lines(kind, coach.language).items()
    ]
    every = [*ours, *(one for one in own if one.key not in {line.key for line in ours})]
    found = [one for one in every if not one.line.gone]
    return tuple(sorted(found, key=_found_at, reverse=True) if kind == BREACHES else found)


def one(store: Store, coach: SignedIn, kind: str, entry_id: int) -> OpenLine:
    """A line of the practice's own. Raises NotFound."""
    found = next((line for line in listing(store, coach, kind) if line.id == entry_id), None)
    if found is None:
        raise NotFound
    return found


def write(
    store: Store,
    coach: SignedIn,
    kind: str,
    key: str | None,
    line: Line,
    now: datetime,
    form_id: str | None = None,
) -> None:
    """A new line; with a key, over the one of ours. The same form twice writes it once. Raises Conflict when there is
    one over it already."""
    with store.db.transaction(coach.scope, now) as session:
        if handled_before(session, form_id) is not None:
            return
        known = key if key in register_defaults.lines(kind, coach.language) else None
        if known and session.scalar(_over(kind, known)) is not None:
            raise Conflict
        row = RegisterEntry(
            id=new_id(), owner_id=coach.owner_id, kind=kind, key=known, created_at=now, version=1
        )
        _seal(store, session, coach, row, line, now)
        session.add(row)
        remember_form(session, coach.scope, form_id, str(row.id), now)


def change(
    store: Store, coach: SignedIn, kind: str, entry_id: int, line: Line, version: int, now: datetime
) -> None:
    """Raises NotFound, or Conflict when it was saved since `version`."""
    with store.db.transaction(coach.scope, now) as session:
        row = _gate(session, kind, entry_id)
        if row.version != version:
            raise Conflict
        _seal(store, session, coach, row, line, now)
        row.version += 1


def take_away(store: Store, coach: SignedIn, kind: str, entry_id: int, now: datetime) -> None:
    """Not for this practice (any more). One over a line of ours stays as a mark, or ours would come back.
    Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = _gate(session, kind, entry_id)
        if row.key is None:
            session.delete(row)
            return
        wrapped = practice_of(session, coach.scope).wrapped_key
        line = store.vault.open(wrapped, _place(row), row.sealed, KINDS_OF_LINE[kind])
        _seal(store, session, coach, row, replace(line, gone=True), now)
        row.version += 1


def _over(kind: str, key: str) -> Select[int]:
    return select(RegisterEntry.id).where(RegisterEntry.kind == kind, RegisterEntry.key == key)


def _gate(session: Session, kind: str, entry_id: int) -> RegisterEntry:
    row = session.scalar(
        select(RegisterEntry).where(RegisterEntry.id == entry_id, RegisterEntry.kind == kind)
    )
    if row is None:
        raise NotFound
    return row


def _seal(
    store: Store, session: Session, coach: SignedIn, row: RegisterEntry, line: Line, now: datetime
) -> None:
    wrapped = practice_of(session, coach.scope).wrapped_key
    row.sealed, row.changed_at = store.vault.seal(wrapped, _place(row), line), now


def _opened(store: Store, wrapped: bytes, row: RegisterEntry, hours: int) -> OpenLine:
    line = store.vault.open(wrapped, _place(row), row.sealed, KINDS_OF_LINE[row.kind])
    until = report_by(line.found_at, hours) if isinstance(line, BreachLine) and line.found_at else None
    return OpenLine(row.id, row.key, line, row.changed_at, row.version, until)


def _found_at(one: OpenLine) -> tuple[float, int]:
    found = one.line.found_at if isinstance(one.line, BreachLine) else None
    return (found.timestamp() if found else 0.0, one.id or 0)


def _place(row: RegisterEntry) -> Place:
    return Place("register_entry", "sealed", row.id, row.owner_id)
