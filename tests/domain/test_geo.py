"""Distance, climb, trimming and simplifying, against known values and rules that always hold."""

from __future__ import annotations

from itertools import pairwise
from math import sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.geo import (
    Point,
    Position,
    Segments,
    climb_m,
    distance_m,
    ends,
    flat,
    gaps_m,
    has_heights,
    is_loop,
    length_m,
    near,
    point_at,
    position_of,
    simplify,
    trim_ends,
)

DOM = Point(52.0907, 5.1214)
STEP_M = 111.195
"""0.001 degree of latitude."""


def north(steps: int, start: float = 52.0, longitude: float = 5.0) -> tuple[Point, ...]:
    """A straight line north, a point every 0.001 degree."""
    return tuple(Point(round(start + number / 1000, 7), longitude) for number in range(steps + 1))


def with_heights(heights: list[float | None]) -> Segments:
    return (tuple(Point(52 + number / 10_000, 5, height) for number, height in enumerate(heights)),)


near_home = st.builds(
    Point,
    st.floats(51.9, 52.1).map(lambda degrees: round(degrees, 7)),
    st.floats(4.9, 5.1).map(lambda degrees: round(degrees, 7)),
    st.none() | st.floats(-5, 300),
)
walked = st.lists(near_home, min_size=2, max_size=30).map(tuple)
routes = st.lists(walked, min_size=1, max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        (DOM, Point(52.1007, 5.1214), 1_111.95),
        (Point(0, 0), Point(0, 1), 111_195),
        (Point(0, 0), Point(0, 180), 20_015_115),
        (Point(90, 0), Point(90, 120), 0),
        (Point(52, 179.999), Point(52, -179.999), 136.92),
        (DOM, DOM, 0),
    ],
)
def test_distance(one: Point, other: Point, metres: float) -> None:
    assert distance_m(one, other) == pytest.approx(metres, rel=1e-5, abs=0.01)
    assert distance_m(other, one) == distance_m(one, other)


def test_a_gap_is_not_walked() -> None:
    route = (north(2), north(3, start=52.01))
    assert length_m(route) == pytest.approx(5 * STEP_M, abs=0.1)
    assert gaps_m(route) == (pytest.approx(8 * STEP_M, abs=0.1),)
    assert length_m(()) == 0


@given(route=routes)
def test_a_segment_is_at_least_as_long_as_a_straight_line(route: Segments) -> None:
    for line in route:
        assert length_m((line,)) >= distance_m(line[0], line[-1]) - 1e-6


# Height


@pytest.mark.parametrize(
    ("heights", "metres"),
    [
        ([float(metres) for metres in range(101)], pytest.approx(98, abs=2.1)),
        ([float(metres) for metres in range(100, -1, -1)], None),
        ([10.0, 14.0] * 100, None),  # noise under five metres
        ([0.0] * 10 + [30.0] * 10 + [0.0] * 10 + [30.0] * 10, 60.0),
        ([0.0] * 10 + [200.0] + [0.0] * 10, None),  # one wrong height
        ([0.0] * 10 + [49.0] * 10, None),  # under fifty metres
        ([0.0] * 10 + [50.0] * 10, 50.0),
        ([0.0] * 10 + [None] * 4 + [60.0] * 10, 60.0),
        ([0.0] * 10 + [None] * 6 + [60.0] * 10, None),  # one in five has no height
        ([0.0] + [None] * 10 + [60.0], None),  # only first and last
        ([0.0] * 50, None),
        ([], None),
    ],
)
def test_climb(heights: list[float | None], metres: float | None) -> None:
    assert climb_m(with_heights(heights)) == metres


def test_a_slow_rise_counts_whole_though_every_step_is_small() -> None:
    heights: list[float | None] = [20 + 40 * sin(number / 40) for number in range(500)]
    assert climb_m(with_heights(heights)) == pytest.approx(40 + 80 + 36.3, abs=3)


def test_heights_that_are_all_zero_are_no_heights() -> None:
    assert not has_heights(with_heights([0.0] * 5))
    assert has_heights(with_heights([0.0, 0.0, 0.1, 0.0, None]))


def test_climb_in_two_segments_leaves_the_gap_out() -> None:
    low, high = with_heights([0.0] * 5 + [30.0] * 5)[0], with_heights([500.0] * 5 + [530.0] * 5)[0]
    assert climb_m((low, high)) == 60


@given(heights=st.lists(st.none() | st.floats(-50, 500), max_size=60))
def test_climb_is_at_least_from_the_bottom_to_the_top_after_it(heights: list[float | None]) -> None:
    found = climb_m(with_heights(heights))
    assert found is None or found >= 50


# Along the line


def test_point_at() -> None:
    route = (north(1), north(1, start=52.01))
    assert point_at(route, -5) == route[0][0]
    assert point_at(route, STEP_M / 2) == Point(52.0005, 5)
    assert point_at(route, STEP_M * 1.5).latitude == pytest.approx(52.0105, abs=1e-6)
    assert point_at(route, 9999) == route[1][-1]


def test_point_at_has_a_height_between_two_heights() -> None:
    line = (Point(52, 5, 10), Point(52.001, 5, 20), Point(52.002, 5))
    assert point_at((line,), STEP_M * 0.25).elevation_m == pytest.approx(12.5, abs=0.01)
    assert point_at((line,), STEP_M * 1.5).elevation_m is None


def test_point_at_across_the_date_line() -> None:
    line = (Point(0, 179.999), Point(0, -179.999))
    assert abs(point_at((line,), STEP_M).longitude) == pytest.approx(180, abs=1e-5)


