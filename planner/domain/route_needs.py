"""What a client needs of a route, from what they asked to be taken into account, and whether a route gives it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from planner.domain.clients import ACCESSIBILITY, ClientDetails, HealthDetails
from planner.domain.routes import RouteFacts
from planner.domain.timing import DEFAULT_PACE_KMH
from planner.domain.weather_values import Verdict

ROUTE_NEEDS = (*ACCESSIBILITY, "even")
"""What a route can be asked to have. `even`: no sand, no mud."""
FLAT_FOR = frozenset({"heart", "lungs", "pem", "pregnancy"})
EVEN_FOR = frozenset({"balance", "dizziness", "injury"})
BENCHES_FOR = frozenset({"heart", "lungs", "pem", "pregnancy", "dizziness"})
CALM_FOR = frozenset({"panic", "trauma", "dissociation"})
FLAT_CLIMB_M_PER_KM = 10.0
EVEN_SURFACES, UNEVEN_SURFACES = frozenset({"paved", "gravel"}), frozenset({"sand", "mud"})
ROUGH_RAIN_MM_H, ROUGH_GUST_KMH = 0.3, 40.0
"""From here on rain or wind counts for who would rather not have it."""
_POINT_FOR = {"benches": "bench", "toilet": "toilet"}
WETS, BLOWS = frozenset({"rain", "rain_chance", "snow"}), frozenset({"gust"})


@dataclass(frozen=True, slots=True)
class Walker:
    """What choosing a route may know of a client."""

    pace_kmh: float = DEFAULT_PACE_KMH
    recovery_phase: str | None = None
    health_flags: frozenset[str] = frozenset()
    accessibility: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    avoids: tuple[str, ...] = ()
    weather_wishes: tuple[str, ...] = ()


class Ground(Protocol):
    @property
    def facts(self) -> RouteFacts: ...
    @property
    def distance_m(self) -> int | None: ...
    @property
    def climb_m(self) -> int | None: ...


def walker_of(details: ClientDetails, health: HealthDetails | None) -> Walker:
    """Without health details nothing about health."""
    about_health = health or HealthDetails()
    return Walker(
        pace_kmh=details.pace_kmh,
        recovery_phase=about_health.recovery_phase,
        health_flags=frozenset(about_health.health_flags),
        accessibility=about_health.accessibility,
        likes=details.environment_likes,
        avoids=details.environment_avoid,
        weather_wishes=details.weather_wishes,
    )


def needs_of(walker: Walker) -> tuple[str, ...]:
    """Asked in so many words, or following from a flag or the phase; in a fixed order."""
    needed = set(walker.accessibility)
    if walker.health_flags & FLAT_FOR or walker.recovery_phase == "crisis":
        needed.add("flat")
    if walker.health_flags & EVEN_FOR:
        needed.add("even")
    if walker.health_flags & BENCHES_FOR:
        needed.add("benches")
    return tuple(code for code in ROUTE_NEEDS if code in needed)


def wants_calm(walker: Walker) -> bool:
    return walker.recovery_phase == "crisis" or bool(walker.health_flags & CALM_FOR)


def unmet(route: Ground, needed: Iterable[str], points: Collection[str] = ()) -> dict[str, bool]:
    """The needs a route does not give, each with whether that is known. What nobody said is not known: a route is not
    less for what was added to it. `points`: the kinds of places on it."""
    told = {code: _POINT_FOR.get(code) in points or _gives(route, code) for code in needed}
    return {code: gives is False for code, gives in told.items() if not gives}


def _gives(route: Ground, need: str) -> bool | None:
    facts = route.facts
    if need in facts.accessibility:
        return True
    if need == "flat" and route.climb_m is not None and route.distance_m:
        return route.climb_m * 1000 / route.distance_m <= FLAT_CLIMB_M_PER_KM
    if need == "even":
        if {"paved", "wheelchair"} & set(facts.accessibility) or facts.surface in EVEN_SURFACES:
            return True
        return False if facts.surface in UNEVEN_SURFACES else None
    if need == "paved" and facts.surface is not None:
        return facts.surface == "paved"
    return None


def rough(verdict: Verdict | None, wishes: Iterable[str] = ()) -> frozenset[str]:
    """Whether rain or wind is likely enough to look for shelter; sooner for who would rather not have it."""
    if verdict is None:
        return frozenset()
    codes, numbers, sooner = {reason.code for reason in verdict.reasons}, verdict.numbers, set(wishes)
    wet = bool(codes & WETS) or ("no_rain" in sooner and (numbers.rain_worst_hour_mm or 0) >= ROUGH_RAIN_MM_H)
    blows = bool(codes & BLOWS) or ("no_wind" in sooner and (numbers.gust_kmh or 0) >= ROUGH_GUST_KMH)
    return frozenset(name for name, likely in (("rain", wet), ("wind", blows)) if likely)
