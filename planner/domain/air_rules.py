"""Air quality and pollen: rules in which it counts what the client asked us to take into account.

Sources of the limits: the European Environment Agency's bands (more than 60 is poor, more than 80 very poor), and for
pollen the counts from which complaints begin.
"""

from __future__ import annotations

from collections.abc import Callable

from planner.domain.weather_limits import Limits
from planner.domain.weather_rules import worst
from planner.domain.weather_values import Reason, Step
from planner.domain.weather_window import Window

AirRule = Callable[[Window, Limits, frozenset[str]], Reason | None]
AIRWAYS, ALLERGY = "lungs", "allergy"
"""The health flags that count here, of exercises.CAUTIONS."""


def air(found: Window, limits: Limits, flags: frozenset[str]) -> Reason | None:
    """For everybody; sooner for somebody with sensitive airways. The limits themselves are still fine."""
    adapt = limits.air_adapt_index
    if AIRWAYS in flags:
        adapt = min(adapt, limits.air_airways_adapt_index)
    return worst(
        _more_than(step.air_index, adapt, limits.air_move_index, step)
        for step in found.instants
        if step.air_index is not None
    )


def _more_than(value: float, adapt: float, move: float, step: Step) -> Reason | None:
    if value > move:
        return Reason("air", "move", value, move, "index", step.at)
    return Reason("air", "adapt", value, adapt, "index", step.at) if value > adapt else None


def grass_pollen(found: Window, limits: Limits, flags: frozenset[str]) -> Reason | None:
    """Only for somebody with an allergy; much of it asks for another place or hour."""
    if ALLERGY not in flags:
        return None
    graded = (limits.grass_pollen_adapt_grains, limits.grass_pollen_move_grains)
    return worst(_grains("grass_pollen", step.grass_pollen, graded, step) for step in found.instants)


def birch_pollen(found: Window, limits: Limits, flags: frozenset[str]) -> Reason | None:
    """Only for somebody with an allergy; never more than adapt."""
    if ALLERGY not in flags:
        return None
    graded = (limits.birch_pollen_adapt_grains, None)
    return worst(_grains("birch_pollen", step.birch_pollen, graded, step) for step in found.instants)


def _grains(code: str, value: float | None, limits: tuple[float, float | None], step: Step) -> Reason | None:
    adapt, move = limits
    if value is None or value < adapt:
        return None
    if move is not None and value >= move:
        return Reason(code, "move", value, move, "grains/m³", step.at)
    return Reason(code, "adapt", value, adapt, "grains/m³", step.at)


AIR_RULES: tuple[AirRule, ...] = (air, grass_pollen, birch_pollen)
