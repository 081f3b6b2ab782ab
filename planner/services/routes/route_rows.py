"""What making a route, changing one and taking in many have in common: a file that was read, a row that is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from planner.domain.geo import Point, Segments, distance_m
from planner.domain.routes import RouteFacts, RouteTexts, WaypointTexts
from planner.domain.same_line import LENGTH_M, LENGTH_SHARE, Shape, is_same, shape_of
from planner.models import Practice, Route, Waypoint, new_id
from planner.services.maps.route_pictures import MAPS
from planner.services.routes import route_lines
from planner.services.routes.route_lines import GpxWarning, Line
from planner.services.routes.walking_routes import facts_of, point_place, practice_in, route_place, texts_of
from planner.services.store import SignedIn, Store, practice_of
from planner.services.weather import forecasts

NAMELESS = "Route"
AT_START_M = 5.0
"""Who meets within this of the old start goes along with it."""


@dataclass(frozen=True, slots=True)
class WriteRoute:
    """What the coach filled in. `distance_m` and the loop count only without a line. `gpx`: the bytes of a file, whose
    `file_name` stands in when nobody gives a name. `version`: the one the form was opened with."""

    texts: RouteTexts
    facts: RouteFacts
    latitude: float | None = None
    longitude: float | None = None
    distance_m: int | None = None
    gpx: bytes | None = None
    file_name: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class RouteFile:
    """A file that was read and measured, before any transaction. `places`: in walking order."""

    name: str
    places: tuple[route_lines.GpxWaypoint, ...]
    warnings: tuple[GpxWarning, ...]
    line: Line


def read_file(content: bytes | None) -> RouteFile | None:
    return None if content is None else measured_file(content)


def measured_file(content: bytes) -> RouteFile:
    """Raises GpxRefused. Takes its time with a large file: never inside a transaction."""
    file = route_lines.read_route(content)
    line = route_lines.measured(file.segments)
    places = route_lines.along_the_line(file.waypoints, line.outline)
    return RouteFile(file.name or "", places, file.warnings, line)


def new_route(
    store: Store,
    session: Session,
    practice: Practice,
    command: WriteRoute,
    file: RouteFile | None,
    now: datetime,
) -> Route:
    """A new row, with the places of its file."""
    row = Route(id=new_id(), owner_id=practice.id, created_at=now, points=0, version=1)
    name = command.texts.name or (file.name if file else "") or command.file_name or NAMELESS
    write(store, practice, row, replace(command, texts=replace(command.texts, name=name)))
    session.add(row)
    if file is not None:
        put_line(row, file.line, follow=command.latitude is None)
        session.flush()
        add_places(store, session, row, file)
        forecasts.wake(session, MAPS)
    return row


@dataclass(frozen=True, slots=True)
class Same:
    """A route with the same line as another."""

    id: int
    name: str
    archived: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """What was compared with a line before the transaction: versions by route id, and the route that is the same."""

    seen: Mapping[int, int] = field(default_factory=dict)
    same_id: int | None = None


def alike(store: Store, coach: SignedIn, line: Line) -> Alike:
    """Compare a line with the routes of the practice. Takes its time with many: never inside a transaction."""
    with store.db.reading(coach.scope) as session:
        rows = session.execute(_as_long(line).add_columns(Route.outline, Route.distance_m)).all()
    shape = shape_of(line.outline, line.distance_m)
    return Alike(
        {row.id: row.version for row in rows}, next((row.id for row in rows if _is(shape, row)), None)
    )


def same_route(
    store: Store, session: Session, line: Line, known: Alike, skip: Collection[int] = ()
) -> Same | None:
    """A route of the practice that is the same walk (domain/same_line.py), put away or not. Only what came or changed
    since is still compared; `skip`: what is known to be another."""
    versions = {row.id: row.version for row in session.execute(_as_long(line))}
    same_id = known.same_id if known.same_id in versions.keys() & known.seen.keys() else None
    if same_id is None or versions[same_id] != known.seen[same_id]:
        other = [one for one, at in versions.items() if known.seen.get(one) != at and one not in skip]
        query = (
            select(Route.id, Route.outline, Route.distance_m).where(Route.id.in_(other)).order_by(Route.id)
        )
        shape = shape_of(line.outline, line.distance_m)
        same_id = next((row.id for row in session.execute(query) if _is(shape, row)), None) if other else None
    return None if same_id is None else named(store, session, same_id)


def named(store: Store, session: Session, route_id: int) -> Same:
    query = select(Route.id, Route.owner_id, Route.sealed, Route.archived_at).where(Route.id == route_id)
    row = session.execute(query).one()
    name = texts_of(store, practice_in(session).wrapped_key, row).name
    return Same(row.id, name, row.archived_at is not None)


def _as_long(line: Line) -> Select[int, int]:
    """Routes with a line of about this length, those in use first."""
    room_m = LENGTH_SHARE * line.distance_m / (1 - LENGTH_SHARE) + 2 * LENGTH_M
    return (
        select(Route.id, Route.version)
        .where(
            Route.outline.is_not(None),
            Route.distance_m.between(line.distance_m - room_m, line.distance_m + room_m),
        )
        .order_by(Route.archived_at.is_not(None), Route.id)
    )


def _is(shape: Shape, row: Any) -> bool:
    return is_same(shape, shape_of(route_lines.opened(row.outline), row.distance_m))


def meeting_at(store: Store, practice: Practice, row: Route) -> tuple[str, float | None, float | None]:
    """Where walks on this route begin, as calendars and messages say it."""
    texts = texts_of(store, practice.wrapped_key, row)
    return texts.meeting_point or texts.name, row.latitude, row.longitude


def meets_at_start(row: Route, line: Segments) -> bool:
    """Whether one meets where this line of the route begins; also when no place was said. Who does goes along with a
    new line; a place that the coach set apart stays."""
    if row.latitude is None or row.longitude is None:
        return True
    return bool(line) and distance_m(line[0][0], Point(row.latitude, row.longitude)) <= AT_START_M


def settled(row: Route, facts: RouteFacts) -> RouteFacts:
    """Whether it is a loop is measured where there is a line, and whose paths it was made of is kept with it."""
    if not row.points:
        return facts
    kept = facts_of(row.facts)
    return replace(facts, is_loop=kept.is_loop, line_from=kept.line_from)


def of_ones_own(row: Route) -> None:
    """A file takes the place of the line: the credit of the old one goes with it."""
    made_from(row, None)


def made_from(row: Route, paths: str | None) -> None:
    """Whose paths the line was made of, for the credit."""
    row.facts = msgspec.json.encode(replace(facts_of(row.facts), line_from=paths)).decode()


def write(store: Store, practice: Practice, row: Route, command: WriteRoute) -> None:
    place = route_place(row.id, practice.id)
    row.sealed = store.vault.seal(practice.wrapped_key, place, command.texts)
    row.facts = msgspec.json.encode(settled(row, command.facts)).decode()
    row.latitude, row.longitude = command.latitude, command.longitude
    if not row.points:
        row.distance_m = command.distance_m


def put_line(row: Route, line: Line, *, follow: bool, loop: bool | None = None) -> None:
    """The measured line. `follow`: one meets where it starts. `loop`: what is known already."""
    facts = replace(facts_of(row.facts), is_loop=line.is_loop if loop is None else loop)
    row.facts = msgspec.json.encode(facts).decode()
    row.line, row.outline, row.points = line.stored, line.stored_outline, line.points
    row.distance_m, row.climb_m = line.distance_m, line.climb_m
    if follow:
        row.latitude, row.longitude = line.start.latitude, line.start.longitude


def add_places(store: Store, session: Session, row: Route, file: RouteFile) -> None:
    """The places of a file come along in walking order, unless the route has places already."""
    if session.scalar(select(Waypoint.id).where(Waypoint.route_id == row.id).limit(1)) is not None:
        return
    key = practice_of(session, session.info["scope"]).wrapped_key
    for position, place in enumerate(file.places):
        point = Waypoint(id=new_id(), owner_id=row.owner_id, route_id=row.id, position=position)
        point.kind, point.latitude, point.longitude = place.kind, place.latitude, place.longitude
        texts = WaypointTexts(name=place.name)
        point.sealed = store.vault.seal(key, point_place(point.id, row.owner_id), texts)
        session.add(point)
