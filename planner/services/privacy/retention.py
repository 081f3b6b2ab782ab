"""What goes some time after the end of a programme (P07): shown beforehand, and taken away by the jobs. Both look with
the same eyes, so the list is what goes.

Notes and numbers: notes with all that hangs on them, answers and scores, reviews, what is known of health, the coach's
own notes, and what was planned to talk about. Safety questions: what was asked, and what it said to take into account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

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
from planner.services.vault import Place

ROWS: Mapping[str, tuple[Any, ...]] = {
    NOTES: (NoteDraft, NoteRevision, NoteAddendum, Note, WalkAnswer, ExternalMeasure, Review),
    SCREENING: (Screening,),
}
"""Tables whose rows go whole."""
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
        terms = settings_of(practice_of(session, coach.scope)).retention
        found = [
            Going(client.id, _open(store, client, "name_sealed", ClientName).full, part, goes_on, count)
            for client, part, goes_on in _due(session, {coach.owner_id: terms}, today + AHEAD)
            if (count := _places(_rows(session, client, part), list(_texts(store, session, client, part))))
        ]
    return tuple(sorted(found, key=lambda one: (one.goes_on, one.name, one.part)))


def sweep(store: Store, now: datetime) -> int:
    """Take away what is past its term, of everybody. Gives in how many places something went."""
    with store.db.reading(EVERYONE) as session:
        practices = {row.id: settings_of(row) for row in session.scalars(select(Practice))}
    gone = 0
    with store.db.transaction(EVERYONE, now) as session:
        for owner_id, settings in practices.items():
            terms, today = {owner_id: settings.retention}, day_on(now, settings.zone)
            for client, part, _goes_on in _due(session, terms, today):
                gone += _take_away(store, session, client, part)
    if gone:
        store.db.forget_bytes(*TOUCHED)
    return gone


def _due(
    session: Session, terms: Mapping[int, RetentionTerms], until: date
) -> Iterator[tuple[Client, str, date]]:
    """Clients whose programme ended, and what of them goes by this day. `terms`: by practice. Of whom it went long ago
    only when there are rows after all: opening every text of everybody each hour would be a waste."""
    ended = select(Client).where(Client.ended_on.is_not(None), Client.owner_id.in_(list(terms)))
    found = session.scalars(ended.order_by(Client.ended_on, Client.id)).all()
    holding = {part: _holding(session, part, list(terms)) for part in KEPT_PARTS}
    for client in found:
        for part in KEPT_PARTS:
            goes_on = terms[client.owner_id].goes_on(part, client.ended_on or until)
            lately = goes_on >= until - 2 * AHEAD
            if goes_on <= until and (lately or client.id in holding[part]):
                yield client, part, goes_on


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
        for row in session.scalars(select(kind).where(kind.client_id == client.id).order_by(kind.id))
    ]


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
        yield from _planned(
            store, client, session.scalars(select(Walk).where(Walk.client_id == client.id).order_by(Walk.id))
        )


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
