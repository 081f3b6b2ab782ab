"""What always holds: worse weather never gives a better verdict, the worst rule wins, values survive JSON."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.weather import Forecast, Limits, RefusedLimit, Step, Verdict, limits_from
from planner.domain.weather_limits import HARD_AT_LEAST, HARD_AT_MOST
from planner.domain.weather_rules import BADNESS
from tests.domain.weather_makers import DAY, NOON, at, blocks, day, forecast, step, verdict

SYMBOLS = ("clearsky_day", "rain", "lightsnow", "sleet", "fog", "rainandthunder", "cloudy", "unheardof", None)


def maybe(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high)


HOUR = st.fixed_dictionaries(
    {
        "temperature_c": st.floats(-20, 40),
        "wind_ms": st.floats(0, 30),
        "humidity_pct": maybe(0, 100),
        "gust_ms": maybe(0, 45),
        "precip_mm": maybe(0, 20),
        "symbol": st.sampled_from(SYMBOLS),
        "fog_pct": maybe(0, 100),
        "uv_clear_sky": maybe(0, 12),
        "precip_prob_pct": maybe(0, 100),
        "thunder_prob_pct": maybe(0, 100),
        "snow_cm": maybe(0, 5),
        "visibility_m": maybe(0, 30_000),
        "uv_index": maybe(0, 12),
        "air_index": maybe(0, 150),
        "grass_pollen": maybe(0, 200),
        "birch_pollen": maybe(0, 200),
    }
)
HOURS = st.lists(HOUR, min_size=4, max_size=4)


def afternoon(hours: list[dict[str, Any]]) -> Forecast:
    """Four hours from 11:00 UTC; the walk is in the middle two."""
    return day(dict(enumerate(hours, 11)))


def judged(held: Forecast, **kwargs: Any) -> Verdict:
    return verdict(held, at(12, 15), at(13, 30), **kwargs)


@given(HOURS, st.integers(0, 3), st.floats(0, 30))
def test_more_rain_never_improves_a_verdict(hours: list[dict[str, Any]], which: int, more_mm: float) -> None:
    before = judged(afternoon(hours))
    wetter = [*hours]
    wetter[which] = {**hours[which], "precip_mm": (hours[which]["precip_mm"] or 0) + more_mm}
    if hours[which]["precip_mm"] is None:  # an unknown hour that becomes known may of course become good
        return
    assert BADNESS[judged(afternoon(wetter)).code] >= BADNESS[before.code]


@given(HOURS, st.floats(0, 20))
def test_more_wind_never_improves_a_verdict(hours: list[dict[str, Any]], more_ms: float) -> None:
    windier = [{**h, "gust_ms": h["gust_ms"] + more_ms if h["gust_ms"] is not None else None} for h in hours]
    assert BADNESS[judged(afternoon(windier)).code] >= BADNESS[judged(afternoon(hours)).code]


@given(HOURS)
def test_the_worst_rule_wins_and_is_told_first(hours: list[dict[str, Any]]) -> None:
    found = judged(afternoon(hours))
    levels = [BADNESS[reason.level] for reason in found.reasons]
    assert levels == sorted(levels, reverse=True)
    assert found.code == (found.reasons[0].level if found.reasons else "go")
    assert len({reason.code for reason in found.reasons}) == len(found.reasons)


@given(HOURS, st.sampled_from(["lungs", "allergy"]))
def test_what_a_client_asked_for_never_improves_a_verdict(hours: list[dict[str, Any]], flag: str) -> None:
    held = afternoon(hours)
    flagged = judged(held, health_flags=frozenset({flag}))
    assert BADNESS[flagged.code] >= BADNESS[judged(held).code]
    assert flagged.numbers == judged(held).numbers


@given(HOURS)
def test_trees_never_improve_a_verdict(hours: list[dict[str, Any]]) -> None:
    held = afternoon(hours)
    open_field = BADNESS[judged(held).code]
    assert BADNESS[judged(held, surroundings=frozenset({"forest"})).code] >= open_field


@given(HOURS, st.integers(1, 300))
def test_moving_everything_by_whole_days_moves_the_verdict(hours: list[dict[str, Any]], days: int) -> None:
    shift = timedelta(days=days)
    held = afternoon(hours)
    later = replace(
        held,
        fetched_at=held.fetched_at + shift,
        steps=tuple(replace(entry, at=entry.at + shift) for entry in held.steps),
    )
    first, second = judged(held), verdict(later, at(12, 15) + shift, at(13, 30) + shift)
    assert first.code == second.code
    assert [r.value for r in first.reasons] == [r.value for r in second.reasons]


@given(HOURS)
def test_a_verdict_survives_json(hours: list[dict[str, Any]]) -> None:
    found = judged(afternoon(hours))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Verdict) == found


@given(st.lists(HOUR, min_size=1, max_size=3))
def test_a_forecast_survives_json(hours: list[dict[str, Any]]) -> None:
    held = replace(blocks(*hours), updated_at=None)
    assert msgspec.json.decode(msgspec.json.encode(held), type=Forecast) == held


def test_limits_and_plain_verdicts_survive_json() -> None:
    for value in (Limits(), Limits(rain_move_mm_h=2.5), Verdict("go"), verdict(None), step(NOON)):
        assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


def test_a_broken_verdict_is_refused_when_read() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"code": "perhaps"}', type=Verdict)


def test_nothing_changed_is_the_defaults() -> None:
    assert limits_from({}) == (Limits(), ())


REFUSED = [
    ("gust_move_kmh", 90, 75), ("gust_trees_move_kmh", 80, 75), ("wind_chill_move_c", -20, -15),
    ("heat_move_c", 40, 38), ("stale_after_h", 12, 6), ("thunder_margin_min", 30, 60),
    ("rain_move_mm_h", float("nan"), 4), ("fog_adapt_pct", float("inf"), 50),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wished", "used"), REFUSED)
def test_hard_limits_hold_and_the_refusal_is_told(name: str, wished: float, used: float) -> None:
    limits, refused = limits_from({name: wished})
    assert getattr(limits, name) == used
    assert [(one.name, one.used) for one in refused] == [(name, used)]


@pytest.mark.parametrize(
    ("name", "wished"),
    [("gust_move_kmh", 60), ("wind_chill_move_c", -15), ("heat_move_c", 38), ("rain_move_mm_h", 7.6)],
)
def test_stricter_and_soft_limits_are_the_coachs(name: str, wished: float) -> None:
    limits, refused = limits_from({name: wished})
    assert (getattr(limits, name), refused) == (wished, ())


def test_a_limit_we_do_not_have_is_told() -> None:
    assert limits_from({"moon_phase": 3}) == (Limits(), (RefusedLimit("moon_phase", 3, None),))


@given(st.dictionaries(st.sampled_from([f.name for f in fields(Limits)]), st.floats()))
def test_no_wish_gets_past_a_hard_limit(wishes: dict[str, float]) -> None:
    limits, _ = limits_from(wishes)
    assert all(getattr(limits, name) <= most for name, most in HARD_AT_MOST.items())
    assert all(getattr(limits, name) >= least for name, least in HARD_AT_LEAST.items())


def test_steps_in_any_order_give_the_same_verdict() -> None:
    held = day({12: {"precip_mm": 2.0, "symbol": "rain"}})
    mixed: list[Step] = [*held.steps[::2], *held.steps[1::2]]
    assert verdict(held) == verdict(forecast(*mixed, fetched_at=DAY))
