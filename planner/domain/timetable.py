"""A walk minute by minute: what comes when and where, with what is pinned to a minute or to a point of the route.

What is not pinned follows in order. A pin never fails: where it cannot be kept, the part comes as near as it can, and a
hint says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from math import floor

from planner.domain.course import Course
from planner.domain.timing import SEGMENTS, TINY, Hint, Part
from planner.domain.when import ZONE, moment_to_local

WALK_ON, POINT, TURN, END = "walk_on", "point", "turn", "end"
ENTRIES = (*SEGMENTS, WALK_ON, POINT, TURN, END)
"""What stands in a timetable: parts of the plan, the rest of the way, places one comes by, turning round, the end."""
PIN_HINTS = ("pin_late", "pin_passed", "pin_after_end", "pin_off_way", "pins_together")
NEAR_M = 1.0
LATE_MIN = 0.5
"""Half a minute is no delay."""


@dataclass(frozen=True, slots=True)
class Passing:
    """A point of the route and how far along it lies."""

    waypoint_id: int
    along_m: float


@dataclass(frozen=True, slots=True)
class Entry:
    """`what`: a code of ENTRIES. Minutes after the start; metres walked, None where nobody walks. `exercise_id`,
    `waypoint_id`: which one, where it is one."""

    what: str
    from_min: float
    to_min: float
    from_m: float | None = None
    to_m: float | None = None
    exercise_id: int | None = None
    waypoint_id: int | None = None

    @property
    def at_min(self) -> int:
        """Whole minutes; later is never less."""
        return _whole(self.from_min)

    @property
    def minutes(self) -> int:
        return _whole(self.to_min) - _whole(self.from_min)

    def at_local(self, starts_at: datetime, zone: str = ZONE) -> datetime:
        """What the clock on the wall says then, also over a clock change."""
        return moment_to_local(starts_at + timedelta(minutes=self.at_min), zone)


@dataclass(frozen=True, slots=True)
class Timetable:
    """In order of time; the last entry is the end."""

    entries: tuple[Entry, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def total_min(self) -> float:
        return self.entries[-1].to_min if self.entries else 0.0


def _whole(minutes: float) -> int:
    return floor(minutes + 0.5 + TINY)


def timetable(
    parts: Sequence[Part],
    *,
    available_min: float,
    course: Course | None = None,
    pace_kmh: float = 4.0,
    points: Iterable[Passing] = (),
    checkin_at_min: int | None = None,
) -> Timetable:
    """`course` None: nobody walks. `checkin_at_min`: when to look in, where the plan has no part for that."""
    walk = _Walk(course, pace_kmh * 1000 / 60)
    pins, loose, hints = _pins(parts, available_min, course)
    hints += walk.all(pins, loose)
    if not any(part.segment == "checkin" for part in parts) and checkin_at_min is not None:
        walk.mark("checkin", walk.at_minute(checkin_at_min))
    if course is not None:
        there = {entry.waypoint_id for entry in walk.entries}
        for point in points:
            if point.waypoint_id not in there:
                walk.mark(POINT, walk.at_metre(course.walked(point.along_m)), point.waypoint_id)
        if course.turn_m:
            walk.mark(TURN, walk.at_metre((course.turn_m,)))
    walk.entries.sort(key=lambda entry: entry.from_min)
    walk.mark(END, (walk.minute, walk.metre))
    return Timetable(tuple(walk.entries), tuple(hints))


def _pins(
    parts: Sequence[Part], available_min: float, course: Course | None
) -> tuple[list[Part], list[Part], list[Hint]]:
    """Which parts are pinned, which follow in order, and what is wrong with the pins."""
    pins: list[Part] = []
    loose: list[Part] = []
    hints: list[Hint] = []
    for part in map(replace, parts):  # each an object of its own: the same stretch may stand in a plan twice
        code = _cannot_be(part, available_min, course) if part.is_pinned else None
        if code is not None:
            hints.append(Hint(code, _numbers(part), _about(part)))
        (pins if part.is_pinned and code is None else loose).append(part)
    for one, other in combinations(pins, 2):
        if (one.at_minute, one.along_m) == (other.at_minute, other.along_m):
            hints.append(Hint("pins_together", {}, (*_about(one), *_about(other))))
    return pins, loose, hints


def _cannot_be(part: Part, available_min: float, course: Course | None) -> str | None:
    if part.at_minute is not None:
        return "pin_after_end" if part.at_minute >= available_min else None
    if course is None or part.along_m is None or not course.walked(part.along_m):
        return "pin_off_way"
    return None


def _numbers(part: Part) -> dict[str, float]:
    return {} if part.at_minute is None else {"at_min": part.at_minute}


def _about(part: Part) -> tuple[int, ...]:
    return () if part.exercise_id is None else (part.exercise_id,)


class _Walk:
    """Somebody who walks the plan. `speed`: metres a minute."""

    def __init__(self, course: Course | None, speed: float) -> None:
        self.course, self.speed = course, speed
        self.minute = self.metre = 0.0
        self.entries: list[Entry] = []
        self._cut: dict[int, float] = {}  # minutes of a talk that were walked already, by its object

    def all(self, pins: list[Part], loose: list[Part]) -> list[Hint]:
        """Every part, then the rest of the way."""
        hints, waiting, queue = [], list(pins), list(loose)
        while waiting:
            pin = min(waiting, key=self.minutes_until)
            gap = self.minutes_until(pin)
            if gap > TINY:
                self._towards(gap, queue, by_clock=pin.at_minute is not None)
                continue
            waiting.remove(pin)
            alone = all(
                (pin.at_minute, pin.along_m) != (one.at_minute, one.along_m) for one in pins if one is not pin
            )
            if alone and (code := self._missed(pin, gap)):
                hints.append(Hint(code, {**_numbers(pin), "begins_min": _whole(self.minute)}, _about(pin)))
            self.do(pin)
        for part in queue:
            self.do(part)
        if self.course is not None and self.course.total_m - self.metre > NEAR_M:
            self._go(WALK_ON, (self.course.total_m - self.metre) / self.speed)
        return hints

    def minutes_until(self, pin: Part) -> float:
        """Of walking without a stop; below zero when it is too late for a minute, minus infinity for a place that is
        behind."""
        if pin.at_minute is not None:
            return pin.at_minute - self.minute
        ahead = [at for at in self._passings(pin) if at >= self.metre - NEAR_M]
        return (ahead[0] - self.metre) / self.speed if ahead else float("-inf")

    def _passings(self, pin: Part) -> tuple[float, ...]:
        return self.course.walked(pin.along_m) if self.course and pin.along_m is not None else ()

    def _missed(self, pin: Part, gap: float) -> str | None:
        if pin.at_minute is None:
            return "pin_passed" if gap == float("-inf") else None
        return "pin_late" if -gap > LATE_MIN else None

    def _towards(self, gap: float, queue: list[Part], *, by_clock: bool) -> None:
        """One step nearer to a pin that is `gap` minutes of walking away: the next part when it fits in, else a piece
        of a talk, else just walking on."""
        first = queue[0] if queue else None
        if first is not None and (self._left(first) <= gap + TINY or (first.is_still and not by_clock)):
            self.do(queue.pop(0))
            return
        talks = ("walk_talk", "bench") if by_clock else ("walk_talk",)
        talk = next((part for part in queue if part.segment in talks), None)
        if talk is not None:
            self._piece(queue, talk, gap)
        elif first is not None and by_clock:
            self.do(queue.pop(0))
        else:
            self._go(WALK_ON, gap)

    def _piece(self, queue: list[Part], part: Part, minutes: float) -> None:
        """So many minutes of that talk now; what is left of it stays in its place."""
        left = self._left(part)
        spent = min(minutes, left)
        self._go(part.segment, spent, still=part.is_still)
        self._cut[id(part)] = self._cut.get(id(part), 0.0) + spent
        if left - spent <= TINY:
            queue[:] = [one for one in queue if one is not part]

    def _left(self, part: Part) -> float:
        return part.minutes - self._cut.get(id(part), 0.0)

    def do(self, part: Part) -> None:
        where = part.waypoint_id if part.along_m is not None else None
        self._go(part.segment, self._left(part), part.exercise_id, where, still=part.is_still)

    def _go(
        self,
        what: str,
        minutes: float,
        exercise_id: int | None = None,
        waypoint_id: int | None = None,
        *,
        still: bool = False,
    ) -> None:
        to_min, from_m, to_m = self.minute + minutes, self.metre, self.metre
        if self.course is not None and not still:
            to_m = max(from_m, min(self.course.total_m, from_m + minutes * self.speed))
        entry = Entry(what, self.minute, to_min, from_m, to_m, exercise_id, waypoint_id)
        self.entries.append(entry if self.course is not None else replace(entry, from_m=None, to_m=None))
        self.minute, self.metre = to_min, to_m

    def mark(self, what: str, at: tuple[float, float] | None, waypoint_id: int | None = None) -> None:
        """Something that takes no time, such as a place one comes by."""
        if at is not None:
            minute, metre = at[0], at[1] if self.course is not None else None
            self.entries.append(Entry(what, minute, minute, metre, metre, None, waypoint_id))

    def at_metre(self, walked: Sequence[float]) -> tuple[float, float] | None:
        """When one first comes by, and after how many metres."""
        for entry in self.entries if walked else ():
            first, last = entry.from_m or 0.0, entry.to_m or 0.0
            if first - TINY <= walked[0] <= last + TINY:
                return entry.from_min + max(0.0, walked[0] - first) / self.speed, walked[0]
        return None

    def at_minute(self, minute: float) -> tuple[float, float] | None:
        """That minute, and how far one is by then; None after the walk."""
        for entry in self.entries:
            if entry.from_min <= minute <= entry.to_min:
                first, last = entry.from_m or 0.0, entry.to_m or 0.0
                return minute, min(last, first + (minute - entry.from_min) * self.speed)
        return None
