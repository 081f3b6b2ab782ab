"""Changing a whole line: reverse, close, shorten, split; and what somebody drew."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.geo import Point, Segments, distance_m, ends, is_loop, length_m
from planner.domain.line_edits import (
    MOST_PARTS,
    MOST_POINTS,
    DrawingRefused,
    closed,
    in_walking_order,
    on_earth,
    reversed_line,
    shortened,
    split_at,
    usable,
    with_heights,
)

POINT = st.builds(Point, st.floats(51.99, 52.01), st.floats(5.0, 5.03), st.none() | st.floats(-5, 300))
LINES: st.SearchStrategy[Segments] = st.lists(
    st.lists(POINT, min_size=2, max_size=8).map(tuple), min_size=1, max_size=3
).map(tuple)


def line(*numbers: float) -> tuple[Point, ...]:
    """Points on one meridian, so many thousandths of a degree (111 m each) north of 52."""
    return tuple(Point(52 + number / 1000, 5.0) for number in numbers)


@given(LINES)
def test_reversed_twice_is_the_same(segments: Segments) -> None:
    turned = reversed_line(segments)
    assert reversed_line(turned) == segments
    assert length_m(turned) == pytest.approx(length_m(segments))
    assert ends(turned) == ends(segments)[::-1]


@given(LINES)
def test_a_closed_line_ends_where_it_began(segments: Segments) -> None:
    done = closed(segments)
    start, end = ends(done)
    assert distance_m(start, end) <= 1.0
    assert closed(done) == done
    assert length_m(done) == pytest.approx(length_m(segments) + distance_m(*ends(segments)), abs=1.0)
    if length_m(done) > 300:
        assert is_loop(done)


@given(LINES, st.floats(-0.2, 1.2))
def test_the_parts_of_a_split_line_add_up(segments: Segments, share: float) -> None:
    whole = length_m(segments)
    before, after = split_at(segments, share * whole)
    assert length_m(before) + length_m(after) == pytest.approx(whole, abs=0.5)
    assert length_m(before) == pytest.approx(min(max(share, 0), 1) * whole, abs=0.5)


@given(LINES, st.floats(0, 0.7), st.floats(0, 0.7))
def test_so_much_is_taken_off_both_ends(segments: Segments, start: float, end: float) -> None:
    whole = length_m(segments)
    left = shortened(segments, start * whole, end * whole)
    assert length_m(left) == pytest.approx(max(0, 1 - start - end) * whole, abs=0.5)


@pytest.mark.parametrize(
    ("done", "points"),
    [
        (reversed_line((line(0, 1), line(3, 4))), (line(4, 3), line(1, 0))),
        (closed((line(0, 1, 2),)), (line(0, 1, 2, 0),)),
        (closed((line(0, 1), line(3, 4))), (line(0, 1), line(3, 4, 0))),
        (closed((line(0, 1, 0),)), (line(0, 1, 0),)),
        (split_at((line(0, 1),), 0), ((), (line(0, 1),))),
        (split_at((line(0, 1),), 5000), ((line(0, 1),), ())),
        (shortened((line(0, 1),), 60, 60), ()),
        (usable((line(0), line(1, 1), line(2, 3))), (line(2, 3),)),
    ],
)
def test_examples(done: object, points: object) -> None:
    assert done == points


@pytest.mark.parametrize(
    ("segments", "code"),
    [
        ((), "too_few_points"),
        ((line(0),), "too_few_points"),
        ((line(0, 0, 0),), "too_few_points"),
        ((line(*range(MOST_POINTS // 2)), line(*range(MOST_POINTS // 2 + 1))), "too_many_points"),
        ((line(0, 1),) * (MOST_PARTS + 1), "too_many_points"),
    ],
)
def test_what_is_no_line(segments: Segments, code: str) -> None:
    with pytest.raises(DrawingRefused) as refused:
        usable(segments)
    assert refused.value.code == code


def test_as_many_points_as_may_be() -> None:
    assert len(usable((line(*range(MOST_POINTS)),))[0]) == MOST_POINTS


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, -181), (nan, 5), (52, inf)])
def test_nowhere_on_earth(latitude: float, longitude: float) -> None:
    with pytest.raises(DrawingRefused):
        on_earth(latitude, longitude)


def test_a_point_that_was_not_moved_has_its_height() -> None:
    known = ((Point(52.0, 5.0, 12.5), Point(52.1, 5.0, 13.0)),)
    drawn = ((Point(52.1, 5.0), Point(52.05, 5.0), Point(52.00000001, 5.0)),)
    assert [point.elevation_m for point in with_heights(drawn, known)[0]] == [13.0, None, 12.5]


@pytest.mark.parametrize(
    ("along", "is_so"), [([], True), ([1.0, None, 2.0], True), ([2.0, 1.0], False), ([None], True)]
)
def test_walking_order(along: list[float | None], is_so: bool) -> None:
    assert in_walking_order(along) is is_so
