"""The same weather gives the same verdict, whichever service tells it: an hour off would make every verdict wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.weather import Forecast, Limits, Place, Verdict, judge
from planner.outside import met_norway_json, open_meteo_json
from tests.outside.physical import MET_SYMBOLS, Hour, met_norway, open_meteo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
UTRECHT = Place.near(52.0907, 5.1214)
FIRST = datetime(2026, 6, 10, 6, tzinfo=UTC)
DRY = [Hour()] * 12

HOUR = st.builds(
    Hour,
    temperature_c=st.floats(-20, 40),
    wind_ms=st.floats(0, 20),
    humidity_pct=st.floats(5, 100),
    uv=st.floats(0, 10),
    foggy=st.booleans(),
    gust_ms=st.floats(0, 30),
    falls=st.sampled_from(sorted(MET_SYMBOLS)),
    mm=st.floats(0.2, 12),
    chance_pct=st.floats(0, 100),
)


def told(hours: list[Hour], first_at: datetime = FIRST) -> tuple[Forecast, Forecast]:
    """The two forecasts, through the readers of the two answers."""
    met = met_norway_json.forecast_from(met_norway(hours, first_at).encode(), "met-norway", first_at)
    (place,) = open_meteo_json.locations(json.dumps(open_meteo(hours, first_at)).encode(), 1)
    labels = open_meteo_json.labels(place, open_meteo_json.WEATHER)
    other = open_meteo_json.forecast_from(labels, {}, "open-meteo", first_at)
    assert other is not None
    return met, other


def judged(held: Forecast, start_at: datetime, minutes: int, tags: frozenset[str] = frozenset()) -> Verdict:
    end_at = start_at + timedelta(minutes=minutes)
    return judge(held, start_at, end_at, UTRECHT, held.fetched_at, Limits(), tags)


def said(verdict: Verdict) -> list[tuple[str, str, object]]:
    """Code, level and hour of each reason; the numbers of fog come in a unit of the service's own."""
    return [(one.code, one.level, one.at) for one in verdict.reasons]


@given(
    st.lists(HOUR, min_size=9, max_size=9),
    st.integers(60, 330),
    st.sampled_from([20, 40, 60, 75, 90]),
    st.sampled_from([frozenset(), frozenset({"forest"})]),
)
def test_the_same_hour_gives_the_same_verdict(
    hours: list[Hour], begins_min: int, minutes: int, tags: frozenset[str]
) -> None:
    start_at = FIRST + timedelta(minutes=begins_min)
    met, other = (judged(held, start_at, minutes, tags) for held in told([*hours, Hour()]))
    assert other.code == met.code
    assert said(other) == said(met)
    assert other.numbers.rain_mm == met.numbers.rain_mm
    assert other.numbers.gust_kmh == met.numbers.gust_kmh
    assert other.numbers.symbol == met.numbers.symbol


def changed(hour: int, **changes: object) -> list[Hour]:
    """A dry day but for one hour, counted from FIRST."""
    return [Hour(**changes) if number == hour else one for number, one in enumerate(DRY)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [("10:30", "11:20", "move"), ("10:00", "11:00", "go"), ("11:59", "12:30", "move")],
)
def test_rain_between_eleven_and_twelve(begins: str, ends: str, code: str) -> None:
    start_at, end_at = (
        datetime.combine(FIRST, datetime.strptime(one, "%H:%M").time(), UTC) for one in (begins, ends)
    )
    for held in told(changed(5, falls="rain", mm=5.0)):
        assert judged(held, start_at, (end_at - start_at).seconds // 60).code == code


@pytest.mark.parametrize(("begins_min", "code"), [(180, "go"), (181, "move"), (419, "move"), (420, "go")])
def test_thunder_reaches_an_hour_to_both_sides(begins_min: int, code: str) -> None:
    """It thunders from 300 to 360 minutes after the first hour; the walk takes an hour."""
    for held in told(changed(5, falls="thunder", mm=0.2)):
        assert judged(held, FIRST + timedelta(minutes=begins_min), 60).code == code


@pytest.mark.parametrize(("on", "utc_hour"), [("2026-10-25", 9), ("2026-03-29", 8)])
def test_ten_oclock_after_the_clock_changed(on: str, utc_hour: int) -> None:
    local = datetime.fromisoformat(f"{on}T10:00").replace(tzinfo=AMSTERDAM)
    first_at = local.astimezone(UTC).replace(hour=0)
    hours = [Hour(falls="rain", mm=5.0) if number == utc_hour else Hour() for number in range(24)]
    for held in told(hours, first_at):
        assert [one.code for one in judged(held, local, 60).reasons] == ["rain"]
        assert judged(held, local + timedelta(hours=1), 60).code == "go"
