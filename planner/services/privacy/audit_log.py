"""Who saw and changed the file of one client, as its coach reads it: newest first, in parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from planner.models import AuditEntry
from planner.services.clients.clients import OpenClient, open_client
from planner.services.people import coaches
from planner.services.store import SignedIn, Store

ROWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Deeds:
    """What was done in one go. `name`: of the coach, when it was one who is still there. `things`: for each deed which
    kinds of things, and how many of each."""

    at: datetime
    actor: str
    name: str
    things: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Log:
    """`older`: where the next part begins; None at the end."""

    client: OpenClient
    lines: tuple[Deeds, ...]
    older: int | None


def page(store: Store, coach: SignedIn, client_id: int, before: int | None = None) -> Log:
    """The part before that row. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = open_client(store, session, client_id)
        rows = _rows(session, client_id, before)
        older = None
        if len(rows) > ROWS_AT_ONCE:
            rows, older = _whole(rows)
        found = coaches.open_these(store, session, {row.actor_id for row in rows if row.actor_id})
        names = {one.id: one.name for one in found.values()}
    groups = groupby(rows, _go)
    lines = (_line(list(group), names) for _one, group in groups)
    return Log(client, tuple(lines), older)


def _rows(session: Session, client_id: int, before: int | None) -> list[AuditEntry]:
    """One more than a part holds. By moment, as a clock may have gone back."""
    wanted = select(AuditEntry).where(AuditEntry.client_id == client_id)
    if before is not None:
        at = session.scalar(select(AuditEntry.at).where(AuditEntry.seq == before))
        if at is not None:
            later = and_(AuditEntry.at == at, AuditEntry.seq < before)
            wanted = wanted.where(or_(AuditEntry.at < at, later))
    newest = wanted.order_by(AuditEntry.at.desc(), AuditEntry.seq.desc())
    return list(session.scalars(newest.limit(ROWS_AT_ONCE + 1)))


def _go(row: AuditEntry) -> tuple[datetime, str, int | None]:
    return row.at, row.actor, row.actor_id


def _whole(rows: list[AuditEntry]) -> tuple[list[AuditEntry], int | None]:
    """Without the last go when its end is on the next part, unless it fills this one; and where that part begins."""
    kept = rows[:ROWS_AT_ONCE]
    if _go(rows[ROWS_AT_ONCE]) == _go(kept[-1]) != _go(kept[0]):
        kept = [row for row in kept if _go(row) != _go(kept[-1])]
    return kept, kept[-1].seq


def _line(rows: list[AuditEntry], names: dict[int, str]) -> Deeds:
    first = rows[0]
    things: dict[str, Counter[str]] = {}
    for row in reversed(rows):
        things.setdefault(row.action, Counter())[row.kind] += 1
    name = names.get(first.actor_id or 0, "")
    return Deeds(
        first.at, first.actor, name, tuple((deed, tuple(kinds.items())) for deed, kinds in things.items())
    )


def of_client(session: Session, client_id: int) -> Iterable[AuditEntry]:
    """Every row about a client, oldest first: for a copy of the file."""
    wanted = select(AuditEntry).where(AuditEntry.client_id == client_id)
    return session.scalars(wanted.order_by(AuditEntry.at, AuditEntry.seq))
