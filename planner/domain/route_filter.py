"""What a coach may look for in the library of routes, and which routes answer to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from planner.domain.geo import Located, Point, distance_m
from planner.domain.routes import RouteFacts

WISHES = (
    "quiet", "benches", "toilet", "shelter", "wheelchair", "flat", "paved", "no_stairs", "no_stiles", "bus",
    "reception",
)  # fmt: skip
"""What can matter to a coach who looks for a route, in the order of the form."""
_POINT_FOR = {"benches": "bench", "toilet": "toilet", "shelter": "shelter", "bus": "transport"}


class Sought(Protocol):
    """A route as a filter sees it; `minutes` is its walking time."""

    @property
    def name(self) -> str: ...
    @property
    def meeting_point(self) -> str: ...
    @property
    def facts(self) -> RouteFacts: ...
    @property
    def minutes(self) -> int | None: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class RouteFilter:
    """What the coach looks for; None or empty does not count. `minutes`: walked within so many.
    `near`, `within_m`: where one meets lies so close to this place, as the crow flies."""

    search: str = ""
    environment: str | None = None
    minutes: int | None = None
    openness: str | None = None
    wishes: tuple[str, ...] = ()
    near: Located | None = None
    within_m: float | None = None

    @property
    def asks(self) -> bool:
        return bool(self.search or self.chosen)

    @property
    def chosen(self) -> bool:
        """Whether anything is asked besides words."""
        return bool(self.environment or self.minutes or self.openness or self.wishes or self.near)

    def takes(self, route: Sought, points: Collection[str] = ()) -> bool:
        """Whether the route answers to everything asked. What is not known of a route does not answer to a wish.
        `points`: the kinds of places on it."""
        words, facts = f"{route.name} {route.meeting_point}".casefold(), route.facts
        return (
            all(word in words for word in self.search.casefold().split())
            and (self.environment is None or self.environment in facts.environment_tags)
            and (self.minutes is None or (route.minutes is not None and route.minutes <= self.minutes))
            and (self.openness is None or _lies(facts) == self.openness)
            and (self.near is None or self.within_m is None or _begins_by(route, self.near, self.within_m))
            and all(_POINT_FOR.get(wish) in points or _gives(facts, wish) for wish in self.wishes)
        )


def _begins_by(route: Sought, place: Located, within_m: float) -> bool:
    if route.latitude is None or route.longitude is None:
        return False
    return distance_m(Point(route.latitude, route.longitude), place) <= within_m


def _lies(facts: RouteFacts) -> str | None:
    """In the open or among trees: as the coach said, else as the surroundings mostly are."""
    if facts.openness is not None:
        return facts.openness
    if "forest" in facts.environment_tags:
        return None if facts.lies_open else "trees"
    return "open" if facts.lies_open else None


def _gives(facts: RouteFacts, wish: str) -> bool:
    if wish == "quiet":
        return facts.quietness == "quiet"
    if wish == "shelter":
        return facts.shelter in {"good", "some"}
    if wish == "bus":
        return facts.bus in {"at_start", "walk"}
    if wish == "reception":
        return facts.reception == "good"
    return wish in facts.accessibility
