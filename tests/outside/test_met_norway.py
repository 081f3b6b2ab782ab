"""MET Norway's client against a local service with its manners, good and bad."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from planner.domain.needs import FetchResult, Known, OutsideFailed, WeatherSource
from planner.domain.weather import Forecast, Limits, Place, judge
from planner.outside.http import Door
from planner.outside.met_norway import BASE_URL, MetNorway
from tests.counting import count
from tests.outside.raw_server import Behaviour, send, serving

SAMPLES = Path(__file__).parent.parent / "samples" / "weather"
PATH = "/weatherapi/locationforecast/2.0/complete"
UTRECHT = Place.near(52.0907, 5.1214)
NOW = datetime(2026, 11, 30, 6, 10, tzinfo=UTC)
DATE, EXPIRES = "Mon, 30 Nov 2026 06:05:31 GMT", "Mon, 30 Nov 2026 06:37:23 GMT"
MODIFIED = "Mon, 30 Nov 2026 05:23:00 GMT"
HEADERS = {"Date": DATE, "Expires": EXPIRES, "Last-Modified": MODIFIED, "Content-Type": "application/json"}


def source(base: str, contact: str | None = "coach@example.org", deadline_s: float = 10) -> MetNorway:
    return MetNorway(Door(lambda: contact, deadline_s), lambda: NOW, base)


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


UTRECHT_BODY = sample("utrecht_outside_nordic_area")


def fetch(httpserver: HTTPServer, known: Known | None = None) -> FetchResult:
    count("weather answers replayed")
    return source(httpserver.url_for("/weatherapi")).fetch({UTRECHT: known or Known()})[UTRECHT]


def fetched(
    httpserver: HTTPServer, body: bytes | str, status: int = 200, headers: dict[str, str] | None = None
) -> FetchResult:
    answered = {**HEADERS, **(headers or {})}
    httpserver.expect_request(PATH).respond_with_data(body, status=status, headers=answered)
    return fetch(httpserver)


def trouble(httpserver: HTTPServer, known: Known | None = None) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as raised:
        fetch(httpserver, known)
    return raised.value


def service(request: Request) -> Response:
    """Asks of us what the real one does."""
    agent = request.headers.get("User-Agent", "")
    if "@" not in agent or "python-requests" in agent:
        return Response("403 Forbidden", 403)
    coordinates = (request.args["lat"], request.args["lon"])
    if (
        any(len(text.partition(".")[2]) > 4 for text in coordinates)
        or "gzip" not in request.headers["Accept-Encoding"]
    ):
        return Response("403 Forbidden", 403)
    if request.headers.get("If-Modified-Since") == MODIFIED:
        return Response(status=304, headers={"Date": DATE, "Expires": EXPIRES})
    return Response(UTRECHT_BODY, headers=HEADERS)


def test_a_fresh_forecast_comes_with_its_times(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_handler(service)
    got = fetch(httpserver)
    assert not got.not_modified
    assert (got.expires_in_s, got.last_modified, got.deprecated) == (1912, MODIFIED, False)
    held = got.forecast
    assert held is not None
    assert (held.source, held.fetched_at) == ("met-norway", NOW)
    assert held.updated_at == datetime(2026, 11, 30, 5, 23, tzinfo=UTC)
    assert [step.span_h for step in held.steps] == [1] * 30 + [6] * 7 + [0]
    assert dict(httpserver.log[0][0].args) == {"lat": "52.09", "lon": "5.12"}


def test_it_is_a_weather_source() -> None:
    made: WeatherSource = source(BASE_URL)
    assert made.name == "met-norway"
    assert BASE_URL.startswith("https://")


def test_what_did_not_change_is_not_sent_again(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_handler(service)
    first = fetch(httpserver)
    second = fetch(httpserver, Known(first.last_modified))
    assert second.not_modified
    assert httpserver.log[1][0].headers["If-Modified-Since"] == MODIFIED
    assert (second.fetched_at, second.expires_in_s, second.last_modified) == (NOW, 1912, MODIFIED)


def test_a_304_nobody_asked_for_is_garbage(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data("", status=304)
    assert trouble(httpserver).kind == "garbage"


def test_a_version_about_to_go_still_works_and_says_so(httpserver: HTTPServer) -> None:
    got = fetched(httpserver, UTRECHT_BODY, 203)
    assert got.deprecated
    assert got.forecast is not None


def test_without_a_contact_nobody_is_asked(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_handler(service)
    with pytest.raises(OutsideFailed) as raised:
        source(httpserver.url_for("/weatherapi"), contact=None).fetch({UTRECHT: Known()})
    assert raised.value.kind == "not_configured"
    assert httpserver.log == []


STATUSES = [
    (400, "bad_request", 86_400), (401, "refused", 3600), (403, "refused", 3600), (404, "not_covered", 86_400),
    (422, "not_covered", 86_400), (429, "throttled", 600), (500, "failing", 30), (502, "failing", 30),
    (503, "failing", 30), (418, "garbage", 1800), (204, "garbage", 1800),
]  # fmt: skip


@pytest.mark.parametrize(("status", "kind", "pause_s"), STATUSES)
def test_each_status_has_its_meaning_and_its_pause(
    httpserver: HTTPServer, status: int, kind: str, pause_s: float
) -> None:
    httpserver.expect_request(PATH).respond_with_data(
        "<html><h1>No</h1></html>", status=status, content_type="text/html"
    )
    problem = trouble(httpserver)
    assert problem.kind == kind
    assert pause_s <= problem.retry_after_s <= 1.1 * pause_s
    assert len(httpserver.log) == 1


RETRY_AFTER = [
    ("30", 600), ("1800", 1800), ("Mon, 30 Nov 2026 07:05:31 GMT", 3600), ("999999999999", 86_400),
    ("Mon, 30 Nov 2020 07:05:31 GMT", 600), ("soon", 600), ("-5", 600), ("", 600),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "pause_s"), RETRY_AFTER)
def test_retry_after_is_honoured_but_never_below_ten_minutes(
    httpserver: HTTPServer, asked: str, pause_s: float
) -> None:
    httpserver.expect_request(PATH).respond_with_data(
        "", status=429, headers={"Retry-After": asked, "Date": DATE}
    )
    assert pause_s <= trouble(httpserver).retry_after_s <= 1.1 * pause_s


def test_throttled_again_waits_twice_as_long(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data("", status=429)
    again = trouble(httpserver, Known(problem="throttled", backoff_s=1300))
    assert again.retry_after_s >= 2600
    assert trouble(httpserver, Known(problem="throttled")).retry_after_s >= 1200
    assert trouble(httpserver, Known(problem="failing", backoff_s=5000)).retry_after_s < 1200


def test_an_outage_gets_one_quick_retry(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data("", status=503)
    assert trouble(httpserver).retry_after_s < 60
    assert trouble(httpserver, Known(problem="failing")).retry_after_s >= 1800


EXPIRY = [
    ({"Age": "3"}, 1912),
    ({"Expires": "Mon, 30 Nov 2026 06:05:41 GMT"}, 60),
    ({"Expires": "Tue, 01 Dec 2026 06:05:31 GMT"}, 18_000),
    ({"Expires": "0"}, 1800), ({"Expires": DATE}, 1800), ({"Expires": "Mon, 31 Feb 2026 06:05:41 GMT"}, 1800),
    ({"Expires": "Mon, 30 Nov 2026 08:05:31 +0200"}, 1800), ({"Expires": "Mon, 30 Nov 2026 08:35:31 +0200"}, 1800),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "expires_in_s"), EXPIRY)
def test_how_long_it_holds_is_by_the_services_own_clock(
    httpserver: HTTPServer, headers: dict[str, str], expires_in_s: float
) -> None:
    assert fetched(httpserver, UTRECHT_BODY, headers=headers).expires_in_s == expires_in_s


@pytest.mark.parametrize("date", ["", "Date: whenever\r\n", f"Date: {EXPIRES}\r\n"])
def test_without_a_date_of_its_own_it_holds_half_an_hour(date: str) -> None:
    head = f"HTTP/1.1 200 OK\r\n{date}Expires: {EXPIRES}\r\nContent-Length: {len(UTRECHT_BODY)}\r\n\r\n"
    with serving(send(head.encode() + UTRECHT_BODY)) as url:
        assert source(f"{url}/weatherapi").fetch({UTRECHT: Known()})[UTRECHT].expires_in_s == 1800


def test_without_its_headers_it_still_holds_half_an_hour(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data(UTRECHT_BODY, headers={"Last-Modified": "x" * 61})
    got = fetch(httpserver)
    assert (got.expires_in_s, got.last_modified) == (1800, None)


def test_a_body_over_the_limit_is_refused(httpserver: HTTPServer) -> None:
    with pytest.raises(OutsideFailed) as raised:
        fetched(httpserver, b" " * 3_000_000 + UTRECHT_BODY)
    assert raised.value.kind == "too_large"


def test_a_redirect_to_another_host_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data(
        "", status=301, headers={"Location": "https://met.example/x"}
    )
    assert trouble(httpserver).kind == "redirected"


@pytest.mark.parametrize("body", ["<html>", "", UTRECHT_BODY[:4000]])
def test_what_is_no_forecast_is_garbage(httpserver: HTTPServer, body: bytes | str) -> None:
    with pytest.raises(OutsideFailed) as raised:
        fetched(httpserver, body)
    assert raised.value.kind == "garbage"


HALF: Behaviour = send(b"HTTP/1.1 200 OK\r\nContent-Length: 15964\r\n\r\n" + UTRECHT_BODY[:3000])


def test_half_a_body_is_no_forecast() -> None:
    with serving(HALF) as url, pytest.raises(OutsideFailed) as raised:
        source(f"{url}/weatherapi", deadline_s=5).fetch({UTRECHT: Known()})
    assert raised.value.kind == "unreachable"
    assert 30 <= raised.value.retry_after_s <= 33


def judged(forecast: Forecast | None, at: datetime) -> Any:
    return judge(forecast, at, at + timedelta(minutes=50), UTRECHT, NOW, Limits(), frozenset({"forest"}))


def test_one_of_our_own_answers_gives_an_estimate_and_the_other_a_gust(httpserver: HTTPServer) -> None:
    """The same walk, twice: outside the Nordic area gusts are estimated, inside they are forecast."""
    at = NOW.replace(hour=10, minute=30)
    utrecht = judged(fetched(httpserver, UTRECHT_BODY).forecast, at)
    httpserver.clear()
    leeuwarden = judged(fetched(httpserver, sample("leeuwarden_with_gusts")).forecast, at)
    assert [(r.code, r.estimated) for r in utrecht.reasons] == [("gust", True)]
    assert ("gust", False) in [(r.code, r.estimated) for r in leeuwarden.reasons]
    assert "rain_chance" in [r.code for r in leeuwarden.reasons]
    assert not leeuwarden.numbers.gust_estimated


def test_thunder_in_the_symbol_says_move(httpserver: HTTPServer) -> None:
    forecast = fetched(httpserver, sample("synthetic_thunder")).forecast
    assert judged(forecast, NOW.replace(hour=12, minute=0)).reasons[0].code == "thunder"
    assert judged(forecast, NOW.replace(hour=13, minute=0)).code != "move"


def test_asking_again_by_mistake_changes_nothing(httpserver: HTTPServer) -> None:
    first, second = (fetched(httpserver, UTRECHT_BODY) for _ in range(2))
    assert first == second == replace(first)
