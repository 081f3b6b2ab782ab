"""The three-month rule and the four smaller ones: all cases of the source, and what holds for any numbers."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import reviews
from planner.domain.answers import match
from planner.domain.reviews import Measurement

START = date(2026, 1, 12)
Rows = list[tuple[int, int | None, int | None]]
values = st.none() | st.integers(0, 10)
rows = st.lists(st.tuples(st.integers(-5, 130), values, values), max_size=12)
full_rows = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 10), st.integers(0, 10)), min_size=4, max_size=12
)
ENTERED = datetime(2026, 1, 1, tzinfo=UTC)
RANK = {reviews.OTHER_APPROACH: 0, reviews.MIXED: 1, reviews.ON_TRACK: 2}


def told(given_rows: Rows, start: date = START) -> list[Measurement]:
    """Rows of the source as measurements, entered in this order."""
    return [
        Measurement(start + timedelta(days=day), energy, functioning, ENTERED + timedelta(minutes=number))
        for number, (day, energy, functioning) in enumerate(given_rows)
    ]


def review(given_rows: Rows, today: int, start: date = START) -> reviews.ThreeMonths:
    return reviews.three_month_review(start, start + timedelta(days=today), told(given_rows, start))


@pytest.mark.parametrize(
    ("case", "today", "given_rows", "verdict", "energy", "functioning"),
    [
        ("C01", 60, [(0, 3, 4), (14, 3, 4), (28, 4, 4), (50, 5, 6)], "not_due", None, None),
        (
            "C02", 91, [(0, 3, 4), (14, 3, 4), (28, 4, 4), (56, 5, 5), (70, 5, 6), (84, 6, 6)],
            "on_track", ("improved", "2.00"), ("improved", "1.67"),
        ),
        (
            "C03", 91, [(0, 3, 4), (14, 3, 4), (28, 4, 4), (56, 4, 4), (70, 3, 5), (84, 4, 4)],
            "other_approach", ("no_clear_change", "0.33"), ("no_clear_change", "0.33"),
        ),
        (
            "C05", 90, [(0, 3, 3), (21, 3, 3), (60, 4, 4), (80, 4, 4)],
            "on_track", ("improved", "1.00"), ("improved", "1.00"),
        ),
        (
            "C08", 91, [(0, 3, 4), (14, 3, 4), (28, 4, 4), (84, 6, 6)],
            "insufficient_data", ("insufficient", None), ("insufficient", None),
        ),
        ("C13", 91, [], "insufficient_data", ("insufficient", None), ("insufficient", None)),
        (
            "one of two", 91, [(0, 3, 4), (14, 3, 4), (60, 4, 4), (80, 4, 4)],
            "mixed", ("improved", "1.00"), ("no_clear_change", "0.00"),
        ),
        (
            "worse", 91, [(0, 5, 4), (14, 5, 4), (60, 4, 4), (80, 4, 4)],
            "other_approach", ("worse", "-1.00"), ("no_clear_change", "0.00"),
        ),
        (
            "half answers", 91, [(0, 3, 4), (14, 3, None), (60, 4, 4), (80, 4, 4)],
            "insufficient_data", ("improved", "1.00"), ("insufficient", None),
        ),
        (
            "last of a day", 91, [(0, 3, 4), (14, 3, 4), (60, 4, 4), (80, 9, 9), (80, 4, 4), (80, None, 5)],
            "mixed", ("improved", "1.00"), ("no_clear_change", "0.50"),
        ),
        (
            "a first value on day 42", 91, [(0, 3, 4), (42, 3, 4), (60, 4, 4), (80, 4, 4)],
            "insufficient_data", ("insufficient", None), ("insufficient", None),
        ),
        (
            "before the start and after today", 91, [(-1, 3, 4), (0, 3, 4), (80, 4, 4), (92, 4, 4)],
            "insufficient_data", ("insufficient", None), ("insufficient", None),
        ),
    ],
)  # fmt: skip
def test_the_three_month_rule(
    case: str,
    today: int,
    given_rows: Rows,
    verdict: str,
    energy: tuple[str, str | None] | None,
    functioning: tuple[str, str | None] | None,
) -> None:
    result = review(given_rows, today)
    assert (result.verdict, result.due_on) == (verdict, date(2026, 4, 12)), case
    found = [(one.change, None if one.delta is None else str(one.delta)) for one in result.changes]
    assert found == ([] if energy is None else [energy, functioning]), case


@pytest.mark.parametrize(
    ("given_rows", "noisy"),
    [
        ([(0, 3, 3), (14, 3, 3), (60, 5, 5), (80, 5, 5)], False),
        ([(0, 2, 3), (14, 4, 3), (60, 5, 5), (80, 5, 5)], True),  # up 2, and 2 apart at the start
        ([(0, 3, 3), (14, 3, 3), (60, 4, 5), (80, 6, 5)], True),  # up 2, and 2 apart now
        ([(0, 3, 3), (14, 4, 3), (60, 5, 5), (80, 6, 5)], False),  # up 2, and 1 apart
    ],
)
def test_noisy(given_rows: Rows, noisy: bool) -> None:
    energy, functioning = review(given_rows, 91).changes
    assert (energy.noisy, functioning.noisy) == (noisy, False)


@pytest.mark.parametrize(
    ("start", "three", "six"),
    [
        ("2025-11-30", "2026-02-28", "2026-05-30"),
        ("2026-01-12", "2026-04-12", "2026-07-12"),
        ("2026-01-31", "2026-04-30", "2026-07-31"),
        ("2023-11-30", "2024-02-29", "2024-05-30"),
    ],
)
def test_due_dates(start: str, three: str, six: str) -> None:
    first = date.fromisoformat(start)
    assert [reviews.due_on(first, months).isoformat() for months in (3, 6)] == [three, six]
    before = reviews.three_month_review(first, date.fromisoformat(three) - timedelta(days=1), [])
    on_the_day = reviews.three_month_review(first, date.fromisoformat(three), [])
    assert (before.verdict, on_the_day.verdict) == ("not_due", "insufficient_data")


def test_without_a_first_walk_nothing_is_due() -> None:
    told_once = [Measurement(START, 3, 3)]
    assert reviews.three_month_review(None, START, told_once) == reviews.ThreeMonths("not_due")
    assert reviews.six_months(None, START, told_once, 7) == "not_due"
    assert reviews.deteriorating(None, START, told_once) == ()


@pytest.mark.parametrize("number", [-1, 11])
def test_a_number_outside_0_to_10_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="0 to 10"):
        Measurement(START, energy=number)


@pytest.mark.parametrize(
    ("baseline", "later", "alert"),
    [
        ([5, 5], [3, 3], True),
        ([5, 5], [3, 4], False),
        ([6, 5, 5], [5, 3, 3], True),  # 5.33 - 2 = 3.33
        ([6, 5, 5], [3], False),  # needs two
        ([9, 9, 2], [3], False),  # of which none is of the baseline
        ([5], [1, 1], False),  # a baseline needs two as well
        ([5, 5], [3, 3, 5], False),  # only the last two
    ],
)
def test_deteriorates(baseline: list[int], later: list[int], alert: bool) -> None:
    assert reviews.deteriorates(baseline, later) is alert
    days = [*range(len(baseline)), *range(50, 50 + len(later))]
    series: Rows = [(day, value, 5) for day, value in zip(days, [*baseline, *later], strict=True)]
    # a third value up to day 41 would belong to the baseline: what is later comes after that day
    found = reviews.deteriorating(START, START + timedelta(days=60), told(series))
    assert found == (("energy",) if alert else ())


@pytest.mark.parametrize(
    ("walks", "hint"),
    [
        ([(5, 4), (6, 5)], True),
        ([(5, 4), (5, 5)], False),
        ([(5, 4), (None, 5), (6, 4)], True),  # unanswered ones are skipped
        ([(5, 4), (5, 6), (5, 4)], False),  # not in a row
        ([(5, 4), (5, 4), (5, 6)], False),  # over again
        ([], False),
    ],
)
def test_energy_drains(walks: list[tuple[int | None, int | None]], hint: bool) -> None:
    assert reviews.energy_drains(walks) is hint


@pytest.mark.parametrize(
    ("sums", "result"), [([7, 6], "ok"), ([8, 3, 3], "talk"), ([3, 4], "ok"), ([2], "unknown")]
)
def test_match(sums: list[int], result: str) -> None:
    assert match(sums) == result


@pytest.mark.parametrize(
    ("baseline", "recent", "target", "result"),
    [
        ([3, 4, 4], [7, 7, 8], 7, "reached"),
        ([3, 4, 4], [5, 5, 6], 7, "progress"),
        ([3, 4, 4], [4, 4, 4], 7, "not_reached"),
        ([3], [7, 7], 7, "insufficient_data"),
        ([3, 4, 4], [5, 5, 6], 5, "reached"),  # the client's own target
        ([3, 4, 4], [7, 7, 7], None, "reached"),  # none given: 7
    ],
)
def test_horizon(baseline: list[int], recent: list[int], target: int | None, result: str) -> None:
    assert reviews.horizon(baseline, recent, target) == result


def test_six_months_look_at_the_same_windows() -> None:
    known = told([(0, 1, 3), (7, 1, 4), (14, 1, 4), (150, 1, 7), (160, 1, 7), (170, 1, 8)])
    due = reviews.due_on(START, 6)
    assert reviews.six_months(START, due - timedelta(days=1), known, 7) == "not_due"
    assert reviews.six_months(START, due, known, 7) == "reached"
    assert reviews.six_months(START, due, known, 9) == "progress"


@pytest.mark.parametrize(
    ("change", "felt", "otherwise"),
    [
        ("improved", "no", True),
        ("improved", "a_bit", False),
        ("no_clear_change", "yes", True),
        ("worse", "a_bit", True),
        ("worse", "no", False),
        ("insufficient", "yes", False),
        ("improved", None, False),
    ],
)
def test_numbers_and_feeling(change: str, felt: str | None, otherwise: bool) -> None:
    assert reviews.felt_otherwise(reviews.Change("energy", change), felt) is otherwise


# Months differ in length, so dates are shifted by whole four-year spans (1461 days), which keep every month the same.
@given(rows, st.integers(0, 130), st.integers(-5, 5))
def test_shifting_all_dates_shifts_nothing_else(given_rows: Rows, today: int, spans: int) -> None:
    moved = START + timedelta(days=1461 * spans)
    here, there = review(given_rows, today), review(given_rows, today, moved)
    assert (here.verdict, here.changes) == (there.verdict, there.changes)
    day = timedelta(days=today)
    assert reviews.deteriorating(START, START + day, told(given_rows)) == reviews.deteriorating(
        moved, moved + day, told(given_rows, moved)
    )


@given(rows, st.integers(-400, 400))
def test_the_windows_look_at_distances_only(given_rows: Rows, days: int) -> None:
    moved = START + timedelta(days=days)
    today = timedelta(days=100)
    series, other = (reviews.points("energy", told(given_rows, start)) for start in (START, moved))
    assert reviews.windows(START, START + today, series) == reviews.windows(moved, moved + today, other)


@given(full_rows, st.integers(90, 120), st.integers(0, 10))
def test_a_better_recent_value_never_makes_it_worse(given_rows: Rows, today: int, value: int) -> None:
    before = review(given_rows, today)
    highest = [max((value, *one.recent)) for one in before.changes]
    best = (today, highest[0], highest[1])
    after = review([*given_rows, best], today)
    if before.verdict in RANK:
        assert RANK[after.verdict] >= RANK[before.verdict]
    else:
        assert after.verdict != "not_due"
    here = START + timedelta(days=today)
    alerts = [
        set(reviews.deteriorating(START, here, told(some))) for some in (given_rows, [*given_rows, best])
    ]
    assert alerts[1] <= alerts[0]


@given(rows, st.integers(0, 130), st.randoms())
def test_the_order_of_entry_is_the_only_order(given_rows: Rows, today: int, luck: random.Random) -> None:
    known = told(given_rows)
    shuffled = luck.sample(known, len(known))
    here = START + timedelta(days=today)
    assert reviews.three_month_review(START, here, known) == reviews.three_month_review(START, here, shuffled)
    assert reviews.deteriorating(START, here, known) == reviews.deteriorating(START, here, shuffled)


@given(full_rows)
def test_the_two_windows_share_no_value(given_rows: Rows) -> None:
    series = reviews.points("energy", told(given_rows))
    counted = len([one for one in series if one.on >= START])
    for today in (30, 60, 90, 120):
        first, last = reviews.windows(START, START + timedelta(days=today), series)
        assert len(first) + len(last) <= counted


def test_a_window_is_forty_one_days_on_either_side() -> None:
    """The first and the last day that count, and the ones next to them that do not."""
    days = [(0, 1, None), (41, 2, None), (42, 3, None), (60, 4, None), (61, 5, None)]
    series = reviews.points(reviews.ENERGY, told(days))
    today = START + timedelta(days=102)
    assert reviews.windows(START, today, series) == ((1, 2), (5,))
    assert reviews.windows(START, today - timedelta(days=1), series) == ((1, 2), (4, 5))
