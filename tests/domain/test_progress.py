"""The course of a programme: its start, the days to look back, and which talk is due."""

from __future__ import annotations

from datetime import date

import pytest

from planner.domain.progress import (
    ReviewContent,
    TalkDue,
    asked_since,
    disagreeing,
    evaluations,
    kind_now,
    start_of,
    talk_due,
)
from planner.domain.reviews import Change, Measurement

START = date(2026, 1, 12)
THREE, SIX = TalkDue("three_months", date(2026, 4, 12)), TalkDue("six_months", date(2026, 7, 12))


@pytest.mark.parametrize(
    ("walked_on", "started_on", "start"),
    [
        ([START, date(2026, 2, 1)], date(2026, 1, 1), START),
        ([date(2026, 2, 1), START], date(2026, 3, 1), START),
        ([START], None, START),
        ([], date(2026, 1, 1), date(2026, 1, 1)),
        ([], None, None),
    ],
)
def test_the_start_is_the_first_walk_else_the_day_the_client_began(
    walked_on: list[date], started_on: date | None, start: date | None
) -> None:
    assert start_of(walked_on, started_on) == start


END = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (START, None, {"three_months": THREE.due_on, "six_months": SIX.due_on}),
        (START, END, {"three_months": THREE.due_on, "six_months": SIX.due_on, "planned_end": END}),
        (date(2026, 8, 31), None, {"three_months": date(2026, 11, 30), "six_months": date(2027, 2, 28)}),
        (None, END, {"planned_end": END}),
        (None, None, {}),
    ],
)
def test_the_days_to_look_back(start: date | None, end: date | None, days: dict[str, date]) -> None:
    assert dict(evaluations(start, end)) == days


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
    assert kind_now(None, date(2030, 1, 1), set()) == "between"


def test_the_talk_to_hold_now_is_the_one_that_is_due() -> None:
    assert kind_now(START, THREE.due_on, set()) == "three_months"
    assert kind_now(START, THREE.due_on, {"three_months"}) == "between"
    assert kind_now(START, SIX.due_on, {"three_months"}) == "six_months"


@pytest.mark.parametrize(
    ("change", "felt", "measures"),
    [
        ("improved", ReviewContent("no", None), ("energy",)),
        ("improved", ReviewContent("a_bit", "no"), ()),
        ("worse", ReviewContent("yes", None), ("energy",)),
        ("insufficient", ReviewContent("yes", "yes"), ()),
        ("worse", ReviewContent(), ()),
        ("worse", None, ()),
    ],
)
def test_where_numbers_and_feeling_disagree(
    change: str, felt: ReviewContent | None, measures: tuple[str, ...]
) -> None:
    assert disagreeing([Change("energy", change)], felt) == measures


@pytest.mark.parametrize(
    ("asked_on", "alerts", "since"),
    [
        (date(2026, 4, 2), ("energy",), True),
        (date(2026, 4, 1), ("energy",), True),  # on the day itself
        (date(2026, 3, 31), ("energy",), False),
        (
            date(2026, 3, 31),
            ("functioning",),
            True,
        ),  # the later number is not of this measure, one is of tomorrow
        (None, ("energy",), False),
        (date(2026, 4, 2), (), False),
    ],
)
def test_the_safety_questions_were_asked_since_the_number(
    asked_on: date | None, alerts: tuple[str, ...], since: bool
) -> None:
    told = [
        Measurement(date(2026, 3, 1), 3, 3),
        Measurement(date(2026, 4, 1), energy=2),
        Measurement(date(2026, 4, 9), functioning=1),
    ]
    assert asked_since(asked_on, alerts, told, date(2026, 4, 3)) == (asked_on if since else None)
