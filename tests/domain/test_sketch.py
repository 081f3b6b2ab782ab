"""A route as a small drawing."""

from __future__ import annotations

from math import cos, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.geo import Point, Segments, distance_m
from planner.domain.sketch import Mark, Sketch, sketch

SQUARE = (Point(52.0, 5.0), Point(52.01, 5.0), Point(52.01, 5.01), Point(52.0, 5.01))


def drawn(
    segments: Segments, waypoints: list[Point] | None = None, width: int = 600, height: int = 400
) -> Sketch:
    made = sketch(segments, waypoints or [], width, height)
    assert made is not None
    return made


def pixels(line: str) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in line.split(" "))
    return [(float(x), float(y)) for x, y in pairs]


def test_north_is_up_and_east_is_right() -> None:
    a, b, c, d = pixels(drawn((SQUARE,)).lines[0])
    assert a[0] == b[0] and b[1] < a[1]
    assert b[1] == c[1] and b[0] < c[0]
    assert d[1] == a[1]


def test_the_shape_is_true() -> None:
    """As many pixels to the metre eastwards as northwards."""
    a, b, c, _ = pixels(drawn((SQUARE,)).lines[0])
    up, right = (
        (a[1] - b[1]) / distance_m(SQUARE[0], SQUARE[1]),
        (c[0] - b[0]) / distance_m(SQUARE[1], SQUARE[2]),
    )
    assert up == pytest.approx(right, rel=0.005)


def test_start_and_end_are_the_ends_of_the_line() -> None:
    made = drawn((SQUARE,))
    line = pixels(made.lines[0])
    assert (made.start, made.end) == (line[0], line[-1])


@pytest.mark.parametrize("side", [0.00001, 0.0005, 0.01, 0.1, 1.0])
def test_the_scale_bar_is_a_round_length_and_true(side: float) -> None:
    line = tuple(
        Point(52 + (point.latitude - 52) * side * 100, 5 + (point.longitude - 5) * side * 100)
        for point in SQUARE
    )
    made = drawn((line,))
    assert str(made.scale.length_m).rstrip("0") in {"1", "2", "5"}
    assert 0.1 * made.width < made.scale.length_px <= 0.35 * made.width
    a, b, *_ = pixels(made.lines[0])
    if side > 0.0001:
        metres_per_px = distance_m(line[0], line[1]) / (a[1] - b[1])
        assert made.scale.length_px * metres_per_px == pytest.approx(made.scale.length_m, rel=0.02)


@pytest.mark.parametrize("end", [Point(52.00001, 5), Point(52, 5.00001)])
def test_a_few_steps_do_not_fill_the_picture(end: Point) -> None:
    (x_1, y_1), (x_2, y_2) = pixels(drawn(((Point(52, 5), end),)).lines[0])
    assert abs(x_1 - x_2) < 20
    assert abs(y_1 - y_2) < 20


def test_waypoints_by_the_route_are_marked_and_far_ones_are_not() -> None:
    made = drawn((SQUARE,), [Point(53, 6), Point(52.0, 5.0), Point(52.011, 5.0)])
    assert [mark.index for mark in made.marks] == [1, 2]
    assert made.marks[0] == Mark(1, *made.start)
    assert made.marks[1].y < made.start[1]


def test_every_segment_is_a_line_of_its_own() -> None:
    assert len(drawn((SQUARE, SQUARE[::-1])).lines) == 2


@pytest.mark.parametrize("segments", [(), ((),), ((SQUARE[0],),)])
def test_nothing_to_draw(segments: Segments) -> None:
    assert sketch(segments, [], 600, 400) is None


def spiral(number: int) -> tuple[Point, ...]:
    return tuple(
        Point(52 + step / 1e6 * cos(step / 50), 5 + step / 1e6 * sin(step / 50)) for step in range(number)
    )


def zigzag(number: int) -> tuple[Point, ...]:
    return tuple(Point(52 + step / 1e5, 5 + step % 2 / 10) for step in range(number))


@pytest.mark.parametrize(
    "segments",
    [
        (spiral(20_000),),
        (zigzag(20_000),),
        tuple((Point(52, 5 + number / 1000), Point(52.1, 5 + number / 1000)) for number in range(2000)),
    ],
    ids=["spiral", "zigzag", "2000 lines"],
)
def test_at_most_300_points(segments: Segments) -> None:
    made = drawn(segments)
    assert sum(len(pixels(line)) for line in made.lines) <= 300


places = st.builds(Point, st.floats(-80, 80), st.floats(-180, 180))
lines = st.lists(places, min_size=2, max_size=40).map(tuple)


@settings(max_examples=100, deadline=None)
@given(segments=st.lists(lines, min_size=1, max_size=3).map(tuple), marks=st.lists(places, max_size=3))
def test_everything_is_inside_the_picture(segments: Segments, marks: list[Point]) -> None:
    made = drawn(segments, marks, 320, 240)
    shown = [pixel for line in made.lines for pixel in pixels(line)]
    shown += [(mark.x, mark.y) for mark in made.marks] + [made.start, made.end]
    assert all(0 <= x <= 320 and 0 <= y <= 240 for x, y in shown)
    assert made.scale.length_px <= 320
