"""MET Norway's GeoJSON to our Forecast. Everything but temperature and wind may be absent."""

from __future__ import annotations

from datetime import UTC, datetime

from planner.domain.needs import OutsideFailed
from planner.domain.weather_symbols import spelt_right
from planner.domain.weather_values import Forecast, Step
from planner.outside.json_parts import YEARS, Json, NotJson, a_list, a_number, an_object, decoded

_RETRY_S = 1800.0
_MAX_STEPS = 500
_LONGEST_SYMBOL = 60

# Our name: theirs, lowest and highest value that can be true. Anything else counts as absent.
_INSTANT = {
    "temperature_c": ("air_temperature", -60, 60),
    "wind_ms": ("wind_speed", 0, 100),
    "humidity_pct": ("relative_humidity", 0, 105),
    "gust_ms": ("wind_speed_of_gust", 0, 150),
    "fog_pct": ("fog_area_fraction", 0, 100),
    "uv_clear_sky": ("ultraviolet_index_clear_sky", 0, 30),
}
_PERIOD = {
    "precip_mm": ("precipitation_amount", 0, 500),
    "precip_prob_pct": ("probability_of_precipitation", 0, 100),
    "thunder_prob_pct": ("probability_of_thunder", 0, 100),
}
_SIX_HOURS = {
    **_PERIOD,
    "temperature_min_c": ("air_temperature_min", -60, 60),
    "temperature_max_c": ("air_temperature_max", -60, 60),
}


def forecast_from(body: bytes, source: str, fetched_at: datetime) -> Forecast:
    """Read an answer. Raises OutsideFailed("garbage") when not one entry of it can be used."""
    try:
        whole = decoded(body)
    except NotJson:
        raise OutsideFailed("garbage", _RETRY_S) from None
    properties = an_object(an_object(whole), "properties")
    found = (_step(an_object(entry)) for entry in a_list(properties.get("timeseries"))[:_MAX_STEPS])
    steps = {step.at: step for step in found if step}
    if not steps:
        raise OutsideFailed("garbage", _RETRY_S)
    updated_at = _moment(an_object(properties, "meta").get("updated_at"))
    return Forecast(source, updated_at, fetched_at, tuple(steps[at] for at in sorted(steps)))


def _step(entry: Json) -> Step | None:
    """One entry; None without a time, a temperature or a wind: then that hour is not known."""
    at, data = _moment(entry.get("time")), an_object(entry, "data")
    instant = _numbers(an_object(an_object(data, "instant"), "details"), _INSTANT)
    temperature_c, wind_ms = instant.pop("temperature_c", None), instant.pop("wind_ms", None)
    if at is None or temperature_c is None or wind_ms is None:
        return None
    span_h, period, names = _period(data)
    numbers = {**instant, **_numbers(an_object(period, "details"), names)}
    return Step(at, span_h, temperature_c, wind_ms, symbol=_symbol(period), **numbers)


def _period(data: Json) -> tuple[int, Json, dict[str, tuple[str, int, int]]]:
    """The hour where there is one, else six hours, else nothing: the last entries hold only instants."""
    if "next_1_hours" in data:
        return 1, an_object(data, "next_1_hours"), _PERIOD
    if "next_6_hours" in data:
        return 6, an_object(data, "next_6_hours"), _SIX_HOURS
    return 0, {}, _PERIOD


def _symbol(period: Json) -> str | None:
    """As given, also one we do not know: the rules still read thunder and snow in it."""
    code = an_object(period, "summary").get("symbol_code")
    return spelt_right(code) if isinstance(code, str) and 0 < len(code) <= _LONGEST_SYMBOL else None


def _numbers(details: Json, names: dict[str, tuple[str, int, int]]) -> dict[str, float]:
    found = {ours: a_number(details.get(theirs), *bounds) for ours, (theirs, *bounds) in names.items()}
    return {ours: value for ours, value in found.items() if value is not None}


def _moment(text: object) -> datetime | None:
    """A time with its zone, in UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo and moment.year in YEARS else None
    except (ValueError, OverflowError):
        return None
