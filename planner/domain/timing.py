"""A walk on the clock: walking time, the parts of a plan, and what does not fit.

Minutes are whole in a plan; walking times are worked out to the tenth. Nothing here walls: it hands
back hints as codes with numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import floor

from planner.domain.exercises import DOING_KINDS, OUTDOORS, ExerciseFacts
from planner.domain.practices import BUFFER_MINUTES

DEFAULT_PACE_KMH = 4.0
TALK_SOFT_MAX_MINUTES = 50
GREEN_MINUTES = 20
CHECKIN_AT_MINUTES = 20
CRISIS_MINUTES = (20, 30)
TINY = 1e-6

SEGMENTS = ("walk_talk", "silent", "exercise", "bench", "checkin")
"""`bench` is talking while sitting: on a bench outdoors, on a chair elsewhere."""
HINTS = ("time_over", "exercises_over", "crisis_long", "talking_long", "green_short", "no_silence")
"""Every code a plan can be given, most pressing first."""


def limited(minutes: int, phase: str | None, most_minutes: int | None = None) -> int:
    """No longer than the client wants, and in the crisis phase no longer than is often enough (decision 25)."""
    limits = (most_minutes, CRISIS_MINUTES[1] if phase == "crisis" else None)
    return min([minutes, *(limit for limit in limits if limit)])


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at: a code and its numbers; the words are made elsewhere. `exercise_ids`: which it is about,
    or which to leave out."""

    code: str
    numbers: dict[str, float] = field(default_factory=dict)
    exercise_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedExercise:
    """An exercise as a plan needs it. `still`: done standing or sitting, while the route waits."""

    exercise_id: int
    kind: str
    min_minutes: int
    max_minutes: int
    still: bool = False


