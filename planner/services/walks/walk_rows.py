"""Walks as they are read: frozen rows for lists, and one opened walk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from planner.domain.clients import ClientName
from planner.domain.routes import Surroundings
from planner.domain.walks import CANCELLED, DONE, OUTDOORS, PLANNED, PlannedPart, WalkDetails
from planner.domain.weather_values import Verdict
from planner.services.clients import health_flags
from planner.services.store import NotFound, Store, practice_of, settings_of
from planner.services.vault import Place
from planner.services.walks import walk_queries as queries
from planner.services.weather import forecasts


@dataclass(frozen=True, slots=True)
class WalkRow:
    """A walk in a list. `verdict`: as it stood at the start, or the one of now for a walk to come; None where weather
    was not asked for. `meeting_point`: the walk's own, else the route's. `length`: what was chosen;
    `normal_minutes`: as planned, while that is another length."""

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
    length: str
    normal_minutes: int | None
    route_name: str
    meeting_point: str
    verdict: Verdict | None
    has_note: bool
    note_closed: bool

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def name_for_place(self) -> str:
        """The name of the route where nobody said a place: once it was told to clients as if it were one."""
        return "" if self.meeting_point else self.route_name

    @property
    def planned_minutes(self) -> int:
        """As the coach planned it, whatever length was chosen."""
        return self.normal_minutes or self.minutes

    def took_place(self, now: datetime) -> bool:
        """Walked, or over and not cancelled."""
        return self.status == DONE or (self.status != CANCELLED and self.ends_at <= now)

    def awaits_note(self, now: datetime) -> bool:
        """Over, not cancelled, and nothing was written yet."""
        return self.ends_at <= now and self.status != CANCELLED and not self.has_note


@dataclass(frozen=True, slots=True)
class OpenWalk(WalkRow):
    """One walk with everything in it. `latitude`, `longitude`, `tags`: of its route, where it has one.
    `meets_at_route`: no other place was said for this walk, so that of the route is where they meet.
    `moved_from_local`: see domain.walks.moved_from."""

    details: WalkDetails
    parts: tuple[PlannedPart, ...]
    sequence: int
    version: int
    zone: str
    changed_at: datetime
    moved_from_local: datetime | None
    series_id: int | None
    latitude: float | None
    longitude: float | None
    meets_at_route: bool
    tags: frozenset[str]

    @property
    def exercise_ids(self) -> tuple[int, ...]:
        return tuple(part.exercise_id for part in self.parts if part.exercise_id is not None)

    @property
    def client_exercise_ids(self) -> tuple[int, ...]:
        return tuple(
            part.exercise_id for part in self.parts if part.exercise_id is not None and part.for_client
        )


class NextWalk(NamedTuple):
    """A walk to come, in a list of something else."""

    id: int
    starts_local: datetime


@dataclass(frozen=True, slots=True)
class RouteLabel:
    """The few words of a route's sealed texts that a walk shows."""

    name: str = ""
    meeting_point: str = ""


_verdict = msgspec.json.Decoder(Verdict)
_tags = msgspec.json.Decoder(Surroundings)
MANY = 1_000
LONGEST = timedelta(hours=6)
"""No walk lasts longer: how far back to look for one that is not over."""
LATELY = timedelta(days=90)
"""So long the link of an online walk with somebody else is worth proposing."""
_NO_ROUTE = RouteLabel()


