"""What a new plan opens with: days and times to choose from, and how long. Nothing is decided for the coach: there is
no forced weekly repeat (G7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from planner.domain.practices import (
    DEFAULT_WALK_MINUTES,
    MAX_WALK_MINUTES,
    MIN_WALK_MINUTES,
    PracticeSettings,
)
from planner.domain.timing import limited

MOST_DAYS = 3
MOST_TIMES = 4
USUAL_TIMES = (time(10, 0), time(13, 30), time(9, 30), time(11, 0), time(15, 0))
WEEK = timedelta(days=7)


def first_day(recent: Sequence[datetime], today_on: date, off: Collection[date] = ()) -> date | None:
    """The same weekday as the newest walk: a week after it, or the first one from tomorrow on that is not a day off.
    None without a walk."""
    if not recent:
        return None
    last_on = recent[0].date()
    behind = max(0, (today_on - last_on).days)
    day = last_on + WEEK * (behind // 7 + 1)
    while day in off:
        day += WEEK
    return day


def around(taken: Iterable[date]) -> frozenset[date]:
    """These days, and the day before and after each: two walks in two days ask much of who is tired."""
    return frozenset(day + timedelta(days=step) for day in taken for step in (-1, 0, 1))


def next_free_week(walked_on: date, today_on: date, taken: Collection[date]) -> date:
    """The same weekday, a week later or the first one from tomorrow on, that is not taken."""
    day = walked_on + WEEK
    while day <= today_on or day in taken:
        day += WEEK
    return day


def days(
    recent: Sequence[datetime], today_on: date, settings: PracticeSettings, off: Collection[date] = ()
) -> tuple[date, ...]:
    """At most three days: as last time, another day of that week, and a week later; else the coming working days.

    `recent`: wall times of the client's last walks, newest first. `off`: days off, which are not proposed.
    """
    working = {hours.weekday for hours in settings.working_hours} or set(range(5))
    first_on = first_day(recent, today_on, off)
    if first_on is None:
        ahead = (today_on + timedelta(days=number) for number in range(1, 29))
        return tuple(day for day in ahead if day.weekday() in working and day not in off)[:MOST_DAYS]
    others = [moment.weekday() for moment in recent if moment.weekday() != first_on.weekday()]
    weekday = others[0] if others else _two_working_days_on(first_on, working)
    other_on = first_on + timedelta(days=(weekday - first_on.weekday()) % 7)
    return tuple(sorted({first_on, other_on, first_on + WEEK} - set(off)))


def _two_working_days_on(first_on: date, working: set[int]) -> int:
    later = ((first_on + timedelta(days=number)).weekday() for number in range(2, 9))
    return next((day for day in later if day in working and day != first_on.weekday()), first_on.weekday())


def times(recent: Sequence[datetime]) -> tuple[time, ...]:
    """At most four times of the day, earliest first: those of the last walks, filled up with usual ones."""
    used = [moment.time().replace(second=0, microsecond=0) for moment in recent]
    return tuple(sorted([*dict.fromkeys([*used, *USUAL_TIMES])][:MOST_TIMES]))


def length(
    last_minutes: int | None, most_minutes: int | None, phase: str | None, settings: PracticeSettings
) -> int:
    """As long as last time, else the practice's default; never more than the client wants, short in the crisis phase
    (decision 25)."""
    wanted = last_minutes or settings.default_minutes or DEFAULT_WALK_MINUTES
    return min(max(limited(wanted, phase, most_minutes), MIN_WALK_MINUTES), MAX_WALK_MINUTES)
