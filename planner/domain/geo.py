"""Points and lines on the earth: how long, how much climb, cut short, made simpler.

Lines come in segments; what lies between two segments is not walked and never counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Protocol

EARTH_RADIUS_M = 6_371_008.8
CLIMB_STEP_M = 5.0
"""Smaller ups and downs are noise of the receiver."""
CLIMB_SHOWN_FROM_M = 50.0
HEIGHT_SHARE = 0.8
"""Climb is told only when at least this share of the points has a height."""
DECIMALS = 7
"""About a centimetre; what a GPX file keeps."""
LOOP_WITHIN_M = 100.0
BLOCK = 250
"""Simplifying works on so many points at a time: the work of a bad line stays bounded."""


class Located(Protocol):
    """Anything with a latitude and a longitude in degrees (WGS84)."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float
    elevation_m: float | None = None


Line = tuple[Point, ...]
Segments = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a place lies by a route: so far from the start, so far aside of the line."""

    along_m: float
    aside_m: float


def distance_m(one: Located, other: Located) -> float:
    """Haversine, in metres."""
    lat_1, lat_2 = radians(one.latitude), radians(other.latitude)
    north = sin((lat_2 - lat_1) / 2)
    east = sin(radians(other.longitude - one.longitude) / 2)
    root = sqrt(north * north + cos(lat_1) * cos(lat_2) * east * east)
    return 2 * EARTH_RADIUS_M * asin(min(1.0, root))


def length_m(segments: Segments) -> float:
    """Walked length: the sum of the segments, gaps not counted."""
    return sum(distance_m(one, other) for line in segments for one, other in pairwise(line))


def gaps_m(segments: Segments) -> tuple[float, ...]:
    """The distance from each segment's end to the start of the next."""
    return tuple(distance_m(one[-1], other[0]) for one, other in pairwise(segments))


def ends(segments: Segments) -> tuple[Point, Point]:
    """First and last point. The route must have a point."""
    points = [line for line in segments if line]
    return points[0][0], points[-1][-1]


def is_loop(segments: Segments, within_m: float = LOOP_WITHIN_M) -> bool:
    """A walk that ends where it began; a few steps up and down one spot are no loop."""
    if not any(segments):
        return False
    return distance_m(*ends(segments)) <= within_m and length_m(segments) > 3 * within_m


def near(points: Iterable[Located], place: Located, within_m: float) -> bool:
    """Whether one of the points (not the line between them) lies within so many metres of the place."""
    return any(distance_m(point, place) <= within_m for point in points)


# height


def has_heights(segments: Segments) -> bool:
    """At least 80 % of the points have a height, and not all of them the 0 of a device without one."""
    heights = [point.elevation_m for line in segments for point in line]
    known = [height for height in heights if height is not None]
    return bool(known) and len(known) >= HEIGHT_SHARE * len(heights) and any(known)


def climb_m(segments: Segments) -> float | None:
    """Metres up in all; None when the heights are unknown or the climb is under 50 m.

    Measure it before simplifying: simplifying drops points by place, not by height.
    """
    if not has_heights(segments):
        return None
    total = sum(_climb_of_line(line) for line in segments)
    return total if total >= CLIMB_SHOWN_FROM_M else None


def _climb_of_line(line: Line) -> float:
    """Sum of the rises, where a rise or a fall under 5 m does not count as one."""
    heights = smoothed([point.elevation_m for point in line if point.elevation_m is not None])
    total, rising = 0.0, False
    low = high = heights[0] if heights else 0.0
    for height in heights:
        if rising:
            high = max(high, height)
            if height <= high - CLIMB_STEP_M:
                total, rising, low = total + high - low, False, height
        else:
            low = min(low, height)
            if height >= low + CLIMB_STEP_M:
                rising, high = True, height
    return total + high - low if rising else total


