"""What the page of a route shows, worked out once for its template."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.domain.geo import Point
from planner.domain.overview import Overview, Place, overviews
from planner.domain.profile import Profile
from planner.domain.routes import can_trim, minutes_to_walk
from planner.domain.sketch import Sketch, sketch
from planner.domain.tiles import TileRules
from planner.services.routes import route_points
from planner.services.routes.walking_routes import Found, OpenRoute, RoutePoint

SKETCH_PX = (360, 270)
THUMB_PX = (120, 90)
OVERVIEW_PX = (480, 360)
USEFUL = ("bench", "shelter", "toilet", "drinking_water", "cafe", "parking", "transport")


@dataclass(frozen=True, slots=True)
class PlacedPoint:
    """A place with its number on the drawing and in the list, and when one comes by."""

    number: int
    point: RoutePoint
    along_m: int | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class RoutePage:
    """`minutes`: at the pace that was asked. `ticks`: a green walk in a month with ticks. `abroad`: where our map does
    not reach."""

    drawing: Sketch | None
    points: tuple[PlacedPoint, ...]
    minutes: int | None
    profile: Profile | None
    ticks: bool
    may_trim: bool
    abroad: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """What there is on the way to sit, shelter, or find; in the order of the list of kinds."""
        there = {one.point.kind for one in self.points}
        return tuple(kind for kind in USEFUL if kind in there)

    @classmethod
    def of(
        cls, route: OpenRoute, month: int, pace_kmh: float, profile: Profile | None, rules: TileRules
    ) -> RoutePage:
        lat, lon = route.latitude, route.longitude
        return cls(
            drawing=drawn(route),
            points=tuple(
                _placed(number, point, route, pace_kmh) for number, point in enumerate(route.waypoints, 1)
            ),
            minutes=minutes_to_walk(route.distance_m, pace_kmh),
            profile=profile,
            ticks=route.facts.has_ticks(month),
            may_trim=can_trim(route.segments),
            abroad=lat is not None and lon is not None and not rules.reaches(Point(lat, lon)),
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


def thumbnails(found: Found) -> dict[int, Sketch]:
    """Small drawings of routes with a line."""
    small = ((route_id, sketch(line, (), *THUMB_PX)) for route_id, line in found.lines.items())
    return {route_id: drawing for route_id, drawing in small if drawing is not None}


def all_drawn(found: Found) -> tuple[Overview, ...]:
    """Every route that has a place on the map, with its number in the list; a drawing for each region."""
    places = [
        Place(number, Point(route.latitude, route.longitude), found.lines.get(route.id, ()))
        for number, route in enumerate(found.routes, 1)
        if route.latitude is not None and route.longitude is not None
    ]
    return overviews(places, *OVERVIEW_PX)


def _placed(number: int, point: RoutePoint, route: OpenRoute, pace_kmh: float) -> PlacedPoint:
    along_m = route_points.along_m(point, route.segments)
    minutes = minutes_to_walk(along_m, pace_kmh) if along_m else along_m
    return PlacedPoint(number, point, along_m, minutes)
