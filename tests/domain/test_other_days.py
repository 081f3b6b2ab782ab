"""Other days than one that cannot be: which are looked at first, and the order of what was found."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from planner.domain.free_time import HORIZON_DAYS, Start
from planner.domain.other_days import by_weather, lead, near
from planner.domain.slots import Slot
from planner.domain.weather_values import Reason, Verdict

DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 1), [1, -1, 2, -2, 3], -HORIZON_DAYS + 1),  # of two as near the later one
        (date(2026, 11, 24), [1, -1, 2, 3, 4], HORIZON_DAYS - 1),  # nothing before today
        (DAY, [1, 2, 3, 4, 5], HORIZON_DAYS - 1),
    ],
)
def test_the_nearest_days_first(today: date, first: list[int], last: int) -> None:
    apart = [(on - DAY).days for on in near(DAY, today)]
    assert (apart[:5], apart[-1]) == (first, last)
    assert len(set(apart)) == len(apart)


@pytest.mark.parametrize(("notice", "ahead"), [(0, 3), (3, 3), (12, 12), (24, 24), (72, 24)])
def test_far_enough_ahead_to_be_called_off_in_time(notice: int, ahead: int) -> None:
    assert lead(notice) == timedelta(hours=ahead)


@pytest.mark.parametrize(
    ("found", "order"),
    [
        ([], []),
        ([("move", 0), ("adapt", 0), ("go", 0)], [2, 1, 0]),
        ([("adapt", 2), ("adapt", 1)], [1, 0]),
        ([("go", 1), ("adapt", 0), ("go", 0)], [2, 0, 1]),
        ([("go", 1), ("go", 1), ("go", 1)], [0, 1, 2]),  # as good: as they came
    ],
)
def test_the_best_weather_first(found: list[tuple[Any, int]], order: list[int]) -> None:
    slots = [_slot(number, code, reasons) for number, (code, reasons) in enumerate(found)]
    assert by_weather(slots) == tuple(slots[number] for number in order)


def _slot(number: int, code: Any, reasons: int) -> Slot:
    at = datetime(2026, 11, 25, 9, tzinfo=UTC) + timedelta(days=number)
    return Slot(
        Start(at.replace(tzinfo=None), at, at + timedelta(hours=8)),
        Verdict(code, reasons=tuple(Reason(f"rule {one}", "adapt") for one in range(reasons))),
    )
