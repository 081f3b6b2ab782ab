"""What the page of a route shows, worked out once for its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.domain.geo import Point
from planner.domain.routes import can_trim, minutes_to_walk
from planner.domain.sketch import Sketch, sketch
from planner.services import route_points, walking_routes
from planner.services.store import SignedIn, Store
from planner.services.walking_routes import OpenRoute, RoutePoint

SKETCH_PX = (360, 270)
THUMB_PX = (120, 90)


@dataclass(frozen=True, slots=True)
class PlacedPoint:
    """A place with its number on the drawing and in the list, and when one comes by."""

    number: int
    point: RoutePoint
    along_m: int | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class RoutePage:
    """`ticks`: a green walk in a month with ticks."""

    drawing: Sketch | None
    points: tuple[PlacedPoint, ...]
    ticks: bool
    may_trim: bool

    @classmethod
    def of(cls, route: OpenRoute, month: int) -> RoutePage:
        return cls(
            drawing=drawn(route),
            points=tuple(_placed(number, point, route) for number, point in enumerate(route.waypoints, 1)),
            ticks=route.facts.has_ticks(month),
            may_trim=can_trim(route.segments),
        )


def drawn(route: OpenRoute, turn: Point | None = None) -> Sketch | None:
    """The route as a drawing; a mark carries the place's index in the list. `turn`: where one turns round."""
    known = [
        (index, Point(point.latitude, point.longitude))
        for index, point in enumerate(route.waypoints)
        if point.latitude is not None and point.longitude is not None
    ]
    drawing = sketch(route.segments, [place for _, place in known], *SKETCH_PX, turn)
    if drawing is None:
        return None
    return replace(drawing, marks=tuple(replace(mark, index=known[mark.index][0]) for mark in drawing.marks))


def thumbnails(store: Store, coach: SignedIn, route_ids: Sequence[int]) -> dict[int, Sketch]:
    """Small drawings of routes with a line."""
    outlines = walking_routes.outlines(store, coach, route_ids)
    small = ((route_id, sketch(line, (), *THUMB_PX)) for route_id, line in outlines.items())
    return {route_id: drawing for route_id, drawing in small if drawing is not None}


def _placed(number: int, point: RoutePoint, route: OpenRoute) -> PlacedPoint:
    along_m = route_points.along_m(point, route.segments)
    minutes = minutes_to_walk(along_m) if along_m else along_m
    return PlacedPoint(number, point, along_m, minutes)
