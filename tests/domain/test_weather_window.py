"""Which hours of a forecast a walk touches, what is missing, what is old."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.domain.weather import refreshed
from planner.domain.weather_window import window
from tests.domain.weather_makers import DAY, NOON, at, blocks, day, fired, forecast, step, verdict

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("start", "end", "hours", "instants"),
    [
        ((10, 30), (11, 20), [10, 11], [10, 11, 12]),
        ((10, 0), (11, 0), [10], [10, 11]),
        ((10, 0), (11, 1), [10, 11], [10, 11, 12]),
        ((10, 59), (11, 0), [10], [10, 11]),
        ((10, 20), (10, 20), [10], [10, 11]),
    ],
)
def test_a_walk_touches_the_hours_it_overlaps(
    start: tuple[int, int], end: tuple[int, int], hours: list[int], instants: list[int]
) -> None:
    found = window(day().steps, at(*start), at(*end))
    assert [period.at.hour for period in found.periods] == hours
    assert [entry.at.hour for entry in found.instants] == instants
    assert found.missing_at is None


def test_rain_from_eleven_spoils_half_past_ten_and_not_ten() -> None:
    held = day({11: {"precip_mm": 5.0, "symbol": "heavyrain"}})
    assert verdict(held, at(10, 30), at(11, 20)).code == "move"
    assert verdict(held, at(10), at(11)).code == "go"


@pytest.mark.parametrize(("on", "utc_hour"), [("2026-10-25", 9), ("2026-03-29", 8), ("2026-03-28", 9)])
def test_ten_oclock_is_another_hour_after_the_clock_changed(on: str, utc_hour: int) -> None:
    local = datetime.fromisoformat(f"{on}T10:00").replace(tzinfo=AMSTERDAM)
    midnight = DAY.replace(year=local.year, month=local.month, day=local.day)
    wet = {"precip_mm": 5.0, "symbol": "heavyrain"}
    held = day({utc_hour: wet}, on=midnight)
    dry = day({utc_hour - 1: wet, utc_hour + 1: wet}, on=midnight)
    assert fired(verdict(held, local, local + timedelta(hours=1))) == [("rain", "move")]
    assert fired(verdict(dry, local, local + timedelta(hours=1))) == []


def test_nothing_known_is_unknown() -> None:
    found = verdict(None)
    assert found.code == "unknown"
    assert fired(found) == [("missing", "unknown")]
    assert found.reasons[0].at == NOON
    assert found.source is None


def test_beyond_the_forecast_is_unknown() -> None:
    found = verdict(day(), at(12) + timedelta(days=20))
    assert fired(found) == [("missing", "unknown")]


@pytest.mark.parametrize("field", ["precip_mm", "symbol"])
def test_an_hour_that_lacks_what_we_need_is_unknown(field: str) -> None:
    found = verdict(day({13: {field: None}}), at(12), at(14))
    assert found.code == "unknown"
    assert found.reasons[0].at == at(13)


def test_a_hole_in_the_hours_is_unknown() -> None:
    steps = [entry for entry in day().steps if entry.at.hour != 13]
    found = verdict(forecast(*steps), at(12, 30), at(14, 30))
    assert fired(found) == [("missing", "unknown")]
    assert found.reasons[0].at == at(13)


def test_a_walk_that_runs_out_of_the_forecast_is_unknown() -> None:
    steps = [entry for entry in day().steps if entry.at.hour < 13 and entry.at < at(24)]
    assert fired(verdict(forecast(*steps), at(12), at(13))) == []
    assert fired(verdict(forecast(*steps), at(12), at(13, 1))) == [("missing", "unknown")]


def test_what_is_known_and_bad_outweighs_what_is_missing() -> None:
    held = day({12: {"precip_mm": 6.0, "symbol": "rain"}, 13: {"symbol": None, "fog_pct": 80.0}})
    found = verdict(held, at(12), at(14))
    assert found.code == "move"
    assert fired(found) == [("rain", "move"), ("missing", "unknown"), ("fog", "adapt")]


def test_only_adapt_does_not_outweigh_what_is_missing() -> None:
    found = verdict(day({12: {"fog_pct": 80.0}, 13: {"symbol": None}}), at(12), at(14))
    assert (found.code, fired(found)) == ("unknown", [("missing", "unknown"), ("fog", "adapt")])


AGES = [
    (0, "go", []),
    (6, "go", []),
    (6.1, "unknown", ["stale"]),
    (24, "unknown", ["stale"]),
    (25, "unknown", ["stale"]),
]


@pytest.mark.parametrize(("hours", "code", "reasons"), AGES)
def test_a_forecast_older_than_six_hours_is_not_relied_on(
    hours: float, code: str, reasons: list[str]
) -> None:
    later = day(on=DAY + timedelta(days=2))
    held = refreshed(later, DAY)
    start_at = at(12) + timedelta(days=2)
    found = verdict(held, start_at, now=DAY + timedelta(hours=hours))
    assert found.code == code
    assert [reason.code for reason in found.reasons] == reasons
    assert (found.numbers.temperature_min_c is not None) == (hours <= 24)


def test_an_answer_304_makes_it_fresh_again() -> None:
    old = refreshed(day(), at(0))
    assert verdict(old, now=at(11)).code == "unknown"
    assert verdict(refreshed(old, at(10)), now=at(11)).code == "go"


def test_an_old_forecast_may_still_say_move() -> None:
    found = verdict(day(symbol="rainandthunder"), now=at(11))
    assert (found.code, fired(found)) == ("move", [("thunder", "move"), ("stale", "unknown")])


def test_one_from_yesterday_may_not() -> None:
    later = day(symbol="rainandthunder", on=DAY + timedelta(days=1))
    found = verdict(refreshed(later, DAY), at(12) + timedelta(days=1), now=at(0, 1) + timedelta(days=1))
    assert fired(found) == [("stale", "unknown")]


def test_a_walk_of_the_past_is_judged_by_what_was_held_then() -> None:
    held = refreshed(day(precip_mm=2.0, symbol="rain"), at(9))
    assert fired(verdict(held, now=at(12) + timedelta(days=400))) == [("rain", "adapt")]


def test_hours_win_over_blocks_and_a_walk_on_the_border_is_provisional() -> None:
    hours = [step(at(hour)) for hour in range(13)]
    rest = [step(at(12), 6, precip_mm=9.0, symbol="rain"), step(at(13), 6), step(at(18), 0)]
    both = forecast(*hours, *rest, fetched_at=DAY)
    assert not verdict(both, at(11), at(12)).provisional
    assert fired(verdict(both, at(12), at(13))) == []
    assert verdict(both, at(12, 30), at(13, 30)).provisional


def test_thunder_from_a_block_beside_the_walk_is_provisional() -> None:
    hours = [step(at(hour)) for hour in range(12)]
    held = forecast(*hours, step(at(12), 6, symbol="rainandthunder"), step(at(18), 0), fetched_at=DAY)
    found = verdict(held, at(11), at(11, 40))
    assert (found.code, found.provisional) == ("move", True)
    assert not verdict(held, at(10), at(10, 40)).provisional


def test_blocks_judge_cold_heat_ice_and_snow_with_care() -> None:
    hot = blocks({}, {}, {"temperature_max_c": 33.0}, {}, temperature_c=26.0, humidity_pct=30.0)
    assert fired(verdict(hot)) == [("heat", "move")]
    snow = blocks({}, {}, {"precip_mm": 3.0, "symbol": "snow"}, {})
    assert [(r.code, r.unit) for r in verdict(snow).reasons] == [("snow", "cm/6h"), ("slippery", "")]
    frost_then_rain = blocks(
        {},
        {},
        {"temperature_c": -1.0, "precip_mm": 0.5, "symbol": "rain"},
        {},
        temperature_c=3.0,
        wind_ms=1.0,
    )
    assert fired(verdict(frost_then_rain)) == [("wind_chill", "adapt"), ("slippery", "adapt")]
