"""The rules of the verdict, one function per factor. Each returns its worst finding, or None.

All compare unrounded values (UV excepted: people know it in whole numbers). `at` is the hour of the worst value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from planner.domain.weather_formulas import estimated_gust_kmh, felt_heat_c, kmh, uv_whole, wind_chill_c
from planner.domain.weather_limits import Limits
from planner.domain.weather_values import Level, Reason, Step, Verdict
from planner.domain.weather_window import Window

Rule = Callable[[Window, Limits, frozenset[str]], Reason | None]

BADNESS: dict[Level, int] = {"go": 0, "adapt": 1, "unknown": 2, "move": 3}
"""For ranking only: `unknown` is no point on the scale, but it outweighs what merely asks to adapt."""

UNDER_TREES = frozenset({"forest", "avenue"})
GUSTS_FELT_SOONER = UNDER_TREES | {"dunes"}
WET_BEFORE = timedelta(hours=6)
SNOW_CM_PER_MM = 0.7
"""As the source that has a depth of snow works it out from water."""
GLAZE_STAYS = timedelta(hours=1)
"""What froze onto the path is there for a while yet."""


def looks_around(limits: Limits) -> tuple[timedelta, ...]:
    """How far before or after the walk itself a rule looks."""
    return timedelta(minutes=limits.thunder_margin_min), GLAZE_STAYS


def worst(found: Iterable[Reason | None]) -> Reason | None:
    """The worst of several findings of one rule: highest level, then furthest past its limit, then earliest."""
    reasons = [reason for reason in found if reason]
    if not reasons:
        return None
    return max(reasons, key=lambda reason: (BADNESS[reason.level], _margin(reason)))


def _margin(reason: Reason) -> float:
    if reason.value is None or reason.limit is None:
        return -1.0
    return abs(reason.value - reason.limit)


def _above(
    code: str,
    value: float,
    limits: tuple[float, float | None],
    unit: str,
    step: Step,
    *,
    estimated: bool = False,
) -> Reason | None:
    """Adapt from the first limit on, move from the second on (None: this rule never says move)."""
    adapt, move = limits
    if move is not None and value >= move:
        return Reason(code, "move", value, move, unit, step.at, estimated)
    if value >= adapt:
        return Reason(code, "adapt", value, adapt, unit, step.at, estimated)
    return None


def _below(code: str, value: float, limits: tuple[float, float], unit: str, step: Step) -> Reason | None:
    adapt, move = limits
    if value <= move:
        return Reason(code, "move", value, move, unit, step.at)
    if value <= adapt:
        return Reason(code, "adapt", value, adapt, unit, step.at)
    return None


def _less_than(code: str, value: float, limits: tuple[float, float], unit: str, step: Step) -> Reason | None:
    """The limits themselves are still fine."""
    adapt, move = limits
    if value < move:
        return Reason(code, "move", value, move, unit, step.at)
    return Reason(code, "adapt", value, adapt, unit, step.at) if value < adapt else None


def has_thunder(step: Step) -> bool:
    """By the symbol; holds for symbols we do not know as well."""
    return "thunder" in (step.symbol or "")


def is_snow(step: Step) -> bool:
    """Snow, not sleet: sleet counts as rain that makes the ground slippery. A depth says more than the symbol."""
    return "snow" in (step.symbol or "") if step.snow_cm is None else step.snow_cm > 0


def rain_mm(step: Step) -> float | None:
    """What falls as water, sleet included: beside a known depth of snow the rest, else all or nothing."""
    if step.precip_mm is None or step.snow_cm is None:
        return 0.0 if is_snow(step) else step.precip_mm
    return max(step.precip_mm - step.snow_cm / SNOW_CM_PER_MM, 0.0)


def is_frozen(step: Step) -> bool:
    return is_snow(step) or "sleet" in (step.symbol or "")


def thunder(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """In the walk or within the margin around it; hard. A forecast is coarser than a stopwatch."""
    margin = timedelta(minutes=limits.thunder_margin_min)
    graded = (limits.thunder_prob_adapt_pct, limits.thunder_prob_move_pct)
    reasons: list[Reason | None] = []
    for step in found.overlapping(found.start_at - margin, found.end_at + margin):
        if has_thunder(step):
            reasons.append(Reason("thunder", "move", at=step.at))
        elif step.thunder_prob_pct is not None:
            reasons.append(_above("thunder", step.thunder_prob_pct, graded, "%", step))
    return worst(reasons)


def gusts_kmh(found: Window) -> list[tuple[float, bool, Step]]:
    """Gusts of the walk, each with whether it is estimated. Mean wind speaks only where a gust is missing."""
    known = [(kmh(step.gust_ms), False, step) for step in found.periods if step.gust_ms is not None]
    if found.periods and len(known) == len(found.periods):
        return known
    guessed = [
        (estimated_gust_kmh(step.wind_ms), True, step) for step in found.instants if step.gust_ms is None
    ]
    return known + guessed


def gust(found: Window, limits: Limits, surroundings: frozenset[str]) -> Reason | None:
    """Sooner among trees (branches) and in dunes (sand)."""
    sooner, trees = surroundings & GUSTS_FELT_SOONER, surroundings & UNDER_TREES
    graded = (
        min(limits.gust_adapt_kmh, limits.gust_trees_adapt_kmh) if sooner else limits.gust_adapt_kmh,
        min(limits.gust_move_kmh, limits.gust_trees_move_kmh) if trees else limits.gust_move_kmh,
    )
    reason = worst(
        _above("gust", value, graded, "km/h", step, estimated=guess)
        for value, guess, step in gusts_kmh(found)
    )
    if reason is None or reason.limit in (limits.gust_adapt_kmh, limits.gust_move_kmh):
        return reason
    return replace(reason, among="trees" if trees else "dunes")


def wind_chill(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """Up to 10 degrees. In a calm the formula says nothing, and the air's own temperature is what is felt."""
    graded = (limits.wind_chill_adapt_c, limits.wind_chill_move_c)
    reasons = []
    for step in found.instants:
        felt = wind_chill_c(step.temperature_c, step.wind_ms)
        if felt is None and step.temperature_c <= 10:
            felt = step.temperature_c
        if felt is not None:
            reasons.append(_below("wind_chill", felt, graded, "°C", step))
    return worst(reasons)


