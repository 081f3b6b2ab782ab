"""Routes as they are drawn on the map: a new one, another line for one that is there, a whole line changed at once.

Reading and measuring come before the transaction: a long line takes its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.geo import Point, Segments
from planner.domain.line_edits import (
    Drawing,
    DrawingRefused,
    DrawnPlace,
    has_left,
    in_walking_order,
    usable,
    with_heights,
)
from planner.domain.routes import OSM, RouteFacts, RouteTexts, WaypointTexts
from planner.formats.drawn import read_drawing, write_map
from planner.models import Practice, Route, Waypoint, new_id
from planner.services import once
from planner.services.maps.route_pictures import MAPS
from planner.services.routes import (
    drawn_once,
    route_lines,
    route_moves,
    route_points,
    route_rows,
    walking_routes,
)
from planner.services.routes.route_lines import Line
from planner.services.routes.route_points import (
    MOST_POINTS,
    Along,
    InOrder,
    TooManyPoints,
    WritePoint,
    points_of,
)
from planner.services.routes.route_rows import WriteRoute
from planner.services.routes.walking_routes import OpenRoute, RoutePoint, gate
from planner.services.store import Conflict, SignedIn, Store, practice_of
from planner.services.weather import forecasts

__all__ = [
    "Conflict",
    "DrawingRefused",
    "Sent",
    "TooManyPoints",
    "Words",
    "change_line",
    "draw",
    "draw_new",
    "on_the_map",
    "read_drawing",
]
MEETING = "meeting"
"""The kind of the place where one meets."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a place when it is chosen on the map, and of where one meets."""

    place: Callable[[RoutePoint], str]
    meeting: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sent:
    """How a drawing came: from a page that was opened at this version, in this form."""

    version: int | None
    form_id: str | None = None


