"""Where a line nearly touches itself: there a walk can be made shorter without leaving a known path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import ceil

from planner.domain.geo import Point, Segments, distance_m, flat, length_m, point_at

TOUCHES_M, LEAST_LEFT_OUT_M = 25.0, 300.0
STEP_M, MOST_STEPS, MOST_PAIRS = 20.0, 1000, 50_000
"""The line is looked at every so many metres, at so many places and pairs of places at most."""
REST_SHARES = (0.35, 0.85)
SHORT_SHARE = 2 / 3
"""How much of a walk is left in a good shorter one."""


@dataclass(frozen=True, slots=True)
class Touch:
    """Two places on a line that lie near each other with a long way between them. `same_way`: what is left without
    that way goes out and comes back along one path."""

    first_m: float
    last_m: float
    across_m: float
    same_way: bool


def touching(segments: Segments) -> tuple[Touch, ...]:
    """Self-contacts that leave a fair part of the walk, the best shorter walk first."""
    whole = length_m(segments)
    steps = list(_steps(segments, max(STEP_M, whole / MOST_STEPS)))
    found = []
    for one, other in islice(_near_pairs([place for _along, place in steps]), MOST_PAIRS):
        (first_m, start), (last_m, end) = steps[one], steps[other]
        between_m = last_m - first_m
        if between_m <= LEAST_LEFT_OUT_M:
            continue
        across_m = distance_m(start, end)
        rest = (whole - between_m + across_m) / whole
        if across_m < TOUCHES_M and REST_SHARES[0] <= rest <= REST_SHARES[1]:
            found.append((abs(rest - SHORT_SHARE), first_m, last_m, across_m))
    return tuple(Touch(*touch[1:], _same_way(segments, whole, *touch[1:3])) for touch in sorted(found)[:5])


def _same_way(segments: Segments, whole_m: float, first_m: float, last_m: float) -> bool:
    back_m = whole_m - last_m
    if abs(back_m - first_m) > 2 * TOUCHES_M:
        return False
    halves = (share * min(first_m, back_m) for share in (0.3, 0.5, 0.7))
    return all(
        distance_m(point_at(segments, at), point_at(segments, whole_m - at)) < 2 * TOUCHES_M for at in halves
    )


def _steps(segments: Segments, step_m: float) -> Iterator[tuple[float, Point]]:
    """Places along the line, none farther than a step from the next, with their metres."""
    walked = 0.0
    for line in segments:
        for one, other in pairwise(line):
            leg = distance_m(one, other)
            pieces = max(1, ceil(leg / step_m))
            for piece in range(pieces):
                share = piece / pieces
                east = one.longitude + share * (other.longitude - one.longitude)
                yield (
                    walked + share * leg,
                    Point(one.latitude + share * (other.latitude - one.latitude), east),
                )
            walked += leg
        yield walked, line[-1]


def _near_pairs(places: Sequence[Point]) -> Iterator[tuple[int, int]]:
    """Numbers of places in the same or a neighbouring square of so many metres."""
    if not places:
        return
    squares: dict[tuple[int, int], list[int]] = {}
    for number, (east, north) in enumerate(flat(places, places[0])):
        x, y = int(east // TOUCHES_M), int(north // TOUCHES_M)
        for square in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            yield from ((other, number) for other in squares.get(square, ()))
        squares.setdefault((x, y), []).append(number)
