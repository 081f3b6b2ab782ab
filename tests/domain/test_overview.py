"""All routes in one drawing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.geo import Point
from planner.domain.overview import Flag, Place, overview

ROUND = (Point(52.09, 5.12), Point(52.095, 5.12), Point(52.095, 5.13), Point(52.09, 5.12))


def test_each_route_is_drawn_and_numbered() -> None:
    drawing = overview([Place(1, ROUND[0], (ROUND,)), Place(3, Point(52.2, 5.3))], 720, 540)
    assert drawing is not None
    assert len(drawing.lines) == 1
    assert [flag.numbers for flag in drawing.flags] == [(1,), (3,)]
    south, north = drawing.flags
    assert (south.x < north.x, south.y > north.y) == (True, True), "north is up, east is right"


def test_starts_close_together_share_a_mark() -> None:
    places = [Place(number, Point(52.09, 5.12 + number / 1e6)) for number in range(1, 6)]
    drawing = overview([*places, Place(9, Point(52.5, 5.5))], 720, 540)
    assert drawing is not None
    assert [flag.label for flag in drawing.flags] == ["1, 2, 3 +2", "9"]


def test_without_a_place_there_is_no_drawing() -> None:
    assert overview([], 720, 540) is None
    assert Flag((7,), 0, 0).label == "7"


@given(
    st.lists(
        st.builds(
            lambda lat, lon: Place(
                1, Point(lat, lon), ((Point(lat, lon), Point(lat, min(180, lon + 0.01))),)
            ),
            st.floats(-80, 80),
            st.floats(-180, 180),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_everything_lies_in_the_drawing(places: list[Place]) -> None:
    drawing = overview(places, 720, 540)
    assert drawing is not None
    assert all(0 <= flag.x <= 720 and 0 <= flag.y <= 540 for flag in drawing.flags)
    assert sum(len(flag.numbers) for flag in drawing.flags) == len(places)
