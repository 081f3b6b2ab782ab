"""The plan of a walk as it is walked: in that order, at the length it has now, with what falls away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planner.domain.plan_parts import Parts
from planner.domain.timetable import Entry, Timetable
from planner.domain.timing import SEGMENTS
from planner.domain.walks import PlannedPart


@dataclass(frozen=True, slots=True)
class WalkedPart:
    """`begins_min` None: it falls away. `pin_kept` False: it is pinned, and comes at another minute or place. `at_end`:
    done where the way ends."""

    part: PlannedPart
    begins_min: int | None
    pin_kept: bool = True
    at_end: bool = False

    @property
    def falls_away(self) -> bool:
        return self.begins_min is None


def walked_plan(parts: Parts, table: Timetable) -> tuple[WalkedPart, ...]:
    """What is done, in order of time, then what falls away. A talk that a pin cuts in two stands there twice."""
    planned = {part.exercise_id: part for part in parts if part.exercise_id is not None}
    walked = [
        _walked(planned.get(entry.exercise_id or 0), entry, table)
        for entry in table.entries
        if entry.what in SEGMENTS and entry.minutes
    ]
    there = {one.part.exercise_id for one in walked}
    gone = (WalkedPart(part, None) for number, part in planned.items() if number not in there)
    return (*walked, *gone)


def _walked(part: PlannedPart | None, entry: Entry, table: Timetable) -> WalkedPart:
    at_end = table.at_the_end(entry)
    if part is None:
        return WalkedPart(PlannedPart(entry.what, entry.minutes), entry.at_min, at_end=at_end)
    at_minute, at_place = part.at_minute == entry.at_min, part.waypoint_id == entry.waypoint_id
    kept = at_place if part.at_minute is None else at_minute
    return WalkedPart(replace(part, minutes=entry.minutes), entry.at_min, kept, at_end)
