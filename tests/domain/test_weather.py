"""The verdict, rule by rule: the value just before and just at each limit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from planner.domain.weather import REASON_CODES, Limits, Verdict, clothes, judge, refreshed
from tests.domain.weather_makers import DAY, LIMITS, NOON, UTRECHT, at, blocks, day, fired, verdict

FOREST, DUNES, AVENUE, MEADOW = (frozenset({tag}) for tag in ("forest", "dunes", "avenue", "meadow"))


def kmh(value: float) -> float:
    return value / 3.6


def test_a_calm_dry_day_is_go_and_says_what_it_knows() -> None:
    found = verdict(day())
    assert (found.code, found.reasons, found.provisional) == ("go", (), False)
    assert found.source == "met-norway"
    numbers = found.numbers
    assert (numbers.temperature_min_c, numbers.rain_mm, numbers.symbol) == (12.0, 0.0, "partlycloudy_day")
    assert numbers.gust_estimated
    assert numbers.sunset_at is not None


RULES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"gust_ms": kmh(49.9)}, []),
    ({"gust_ms": kmh(50.01)}, [("gust", "adapt")]),
    ({"gust_ms": kmh(74.9)}, [("gust", "adapt")]),
    ({"gust_ms": kmh(75.01)}, [("gust", "move")]),
    ({"wind_ms": 8.1}, []),
    ({"wind_ms": 8.2}, [("gust", "adapt")]),
    ({"wind_ms": 12.2}, [("gust", "adapt")]),
    ({"wind_ms": 12.3}, [("gust", "move")]),
    ({"wind_ms": 12.3, "gust_ms": 13.0}, []),
    ({"temperature_c": 2.0, "wind_ms": 1.5}, []),
    ({"temperature_c": 5.0, "wind_ms": kmh(26)}, []),
    ({"temperature_c": 4.0, "wind_ms": kmh(28)}, [("wind_chill", "adapt")]),
    ({"temperature_c": -5.0, "wind_ms": kmh(20)}, [("wind_chill", "move")]),
    ({"temperature_c": 0.5, "wind_ms": 1.0}, []),
    ({"temperature_c": 0.0, "wind_ms": 1.0}, [("wind_chill", "adapt")]),
    ({"temperature_c": -16.0, "wind_ms": 0.5}, [("wind_chill", "move")]),
    ({"temperature_c": 26.9, "humidity_pct": 95.0}, []),
    ({"temperature_c": 27.0, "humidity_pct": 30.0}, [("heat", "adapt")]),
    ({"temperature_c": 30.0, "humidity_pct": 50.0}, [("heat", "adapt")]),
    ({"temperature_c": 30.0, "humidity_pct": 60.0}, [("heat", "move")]),
    ({"temperature_c": 30.0, "humidity_pct": None}, [("heat", "adapt")]),
    ({"temperature_c": 32.0, "humidity_pct": 20.0}, [("heat", "move")]),
    ({"precip_mm": 0.99, "symbol": "rain"}, []),
    ({"precip_mm": 1.0, "symbol": "rain"}, [("rain", "adapt")]),
    ({"precip_mm": 3.99, "symbol": "rain"}, [("rain", "adapt")]),
    ({"precip_mm": 4.0, "symbol": "rain"}, [("rain", "move")]),
    ({"precip_mm": 0.3, "precip_prob_pct": 50.0, "symbol": "rain"}, [("rain_chance", "adapt")]),
    ({"precip_mm": 0.3, "precip_prob_pct": 49.9, "symbol": "rain"}, []),
    ({"precip_mm": 0.29, "precip_prob_pct": 90.0, "symbol": "rain"}, []),
    ({"precip_mm": 0.1, "temperature_c": 1.0, "wind_ms": 1.0, "symbol": "rain"}, [("slippery", "adapt")]),
    ({"precip_mm": 0.1, "temperature_c": 1.1, "wind_ms": 1.0, "symbol": "rain"}, []),
    ({"precip_mm": 0.05, "temperature_c": 1.0, "wind_ms": 1.0, "symbol": "rain"}, []),
    (
        {"precip_mm": 0.1, "temperature_c": 0.0, "wind_ms": 1.0, "symbol": "lightrain"},
        [("ice", "move"), ("wind_chill", "adapt")],
    ),
    ({"precip_mm": 0.0, "symbol": "lightsleet"}, [("slippery", "adapt")]),
    ({"precip_mm": 0.1, "symbol": "lightsnow"}, [("snow", "adapt"), ("slippery", "adapt")]),
    ({"precip_mm": 1.9, "symbol": "snow"}, [("snow", "adapt"), ("slippery", "adapt")]),
    ({"precip_mm": 2.0, "symbol": "heavysnow"}, [("snow", "move"), ("slippery", "adapt")]),
    ({"precip_mm": 4.0, "symbol": "sleet"}, [("rain", "move"), ("slippery", "adapt")]),
    ({"fog_pct": 49.9}, []),
    ({"fog_pct": 50.0}, [("fog", "adapt")]),
    ({"symbol": "fog"}, [("fog", "adapt")]),
    ({"uv_clear_sky": 2.4}, []),
    ({"uv_clear_sky": 2.6}, [("uv", "adapt")]),
    ({"uv_clear_sky": 9.0}, [("uv", "adapt")]),
    ({"visibility_m": 1000.0, "fog_pct": None}, []),
    ({"visibility_m": 999.0}, [("fog", "adapt")]),
    ({"visibility_m": 200.0}, [("fog", "adapt")]),
    ({"visibility_m": 199.0}, [("fog", "move")]),
    ({"visibility_m": 24_000.0, "symbol": "fog"}, [("fog", "adapt")]),
    ({"uv_index": 2.4, "uv_clear_sky": 9.0}, []),
    ({"uv_index": 2.6, "uv_clear_sky": 0.0}, [("uv", "adapt")]),
    ({"snow_cm": 0.0, "precip_mm": 0.5, "symbol": "lightsnow", "temperature_c": 5.0}, []),
    (
        {"snow_cm": 0.7, "precip_mm": 1.0, "symbol": "lightsnow"},
        [("snow", "adapt"), ("slippery", "adapt")],
    ),
    (
        {"snow_cm": 2.0, "precip_mm": 2.9, "symbol": "snow"},
        [("snow", "move"), ("slippery", "adapt")],
    ),
    (
        {"snow_cm": 0.1, "precip_mm": 4.2, "symbol": "heavyrain"},
        [("rain", "move"), ("snow", "adapt"), ("slippery", "adapt")],
    ),
    ({"symbol": "freezingrain"}, [("ice", "move")]),
    ({"air_index": 60.0}, []),
    ({"air_index": 61.0}, [("air", "adapt")]),
    ({"air_index": 80.0}, [("air", "adapt")]),
    ({"air_index": 81.0}, [("air", "move")]),
    ({"grass_pollen": 300.0, "birch_pollen": 300.0}, []),
    ({"symbol": "rainandthunder"}, [("thunder", "move")]),
    ({"symbol": "lightssnowshowersandthunder_day"}, [("thunder", "move"), ("slippery", "adapt")]),
    ({"symbol": "unheardof_day"}, []),
    ({"thunder_prob_pct": 9.9}, []),
    ({"thunder_prob_pct": 10.0}, [("thunder", "adapt")]),
    ({"thunder_prob_pct": 30.0}, [("thunder", "move")]),
]


@pytest.mark.parametrize(("everywhere", "reasons"), RULES)
def test_each_rule_fires_at_its_limit(everywhere: dict[str, Any], reasons: list[tuple[str, str]]) -> None:
    found = verdict(day(**everywhere))
    assert fired(found) == reasons
    levels = {level for _, level in reasons}
    assert found.code == ("move" if "move" in levels else "adapt" if levels else "go")


FOR_WHOM: list[tuple[dict[str, Any], str, list[tuple[str, str]]]] = [
    ({"air_index": 40.0}, "lungs", []),
    ({"air_index": 41.0}, "lungs", [("air", "adapt")]),
    ({"air_index": 81.0}, "lungs", [("air", "move")]),
    ({"air_index": 41.0}, "allergy", []),
    ({"grass_pollen": 9.9, "birch_pollen": 9.9}, "allergy", []),
    ({"grass_pollen": 10.0}, "allergy", [("grass_pollen", "adapt")]),
    ({"grass_pollen": 50.0}, "allergy", [("grass_pollen", "move")]),
    ({"birch_pollen": 10.0}, "allergy", [("birch_pollen", "adapt")]),
    ({"birch_pollen": 900.0}, "allergy", [("birch_pollen", "adapt")]),
    ({"grass_pollen": 50.0, "birch_pollen": 900.0}, "lungs", []),
]


@pytest.mark.parametrize(("everywhere", "flag", "reasons"), FOR_WHOM)
def test_air_and_pollen_depend_on_who_walks(
    everywhere: dict[str, Any], flag: str, reasons: list[tuple[str, str]]
) -> None:
    assert fired(verdict(day(**everywhere), health_flags=frozenset({flag}))) == reasons


def test_a_strict_limit_for_all_is_never_looser_for_sensitive_lungs() -> None:
    held = day(air_index=35.0)
    for flags in (frozenset(), frozenset({"lungs"})):
        found = verdict(held, limits=Limits(air_adapt_index=30), health_flags=flags)
        assert fired(found) == [("air", "adapt")]


def test_glaze_of_the_hour_before_is_still_there() -> None:
    held = day({11: {"symbol": "freezingrain"}})
    assert fired(verdict(held, at(12), at(13))) == [("ice", "move")]
    assert fired(verdict(held, at(10), at(11))) == []
    assert fired(verdict(held, at(13), at(14))) == []


def test_a_measured_depth_of_snow_is_not_called_estimated() -> None:
    snow = {"precip_mm": 1.0, "symbol": "snow"}
    assert verdict(day(**snow)).reasons[0].estimated
    assert not verdict(day(snow_cm=0.7, **snow)).reasons[0].estimated


def test_hours_that_are_days_away_are_provisional() -> None:
    held = day(on=DAY + timedelta(days=3))
    for since, provisional in ((timedelta(hours=12), True), (timedelta(hours=13), False)):
        found = verdict(refreshed(held, DAY + since), at(13) + timedelta(days=3), now=DAY + since)
        assert found.provisional is provisional


GUSTS = [
    (FOREST, 39.9, "go"), (FOREST, 40.1, "adapt"), (FOREST, 59.9, "adapt"), (FOREST, 60.1, "move"),
    (AVENUE, 40.1, "adapt"), (AVENUE, 60.1, "move"),
    (DUNES, 40.1, "adapt"), (DUNES, 60.1, "adapt"), (DUNES, 75.1, "move"),
    (MEADOW, 40.1, "go"), (MEADOW, 60.1, "adapt"), (FOREST | MEADOW, 60.1, "move"),
]  # fmt: skip


@pytest.mark.parametrize(("surroundings", "gust_kmh", "code"), GUSTS)
def test_gusts_count_sooner_among_trees_and_in_dunes(
    surroundings: frozenset[str], gust_kmh: float, code: str
) -> None:
    assert verdict(day(gust_ms=kmh(gust_kmh)), surroundings=surroundings).code == code


@pytest.mark.parametrize(
    ("surroundings", "gust_kmh", "among"),
    [({"forest"}, 62, "trees"), ({"dunes"}, 42, "dunes"), ({"heath"}, 62, ""), ({"dunes"}, 80, "")],
)
def test_a_lower_limit_says_for_what(surroundings: set[str], gust_kmh: float, among: str) -> None:
    found = verdict(day(gust_ms=kmh(gust_kmh)), surroundings=frozenset(surroundings))
    assert [one.among for one in found.reasons if one.code == "gust"] == [among]


def test_an_estimated_gust_is_called_estimated() -> None:
    found = verdict(day(wind_ms=9.0))
    (reason,) = found.reasons
    assert (reason.code, reason.estimated, reason.unit, reason.limit) == ("gust", True, "km/h", 50)
    assert reason.value == pytest.approx(9.0 * 1.7 * 3.6)
    assert found.numbers.gust_estimated


def test_a_real_gust_is_not_called_estimated() -> None:
    found = verdict(day(wind_ms=9.0, gust_ms=16.0))
    assert [reason.estimated for reason in found.reasons] == [False]
    assert not found.numbers.gust_estimated
    assert found.numbers.gust_kmh == pytest.approx(57.6)


def test_mean_wind_speaks_only_for_the_hours_without_a_gust() -> None:
    """The hour after the walk has no gust any more; a walk whose own hours have one is not estimated."""
    held = day({13: {"wind_ms": 14.0}}, gust_ms=None)
    nordic = day({12: {"gust_ms": 5.0}, 13: {"wind_ms": 14.0}})
    assert fired(verdict(held)) == [("gust", "move")]
    assert fired(verdict(nordic)) == []


@pytest.mark.parametrize("hour", [11, 13])
def test_thunder_within_the_hour_around_the_walk_counts(hour: int) -> None:
    found = verdict(day({hour: {"symbol": "rainandthunder"}}), at(12), at(13))
    assert fired(found) == [("thunder", "move")]
    assert found.reasons[0].at == at(hour)


@pytest.mark.parametrize("hour", [10, 14])
def test_thunder_further_off_does_not_count(hour: int) -> None:
    assert verdict(day({hour: {"symbol": "rainandthunder"}}), at(12), at(13)).code == "go"


def test_wet_ground_freezes_up_to_six_hours_after_the_rain() -> None:
    cold: dict[str, Any] = {"temperature_c": 0.9, "wind_ms": 1.0}
    assert fired(verdict(day({6: {"precip_mm": 0.1}}, **cold), at(12), at(13))) == [("slippery", "adapt")]
    assert fired(verdict(day({5: {"precip_mm": 0.1}}, **cold), at(12), at(13))) == []


def test_uv_says_which_limit_it_passed() -> None:
    limits = [verdict(day(uv_clear_sky=uv)).reasons[0].limit for uv in (3.0, 5.4, 5.5, 7.4, 7.6)]
    assert limits == [3, 3, 6, 6, 8]


def test_reasons_are_told_worst_first_with_value_limit_unit_and_hour() -> None:
    held = day(
        {12: {"precip_mm": 1.4, "symbol": "rain"}, 13: {"precip_mm": 4.2, "symbol": "rain"}}, fog_pct=60.0
    )
    found = verdict(held, at(12, 30), at(13, 30))
    assert fired(found) == [("rain", "move"), ("fog", "adapt")]
    rain = found.reasons[0]
    assert (rain.value, rain.limit, rain.unit, rain.at) == (4.2, 4, "mm/h", at(13))
    assert found.numbers.rain_mm == pytest.approx(5.6)
    assert found.numbers.rain_worst_hour_mm == 4.2


@pytest.mark.parametrize("setting", ["indoors", "online"])
def test_indoors_and_online_are_always_go(setting: str) -> None:
    found = verdict(day(precip_mm=30.0, symbol="heavyrainandthunder"), setting=setting)
    assert found == Verdict("go")
    assert verdict(None, setting=setting) == Verdict("go")


DARK = [
    ((15, 0), (15, 20), []),  # sunset 15:34 UTC on 25 November in Utrecht, civil dusk 16:11, civil dawn 06:39
    ((15, 20), (15, 50), [("daylight", "adapt")]),
    ((15, 50), (16, 30), [("daylight", "move")]),
    ((18, 0), (18, 40), [("daylight", "move")]),
    ((7, 0), (7, 40), []),
    ((6, 20), (7, 0), [("daylight", "move")]),
]


@pytest.mark.parametrize(("start", "end", "reasons"), DARK)
def test_daylight_asks_to_adapt_after_sunset_and_to_move_in_the_dark(
    start: tuple[int, int], end: tuple[int, int], reasons: list[tuple[str, str]]
) -> None:
    assert fired(verdict(day(), at(*start), at(*end))) == reasons


def test_daylight_gives_minutes_on_the_side_where_it_is_dark() -> None:
    (evening,) = verdict(day(), at(16, 30), at(17)).reasons
    (morning,) = verdict(day(), at(6), at(7)).reasons
    assert evening.value == pytest.approx(30)
    assert morning.value is not None
    assert -45 < morning.value < -30
    assert (evening.unit, morning.unit) == ("min", "min")


def test_darkness_needs_no_forecast() -> None:
    found = verdict(None, at(18), at(19))
    assert found.code == "move"
    assert fired(found) == [("daylight", "move"), ("missing", "unknown")]


def test_a_place_without_sun_that_day_is_dark() -> None:
    north = type(UTRECHT).near(80, 25)
    found = judge(day(), at(12), at(13), north, at(0), LIMITS)
    assert fired(found) == [("daylight", "move")]


def test_a_place_that_was_guessed_says_so() -> None:
    assert verdict(day(), place_estimated=True).place_estimated


CLOTHES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    (
        {"temperature_c": 9.0, "wind_ms": 1.5, "precip_mm": 0.2, "symbol": "rain"},
        ("rain_jacket", "sturdy_shoes"),
    ),
    ({"temperature_c": 6.0}, ("warm_layers",)),
    ({"temperature_c": 1.0}, ("warm_layers", "gloves_hat")),
    ({"wind_ms": 7.0}, ("wind_jacket",)),
    ({"temperature_c": 25.0}, ("water",)),
    ({"uv_clear_sky": 5.0}, ("sun_hat", "sunscreen")),
    ({"temperature_c": 28.0, "humidity_pct": 30.0}, ("sun_hat", "water")),
]


@pytest.mark.parametrize(("everywhere", "wanted"), CLOTHES)
def test_clothes_follow_the_numbers(everywhere: dict[str, Any], wanted: tuple[str, ...]) -> None:
    assert clothes(verdict(day(**everywhere))) == wanted


def test_no_clothes_are_advised_without_a_forecast_or_indoors() -> None:
    assert clothes(verdict(None, at(18))) == ()
    assert clothes(verdict(day(), setting="online")) == ()


def test_a_walk_in_the_dark_asks_for_a_light() -> None:
    assert clothes(verdict(day(), at(15, 20), at(15, 50))) == ("light",)


def test_limits_of_the_practice_are_followed() -> None:
    strict = Limits(rain_adapt_mm_h=0.2, rain_move_mm_h=0.5)
    held = day(precip_mm=0.4, symbol="lightrain")
    assert verdict(held).code == "go"
    assert fired(verdict(held, limits=strict)) == [("rain", "adapt")]


def test_every_reason_is_one_that_has_words() -> None:
    tables = [reasons for _, reasons in RULES] + [reasons for _, _, reasons in FOR_WHOM]
    seen = {code for reasons in tables for code, _ in reasons} | {"daylight", "missing", "stale"}
    assert seen == set(REASON_CODES)


def test_blocks_of_six_hours_give_a_provisional_rain() -> None:
    wet = [blocks({}, {}, {"precip_mm": mm, "symbol": "rain"}, {}) for mm in (0.9, 1.0, 23.9, 24.0)]
    found = [verdict(held, NOON, NOON + timedelta(hours=1)) for held in wet]
    assert [one.code for one in found] == ["go", "adapt", "adapt", "move"]
    assert all(one.provisional for one in found)
    assert [(r.code, r.value, r.limit, r.unit) for r in found[3].reasons] == [("rain", 24.0, 24.0, "mm/6h")]
    assert found[1].numbers.rain_span_h == 6
    assert found[1].numbers.rain_worst_hour_mm is None
