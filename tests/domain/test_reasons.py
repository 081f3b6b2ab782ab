"""The ledger and the coverage of the four reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.reasons import (
    ENVIRONMENT,
    FEELING,
    MOVEMENT,
    PRACTICE,
    REASONS,
    LedgerLine,
    book,
    by_need,
    coverage,
    least_served,
    ledger,
)

reason_sets = st.lists(st.frozensets(st.sampled_from(REASONS)), max_size=9)
marks = st.lists(st.dictionaries(st.sampled_from(REASONS), st.none() | st.integers(0, 3)), max_size=9)


def test_the_four_reasons_stand_in_the_coachs_order() -> None:
    assert REASONS == ("movement", "practice", "feeling", "environment")


@pytest.mark.parametrize(
    ("walks", "expected"),
    [
        ([], (0, 0, 0, 0)),
        ([{MOVEMENT}], (1, 0, 0, 0)),
        ([{MOVEMENT, FEELING}, {MOVEMENT}, set(), {ENVIRONMENT}], (2, 0, 1, 1)),
        ([{PRACTICE}, {MOVEMENT}, {MOVEMENT}, {MOVEMENT}, {MOVEMENT}], (4, 0, 0, 0)),  # only the last four
    ],
)
def test_coverage(walks: list[set[str]], expected: tuple[int, ...]) -> None:
    assert tuple(coverage(walks).values()) == expected


def test_a_walk_without_marks_is_not_counted_as_zero() -> None:
    lines = ledger([{MOVEMENT: 3, PRACTICE: 0}, {}, {MOVEMENT: None, PRACTICE: 1}])
    assert lines == (
        LedgerLine(MOVEMENT, 3, 1),
        LedgerLine(PRACTICE, 1, 2),
        LedgerLine(FEELING, 0, 0),
        LedgerLine(ENVIRONMENT, 0, 0),
    )
    assert [line.average for line in lines] == [3.0, 0.5, None, None]


@pytest.mark.parametrize(
    ("given", "walks", "carried", "least"),
    [
        ([], 0, None, None),
        ([{}, {MOVEMENT: None}], 0, None, None),
        ([{MOVEMENT: 3}], 1, None, None),  # one alone is no comparison
        ([{MOVEMENT: 3, PRACTICE: 1}, {}], 1, MOVEMENT, None),  # the least only when all four are known
        ([{MOVEMENT: 3, PRACTICE: 1, FEELING: 2, ENVIRONMENT: 0}], 1, MOVEMENT, ENVIRONMENT),
        ([{MOVEMENT: 3, PRACTICE: 3, FEELING: 2, ENVIRONMENT: 0}], 1, None, ENVIRONMENT),
        ([{MOVEMENT: 3, PRACTICE: 1, FEELING: 2, ENVIRONMENT: 1}], 1, MOVEMENT, None),
        ([{MOVEMENT: 3, PRACTICE: 3, FEELING: 1, ENVIRONMENT: 1}, {PRACTICE: 2, FEELING: 0}], 2, MOVEMENT, FEELING),
    ],
)  # fmt: skip
def test_which_reason_carried_the_walks_most_and_least(
    given: list[dict[str, int | None]], walks: int, carried: str | None, least: str | None
) -> None:
    found = book(given)
    assert (found.walks, found.carried, found.least) == (walks, carried, least)
    assert found.lines == ledger(given)


@pytest.mark.parametrize("mark", [-1, 4])
def test_a_mark_outside_the_scale_is_refused(mark: int) -> None:
    with pytest.raises(ValueError, match="0 to 3"):
        ledger([{FEELING: mark}])


@pytest.mark.parametrize(
    ("covered", "given", "expected"),
    [
        ({}, [], REASONS),
        (coverage([{MOVEMENT}, {PRACTICE}]), [], (FEELING, ENVIRONMENT, MOVEMENT, PRACTICE)),
        # equal coverage: the lower average first
        ({}, [{MOVEMENT: 3, PRACTICE: 2, FEELING: 0, ENVIRONMENT: 1}], (FEELING, ENVIRONMENT, PRACTICE, MOVEMENT)),
        # one of them without an answer: the fixed order
        ({}, [{MOVEMENT: 3, PRACTICE: 2, FEELING: 0}], REASONS),
        # coverage goes before marks
        (coverage([{FEELING}]), [{MOVEMENT: 3, PRACTICE: 3, FEELING: 0, ENVIRONMENT: 3}],
         (MOVEMENT, PRACTICE, ENVIRONMENT, FEELING)),
    ],
)  # fmt: skip
def test_by_need(
    covered: dict[str, int], given: list[dict[str, int | None]], expected: tuple[str, ...]
) -> None:
    assert by_need(covered, ledger(given)) == expected
    assert least_served(covered, ledger(given)) == expected[0]


@given(reason_sets, marks)
def test_by_need_is_always_all_four_and_the_first_is_covered_least(
    walks: list[frozenset[str]], given_marks: list[dict[str, int | None]]
) -> None:
    covered = coverage(walks)
    order = by_need(covered, ledger(given_marks))
    assert sorted(order) == sorted(REASONS)
    counts = [covered[reason] for reason in order]
    assert counts == sorted(counts)
    assert all(0 <= count <= min(4, len(walks)) for count in counts)


@given(marks)
def test_unanswered_walks_change_nothing(given_marks: list[dict[str, int | None]]) -> None:
    assert ledger([*given_marks, {}, dict.fromkeys(REASONS)]) == ledger(given_marks)
