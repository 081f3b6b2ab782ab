"""Loops: what is asked of an engine, and which of its lines are good."""

from __future__ import annotations

from math import cos, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.geo import Line, Point, distance_m, length_m
from planner.domain.loops import (
    BEARINGS,
    COMPASS,
    MOST_LOOPS,
    MOST_OVERLAP,
    MOST_SCALED,
    MOST_SHARED,
    ROUND,
    TOLERANCE,
    LoopWish,
    Try,
    again,
    chosen,
    looped,
    other_minutes,
    shared,
    starts_there,
    tries,
    without_spikes,
)

HERE = Point(52.09, 5.12)
HALF_HOUR = LoopWish(HERE, 30, 4.0)


def at(east_m: float, north_m: float) -> Point:
    """A place so many metres from here."""
    return Point(HERE.latitude + north_m / 111_195, HERE.longitude + east_m / 111_195 / cos(radians(52.09)))


def path(*places: tuple[float, float]) -> Line:
    return tuple(at(*place) for place in places)


def ring(radius_m: float, bearing: float = 0.0) -> Line:
    """A round path that begins here, its middle in that direction."""
    east, north = radius_m * sin(radians(bearing)), radius_m * cos(radians(bearing))
    turns = [2 * pi * step / 60 + radians(bearing) + pi for step in range(61)]
    return path(*((east + radius_m * sin(turn), north + radius_m * cos(turn)) for turn in turns))


SQUARE = path((0, 0), (0, 500), (500, 500), (500, 0), (0, 0))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (path((0, 0), (0, 100), (100, 100), (0, 0)), path((0, 0), (0, 100), (100, 100), (0, 0))),
        (
            path((0, 0), (0, 100), (50, 100), (0, 100), (100, 100)),
            path((0, 0), (0, 100), (100, 100)),
        ),
        (  # a dead end of more than one piece
            path((0, 0), (0, 99), (50, 99), (60, 99), (50, 99), (0, 99), (99, 99)),
            path((0, 0), (0, 99), (99, 99)),
        ),
        (path((0, 0), (0, 0), (0, 50)), path((0, 0), (0, 50))),  # twice the same point
        (path((0, 0), (0, 100), (0, 0)), path((0, 0))),  # nothing but a spike
        (  # the way from the start to the loop and back is no spike
            path((0, 0), (0, 50), (50, 90), (-50, 90), (0, 50), (0, 0)),
            path((0, 0), (0, 50), (50, 90), (-50, 90), (0, 50), (0, 0)),
        ),
        ((), ()),
    ],
)
def test_dead_ends_are_taken_off(line: Line, expected: Line) -> None:
    assert without_spikes(line) == expected


@pytest.mark.parametrize(
    ("line", "overlap"),
    [
        (SQUARE, 0.0),
        (path((0, 0), (0, 1000), (10, 1000), (10, 0)), 0.95),  # back on the other side of the street
        (path((0, 0), (0, 250), (500, 250), (500, 750), (0, 750), (0, 250), (0, 0)), 0.19),  # a stem
        (path((-250, 0), (0, 0), (250, 0), (250, 250), (0, 250), (0, -250), (-250, -250), (-250, 0)), 0.03),
    ],
)
def test_the_same_way_again(line: Line, overlap: float) -> None:
    found = looped(line)
    assert found is not None
    assert found.overlap == pytest.approx(overlap, abs=0.03)


def test_nothing_left_is_no_loop() -> None:
    assert looped(path((0, 0), (0, 400), (0, 0))) is None
    assert looped(path((0, 0))) is None
    assert looped((Point(0, 0), Point(80, 170), Point(-80, 10), Point(0, 0))) is None


@pytest.mark.parametrize(("number", "direction"), list(enumerate(COMPASS)))
def test_where_it_lies(number: int, direction: str) -> None:
    found = looped(ring(300, 45 * number))
    assert found is not None and found.direction == direction


