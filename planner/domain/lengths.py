"""Three lengths of one walk from the same meeting place, without a routing engine (weather-routes.md E.5): short, as
planned, and long. Only what can really be walked is offered, and it says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from planner.domain.answers import LENGTHS
from planner.domain.course import (
    Course,
    Ground,
    as_planned,
    leaving_out,
    out_and_back,
    with_more,
)
from planner.domain.geo import length_m
from planner.domain.practices import BUFFER_MINUTES, MAX_WALK_MINUTES, MIN_WALK_MINUTES
from planner.domain.timing import (
    DEFAULT_PACE_KMH,
    TINY,
    Part,
    falls_away,
    is_doing,
    needed_minutes,
    totals,
    turning_point,
    walking_minutes,
)
from planner.domain.touching import SHORT_SHARE, touching

SHORT, NORMAL, LONG = LENGTHS
WAYS = ("as_planned", "turn_back", "shortcut", "further", "again", "other_route")
"""How a length is walked. turn_back: out, and the same way back. shortcut: a part of the round is left out. further:
out and back, turning later. again: the first stretch once more at the end. other_route: a longer one from the same
place."""
LONG_SHARE = 4 / 3
ROUNDED_TO = 5
SAME_START_M = 100.0
LONGER_BY = 1.1
LEAST_TALK_MINUTES = 3


@dataclass(frozen=True, slots=True)
class OtherRoute:
    """A route of the library that starts at the same meeting place."""

    id: int
    ground: Ground


@dataclass(frozen=True, slots=True)
class Outing:
    """A walk outdoors as it is planned. `most_minutes`: the longest that suits this client."""

    minutes: int
    ground: Ground = field(default_factory=Ground)
    parts: tuple[Part, ...] = ()
    pace_kmh: float = DEFAULT_PACE_KMH
    others: tuple[OtherRoute, ...] = ()
    most_minutes: int = MAX_WALK_MINUTES
    buffer_minutes: int = BUFFER_MINUTES

    @property
    def still_min(self) -> int:
        return totals(self.parts).still_min

    @property
    def speed(self) -> float:
        """Metres a minute."""
        return self.pace_kmh * 1000 / 60

    @property
    def course(self) -> Course:
        return as_planned(self.ground, self.minutes - self.buffer_minutes, self.pace_kmh, self.still_min)


@dataclass(frozen=True, slots=True)
class Length:
    """One way to walk it. `parts`: the plan made to fit; `falls_away`: exercises that are not in it. `route_id`: of
    another route."""

    code: str
    minutes: int
    way: str
    course: Course
    parts: tuple[Part, ...] = ()
    falls_away: tuple[int, ...] = ()
    route_id: int | None = None

    @property
    def distance_m(self) -> int:
        return round(self.course.total_m)


def lengths(outing: Outing) -> tuple[Length, ...]:
    """Those that are possible, from short to long; normal always is. A walk that the exercises leave no time for is
    no further by being longer."""
    normal, longer = as_it_is(outing), _long(outing)
    further = longer if longer is not None and longer.distance_m > normal.distance_m else None
    return tuple(one for one in (_short(outing), normal, further) if one is not None)


def as_it_is(outing: Outing) -> Length:
    """The walk in its own minutes; exercises that fall away first are told, not taken out."""
    parts, course = outing.parts, outing.course
    walking = walking_minutes(course.total_m, outing.pace_kmh)
    gone = falls_away(parts, outing.minutes - outing.buffer_minutes, walking)[1]
    return Length(NORMAL, outing.minutes, "as_planned", course, parts, _ids(gone))


def _short(outing: Outing) -> Length | None:
    return _leaving_out(outing) or _turning_back(outing)


def _turning_back(outing: Outing) -> Length | None:
    """Out, and the same way back: always valid, on a path that is known."""
    minutes = max(MIN_WALK_MINUTES, _rounded(outing.minutes * SHORT_SHARE))
    if minutes > outing.minutes - ROUNDED_TO:
        return None
    return _fitted(outing, SHORT, minutes, "turn_back")


def _leaving_out(outing: Outing) -> Length | None:
    """A shorter closed walk, where a round route nearly touches itself."""
    ground = outing.ground
    if not ground.round or ground.distance_m is None or not ground.segments:
        return None
    scale = ground.distance_m / max(length_m(ground.segments), 1.0)
    for touch in touching(ground.segments):
        course = leaving_out(ground.distance_m, touch.first_m * scale, touch.last_m * scale, touch.across_m)
        saved = (ground.distance_m - course.total_m) / outing.speed
        minutes = max(MIN_WALK_MINUTES, _rounded(outing.minutes - saved))
        if minutes <= outing.minutes - ROUNDED_TO:
            way = "turn_back" if touch.same_way else "shortcut"
            return _fitted(outing, SHORT, minutes, way, course)
    return None


def _long(outing: Outing) -> Length | None:
    return _other_route(outing) or _more_of_the_same(outing)


def _other_route(outing: Outing) -> Length | None:
    own = outing.ground.distance_m
    if own is None:
        return None
    longer = [one for one in outing.others if (one.ground.distance_m or 0) >= own * LONGER_BY]
    for other in sorted(longer, key=lambda one: (one.ground.distance_m or 0, one.id)):
        walked = as_planned(other.ground, outing.most_minutes, outing.pace_kmh, outing.still_min)
        minutes = _rounded_up(outing.minutes + (walked.total_m - outing.course.total_m) / outing.speed)
        if outing.minutes + ROUNDED_TO <= minutes <= outing.most_minutes:
            parts = tuple(replace(part, waypoint_id=None, along_m=None) for part in outing.parts)
            found = replace(outing, minutes=minutes, ground=other.ground, parts=parts)
            return replace(_fitted(found, LONG, minutes, "other_route", found.course), route_id=other.id)
    return None


def _more_of_the_same(outing: Outing) -> Length | None:
    """Further on the same path where it goes on, else a stretch of it again."""
    minutes = min(_rounded(outing.minutes * LONG_SHARE), outing.most_minutes)
    if minutes < outing.minutes + ROUNDED_TO:
        return None
    ground, normal = outing.ground, outing.course
    if ground.distance_m is None:
        return _fitted(outing, LONG, minutes, "further")
    walked_m = (minutes - outing.buffer_minutes - outing.still_min) * outing.speed
    known_m = ground.distance_m if ground.segments and not ground.round else 0.0
    if walked_m <= normal.total_m:
        return None
    if known_m and walked_m / 2 <= known_m:
        return _fitted(outing, LONG, minutes, "further", out_and_back(walked_m / 2))
    more_m = min((walked_m - normal.total_m) / 2, normal.total_m / 2)
    return _fitted(outing, LONG, minutes, "again", with_more(normal.total_m, more_m))


def _fitted(outing: Outing, code: str, minutes: int, way: str, course: Course | None = None) -> Length:
    """The plan made to fit in so many minutes. Without a course: out and back by the clock."""
    available = minutes - outing.buffer_minutes
    if course is not None:
        parts, gone = fitting(outing.parts, available, walking_minutes(course.total_m, outing.pace_kmh))
        return Length(code, minutes, way, course, parts, gone)
    parts, gone = fitting(outing.parts, available)
    limit = outing.course.total_m if way == "turn_back" else None
    turn = turning_point(available, outing.pace_kmh, limit, totals(parts).still_min)
    return Length(code, minutes, way, out_and_back(turn.along_m), parts, gone)


def fitting(
    parts: Sequence[Part], available_min: float, walking_min: float | None = None
) -> tuple[tuple[Part, ...], tuple[int, ...]]:
    """The plan for another length, and the exercises that fall away. First the talks get shorter, down to half; then
    exercises go, but for one to do that fits when the talks are as short as can be: to talk only is not this method
    (domain A6). What is free after that is for talking."""
    shorter = _talks(parts, available_min, walking_min, 0.5)
    left, gone = falls_away(shorter, available_min, walking_min)
    kept = None if any(is_doing(part) for part in left) else _kept(gone, parts, available_min, walking_min)
    if kept is not None:
        left, gone = _with(kept, shorter, gone, available_min, walking_min)
    if needed_minutes(left, walking_min) > available_min:
        left = _talks(left, available_min, walking_min, 0.0)
    spare = int(available_min - max(needed_minutes(left, walking_min), totals(left).all_min))
    stays = {part.exercise_id for part in left}
    return _talking_more(left, spare), tuple(one for one in _ids(gone) if one not in stays)


def _kept(
    gone: Sequence[Part], parts: Sequence[Part], available_min: float, walking_min: float | None
) -> Part | None:
    """Of the exercises that would fall away, the shortest to do that fits beside what is no exercise; of equal ones the
    one that would have gone last."""
    rest = [part for part in parts if part.segment != "exercise"]
    for one in sorted((part for part in reversed(gone) if is_doing(part)), key=lambda part: part.minutes):
        shortest = _talks([*rest, one], available_min, walking_min, 0.0)
        if needed_minutes(shortest, walking_min) - available_min <= TINY:
            return one
    return None


def _with(
    kept: Part, parts: Sequence[Part], gone: Sequence[Part], available_min: float, walking_min: float | None
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """That exercise stays after all; where the time is too short for both, instead of those to talk about."""
    less = [part for part in gone if part is not kept]
    left = tuple(part for part in parts if not any(part is one for one in less))
    if needed_minutes(_talks(left, available_min, walking_min, 0.0), walking_min) - available_min <= TINY:
        return left, tuple(less)
    others = [part for part in left if part.segment == "exercise" and part is not kept]
    return tuple(part for part in left if not any(part is one for one in others)), (*less, *others)


def _talks(
    parts: Sequence[Part], available_min: float, walking_min: float | None, share: float
) -> tuple[Part, ...]:
    """Talks made shorter from the last to the first, as far as needed and as far as that wins time."""
    left = list(parts)
    for number in reversed(range(len(left))):
        part = left[number]
        if part.segment not in ("walk_talk", "bench"):
            continue
        over = ceil(round(needed_minutes(left, walking_min) - available_min, 3))
        if not part.is_still:
            over = min(over, ceil(totals(left).moving_min - (walking_min or 0.0)))
        if over > 0:
            least = max(LEAST_TALK_MINUTES, ceil(part.minutes * share))
            left[number] = replace(part, minutes=max(min(part.minutes, least), part.minutes - over))
    return tuple(left)


def _talking_more(parts: Sequence[Part], minutes: int) -> tuple[Part, ...]:
    talks = [number for number, part in enumerate(parts) if part.segment == "walk_talk"]
    if minutes <= 0 or not talks:
        return tuple(parts)
    last, longer = talks[-1], parts[talks[-1]]
    return (*parts[:last], replace(longer, minutes=longer.minutes + minutes), *parts[last + 1 :])


def _ids(parts: Iterable[Part]) -> tuple[int, ...]:
    return tuple(part.exercise_id for part in parts if part.exercise_id is not None)


def _rounded(minutes: float) -> int:
    return ROUNDED_TO * round(minutes / ROUNDED_TO)


def _rounded_up(minutes: float) -> int:
    return ROUNDED_TO * ceil(round(minutes / ROUNDED_TO, 6))
