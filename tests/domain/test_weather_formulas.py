"""Reference values of the formulas."""

import pytest

from planner.domain.weather_formulas import (
    estimated_gust_kmh,
    felt_heat_c,
    heat_index_c,
    uv_whole,
    wind_chill_c,
)
from planner.domain.weather_symbols import SYMBOLS, known_symbol, spelt_right


@pytest.mark.parametrize(
    ("temperature_c", "wind_kmh", "felt_c"),
    [
        (10, 10, 8.63), (5, 20, 1.07), (0, 20, -5.24), (0, 30, -6.47), (-5, 20, -11.55),
        (-10, 15, -16.75), (-10, 30, -19.52), (-15, 40, -27.45), (2, 36, -4.40),
        (-5, 126, -18.9357), (0.9, 37.1, -5.95),
    ],
)  # fmt: skip
def test_wind_chill_is_the_one_of_knmi(temperature_c: float, wind_kmh: float, felt_c: float) -> None:
    assert wind_chill_c(temperature_c, wind_kmh / 3.6) == pytest.approx(felt_c, abs=0.006)


@pytest.mark.parametrize(("temperature_c", "wind_kmh"), [(10.1, 20), (5, 4.6), (-46.1, 20), (5, 180)])
def test_wind_chill_says_nothing_outside_its_range(temperature_c: float, wind_kmh: float) -> None:
    assert wind_chill_c(temperature_c, wind_kmh / 3.6) is None


@pytest.mark.parametrize(
    ("t_f", "humidity_pct", "index_f"),
    [
        (90, 60, 99.68), (92, 70, 112.18), (111, 27, 121.03), (86, 88, 104.19),
        (96, 65, 121.03), (96, 60, 116.13), (86, 45, 86.57),
    ],
)  # fmt: skip
def test_heat_index_in_fahrenheit_as_published(t_f: float, humidity_pct: float, index_f: float) -> None:
    assert heat_index_c((t_f - 32) * 5 / 9, humidity_pct) * 9 / 5 + 32 == pytest.approx(index_f, abs=0.006)


@pytest.mark.parametrize(
    ("temperature_c", "humidity_pct", "index_c"),
    [(27, 60, 28.08), (30, 50, 31.05), (30, 60, 32.83), (32, 70, 40.41), (35, 40, 37.22), (35, 70, 50.34)],
)
def test_heat_index_in_celsius(temperature_c: float, humidity_pct: float, index_c: float) -> None:
    assert heat_index_c(temperature_c, humidity_pct) == pytest.approx(index_c, abs=0.006)


@pytest.mark.parametrize(
    ("temperature_c", "humidity_pct", "felt_c"),
    [(26.9, 90, 26.9), (30, 39, 30), (30, None, 30), (30, 60, 32.83), (20, 100, 20)],
)
def test_heat_index_counts_only_when_warm_and_humid(
    temperature_c: float, humidity_pct: float | None, felt_c: float
) -> None:
    assert felt_heat_c(temperature_c, humidity_pct) == pytest.approx(felt_c, abs=0.006)


@pytest.mark.parametrize(("wind_ms", "gust_kmh"), [(8.2, 50.2), (8.1, 49.6), (12.2, 74.7), (12.3, 75.3)])
def test_gusts_are_estimated_at_one_and_seven_tenths(wind_ms: float, gust_kmh: float) -> None:
    assert estimated_gust_kmh(wind_ms) == pytest.approx(gust_kmh, abs=0.05)


@pytest.mark.parametrize(("index", "whole"), [(2.49, 2), (2.5, 3), (2.6, 3), (0, 0), (7.5, 8)])
def test_uv_is_compared_in_whole_numbers(index: float, whole: int) -> None:
    assert uv_whole(index) == whole


def test_the_legend_has_41_symbols_and_we_add_glaze() -> None:
    assert len(SYMBOLS - {"freezingrain"}) == 41


@pytest.mark.parametrize(
    ("symbol", "base"),
    [
        ("clearsky_day", "clearsky"), ("fair_polartwilight", "fair"), ("heavysnowshowers_night", "heavysnowshowers"),
        ("lightssnowshowersandthunder_day", "lightsnowshowersandthunder"),
        ("lightsnowshowersandthunder_day", "lightsnowshowersandthunder"),
        ("rain", "rain"), ("rain_day", None), ("clearsky", "clearsky"), ("clearsky_noon", None), ("hail", None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_symbols_have_a_picture_only_when_we_know_them(symbol: str | None, base: str | None) -> None:
    assert known_symbol(symbol) == base


def test_only_the_two_misspellings_are_put_right() -> None:
    assert spelt_right("lightssleetshowersandthunder_day") == "lightsleetshowersandthunder_day"
    assert spelt_right("somethingnew_day") == "somethingnew_day"
