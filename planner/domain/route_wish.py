"""What choosing a route looks at, and what is told of one: plain values, codes with numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from planner.domain.geo import Point
from planner.domain.practices import BUFFER_MINUTES
from planner.domain.route_needs import Walker
from planner.domain.routes import RouteFacts
from planner.domain.timing import limited

FOR = (
    "fits_time", "suits", "liked", "never_walked", "weeks_ago", "trusted", "quiet_then", "sheltered", "near_others",
)  # fmt: skip
AGAINST = (
    "far_away", "weather", "dark", "too_long", "too_short", "done_early", "length_unknown", "suits_not", "avoided",
    "same_route", "green_short", "exposed", "busy_then", "far_from_others", "suits_unknown", "lately",
)  # fmt: skip
ROUTE_WHY = (*FOR, *AGAINST)
SAID_BY_CHECKS = frozenset({"weather", "dark", "too_long", "same_route", "green_short"})
"""What the checks of a plan warn of as well."""


class Path(Protocol):
    """A route as the comparison sees it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...
    @property
    def distance_m(self) -> int | None: ...
    @property
    def climb_m(self) -> int | None: ...
    @property
    def facts(self) -> RouteFacts: ...
    @property
    def archived(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather at a route's place. `red`: advice to move; `dark`: only because it is dark then. `rough`: rain,
    wind, or both are likely."""

    red: bool = False
    dark: bool = False
    rough: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A walk of the coach with another client on the same day: where it begins, and the minutes between the two."""

    place: Point
    gap_min: int


@dataclass(frozen=True, slots=True)
class RouteWish:
    """The walk a route is sought for. `still_min`: of the minutes, spent standing or sitting. `quiet`: route id to
    whether it is quiet there then; absent when nothing was said. `days_ago`: route id to the days since this client
    walked it last. `last_route_id`: of the client's previous walk outdoors. `points`: route id to the kinds of places
    on it. `known_places`: home, and where anybody of the practice was met; nothing when that is not known."""

    minutes: int
    walker: Walker = field(default_factory=Walker)
    still_min: int = 0
    quiet: Mapping[int, bool] = field(default_factory=dict)
    days_ago: Mapping[int, int] = field(default_factory=dict)
    last_route_id: int | None = None
    sky: Mapping[int, Sky] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()
    points: Mapping[int, frozenset[str]] = field(default_factory=dict)
    known_places: tuple[Point, ...] = ()
    buffer_minutes: int = BUFFER_MINUTES

    @property
    def room_min(self) -> int:
        """What is left for walking; in the crisis phase no more than is often enough."""
        minutes = limited(self.minutes, self.walker.recovery_phase)
        return max(0, minutes - self.buffer_minutes - self.still_min)

    @property
    def in_crisis(self) -> bool:
        return self.walker.recovery_phase == "crisis"


@dataclass(frozen=True, slots=True)
class RouteWhy:
    """`value` and `limit` are unrounded, in `unit`; None where there is no number. `codes`: needs or surroundings."""

    code: str
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    codes: tuple[str, ...] = ()

    @property
    def against(self) -> bool:
        return self.code in AGAINST
