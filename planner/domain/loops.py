"""Loops over real paths: which places to ask a path engine to go by, and which of the lines that come back are good.

A loop is asked for as a walk past three places on a circle that begins at the start. The engine's paths are longer than
the circle, how much so differs from place to place: the circle is scaled once or twice by what came back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, ceil, cos, degrees, hypot, radians, sin, sqrt
from typing import Literal

from planner.domain.geo import EARTH_RADIUS_M, Line, Located, Point, distance_m, flat, length_m
from planner.domain.timing import walking_minutes

LEAST_MINUTES, MOST_MINUTES = 10, 180
BEARINGS = (0, 120, 240, 60, 180, 300)
"""Where the middle of the circle lies, seen from the start. The first three are as far apart as can be."""
BETWEEN = (30, 150, 270, 90, 210, 330)
"""The directions between these, for when they gave too little."""
ROUND = 4 * sqrt(2)
"""Straight lines past three quarter points of a circle, in radiuses."""
DETOUR = 1.3
"""How much longer paths are than straight lines, until the engine has said."""
MOST_SCALED = 2
SCALED_AT_ONCE = (0.5, 2.0)
CLOSE_ENOUGH = 0.1
"""A circle is not scaled any more when its loop is so much longer or shorter than was asked."""
TOLERANCE = 0.15
"""A loop that is farther off is not proposed: four minutes of half an hour."""
ONE_WAY_WITHIN_M = 20.0
"""Both sides of one street are the same way."""
STEP_M = 10.0
ALONG_M = 60.0
"""Nearer along the loop than this, two places are one stretch of it, not the same way again."""
MOST_OVERLAP = 0.2
"""At most so much of a loop is walked twice."""
MOST_SHARED = 0.4
"""At most so much of a loop lies on another one that is proposed."""
START_WITHIN_M = 250.0
"""Farther from the start there is no path that one could call from there."""
SAME_PLACE_M = 0.5
MOST_LOOPS = 3
LONGEST_M = 50_000.0
"""Whatever is longer is no walk, and is not looked at."""
COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
Hindrance = Literal["other_minutes", "same_way", "no_path"]
"""Why there is no loop: only of another length, only there and back over one way, no path there at all."""


@dataclass(frozen=True, slots=True)
class LoopWish:
    start: Point
    minutes: int
    pace_kmh: float

    @property
    def wanted_m(self) -> float:
        return self.minutes / 60 * self.pace_kmh * 1000

    def minutes_of(self, metres: float) -> int:
        """Walking time at the pace asked, in whole minutes."""
        return max(1, round(walking_minutes(metres, self.pace_kmh)))


@dataclass(frozen=True, slots=True)
class Try:
    """A circle to go round: its middle lies `radius_m` from the start in this direction."""

    bearing: int
    radius_m: float
    number: int = 1

    def places(self, start: Point) -> tuple[Point, ...]:
        """From the start past three places and back, with the clock."""
        middle = _off(start, self.bearing, self.radius_m)
        turns = (_off(middle, self.bearing + turn, self.radius_m) for turn in (-90, 0, 90))
        return (start, *turns, start)


@dataclass(frozen=True, slots=True)
class Loop:
    """`overlap`: which share of it is walked twice, 0 to 1. `direction`: where it lies, seen from its start."""

    line: Line
    length_m: float
    overlap: float
    direction: str


def tries(wish: LoopWish, bearings: Iterable[int] = BEARINGS) -> tuple[Try, ...]:
    """The first circles to ask for, one in each direction."""
    return tuple(Try(bearing, wish.wanted_m / ROUND / DETOUR) for bearing in bearings)


def again(before: Try, metres: float, wish: LoopWish) -> Try | None:
    """A larger or smaller circle after one that gave so many metres; None when that was close enough, or tried often
    enough."""
    if before.number > MOST_SCALED or metres <= 0 or _off_by(metres, wish) <= CLOSE_ENOUGH:
        return None
    low, high = SCALED_AT_ONCE
    return Try(
        before.bearing, before.radius_m * min(high, max(low, wish.wanted_m / metres)), before.number + 1
    )


def without_spikes(line: Line) -> Line:
    """The line without the ends of dead ways: there and at once back over the same points. The way from the start
    itself stays, for there one has to go."""
    kept: list[Point] = []
    for point in line:
        if kept and _same(kept[-1], point):
            continue
        if len(kept) > 1 and _same(kept[-2], point):
            kept.pop()
            continue
        kept.append(point)
    return tuple(kept)


def looped(line: Line) -> Loop | None:
    """The line as a loop; None when nothing is left of it without its spikes, or far too much."""
    line = without_spikes(line)
    metres = length_m((line,))
    if len(line) < 3 or metres > LONGEST_M:
        return None
    places = _places(line)
    return Loop(line, metres, _overlap(places), _direction(places))


def starts_there(line: Sequence[Located], start: Located) -> bool:
    """Whether the engine's line begins and ends by the start, not at the nearest path it knows far away."""
    return bool(line) and max(distance_m(line[0], start), distance_m(line[-1], start)) <= START_WITHIN_M


