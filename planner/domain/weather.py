"""The weather verdict: forecast, limits and a walk's window in; go, adapt, move or unknown out, with reasons.

A missing or old forecast is never "go". It is advice: the coach decides.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from planner.domain.daylight import Daylight, is_dark
from planner.domain.places import Place
from planner.domain.weather_findings import SHOWN_FOR, Case, Findings, Look, findings, sun_of
from planner.domain.weather_limits import Limits, RefusedLimit, limits_from
from planner.domain.weather_rules import BADNESS
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

__all__ = [
    "CLOTHES", "REASON_CODES", "SHOWN_FOR", "Case", "Forecast", "Level", "Limits", "Place", "Reason",
    "RefusedLimit", "Setting", "Step", "Verdict", "WeatherNumbers", "clothes", "judge", "known_symbol",
    "limits_from", "refreshed", "verdict_on",
]  # fmt: skip

CLOTHES = (
    "rain_jacket", "wind_jacket", "warm_layers", "gloves_hat", "sturdy_shoes", "sun_hat", "sunscreen",
    "water", "light",
)  # fmt: skip
"""All codes of `clothes`, in the order in which they are told."""
WET_FROM_MM = 0.1
"""Less than this over the whole walk is dry."""
WINDY_FROM_KMH = 40


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
    case = Case(forecast, place, now, limits, surroundings, setting, health_flags, place_estimated)
    return verdict_on(case, start_at, end_at)


def verdict_on(case: Case, start_at: datetime, end_at: datetime, look: Look = findings) -> Verdict:
    """The same. `look`: what looks the forecast through for it."""
    if case.setting != "outdoors":
        return Verdict("go")
    start_at, end_at = start_at.astimezone(UTC), end_at.astimezone(UTC)
    found, forecast = look(case, start_at, end_at), case.forecast
    reasons = list(found.reasons)
    if dark := _daylight(sun_of(case, start_at), case.place, start_at, end_at):
        reasons.append(dark)
    if gap := _gap(case, found, start_at, end_at):
        reasons.append(gap)
    return Verdict(
        code=max((reason.level for reason in reasons), key=BADNESS.__getitem__, default="go"),
        provisional=found.provisional,
        reasons=tuple(sorted(reasons, key=_rank)),
        source=forecast.source if forecast else None,
        numbers=found.numbers,
        updated_at=forecast.updated_at if forecast else None,
        fetched_at=forecast.fetched_at if forecast else None,
        place_estimated=case.place_estimated,
    )


def _rank(reason: Reason) -> tuple[int, int]:
    return -BADNESS[reason.level], REASON_CODES.index(reason.code)


def _gap(case: Case, found: Findings, start_at: datetime, end_at: datetime) -> Reason | None:
    """What keeps us from knowing: an old forecast before a missing hour."""
    forecast, limits, hours = case.forecast, case.limits, case.age(end_at) / timedelta(hours=1)
    if forecast and hours > limits.stale_after_h:
        return Reason("stale", "unknown", hours, limits.stale_after_h, "h", forecast.fetched_at)
    missing_at = start_at if found.begins_in_gap else found.missing_at
    return Reason("missing", "unknown", at=missing_at) if missing_at else None


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
