"""The places on a route: added, changed, put in another order, taken away."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from math import inf
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.geo import Point, Segments, point_at, position_of
from planner.domain.routes import WaypointTexts, moved
from planner.models import Route, Waypoint, new_id
from planner.services.maps.route_pictures import MAPS
from planner.services.routes import route_lines
from planner.services.routes.walking_routes import RoutePoint, gate, opened_point, point_place, practice_in
from planner.services.store import NotFound, SignedIn, Store, handled_before, remember_form
from planner.services.weather import forecasts

MOST_POINTS = 500


class TooManyPoints(Exception):
    """The route has as many places as it may have."""


@dataclass(frozen=True, slots=True)
class WritePoint:
    """What the coach says of a place. Where it is: coordinates, or so many metres along the line, or not said."""

    kind: str
    texts: WaypointTexts
    latitude: float | None = None
    longitude: float | None = None
    along_m: float | None = None


class Somewhere(Protocol):
    """What may lie somewhere."""

    @property
    def latitude(self) -> float | None: ...

    @property
    def longitude(self) -> float | None: ...


class Along:
    """How far along a line places lie. Each is measured once: those that are known before a transaction, before it."""

    def __init__(self, line: Segments, places: Iterable[Somewhere] = ()) -> None:
        self.line = line
        self._known: dict[tuple[float, float], float] = {}
        for place in places:
            self.of(place)

    def of(self, place: Somewhere) -> float | None:
        """None without coordinates or line."""
        if place.latitude is None or place.longitude is None or not self.line:
            return None
        at = place.latitude, place.longitude
        if at not in self._known:
            self._known[at] = position_of(self.line, Point(*at)).along_m
        return self._known[at]


class InOrder:
    """The places of a list; a new one comes before the first that one comes by later, else at the end."""

    def __init__(self, rows: Sequence[Waypoint], along: Along) -> None:
        self.rows, self._along = list(rows), along
        self._farthest = list(accumulate((self._at(row) for row in rows), max))

    def _at(self, row: Waypoint) -> float:
        found = self._along.of(row)
        return -inf if found is None else found

    def put(self, new: Waypoint) -> None:
        own = self._at(new)
        place = len(self.rows) if own == -inf else bisect_right(self._farthest, own)
        self.rows.insert(place, new)
        self._farthest.insert(place, max(own, self._farthest[place - 1] if place else -inf))


def add(
    store: Store,
    coach: SignedIn,
    route_id: int,
    command: WritePoint,
    now: datetime,
    *,
    form_id: str | None = None,
) -> None:
    """A new place, between the ones it lies between. The same form twice makes one. Raises NotFound, TooManyPoints."""
    with store.db.reading(coach.scope) as session:
        gate(session, route_id)
        line, places = _outline(session, route_id), points_of(session, route_id)
    along = Along(line, [command, *places])
    with store.db.transaction(coach.scope, now) as session:
        if handled_before(session, form_id) is not None:
            return
        route, rows = gate(session, route_id), points_of(session, route_id)
        if len(rows) >= MOST_POINTS:
            raise TooManyPoints
        row = Waypoint(id=new_id(), owner_id=route.owner_id, route_id=route_id)
        line = _outline(session, route_id)
        write(store, session, row, command, line)
        session.add(row)
        listed = InOrder(rows, along if along.line == line else Along(line))
        listed.put(row)
        number(listed.rows)
        changed(session, route)
        remember_form(session, coach.scope, form_id, str(row.id), now)


def edit(store: Store, coach: SignedIn, ids: tuple[int, int], command: WritePoint, now: datetime) -> None:
    """Change a place; it keeps its number. `ids`: the route's and the place's. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = _gate(session, *ids)
        write(store, session, row, command, _outline(session, row.route_id))
        changed(session, gate(session, row.route_id))


def move(store: Store, coach: SignedIn, ids: tuple[int, int], step: int, now: datetime) -> None:
    """A place earlier (-1) or later (1) in the list. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = _gate(session, *ids)
        rows = {one.id: one for one in points_of(session, row.route_id)}
        order = moved(tuple(rows), row.id, step)
        if order != tuple(rows):
            number([rows[one] for one in order])
            changed(session, gate(session, row.route_id))


def remove(store: Store, coach: SignedIn, ids: tuple[int, int], now: datetime) -> None:
    """Take a place away. Raises NotFound for a route that is not there; a place that is gone already is no fault."""
    with store.db.transaction(coach.scope, now) as session:
        route, rows = gate(session, ids[0]), points_of(session, ids[0])
        for row in rows:
            if row.id == ids[1]:
                session.delete(row)
                changed(session, route)
        number([row for row in rows if row.id != ids[1]])


def along_m(point: RoutePoint, line: Segments) -> int | None:
    """How far along the line a place lies, in whole metres; None without coordinates or line."""
    if point.latitude is None or point.longitude is None or not line:
        return None
    return round(position_of(line, Point(point.latitude, point.longitude)).along_m)


def show(store: Store, coach: SignedIn, ids: tuple[int, int]) -> RoutePoint:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        row = _gate(session, *ids)
        return opened_point(store, practice_in(session).wrapped_key, row)


def _gate(session: Session, route_id: int, point_id: int) -> Waypoint:
    query = select(Waypoint).where(Waypoint.id == point_id, Waypoint.route_id == gate(session, route_id).id)
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return row


def points_of(session: Session, route_id: int) -> list[Waypoint]:
    query = select(Waypoint).where(Waypoint.route_id == route_id).order_by(Waypoint.position)
    return list(session.scalars(query))


def _outline(session: Session, route_id: int) -> Segments:
    return route_lines.opened(session.scalar(select(Route.outline).where(Route.id == route_id)))


def write(store: Store, session: Session, row: Waypoint, command: WritePoint, line: Segments) -> None:
    key = practice_in(session).wrapped_key
    row.kind = command.kind
    row.sealed = store.vault.seal(key, point_place(row.id, row.owner_id), command.texts)
    row.latitude, row.longitude = command.latitude, command.longitude
    if command.latitude is None and command.along_m is not None and line:
        place = point_at(line, command.along_m)
        row.latitude, row.longitude = place.latitude, place.longitude


def changed(session: Session, route: Route) -> None:
    """Its places are in the drawing, which may be open elsewhere, and on the map, which is made again."""
    route.version += 1
    forecasts.wake(session, MAPS)


def number(rows: list[Waypoint]) -> None:
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
