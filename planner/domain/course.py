"""How a route is walked: round, out and back, with a part left out, or with a stretch again at the end. Metres that are
walked beside metres along the route, so that a place on the route can be found on the way."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.geo import Point, Segments, length_m, point_at, stretch
from planner.domain.timing import turning_point


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is to walk on. `distance_m` None: nobody measured it. `segments`: the line, empty for a route in
    words. `round`: it ends where it began."""

    distance_m: float | None = None
    segments: Segments = ()
    round: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """`total_m`: walked in all. `turn_m`: where one turns round, in walked metres; `same_way`: the second half is the
    first one backwards. `left_out`: from and to along the route, and how far it is across."""

    total_m: float
    turn_m: float | None = None
    same_way: bool = False
    left_out: tuple[float, float, float] | None = None

    def walked(self, along_m: float) -> tuple[float, ...]:
        """After how many walked metres one comes by a place so far along the route: once, twice or never."""
        at_m = along_m
        if self.left_out is not None:
            first, last, across = self.left_out
            if first < at_m < last:
                return ()
            at_m -= last - first - across if at_m >= last else 0.0
        if self.same_way and self.turn_m is not None:
            return (at_m, self.total_m - at_m) if at_m <= self.turn_m else ()
        return (at_m,) if at_m <= self.total_m else ()


@dataclass(frozen=True, slots=True)
class Way:
    """Where a course goes on the map. `turn`: where one turns round, for a walk out and back."""

    line: Segments = ()
    turn: Point | None = None


def way_on(ground: Ground, course: Course) -> Way:
    """The part of the line that is walked; nothing for a route in words."""
    if not any(ground.segments):
        return Way()
    drawn_m = length_m(ground.segments)
    scale = drawn_m / (ground.distance_m or drawn_m or 1.0)
    if course.same_way and course.turn_m:
        turn_m = course.turn_m * scale
        return Way(stretch(ground.segments, 0.0, turn_m), point_at(ground.segments, turn_m))
    if course.left_out is None:
        return Way(ground.segments)
    before = stretch(ground.segments, 0.0, course.left_out[0] * scale)
    after = stretch(ground.segments, course.left_out[1] * scale, drawn_m)
    if not (before and after):
        return Way(before + after)
    return Way((*before[:-1], before[-1] + after[0], *after[1:]))


def is_whole(ground: Ground, course: Course) -> bool:
    """Whether the line is walked as it is drawn, all of it and once: only then its map is the map of the walk."""
    return course == all_round(ground.distance_m or 0.0)


def all_round(distance_m: float) -> Course:
    return Course(distance_m)


def out_and_back(turn_m: float) -> Course:
    return Course(2 * turn_m, turn_m, same_way=True)


def leaving_out(distance_m: float, first_m: float, last_m: float, across_m: float) -> Course:
    """Round, straight across from one place to another where the line nearly touches itself."""
    return Course(distance_m - (last_m - first_m) + across_m, left_out=(first_m, last_m, across_m))


def with_more(distance_m: float, more_m: float) -> Course:
    """The whole route, then its first stretch again and the same way back."""
    return Course(distance_m + 2 * more_m, distance_m + more_m)


def as_planned(ground: Ground, available_min: float, pace_kmh: float, still_min: float) -> Course:
    """Round where the route is; else out and back, so that one is back in time and never past half of the route."""
    if ground.round and ground.distance_m is not None:
        return all_round(ground.distance_m)
    return out_and_back(turning_point(available_min, pace_kmh, ground.distance_m, still_min).along_m)
