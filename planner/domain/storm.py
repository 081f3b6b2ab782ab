"""A storm day: what may be done with each walk in bad weather, and what becomes of its plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from planner.domain.default_plan import ARRIVE_AT_LEAST_MINUTES
from planner.domain.exercises import INDOORS, ONLINE, OUTDOORS, PHONE, ExerciseFacts
from planner.domain.plan_parts import Parts, lay
from planner.domain.practices import BUFFER_MINUTES, MIN_WALK_MINUTES

KEEP, MOVE, SHORTEN, CANCEL = "keep", "move", "shorten", "cancel"
STORM_CHOICES = (KEEP, MOVE, SHORTEN, INDOORS, ONLINE, PHONE, CANCEL)
ELSEWHERE = frozenset({INDOORS, ONLINE, PHONE})
STORM_PROBLEMS = ("changed", "taken", "no_hour", "no_phone")
"""Why a choice is refused. changed: the walk is another one than the coach saw. taken: another walk has that hour,
or another calendar. no_hour: that hour is not there, or over. no_phone: there is no number to call."""
MOST_DAYS = 14


def too_long(first_on: date, last_on: date) -> bool:
    return (last_on - first_on).days >= MOST_DAYS


def shorter(minutes: int) -> int | None:
    """The length that is offered: about half, in steps of five; None for a walk that is as short as one may be."""
    if minutes <= MIN_WALK_MINUTES:
        return None
    return max(MIN_WALK_MINUTES, minutes // 10 * 5)


def plan_for(
    exercises: Sequence[ExerciseFacts],
    minutes: int,
    setting: str,
    phase: str | None,
    for_client: Collection[int],
) -> Parts:
    """The plan laid anew for another length or setting. Exercises that cannot be done there, or do not fit in the time,
    fall away, the last ones first."""
    room = minutes - BUFFER_MINUTES - (ARRIVE_AT_LEAST_MINUTES if setting == OUTDOORS else 1)
    kept = []
    for one in exercises:
        if one.allows(setting) and one.minutes_min <= room:
            kept.append(one)
            room -= one.minutes_min
    return lay(minutes, kept, setting, phase, for_client)
