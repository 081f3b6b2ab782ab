"""When requests and breaches are due, and how long things are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.privacy import (
    NOTES,
    SCREENING,
    USUAL_TERMS,
    BreachLine,
    ProcessorLine,
    RetentionTerms,
    report_by,
    request_due_on,
)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-01-31", "2026-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2026-03-31", "2026-04-30"),
        ("2026-12-15", "2027-01-15"),
    ],
)
def test_p13_due_in_a_month(asked: str, due: str) -> None:
    assert request_due_on(date.fromisoformat(asked)) == date.fromisoformat(due)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_p13_never_later_than_a_month(asked: date) -> None:
    assert timedelta(days=28) <= request_due_on(asked) - asked <= timedelta(days=31)


def test_p20_a_breach_is_told_within_72_real_hours() -> None:
    """Also over the night in which the clock is put back."""
    found = datetime(2026, 10, 24, 10, 0, tzinfo=UTC)
    assert report_by(found) == datetime(2026, 10, 27, 10, 0, tzinfo=UTC)
    assert report_by(found, 96) - found == timedelta(hours=96)


@pytest.mark.parametrize(
    ("terms", "longer"),
    [
        (USUAL_TERMS, ()),
        (RetentionTerms(6, 1), ()),
        (RetentionTerms(13, 3), ("notes_months",)),
        (RetentionTerms(24, 24), ("notes_months", "screening_months")),
    ],
)
def test_p07_longer_than_ours_is_seen(terms: RetentionTerms, longer: tuple[str, ...]) -> None:
    assert terms.longer == longer


def test_p07_the_day_on_which_a_part_goes() -> None:
    ended = date(2026, 11, 30)
    assert USUAL_TERMS.goes_on(SCREENING, ended) == date(2027, 2, 28)
    assert USUAL_TERMS.goes_on(NOTES, ended) == date(2027, 11, 30)


DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("line", "settled"),
    [
        (ProcessorLine("Host"), False),
        (ProcessorLine("Host", agreed_on=DAY), False),
        (ProcessorLine("Host", in_eu=True), False),
        (ProcessorLine("Host", agreed_on=DAY, in_eu=True), True),
        (ProcessorLine("Host", agreed_on=DAY, in_eu=False), False),
        (ProcessorLine("Host", agreed_on=DAY, in_eu=False, safeguards="SCC"), True),
        (ProcessorLine("Weather", has_data=False), True),
    ],
)
def test_p20_what_a_processor_still_needs(line: ProcessorLine, settled: bool) -> None:
    assert line.is_settled is settled


@pytest.mark.parametrize(
    ("line", "settled"),
    [
        (BreachLine(), False),
        (BreachLine(risk="low"), False),
        (BreachLine(risk="low", not_told_reason="versleuteld"), True),
        (BreachLine(risk="some", not_told_reason="versleuteld"), False),
        (BreachLine(risk="some", told_authority_on=DAY), True),
        (BreachLine(risk="high", told_authority_on=DAY), False),
        (BreachLine(risk="high", told_authority_on=DAY, told_clients_on=DAY), True),
    ],
)
def test_p20_what_a_breach_still_needs(line: BreachLine, settled: bool) -> None:
    assert line.is_settled is settled
