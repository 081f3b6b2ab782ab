"""What goes some time after the end of a programme (P07): shown beforehand, and taken away by the jobs. Both look with
the same eyes, so the list is what goes.

Notes and numbers: notes with all that hangs on them, answers and scores, reviews, what is known of health, the coach's
own notes, and what was planned to talk about. Safety questions: what was asked, and what it said to take into account.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from planner.domain.clients import ClientDetails, ClientName, HealthDetails
from planner.domain.privacy import AHEAD, KEPT_PARTS, NOTES, SCREENING, RetentionTerms
from planner.domain.walks import WalkDetails
from planner.domain.when import day_on
from planner.models import (
    EVERYONE,
    Client,
    ExternalMeasure,
    Note,
    NoteAddendum,
    NoteDraft,
    NoteRevision,
    Practice,
    Review,
    Screening,
    Walk,
    WalkAnswer,
)
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.vault import CannotOpen, Place

ROWS: Mapping[str, tuple[Any, ...]] = {
    NOTES: (NoteDraft, NoteRevision, NoteAddendum, Note, WalkAnswer, ExternalMeasure, Review),
    SCREENING: (Screening,),
}
"""Tables whose rows go whole."""
AT_ONCE = 200
"""Practices in one question."""
_Terms: TypeAlias = Mapping[int, RetentionTerms]
_Days: TypeAlias = Mapping[int, date]
_Due: TypeAlias = dict[int, list[tuple[str, date]]]
log = logging.getLogger(__name__)
TOUCHED = ("client", "walk", *(kind.__tablename__ for kinds in ROWS.values() for kind in kinds))


@dataclass(frozen=True, slots=True)
class Going:
    """Something that goes on a day. `part`: a code of KEPT_PARTS; `count`: in how many places it stands."""

    client_id: int
    name: str
    part: str
    goes_on: date
    count: int


def ahead(store: Store, coach: SignedIn, today: date) -> tuple[Going, ...]:
    """What goes in the coming weeks, of this coach's clients, the first day on top. Changes nothing."""
    with store.db.reading(coach.scope) as session:
        settings = settings_of(practice_of(session, coach.scope))
        due = _due(session, {coach.owner_id: settings.retention}, {coach.owner_id: today + AHEAD})
        clients = {one.id: one for one in session.scalars(select(Client).where(Client.id.in_(due)))}
        found = [
            going for number, parts in due.items() for going in _going(store, session, clients[number], parts)
        ]
    return tuple(sorted(found, key=lambda one: (one.goes_on, one.name, one.part)))


def _going(store: Store, session: Session, client: Client, parts: list[tuple[str, date]]) -> list[Going]:
    """Nothing where a text does not open: then nothing goes."""
    try:
        name = _open(store, client, "name_sealed", ClientName).full
        return [
            Going(client.id, name, part, goes_on, count)
            for part, goes_on in parts
            if (count := _count(store, session, client, part))
        ]
    except CannotOpen:
        return []


def stuck(store: Store, now: datetime) -> list[int]:
    """Clients of whom something is past its term and does not go, for a text of theirs does not open."""
    found = []
    with store.db.reading(EVERYONE) as session:
        due = _due_now(session, now)
        for client in session.scalars(select(Client).where(Client.id.in_(due)).order_by(Client.id)):
            try:
                for part, _goes_on in due[client.id]:
                    _count(store, session, client, part)
            except CannotOpen:
                found.append(client.id)
    return found


def sweep(store: Store, now: datetime) -> int:
    """Take away what is past its term, of everybody. Gives in how many places something went. One client at a time, so
    that nobody waits long for the writers' lock; it is not taken where nothing is left. A damaged text of one client
    stands in nobody else's way."""
    with store.db.reading(EVERYONE) as session:
        due = _due_now(session, now)
    gone = 0
    try:
        for client_id, parts in due.items():
            try:
                gone += _sweep_one(store, client_id, [part for part, _goes_on in parts], now)
            except CannotOpen:
                log.warning("client %s: a text does not open, so what is past its term stays", client_id)
    finally:
        if gone:
            store.db.forget_bytes(*TOUCHED)
    return gone


def _due_now(session: Session, now: datetime) -> _Due:
    """Of everybody."""
    practices = {row.id: settings_of(row) for row in session.scalars(select(Practice))}
    terms = {owner_id: one.retention for owner_id, one in practices.items()}
    return _due(session, terms, {owner_id: day_on(now, one.zone) for owner_id, one in practices.items()})


