"""Makes the weather answers beside it: our own numbers, in the shape MET Norway and Open-Meteo really give.

Run it from anywhere to write them again. Nothing in them was recorded; `synthetic` in a name says the same.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from math import cos, pi
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
START = datetime(2026, 11, 30, 6, tzinfo=UTC)
HOURS, BLOCKS = 30, 8
UNITS = {
    "air_temperature": "celsius",
    "fog_area_fraction": "%",
    "precipitation_amount": "mm",
    "relative_humidity": "%",
    "ultraviolet_index_clear_sky": "1",
    "wind_speed": "m/s",
}
NORDIC_UNITS = {
    **UNITS,
    "probability_of_precipitation": "%",
    "probability_of_thunder": "%",
    "wind_speed_of_gust": "m/s",
}


def entry(number: int, nordic: bool, storm_hour: int | None) -> dict[str, Any]:
    """One hour of the hourly part."""
    warmth = 7.0 - 4.0 * cos((number + 6) * pi / 12)
    wet = 0.4 if number % 9 == 4 else 0.0
    instant = {
        "air_temperature": round(warmth, 1),
        "fog_area_fraction": 0.0,
        "relative_humidity": 84.0,
        "ultraviolet_index_clear_sky": 0.4,
        "wind_speed": round(3.0 + number % 5, 1),
    }
    period: dict[str, Any] = {"precipitation_amount": wet}
    symbol = "lightrain" if wet else "partlycloudy_day"
    if nordic:
        instant["wind_speed_of_gust"] = round(instant["wind_speed"] * 2.1, 1)
        period |= {"probability_of_precipitation": 60.0 if wet else 4.0, "probability_of_thunder": 0.2}
    if storm_hour is not None and abs(number - storm_hour) <= 1:
        period["precipitation_amount"] = 3.2
        symbol = "rainshowersandthunder_day" if number == storm_hour else "rainshowers_day"
        if nordic:
            period["probability_of_thunder"] = 42.0 if number == storm_hour else 12.0
    data = {
        "instant": {"details": instant},
        "next_12_hours": {"summary": {"symbol_code": "partlycloudy_day"}, "details": {}},
        "next_1_hours": {"summary": {"symbol_code": symbol}, "details": period},
        "next_6_hours": {"summary": {"symbol_code": "rain"}, "details": {"precipitation_amount": 1.2}},
    }
    return {"time": stamp(START + timedelta(hours=number)), "data": data}


def block(number: int, nordic: bool) -> dict[str, Any]:
    """Six hours, after the hourly part: no gust, fog or UV; the very last holds only instants."""
    at = START + timedelta(hours=HOURS + 6 * number)
    details = {"air_temperature": 5.0 + number % 3, "relative_humidity": 80.0, "wind_speed": 4.0}
    data: dict[str, Any] = {"instant": {"details": details}}
    if number < BLOCKS - 1:
        wet: dict[str, Any] = {
            "air_temperature_max": 8.0,
            "air_temperature_min": 3.0,
            "precipitation_amount": 0.6 * (number % 4),
        }
        if nordic:
            wet["probability_of_precipitation"] = 20.0
        data["next_6_hours"] = {"summary": {"symbol_code": "cloudy"}, "details": wet}
    return {"time": stamp(at), "data": data}


def answer(
    latitude: float, longitude: float, *, nordic: bool, storm_hour: int | None = None
) -> dict[str, Any]:
    """A whole answer."""
    series = [entry(number, nordic, storm_hour) for number in range(HOURS)]
    series += [block(number, nordic) for number in range(BLOCKS)]
    meta = {
        "updated_at": stamp(START - timedelta(minutes=37)),
        "units": NORDIC_UNITS if nordic else UNITS,
        "radar_coverage": "ok",
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude, 5]},
        "properties": {"meta": meta, "timeseries": series},
    }


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def located(
    number: int, latitude: float, units: dict[str, str], columns: dict[str, list[Any]]
) -> dict[str, Any]:
    """Open-Meteo's answer for one of several places; `location_id` is only there where it is not 0."""
    times = [int(CLOCK_CHANGES.timestamp()) + 3600 * hour for hour in range(OPEN_HOURS)]
    head = {
        "latitude": latitude,
        "longitude": 5.1199994,
        "generationtime_ms": 0.12,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": 4.0,
        **({"location_id": number} if number else {}),
    }
    return {**head, "hourly_units": {"time": "unixtime", **units}, "hourly": {"time": times, **columns}}


def open_meteo(number: int, latitude: float, *, sight: bool) -> dict[str, Any]:
    """It rains from 09:00 to 10:00 UTC, so at label 10. Numbers without a fraction come as whole ones."""
    hours = range(OPEN_HOURS)
    columns: dict[str, list[Any]] = {
        "temperature_2m": [12 if hour % 2 else 11.6 for hour in hours],
        "relative_humidity_2m": [80] * OPEN_HOURS,
        "precipitation": [2.4 if hour == WET_LABEL else 0.0 for hour in hours],
        "precipitation_probability": [45 if hour == WET_LABEL else 3 for hour in hours],
        "snowfall": [0.0] * OPEN_HOURS,
        "weather_code": [63 if hour == WET_LABEL else 2 for hour in hours],
        "wind_speed_10m": [3.5] * OPEN_HOURS,
        "wind_gusts_10m": [8.1] * OPEN_HOURS,
        "visibility": [24140.0 if sight else None] * OPEN_HOURS,
        "uv_index": [0.9] * OPEN_HOURS,
    }
    return located(number, latitude, OPEN_UNITS, columns)


def open_meteo_air(number: int, latitude: float) -> dict[str, Any]:
    columns: dict[str, list[Any]] = {
        "european_aqi": [31] * OPEN_HOURS,
        "grass_pollen": [0.4] * OPEN_HOURS,
        "birch_pollen": [None] * OPEN_HOURS,
    }
    units = {"european_aqi": "EAQI", "grass_pollen": "grains/m³", "birch_pollen": "grains/m³"}
    return located(number, latitude, units, columns)


CLOCK_CHANGES = datetime(2026, 10, 25, tzinfo=UTC)
OPEN_HOURS, WET_LABEL = 24, 10
OPEN_UNITS = {
    "temperature_2m": "°C",
    "relative_humidity_2m": "%",
    "precipitation": "mm",
    "precipitation_probability": "%",
    "snowfall": "cm",
    "weather_code": "wmo code",
    "wind_speed_10m": "m/s",
    "wind_gusts_10m": "m/s",
    "visibility": "m",
    "uv_index": "",
}
SAMPLES: dict[str, Any] = {
    "utrecht_outside_nordic_area": answer(52.09, 5.12, nordic=False),
    "leeuwarden_with_gusts": answer(53.2, 5.8, nordic=True),
    "synthetic_thunder": answer(52.09, 5.12, nordic=False, storm_hour=5),
    "open_meteo_two_places": [open_meteo(0, 52.08, sight=True), open_meteo(1, 52.38, sight=False)],
    "open_meteo_air_two_places": [open_meteo_air(0, 52.1), open_meteo_air(1, 52.4)],
}

if __name__ == "__main__":
    for name, made in SAMPLES.items():
        text = json.dumps(made, separators=(",", ":"))
        (HERE / f"{name}.json").write_text(text + "\n", encoding="ascii")
