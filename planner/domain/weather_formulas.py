"""Formulas of the weather, each with its source and the range in which it may be used."""

from __future__ import annotations

from math import floor, sqrt

KMH_PER_MS = 3.6
GUST_FACTOR = 1.7
"""Gust over mean wind, inland, in strong wind: a screen, not a measurement (recorded 1.6 to 2.4)."""

_CHILL_T_C = (-46.0, 10.0)
_CHILL_WIND_MS = (1.3, 49.0)
_SWITCH_F = 80.0


def kmh(wind_ms: float) -> float:
    """Metres per second to kilometres per hour."""
    return wind_ms * KMH_PER_MS


def wind_chill_c(temperature_c: float, wind_ms: float) -> float | None:
    """Felt temperature by JAG/TI, as KNMI uses since winter 2009/10 (walking, 4.8 km/h).

    None outside -46..10 degrees or 1.3..49 m/s: there it says nothing, not even the temperature.
    """
    if not _CHILL_T_C[0] <= temperature_c <= _CHILL_T_C[1]:
        return None
    if not _CHILL_WIND_MS[0] <= wind_ms <= _CHILL_WIND_MS[1]:
        return None
    power: float = kmh(wind_ms) ** 0.16
    return 13.12 + 0.6215 * temperature_c - 11.37 * power + 0.3965 * temperature_c * power


def heat_index_c(temperature_c: float, humidity_pct: float) -> float:
    """Heat index of the US National Weather Service (Rothfusz), with its two corrections, in Celsius."""
    t_f = temperature_c * 9 / 5 + 32
    simple = (0.5 * (t_f + 61 + (t_f - 68) * 1.2 + 0.094 * humidity_pct) + t_f) / 2
    index_f = simple if simple < _SWITCH_F else _rothfusz_f(t_f, humidity_pct)
    return (index_f - 32) * 5 / 9


def _rothfusz_f(t: float, r: float) -> float:
    index = (
        -42.379 + 2.04901523 * t + 10.14333127 * r - 0.22475541 * t * r - 0.00683783 * t * t
        - 0.05481717 * r * r + 0.00122874 * t * t * r + 0.00085282 * t * r * r - 0.00000199 * t * t * r * r
    )  # fmt: skip
    if r < 13 and 80 <= t <= 112:
        index -= (13 - r) / 4 * sqrt((17 - abs(t - 95)) / 17)
    elif r > 85 and 80 <= t <= 87:
        index += (r - 85) / 10 * (87 - t) / 5
    return index


def felt_heat_c(temperature_c: float, humidity_pct: float | None) -> float:
    """The warmest of temperature and heat index; the index counts from 27 degrees and 40 % humidity."""
    if humidity_pct is None or temperature_c < 27 or humidity_pct < 40:
        return temperature_c
    return max(temperature_c, heat_index_c(temperature_c, humidity_pct))


def estimated_gust_kmh(wind_ms: float) -> float:
    """What a gust may be where the source gives none; always to be shown as an estimate."""
    return kmh(wind_ms * GUST_FACTOR)


def uv_whole(index: float) -> int:
    """The UV index as people know it: whole numbers, halves up (2.6 counts as 3)."""
    return floor(index + 0.5)
