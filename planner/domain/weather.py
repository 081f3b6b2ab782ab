"""The weather verdict: forecast, limits and a walk's window in; go, adapt, move or unknown out, with reasons.

A missing or old forecast is never "go". It is advice: the coach decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.domain.air_rules import AIR_RULES
from planner.domain.daylight import Daylight, daylight, is_dark
from planner.domain.places import Place
from planner.domain.weather_formulas import wind_chill_c
from planner.domain.weather_limits import Limits, RefusedLimit, limits_from
from planner.domain.weather_rules import BADNESS, RULES, gusts_kmh, has_thunder
from planner.domain.weather_symbols import known_symbol
from planner.domain.weather_values import (
    REASON_CODES,
    Forecast,
    Level,
    Reason,
    Setting,
    Step,
    Verdict,
    WeatherNumbers,
)
from planner.domain.weather_window import Window, window
from planner.domain.when import ZONE

__all__ = [
    "CLOTHES", "REASON_CODES", "Forecast", "Level", "Limits", "Place", "Reason", "RefusedLimit", "Setting",
    "Step", "Verdict", "WeatherNumbers", "clothes", "judge", "known_symbol", "limits_from", "refreshed",
]  # fmt: skip

SHOWN_FOR = timedelta(hours=24)
"""A forecast older than this is not shown, nor listened to."""

CLOTHES = (
    "rain_jacket", "wind_jacket", "warm_layers", "gloves_hat", "sturdy_shoes", "sun_hat", "sunscreen",
    "water", "light",
)  # fmt: skip
"""All codes of `clothes`, in the order in which they are told."""
WET_FROM_MM = 0.1
"""Less than this over the whole walk is dry."""
WINDY_FROM_KMH = 40
SURE_FOR = timedelta(days=3)
"""What is further away than this from the moment of fetching is provisional, also where a source gives hours."""


def refreshed(forecast: Forecast, at: datetime) -> Forecast:
    """The same forecast, confirmed by the source at a later moment (an answer 304)."""
    return replace(forecast, fetched_at=at)


def judge(
    forecast: Forecast | None,
    start_at: datetime,
    end_at: datetime,
    place: Place,
    now: datetime,
    limits: Limits,
    surroundings: frozenset[str] = frozenset(),
    setting: Setting = "outdoors",
    *,
    health_flags: frozenset[str] = frozenset(),
    place_estimated: bool = False,
) -> Verdict:
    """The verdict on a walk [start, end) at a place. `surroundings`: tags of the route's environment, and `avenue`.
    `health_flags`: what the client asked to take into account, under consent; only air and pollen look at it.

    The worst rule wins. Unknown when the data of any hour is missing or the forecast is old, unless a rule
    that is known already says move. A walk of the past is judged by the data held: old counts from its end.
    """
    if setting != "outdoors":
        return Verdict("go")
    start_at, end_at = start_at.astimezone(UTC), end_at.astimezone(UTC)
    age = min(now, end_at) - forecast.fetched_at if forecast else timedelta(0)
    held = forecast if forecast and age <= SHOWN_FOR else None
    found = window(held.steps if held else (), start_at, end_at)
    sun = daylight(place, start_at.astimezone(ZoneInfo(ZONE)).date())
    reasons = [reason for rule in RULES if (reason := rule(found, limits, surroundings))]
    reasons += [reason for rule in AIR_RULES if (reason := rule(found, limits, health_flags))]
    if dark := _daylight(sun, place, start_at, end_at):
        reasons.append(dark)
    if gap := _gap(found, forecast, age, limits):
        reasons.append(gap)
    return Verdict(
        code=max((reason.level for reason in reasons), key=BADNESS.__getitem__, default="go"),
        provisional=found.provisional or _thunder_in_block(found, reasons) or _far_away(found, forecast),
        reasons=tuple(sorted(reasons, key=_rank)),
        source=forecast.source if forecast else None,
        numbers=_numbers(found, sun),
        updated_at=forecast.updated_at if forecast else None,
        fetched_at=forecast.fetched_at if forecast else None,
        place_estimated=place_estimated,
    )


def _rank(reason: Reason) -> tuple[int, int]:
    return -BADNESS[reason.level], REASON_CODES.index(reason.code)


def _gap(found: Window, forecast: Forecast | None, age: timedelta, limits: Limits) -> Reason | None:
    """What keeps us from knowing: an old forecast before a missing hour."""
    hours = age / timedelta(hours=1)
    if forecast and hours > limits.stale_after_h:
        return Reason("stale", "unknown", hours, limits.stale_after_h, "h", forecast.fetched_at)
    return Reason("missing", "unknown", at=found.missing_at) if found.missing_at else None


def _thunder_in_block(found: Window, reasons: list[Reason]) -> bool:
    """Thunder may come from a block of six hours that only touches the margin around the walk."""
    hours = {step.at for step in found.steps if step.span_h > 1 and has_thunder(step)}
    return any(reason.code == "thunder" and reason.at in hours for reason in reasons)


def _far_away(found: Window, forecast: Forecast | None) -> bool:
    return bool(forecast and found.periods and found.periods[-1].at > forecast.fetched_at + SURE_FOR)


def _daylight(sun: Daylight, place: Place, start_at: datetime, end_at: datetime) -> Reason | None:
    """Ends after sunset: adapt. Any part after civil dusk or before civil dawn: move; needs no forecast."""
    if sun.dusk_at and end_at > sun.dusk_at:
        return _minutes("move", sun.dusk_at, end_at - max(start_at, sun.dusk_at))
    if sun.dawn_at and start_at < sun.dawn_at:
        return _minutes("move", sun.dawn_at, start_at - min(end_at, sun.dawn_at))
    if (not sun.dusk_at or not sun.dawn_at) and (is_dark(place, start_at) or is_dark(place, end_at)):
        return _minutes("move", None, end_at - start_at)
    if sun.sunset_at and end_at > sun.sunset_at:
        return _minutes("adapt", sun.sunset_at, end_at - max(start_at, sun.sunset_at))
    return None


def _minutes(level: Level, at: datetime | None, length: timedelta) -> Reason:
    return Reason("daylight", level, length / timedelta(minutes=1), 0.0, "min", at)


def _numbers(found: Window, sun: Daylight) -> WeatherNumbers:
    chills = [wind_chill_c(step.temperature_c, step.wind_ms) for step in found.instants]
    gust_kmh, gust_estimated, _ = max(gusts_kmh(found), key=lambda gust: gust[0], default=(None, False, None))
    fallen = [step.precip_mm for step in found.periods if step.precip_mm is not None]
    hourly = [step.precip_mm for step in found.periods if step.precip_mm is not None and step.span_h == 1]
    temperatures = _temperatures(found)
    return WeatherNumbers(
        temperature_min_c=min(temperatures, default=None),
        temperature_max_c=max(temperatures, default=None),
        wind_chill_min_c=min((chill for chill in chills if chill is not None), default=None),
        rain_mm=sum(fallen) if fallen else None,
        rain_worst_hour_mm=max(hourly, default=None),
        rain_span_h=max((step.span_h for step in found.periods), default=None),
        precip_prob_pct=_most(step.precip_prob_pct for step in found.periods),
        gust_kmh=gust_kmh,
        gust_estimated=gust_estimated,
        wind_ms=_most(step.wind_ms for step in found.instants),
        fog_pct=_most(step.fog_pct for step in found.instants),
        uv_clear_sky=_most(step.uv_clear_sky for step in found.instants),
        symbol=found.periods[0].symbol if found.periods else None,
        visibility_m=min(
            (s.visibility_m for s in found.instants if s.visibility_m is not None), default=None
        ),
        uv_index=_most(step.uv_index for step in found.instants),
        air_index=_most(step.air_index for step in found.instants),
        grass_pollen=_most(step.grass_pollen for step in found.instants),
        birch_pollen=_most(step.birch_pollen for step in found.instants),
        dawn_at=sun.dawn_at,
        sunrise_at=sun.sunrise_at,
        sunset_at=sun.sunset_at,
        dusk_at=sun.dusk_at,
    )


def _temperatures(found: Window) -> list[float]:
    """At the instants; in blocks of six hours also their extremes."""
    extremes = [
        value
        for period in found.periods
        for value in (period.temperature_min_c, period.temperature_max_c)
        if value is not None
    ]
    return [step.temperature_c for step in found.instants] + extremes


def _most(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def clothes(verdict: Verdict) -> tuple[str, ...]:
    """What to wear or bring, as codes for the client's page; () when the weather is not known."""
    numbers, fired = verdict.numbers, {reason.code for reason in verdict.reasons}
    if numbers.temperature_min_c is None or numbers.temperature_max_c is None:
        return ()
    chill = numbers.wind_chill_min_c
    felt = numbers.temperature_min_c if chill is None else min(numbers.temperature_min_c, chill)
    wet = (numbers.rain_mm or 0) >= WET_FROM_MM or "rain_chance" in fired
    ground = fired & {"rain", "snow", "slippery", "ice"}
    wanted = {
        "rain_jacket": wet,
        "wind_jacket": not wet and (numbers.gust_kmh or 0) >= WINDY_FROM_KMH,
        "warm_layers": felt <= 8,
        "gloves_hat": felt <= 3,
        "sturdy_shoes": wet or bool(ground),
        "sun_hat": "uv" in fired or "heat" in fired,
        "sunscreen": "uv" in fired,
        "water": "heat" in fired or numbers.temperature_max_c >= 24,
        "light": "daylight" in fired,
    }
    return tuple(code for code in CLOTHES if wanted[code])
