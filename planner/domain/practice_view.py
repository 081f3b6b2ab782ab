"""How a coach's clients stand: whom the coach has not walked with for some time."""

from __future__ import annotations

from datetime import date, timedelta

LONG_AGO = timedelta(days=21)
"""Three weeks: longer than any usual interval."""


def weeks_since(last_on: date | None, today: date) -> int | None:
    """Whole weeks since the last walk, when that is long ago; None when it is not, or when there was none."""
    if last_on is None or today - last_on < LONG_AGO:
        return None
    return (today - last_on).days // 7
