"""Heights along a route: only those that can be trusted, and drawn only where there is something to see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.geo import Point
from planner.domain.profile import HEIGHT, MOST_POINTS, ROWS, WIDTH, profile_of


def line(*heights: float | None) -> tuple[Point, ...]:
    return tuple(Point(52 + number / 1000, 5, height) for number, height in enumerate(heights))


@pytest.mark.parametrize(
    "heights",
    [(None, None), (0.0, 0.0), (5.0, None, None, None, 30.0)],
    ids=["none", "all nought", "two of five"],
)
def test_nothing_is_told_of_heights_that_cannot_be_trusted(heights: tuple[float | None, ...]) -> None:
    assert profile_of((line(*heights),)) is None


def test_a_level_route_is_told_and_not_drawn() -> None:
    profile = profile_of((line(3, 4, 3, 6, 4, 3),))
    assert profile is not None
    assert (profile.lowest_m, profile.highest_m, profile.is_level) == (3, 4, True)


def test_a_hill() -> None:
    profile = profile_of((line(*range(0, 60, 2), *range(60, 0, -2)),))
    assert profile is not None
    assert not profile.is_level
    assert profile.lowest_m < 5 < 55 < profile.highest_m
    heights = [row.height_m for row in profile.rows]
    assert len(heights) == ROWS + 1
    assert heights.index(max(heights)) == ROWS / 2
    assert [row.along_m for row in profile.rows][-1] == pytest.approx(59 * 111.195, rel=0.001)


def test_a_gap_breaks_the_line_and_one_height_too_few_does_not() -> None:
    parts = line(*range(0, 40, 2)), (*line(*range(40, 80, 2))[:-1], Point(52.5, 5, None))
    profile = profile_of(parts)
    assert profile is not None
    assert len(profile.lines) == 2


@given(st.lists(st.lists(st.integers(-50, 900), min_size=2, max_size=300), min_size=1, max_size=5))
def test_a_drawing_stays_in_its_frame(parts: list[list[int]]) -> None:
    profile = profile_of(tuple(line(*part) for part in parts))
    if profile is None:
        return
    places = [tuple(map(float, pair.split(","))) for drawn in profile.lines for pair in drawn.split()]
    assert all(0 <= x <= WIDTH + 0.1 and 0 <= y <= HEIGHT for x, y in places)
    assert len(places) <= MOST_POINTS + 2 * len(parts)
