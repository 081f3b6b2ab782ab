"""Open-Meteo's columns to our Forecast. Every column may be missing, empty or in another unit than was asked.

A label stands at the end of its hour for what falls or gusts: `precipitation` at 11:00 fell from 10:00 on, which makes
it the Step of 10:00. The weather code goes with them: the documents call it an instant, but the service works it out
of the precipitation with the same label (so in its source, and in each recorded answer). All else holds at the label.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from planner.domain.needs import OutsideFailed
from planner.domain.weather_symbols import FREEZING_RAIN
from planner.domain.weather_values import Forecast, Step
from planner.outside.json_parts import YEARS, Json, NotJson, a_list, a_number, an_object, decoded

_RETRY_S = 1800.0
_MAX_LABELS = 500
_HOUR_S = 3600
_FIRST_S, _LAST_S = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (YEARS.start, YEARS.stop))
Labels = Mapping[int, Mapping[str, float]]
"""What is said, by our names, per label in unix seconds."""


class Column(NamedTuple):
    """Our name, the unit we ask for, and what can be true. `hour_before`: it is about the hour that ends there."""

    ours: str
    unit: str
    lowest: float
    highest: float
    hour_before: bool = False


WEATHER = {
    "temperature_2m": Column("temperature_c", "°C", -60, 60),
    "relative_humidity_2m": Column("humidity_pct", "%", 0, 105),
    "precipitation": Column("precip_mm", "mm", 0, 500, hour_before=True),
    "precipitation_probability": Column("precip_prob_pct", "%", 0, 100, hour_before=True),
    "snowfall": Column("snow_cm", "cm", 0, 500, hour_before=True),
    "weather_code": Column("code", "wmo code", 0, 99, hour_before=True),
    "wind_speed_10m": Column("wind_ms", "m/s", 0, 100),
    "wind_gusts_10m": Column("gust_ms", "m/s", 0, 150, hour_before=True),
    "visibility": Column("visibility_m", "m", 0, 1_000_000),
    "uv_index": Column("uv_index", "", 0, 30),
}
AIR = {
    "european_aqi": Column("air_index", "EAQI", 0, 2000),
    "grass_pollen": Column("grass_pollen", "grains/m³", 0, 100_000),
    "birch_pollen": Column("birch_pollen", "grains/m³", 0, 100_000),
}
_OF_HOUR = frozenset(column.ours for column in WEATHER.values() if column.hour_before)

# WMO codes as the service gives them. Day and night look the same to us.
_SYMBOLS = {
    0: "clearsky_day", 1: "fair_day", 2: "partlycloudy_day", 3: "cloudy", 45: "fog", 48: "fog",
    51: "lightrain", 53: "lightrain", 55: "rain", 56: FREEZING_RAIN, 57: FREEZING_RAIN,
    61: "lightrain", 63: "rain", 65: "heavyrain", 66: FREEZING_RAIN, 67: FREEZING_RAIN,
    71: "lightsnow", 73: "snow", 75: "heavysnow", 77: "lightsnow",
    80: "lightrainshowers_day", 81: "rainshowers_day", 82: "heavyrainshowers_day",
    85: "lightsnowshowers_day", 86: "heavysnowshowers_day",
    95: "rainandthunder", 96: "heavyrainandthunder", 97: "heavyrainandthunder", 98: "heavyrainandthunder",
    99: "heavyrainandthunder",
}  # fmt: skip


def locations(body: bytes, count: int) -> list[Json]:
    """The answers per place, in the order asked; an array only when more than one was asked for.

    Raises OutsideFailed: `failing` for plain text, which comes with status 200 when the service stumbles, and
    `garbage` for anything that is not one answer per place. Coordinates say nothing: they are the grid cell's.
    """
    try:
        whole = decoded(body)
    except NotJson:
        raise OutsideFailed("failing", 0) from None
    if an_object(whole).get("error"):
        raise OutsideFailed("failing", 0)
    found = whole if isinstance(whole, list) else [whole]
    if len(found) != count or any(_out_of_place(one, place) for place, one in enumerate(found)):
        raise OutsideFailed("garbage", _RETRY_S)
    return [an_object(one) for one in found]


def _out_of_place(location: object, place: int) -> bool:
    """`location_id` is only there where it is not 0."""
    return bool(an_object(location).get("location_id", place) != place)


def reason(body: bytes) -> str:
    """What an error says, in small letters; empty when it says nothing. Only to be looked at, never passed on."""
    try:
        said = an_object(decoded(body)).get("reason")
    except NotJson:
        return ""
    return said.lower() if isinstance(said, str) else ""


def labels(location: Json, columns: Mapping[str, Column]) -> Labels:
    """The numbers that can be used. A column in another unit than asked counts as absent; so does all of it when the
    times are not unix seconds, because local times break when the clock changes."""
    units, hourly = an_object(location, "hourly_units"), an_object(location, "hourly")
    if units.get("time") != "unixtime":
        return {}
    found: dict[int, dict[str, float]] = {}
    for place, label in enumerate(a_list(hourly.get("time"))[:_MAX_LABELS]):
        at_s = a_number(label, _FIRST_S, _LAST_S)
        if at_s is not None and at_s % _HOUR_S == 0:
            found[int(at_s)] = {}
            for name, column in columns.items():
                values = a_list(hourly.get(name)) if units.get(name) == column.unit else []
                value = (
                    a_number(values[place], column.lowest, column.highest) if place < len(values) else None
                )
                if value is not None:
                    found[int(at_s)][column.ours] = value
    return found


def forecast_from(weather: Labels, air: Labels, source: str, fetched_at: datetime) -> Forecast | None:
    """None when not one hour of it can be used. The service does not say when it made a forecast."""
    steps = [step for at_s in sorted(weather) if (step := _step(at_s, weather, air))]
    return Forecast(source, None, fetched_at, tuple(steps)) if steps else None


def _step(at_s: int, weather: Labels, air: Labels) -> Step | None:
    """What holds at a label, with what the next one says of the hour between; None without temperature or wind."""
    here, then = weather[at_s], weather.get(at_s + _HOUR_S)
    values: dict[str, Any] = {name: value for name, value in here.items() if name not in _OF_HOUR}
    if "temperature_c" not in values or "wind_ms" not in values:
        return None
    values |= air.get(at_s, {})
    values |= {name: value for name, value in (then or {}).items() if name in _OF_HOUR}
    # a code we do not know could be anything, thunder too: then that hour is not known
    symbol = _SYMBOLS.get(values.pop("code", -1))
    return Step(datetime.fromtimestamp(at_s, UTC), 0 if then is None else 1, symbol=symbol, **values)
