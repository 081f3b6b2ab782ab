"""Changing the practice's routes: making, editing, putting away, and taking the ends off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.geo import Point, ends, near, trim_ends
from planner.domain.routes import TRIM_M, RouteFacts, RouteTexts, WaypointTexts, can_trim
from planner.models import Practice, Route, Waypoint, new_id
from planner.services import route_lines, walks
from planner.services.route_lines import GpxRefused, GpxWarning, Line
from planner.services.store import Conflict, SignedIn, Store, handled_before, practice_of, remember_form
from planner.services.walking_routes import facts_of, gate, point_place, route_place, texts_of

__all__ = [
    "Created",
    "GpxRefused",
    "GpxWarning",
    "WriteRoute",
    "archive",
    "create",
    "edit",
    "replace_line",
    "trim",
]
NAMELESS = "Route"


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
class Created:
    """The new route, and what there is to know about its file."""

    id: int
    warnings: tuple[GpxWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was read and measured, before any transaction."""

    name: str
    places: tuple[route_lines.GpxWaypoint, ...]
    warnings: tuple[GpxWarning, ...]
    line: Line


def create(
    store: Store, coach: SignedIn, command: WriteRoute, now: datetime, form_id: str | None = None
) -> Created:
    """A new route, from a file or in words. The same form twice makes one. Raises GpxRefused."""
    file = _read(command.gpx)
    with store.db.transaction(coach.scope, now) as session:
        before = handled_before(session, form_id)
        if before is not None:
            return Created(int(before))
        practice = practice_of(session, coach.scope)
        row = Route(id=new_id(), owner_id=practice.id, created_at=now, points=0, version=1)
        name = command.texts.name or (file.name if file else "") or command.file_name or NAMELESS
        write(store, practice, row, replace(command, texts=replace(command.texts, name=name)))
        session.add(row)
        if file is not None:
            put_line(row, file.line, follow=command.latitude is None)
            session.flush()
            _add_places(store, session, row, file)
        remember_form(session, coach.scope, form_id, str(row.id), now)
        return Created(row.id, file.warnings if file else ())


def edit(
    store: Store, coach: SignedIn, route_id: int, command: WriteRoute, now: datetime
) -> tuple[GpxWarning, ...]:
    """Change what is said of a route, and its line when a file comes along. Saving the same twice is no conflict.

    Raises NotFound, GpxRefused, or Conflict when it was saved since the form was opened.
    """
    file = _read(command.gpx)
    with store.db.transaction(coach.practice_scope, now) as session:  # colleagues walk there too
        practice, row = practice_of(session, coach.scope), gate(session, route_id)
        same_place = (command.latitude, command.longitude) == (row.latitude, row.longitude)
        if file is None and same_place and _says_the_same(store, practice, row, command):
            return ()
        if command.version not in (None, row.version):
            raise Conflict
        before = meeting_at(store, practice, row)
        write(store, practice, row, command)
        row.version += 1
        if file is not None:
            put_line(row, file.line, follow=same_place or command.latitude is None)
            _add_places(store, session, row, file)
        if meeting_at(store, practice, row) != before:
            walks.route_moved(store, session, row.id, now)
        return file.warnings if file is not None else ()


def replace_line(
    store: Store, coach: SignedIn, route_id: int, content: bytes, now: datetime
) -> tuple[GpxWarning, ...]:
    """Another line for a route; its texts and places stay. Raises NotFound or GpxRefused."""
    file = _measured(content)
    with store.db.transaction(coach.scope, now) as session:
        row = gate(session, route_id)
        put_line(row, file.line, follow=True)
        row.version += 1
        _add_places(store, session, row, file)
    return file.warnings


def archive(store: Store, coach: SignedIn, route_id: int, away: bool, now: datetime) -> None:
    """Put a route away, or back; walks that use it keep it. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = gate(session, route_id)
        if (row.archived_at is not None) != away:
            row.archived_at = now if away else None


def trim(store: Store, coach: SignedIn, route_id: int, version: int | None, now: datetime) -> int | None:
    """Take the first and last 200 metres off, and the places near the old ends: nobody needs to know where they led.
    Gives how many places went; None when the route is too short for it.

    Raises NotFound, or Conflict when the route changed meanwhile: the button was pressed twice, say.
    """
    with store.db.transaction(coach.scope, now) as session:
        row = gate(session, route_id)
        if version != row.version:
            raise Conflict
        segments = route_lines.opened(session.scalar(select(Route.line).where(Route.id == route_id)))
        if not can_trim(segments):
            return None
        old_ends = ends(segments)
        line = route_lines.measured(trim_ends(segments, TRIM_M))
        put_line(row, line, follow=_lies_near(old_ends, row), loop=facts_of(row.facts).is_loop)
        row.version += 1
        points = session.scalars(select(Waypoint).where(Waypoint.route_id == route_id))
        telling = [point for point in points if _lies_near(old_ends, point)]
        for point in telling:
            session.delete(point)
        return len(telling)


def meeting_at(store: Store, practice: Practice, row: Route) -> tuple[object, ...]:
    """Where walks on this route begin, as calendars and messages say it."""
    texts = texts_of(store, practice.wrapped_key, row)
    return texts.meeting_point or texts.name, row.latitude, row.longitude


def _lies_near(places: tuple[Point, Point], row: Route | Waypoint) -> bool:
    if row.latitude is None or row.longitude is None:
        return False
    return near(places, Point(row.latitude, row.longitude), TRIM_M)


def _read(content: bytes | None) -> _File | None:
    return None if content is None else _measured(content)


def _measured(content: bytes) -> _File:
    """Raises GpxRefused. Takes its time with a large file: never inside a transaction."""
    file = route_lines.read_gpx(content)
    return _File(file.name or "", file.waypoints, file.warnings, route_lines.measured(file.segments))


def _says_the_same(store: Store, practice: Practice, row: Route, command: WriteRoute) -> bool:
    kept = texts_of(store, practice.wrapped_key, row), facts_of(row.facts)
    length = row.distance_m if row.points else command.distance_m
    return kept == (command.texts, _settled(row, command.facts)) and row.distance_m == length


def _settled(row: Route, facts: RouteFacts) -> RouteFacts:
    """Whether it is a loop is measured where there is a line."""
    return replace(facts, is_loop=facts_of(row.facts).is_loop) if row.points else facts


def write(store: Store, practice: Practice, row: Route, command: WriteRoute) -> None:
    place = route_place(row.id, practice.id)
    row.sealed = store.vault.seal(practice.wrapped_key, place, command.texts)
    row.facts = msgspec.json.encode(_settled(row, command.facts)).decode()
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


def _add_places(store: Store, session: Session, row: Route, file: _File) -> None:
    """The places of a file come along in walking order, unless the route has places already."""
    if session.scalar(select(Waypoint.id).where(Waypoint.route_id == row.id).limit(1)) is not None:
        return
    key = practice_of(session, session.info["scope"]).wrapped_key
    for position, place in enumerate(route_lines.along_the_line(file.places, file.line.outline)):
        point = Waypoint(id=new_id(), owner_id=row.owner_id, route_id=row.id, position=position)
        point.kind, point.latitude, point.longitude = place.kind, place.latitude, place.longitude
        texts = WaypointTexts(name=place.name)
        point.sealed = store.vault.seal(key, point_place(point.id, row.owner_id), texts)
        session.add(point)
