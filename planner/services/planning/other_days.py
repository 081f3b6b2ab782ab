"""Hours instead of one that the client cannot come to: of each of the nearest other days the best one.

Who says "I cannot" to a walk has that day full more often than that hour, so the whole day is left out, and so are days
on which they walk already. A coach then looks for about the same time on another day: of a day the best weather decides
and then the time, of the days the weather and then how near they are. No hour has to be better than the one that cannot
be. A coach who knows better asks for the day itself.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.other_days import by_weather, lead, near
from planner.domain.practices import PracticeSettings
from planner.domain.slots import MOST_SLOTS, Habits, Slot
from planner.domain.when import TimeDoesNotExist, day_on
from planner.services.planning import slots
from planner.services.planning.slots import WalkWish
from planner.services.store import Store


def hours(
    store: Store,
    session: Session,
    settings: PracticeSettings,
    asked: WalkWish,
    walked_on: Collection[date],
    habits: Habits,
    now: datetime,
) -> tuple[Slot, ...]:
    """Best first, one of a day. `asked`: the walk as it is planned. `walked_on`: when this client walks already."""
    cannot = asked.starts_local
    assert cannot is not None
    days = [on for on in near(cannot.date(), day_on(now, settings.zone)) if on not in walked_on]
    if not days:
        return ()
    first_on, last_on = min(days), max(days)
    days_long, ahead = (last_on - first_on).days + 1, lead(settings.notice_hours)
    finder = slots.open_finder(store, session, settings, [asked.where], first_on, now, days_long, lead=ahead)
    found: list[Slot] = []
    for on in days:
        if len(found) == MOST_SLOTS:
            break
        there = replace(asked, starts_local=datetime.combine(on, cannot.time()), whole_day=True)
        with suppress(TimeDoesNotExist):  # that night the clock goes forward
            found += finder.of_day(there, habits)[:1]
    return by_weather(found)
