"""Why a walk cannot begin at an hour that was asked: a code, with the time or the hours behind it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from planner.domain.daylight import daylight
from planner.domain.free_time import Search, Start, Taken, in_daylight, is_off
from planner.domain.practices import PracticeSettings
from planner.domain.when import moment_to_local

CLOSED = (
    "over", "soon", "holiday", "day_off", "walk", "busy", "dark", "dark_early", "no_hours_then", "outside_hours",
)  # fmt: skip
"""Every code, in the order in which it is looked for."""


@dataclass(frozen=True, slots=True)
class Closed:
    """`on`: the day that was asked. `at_local`: until when something else takes the time, or when the sun is down or
    up; None where no time is meant. `hours`: the working hours of that day, from and until."""

    code: str
    on: date
    at_local: datetime | None = None
    hours: tuple[tuple[time, time], ...] = ()


def gone(search: Search, start: Start, now: datetime, *, offered: bool = False) -> Closed | None:
    """When that hour has begun already; `offered`, when it is too near to be offered by us."""
    if start.at < now:
        return Closed("over", start.local.date())
    return Closed("soon", start.local.date()) if offered and start.at < search.not_before else None


def closed(search: Search, start: Start, minutes: int) -> Closed | None:
    """What takes that hour, or makes it dark; None when nothing does. Working hours do not count here."""
    on, zone = start.local.date(), search.zone
    taken = _taken(search, start, minutes)
    if taken is not None:
        code = "busy" if taken.walk_id is None else "walk"
        return Closed(code, on, moment_to_local(taken.until_at, zone))
    if search.place is None or in_daylight(search.place, start, minutes, zone):
        return None
    sun = daylight(search.place, on, zone)
    early = sun.sunrise_at is not None and start.at < sun.sunrise_at
    at = sun.sunrise_at if early else sun.sunset_at
    return Closed("dark_early" if early else "dark", on, moment_to_local(at, zone) if at else None)


def _taken(search: Search, start: Start, minutes: int) -> Taken | None:
    """The first thing in the way of the walk with the time around it."""
    from_at = start.at - timedelta(minutes=search.around.before_min)
    until_at = start.at + timedelta(minutes=minutes + search.around.after_min)
    found = (one for one in search.taken if one.from_at < until_at and from_at < one.until_at)
    return min(found, key=lambda one: one.from_at, default=None)


def day_off(settings: PracticeSettings, holidays: Collection[date], on: date) -> Closed | None:
    """By law, or by hand."""
    if not is_off(settings, holidays, on):
        return None
    return Closed("holiday" if settings.holidays_off and on in holidays else "day_off", on)


def no_hours(settings: PracticeSettings, on: date) -> Closed | None:
    """A weekday without working hours."""
    return None if _hours_on(settings, on) else Closed("no_hours_then", on)


def _hours_on(settings: PracticeSettings, on: date) -> tuple[tuple[time, time], ...]:
    blocks = [one for one in settings.working_hours if one.weekday == on.weekday()]
    return tuple((time.fromisoformat(one.starts), time.fromisoformat(one.ends)) for one in blocks)


def outside_hours(settings: PracticeSettings, local: datetime, minutes: int) -> Closed | None:
    """When the walk does not lie in the working hours of its day."""
    hours = _hours_on(settings, local.date())
    if not hours:
        return no_hours(settings, local.date())
    ends = local + timedelta(minutes=minutes)
    day = local.date()
    if any(
        datetime.combine(day, first) <= local and ends <= datetime.combine(day, last) for first, last in hours
    ):
        return None
    return Closed("outside_hours", day, hours=hours)