def test_only_loops_as_long_as_asked_that_differ() -> None:
    """2 km is asked. One much too long, one there and back, two in one place, and two that are elsewhere."""
    far = 2000 / 2 / pi
    lines = [
        ring(2 * far),
        path((0, 0), (3, 500), (0, 1000), (3, 500), (0, 0)),
        ring(far, 0),
        ring(far, 3),
        ring(0.97 * far, 120),
        ring(0.96 * far, 240),
    ]
    found = chosen([loop for line in lines if (loop := looped(line))], HALF_HOUR)
    assert sorted(loop.direction for loop in found) == ["n", "se", "sw"]
    assert chosen(found[:1], HALF_HOUR) == found[:1]
    assert chosen([], HALF_HOUR) == ()


@pytest.mark.parametrize(
    ("radius", "minutes"), [([250, 400], 24), ([1000], 94), ([10], None), ([3000], None), ([], None)]
)
def test_how_long_it_could_be(radius: list[float], minutes: int | None) -> None:
    loops = [loop for one in radius if (loop := looped(ring(one)))]
    assert other_minutes(loops, LoopWish(HERE, 25, 4.0)) == minutes


def test_the_first_three_circles_lie_as_far_apart_as_can_be() -> None:
    first = [one.bearing for one in tries(HALF_HOUR)[:3]]
    assert {abs(one - other) for one in first for other in first if one != other} <= {120, 240}
    assert len(set(BEARINGS)) == len(tries(HALF_HOUR))


@pytest.mark.parametrize(
    ("metres", "number", "radius"),
    [
        (2000, 1, None),
        (2190, 1, None),  # close enough
        (4000, 1, 100),
        (1000, 1, 400),
        (1500, 2, 266.67),
        (9000, 1, 100),  # not all at once
        (100, 1, 400),
        (0, 1, None),  # nothing came: scaling helps nothing
        (4000, 1 + MOST_SCALED, None),
    ],
)
def test_a_circle_is_scaled_by_what_came_back(metres: float, number: int, radius: float | None) -> None:
    found = again(Try(60, 200, number), metres, HALF_HOUR)
    assert (found and (found.bearing, round(found.radius_m, 2), found.number)) == (
        radius and (60, radius, number + 1)
    )


def test_a_line_that_begins_elsewhere_is_not_from_here() -> None:
    assert starts_there(SQUARE, at(0, 200))
    assert not starts_there(SQUARE, at(0, -300))
    assert not starts_there(path((0, 0), (0, 400)), HERE)
    assert not starts_there((), HERE)


places = st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000))
lines = st.lists(places, min_size=1, max_size=12).map(lambda many: path(*many, many[0]))
wishes = st.builds(
    LoopWish,
    st.builds(Point, st.floats(-80, 80), st.floats(-180, 180)),
    st.integers(10, 180),
    st.floats(1.5, 7.0),
)


@given(wishes)
def test_circles_begin_and_end_at_the_start_and_are_as_long_as_asked(wish: LoopWish) -> None:
    for one in tries(wish):
        asked = one.places(wish.start)
        assert asked[0] == asked[-1] == wish.start
        assert all(-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180 for place in asked)
        assert max(distance_m(wish.start, place) for place in asked) <= 2.03 * one.radius_m
        assert length_m((asked,)) == pytest.approx(ROUND * one.radius_m, rel=0.03)


@given(lines)
def test_without_spikes_is_never_longer_and_done_once(line: Line) -> None:
    once = without_spikes(line)
    assert length_m((once,)) <= length_m((line,)) + 1
    assert without_spikes(once) == once
    assert not once or once[0] == line[0]


@given(st.lists(lines, max_size=6))
def test_what_is_proposed_is_always_good(many: list[Line]) -> None:
    loops = [loop for line in many if (loop := looped(line))]
    found = chosen(loops, HALF_HOUR)
    assert len(found) <= MOST_LOOPS
    for number, loop in enumerate(found):
        assert loop.overlap <= MOST_OVERLAP
        assert abs(loop.length_m - 2000) <= TOLERANCE * 2000
        assert all(shared(loop, other) <= MOST_SHARED for other in found[number + 1 :])


@given(lines)
def test_a_loop_lies_wholly_on_itself(line: Line) -> None:
    loop = looped(line)
    if loop is not None:
        assert 0 <= loop.overlap <= 1
        assert shared(loop, loop) == 1