def heat(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """The warmest of temperature and heat index; in a block of six hours also its highest temperature."""
    graded = (limits.heat_adapt_c, limits.heat_move_c)
    reasons = [
        _above("heat", felt_heat_c(step.temperature_c, step.humidity_pct), graded, "°C", step)
        for step in found.instants
    ]
    for block in found.periods:
        if block.temperature_max_c is not None:
            felt = felt_heat_c(block.temperature_max_c, block.humidity_pct)
            reasons.append(_above("heat", felt, graded, "°C", block))
    return worst(reasons)


def rain(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """Rain and sleet in any hour. What falls as snow is the snow rule's."""
    graded = (limits.rain_adapt_mm_h, limits.rain_move_mm_h)
    return worst(
        _fallen("rain", amount, graded, "mm", step)
        for step in found.periods
        if (amount := rain_mm(step)) is not None
    )


def _fallen(
    code: str, amount: float, limits: tuple[float, float], unit: str, step: Step, *, estimated: bool = False
) -> Reason | None:
    """In a block of six hours no hour can exceed the whole (adapt), and the mean is a sixth of it (move)."""
    adapt, move = limits
    if step.span_h > 1:
        move, unit = move * step.span_h, f"{unit}/{step.span_h}h"
    else:
        unit = f"{unit}/h"
    return _above(code, amount, (adapt, move), unit, step, estimated=estimated)


def snow(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """Without a depth, estimated from its water: one millimetre lies as about one centimetre."""
    graded = (limits.snow_adapt_cm_h, limits.snow_move_cm_h)
    reasons = []
    for step in found.periods:
        depth_cm = step.precip_mm if step.snow_cm is None else step.snow_cm
        if is_snow(step) and depth_cm:
            reasons.append(_fallen("snow", depth_cm, graded, "cm", step, estimated=step.snow_cm is None))
    return worst(reasons)


def rain_chance(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """Only with an amount that is worth a coat."""
    return worst(
        _above("rain_chance", step.precip_prob_pct, (limits.rain_chance_adapt_pct, None), "%", step)
        for step in found.periods
        if step.precip_prob_pct is not None and (step.precip_mm or 0) >= limits.rain_chance_from_mm
    )


def slippery(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """Wet about freezing, now or soon after rain; or snow or sleet. Code `ice`: rain while it freezes, or glaze."""
    before = found.overlapping(found.start_at - GLAZE_STAYS, found.end_at)
    glaze = next((step for step in before if "freezing" in (step.symbol or "")), None)
    if glaze:
        return Reason("ice", "move", at=glaze.at)
    return worst(_underfoot(found, period, limits) for period in found.periods)


def _underfoot(found: Window, period: Step, limits: Limits) -> Reason | None:
    ends = [step.temperature_c for step in found.instants_of(period)]
    coldest = min(ends)
    freezing = min(ends) if period.span_h == 1 else max(ends)  # six hours: only when it freezes all the time
    fell = (period.precip_mm or 0) >= limits.slippery_from_mm
    if fell and _is_liquid(period, limits) and freezing <= limits.ice_move_c:
        return Reason("ice", "move", freezing, limits.ice_move_c, "°C", period.at)
    wet = fell or any(
        (step.precip_mm or 0) >= limits.slippery_from_mm
        for step in found.overlapping(period.at - WET_BEFORE, period.ends_at)
    )
    if wet and coldest <= limits.slippery_adapt_c:
        return Reason("slippery", "adapt", coldest, limits.slippery_adapt_c, "°C", period.at)
    return Reason("slippery", "adapt", at=period.at) if is_frozen(period) else None


def _is_liquid(step: Step, limits: Limits) -> bool:
    """By the symbol; where the depth of snow is known, by what is left beside it."""
    if step.snow_cm is None:
        return "rain" in (step.symbol or "")
    return (rain_mm(step) or 0) >= limits.slippery_from_mm


def fog(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """By how far one sees; else by the share of the area with less than 1 km of sight, or by the symbol."""
    sight = worst(
        _less_than("fog", step.visibility_m, (limits.visibility_adapt_m, limits.visibility_move_m), "m", step)
        for step in found.instants
        if step.visibility_m is not None
    )
    share = worst(
        _above("fog", step.fog_pct, (limits.fog_adapt_pct, None), "%", step)
        for step in found.instants
        if step.fog_pct is not None
    )
    symbols = (Reason("fog", "adapt", at=step.at) for step in found.periods if "fog" in (step.symbol or ""))
    return sight or share or next(symbols, None)


def uv(found: Window, limits: Limits, _surroundings: frozenset[str]) -> Reason | None:
    """Never more than adapt: hat, shade, another hour. The limit tells which. Without the expected clouds, the value
    for a clear sky."""
    steps_up = (limits.uv_adapt_index, limits.uv_shade_index, limits.uv_other_hour_index)
    reasons = []
    for step in found.instants:
        index = step.uv_clear_sky if step.uv_index is None else step.uv_index
        if index is not None:
            value = uv_whole(index)
            reasons += [Reason("uv", "adapt", value, up, "index", step.at) for up in steps_up if value >= up]
    return max(reasons, key=lambda reason: (reason.value or 0, reason.limit or 0), default=None)


RULES: tuple[Rule, ...] = (
    thunder, gust, wind_chill, heat, rain, snow, rain_chance, slippery, fog, uv,
)  # fmt: skip
"""Daylight needs no forecast and stands in `weather`; what depends on the client stands in `air_rules`."""


DARK, DARK_EARLY = "dark", "dark_early"


def darkness(verdict: Verdict | None) -> str | None:
    """Set when the advice is to move only because it is dark: after the evening, or before the morning."""
    found = [one for one in verdict.reasons if one.level == "move"] if verdict else []
    if not found or any(one.code != "daylight" for one in found):
        return None
    return DARK_EARLY if (found[0].value or 0) < 0 else DARK
