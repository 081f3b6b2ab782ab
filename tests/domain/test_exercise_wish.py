"""How often an exercise came lately, and when once more is for the coach to choose."""

from __future__ import annotations

import pytest

from planner.domain.exercise_wish import Wish, in_a_row


@pytest.mark.parametrize(
    ("done", "row", "third"),
    [
        ([], {}, set()),
        ([(1, 2)], {1: 1, 2: 1}, set()),
        ([(1, 2), (1,)], {1: 2, 2: 1}, {1}),
        ([(1,), (1,), (1,)], {1: 3}, {1}),
        ([(1,), (2,), (1,)], {1: 1}, set()),
        ([(), (1,), (1,)], {}, set()),
        ([(3, 1), (1, 3), (3,)], {1: 2, 3: 3}, {1, 3}),
    ],
    ids=["no walk", "once", "twice", "three times", "with one between", "not the last time", "two of them"],
)
def test_a_third_time_in_a_row(done: list[tuple[int, ...]], row: dict[int, int], third: set[int]) -> None:
    """`done`: newest first."""
    assert in_a_row(done) == row
    wish = Wish("outdoors", 40, in_a_row=row)
    assert {number for number in range(1, 5) if wish.third_time(number)} == third
