"""Whether two routes are the same walk: the same line, whatever the direction, where a round begins, or how many points
somebody drew it with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, hypot

from planner.domain.geo import Located, Segments, flat

WITHIN_M = 25.0
"""Two recordings of one path lie some metres apart; two paths that walk differently lie farther."""
LENGTH_SHARE, LENGTH_M = 0.05, 30.0
"""The same way round twice is another walk, and so is there and back again."""
STEP_M = 20.0
MOST_STEPS = 400
_Place = tuple[float, float]
_Leg = tuple[_Place, _Place]


@dataclass(frozen=True, slots=True)
class Shape:
    """A line with what tells at once that another is a different one. `box`: south, west, north, east."""

    lines: Segments
    length_m: float
    box: tuple[float, float, float, float]


def shape_of(lines: Segments, length_m: float) -> Shape:
    """`lines` may be in few points; `length_m` is measured over all of them. There must be a point."""
    north = [point.latitude for line in lines for point in line]
    east = [point.longitude for line in lines for point in line]
    return Shape(lines, length_m, (min(north), min(east), max(north), max(east)))


def is_same(one: Shape, other: Shape) -> bool:
    """Each lies along the other, and they are about as long."""
    room_m = LENGTH_SHARE * max(one.length_m, other.length_m) + LENGTH_M
    if abs(one.length_m - other.length_m) > room_m or not _same_box(one, other):
        return False
    origin = one.lines[0][0]
    legs, others = _legs(one.lines, origin), _legs(other.lines, origin)
    return _along(legs, others) and _along(others, legs)


def _same_box(one: Shape, other: Shape) -> bool:
    """Lines along each other reach about as far on every side."""
    corners = [
        flat([_Corner(shape.box[0], shape.box[1]), _Corner(shape.box[2], shape.box[3])], one.lines[0][0])
        for shape in (one, other)
    ]
    return all(
        abs(mine - theirs) <= 2 * WITHIN_M
        for own, their in zip(*corners, strict=True)
        for mine, theirs in zip(own, their, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Corner:
    latitude: float
    longitude: float


def _legs(lines: Segments, origin: Located) -> list[_Leg]:
    return [leg for line in lines for leg in pairwise(flat(line, origin))]


def _along(legs: Sequence[_Leg], others: Sequence[_Leg]) -> bool:
    """Whether no place of the first lies far from the other. The place before is mostly close by: look there first."""
    near = 0
    for place in _steps(legs):
        if _aside(place, others[near]) <= WITHIN_M:
            continue
        found = next((at for at, leg in enumerate(others) if _aside(place, leg) <= WITHIN_M), None)
        if found is None:
            return False
        near = found
    return True


def _steps(legs: Sequence[_Leg]) -> Iterator[_Place]:
    """Both ends of every leg, and places between them, some so many in all."""
    step = max(STEP_M, sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in legs) / MOST_STEPS)
    for start, end in legs:
        parts = ceil(hypot(end[0] - start[0], end[1] - start[1]) / step) or 1
        for part in range(parts + 1):
            share = part / parts
            yield start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _aside(place: _Place, leg: _Leg) -> float:
    (x_1, y_1), (x_2, y_2) = leg
    east, north, x, y = x_2 - x_1, y_2 - y_1, place[0] - x_1, place[1] - y_1
    square = east * east + north * north
    share = min(1.0, max(0.0, (x * east + y * north) / square)) if square else 0.0
    return hypot(x - share * east, y - share * north)
