"""What Open-Meteo really answered others, read where it lies. It was asked for local times and other units, which we
never ask for: as it is, we refuse it; told in what we do ask for, it reads hour by hour."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from planner.domain.needs import Known, OutsideFailed
from planner.domain.weather import Forecast, Place
from planner.outside.http import Door
from planner.outside.open_meteo import OpenMeteo
from tests.counting import count
from tests.outside.physical import UNITS
from tests.outside.test_recorded_weather import recording

NEW_YORK = "openmeteo_forecast_newyork_iso8601_daily-sun.json"
AMSTERDAM = "openmeteo_forecast_amsterdam_2026-07-11.json"
AIR = "openmeteo_airquality_amsterdam_2026-07-11.json"
PLAIN_TEXT = "openmeteo_status200_plaintext_stream-error.txt"
CASSETTE = "openmeteo_forecast_vcr_customer-host_apikey.yml"
PLACE = Place.near(40.78, -73.97)
NOW = datetime(2026, 2, 6, 6, tzinfo=UTC)
WET_CODE = 51


def asked(httpserver: HTTPServer, weather: str, air: str = "{}") -> Forecast:
    """The forecast as our client reads it from a server that gives these bodies."""
    httpserver.expect_request("/v1/forecast").respond_with_data(weather)
    httpserver.expect_request("/v1/air-quality").respond_with_data(air)
    count("weather answers replayed", 2)
    base = httpserver.url_for("").rstrip("/")
    source = OpenMeteo(Door(lambda: "coach@example.org"), lambda: NOW, lambda: True, None, base)
    found = source.fetch({PLACE: Known()})[PLACE].forecast
    assert found is not None
    return found


def retold(recorded: dict[str, Any], units: dict[str, str]) -> str:
    """The recorded numbers as we ask for them: seconds since 1970, metres per second. Nothing else changes."""
    offset = timedelta(seconds=recorded["utc_offset_seconds"])
    hourly = dict(recorded["hourly"])
    local = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in hourly["time"]]
    hourly["time"] = [int((one - offset).timestamp()) for one in local]
    if recorded["hourly_units"].get("wind_speed_10m") == "km/h":
        hourly["wind_speed_10m"] = [None if one is None else one / 3.6 for one in hourly["wind_speed_10m"]]
    told = {name: unit for name, unit in {**recorded["hourly_units"], **units}.items() if name in hourly}
    return json.dumps({**recorded, "hourly": hourly, "hourly_units": told})


@pytest.mark.parametrize(
    ("name", "kind"), [(NEW_YORK, "garbage"), (AMSTERDAM, "garbage"), (PLAIN_TEXT, "failing")]
)
def test_local_times_and_plain_text_are_refused(httpserver: HTTPServer, name: str, kind: str) -> None:
    with pytest.raises(OutsideFailed) as raised:
        asked(httpserver, recording(name).read_text(encoding="utf-8"))
    assert raised.value.kind == kind


def test_new_york_reads_hour_by_hour(httpserver: HTTPServer) -> None:
    whole = json.loads(recording(NEW_YORK).read_text(encoding="utf-8"))
    held = asked(httpserver, retold(whole, UNITS))
    assert len(held.steps) == 168
    by_hour = {step.at: step for step in held.steps}
    flurry = by_hour[datetime(2026, 2, 7, 9, tzinfo=UTC)]
    assert (flurry.precip_mm, flurry.symbol) == (0.2, "lightsnow"), "label 05:00 in New York ends this hour"
    assert flurry.temperature_c == whole["hourly"]["temperature_2m"][28], "and 04:00 begins it"
    assert by_hour[datetime(2026, 2, 11, 10, tzinfo=UTC)].symbol == "freezingrain"
    assert flurry.gust_ms is None and flurry.visibility_m is None, "columns that were not asked for"


def test_a_code_tells_of_the_hour_before_its_label_too() -> None:
    """Wherever a code says that something falls, it fell in the precipitation of the same label."""
    hourly = json.loads(recording(NEW_YORK).read_text(encoding="utf-8"))["hourly"]
    rows = list(zip(hourly["weather_code"], hourly["precipitation"], strict=True))
    assert sum(code >= WET_CODE for code, _ in rows) >= 6
    assert all((code >= WET_CODE) == (mm > 0) for code, mm in rows)


def test_air_in_amsterdam(httpserver: HTTPServer) -> None:
    air = json.loads(recording(AIR).read_text(encoding="utf-8"))
    one = {"time": air["hourly"]["time"], "temperature_2m": [21.2], "wind_speed_10m": [3.5]}
    weather = {**air, "hourly": one, "hourly_units": {}}
    held = asked(httpserver, retold(weather, UNITS), retold(air, {"time": "unixtime"}))
    assert [step.air_index for step in held.steps] == [22.0]
    assert held.steps[0].at == datetime(2026, 7, 10, 22, tzinfo=UTC)


def test_the_paid_host_answers_in_the_same_shape(httpserver: HTTPServer) -> None:
    """Taken from a cassette; only codes were asked for, so no hour of it can be used."""
    text = recording(CASSETTE).read_text(encoding="utf-8")
    match = re.search(r"string: '(\{.*?\})'\n", text, re.DOTALL)
    assert match is not None
    whole = json.loads(re.sub(r"\n\s+", " ", match[1]))
    assert whole["hourly_units"]["weather_code"] == UNITS["weather_code"]
    with pytest.raises(OutsideFailed) as raised:
        asked(httpserver, retold(whole, UNITS))
    assert raised.value.kind == "garbage"
