"""Walks as they are read: frozen rows for lists, and one opened walk. Columns, never entities; each statement is
built once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from planner.domain.clients import ClientName
from planner.domain.walks import OUTDOORS, PLANNED, PlannedPart, WalkDetails
from planner.domain.weather_values import Verdict
from planner.models import Client, Note, PlanItem, Practice, Route, Walk
from planner.services.store import NotFound, Store
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class WalkRow:
    """A walk in a list. `verdict`: as it stood at the start, or the one of now for a walk to come; None where weather
    was not asked for. `meeting_point`: the walk's own, else the route's."""

    id: int
    client_id: int
    client_first_name: str
    starts_local: datetime
    starts_at: datetime
    minutes: int
    status: str
    outcome: str | None
    setting: str
    route_id: int | None
    route_name: str
    meeting_point: str
    verdict: Verdict | None
    has_note: bool
    note_closed: bool

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def awaits_note(self, now: datetime) -> bool:
        """Over, not cancelled, and nothing was written yet."""
        return self.ends_at <= now and self.status != "cancelled" and not self.has_note


@dataclass(frozen=True, slots=True)
class OpenWalk(WalkRow):
    """One walk with everything in it. `latitude`, `longitude`, `tags`: of its route, where it has one."""

    details: WalkDetails
    parts: tuple[PlannedPart, ...]
    sequence: int
    version: int
    zone: str
    changed_at: datetime
    latitude: float | None
    longitude: float | None
    tags: frozenset[str]

    @property
    def exercise_ids(self) -> tuple[int, ...]:
        return tuple(part.exercise_id for part in self.parts if part.exercise_id is not None)

    @property
    def client_exercise_ids(self) -> tuple[int, ...]:
        return tuple(part.exercise_id for part in self.parts if part.exercise_id is not None and part.for_client)


@dataclass(frozen=True, slots=True)
class RouteLabel:
    """The few words of a route's sealed texts that a walk shows."""

    name: str = ""
    meeting_point: str = ""


@dataclass(frozen=True, slots=True)
class RouteTags:
    """The one part of a route's facts that the weather looks at."""

    environment_tags: tuple[str, ...] = ()


Judge = Callable[[Row[Any]], Verdict | None]
"""Gives the verdict of a walk that is still to come."""

_verdict = msgspec.json.Decoder(Verdict)
_tags = msgspec.json.Decoder(RouteTags)
_COLUMNS = (
    Walk.id,
    Walk.client_id,
    Walk.starts_local,
    Walk.starts_at,
    Walk.minutes,
    Walk.status,
    Walk.outcome,
    Walk.setting,
    Walk.route_id,
    Walk.sealed,
    Walk.weather,
    Client.wrapped_key,
    Client.name_sealed,
    Practice.id.label("practice_id"),
    Practice.wrapped_key.label("practice_key"),
    Route.sealed.label("route_sealed"),
    Route.facts.label("route_facts"),
    Route.latitude,
    Route.longitude,
    Note.id.label("note_id"),
    Note.closed_at.label("note_closed_at"),
)
_ROWS = (
    select(*_COLUMNS)
    .join(Client, Client.id == Walk.client_id)
    .join(Practice, Practice.id == Walk.owner_id)
    .outerjoin(Route, Route.id == Walk.route_id)
    .outerjoin(Note, Note.walk_id == Walk.id)
)
_BETWEEN = _ROWS.where(
    Walk.starts_at >= bindparam("from_at"), Walk.starts_at < bindparam("until_at")
).order_by(Walk.starts_at, Walk.id)
_UNWRITTEN = (
    _ROWS.where(
        Walk.starts_at >= bindparam("from_at"),
        Walk.starts_at < bindparam("until_at"),
        Walk.status != "cancelled",
        Note.id.is_(None),
    )
    .order_by(Walk.starts_at.desc(), Walk.id)
    .limit(bindparam("most"))
)
_NEXT = (
    _ROWS.where(Walk.starts_at >= bindparam("from_at"), Walk.status == PLANNED)
    .order_by(Walk.starts_at, Walk.id)
    .limit(bindparam("most"))
)
_OF_CLIENT = (
    _ROWS.where(Walk.client_id == bindparam("client_id"))
    .order_by(Walk.starts_at.desc(), Walk.id)
    .limit(bindparam("most"))
)
_COMING = _ROWS.where(
    Walk.client_id == bindparam("client_id"), Walk.starts_at >= bindparam("from_at"), Walk.status == PLANNED
).order_by(Walk.starts_at, Walk.id)
_ONE = (
    select(*_COLUMNS, Walk.sequence, Walk.version, Walk.zone, Walk.changed_at)
    .join(Client, Client.id == Walk.client_id)
    .join(Practice, Practice.id == Walk.owner_id)
    .outerjoin(Route, Route.id == Walk.route_id)
    .outerjoin(Note, Note.walk_id == Walk.id)
    .where(Walk.id == bindparam("walk_id"))
)
_PARTS = (
    select(PlanItem.walk_id, PlanItem.segment, PlanItem.minutes, PlanItem.exercise_id, PlanItem.for_client)
    .where(PlanItem.walk_id.in_(bindparam("walk_ids", expanding=True)))
    .order_by(PlanItem.walk_id, PlanItem.position)
)
MANY = 1_000