class Reader:
    """Opens the sealed words of many rows: each client's name and each route's texts once, all forecasts in one go.
    With `now`, outdoor walks that are not over get the verdict of now."""

    def __init__(self, store: Store, session: Session, now: datetime | None = None) -> None:
        self._store, self._open = store, store.vault.open
        self._session = session
        self._now = now
        self._names: dict[int, ClientName] = {}
        self._labels: dict[int, RouteLabel] = {}
        self._board: forecasts.Board | None = None
        self._flags: Mapping[int, frozenset[str]] = {}

    def rows(self, found: Iterable[Row[Any]]) -> tuple[WalkRow, ...]:
        rows = list(found)
        self.look_up(rows)
        return tuple(WalkRow(*self.fields(row, self.details(row))) for row in rows)

    def look_up(self, rows: Iterable[Row[Any]]) -> None:
        """Read the forecasts that these rows need; where air counts, also what their clients asked to be taken into
        account."""
        judged = [row for row in rows if self._judged_now(row)]
        if judged and self._now is not None:
            settings = settings_of(practice_of(self._session, self._session.info["scope"]))
            wheres = [spot_of(row) for row in judged]
            self._board = forecasts.board(self._store, self._session, settings, wheres, self._now)
            if self._board.says_air:
                clients = {row.client_id for row in judged}
                self._flags = health_flags.of_clients(self._store, self._session, clients)

    def _judged_now(self, row: Row[Any]) -> bool:
        if self._now is None or row.setting != OUTDOORS or row.status != PLANNED or row.weather:
            return False
        ends_at: datetime = row.starts_at + timedelta(minutes=row.minutes)
        return ends_at > self._now

    def name(self, row: Row[Any]) -> ClientName:
        found = self._names.get(row.client_id)
        if found is None:
            place = Place("client", "name_sealed", row.client_id, row.client_id)
            found = self._open(row.wrapped_key, place, row.name_sealed, ClientName)
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
        place = Place("walk", "sealed", row.id, row.client_id)
        return self._open(row.wrapped_key, place, row.sealed, WalkDetails)

    def meets_at_route(self, row: Row[Any], details: WalkDetails) -> bool:
        """Whether the place of the route is that of the walk: else its coordinates lead people to the wrong one."""
        return details.meeting_point in ("", self.label(row).meeting_point)

    def verdict(self, row: Row[Any]) -> Verdict | None:
        """As it was kept at the start, else as it is now."""
        if row.setting != OUTDOORS:
            return None
        if row.weather:
            return _verdict.decode(row.weather)
        if self._board is None or not self._judged_now(row):
            return None
        ends_at = row.starts_at + timedelta(minutes=row.minutes)
        flags = self._flags.get(row.client_id, frozenset())
        return self._board.verdict(
            spot_of(row), row.starts_at, ends_at, tags_of(row.route_facts), health_flags=flags
        )

    def fields(self, row: Row[Any], details: WalkDetails) -> tuple[Any, ...]:
        """The fields of a WalkRow, in its order."""
        label = self.label(row)
        return (
            row.id, row.client_id, self.name(row).first_name, row.starts_local, row.starts_at, row.minutes, row.status,
            row.outcome, row.setting, row.route_id, row.length, row.normal_minutes, label.name,
            details.meeting_point or label.meeting_point, self.verdict(row), row.note_id is not None,
            row.note_closed_at is not None,
        )  # fmt: skip


def spot_of(row: Row[Any]) -> forecasts.Spot | None:
    """Where the walk starts, where its route has a place on the map."""
    if row.latitude is None or row.longitude is None:
        return None
    return forecasts.Spot(row.latitude, row.longitude)


def tags_of(facts: str | None) -> frozenset[str]:
    """What grows or flows around a route, from the JSON of its facts."""
    return _tags.decode(facts).tags if facts else frozenset()


def between(
    store: Store, session: Session, from_at: datetime, until_at: datetime, now: datetime | None = None
) -> tuple[WalkRow, ...]:
    """All walks that start in [from, until), earliest first."""
    found = session.execute(queries.BETWEEN, {"from_at": from_at, "until_at": until_at})
    return Reader(store, session, now).rows(found)


def unwritten(
    store: Store, session: Session, from_at: datetime, now: datetime, most: int, client_id: int | None = None
) -> tuple[WalkRow, ...]:
    """Walks that are over and have no note, newest first; of all clients, or of one."""
    asked = queries.UNWRITTEN if client_id is None else queries.UNWRITTEN_OF_CLIENT
    window = {"from_at": from_at, "until_at": now, "most": most, "client_id": client_id}
    found = session.execute(asked, window)
    return tuple(row for row in Reader(store, session).rows(found) if row.awaits_note(now))


def begun_notes(
    store: Store, session: Session, from_at: datetime, now: datetime, most: int
) -> tuple[WalkRow, ...]:
    """Walks that were not cancelled and whose note is not closed, newest first."""
    found = session.execute(queries.BEGUN_NOTES, {"from_at": from_at, "until_at": now, "most": most})
    return Reader(store, session).rows(found)


def following(store: Store, session: Session, now: datetime, most: int) -> tuple[WalkRow, ...]:
    """The coach's planned walks that are not over, earliest first."""
    return Reader(store, session, now).rows(_not_over(session, queries.NEXT, now, most))


