"""The days around one that a client cannot come on: which are looked at first, and the order of what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from planner.domain.free_time import HORIZON_DAYS, LEAD
from planner.domain.slots import Slot
from planner.domain.weather_rules import BADNESS

MOST_LEAD = timedelta(hours=24)


def lead(notice_hours: int) -> timedelta:
    """How far ahead an hour on another day is: so far that the client can still call it off in time, a day at most."""
    return max(LEAD, min(timedelta(hours=notice_hours), MOST_LEAD))


def near(day: date, today_on: date) -> Iterator[date]:
    """The days around it from today on, nearest first; of two as near the later one: nobody moves sooner lightly."""
    for number in range(1, HORIZON_DAYS):
        for on in (day + timedelta(days=number), day - timedelta(days=number)):
            if on >= today_on:
                yield on


def by_weather(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """The best weather first: by verdict, then by the number of reasons. As good: as they came, so the nearest."""
    return tuple(sorted(slots, key=lambda one: (BADNESS[one.verdict.code], len(one.verdict.reasons))))
