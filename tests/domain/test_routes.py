"""Rules about routes: when it is quiet, what the weather looks at, what may be cut off, order of places."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.geo import Point, Segments, distance_m, ends, length_m, trim_ends
from planner.domain.routes import (
    DAY_PARTS,
    DAYS,
    TRIM_LEAVES_M,
    TRIM_M,
    RouteFacts,
    can_trim,
    day_part,
    minutes_to_walk,
    moved,
)

TUESDAY_MORNING = datetime(2026, 12, 1, 10)
SUNDAY_AFTERNOON = datetime(2026, 12, 6, 15)


@pytest.mark.parametrize(
    ("facts", "tuesday", "sunday"),
    [
        (RouteFacts(), None, None),
        (RouteFacts(quietness="some"), None, None),
        (RouteFacts(quietness="quiet"), True, True),
        (RouteFacts(quietness="busy"), False, False),
        (RouteFacts(quiet_days=("mon", "tue")), True, False),
        (RouteFacts(quiet_parts=("morning",)), True, False),
        (RouteFacts(quiet_days=("tue", "sun"), quiet_parts=("afternoon",)), False, True),
        (RouteFacts(quietness="busy", quiet_days=("tue",)), True, False),
    ],
    ids=str,
)
def test_quiet_on_tuesday_morning_need_not_be_quiet_on_sunday(
    facts: RouteFacts, tuesday: bool | None, sunday: bool | None
) -> None:
    assert facts.quiet_when(TUESDAY_MORNING) is tuesday
    assert facts.quiet_when(SUNDAY_AFTERNOON) is sunday


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (0, "morning"),
        (10, "morning"),
        (11, "midday"),
        (14, "afternoon"),
        (17, "afternoon"),
        (18, "evening"),
        (23, "evening"),
    ],
)
def test_parts_of_the_day(hour: int, part: str) -> None:
    assert day_part(hour) == part


@given(st.integers(0, 23), st.integers(0, 6))
def test_every_hour_of_every_day_has_a_part(hour: int, day: int) -> None:
    everywhere = RouteFacts(quiet_days=DAYS, quiet_parts=DAY_PARTS)
    assert everywhere.quiet_when(datetime(2026, 11, 23 + day, hour)) is True


@pytest.mark.parametrize(
    ("greenness", "share"), [(None, 1.0), ("mostly", 1.0), ("half", 0.5), ("little", 0.2)]
)
def test_green_share(greenness: str | None, share: float) -> None:
    assert RouteFacts(greenness=greenness).green_share == share


@pytest.mark.parametrize(
    ("tags", "month", "ticks"),
    [
        ((), 6, False),
        (("forest",), 6, True),
        (("forest",), 1, False),
        (("beach",), 6, False),
        (("park",), 11, True),
    ],
)
def test_ticks(tags: tuple[str, ...], month: int, ticks: bool) -> None:
    assert RouteFacts(environment_tags=tags).has_ticks(month) is ticks


@pytest.mark.parametrize(
    ("tags", "openness", "seen", "open_to_wind"),
    [
        ((), None, set(), False),
        (("heath",), None, {"heath"}, True),
        (("heath",), "trees", {"heath", "forest"}, False),
        (("forest",), "open", {"forest"}, True),
        (("park",), "half", {"park"}, False),
        ((), "trees", {"forest"}, False),
    ],
)
def test_what_the_weather_looks_at(
    tags: tuple[str, ...], openness: str | None, seen: set[str], open_to_wind: bool
) -> None:
    """Among trees branches fall, whatever else is there; a forest stays one in open land."""
    facts = RouteFacts(environment_tags=tags, openness=openness)
    assert (set(facts.surroundings), facts.lies_open) == (seen, open_to_wind)


@pytest.mark.parametrize(("metres", "minutes"), [(None, None), (0, 1), (10, 1), (3000, 45), (2465, 37)])
def test_walking_time(metres: float | None, minutes: int | None) -> None:
    assert minutes_to_walk(metres) == minutes


@given(st.lists(st.integers(), min_size=1, max_size=8, unique=True), st.data())
def test_moving_keeps_every_item_and_one_step_back_undoes_it(items: list[int], data: st.DataObject) -> None:
    which = data.draw(st.sampled_from(items))
    step = data.draw(st.sampled_from((-1, 1)))
    order = moved(items, which, step)
    assert sorted(order) == sorted(items)
    assert abs(order.index(which) - items.index(which)) <= 1
    if order != tuple(items):
        assert moved(order, which, -step) == tuple(items)


steps = st.lists(st.tuples(st.floats(-0.002, 0.002), st.floats(-0.002, 0.002)), min_size=2, max_size=30)


def line_of(legs: list[tuple[float, float]]) -> Segments:
    points, at = [Point(52.0, 5.0)], (52.0, 5.0)
    for north, east in legs:
        at = (round(at[0] + north, 7), round(at[1] + east, 7))
        points.append(Point(*at))
    return (tuple(points),)


@given(steps)
def test_the_offer_to_trim_leaves_a_route_and_hides_the_ends(legs: list[tuple[float, float]]) -> None:
    line = line_of(legs)
    if not can_trim(line):
        return
    rest = trim_ends(line, TRIM_M)
    assert length_m(rest) >= TRIM_LEAVES_M - 1
    assert length_m(rest) == pytest.approx(length_m(line) - 2 * TRIM_M, abs=2)
    assert distance_m(ends(rest)[0], ends(line)[0]) <= TRIM_M + 1


def test_no_offer_where_too_little_is_left() -> None:
    assert not can_trim(())
    assert not can_trim(line_of([(0.005, 0.0)]))
    assert can_trim(line_of([(0.006, 0.0)]))