@given(route=routes, share=st.floats(0, 1))
def test_a_point_on_the_line_is_found_on_the_line(route: Segments, share: float) -> None:
    along = share * length_m(route)
    place = point_at(route, along)
    assert (
        position_of(route, place).aside_m < 5
    )  # straight in degrees, not on the globe: up to 3 m over 20 km


@pytest.mark.parametrize(
    ("place", "position"),
    [
        (Point(52.0015, 5.0), Position(1.5 * STEP_M, 0)),
        (Point(52.0015, 5.001), Position(1.5 * STEP_M, 68.46)),
        (Point(51.999, 5.0), Position(0, STEP_M)),
        (Point(52.011, 5.0), Position(4 * STEP_M, STEP_M)),
    ],
)
def test_where_a_place_lies(place: Point, position: Position) -> None:
    found = position_of((north(2), north(2, start=52.008)), place)
    assert found.along_m == pytest.approx(position.along_m, abs=0.2)
    assert found.aside_m == pytest.approx(position.aside_m, abs=0.2)


def test_out_and_back_a_place_is_met_on_the_way_out() -> None:
    line = north(3) + north(3)[::-1][1:]
    assert position_of((line,), Point(52.001, 5.0001)).along_m == pytest.approx(STEP_M, abs=0.2)


@pytest.mark.parametrize(
    ("route", "loop"),
    [
        ((), False),
        ((north(5),), False),
        ((north(5) + north(5)[::-1],), True),
        ((north(1)[:1] * 3,), False),
        ((north(5), north(5)[::-1]), True),
        ((north(1) + north(1)[::-1],), False),
    ],
)
def test_a_loop_ends_where_it_began_and_is_a_walk(route: Segments, loop: bool) -> None:
    assert is_loop(route) is loop


def test_near_is_about_points_not_about_the_line_between() -> None:
    route = (north(10),)
    home = Point(52.0005, 5.0)
    assert near(ends(route), home, 60)
    assert not near(ends(route), Point(52.005, 5.0), 200)


# Trimming


def test_trimming_takes_the_same_walked_length_off_both_ends() -> None:
    route = (north(10),)
    trimmed = trim_ends(route, 200)
    assert length_m(trimmed) == pytest.approx(10 * STEP_M - 400, abs=0.05)
    assert distance_m(route[0][0], trimmed[0][0]) == pytest.approx(200, abs=0.05)
    assert distance_m(route[0][-1], trimmed[0][-1]) == pytest.approx(200, abs=0.05)


def test_trimming_may_take_whole_segments() -> None:
    route = (north(1), north(10, start=52.01), north(1, start=52.05))
    trimmed = trim_ends(route, 200)
    assert len(trimmed) == 1
    assert length_m(trimmed) == pytest.approx(12 * STEP_M - 400, abs=0.05)


@pytest.mark.parametrize("cut_m", [5 * STEP_M + 1, 1e9])
def test_nothing_is_left_of_a_short_route(cut_m: float) -> None:
    assert trim_ends((north(10),), cut_m) == ()


@given(route=routes, cut_m=st.floats(0, 30_000))
def test_trimming_never_lengthens_and_never_keeps_an_end(route: Segments, cut_m: float) -> None:
    trimmed = trim_ends(route, cut_m)
    total = length_m(route)
    assert length_m(trimmed) <= max(0, total - 2 * cut_m) + 5 + 0.001 * total
    assert length_m(trimmed) <= total + 0.05
    assert all(len(line) > 1 for line in trimmed)
    if cut_m == 0:
        assert trimmed == route


# Fewer points


def test_a_straight_line_needs_two_points() -> None:
    assert simplify((north(100),), 1) == ((north(100)[0], north(100)[-1]),)


def test_the_turn_of_an_out_and_back_stays() -> None:
    line = (Point(52, 5), Point(52.004, 5), Point(52.01, 5), Point(52.002, 5))
    assert Point(52.01, 5) in simplify((line,), 5)[0]


@settings(max_examples=100, deadline=None)
@given(line=st.lists(near_home, min_size=2, max_size=60).map(tuple), tolerance_m=st.floats(0.5, 3000))
def test_simplifying_keeps_the_ends_and_stays_by_the_line(
    line: tuple[Point, ...], tolerance_m: float
) -> None:
    kept = simplify((line,), tolerance_m)[0]
    assert kept[0] == line[0]
    assert kept[-1] == line[-1]
    rest = iter(line)
    assert all(point in rest for point in kept), "the same points in the same order"
    plane = dict(zip(line, flat(line, line[0]), strict=True))
    for point in line:
        nearest = min(
            (aside(plane[point], plane[one], plane[other]) for one, other in pairwise(kept)),
            default=0.0,
        )
        assert nearest <= tolerance_m + 1e-6


def aside(point: tuple[float, float], one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance from a point to a leg, written another way than the planner's."""
    place, begin, end = complex(*point), complex(*one), complex(*other)
    if begin == end:
        return abs(place - begin)
    share = ((place - begin) * (end - begin).conjugate()).real / abs(end - begin) ** 2
    return abs(place - (begin + min(1, max(0, share)) * (end - begin)))


def test_a_long_line_that_cannot_be_simplified_is_kept_whole() -> None:
    line = tuple(Point(52 + number / 10_000, 5 + (number % 2) / 100) for number in range(5000))
    assert simplify((line,), 5) == (line,)
