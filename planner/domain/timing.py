"""A walk on the clock: walking time, the parts of a plan, and what does not fit.

Minutes are whole in a plan; walking times are worked out to the tenth. Nothing here walls: it hands
back hints as codes with numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from planner.domain.exercises import DOING_KINDS, OUTDOORS, ExerciseFacts
from planner.domain.practices import BUFFER_MINUTES

DEFAULT_PACE_KMH = 4.0
TALK_SOFT_MAX_MINUTES = 50
GREEN_MINUTES = 20
CHECKIN_AT_MINUTES = 20
CRISIS_MINUTES = (20, 30)

SEGMENTS = ("walk_talk", "silent", "exercise", "bench", "checkin")
"""`bench` is talking while sitting: on a bench outdoors, on a chair elsewhere."""
HINTS = ("time_over", "exercises_over", "crisis_long", "talking_long", "green_short", "no_silence")
"""Every code a plan can be given, most pressing first."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to look at: a code and its numbers; the words are made elsewhere."""

    code: str
    numbers: dict[str, float] = field(default_factory=dict)


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
    """A stretch of the plan. `kind` is the exercise's kind, absent for the other segments."""

    segment: str
    minutes: int
    exercise_id: int | None = None
    kind: str | None = None
    still: bool = False


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
class WalkPart:
    """A part with its place on the clock, in minutes after the start."""

    part: Part
    from_min: int
    to_min: int


@dataclass(frozen=True, slots=True)
class WalkClock:
    """The plan against the clock. `walking_min` is absent for a walk without a measured route; `slack_min`
    is what is left before the buffer, below zero when it does not fit."""

    available_min: int
    walking_min: float | None
    needed_min: float
    slack_min: float
    green_min: int
    totals: Totals
    parts: tuple[WalkPart, ...]
    checkin_at_min: int | None
    turning_point: TurningPoint | None
    hints: tuple[Hint, ...]


def walking_minutes(distance_m: float, pace_kmh: float = DEFAULT_PACE_KMH, stop_minutes: float = 0) -> float:
    """60 x km / pace, plus the stops. Height is left out: in the Netherlands it hardly matters."""
    if pace_kmh <= 0:
        raise ValueError("a pace is more than zero")
    return 60 * distance_m / 1000 / pace_kmh + stop_minutes


def minute_at(
    along_m: float, pace_kmh: float = DEFAULT_PACE_KMH, stops: Iterable[tuple[float, float]] = ()
) -> float:
    """When one is at this place: walking time plus the stops (metres along, minutes) before it."""
    return walking_minutes(along_m, pace_kmh, sum(minutes for at_m, minutes in stops if at_m < along_m))


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
    still = sum(part.minutes for part in listed if _is_still(part))
    return Totals(every - doing - silent, doing, silent, still, every - still, every)


def _is_still(part: Part) -> bool:
    return part.still or part.segment == "bench"


def on_the_clock(parts: Iterable[Part]) -> tuple[WalkPart, ...]:
    placed, minute = [], 0
    for part in parts:
        placed.append(WalkPart(part, minute, minute + part.minutes))
        minute += part.minutes
    return tuple(placed)


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
    """Whether the route and the parts fit in the planned minutes.

    What is done while walking costs no time of its own; standing and sitting comes on top of the route's
    walking time. `green_share` is how much of the route is green, 0 to 1.
    """
    outdoors = setting == OUTDOORS
    available, sums = planned_minutes - buffer_minutes, totals(parts)
    walking = walking_minutes(distance_m, pace_kmh) if outdoors and distance_m is not None else None
    needed = max(walking or 0.0, sums.moving_min) + sums.still_min
    green = int(min(available, needed) * green_share + 1e-9) if outdoors else 0
    return WalkClock(
        available_min=available,
        walking_min=None if walking is None else round(walking, 1),
        needed_min=round(needed, 1),
        slack_min=round(available - needed, 1),
        green_min=green,
        totals=sums,
        parts=on_the_clock(parts),
        checkin_at_min=CHECKIN_AT_MINUTES if outdoors and available > CHECKIN_AT_MINUTES else None,
        turning_point=turning_point(available, pace_kmh, distance_m, sums.still_min) if outdoors else None,
        hints=(
            *_length_hints(planned_minutes, buffer_minutes, needed, phase),
            *_content_hints(sums, green if outdoors else None, available),
        ),
    )


def _length_hints(planned: int, buffer_minutes: int, needed: float, phase: str | None) -> Iterable[Hint]:
    over = ceil(round(needed - (planned - buffer_minutes), 3))
    if over > 0:
        numbers = {"planned_min": planned, "buffer_min": buffer_minutes, "needed_min": ceil(round(needed, 3))}
        yield Hint("time_over", {**numbers, "over_min": over})
    if phase == "crisis" and planned > CRISIS_MINUTES[1]:
        yield Hint("crisis_long", {"planned_min": planned, "most_min": CRISIS_MINUTES[1]})


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