def next_of_clients(session: Session, now: datetime, most: int) -> dict[int, NextWalk]:
    """By client the walk that comes next, as far as it is among so many of the coach."""
    rows = _not_over(session, queries.NEXT_STARTS, now, most)
    return {row.client_id: NextWalk(row.id, row.starts_local) for row in reversed(rows)}


def _not_over(session: Session, planned: Select[Any], now: datetime, most: int) -> list[Row[Any]]:
    found = session.execute(planned, {"from_at": now - LONGEST, "most": most + 20})
    return [row for row in found if row.starts_at + timedelta(minutes=row.minutes) > now][:most]


def of_client(
    store: Store, session: Session, client_id: int, most: int = MANY, now: datetime | None = None
) -> tuple[WalkRow, ...]:
    """A client's walks, newest first."""
    found = session.execute(queries.OF_CLIENT, {"client_id": client_id, "most": most})
    return Reader(store, session, now).rows(found)


def had(store: Store, session: Session, client_id: int, most: int, now: datetime) -> tuple[WalkRow, ...]:
    """A client's walks that took place, newest first."""
    found = session.execute(queries.BEGUN, {"client_id": client_id, "most": most, "now": now})
    return tuple(row for row in Reader(store, session).rows(found) if row.took_place(now))


def coming(
    store: Store, session: Session, client_id: int, now: datetime, *, cancelled: bool = False
) -> tuple[WalkRow, ...]:
    """A client's planned walks that are not over yet, earliest first. `cancelled`: the cancelled ones as well."""
    found = session.execute(queries.COMING, {"client_id": client_id, "from_at": now - LONGEST})
    rows = Reader(store, session, now).rows(found)
    return tuple(row for row in rows if row.ends_at > now and (cancelled or row.status == PLANNED))


def open_walk(store: Store, session: Session, walk_id: int, now: datetime | None = None) -> OpenWalk:
    """One walk, if it is this coach's. Raises NotFound."""
    found = open_walks(store, session, [walk_id], now).get(walk_id)
    if found is None:
        raise NotFound
    return found


def open_walks(
    store: Store, session: Session, walk_ids: Iterable[int], now: datetime | None = None
) -> dict[int, OpenWalk]:
    """Those of these walks that are this coach's."""
    rows = session.execute(queries.THESE, {"walk_ids": list(walk_ids)}).all()
    reader = Reader(store, session, now)
    reader.look_up(rows)
    parts = parts_of(session, [row.id for row in rows])
    return {row.id: _opened(reader, row, parts.get(row.id, ())) for row in rows}


def _opened(reader: Reader, row: Row[Any], parts: tuple[PlannedPart, ...]) -> OpenWalk:
    details = reader.details(row)
    more = (
        details, parts, row.sequence, row.version, row.zone, row.changed_at, row.moved_from_local, row.series_id,
        row.latitude, row.longitude, reader.meets_at_route(row, details), tags_of(row.route_facts),
    )  # fmt: skip
    return OpenWalk(*(*reader.fields(row, details), *more))


def last_video_url(store: Store, session: Session, client_id: int, now: datetime) -> str:
    """The link of the last online walk with this client, else of the coach's last one with anybody lately."""
    row = session.execute(queries.ONLINE_WITH, {"client_id": client_id}).first()
    if row is None:
        row = session.execute(queries.ONLINE_LATELY, {"from_at": now - LATELY}).first()
    if row is None:
        return ""
    place = Place("walk", "sealed", row.id, row.client_id)
    return store.vault.open(row.wrapped_key, place, row.sealed, WalkDetails).video_url


def parts_of(session: Session, walk_ids: Iterable[int]) -> dict[int, tuple[PlannedPart, ...]]:
    """The plans of these walks, each in order."""
    found: dict[int, list[PlannedPart]] = {}
    for row in session.execute(queries.PARTS, {"walk_ids": list(walk_ids)}):
        found.setdefault(row.walk_id, []).append(_part(row))
    return {walk_id: tuple(parts) for walk_id, parts in found.items()}


def _part(row: Any) -> PlannedPart:
    return PlannedPart(
        row.segment, row.minutes, row.exercise_id, row.for_client, row.at_minute, row.waypoint_id
    )
