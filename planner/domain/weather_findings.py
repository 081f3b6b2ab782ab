"""What a forecast says about a walk: the part of a verdict for which it is looked through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from planner.domain.air_rules import AIR_RULES
from planner.domain.daylight import Daylight, daylight
from planner.domain.places import Place
from planner.domain.weather_formulas import wind_chill_c
from planner.domain.weather_limits import Limits
from planner.domain.weather_rules import RULES, gusts_kmh, has_thunder
from planner.domain.weather_values import Forecast, Reason, Setting, WeatherNumbers
from planner.domain.weather_window import Window, window
from planner.domain.when import day_on

SHOWN_FOR = timedelta(hours=24)
"""A forecast older than this is not shown, nor listened to."""
SURE_FOR = timedelta(days=3)
"""What is further away than this from the moment of fetching is provisional, also where a source gives hours."""


@dataclass(frozen=True, slots=True)
class Case:
    """What all walks from one place have in common; see `weather.judge`."""

    forecast: Forecast | None
    place: Place
    now: datetime
    limits: Limits
    surroundings: frozenset[str] = frozenset()
    setting: Setting = "outdoors"
    health_flags: frozenset[str] = frozenset()
    place_estimated: bool = False

    def age(self, end_at: datetime) -> timedelta:
        """How old the forecast is for a walk that ends then; nothing where there is none."""
        return min(self.now, end_at) - self.forecast.fetched_at if self.forecast else timedelta(0)

    def held(self, end_at: datetime) -> Forecast | None:
        """The forecast, unless it is too old to listen to."""
        return self.forecast if self.age(end_at) <= SHOWN_FOR else None


@dataclass(frozen=True, slots=True)
class Findings:
    """The same for all walks of a day that touch the same of a forecast.

    `begins_in_gap`: nothing is known of the first moment. `missing_at`: the first moment of which something is not.
    """

    reasons: tuple[Reason, ...]
    numbers: WeatherNumbers
    provisional: bool
    begins_in_gap: bool
    missing_at: datetime | None


Look: TypeAlias = Callable[[Case, datetime, datetime], Findings]


def sun_of(case: Case, start_at: datetime) -> Daylight:
    """Of the day on which a walk starts."""
    return daylight(case.place, day_on(start_at))


def findings(case: Case, start_at: datetime, end_at: datetime) -> Findings:
    """For a walk [start, end), both in UTC."""
    held = case.held(end_at)
    found = window(held.steps if held else (), start_at, end_at)
    reasons = [reason for rule in RULES if (reason := rule(found, case.limits, case.surroundings))]
    reasons += [reason for rule in AIR_RULES if (reason := rule(found, case.limits, case.health_flags))]
    return Findings(
        tuple(reasons),
        _numbers(found, sun_of(case, start_at)),
        found.provisional or _thunder_in_block(found, reasons) or _far_away(found, held),
        found.begins_in_gap,
        found.missing_at,
    )


def _thunder_in_block(found: Window, reasons: list[Reason]) -> bool:
    """Thunder may come from a block of six hours that only touches the margin around the walk."""
    thunder_at = {reason.at for reason in reasons if reason.code == "thunder"}
    return bool(thunder_at) and any(
        step.at in thunder_at and step.span_h > 1 and has_thunder(step) for step in found.steps
    )


def _far_away(found: Window, forecast: Forecast | None) -> bool:
    return bool(forecast and found.periods and found.periods[-1].at > forecast.fetched_at + SURE_FOR)


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
