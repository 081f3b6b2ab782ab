"""What a client answered behind the link, as pages read it; what the client does there is in client_answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from planner.domain.answers import CANNOT, NOTHING, AnswerContent, standing, without_health
from planner.domain.clients import ClientName
from planner.domain.lengths import NORMAL
from planner.domain.walks import DONE, PLANNED
from planner.models import Client, Walk, WalkAnswer
from planner.services.store import Store
from planner.services.vault import Place
from planner.services.walks.walk_queries import of_its_walk
from planner.services.walks.walk_rows import LONGEST

if TYPE_CHECKING:  # the outbox asks here, and the file of a client tells the outbox
    from planner.services.clients.clients import OpenClient


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What was said about a coming walk: coming, cannot or nothing; and the length they chose and it has, if another
    than normal."""

    walk_id: int
    client_first_name: str
    starts_local: datetime
    answer: str
    length: str = ""


@dataclass(frozen=True, slots=True)
class SignsLine:
    """The four signs of a walk that was walked."""

    walk_id: int
    starts_local: datetime
    content: AnswerContent


_COLUMNS: tuple[Any, ...] = (
    WalkAnswer.id,
    WalkAnswer.walk_id,
    WalkAnswer.client_id,
    WalkAnswer.about_at,
    WalkAnswer.sealed,
    Walk.starts_at,
    Walk.starts_local,
    Walk.setting,
    Walk.minutes,
    Walk.length,
    Client.wrapped_key,
    Client.name_sealed,
)
_ROWS: Select[Any] = (
    select(*_COLUMNS).join(Walk, of_its_walk(WalkAnswer)).join(Client, Client.id == WalkAnswer.client_id)
)


_ON_COMING = _ROWS.where(Walk.status == PLANNED, Walk.starts_at >= bindparam("from_at")).order_by(
    Walk.starts_at, Walk.id
)
_OF_WALKS = _ROWS.where(Walk.id.in_(bindparam("walk_ids", expanding=True)))
_OF_CLIENT = _OF_WALKS.where(WalkAnswer.client_id == bindparam("client_id"))
_SIGNS = _ROWS.where(WalkAnswer.client_id == bindparam("client_id"), Walk.status == DONE).order_by(
    Walk.starts_at, Walk.id
)


def place_of(answer_id: int, client_id: int) -> Place:
    return Place("walk_answer", "sealed", answer_id, client_id)


def of_walks(
    store: Store, session: Session, client: OpenClient, walk_ids: Iterable[int]
) -> dict[int, AnswerContent]:
    """What stands about these walks of one client, by walk. Without consent for health nothing about health."""
    ids = list(walk_ids)
    if not ids:
        return {}
    found = session.execute(_OF_CLIENT, {"client_id": client.id, "walk_ids": ids})
    stands = {row.walk_id: _standing(store, row) for row in found}
    if client.health_consent:
        return stands
    return {walk_id: without_health(content) for walk_id, content in stands.items()}


def of_walk(store: Store, session: Session, client: OpenClient, walk_id: int) -> AnswerContent:
    """The same for one walk; NOTHING when nothing was said."""
    return of_walks(store, session, client, [walk_id]).get(walk_id, NOTHING)


def on_coming(store: Store, session: Session, now: datetime) -> tuple[SaidLine, ...]:
    """What was said about the coach's planned walks that are not over: first who cannot come, then by time."""
    lines = []
    for row in session.execute(_ON_COMING, {"from_at": now - LONGEST}):
        stands = _standing(store, row)
        said, chosen = stands.answer, row.length != NORMAL and stands.length == row.length
        length = row.length if chosen and said != CANNOT else ""
        if (said or length) and row.starts_at + timedelta(minutes=row.minutes) > now:
            place = Place("client", "name_sealed", row.client_id, row.client_id)
            name = store.vault.open(row.wrapped_key, place, row.name_sealed, ClientName).first_name
            lines.append(SaidLine(row.walk_id, name, row.starts_local, said, length))
    return tuple(sorted(lines, key=lambda line: line.answer != CANNOT))


def signs_of(store: Store, session: Session, client: OpenClient) -> tuple[SignsLine, ...]:
    """The signs a client sent, oldest first; of walks that were walked. None without consent for health (P03)."""
    if not client.health_consent:
        return ()
    lines = [
        SignsLine(row.walk_id, row.starts_local, _standing(store, row))
        for row in session.execute(_SIGNS, {"client_id": client.id})
    ]
    return tuple(line for line in lines if any(line.content.signs.values()))


def cannot_since(store: Store, session: Session, walk_id: int) -> datetime | None:
    """When the client said that they cannot come to this walk, if that stands."""
    content = _of_one(store, session, walk_id)
    return content.answered_at if content.answer == CANNOT else None


def cannot_come(store: Store, session: Session, walk_ids: Iterable[int]) -> frozenset[int]:
    """To which of these walks the client said that they cannot come, and that stands."""
    found = session.execute(_OF_WALKS, {"walk_ids": list(walk_ids)})
    return frozenset(row.walk_id for row in found if _standing(store, row).answer == CANNOT)


def _of_one(store: Store, session: Session, walk_id: int) -> AnswerContent:
    row = session.execute(_OF_WALKS, {"walk_ids": [walk_id]}).first()
    return _standing(store, row) if row is not None else NOTHING


def _standing(store: Store, row: Row[Any]) -> AnswerContent:
    place = place_of(row.id, row.client_id)
    content = store.vault.open(row.wrapped_key, place, row.sealed, AnswerContent)
    stands = standing(content, row.about_at, row.starts_at, row.setting)
    if (
        row.length != NORMAL and content.length == row.length
    ):  # moved or not, the walk has the length they chose
        stands = replace(stands, length=row.length)
    return stands
