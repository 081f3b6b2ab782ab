"""Sunrise, sunset and civil twilight for a place and a local day. Computed here: no network, and dusk too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from astral import Observer
from astral import sun as astral_sun

from planner.domain.places import Place
from planner.domain.when import ZONE

CIVIL_DEPRESSION_DEG = 6.0
"""The sun this far below the horizon still gives light enough to walk by."""


@dataclass(frozen=True, slots=True)
class Daylight:
    """Moments in UTC; None where the sun does not get there that day (far north)."""

    dawn_at: datetime | None
    sunrise_at: datetime | None
    sunset_at: datetime | None
    dusk_at: datetime | None


@lru_cache(maxsize=1024)
def daylight(place: Place, on_local: date, zone: str = ZONE) -> Daylight:
    """The sun on a local day (clock of `zone`), within about two minutes. `astral` on the NOAA equations."""
    observer, local = Observer(place.latitude, place.longitude), ZoneInfo(zone)
    return Daylight(
        dawn_at=_moment(lambda: astral_sun.dawn(observer, on_local, CIVIL_DEPRESSION_DEG, local)),
        sunrise_at=_moment(lambda: astral_sun.sunrise(observer, on_local, local)),
        sunset_at=_moment(lambda: astral_sun.sunset(observer, on_local, local)),
        dusk_at=_moment(lambda: astral_sun.dusk(observer, on_local, CIVIL_DEPRESSION_DEG, local)),
    )


def is_dark(place: Place, at: datetime) -> bool:
    """Whether the sun is below civil twilight at a moment; for days without a dawn or dusk of their own."""
    height_deg = astral_sun.elevation(Observer(place.latitude, place.longitude), at)
    return height_deg < -CIVIL_DEPRESSION_DEG


def _moment(ask: Callable[[], datetime]) -> datetime | None:
    try:
        return ask().astimezone(UTC)
    except ValueError:  # astral's way to say: the sun never reaches that height on this day
        return None
