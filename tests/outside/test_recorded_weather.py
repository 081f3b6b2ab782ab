"""Answers that MET Norway really gave, read where they lie. In CI they must be there; a bare clone goes without."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from planner.domain.needs import Known
from planner.domain.weather import Forecast, Limits, Place, Verdict, judge
from planner.outside.http import Door
from planner.outside.met_norway import MetNorway
from tests.counting import count

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "samples" / "weather"
LONDON = "metno_complete_london_wrapped_2020-07-20.json"
BERLIN = "metno_complete_north-of-berlin_2022-08-02.json"
OSLO = "metno_compact_oslo_snow_2026-02-06.json"


def recording(name: str) -> Path:
    """The file of a recorded answer."""
    if not RECORDED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have the recorded answers in {RECORDED.name}")
        pytest.skip(
            "NO RECORDED WEATHER ANSWERS: ../shared/samples is not there, real answers were not tried"
        )
    return RECORDED / name


def recorded(httpserver: HTTPServer, name: str) -> Forecast:
    """The forecast as our client reads it from a server that gives the recorded answer, headers included."""
    whole: dict[str, Any] = json.loads(recording(name).read_text(encoding="utf-8"))
    headers = {key: whole.get("headers", {}).get(key, "") for key in ("Date", "Expires", "Last-Modified")}
    body = json.dumps(whole.get("data", whole))
    httpserver.expect_request("/weatherapi/locationforecast/2.0/complete").respond_with_data(
        body, headers={key: value for key, value in headers.items() if value}
    )
    first_at = json.loads(body)["properties"]["timeseries"][0]["time"]
    now = datetime.fromisoformat(first_at) + timedelta(minutes=10)
    base = httpserver.url_for("/weatherapi")
    source = MetNorway(Door(lambda: "coach@example.org"), lambda: now, base)
    (got,) = source.fetch({Place.near(52, 5): Known()}).values()
    assert got.forecast is not None
    count("weather answers replayed")
    if "headers" in whole:
        assert got.expires_in_s == pytest.approx(1912, abs=1)
    return got.forecast


def walk(held: Forecast, place: Place, at: datetime, tags: frozenset[str] = frozenset()) -> Verdict:
    now = max(held.fetched_at, at - timedelta(hours=1)) if held.fetched_at > at else held.fetched_at
    return judge(held, at, at + timedelta(minutes=45), place, now, Limits(), tags)


@pytest.mark.parametrize(("name", "steps", "hours"), [(LONDON, 82, 55), (BERLIN, 84, 56), (OSLO, 83, 51)])
def test_every_entry_is_read(httpserver: HTTPServer, name: str, steps: int, hours: int) -> None:
    held = recorded(httpserver, name)
    assert len(held.steps) == steps
    assert sum(step.span_h == 1 for step in held.steps) == hours
    assert held.steps[-1].span_h == 0
    assert held.updated_at is not None


def test_london_has_no_gusts_so_they_are_estimated(httpserver: HTTPServer) -> None:
    held = recorded(httpserver, LONDON)
    found = walk(held, Place.near(51.5, -0.1), datetime(2020, 7, 20, 12, tzinfo=UTC))
    assert found.numbers.gust_estimated
    assert found.numbers.gust_kmh == pytest.approx(3.1 * 1.7 * 3.6)
    assert [(reason.code, reason.level) for reason in found.reasons] == [("uv", "adapt")]
    assert not found.provisional


def test_north_of_berlin_has_real_gusts(httpserver: HTTPServer) -> None:
    held = recorded(httpserver, BERLIN)
    found = walk(held, Place.near(53.5, 13), datetime(2022, 8, 2, 16, tzinfo=UTC))
    assert not found.numbers.gust_estimated
    assert found.numbers.gust_kmh == pytest.approx(7.2 * 3.6)
    assert not found.provisional


def test_its_hottest_day_says_move(httpserver: HTTPServer) -> None:
    held = recorded(httpserver, BERLIN)
    hottest = max(held.steps, key=lambda step: step.temperature_c)
    found = walk(held, Place.near(53.5, 13), hottest.at)
    assert (found.code, found.reasons[0].code) == ("move", "heat")


def test_oslo_in_snow_is_too_cold_and_says_it_snows(httpserver: HTTPServer) -> None:
    held = recorded(httpserver, OSLO)
    snowy = next(step for step in held.steps if step.at.hour == 9 and step.at.day == 7)
    found = walk(held, Place.near(59.91, 10.75), snowy.at)
    codes = [reason.code for reason in found.reasons]
    assert "slippery" in codes
    assert found.numbers.gust_estimated
    night = walk(held, Place.near(59.91, 10.75), held.steps[0].at)
    assert [(r.code, r.level) for r in night.reasons][:2] == [("daylight", "move"), ("wind_chill", "move")]
    assert {"snow", "slippery"} <= {reason.code for reason in night.reasons}


def test_next_week_is_provisional_and_after_it_unknown(httpserver: HTTPServer) -> None:
    held = recorded(httpserver, LONDON)
    place = Place.near(51.5, -0.1)
    assert walk(held, place, datetime(2020, 7, 26, 9, tzinfo=UTC)).provisional
    assert walk(held, place, datetime(2020, 7, 31, 9, tzinfo=UTC)).code == "unknown"
