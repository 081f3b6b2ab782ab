"""What is better about another hour, as codes with numbers; the words are made elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from planner.domain.weather import WET_FROM_MM
from planner.domain.weather_formulas import uv_whole
from planner.domain.weather_rules import BADNESS
from planner.domain.weather_values import Reason, Verdict, WeatherNumbers

GAINS = (
    "no_thunder", "no_ice", "calmer", "in_daylight", "less_cold", "cooler", "dry", "drier", "no_snow", "firmer",
    "clearer", "less_sun", "fresher_air", "less_pollen", "known", "little_rain", "same_day", "same_time", "usual_day",
    "usual_time", "as_good",
)  # fmt: skip
"""Every code of a gain. `dry`, `little_rain`, the days and times also stand where nothing was asked."""
MUCH_CALMER_KMH = 10
"""From so much less wind on it is told, also when the wind asked for was no reason."""


@dataclass(frozen=True, slots=True)
class Gain:
    """`value` is of this hour, `instead` of the hour that was asked; unrounded, in `unit`; None without a number."""

    code: str
    value: float | None = None
    instead: float | None = None
    unit: str = ""
    estimated: bool = False


class _Weighed(Protocol):
    @property
    def verdict(self) -> Verdict: ...


class _Asked(Protocol):
    @property
    def local(self) -> datetime: ...
    @property
    def weighed(self) -> _Weighed: ...


class _Habits(Protocol):
    def usual_day(self, local: datetime) -> bool: ...
    def usual_time(self, local: datetime) -> bool: ...


Measure = Callable[[WeatherNumbers], float | None]


def _felt_c(numbers: WeatherNumbers) -> float | None:
    chill = numbers.wind_chill_min_c
    return numbers.temperature_min_c if chill is None else chill


def _uv(numbers: WeatherNumbers) -> float | None:
    """With its clouds, where the service knows them."""
    strength = numbers.uv_clear_sky if numbers.uv_index is None else numbers.uv_index
    return None if strength is None else uv_whole(strength)


# reason code (a source may give more than another): gain, its number, unit, and 1 where less is better
_OF: dict[str, tuple[str, Measure | None, str, int]] = {
    "thunder": ("no_thunder", None, "", 1),
    "ice": ("no_ice", None, "", 1),
    "gust": ("calmer", lambda numbers: numbers.gust_kmh, "km/h", 1),
    "daylight": ("in_daylight", None, "", 1),
    "wind_chill": ("less_cold", _felt_c, "°C", -1),
    "heat": ("cooler", lambda numbers: numbers.temperature_max_c, "°C", 1),
    "rain": ("drier", lambda numbers: numbers.rain_worst_hour_mm, "mm/h", 1),
    "rain_chance": ("drier", lambda numbers: numbers.rain_worst_hour_mm, "mm/h", 1),
    "snow": ("no_snow", None, "", 1),
    "slippery": ("firmer", None, "", 1),
    "fog": ("clearer", None, "", 1),
    "uv": ("less_sun", _uv, "index", 1),
    "air": ("fresher_air", None, "", 1),
    "grass_pollen": ("less_pollen", None, "", 1),
    "birch_pollen": ("less_pollen", None, "", 1),
    "missing": ("known", None, "", 1),
    "stale": ("known", None, "", 1),
}


def gains(here_local: datetime, here: Verdict, asked: _Asked | None, habits: _Habits) -> tuple[Gain, ...]:
    """Weather first, then day and time. There is always one, unless the weather of this hour is not known."""
    if asked is None:
        weather = list(_alone(here))
        times = _times(habits.usual_day(here_local), habits.usual_time(here_local), "usual")
        return (*weather, *times)
    weather = list(_against(here, asked.weighed.verdict))
    known = here.code != "unknown"
    fill = [Gain("as_good")] if known and not weather else []
    same_day = here_local.date() == asked.local.date()
    return (*weather, *fill, *_times(same_day, here_local.time() == asked.local.time(), "same"))


def _times(day: bool, time: bool, prefix: str) -> Iterator[Gain]:
    if day:
        yield Gain(f"{prefix}_day")
    if time:
        yield Gain(f"{prefix}_time")


def _is_dry(numbers: WeatherNumbers) -> bool:
    return numbers.rain_mm is not None and numbers.rain_mm < WET_FROM_MM


def _alone(here: Verdict) -> Iterator[Gain]:
    if _is_dry(here.numbers):
        yield Gain("dry")
    elif here.numbers.rain_worst_hour_mm is not None and not any(one.code == "rain" for one in here.reasons):
        yield Gain("little_rain", here.numbers.rain_worst_hour_mm, None, "mm/h")


def _against(here: Verdict, there: Verdict) -> Iterator[Gain]:
    """One for each reason there that is gone or milder here; and rain and wind even when they were no reason."""
    told: set[str] = set()
    levels = {reason.code: BADNESS[reason.level] for reason in here.reasons}
    for reason in there.reasons:
        gain = _instead(reason, levels.get(reason.code, 0), here, there)
        if gain and gain.code not in told and not (gain.code in ("dry", "drier") and {"dry", "drier"} & told):
            told.add(gain.code)
            yield gain
    if _is_dry(here.numbers) and (there.numbers.rain_mm or 0) >= WET_FROM_MM and not {"dry", "drier"} & told:
        yield Gain("dry")
    calmer = _numbered("gust", here, there)
    if calmer and "calmer" not in told and (calmer.instead or 0) - (calmer.value or 0) >= MUCH_CALMER_KMH:
        yield calmer


def _instead(reason: Reason, level_here: int, here: Verdict, there: Verdict) -> Gain | None:
    code = _OF[reason.code][0]
    milder = level_here < BADNESS[reason.level]
    if code == "drier" and milder and _is_dry(here.numbers):
        return Gain("dry")
    numbered = _numbered(reason.code, here, there)
    return numbered or (Gain(code) if milder else None)


def _numbered(reason_code: str, here: Verdict, there: Verdict) -> Gain | None:
    """With both numbers, where the one of here is better also when rounded."""
    code, measure, unit, less = _OF[reason_code]
    value, instead = (measure(one.numbers) if measure else None for one in (here, there))
    if (
        value is None
        or instead is None
        or (round(instead, 1) - round(value, 1)) * less < (0.1 if unit == "mm/h" else 1)
    ):
        return None
    guess = code == "calmer" and (here.numbers.gust_estimated or there.numbers.gust_estimated)
    return Gain(code, value, instead, unit, guess)
