"""The course of a programme: when a talk is due."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.progress import TalkDue, talk_due

START = date(2026, 1, 12)
THREE, SIX = TalkDue("three_months", date(2026, 4, 12)), TalkDue("six_months", date(2026, 7, 12))


@pytest.mark.parametrize(
    ("today", "held", "expected"),
    [
        (date(2026, 3, 28), set(), None),
        (date(2026, 3, 29), set(), THREE),  # two weeks beforehand
        (date(2026, 5, 30), set(), THREE),  # it stays until it was held
        (date(2026, 5, 30), {"three_months"}, None),
        (date(2026, 5, 30), {"between"}, THREE),
        (date(2026, 6, 27), {"three_months"}, None),
        (date(2026, 6, 28), {"three_months"}, SIX),
        (date(2026, 6, 28), set(), SIX),  # one talk is enough
        (date(2026, 9, 1), {"six_months"}, None),  # what is behind is not asked any more
        (date(2026, 5, 30), {"six_months"}, None),  # nor when it was held early
        (date(2026, 9, 1), {"three_months", "six_months", "between"}, None),
    ],
)
def test_talk_due(today: date, held: set[str], expected: TalkDue | None) -> None:
    assert talk_due(START, today, held) == expected


def test_without_a_first_walk_there_is_nothing_to_look_back_on() -> None:
    assert talk_due(None, date(2030, 1, 1), set()) is None