def _sweep_one(store: Store, client_id: int, parts: list[str], now: datetime) -> int:
    """Looked at again under the lock: a client may have been taken up again meanwhile, or the terms be others."""
    wanted = select(Client).where(Client.id == client_id, Client.ended_on.is_not(None))
    with store.db.reading(EVERYONE) as session:
        client = session.scalar(wanted)
        if client is None or not any(_count(store, session, client, part) for part in parts):
            return 0
    with store.db.transaction(EVERYONE, now) as session:
        client = session.scalar(wanted)
        if client is None or client.ended_on is None:
            return 0
        settings, ended_on = settings_of(session.get_one(Practice, client.owner_id)), client.ended_on
        until = day_on(now, settings.zone)
        still = [part for part in parts if settings.retention.goes_on(part, ended_on) <= until]
        return sum(_take_away(store, session, client, part) for part in still)


def _due(session: Session, terms: _Terms, days: _Days) -> _Due:
    """By client whose programme ended: what goes by the day of their practice, and when. `terms`: by practice. Of whom
    it went long ago only when there are rows after all: opening every text of everybody each hour would be a waste."""
    found: _Due = {}
    owners = list(terms)
    for start in range(0, len(owners), AT_ONCE):
        some = owners[start : start + AT_ONCE]
        ended = select(Client.id, Client.owner_id, Client.ended_on).where(
            Client.ended_on.is_not(None), Client.owner_id.in_(some)
        )
        rows = session.execute(ended.order_by(Client.ended_on, Client.id)).all()
        holding = {part: _holding(session, part, some) for part in KEPT_PARTS} if rows else {}
        for row in rows:
            until = days[row.owner_id]
            for part in KEPT_PARTS:
                goes_on = terms[row.owner_id].goes_on(part, row.ended_on)
                lately = goes_on >= until - 2 * AHEAD
                if goes_on <= until and (lately or row.id in holding[part]):
                    found.setdefault(row.id, []).append((part, goes_on))
    return found


def _holding(session: Session, part: str, owners: list[int]) -> set[int]:
    """Those clients of these practices whose programme ended and who have rows of this part."""
    ended = select(Client.id).where(Client.ended_on.is_not(None), Client.owner_id.in_(owners))
    return {
        one
        for kind in ROWS[part]
        for one in session.scalars(
            ended.where(exists().where(kind.owner_id == Client.owner_id, kind.client_id == Client.id))
        )
    }


def _count(store: Store, session: Session, client: Client, part: str) -> int:
    return _places(_rows(session, client, part), list(_texts(store, session, client, part)))


def _take_away(store: Store, session: Session, client: Client, part: str) -> int:
    rows = _rows(session, client, part)
    for row in rows:
        session.delete(row)
    texts = list(_texts(store, session, client, part))
    for row, column, value in texts:
        place = Place(row.__tablename__, column, row.id, client.id)
        setattr(row, column, None if value is None else store.vault.seal(client.wrapped_key, place, value))
    return _places(rows, texts)


def _places(rows: list[Any], texts: list[Any]) -> int:
    """In how many rows it stands."""
    return len({(row.__tablename__, row.id) for row in (*rows, *(text[0] for text in texts))})


def _rows(session: Session, client: Client, part: str) -> list[Any]:
    return [
        row
        for kind in ROWS[part]
        for row in session.scalars(select(kind).where(*_of(kind, client)).order_by(kind.id))
    ]


def _of(kind: Any, client: Client) -> tuple[Any, Any]:
    """With the owner, as every index begins with it: the jobs see everybody's rows."""
    return kind.owner_id == client.owner_id, kind.client_id == client.id


def _texts(
    store: Store, session: Session, client: Client, part: str
) -> Iterator[tuple[Any, str, object | None]]:
    """Sealed texts that stay in part or not at all: row, column, and what is left of it."""
    if client.health_sealed is not None:
        health = _open(store, client, "health_sealed", HealthDetails)
        if part == NOTES:
            yield client, "health_sealed", None
        elif health.health_flags:
            yield client, "health_sealed", replace(health, health_flags=())
    if part == NOTES:
        details = _open(store, client, "details_sealed", ClientDetails)
        if details.coach_notes:
            yield client, "details_sealed", replace(details, coach_notes="")
        walks = session.scalars(select(Walk).where(*_of(Walk, client)).order_by(Walk.id))
        yield from _planned(store, client, walks)


def _planned(store: Store, client: Client, walks: Iterable[Walk]) -> Iterator[tuple[Walk, str, WalkDetails]]:
    """What was planned to talk about; where they met stays."""
    for walk in walks:
        place = Place("walk", "sealed", walk.id, client.id)
        details = store.vault.open(client.wrapped_key, place, walk.sealed, WalkDetails)
        left = WalkDetails(meeting_point=details.meeting_point)
        if details != left:
            yield walk, "sealed", left


def _open(store: Store, client: Client, column: str, kind: type[Any]) -> Any:
    place = Place("client", column, client.id, client.id)
    return store.vault.open(client.wrapped_key, place, getattr(client, column), kind)
