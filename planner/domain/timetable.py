"""A walk minute by minute: what comes when and where, with what is pinned to a minute or to a point of the route.

What is not pinned follows in order. A pin never fails: where it cannot be kept, the part comes as near as it can, and a
hint says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations
from math import floor

from planner.domain.course import Course
from planner.domain.timing import SEGMENTS, TINY, Hint, Part, whole_minutes
from planner.domain.when import ZONE, moment_to_local

WALK_ON, POINT, TURN, END = "walk_on", "point", "turn", "end"
ENTRIES = (*SEGMENTS, WALK_ON, POINT, TURN, END)
"""What stands in a timetable: parts of the plan, the rest of the way, places one comes by, turning round, the end."""
_TALKS = ("walk_talk", "bench")
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
        return whole_minutes(self.from_min)

    @property
    def minutes(self) -> int:
        return whole_minutes(self.to_min) - whole_minutes(self.from_min)

    def at_local(self, starts_at: datetime, zone: str = ZONE) -> datetime:
        """What the clock on the wall says then, also over a clock change."""
        return moment_to_local(starts_at + timedelta(minutes=self.at_min), zone)


@dataclass(frozen=True, slots=True)
class Timetable:
    """In order of time; the last entry is the end. `way_m`: how far the way is; None where nobody walks."""

    entries: tuple[Entry, ...] = ()
    hints: tuple[Hint, ...] = ()
    way_m: float | None = None

    def at_the_end(self, entry: Entry) -> bool:
        """Whether that is done where the way ends, with nothing left to walk."""
        if self.way_m is None or entry.from_m is None or not entry.minutes:
            return False
        return entry.from_m >= self.way_m - NEAR_M


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
    found = _pins(parts, available_min, course)
    hints = [*found.hints, *walk.all(found)]
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
    return Timetable(tuple(walk.entries), tuple(hints), None if course is None else course.total_m)


@dataclass(slots=True)
class _Plan:
    """`pins`: parts at a minute or a place. `late`: those that had to come earlier to fit. `loose`: what follows in
    order. `hints`: what is wrong with the pins."""

    pins: list[Part] = field(default_factory=list)
    late: list[Part] = field(default_factory=list)
    loose: list[Part] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)


def _pins(parts: Sequence[Part], available_min: float, course: Course | None) -> _Plan:
    plan = _Plan()
    for part in map(replace, parts):  # each an object of its own: the same stretch may stand in a plan twice
        if part.at_minute is not None:
            _at_a_minute(plan, part, available_min)
        elif part.along_m is None:
            plan.loose.append(part)
        elif course is not None and course.walked(part.along_m):
            plan.pins.append(part)
        else:
            plan.hints.append(Hint("pin_off_way", {}, _about(part)))
            plan.loose.append(_nowhere(part))
    for one, other in combinations(plan.pins, 2):
        if (one.at_minute, one.along_m) == (other.at_minute, other.along_m):
            plan.hints.append(Hint("pins_together", {}, (*_about(one), *_about(other))))
    plan.pins += plan.late
    return plan


def _at_a_minute(plan: _Plan, part: Part, available_min: float) -> None:
    """One that would end after the walk comes at the last minute at which it fits."""
    latest = max(0, floor(available_min - part.minutes))
    if part.at_minute is None or part.at_minute <= latest:
        plan.pins.append(part)
        return
    numbers = {**_numbers(part), "over_min": part.at_minute - latest, "latest_min": latest}
    plan.hints.append(Hint("pin_after_end", numbers, _about(part)))
    plan.late.append(replace(part, at_minute=latest))


def _nowhere(part: Part) -> Part:
    return replace(part, waypoint_id=None, along_m=None)


def _numbers(part: Part) -> dict[str, float]:
    return {} if part.at_minute is None else {"at_min": part.at_minute}


def _about(part: Part) -> tuple[int, ...]:
    return () if part.exercise_id is None else (part.exercise_id,)


class _Walk:
    """Somebody who walks the plan. `speed`: metres a minute."""

    def __init__(self, course: Course | None, speed: float) -> None:
        self.course, self.speed = course, speed
        self.minute = self.metre = 0.0
        self._stood = False  # whether what came last was done standing still
        self.entries: list[Entry] = []
        self._cut: dict[int, float] = {}  # minutes of a talk that were walked already, by its object

    def all(self, plan: _Plan) -> list[Hint]:
        """Every part, then the rest of the way."""
        hints, pins, waiting, queue = [], plan.pins, list(plan.pins), list(plan.loose)
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
            told = any(pin is one for one in plan.late)
            if alone and not told and (code := self._missed(pin, gap)):
                hints.append(
                    Hint(code, {**_numbers(pin), "begins_min": whole_minutes(self.minute)}, _about(pin))
                )
            self.do(pin if gap > float("-inf") else _nowhere(pin))
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
        talks = _TALKS if by_clock else _TALKS[:1]
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
        """A talk that lasts longer than the way goes on at its end."""
        if self.course is not None and not still:
            ahead = max(0.0, self.course.total_m - self.metre)
            walking = ahead / self.speed
            if what in _TALKS and ahead > NEAR_M and minutes - walking >= 1:
                self._add(Entry(what, self.minute, self.minute + walking, self.metre, self.metre + ahead))
                minutes, ahead = minutes - walking, 0.0
            to_m = self.metre + min(ahead, minutes * self.speed)
        else:
            to_m = self.metre
        to_min = self.minute + minutes
        self._add(Entry(what, self.minute, to_min, self.metre, to_m, exercise_id, waypoint_id), still=still)

    def _add(self, entry: Entry, *, still: bool = False) -> None:
        """Pieces of talk that follow each other are one, unless the way ends between them."""
        if self.course is None:
            entry = replace(entry, from_m=None, to_m=None)
        last = self.entries[-1] if self.entries else None
        ended = self.course is not None and self.course.total_m - self.metre <= NEAR_M
        same = last is not None and last.what == entry.what in _TALKS and self._stood == still
        if last is not None and same and (not ended or last.from_m == self.metre):
            self.entries[-1] = replace(last, to_min=entry.to_min, to_m=entry.to_m)
        else:
            self.entries.append(entry)
        self.minute, self.metre, self._stood = entry.to_min, entry.to_m or 0.0, still

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