class Reader:
    """Opens the sealed words of many rows; each client's name and each route's texts once."""

    def __init__(self, store: Store, judge: Judge | None = None) -> None:
        self._open = store.vault.open
        self._judge = judge
        self._names: dict[int, str] = {}
        self._labels: dict[int, RouteLabel] = {}

    def name(self, row: Row[Any]) -> str:
        found = self._names.get(row.client_id)
        if found is None:
            place = Place("client", "name_sealed", row.client_id, row.client_id)
            found = self._open(row.wrapped_key, place, row.name_sealed, ClientName).first_name
            self._names[row.client_id] = found
        return found

    def label(self, row: Row[Any]) -> RouteLabel:
        if row.route_id is None or row.route_sealed is None:
            return _NO_ROUTE
        found = self._labels.get(row.route_id)
        if found is None:
            place = Place("route", "sealed", row.route_id, row.practice_id)
            found = self._open(row.practice_key, place, row.route_sealed, RouteLabel)
            self._labels[row.route_id] = found
        return found

    def details(self, row: Row[Any]) -> WalkDetails:
        return self._open(
            row.wrapped_key, Place("walk", "sealed", row.id, row.client_id), row.sealed, WalkDetails
        )

    def verdict(self, row: Row[Any]) -> Verdict | None:
        if row.setting != OUTDOORS:
            return None
        if row.weather:
            return _verdict.decode(row.weather)
        return self._judge(row) if self._judge and row.status == PLANNED else None

    def fields(self, row: Row[Any], details: WalkDetails) -> tuple[Any, ...]:
        """The fields of a WalkRow, in order."""
        label = self.label(row)
        return (
            row.id,
            row.client_id,
            self.name(row),
            row.starts_local,
            row.starts_at,
            row.minutes,
            row.status,
            row.outcome,
            row.setting,
            row.route_id,
            label.name,
            details.meeting_point or label.meeting_point,
            self.verdict(row),
            row.note_id is not None,
            row.note_closed_at is not None,
        )

    def rows(self, rows: Iterable[Row[Any]]) -> tuple[WalkRow, ...]:
        return tuple(WalkRow(*self.fields(row, self.details(row))) for row in rows)


_NO_ROUTE = RouteLabel()


def tags_of(facts: str | None) -> frozenset[str]:
    """What grows or flows around a route, from the JSON of its facts."""
    return frozenset(_tags.decode(facts).environment_tags) if facts else frozenset()


def between(
    store: Store, session: Session, from_at: datetime, until_at: datetime, judge: Judge | None = None
) -> tuple[WalkRow, ...]:
    """All walks that start in [from, until), earliest first."""
    return Reader(store, judge).rows(session.execute(_BETWEEN, {"from_at": from_at, "until_at": until_at}))


def unwritten(store: Store, session: Session, from_at: datetime, now: datetime, most: int) -> tuple[WalkRow, ...]:
    """Walks that are over and have no note, newest first."""
    given = {"from_at": from_at, "until_at": now, "most": most}
    return tuple(row for row in Reader(store).rows(session.execute(_UNWRITTEN, given)) if row.awaits_note(now))


def following(
    store: Store, session: Session, from_at: datetime, most: int, judge: Judge | None = None
) -> tuple[WalkRow, ...]:
    """Planned walks that start from this moment on, earliest first."""
    return Reader(store, judge).rows(session.execute(_NEXT, {"from_at": from_at, "most": most}))


def of_client(
    store: Store, session: Session, client_id: int, most: int = MANY, judge: Judge | None = None
) -> tuple[WalkRow, ...]:
    """A client's walks, newest first."""
    return Reader(store, judge).rows(session.execute(_OF_CLIENT, {"client_id": client_id, "most": most}))


def coming(
    store: Store, session: Session, client_id: int, now: datetime, judge: Judge | None = None
) -> tuple[WalkRow, ...]:
    """A client's planned walks that are not over yet, earliest first."""
    given = {"client_id": client_id, "from_at": now - timedelta(hours=3)}
    rows = Reader(store, judge).rows(session.execute(_COMING, given))
    return tuple(row for row in rows if row.ends_at > now)


def open_walk(store: Store, session: Session, walk_id: int, judge: Judge | None = None) -> OpenWalk:
    """One walk, if it is this coach's. Raises NotFound."""
    row = session.execute(_ONE, {"walk_id": walk_id}).first()
    if row is None:
        raise NotFound
    reader = Reader(store, judge)
    details = reader.details(row)
    return OpenWalk(
        *reader.fields(row, details),
        details=details,
        parts=parts_of(session, [walk_id]).get(walk_id, ()),
        sequence=row.sequence,
        version=row.version,
        zone=row.zone,
        changed_at=row.changed_at,
        latitude=row.latitude,
        longitude=row.longitude,
        tags=tags_of(row.route_facts),
    )


def parts_of(session: Session, walk_ids: Iterable[int]) -> dict[int, tuple[PlannedPart, ...]]:
    """The plans of these walks, each in order."""
    found: dict[int, list[PlannedPart]] = {}
    for walk_id, *part in session.execute(_PARTS, {"walk_ids": list(walk_ids)}):
        found.setdefault(walk_id, []).append(PlannedPart(*part))
    return {walk_id: tuple(parts) for walk_id, parts in found.items()}
