"""One physical weather, hour by hour, told as each of the two services would tell it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

MET_SYMBOLS = {"dry": "cloudy", "rain": "rain", "snow": "snow", "thunder": "rainandthunder"}
CODES = {"dry": 3, "rain": 63, "snow": 73, "thunder": 95}
UNITS = {
    "time": "unixtime", "temperature_2m": "°C", "relative_humidity_2m": "%", "precipitation": "mm",
    "precipitation_probability": "%", "snowfall": "cm", "weather_code": "wmo code", "wind_speed_10m": "m/s",
    "wind_gusts_10m": "m/s", "visibility": "m", "uv_index": "",
}  # fmt: skip
AIR_UNITS = {
    "time": "unixtime", "european_aqi": "EAQI", "grass_pollen": "grains/m³", "birch_pollen": "grains/m³",
}  # fmt: skip


@dataclass(frozen=True)
class Hour:
    """What holds when it begins, and what falls or blows until the next begins. Snow lies a centimetre per millimetre.
    `foggy`: one does not see a kilometre when it begins."""

    temperature_c: float = 12.0
    wind_ms: float = 2.0
    humidity_pct: float = 70.0
    uv: float = 0.0
    foggy: bool = False
    gust_ms: float = 4.0
    falls: str = "dry"
    mm: float = 0.0
    chance_pct: float = 0.0

    @property
    def fallen_mm(self) -> float:
        return 0.0 if self.falls == "dry" else self.mm


def met_norway(hours: Sequence[Hour], first_at: datetime) -> str:
    """As inside the Nordic area: labels at the start of the hour."""
    series = []
    for number, hour in enumerate(hours):
        instant = {
            "air_temperature": hour.temperature_c,
            "wind_speed": hour.wind_ms,
            "relative_humidity": hour.humidity_pct,
            "ultraviolet_index_clear_sky": hour.uv,
            "fog_area_fraction": 100.0 if hour.foggy else 0.0,
            "wind_speed_of_gust": hour.gust_ms,
        }
        details = {"precipitation_amount": hour.fallen_mm, "probability_of_precipitation": hour.chance_pct}
        summary = {"symbol_code": MET_SYMBOLS[hour.falls]}
        data = {"instant": {"details": instant}, "next_1_hours": {"summary": summary, "details": details}}
        series.append({"time": f"{first_at + timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}", "data": data})
    return json.dumps({"properties": {"meta": {}, "timeseries": series}})


def open_meteo(hours: Sequence[Hour], first_at: datetime, **place: Any) -> dict[str, Any]:
    """What falls and blows, and the code worked out of it, stands at the label that ends its hour."""
    before = [Hour(), *hours]
    columns: dict[str, list[Any]] = {
        "temperature_2m": [hour.temperature_c for hour in hours],
        "relative_humidity_2m": [hour.humidity_pct for hour in hours],
        "precipitation": [hour.fallen_mm for hour in before],
        "precipitation_probability": [hour.chance_pct for hour in before],
        "snowfall": [hour.fallen_mm if hour.falls == "snow" else 0 for hour in before],
        "weather_code": [CODES[hour.falls] for hour in before],
        "wind_speed_10m": [hour.wind_ms for hour in hours],
        "wind_gusts_10m": [hour.gust_ms for hour in before],
        "visibility": [400.0 if hour.foggy else 24_140.0 for hour in hours],
        "uv_index": [hour.uv for hour in hours],
    }
    columns["time"] = [int(first_at.timestamp()) + 3600 * number for number in range(len(hours))]
    hourly = {name: values[: len(hours)] for name, values in columns.items()}
    return located(hourly, UNITS, **place)


def air(first_at: datetime, hours: int, **values: float) -> dict[str, Any]:
    """Air and pollen that stay the same all day."""
    hourly: dict[str, list[Any]] = {name: [values.get(name)] * hours for name in AIR_UNITS}
    hourly["time"] = [int(first_at.timestamp()) + 3600 * number for number in range(hours)]
    return located(hourly, AIR_UNITS)


def located(hourly: dict[str, list[Any]], units: dict[str, str], **place: Any) -> dict[str, Any]:
    """An answer for one place, with the coordinates of a grid cell instead of the place's own."""
    head = {"latitude": 52.1, "longitude": 5.1099997, "generationtime_ms": 0.09, "utc_offset_seconds": 0}
    zone = {"timezone": "GMT", "timezone_abbreviation": "GMT", "elevation": 4.0}
    return {**head, **zone, **place, "hourly_units": units, "hourly": hourly}
