"""How a coach's clients stand: who is due for a talk, and whom the coach has not walked with for some time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.progress import SIX_MONTHS, THREE_MONTHS
from planner.domain.reviews import HORIZON_MONTHS, REVIEW_MONTHS, due_on

SOON = timedelta(days=14)
"""So long beforehand a talk is named, so that it can be planned."""
LONG_AGO = timedelta(days=21)
"""Three weeks: longer than any usual interval."""


@dataclass(frozen=True, slots=True)
class TalkDue:
    """A review to hold. `kind`: three_months or six_months."""

    kind: str
    due_on: date


def talk_due(start: date | None, today: date, held: Collection[str]) -> TalkDue | None:
    """The review whose day is near or past, and that was not held; the one of six months goes before the one of
    three. `start`: the first walk. `held`: the kinds that were held."""
    if start is None:
        return None
    for kind, months in ((SIX_MONTHS, HORIZON_MONTHS), (THREE_MONTHS, REVIEW_MONTHS)):
        on = due_on(start, months)
        if today >= on - SOON:
            return None if kind in held else TalkDue(kind, on)
    return None


def weeks_since(last_on: date | None, today: date) -> int | None:
    """Whole weeks since the last walk, when that is long ago; None when it is not, or when there was none."""
    if last_on is None or today - last_on < LONG_AGO:
        return None
    return (today - last_on).days // 7
