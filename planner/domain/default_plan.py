"""The shape of a new plan, before the coach changes it."""

from __future__ import annotations

from collections.abc import Sequence

from planner.domain.exercises import OUTDOORS
from planner.domain.practices import BUFFER_MINUTES
from planner.domain.timing import (
    CHECKIN_AT_MINUTES,
    TALK_SOFT_MAX_MINUTES,
    Part,
    PlannedExercise,
)

ARRIVE_MINUTES = 10
ARRIVE_AT_LEAST_MINUTES = 3
SILENT_MINUTES = 5
LONG_WALK_MINUTES = 45
MOST_SILENT_MINUTES = 20
CHECKIN_MINUTES = 1


def default_parts(
    minutes: int,
    exercises: Sequence[PlannedExercise] = (),
    setting: str = OUTDOORS,
    phase: str | None = None,
    buffer_minutes: int = BUFFER_MINUTES,
) -> tuple[Part, ...]:
    """Outdoors: walk and talk, one silent stretch, the exercises, walk and talk, with a check-in at minute
    20; elsewhere: a check-in, the exercises, and talking while sitting.

    Never more than the minutes less the buffer. An exercise that does not fit even at its shortest is left
    out; the others keep their order. In the crisis phase exercises are at their shortest.
    """
    available = max(0, minutes - buffer_minutes)
    if setting == OUTDOORS:
        return _outdoors(available, exercises, phase)
    return _indoors(available, exercises, phase)


def _outdoors(available: int, exercises: Sequence[PlannedExercise], phase: str | None) -> tuple[Part, ...]:
    checkin = CHECKIN_MINUTES if available > CHECKIN_AT_MINUTES else 0
    silent = min(SILENT_MINUTES if available < LONG_WALK_MINUTES else 2 * SILENT_MINUTES, available // 3)
    done = _exercise_parts(exercises, available - checkin - silent - ARRIVE_AT_LEAST_MINUTES, phase)
    talk = available - checkin - silent - sum(part.minutes for part in done)
    longer = max(0, min(talk + checkin - TALK_SOFT_MAX_MINUTES, MOST_SILENT_MINUTES - silent))
    silent, talk = silent + longer, talk - longer
    arrive = min(ARRIVE_MINUTES, (talk + 1) // 2)
    parts = (
        Part("walk_talk", arrive),
        Part("silent", silent),
        *done,
        Part("walk_talk", talk - arrive),
    )
    return _with_checkin([part for part in parts if part.minutes], checkin)


def _with_checkin(parts: Sequence[Part], checkin: int) -> tuple[Part, ...]:
    """At minute 20, or as soon after it as an exercise or a silence ends. A talk is cut in two there."""
    if not checkin:
        return tuple(parts)
    placed: list[Part] = []
    minute, waiting = 0, True
    for part in parts:
        before = CHECKIN_AT_MINUTES - minute
        if waiting and part.segment == "walk_talk" and 0 < before < part.minutes:
            placed += [
                Part("walk_talk", before),
                Part("checkin", checkin),
                Part("walk_talk", part.minutes - before),
            ]
            waiting = False
        elif waiting and before <= 0:
            placed += [Part("checkin", checkin), part]
            waiting = False
        else:
            placed.append(part)
        minute += part.minutes
    return (*placed, Part("checkin", checkin)) if waiting else tuple(placed)


def _indoors(available: int, exercises: Sequence[PlannedExercise], phase: str | None) -> tuple[Part, ...]:
    checkin = min(CHECKIN_MINUTES, available)
    done = _exercise_parts(exercises, available - checkin, phase)
    talk = available - checkin - sum(part.minutes for part in done)
    parts = (Part("checkin", checkin, still=True), *done, Part("bench", talk, still=True))
    return tuple(part for part in parts if part.minutes)


def _exercise_parts(exercises: Sequence[PlannedExercise], room: int, phase: str | None) -> tuple[Part, ...]:
    """Each at the middle of its minutes while that fits, else all at their shortest."""
    chosen, left = [], room
    for exercise in exercises:
        if exercise.min_minutes <= left:
            chosen.append(exercise)
            left -= exercise.min_minutes
    usual = [(exercise.min_minutes + exercise.max_minutes) // 2 for exercise in chosen]
    if phase == "crisis" or sum(usual) > room:
        usual = [exercise.min_minutes for exercise in chosen]
    return tuple(
        Part("exercise", minutes, exercise.exercise_id, exercise.kind, exercise.still)
        for exercise, minutes in zip(chosen, usual, strict=True)
    )
