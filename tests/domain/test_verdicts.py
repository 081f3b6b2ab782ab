"""Verdicts that share their look at the forecast are those of the rule itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from planner.domain.places import Place
from planner.domain.verdicts import Verdicts
from planner.domain.weather import Case, Forecast, Limits, judge
from tests.domain.test_weather_properties import HOUR
from tests.domain.weather_makers import DAY, UTRECHT, at, forecast, step

FAR_NORTH = Place.near(70.0, 25.0)
HOURS = st.lists(st.none() | HOUR, min_size=8, max_size=8)
"""None: nothing is known of that hour."""
BLOCKS = st.lists(st.none() | HOUR, max_size=2)
WALKS = st.lists(st.tuples(st.integers(0, 26 * 60), st.integers(0, 130)), min_size=2, max_size=8)
"""Minutes from eight o'clock, and of walking."""
LIGHTNING: dict[str, Any] = {
    "symbol": "rainandthunder",
    "precip_mm": 1.0,
    "temperature_c": 12.0,
    "wind_ms": 1.0,
}


def weather(hours: list[dict[str, Any] | None], blocks: list[dict[str, Any] | None]) -> Forecast:
    """Eight hours from eight o'clock, then blocks of six, and the moment at which the last one ends."""
    eight = at(8)
    known = [step(eight + timedelta(hours=n), **hour) for n, hour in enumerate(hours) if hour is not None]
    later = eight + timedelta(hours=len(hours))
    known += [
        step(later + timedelta(hours=6 * n), 6, **one) for n, one in enumerate(blocks) if one is not None
    ]
    end = step(later + timedelta(hours=6 * len(blocks)), 0)
    return replace(forecast(*known, end), fetched_at=DAY)


@given(
    HOURS,
    BLOCKS,
    WALKS,
    st.sampled_from((0, 30, 50, 75)),
    st.integers(0, 40),
    st.sampled_from((UTRECHT, FAR_NORTH)),
)
@example(
    [None] * 4 + [LIGHTNING] + [None] * 3, [], [(3 * 60, 29), (3 * 60, 30), (3 * 60, 31)], 30, 1, UTRECHT
)
@example([None] * 2 + [LIGHTNING] + [None] * 5, [], [(209, 30), (210, 30), (211, 30)], 30, 1, UTRECHT)
def test_every_verdict_is_the_one_of_that_walk_by_itself(
    hours: list[dict[str, Any] | None],
    blocks: list[dict[str, Any] | None],
    walks: list[tuple[int, int]],
    margin_min: int,
    now_h: int,
    place: Place,
) -> None:
    """Also with holes, blocks of six hours, walks into the night, an old forecast and walks that are over."""
    held, limits, now = weather(hours, blocks), Limits(thunder_margin_min=margin_min), at(now_h)
    tags, flags = frozenset({"forest"}), frozenset({"lungs", "allergy"})
    verdicts = Verdicts(Case(held, place, now, limits, tags, health_flags=flags))
    for from_min, minutes in walks:
        start_at = at(8, from_min)
        end_at = start_at + timedelta(minutes=minutes)
        alone = judge(held, start_at, end_at, place, now, limits, tags, health_flags=flags)
        assert verdicts.on(start_at, end_at) == alone


def test_without_a_forecast_and_indoors() -> None:
    nothing = Verdicts(Case(None, UTRECHT, DAY, Limits()))
    assert nothing.on(at(10), at(11)) == judge(None, at(10), at(11), UTRECHT, DAY, Limits())
    assert nothing.on(at(10, 15), at(11)).reasons[0].at == datetime(2026, 11, 25, 10, 15, tzinfo=UTC)
    indoors = Verdicts(Case(None, UTRECHT, DAY, Limits(), setting="indoors"))
    assert indoors.on(at(10), at(11)).code == "go"