def on_the_map(
    store: Store,
    coach: SignedIn,
    route_id: int,
    words: Words,
    *,
    whole: bool = False,
) -> bytes:
    """A route as GeoJSON. `whole`: every point of its line, to change it; else few, to look at, with where one meets.
    Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        route = walking_routes.open_route(store, session, route_id)
        line = _line_of(session, route_id) if whole else route.segments
    meets = [] if whole else meeting(route.latitude, route.longitude, words.meeting(route.meeting_point))
    return write_map(line, [*meets, *_places(route, words)], version=route.version)


def meeting(
    latitude: float | None, longitude: float | None, words: str
) -> list[tuple[Point, dict[str, object]]]:
    """Where one meets, as a place on the map; nothing when that is not known."""
    if latitude is None or longitude is None:
        return []
    return [(Point(latitude, longitude), {"kind": MEETING, "words": words})]


def draw(store: Store, coach: SignedIn, route_id: int, drawing: Drawing, sent: Sent, now: datetime) -> None:
    """The line as it was drawn, and the places that were added, changed or taken away. The same form twice is one deed.

    Raises NotFound, TooManyPoints, or Conflict when the route was saved since the page was opened.
    """

    def drawn(old: Segments) -> Drawing:
        return replace(drawing, redrawn=not has_left(drawing.segments, old))

    _put(store, coach, route_id, sent, now, drawn)


def change_line(
    store: Store,
    coach: SignedIn,
    route_id: int,
    change: Callable[[Segments], Segments],
    sent: Sent,
    now: datetime,
) -> None:
    """Do something to a whole line. Raises NotFound, Conflict, or DrawingRefused when nothing is left of it."""
    _put(store, coach, route_id, sent, now, lambda old: Drawing(usable(change(old))))


def draw_new(
    store: Store,
    coach: SignedIn,
    texts: RouteTexts,
    drawing: Drawing,
    now: datetime,
    form_id: str | None = None,
) -> int:
    """A new route; gives its id. The same form twice makes one route, with what was drawn last.

    Raises TooManyPoints, NotFound when it was taken away since, or Conflict when somebody changed it since.
    """
    line, content = route_lines.measured(drawing.segments), once.digest_of(store, texts, drawing)
    drawing, along = replace(drawing, redrawn=True), (Along(()), Along(line.outline, drawing.places))
    with store.db.transaction(coach.practice_scope, now) as session:
        practice, before = practice_of(session, coach.scope), drawn_once.before(store, session, form_id)
        if before is None:
            row = Route(id=new_id(), owner_id=practice.id, created_at=now, points=0, version=1)
        else:
            row = gate(session, before.route)
            if before.content == content:
                return row.id
            if not before.untouched(store, session, row):
                raise Conflict
            _begin_again(session, row)
            row.version += 1
        _write_new(store, session, practice, row, texts, line, drawing, along)
        _remember(store, session, coach, form_id, row, content, now)
        return row.id


class _Before(NamedTuple):
    """A route as it was when the reading began."""

    version: int
    outline: Segments
    line: Segments
    places: list[Waypoint]


def _read(store: Store, coach: SignedIn, route_id: int) -> _Before:
    with store.db.reading(coach.scope) as session:
        route = gate(session, route_id)
        outline = route_lines.opened(route.outline)
        return _Before(route.version, outline, _line_of(session, route_id), points_of(session, route_id))


def _put(
    store: Store,
    coach: SignedIn,
    route_id: int,
    sent: Sent,
    now: datetime,
    drawn: Callable[[Segments], Drawing],
) -> None:
    old = _read(store, coach, route_id)
    drawing = drawn(old.line)
    content = once.digest_of(store, route_id, sent.version, drawing)
    line = route_lines.measured(with_heights(drawing.segments, old.line))
    along = Along(old.outline, old.places), Along(line.outline, [*old.places, *drawing.places])
    with store.db.transaction(coach.practice_scope, now) as session:  # colleagues walk there too
        practice, row = practice_of(session, coach.scope), gate(session, route_id)
        before = drawn_once.before(store, session, sent.form_id)
        if before is not None and before.content == content:
            return
        # Drawn on after an answer that was lost. Not when places were new in it: they would come twice.
        goes_on = before is not None and not before.adds and before.untouched(store, session, row)
        if row.version != old.version or (sent.version not in (None, old.version) and not goes_on):
            raise Conflict
        met = route_rows.meeting_at(store, practice, row)
        _write(store, session, row, line, drawing, along)
        row.version += 1
        route_moves.after(store, session, practice, row, met, now)
        adds = any(one.id is None for one in drawing.places)
        _remember(store, session, coach, sent.form_id, row, content, now, adds=adds)


def _remember(
    store: Store,
    session: Session,
    coach: SignedIn,
    form_id: str | None,
    row: Route,
    content: str,
    now: datetime,
    *,
    adds: bool = False,
) -> None:
    known = drawn_once.points_now(store, session, row)
    sent = drawn_once.DrawnOnce(row.id, row.version, content, known, adds)
    drawn_once.remember(store, session, coach.scope, form_id, sent, now)


def _write_new(
    store: Store,
    session: Session,
    practice: Practice,
    row: Route,
    texts: RouteTexts,
    line: Line,
    drawing: Drawing,
    along: tuple[Along, Along],
) -> None:
    """One meets at the start of what is drawn now."""
    route_rows.write(store, practice, row, WriteRoute(texts, RouteFacts()))
    session.add(row)
    _write(store, session, row, line, drawing, along)


def _line_of(session: Session, route_id: int) -> Segments:
    return route_lines.opened(session.scalar(select(Route.line).where(Route.id == route_id)))


def _write(
    store: Store, session: Session, row: Route, line: Line, drawing: Drawing, along: tuple[Along, Along]
) -> None:
    """`along`: the old line and the new one."""
    before, after = along
    route_rows.put_line(row, line, follow=route_rows.meets_at_start(row, route_lines.opened(row.outline)))
    if drawing.on_paths or drawing.redrawn:
        route_rows.made_from(row, OSM if drawing.on_paths else None)
    session.flush()
    rows = points_of(session, row.id)
    ordered = in_walking_order([before.of(one) for one in rows])
    rows = _with_places(store, session, row, rows, drawing, after)
    if ordered:
        rows.sort(key=lambda one: line.distance_m + 1.0 if (at := after.of(one)) is None else at)
    route_points.number(rows)
    forecasts.wake(session, MAPS)


def _with_places(
    store: Store, session: Session, route: Route, rows: list[Waypoint], drawing: Drawing, along: Along
) -> list[Waypoint]:
    """The places as they are after the drawing, each new one where one comes by it. Raises TooManyPoints."""
    for one in [one for one in rows if one.id in drawing.removed]:
        rows.remove(one)
        session.delete(one)
    known = {one.id: one for one in rows}
    for place in drawing.places:
        if place.id in known:  # else it was taken away elsewhere
            route_points.write(store, session, known[place.id], _written(place), along.line)
    listed = InOrder(rows, along)
    for place in drawing.places:
        if place.id is None:
            new = Waypoint(id=new_id(), owner_id=route.owner_id, route_id=route.id, position=len(listed.rows))
            route_points.write(store, session, new, _written(place), along.line)
            session.add(new)
            listed.put(new)
    if len(listed.rows) > MOST_POINTS:
        raise TooManyPoints
    return listed.rows


def _written(place: DrawnPlace) -> WritePoint:
    texts = WaypointTexts(place.name, place.image)
    return WritePoint(place.kind, texts, place.latitude, place.longitude)


def _begin_again(session: Session, row: Route) -> None:
    for point in points_of(session, row.id):
        session.delete(point)
    session.flush()


def _places(route: OpenRoute, words: Words) -> list[tuple[Point, dict[str, object]]]:
    """Places that have coordinates, numbered as in the list."""
    return [
        (
            Point(one.latitude, one.longitude),
            {
                "id": str(one.id),
                "number": number,
                "kind": one.kind,
                "name": one.name,
                "image": one.image,
                "words": words.place(one),
            },
        )
        for number, one in enumerate(route.waypoints, 1)
        if one.latitude is not None and one.longitude is not None
    ]