def chosen(loops: Iterable[Loop], wish: LoopWish, tolerance: float = TOLERANCE) -> tuple[Loop, ...]:
    """At most three that are as long as asked, hardly go back over their own way, and differ. The best first."""
    good = [
        loop for loop in loops if loop.overlap <= MOST_OVERLAP and _off_by(loop.length_m, wish) <= tolerance
    ]
    kept: list[Loop] = []
    for loop in sorted(good, key=lambda loop: loop.overlap + _off_by(loop.length_m, wish)):
        if len(kept) < MOST_LOOPS and all(shared(loop, other) <= MOST_SHARED for other in kept):
            kept.append(loop)
    return tuple(kept)


def shared(one: Loop, other: Loop) -> float:
    """Which share of the shorter of two loops lies on the other, 0 to 1."""
    short, long = sorted((one, other), key=lambda loop: loop.length_m)
    origin = long.line[0]
    there = _Grid(_places(long.line, origin))
    places = _places(short.line, origin)
    return sum(any(there.near(place)) for place in places) / len(places)


def other_minutes(loops: Iterable[Loop], wish: LoopWish) -> int | None:
    """How long the good loop is that comes nearest to the minutes asked; None when no loop is good."""
    good = (wish.minutes_of(loop.length_m) for loop in loops if loop.overlap <= MOST_OVERLAP)
    near = [minutes for minutes in good if LEAST_MINUTES <= minutes <= MOST_MINUTES]
    return min(near, key=lambda minutes: abs(minutes - wish.minutes), default=None)


def _off_by(metres: float, wish: LoopWish) -> float:
    return abs(metres - wish.wanted_m) / wish.wanted_m


def _same(one: Point, other: Point) -> bool:
    return distance_m(one, other) < SAME_PLACE_M


def _off(place: Point, bearing: float, metres: float) -> Point:
    """So many metres away in that direction. Good enough within some tens of kilometres of it, not at the poles."""
    turned, angle = radians(bearing), degrees(metres / EARTH_RADIUS_M)
    latitude = min(89.9, max(-89.9, place.latitude + angle * cos(turned)))
    longitude = place.longitude + angle * sin(turned) / max(0.01, cos(radians(place.latitude)))
    return Point(latitude, (longitude + 180) % 360 - 180)


# A line as places every ten metres, on a plane

_Place = tuple[float, float]


def _places(line: Line, origin: Located | None = None) -> list[_Place]:
    """Metres east and north of the origin (else of its start), every ten metres along it."""
    found: list[_Place] = []
    for one, other in pairwise(flat(line, origin or line[0])):
        east, north = other[0] - one[0], other[1] - one[1]
        steps = max(1, ceil(hypot(east, north) / STEP_M))
        found += [(one[0] + east * step / steps, one[1] + north * step / steps) for step in range(steps)]
    return found


class _Grid:
    """Places by the square they lie in, to find those that lie near another at once."""

    def __init__(self, places: Sequence[_Place]) -> None:
        self._places = places
        self._squares: dict[tuple[int, int], list[int]] = {}
        for number, place in enumerate(places):
            self._squares.setdefault(_square(place), []).append(number)

    def near(self, place: _Place) -> Iterable[int]:
        """Whole numbers from 1: which places lie within 20 metres."""
        column, row = _square(place)
        for square in ((column + east, row + north) for east in (-1, 0, 1) for north in (-1, 0, 1)):
            for number in self._squares.get(square, ()):
                other = self._places[number]
                if hypot(other[0] - place[0], other[1] - place[1]) <= ONE_WAY_WITHIN_M:
                    yield number + 1


def _square(place: _Place) -> tuple[int, int]:
    return int(place[0] // ONE_WAY_WITHIN_M), int(place[1] // ONE_WAY_WITHIN_M)


def _overlap(places: Sequence[_Place]) -> float:
    """Which share lies on another stretch of the same loop. The loop closes: its end is near its start."""
    grid, apart = _Grid(places), ALONG_M / STEP_M

    def twice(number: int, place: _Place) -> bool:
        aside = (abs(number - (other - 1)) for other in grid.near(place))
        return any(min(steps, len(places) - steps) > apart for steps in aside)

    return sum(twice(number, place) for number, place in enumerate(places)) / len(places)


def _direction(places: Sequence[_Place]) -> str:
    """Where the middle of the loop lies from its start: an eighth of the compass."""
    east, north = (sum(place[side] for place in places) / len(places) for side in (0, 1))
    return COMPASS[round(degrees(atan2(east - places[0][0], north - places[0][1])) / 45) % 8]
