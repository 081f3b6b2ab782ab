"""Open-Meteo's client against a local service with its manners, good and bad."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from planner.domain.needs import FetchResult, Known, OutsideFailed, WeatherSource
from planner.domain.weather import Forecast, Limits, Place, judge
from planner.outside.http import Door
from planner.outside.open_meteo import AIR_QUALITY, AT_ONCE, FORECAST, OpenMeteo
from tests.outside.physical import Hour
from tests.outside.raw_server import send, serving, silence
from tests.services.open_meteo_service import OpenMeteoService

SAMPLES = Path(__file__).parent.parent / "samples" / "weather"
UTRECHT, ZEIST, AMSTERDAM = Place.near(52.0907, 5.1214), Place.near(52.0884, 5.2333), Place.near(52.37, 4.9)
NOW = datetime(2026, 6, 10, 6, 10, tzinfo=UTC)
KEY = "geheim-123"


@pytest.fixture
def service(httpserver: HTTPServer) -> OpenMeteoService:
    return OpenMeteoService(httpserver, NOW)


def fetch(
    service: OpenMeteoService, *places: Place, key: str | None = None, known: Known | None = None
) -> dict[Place, FetchResult]:
    return dict(service.source(key).fetch(dict.fromkeys(places or (UTRECHT,), known or Known())))


def forecast(service: OpenMeteoService, place: Place = UTRECHT) -> Forecast:
    found = fetch(service, place)[place].forecast
    assert found is not None
    return found


def trouble(service: OpenMeteoService, *places: Place, known: Known | None = None) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as raised:
        fetch(service, *places, known=known)
    return raised.value


def test_it_is_a_weather_source(service: OpenMeteoService) -> None:
    made: WeatherSource = service.source()
    assert (made.name, made.at_once) == ("open-meteo", AT_ONCE)
    hosts = (FORECAST.free, FORECAST.paid, AIR_QUALITY.free, AIR_QUALITY.paid)
    assert all(host.startswith("https://") and host.endswith("open-meteo.com") for host in hosts)


def test_weather_and_air_come_together(service: OpenMeteoService) -> None:
    service.usual = [Hour(gust_ms=9.0, chance_pct=30.0, uv=4.0)] * 48
    service.air = {"european_aqi": 55, "grass_pollen": 12.5}
    got = fetch(service)[UTRECHT]
    assert (got.expires_in_s, got.last_modified, got.deprecated) == (3600, None, False)
    held = got.forecast
    assert held is not None
    assert (held.source, held.fetched_at, held.updated_at) == ("open-meteo", NOW, None)
    assert [step.span_h for step in held.steps] == [1] * 47 + [0], "the last label ends the last hour"
    step = held.steps[9]
    assert step.at == NOW.replace(hour=9, minute=0)
    assert (step.gust_ms, step.precip_prob_pct, step.uv_index) == (9.0, 30.0, 4.0)
    assert (step.air_index, step.grass_pollen, step.birch_pollen) == (55.0, 12.5, None)


def test_what_it_asks(service: OpenMeteoService) -> None:
    fetch(service, UTRECHT, ZEIST)
    air, weather = service.asked
    for request in (air, weather):
        assert request.args["latitude"] == "52.09,52.09" and request.args["longitude"] == "5.12,5.23"
        assert (request.args["timeformat"], request.args["timezone"]) == ("unixtime", "GMT")
        assert "coach@example.org" in request.headers["User-Agent"]
        assert request.headers["Accept-Encoding"] == "gzip"
    assert weather.args["wind_speed_unit"] == "ms" and "models" not in weather.args
    assert int(weather.args["forecast_days"]) <= 14, "more would weigh more"


def test_several_places_in_one_question_each_get_their_own(service: OpenMeteoService) -> None:
    service.hours["52.37"] = [Hour(temperature_c=25.0)] * 30
    found = fetch(service, UTRECHT, AMSTERDAM, ZEIST)
    assert service.questions == ["/v1/air-quality", "/v1/forecast"]
    warmth = {
        place: result.forecast.steps[0].temperature_c for place, result in found.items() if result.forecast
    }
    assert warmth == {UTRECHT: 12.0, AMSTERDAM: 25.0, ZEIST: 12.0}, "by position: coordinates are the cell's"


# The key and the free host


def test_the_key_goes_in_a_header_and_nowhere_else(service: OpenMeteoService) -> None:
    service.key = KEY
    service.non_commercial = False
    fetch(service, key=KEY)
    assert all(request.headers["X-Api-Key"] == KEY for request in service.asked)
    assert not [request for request in service.asked if KEY in request.url]
    source = service.source(KEY)
    assert KEY not in repr(source)
    service.forecast_fails = (500, KEY)
    with pytest.raises(OutsideFailed) as raised:
        source.fetch({UTRECHT: Known()})
    assert KEY not in repr(raised.value) and raised.value.__cause__ is None


def test_a_wrong_key_is_refused_for_an_hour(service: OpenMeteoService) -> None:
    service.key = KEY
    with pytest.raises(OutsideFailed) as raised:
        fetch(service, key="verkeerd")
    assert raised.value.kind == "refused" and raised.value.retry_after_s >= 3600


def test_without_a_key_nothing_is_asked_until_the_coach_said_so(service: OpenMeteoService) -> None:
    service.non_commercial = False
    assert trouble(service).kind == "not_configured"
    assert not service.asked
    service.non_commercial = True
    assert fetch(service)
    assert not [request for request in service.asked if "X-Api-Key" in request.headers]


def test_without_a_contact_nothing_is_asked(service: OpenMeteoService) -> None:
    service.contact = None
    assert trouble(service).kind == "not_configured"
    assert not service.asked


# Answers that are none

TEXT = "Unexpected error while streaming data: timeoutReached"


def because(reason: Any) -> dict[str, Any]:
    return {"error": True, "reason": reason}


REFUSALS: list[tuple[int, Any, str, float]] = [
    (200, TEXT, "failing", 30),
    (200, '[{"latitude": 52.1, "hourly": {"time": [1' + TEXT, "failing", 30),
    (200, "", "failing", 30),
    (200, because("x"), "failing", 30),
    (200, "[" * 100_000, "failing", 30),
    (200, "[]", "garbage", 1800),
    (200, "{}", "garbage", 1800),
    (200, "null", "garbage", 1800),
    (302, "", "garbage", 1800),
    (400, because("Latitude must be in range of -90 to 90°. Given: 91.0."), "bad_request", 86_400),
    (400, because("No data is available for this location"), "not_covered", 86_400),
    (400, because("The supplied API key is invalid."), "refused", 3600),
    (400, because(7), "bad_request", 86_400),
    (400, "<html>", "bad_request", 86_400),
    (401, because("API key required. Please add &apikey= to the URL."), "refused", 3600),
    (403, "", "refused", 3600),
    (429, because("Too many concurrent requests"), "throttled", 600),
    (429, because("Minutely API request limit exceeded. Please try again in one minute."), "throttled", 600),
    (
        429,
        because("Hourly API request limit exceeded. Please try again in the next hour."),
        "throttled",
        3600,
    ),
    (429, because("Daily API request limit exceeded. Please try again tomorrow."), "throttled", 64_200),
    (500, TEXT, "failing", 30),
    (502, "<html>", "failing", 30),
    (503, because("The service is overloaded"), "failing", 30),
]


@pytest.mark.parametrize(("status", "body", "kind", "pause_s"), REFUSALS)
def test_a_refusal_is_left_alone_for_as_long_as_it_says(
    service: OpenMeteoService, status: int, body: Any, kind: str, pause_s: float
) -> None:
    service.forecast_fails = (status, body)
    problem = trouble(service)
    assert problem.kind == kind
    assert pause_s <= problem.retry_after_s <= 1.1 * pause_s


def test_an_outage_gets_one_quick_retry(service: OpenMeteoService) -> None:
    service.forecast_fails = (200, TEXT)
    assert trouble(service).retry_after_s < 60
    assert trouble(service, known=Known(problem="failing")).retry_after_s >= 1800


@pytest.mark.parametrize("reason", ["No data is available for this location", "Latitude must be in range"])
def test_what_may_be_about_one_of_several_is_tried_again_soon(service: OpenMeteoService, reason: str) -> None:
    service.forecast_fails = (400, because(reason))
    assert trouble(service, UTRECHT, ZEIST).retry_after_s == 60
    assert trouble(service, UTRECHT).retry_after_s >= 86_400


def test_a_redirect_to_another_host_is_refused(service: OpenMeteoService, httpserver: HTTPServer) -> None:
    httpserver.clear()
    for path in (FORECAST.path, AIR_QUALITY.path):
        httpserver.expect_request(path).respond_with_data(
            "", status=301, headers={"Location": "https://api.example/x"}
        )
    assert trouble(service).kind == "redirected"


def test_a_body_over_the_limit_is_refused(service: OpenMeteoService) -> None:
    service.forecast_fails = (200, b" " * 3_000_000)
    assert trouble(service).kind == "too_large"


@pytest.mark.parametrize(
    "behaviour", [silence, send(b""), send(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")]
)
def test_silence_and_half_an_answer_are_no_answer(behaviour: Any) -> None:
    with serving(behaviour) as url, pytest.raises(OutsideFailed) as raised:
        source = OpenMeteo(Door(lambda: "coach@example.org", 0.3), lambda: NOW, lambda: True, None, url)
        source.fetch({UTRECHT: Known()})
    assert raised.value.kind == "unreachable"


# Air is extra


@pytest.mark.parametrize(
    ("status", "body"), [(500, ""), (403, ""), (400, "{}"), (200, TEXT), (200, "[]"), (200, "{}")]
)
def test_without_air_the_weather_still_comes(service: OpenMeteoService, status: int, body: str) -> None:
    service.air_fails = (status, body)
    held = forecast(service)
    assert len(held.steps) == 72
    assert {step.air_index for step in held.steps} == {None}


def test_told_to_stop_by_one_service_stops_both(service: OpenMeteoService) -> None:
    service.air_fails = (429, because("Daily API request limit exceeded."))
    assert trouble(service).kind == "throttled"
    assert service.questions == ["/v1/air-quality"]


# Samples of our own making


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


def test_two_places_over_the_night_the_clock_changes(service: OpenMeteoService) -> None:
    """Rain from 09:00 to 10:00 UTC: on that Sunday that is ten o'clock in Amsterdam, at both places."""
    service.now = datetime(2026, 10, 25, 6, tzinfo=UTC)
    service.forecast_fails = (200, sample("open_meteo_two_places"))
    service.air_fails = (200, sample("open_meteo_air_two_places"))
    found = fetch(service, UTRECHT, AMSTERDAM)
    ten = datetime(2026, 10, 25, 9, tzinfo=UTC)
    for place, result in found.items():
        codes = [
            [
                one.code
                for one in judge(
                    result.forecast, at, at + timedelta(minutes=50), place, service.now, Limits()
                ).reasons
            ]
            for at in (ten - timedelta(hours=1), ten, ten + timedelta(hours=1))
        ]
        assert codes == [[], ["rain"], []]
    assert found[UTRECHT].forecast is not None and found[AMSTERDAM].forecast is not None
    assert found[AMSTERDAM].forecast.steps[0].visibility_m is None, "a column that is null all along"
    assert found[UTRECHT].forecast.steps[0].birch_pollen is None, "out of season"
    assert found[UTRECHT].forecast.steps[0].air_index == 31


def test_a_place_of_which_nothing_can_be_used_is_left_out(service: OpenMeteoService) -> None:
    whole = json.loads(sample("open_meteo_two_places"))
    whole[1]["hourly_units"]["wind_speed_10m"] = "km/h"
    service.forecast_fails = (200, whole)
    assert list(fetch(service, UTRECHT, AMSTERDAM)) == [UTRECHT]
    assert trouble(service, UTRECHT).kind == "garbage", "two answers for one place"
    whole[1]["location_id"] = 7
    assert trouble(service, UTRECHT, AMSTERDAM).kind == "garbage", "not the places in our order"
