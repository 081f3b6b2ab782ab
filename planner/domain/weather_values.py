"""What a forecast and a verdict are: frozen values that survive JSON. Rules: weather_rules; judge: weather."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Level = Literal["go", "adapt", "move", "unknown"]
Setting = Literal["outdoors", "indoors", "online", "phone"]

REASON_CODES = (
    "thunder", "ice", "gust", "daylight", "wind_chill", "heat", "rain", "snow", "slippery", "fog", "rain_chance",
    "uv", "air", "grass_pollen", "birch_pollen", "missing", "stale",
)  # fmt: skip
"""Every reason a verdict can carry; among equals the earlier one is told first."""

UNITS = ("km/h", "mm/h", "mm/6h", "cm/h", "cm/6h", "%", "°C", "m", "min", "h", "index", "grains/m³", "")


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a forecast: instants at `at`, and what falls in [at, at + span_h).

    `span_h` is 1 or 6; 0 for the last entries of a forecast, which hold only instants. A source that labels an
    hour by its end shifts the label before it makes a Step.
    """

    at: datetime
    span_h: int
    temperature_c: float
    wind_ms: float
    """Mean wind at 10 m."""
    humidity_pct: float | None = None
    gust_ms: float | None = None
    precip_mm: float | None = None
    symbol: str | None = None
    fog_pct: float | None = None
    uv_clear_sky: float | None = None
    precip_prob_pct: float | None = None
    thunder_prob_pct: float | None = None
    temperature_min_c: float | None = None
    temperature_max_c: float | None = None
    """Lowest and highest of the span; only for six hours."""
    snow_cm: float | None = None
    """Of fresh snow in the span; where a source has it, nothing is estimated from water."""
    visibility_m: float | None = None
    uv_index: float | None = None
    """With the clouds that are expected."""
    air_index: float | None = None
    """European air quality index."""
    grass_pollen: float | None = None
    birch_pollen: float | None = None
    """Grains in a cubic metre."""

    @property
    def ends_at(self) -> datetime:
        return self.at + timedelta(hours=self.span_h)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`updated_at`: when the source made it; `fetched_at`: our clock at the last 200 or 304. Steps in order, UTC."""

    source: str
    updated_at: datetime | None
    fetched_at: datetime
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that fired. Value and limit are unrounded, in `unit`; None where a rule has no number.

    `daylight`: value is minutes after sunset (adapt) or in the dark after civil dusk (move); negative minutes lie
    before civil dawn. `at` is then that moment of the sun, else the hour of the worst value. `among`: trees or dunes,
    where the limit is a lower one for what one walks through.
    """

    code: str
    level: Level
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    at: datetime | None = None
    estimated: bool = False
    among: str = ""


@dataclass(frozen=True, slots=True)
class WeatherNumbers:
    """What the forecast says about the walk, whatever the verdict. Unrounded; None: not known."""

    temperature_min_c: float | None = None
    temperature_max_c: float | None = None
    wind_chill_min_c: float | None = None
    rain_mm: float | None = None
    """All that falls in the hours the walk touches, snow included (as water)."""
    rain_worst_hour_mm: float | None = None
    rain_span_h: int | None = None
    """6 when (part of) `rain_mm` is known only per six hours: "x mm in 6 hours"."""
    precip_prob_pct: float | None = None
    gust_kmh: float | None = None
    gust_estimated: bool = False
    wind_ms: float | None = None
    fog_pct: float | None = None
    uv_clear_sky: float | None = None
    symbol: str | None = None
    """Symbol at the start."""
    visibility_m: float | None = None
    uv_index: float | None = None
    air_index: float | None = None
    grass_pollen: float | None = None
    birch_pollen: float | None = None
    dawn_at: datetime | None = None
    sunrise_at: datetime | None = None
    sunset_at: datetime | None = None
    dusk_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Advice to the coach, who decides. Reasons: worst first. `provisional`: rests on blocks of six hours, or on
    hours that are days away.

    `place_estimated`: judged at the practice's home point, because the walk has no place of its own.
    """

    code: Level
    provisional: bool = False
    reasons: tuple[Reason, ...] = ()
    source: str | None = None
    numbers: WeatherNumbers = field(default_factory=WeatherNumbers)
    updated_at: datetime | None = None
    fetched_at: datetime | None = None
    place_estimated: bool = False

    @property
    def as_of(self) -> datetime | None:
        """How fresh the data is: when the source made it, else when it was fetched."""
        return self.updated_at or self.fetched_at

    @property
    def says_air(self) -> bool:
        """Whether data on air and pollen is part of it: that has a credit of its own."""
        numbers = self.numbers
        return any(one is not None for one in (numbers.air_index, numbers.grass_pollen, numbers.birch_pollen))
