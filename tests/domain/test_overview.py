"""All routes in one drawing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.geo import Point
from planner.domain.overview import Flag, Place, overviews

ROUND = (Point(52.09, 5.12), Point(52.095, 5.12), Point(52.095, 5.13), Point(52.09, 5.12))


def test_each_route_is_drawn_and_numbered() -> None:
    (drawing,) = overviews([Place(1, ROUND[0], (ROUND,)), Place(3, Point(52.15, 5.2))], 480, 360)
    assert len(drawing.lines) == 1
    assert [flag.numbers for flag in drawing.flags] == [(1,), (3,)]
    south, north = drawing.flags
    assert (south.x < north.x, south.y > north.y) == (True, True), "north is up, east is right"


def test_starts_close_together_share_a_mark() -> None:
    places = [Place(number, Point(52.09, 5.12 + number / 1e6)) for number in range(1, 6)]
    (drawing,) = overviews([*places, Place(9, Point(52.15, 5.2))], 480, 360)
    assert [flag.label for flag in drawing.flags] == ["1, 2, 3 +2", "9"]


def test_what_lies_far_off_has_a_drawing_of_its_own() -> None:
    """One by one: the fourth lies between the first two, and so brings them together."""
    at = {1: 52.0, 2: 52.2, 3: 53.0, 4: 52.1}
    places = [Place(number, Point(lat, 5.0)) for number, lat in at.items()]

    def numbers(*which: int) -> list[list[int]]:
        drawings = overviews([places[one - 1] for one in which], 480, 360)
        return [[one for flag in drawing.flags for one in flag.numbers] for drawing in drawings]

    assert numbers(1, 2, 3) == [[1], [2], [3]]
    assert numbers(1, 2, 3, 4) == [[1, 2, 4], [3]]


def test_without_a_place_there_is_no_drawing() -> None:
    assert overviews([], 480, 360) == ()
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
def test_everything_lies_in_a_drawing(places: list[Place]) -> None:
    drawings = overviews(places, 480, 360)
    flags = [flag for drawing in drawings for flag in drawing.flags]
    assert all(0 <= flag.x <= 480 and 0 <= flag.y <= 360 for flag in flags)
    assert sum(len(flag.numbers) for flag in flags) == len(places)
