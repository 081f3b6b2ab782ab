"""A route's line: from a file into what is stored, and back. Pure work on bytes and numbers; nothing is stored here.

Reading and measuring take time with a large file, so callers do it before they open a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from planner.domain.geo import (
    Point,
    Segments,
    climb_m,
    distance_m,
    ends,
    is_loop,
    length_m,
    position_of,
    simplify,
)
from planner.formats.gpx_values import GpxRefused, GpxRoute, GpxWarning, GpxWaypoint
from planner.formats.gpx_write import write_gpx, write_gpx_routes
from planner.formats.route_file import read_route, read_routes

OUTLINE_POINTS = 300
OUTLINE_FROM_M = 4.0
"""Closer than this to the line, or to the point before, nobody sees a point in a drawing."""
MOST_LOOKED_AT = 8_000
"""Of more points, only every so many count for the outline: so far apart they make a walk of a whole day."""
Stored = list[list[tuple[float, float, float | None]]]
_stored = msgspec.json.Decoder(Stored)


@dataclass(frozen=True, slots=True)
class Line:
    """A measured line, ready to be stored. `outline`: the same in few points; the other two are their JSON."""

    stored: str
    stored_outline: str
    outline: Segments
    distance_m: int
    climb_m: int | None
    points: int
    start: Point
    end: Point
    is_loop: bool


def measured(segments: Segments) -> Line:
    """Length, climb and drawing of a line that goes somewhere."""
    climb, outline = climb_m(segments), outlined(segments)
    start, end = ends(segments)
    return Line(
        stored=written(segments),
        stored_outline=written(outline),
        outline=outline,
        distance_m=round(length_m(segments)),
        climb_m=None if climb is None else round(climb),
        points=sum(map(len, segments)),
        start=start,
        end=end,
        is_loop=is_loop(segments),
    )


def outlined(segments: Segments) -> Segments:
    """Few enough points to draw at once, each one of the line's own. Whatever its shape, the work stays bounded."""
    tolerance_m, outline = OUTLINE_FROM_M, tuple(_thinned(line) for line in segments)
    every = 1 + sum(map(len, outline)) // MOST_LOOKED_AT
    outline = tuple((*line[:-1:every], line[-1]) for line in outline)
    enough = max(OUTLINE_POINTS, 2 * len(outline))
    while True:
        outline = simplify(outline, tolerance_m)
        points = sum(map(len, outline))
        if points <= enough:
            return outline
        tolerance_m *= 1.5 if points < 4 * enough else 6


def _thinned(line: tuple[Point, ...]) -> tuple[Point, ...]:
    """A recording of every second has many points on one spot: first and last stay, and one each few metres."""
    kept = [line[0]]
    for point in line[1:-1]:
        if distance_m(kept[-1], point) >= OUTLINE_FROM_M:
            kept.append(point)
    return (*kept, line[-1])


def written(segments: Segments) -> str:
    lines = [[(point.latitude, point.longitude, point.elevation_m) for point in line] for line in segments]
    return msgspec.json.encode(lines).decode()


def opened(stored: str | None) -> Segments:
    if stored is None:
        return ()
    return tuple(tuple(Point(*numbers) for numbers in line) for line in _stored.decode(stored))


def along_the_line(waypoints: tuple[GpxWaypoint, ...], outline: Segments) -> tuple[GpxWaypoint, ...]:
    """A file's places in the order in which one comes by them."""
    return tuple(sorted(waypoints, key=lambda waypoint: position_of(outline, waypoint).along_m))


__all__ = [
    "GpxRefused",
    "GpxRoute",
    "GpxWarning",
    "GpxWaypoint",
    "Line",
    "along_the_line",
    "measured",
    "opened",
    "outlined",
    "read_route",
    "read_routes",
    "write_gpx",
    "write_gpx_routes",
    "written",
]
