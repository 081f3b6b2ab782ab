"""When copies are made by themselves, and how long they are kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from planner.domain.when import ZONE, moment_to_local

NIGHT = timedelta(hours=2, minutes=30)
"""After midnight, local time. Where nobody was awake then, the copy is made as soon as somebody is."""
KEPT = timedelta(days=35)
STALE = timedelta(days=2)


def night_of(now: datetime, zone: str = ZONE) -> date:
    """The day whose night has come last: until half past two that is yesterday's."""
    return (moment_to_local(now, zone) - NIGHT).date()


def is_past_keeping(made_at: datetime, now: datetime) -> bool:
    return made_at < now - KEPT


def is_stale(made_at: datetime | None, now: datetime) -> bool:
    """Whether it is time to look why there is no newer one."""
    return made_at is None or made_at < now - STALE