def smoothed(heights: Sequence[float]) -> list[float]:
    """Median of five; at the ends of as many as there are."""
    windows = (sorted(heights[max(0, index - 2) : index + 3]) for index in range(len(heights)))
    return [window[len(window) // 2] for window in windows]


# along the line


def _between(one: Point, other: Point, share: float) -> Point:
    height = None
    if one.elevation_m is not None and other.elevation_m is not None:
        height = round(one.elevation_m + share * (other.elevation_m - one.elevation_m), 2)
    east = _east_of(one, other)
    return Point(
        round(one.latitude + share * (other.latitude - one.latitude), DECIMALS),
        round(_wrapped(one.longitude + share * east), DECIMALS),
        height,
    )


def _wrapped(longitude: float) -> float:
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180


def _east_of(one: Located, other: Located) -> float:
    """Degrees to go east from one to the other, the short way round."""
    degrees = other.longitude - one.longitude
    return degrees if -180 <= degrees <= 180 else (degrees + 180) % 360 - 180


def point_at(segments: Segments, along_m: float) -> Point:
    """The place after so many walked metres; before the start the first point, past the end the last."""
    first, last = ends(segments)
    if along_m <= 0:
        return first
    left = along_m
    for line in segments:
        for one, other in pairwise(line):
            step = distance_m(one, other)
            if left <= step:
                return _between(one, other, left / step)
            left -= step
    return last


def position_of(segments: Segments, place: Located) -> Position:
    """Where on the line one is nearest to the place; on a tie the first time one comes by."""
    walked, best = 0.0, Position(0.0, distance_m(ends(segments)[0], place))
    for line in segments:
        plane = flat(line, place)
        for index, (one, other) in enumerate(pairwise(line)):
            step = distance_m(one, other)
            share, aside = _foot(plane[index], plane[index + 1])
            if aside < best.aside_m - 0.01:
                best = Position(walked + share * step, aside)
            walked += step
    return best


def _foot(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """How far along the leg the point nearest to the origin lies (0 to 1), and how far from the origin."""
    east, north = other[0] - one[0], other[1] - one[1]
    square = east * east + north * north
    share = 0.0 if square == 0 else min(1.0, max(0.0, -(one[0] * east + one[1] * north) / square))
    return share, hypot(one[0] + share * east, one[1] + share * north)


def trim_ends(segments: Segments, cut_m: float) -> Segments:
    """The route without its first and last `cut_m` walked metres, so that it does not lead to a door.

    Empty when nothing is left. Waypoints are the caller's: `near(ends(segments), waypoint, cut_m)` finds
    those that would still tell where the route began.
    """
    if cut_m <= 0:
        return segments
    return _reversed(_without_start(_reversed(_without_start(segments, cut_m)), cut_m))


def stretch(segments: Segments, from_m: float, to_m: float) -> Segments:
    """The line between two places so far along it."""
    behind = length_m(segments) - to_m
    begun = _without_start(segments, from_m) if from_m > 0 else segments
    return _reversed(_without_start(_reversed(begun), behind)) if behind > 0 else begun


def _reversed(segments: Segments) -> Segments:
    return tuple(line[::-1] for line in reversed(segments))


def _without_start(segments: Segments, cut_m: float) -> Segments:
    left = cut_m
    for number, line in enumerate(segments):
        for index, (one, other) in enumerate(pairwise(line)):
            step = distance_m(one, other)
            if left < step:
                rest = (_between(one, other, left / step), *line[index + 1 :])
                return (rest, *segments[number + 1 :])
            left -= step
    return ()


# fewer points


def flat(points: Iterable[Located], origin: Located) -> list[tuple[float, float]]:
    """Metres east and north of the origin. Good to 0.1 % within some tens of kilometres."""
    metres_north = radians(1) * EARTH_RADIUS_M
    metres_east = metres_north * cos(radians(origin.latitude))
    return [
        (_east_of(origin, point) * metres_east, (point.latitude - origin.latitude) * metres_north)
        for point in points
    ]


def simplify(segments: Segments, tolerance_m: float) -> Segments:
    """Douglas-Peucker: some of the same points; no dropped one lay farther than this from the line."""
    return tuple(_simplified(line, tolerance_m) for line in segments)


def _simplified(line: Line, tolerance_m: float) -> Line:
    if len(line) < 3:
        return line
    plane = flat(line, line[0])
    kept = {0, len(line) - 1}
    for start in range(0, len(line) - 1, BLOCK):
        kept |= _corners(plane, start, min(start + BLOCK, len(line) - 1), tolerance_m)
    return tuple(line[index] for index in sorted(kept))


def _corners(plane: Sequence[tuple[float, float]], start: int, end: int, tolerance_m: float) -> set[int]:
    """Which points between start and end must stay, both ends included."""
    kept, todo = {start, end}, [(start, end)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        index, aside = _farthest(plane, first, last)
        if aside > tolerance_m:
            kept.add(index)
            todo += [(first, index), (index, last)]
    return kept


def _farthest(plane: Sequence[tuple[float, float]], first: int, last: int) -> tuple[int, float]:
    """The point farthest from the leg first-last, and how far it lies from it."""
    (x_1, y_1), (x_2, y_2) = plane[first], plane[last]
    east, north = x_2 - x_1, y_2 - y_1
    square = east * east + north * north
    found, worst = first, -1.0
    for index in range(first + 1, last):
        x, y = plane[index]
        x, y = x - x_1, y - y_1
        if square > 0:
            share = (x * east + y * north) / square
            share = 0.0 if share < 0 else min(share, 1.0)
            x, y = x - share * east, y - share * north
        aside = x * x + y * y
        if aside > worst:
            found, worst = index, aside
    return found, sqrt(max(0.0, worst))


def coordinates(latitude: float | None, longitude: float | None) -> str:
    """A place as text, which every map app understands: 52.08400,5.17200. Empty when it is not known."""
    if latitude is None or longitude is None:
        return ""
    return f"{latitude:.5f},{longitude:.5f}"
