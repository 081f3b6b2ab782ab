"""Changing the practice's routes: making, editing, putting away, and taking the ends off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from planner.domain.geo import Point, ends, near, trim_ends
from planner.domain.routes import TRIM_M, can_trim
from planner.models import Practice, Route, Waypoint
from planner.services import once
from planner.services.maps.route_pictures import MAPS
from planner.services.routes import route_lines, route_moves
from planner.services.routes.route_lines import GpxRefused, GpxWarning
from planner.services.routes.route_rows import (
    Same,
    WriteRoute,
    add_places,
    alike,
    measured_file,
    meeting_at,
    meets_at_start,
    new_route,
    of_ones_own,
    put_line,
    read_file,
    same_route,
    settled,
    write,
)
from planner.services.routes.walking_routes import facts_of, gate, texts_of
from planner.services.store import Conflict, SignedIn, Store, handled_before, practice_of, remember_form
from planner.services.weather import forecasts

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


@dataclass(frozen=True, slots=True)
class Created:
    """The new route, and what there is to know about its file. `same`: a route that was there with the same line."""

    id: int
    warnings: tuple[GpxWarning, ...] = ()
    same: Same | None = None


def create(
    store: Store, coach: SignedIn, command: WriteRoute, now: datetime, form_id: str | None = None
) -> Created:
    """A new route, from a file or in words. The same form with the same in it makes one. Raises GpxRefused."""
    file = read_file(command.gpx)
    known = alike(store, coach, file.line) if file else None
    with store.db.transaction(coach.scope, now) as session:
        key = once.key_of(store, "route", form_id, command)
        before = handled_before(session, key)
        if before is not None:
            return Created(int(before))
        practice = practice_of(session, coach.scope)
        same = same_route(store, session, file.line, known) if file and known else None
        row = new_route(store, session, practice, command, file, now)
        remember_form(session, coach.scope, key, str(row.id), now)
        return Created(row.id, file.warnings if file else (), same)


def edit(
    store: Store, coach: SignedIn, route_id: int, command: WriteRoute, now: datetime
) -> tuple[GpxWarning, ...]:
    """Change what is said of a route, and its line when a file comes along. Saving the same twice is no conflict.

    Raises NotFound, GpxRefused, or Conflict when it was saved since the form was opened.
    """
    file = read_file(command.gpx)
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
            of_ones_own(row)
            at_start = same_place and meets_at_start(row, route_lines.opened(row.outline))
            put_line(row, file.line, follow=at_start or command.latitude is None)
            add_places(store, session, row, file)
            forecasts.wake(session, MAPS)
        route_moves.after(store, session, practice, row, before, now)
        return file.warnings if file is not None else ()


def replace_line(
    store: Store, coach: SignedIn, route_id: int, content: bytes, now: datetime
) -> tuple[GpxWarning, ...]:
    """Another line for a route; its texts and places stay, and a meeting place that does not lie at its start. Raises
    NotFound or GpxRefused."""
    file = measured_file(content)
    with store.db.transaction(coach.practice_scope, now) as session:  # colleagues walk there too
        practice, row = practice_of(session, coach.scope), gate(session, route_id)
        before = meeting_at(store, practice, row)
        of_ones_own(row)
        put_line(row, file.line, follow=meets_at_start(row, route_lines.opened(row.outline)))
        row.version += 1
        add_places(store, session, row, file)
        forecasts.wake(session, MAPS)
        route_moves.after(store, session, practice, row, before, now)
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
    with store.db.reading(coach.scope) as session:
        if version != gate(session, route_id).version:
            raise Conflict
        segments = route_lines.opened(session.scalar(select(Route.line).where(Route.id == route_id)))
    if not can_trim(segments):
        return None
    old_ends, line = ends(segments), route_lines.measured(trim_ends(segments, TRIM_M))
    with store.db.transaction(coach.practice_scope, now) as session:  # colleagues walk there too
        practice, row = practice_of(session, coach.scope), gate(session, route_id)
        if version != row.version:
            raise Conflict
        before = meeting_at(store, practice, row)
        put_line(row, line, follow=_lies_near(old_ends, row), loop=facts_of(row.facts).is_loop)
        row.version += 1
        points = session.scalars(select(Waypoint).where(Waypoint.route_id == route_id))
        telling = [point for point in points if _lies_near(old_ends, point)]
        for point in telling:
            session.delete(point)
        forecasts.wake(session, MAPS)
        route_moves.after(store, session, practice, row, before, now)
        return len(telling)


def _lies_near(places: tuple[Point, Point], row: Route | Waypoint) -> bool:
    if row.latitude is None or row.longitude is None:
        return False
    return near(places, Point(row.latitude, row.longitude), TRIM_M)


def _says_the_same(store: Store, practice: Practice, row: Route, command: WriteRoute) -> bool:
    kept = texts_of(store, practice.wrapped_key, row), facts_of(row.facts)
    length = row.distance_m if row.points else command.distance_m
    return kept == (command.texts, settled(row, command.facts)) and row.distance_m == length
