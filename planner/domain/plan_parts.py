"""The parts of a plan while the coach shapes it: laid out anew, moved, taken out, added. Pure and without loss: an
exercise the coach chose stays in the plan, whether it fits or not; the clock says so (timing)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from planner.domain.default_plan import ARRIVE_AT_LEAST_MINUTES, default_parts
from planner.domain.exercises import OUTDOORS, ExerciseFacts
from planner.domain.practices import BUFFER_MINUTES
from planner.domain.timing import planned
from planner.domain.walks import PlannedPart

MOST_PARTS = 20
USUAL_MINUTES = {"walk_talk": 10, "silent": 5, "bench": 10, "checkin": 1}
TALKING = ("walk_talk", "bench")
Parts = tuple[PlannedPart, ...]
Pin = tuple[int | None, int | None]
"""A minute after the start, a point of the route; at most one of them."""
NO_PIN: Pin = (None, None)


def lay(
    minutes: int,
    exercises: Sequence[ExerciseFacts],
    setting: str = OUTDOORS,
    phase: str | None = None,
    for_client: Collection[int] = (),
) -> Parts:
    """The default plan (decision 25) with exactly these exercises, in this order."""
    laid = default_parts(minutes, [planned(one, setting) for one in exercises], setting, phase)
    parts = [PlannedPart(part.segment, part.minutes, part.exercise_id) for part in laid]
    if sum(part.exercise_id is not None for part in parts) < len(exercises):
        parts = _tight(minutes - BUFFER_MINUTES, exercises, setting)
    return _shown(parts, for_client)


def _tight(available: int, exercises: Sequence[ExerciseFacts], setting: str) -> list[PlannedPart]:
    """More than fits: every exercise at its shortest, after a moment to arrive, and silence in what is left."""
    outdoors = setting == OUTDOORS
    arrive = ARRIVE_AT_LEAST_MINUTES if outdoors else USUAL_MINUTES["checkin"]
    left = available - arrive - sum(one.minutes_min for one in exercises)
    silent = min(USUAL_MINUTES["silent"], max(left, 0))
    parts = [
        PlannedPart("walk_talk" if outdoors else "checkin", arrive),
        PlannedPart("silent", silent),
        *(PlannedPart("exercise", one.minutes_min, one.id) for one in exercises),
        PlannedPart("walk_talk" if outdoors else "bench", left - silent),
    ]
    return [part for part in parts if part.minutes > 0]


def _place_for_more(parts: Sequence[PlannedPart]) -> int:
    """Before the talk the plan ends with, if it ends with one."""
    ends_talking = len(parts) > 1 and parts[-1].segment in TALKING
    return len(parts) - 1 if ends_talking else len(parts)


def _shown(parts: Iterable[PlannedPart], for_client: Collection[int]) -> Parts:
    return tuple(replace(part, for_client=part.exercise_id in for_client) for part in parts)


def fitted(parts: Parts, exercises: Sequence[ExerciseFacts], for_client: Collection[int]) -> Parts:
    """The coach's own parts with exactly these exercises: the ones taken out are gone, new ones come before the last
    talk; in the order of `exercises` where that differs."""
    by_id = {one.id: one for one in exercises}
    kept = [part for part in parts if part.exercise_id is None or part.exercise_id in by_id]
    have = [part for part in kept if part.exercise_id is not None]
    new = [
        PlannedPart("exercise", _usual(one), one.id)
        for one in exercises
        if one.id not in {part.exercise_id for part in have}
    ]
    at = _place_for_more(kept)
    kept[at:at] = new
    ordered = iter(sorted([*have, *new], key=lambda part: list(by_id).index(part.exercise_id or 0)))
    return _shown([part if part.exercise_id is None else next(ordered) for part in kept], for_client)


def _usual(exercise: ExerciseFacts) -> int:
    return (exercise.minutes_min + exercise.minutes_max) // 2


def moved(parts: Parts, at: int, steps: int) -> Parts:
    """One part a place earlier (-1) or later (1). Past either end nothing changes."""
    to = at + steps
    if not (0 <= at < len(parts) and 0 <= to < len(parts)):
        return parts
    order = list(parts)
    order.insert(to, order.pop(at))
    return tuple(order)


def without(parts: Parts, at: int) -> Parts:
    return tuple(part for number, part in enumerate(parts) if number != at)


def with_exercise(parts: Parts, exercise: ExerciseFacts) -> Parts:
    """One exercise more, before the last talk; one that is there already is not added again."""
    if any(part.exercise_id == exercise.id for part in parts) or len(parts) >= MOST_PARTS:
        return parts
    at = _place_for_more(parts)
    return (*parts[:at], PlannedPart("exercise", _usual(exercise), exercise.id), *parts[at:])


def with_segment(parts: Parts, segment: str) -> Parts:
    """A stretch more at the end, as long as such a stretch usually is."""
    if segment not in USUAL_MINUTES or len(parts) >= MOST_PARTS:
        return parts
    return (*parts, PlannedPart(segment, USUAL_MINUTES[segment]))


def pins_of(parts: Parts) -> dict[int, Pin]:
    """What each pinned exercise is pinned to."""
    return {
        part.exercise_id: (part.at_minute, part.waypoint_id)
        for part in parts
        if part.exercise_id is not None and (part.at_minute, part.waypoint_id) != NO_PIN
    }


def pinned(parts: Parts, pins: Mapping[int, Pin]) -> Parts:
    """The plan with its exercises pinned like this, and nothing else."""
    return tuple(
        replace(part, at_minute=at_minute, waypoint_id=waypoint_id)
        for part in parts
        for at_minute, waypoint_id in [pins.get(part.exercise_id or 0, NO_PIN)]
    )
