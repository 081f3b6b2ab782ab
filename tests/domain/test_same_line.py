"""The same walk is known again, whatever it was drawn with; another one is not."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.geo import Line, Point, Segments, length_m, simplify
from planner.domain.same_line import is_same, shape_of

LAT_M, LON_M = 1 / 111_195, 1 / (111_195 * cos(52 * pi / 180))


def at(east_m: float, north_m: float) -> Point:
    return Point(52 + north_m * LAT_M, 5 + east_m * LON_M)


def same(one: Segments, other: Segments) -> bool:
    shapes = shape_of(one, length_m(one)), shape_of(other, length_m(other))
    found = is_same(*shapes)
    assert is_same(*reversed(shapes)) is found, "it does not matter which of the two comes first"
    return found


@st.composite
def loops(draw: st.DrawFn) -> Line:
    """A round of one to six kilometres with bays and bulges, a point each few metres, closed."""
    radius = draw(st.integers(150, 900))
    bulges = draw(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 0.25)), max_size=3))
    points = []
    for step in range(240):
        turn = 2 * pi * step / 240
        far = radius * (1 + sum(share * sin(number * turn) for number, share in bulges))
        points.append(at(far * cos(turn), far * sin(turn)))
    return (*points, points[0])


@settings(max_examples=60, deadline=None)
@given(
    loop=loops(),
    shift=st.integers(0, 239),
    backwards=st.booleans(),
    thinned=st.sampled_from([0.0, 2.0, 8.0]),
    noise=st.floats(0, 6),
)
def test_drawn_another_way_it_is_the_same(
    loop: Line, shift: int, backwards: bool, thinned: float, noise: float
) -> None:
    """Begun elsewhere, walked the other way, in fewer points, by another receiver."""
    other = (*loop[shift:-1], *loop[: shift + 1])
    other = tuple(
        Point(point.latitude + (noise * LAT_M if number % 20 < 10 else 0), point.longitude)
        for number, point in enumerate(other)
    )
    other = other[::-1] if backwards else other
    assert same((loop,), simplify((other,), thinned) if thinned else (other,))


@settings(max_examples=60, deadline=None)
@given(loop=loops(), aside=st.integers(80, 3000), turn=st.floats(0, 2 * pi))
def test_elsewhere_it_is_another(loop: Line, aside: int, turn: float) -> None:
    moved = tuple(
        Point(point.latitude + aside * sin(turn) * LAT_M, point.longitude + aside * cos(turn) * LON_M)
        for point in loop
    )
    assert not same((loop,), (moved,))


@settings(max_examples=60, deadline=None)
@given(loop=loops(), start=st.integers(0, 200), out=st.integers(60, 400))
def test_with_one_way_round_it_is_another(loop: Line, start: int, out: int) -> None:
    """Twenty steps of the round go some way out and back in."""
    bent = tuple(
        Point(52 + (point.latitude - 52) * (1 + share), 5 + (point.longitude - 5) * (1 + share))
        for number, point in enumerate(loop)
        for share in [out / 100 if start < number < start + 30 else 0]
    )
    farthest = max(
        abs(one.latitude - other.latitude) / LAT_M + abs(one.longitude - other.longitude) / LON_M
        for one, other in zip(loop, bent, strict=True)
    )
    assert farthest > 60
    assert not same((loop,), (bent,))


STRAIGHT = tuple(at(0, north) for north in range(0, 2001, 10))


@pytest.mark.parametrize(
    ("other", "known"),
    [
        ((STRAIGHT[::-1],), True),
        (((STRAIGHT[0], STRAIGHT[-1]),), True),
        ((STRAIGHT[:100], STRAIGHT[100:]), True),
        ((tuple(at(15, north) for north in range(0, 2001, 100)),), True),
        ((tuple(at(60, north) for north in range(0, 2001, 100)),), False),
        ((STRAIGHT[:150],), False),
        (((*STRAIGHT, *STRAIGHT[::-1]),), False),
        (((at(0, 0), at(300, 1000), at(0, 2000)),), False),
    ],
    ids=["back", "two points", "in two", "beside", "the next path", "shorter", "there and back", "a bend"],
)
def test_a_straight_path(other: Segments, known: bool) -> None:
    assert same((STRAIGHT,), other) is known
    assert all(len(leg) == 2 for leg in pairwise(STRAIGHT))
