"""What a report tells: first and now, and the newest lines."""

from __future__ import annotations

from datetime import date, timedelta

from planner.domain.reports import MOST_LINES, REPORT_PARTS, USUAL_PARTS, Figure, figures, latest
from planner.domain.reviews import Measurement

START = date(2026, 1, 12)


def told(*rows: tuple[int, int | None, int | None]) -> list[Measurement]:
    return [
        Measurement(START + timedelta(days=day), energy, functioning) for day, energy, functioning in rows
    ]


def test_first_and_now() -> None:
    rows = told((0, 3, 4), (14, 3, 4), (28, 4, 4), (56, 5, 5), (70, 5, 6), (84, 6, 6))
    found = figures(START, START + timedelta(days=91), rows)
    assert [(one.measure, round(one.first, 2), round(one.now, 2)) for one in found] == [
        ("energy", 3.33, 5.33),
        ("functioning", 4.0, 5.67),
    ]


def test_too_few_answers_tell_nothing() -> None:
    rows = told((0, 3, None), (14, 3, 4), (70, 5, 6), (84, 6, 6))
    assert figures(START, START + timedelta(days=91), rows) == (Figure("energy", 3.0, 5.5),)
    assert figures(None, START, rows) == ()


def test_the_newest_lines_each_once() -> None:
    assert latest(["b", " ", "a", "b ", ""]) == ("b", "a")
    assert len(latest(str(number) for number in range(20))) == MOST_LINES


def test_what_is_private_is_not_in_it_unless_the_coach_says_so() -> None:
    assert set(REPORT_PARTS) - set(USUAL_PARTS) == {"own_words", "parked"}