def planned(exercise: ExerciseFacts, setting: str = OUTDOORS) -> PlannedExercise:
    """What can be done while walking is done while walking."""
    still = setting != OUTDOORS or "walking" not in exercise.places
    return PlannedExercise(exercise.id, exercise.kind, exercise.minutes_min, exercise.minutes_max, still)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the plan. `kind` is the exercise's kind, absent for the other segments. Pinned: `at_minute` after
    the start, or `waypoint_id`, a point that lies `along_m` metres along the route."""

    segment: str
    minutes: int
    exercise_id: int | None = None
    kind: str | None = None
    still: bool = False
    at_minute: int | None = None
    waypoint_id: int | None = None
    along_m: float | None = None

    @property
    def is_still(self) -> bool:
        """Done standing or sitting: the way does not get shorter meanwhile."""
        return self.still or self.segment == "bench"

    @property
    def is_pinned(self) -> bool:
        """A point that nobody can place pins nothing."""
        return self.at_minute is not None or self.along_m is not None


@dataclass(frozen=True, slots=True)
class Totals:
    """talking + doing + silent = all; still + moving = all. A reflection exercise is talking, not doing."""

    talking_min: int
    doing_min: int
    silent_min: int
    still_min: int
    moving_min: int
    all_min: int


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """Out and back: turn round after so many minutes, so many metres from the start."""

    after_min: int
    along_m: int


@dataclass(frozen=True, slots=True)
class WalkClock:
    """The plan against the clock. `walking_min` is absent for a walk without a measured route; `slack_min`
    is what is left before the buffer, below zero when it does not fit. `whole_min`: what is needed in whole minutes, as
    the warnings count them."""

    available_min: int
    walking_min: float | None
    needed_min: float
    whole_min: int
    slack_min: float
    green_min: int
    totals: Totals
    checkin_at_min: int | None
    turning_point: TurningPoint | None
    hints: tuple[Hint, ...]

    @property
    def way_on_min(self) -> int:
        """Walked on beside the parts, where the route takes longer than they do."""
        return max(0, self.whole_min - self.totals.all_min)

    def left_min(self, planned_minutes: int) -> int:
        """What is left of the walk: the slack that there is, of which the buffer is asked. Below zero: too long."""
        return planned_minutes - self.whole_min


def whole_minutes(minutes: float) -> int:
    """As every page says them: to the nearest, and half a minute upwards."""
    return floor(minutes + 0.5 + TINY)


def walking_minutes(distance_m: float, pace_kmh: float = DEFAULT_PACE_KMH, stop_minutes: float = 0) -> float:
    """60 x km / pace, plus the stops. Height is left out: in the Netherlands it hardly matters."""
    if pace_kmh <= 0:
        raise ValueError("a pace is more than zero")
    return 60 * distance_m / 1000 / pace_kmh + stop_minutes


def turning_point(
    available_min: float, pace_kmh: float, distance_m: float | None = None, still_min: float = 0
) -> TurningPoint:
    """Half of the minutes, standing still taken off, but never past half of a measured route."""
    along = max(0.0, available_min - still_min) / 2 / 60 * pace_kmh * 1000
    if distance_m is not None:
        along = min(along, distance_m / 2)
    return TurningPoint(int(walking_minutes(along, pace_kmh, still_min / 2) + 1e-9), int(along + 1e-9))


def is_doing(part: Part) -> bool:
    """An exercise of any kind but reflection."""
    return part.segment == "exercise" and part.kind in DOING_KINDS


def totals(parts: Iterable[Part]) -> Totals:
    listed = tuple(parts)
    every = sum(part.minutes for part in listed)
    doing = sum(part.minutes for part in listed if is_doing(part))
    silent = sum(part.minutes for part in listed if part.segment == "silent")
    still = sum(part.minutes for part in listed if part.is_still)
    return Totals(every - doing - silent, doing, silent, still, every - still, every)


def needed_minutes(parts: Iterable[Part], walking_min: float | None) -> float:
    """What is done while walking costs no time of its own; standing and sitting comes on top of the route's walking
    time."""
    sums = totals(parts)
    return max(walking_min or 0.0, sums.moving_min) + sums.still_min


def falls_away(
    parts: Sequence[Part], available_min: float, walking_min: float | None = None
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """What is left, and the exercises that fall away until the rest fits, first one first: those that follow in order,
    the last before the others; then the pinned ones, the longest first. One that wins no time stays."""
    loose = [part for part in reversed(parts) if part.segment == "exercise" and not part.is_pinned]
    pinned = [part for part in parts if part.segment == "exercise" and part.is_pinned]
    left: list[Part] = list(parts)
    gone: list[Part] = []
    for part in (*loose, *sorted(pinned, key=lambda part: -part.minutes)):
        needed = needed_minutes(left, walking_min)
        if whole_minutes(needed) <= available_min:
            break
        rest = [one for one in left if one is not part]
        if needed - needed_minutes(rest, walking_min) > TINY:
            left, gone = rest, [*gone, part]
    return tuple(left), tuple(gone)


def walk_clock(
    planned_minutes: int,
    parts: Sequence[Part],
    *,
    setting: str = OUTDOORS,
    distance_m: float | None = None,
    pace_kmh: float = DEFAULT_PACE_KMH,
    green_share: float = 1.0,
    phase: str | None = None,
    buffer_minutes: int = BUFFER_MINUTES,
) -> WalkClock:
    """Whether the route and the parts fit in the planned minutes. `green_share` is how much of the route is green, 0 to
    1."""
    outdoors = setting == OUTDOORS
    available, sums = planned_minutes - buffer_minutes, totals(parts)
    walking = walking_minutes(distance_m, pace_kmh) if outdoors and distance_m is not None else None
    needed = needed_minutes(parts, walking)
    green = int(min(available, needed) * green_share + 1e-9) if outdoors else 0
    return WalkClock(
        available_min=available,
        walking_min=None if walking is None else round(walking, 1),
        needed_min=round(needed, 1),
        whole_min=whole_minutes(needed),
        slack_min=round(available - needed, 1),
        green_min=green,
        totals=sums,
        checkin_at_min=CHECKIN_AT_MINUTES if outdoors and available > CHECKIN_AT_MINUTES else None,
        turning_point=turning_point(available, pace_kmh, distance_m, sums.still_min) if outdoors else None,
        hints=(
            *_time_over(planned_minutes, buffer_minutes, parts, walking),
            *_too_long_for(planned_minutes, phase),
            *_content_hints(sums, green if outdoors else None, available),
        ),
    )


def _time_over(planned: int, buffer: int, parts: Sequence[Part], walking: float | None) -> Iterable[Hint]:
    """That it does not fit, which exercises to leave out, and what that wins."""
    available = planned - buffer
    needed = whole_minutes(needed_minutes(parts, walking))
    over = needed - available
    if over <= 0:
        return
    numbers: dict[str, float] = {
        "planned_min": planned,
        "buffer_min": buffer,
        "needed_min": needed,
        "over_min": over,
    }
    left, gone = falls_away(parts, available, walking)
    if gone:
        rest = whole_minutes(needed_minutes(left, walking))
        numbers["won_min"] = needed - rest
        numbers["left_min"] = max(0, rest - available)
    else:
        numbers[_to_shorten(parts, walking, over)] = over
    yield Hint("time_over", numbers, tuple(part.exercise_id or 0 for part in gone))


def _to_shorten(parts: Sequence[Part], walking: float | None, over: int) -> str:
    """Without an exercise that wins time: talking and silence, where they take longer than the way, or the way."""
    words = sum(part.minutes for part in parts if part.segment != "exercise")
    spare = totals(parts).moving_min - (walking or 0.0)
    return "talk_over_min" if min(spare, words) >= over else "way_over_min"


def _too_long_for(planned: int, phase: str | None) -> Iterable[Hint]:
    most = limited(planned, phase)
    if planned > most:
        yield Hint("crisis_long", {"planned_min": planned, "most_min": most})


def _content_hints(sums: Totals, green_min: int | None, available: int) -> Iterable[Hint]:
    if sums.talking_min > TALK_SOFT_MAX_MINUTES:
        yield Hint("talking_long", {"talking_min": sums.talking_min, "most_min": TALK_SOFT_MAX_MINUTES})
    if green_min is not None and sums.all_min:
        if green_min < GREEN_MINUTES <= available:
            yield Hint("green_short", {"green_min": green_min, "least_min": GREEN_MINUTES})
        if not sums.silent_min:
            yield Hint("no_silence")


def exercises_over(
    planned_minutes: int, exercises: Iterable[PlannedExercise], buffer_minutes: int = BUFFER_MINUTES
) -> Hint | None:
    """When the exercises at their longest do not fit in the planned minutes less the buffer."""
    longest = sum(exercise.max_minutes for exercise in exercises)
    available = planned_minutes - buffer_minutes
    if longest <= available:
        return None
    return Hint("exercises_over", {"exercises_min": longest, "available_min": available})
