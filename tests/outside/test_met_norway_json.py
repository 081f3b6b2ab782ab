"""What MET Norway's answer may look like, and what we make of it: partial, odd, impossible, hostile."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from planner.domain.needs import OutsideFailed
from planner.domain.weather import Forecast
from planner.outside.met_norway_json import forecast_from

SAMPLES = Path(__file__).parent.parent / "samples" / "weather"
UTRECHT_BODY = (SAMPLES / "utrecht_outside_nordic_area.json").read_bytes()
NOW = datetime(2026, 11, 30, 6, 10, tzinfo=UTC)


def read(body: bytes | str) -> Forecast:
    return forecast_from(body.encode() if isinstance(body, str) else body, "met-norway", NOW)


def series(*entries: Any, meta: Any = None) -> str:
    return json.dumps({"properties": {"meta": meta, "timeseries": list(entries)}})


def entry(instant: Any = None, time: Any = "2026-11-30T12:00:00Z", **periods: Any) -> dict[str, Any]:
    details = {"air_temperature": 5, "wind_speed": 3, **(instant or {})}
    return {"time": time, "data": {"instant": {"details": details}, **periods}}


GARBAGE = {
    "nothing": "",
    "HTML": "<html>",
    "cut off": UTRECHT_BODY[:4000],
    "not UTF-8": b"\xff\xfe{}",
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "no properties": "{}",
    "odd properties": '{"properties": [1]}',
    "odd series": '{"properties": {"timeseries": {"time": 1}}}',
    "no entries": series(),
    "odd entries": series(None, 1, "x", [], {}),
    "no time": series(entry(time=None), entry(time=3), entry(time="soon"), entry(time="2026-11-30T12:00:00")),
    "the end of time": series(entry(time="9999-12-31T23:59:59Z"), entry(time="0001-01-01T00:00:00Z")),
    "no temperature": series(entry({"air_temperature": None}), entry({"air_temperature": "5"})),
    "impossible": series(
        entry({"air_temperature": 400}), entry({"wind_speed": -1}), entry({"wind_speed": True})
    ),
    "not a number": series(entry()).replace(": 5", ": NaN"),
    "endless": series(entry()).replace(": 5", ": 1e999"),
    "too deep": "[" * 200_000,
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_no_forecast_is_garbage(body: bytes | str) -> None:
    with pytest.raises(OutsideFailed) as raised:
        read(body)
    assert raised.value.kind == "garbage"
    assert raised.value.retry_after_s >= 1800


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-11-30", 7, None, {}])
def test_an_impossible_time_of_renewal_is_not_known(at: Any) -> None:
    """Every page that shows weather would try to say it in local time."""
    assert read(series(entry(), meta={"updated_at": at})).updated_at is None


def only_step(**periods: Any) -> Any:
    return read(series(entry(**periods))).steps[0]


@pytest.mark.parametrize(
    "hour", [{}, {"summary": {}}, {"details": {}}, None, [], {"summary": None, "details": 3}]
)
def test_an_hour_that_says_nothing_is_kept_with_what_is_known(hour: Any) -> None:
    step = only_step(next_1_hours=hour)
    assert (step.span_h, step.temperature_c, step.precip_mm, step.symbol) == (1, 5, None, None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("lightssleetshowersandthunder_day", "lightsleetshowersandthunder_day"),
        ("frogs_day", "frogs_day"),
        ("", None),
        (7, None),
        ("x" * 61, None),
    ],
)
def test_symbols_we_do_not_know_do_not_hurt(given: Any, kept: str | None) -> None:
    hour = {"summary": {"symbol_code": given}, "details": {"precipitation_amount": 0.2}}
    step = only_step(next_1_hours=hour)
    assert (step.symbol, step.precip_mm) == (kept, 0.2)


def test_numbers_that_cannot_be_are_absent() -> None:
    odd = {"precipitation_amount": -1, "probability_of_precipitation": 101, "probability_of_thunder": "3"}
    step = only_step(next_1_hours={"summary": {"symbol_code": "rain"}, "details": odd})
    assert (step.precip_mm, step.precip_prob_pct, step.thunder_prob_pct) == (None, None, None)


def test_entries_come_in_order_once_and_without_those_we_cannot_use() -> None:
    times = [
        "2026-11-30T14:00:00Z",
        "2026-11-30T13:00:00+01:00",
        "2026-11-30T12:00:00Z",
        "2026-11-30T13:00:00Z",
    ]
    forecast = read(series(*(entry(time=time) for time in times), {"time": "x"}))
    assert [step.at.hour for step in forecast.steps] == [12, 13, 14]
    assert all(step.at.tzinfo is UTC for step in forecast.steps)
    assert forecast.updated_at is None
