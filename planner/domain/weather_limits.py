"""Limits of the verdict: data, not code. A practice changes them, never looser than the hard ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite


@dataclass(frozen=True, slots=True)
class Limits:
    """From which value on a rule says adapt or move (`snow_adapt_cm_h` 0: as soon as any falls)."""

    thunder_margin_min: float = 60
    thunder_prob_adapt_pct: float = 10
    thunder_prob_move_pct: float = 30
    gust_adapt_kmh: float = 50
    gust_move_kmh: float = 75
    gust_trees_adapt_kmh: float = 40
    """In forest, avenue or dunes."""
    gust_trees_move_kmh: float = 60
    """In forest or avenue."""
    wind_chill_adapt_c: float = 0
    wind_chill_move_c: float = -10
    heat_adapt_c: float = 27
    heat_move_c: float = 32
    rain_adapt_mm_h: float = 1
    rain_move_mm_h: float = 4
    rain_chance_adapt_pct: float = 50
    rain_chance_from_mm: float = 0.3
    slippery_adapt_c: float = 1
    slippery_from_mm: float = 0.1
    ice_move_c: float = 0
    snow_adapt_cm_h: float = 0
    snow_move_cm_h: float = 2
    fog_adapt_pct: float = 50
    visibility_adapt_m: float = 1000
    visibility_move_m: float = 200
    """Below these."""
    uv_adapt_index: float = 3
    uv_shade_index: float = 6
    uv_other_hour_index: float = 8
    air_adapt_index: float = 60
    air_airways_adapt_index: float = 40
    """For somebody with sensitive airways."""
    air_move_index: float = 80
    """Above these, on the European index."""
    grass_pollen_adapt_grains: float = 10
    grass_pollen_move_grains: float = 50
    birch_pollen_adapt_grains: float = 10
    """In a cubic metre; only for somebody with an allergy."""
    stale_after_h: float = 6


HARD_AT_MOST = {"gust_move_kmh": 75.0, "gust_trees_move_kmh": 75.0, "heat_move_c": 38.0, "stale_after_h": 6.0}
HARD_AT_LEAST = {"wind_chill_move_c": -15.0, "thunder_margin_min": 60.0}
"""The loosest a practice may go. Thunder, glaze and darkness are hard too, but have no number."""


@dataclass(frozen=True, slots=True)
class RefusedLimit:
    """A wish that was not followed, and what is used instead (None: there is no such limit)."""

    name: str
    wished: float
    used: float | None


def limits_from(wishes: Mapping[str, float]) -> tuple[Limits, tuple[RefusedLimit, ...]]:
    """The limits of a practice from what it changed, and every wish that was refused. Never raises."""
    defaults = Limits()
    known = {field.name for field in fields(Limits)}
    taken: dict[str, float] = {}
    refused: list[RefusedLimit] = []
    for name, wished in wishes.items():
        if name not in known:
            refused.append(RefusedLimit(name, wished, None))
            continue
        taken[name] = used = _hardened(name, wished) if isfinite(wished) else getattr(defaults, name)
        if used != wished:
            refused.append(RefusedLimit(name, wished, used))
    return Limits(**taken), tuple(refused)


def _hardened(name: str, wished: float) -> float:
    at_most = min(wished, HARD_AT_MOST.get(name, wished))
    return max(at_most, HARD_AT_LEAST.get(name, at_most))
