"""Better hours as one would write them first: every start of every client is judged by itself.

What the search must give as well, and what it is measured against. For walks of which no hour was asked, where the
weather of some hour is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from planner.domain.free_time import LEAD, Around, Start, Taken, in_daylight
from planner.domain.places import Place
from planner.domain.slots import APART, MOST_SLOTS, Habits, Weighed, weigh
from planner.domain.weather import Forecast, Limits, judge
from planner.domain.when import ZONE


def plain_hours(
    starts: Iterable[Start],
    taken: Sequence[Taken],
    around: Around,
    minutes: int,
    forecast: Forecast | None,
    place: Place,
    now: datetime,
    limits: Limits,
    tags: frozenset[str],
    habits: Habits,
) -> list[datetime]:
    """The best moments for a walk outdoors, best first. `starts`: the quarters of the working hours."""
    fit: list[tuple[tuple[object, ...], datetime]] = []
    for start in starts:
        if not _is_free(start, minutes, around, taken, now) or not in_daylight(place, start, minutes, ZONE):
            continue
        end_at = start.at + timedelta(minutes=minutes)
        found = weigh(judge(forecast, start.at, end_at, place, now, limits, tags), limits, tags)
        if found.verdict.code != "move":
            fit.append((_rank(found, start, habits), start.at))
    chosen: list[datetime] = []
    for _rank_of_it, at in sorted(fit):
        if len(chosen) < MOST_SLOTS and all(abs(at - other) >= APART for other in chosen):
            chosen.append(at)
    return chosen


def _is_free(start: Start, minutes: int, around: Around, taken: Iterable[Taken], now: datetime) -> bool:
    ends_at = start.at + timedelta(minutes=minutes)
    if start.at < now + LEAD or ends_at > start.day_ends_at:
        return False
    from_at = start.at - timedelta(minutes=around.before_min)
    until_at = ends_at + timedelta(minutes=around.after_min)
    return all(one.until_at <= from_at or until_at <= one.from_at for one in taken)


def _rank(found: Weighed, start: Start, habits: Habits) -> tuple[object, ...]:
    return (*found.weight, habits.strangeness(start.local), start.at)
