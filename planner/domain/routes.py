"""What is kept of a route and of the places on it, as plain values; and what a coach may look for.

Texts are for people and are sealed; facts are codes that rules and filters read. Every field has a default, so that
an older value still opens. Unknown is None or empty, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.domain.clients import ENVIRONMENT_TAGS
from planner.domain.geo import Segments, length_m, trim_ends
from planner.domain.timing import DEFAULT_PACE_KMH, walking_minutes

SURFACES = ("paved", "gravel", "sand", "mud", "mixed")
ROUTE_TAGS = (*ENVIRONMENT_TAGS, "avenue")
"""What clients can like, and a lane under trees, where branches fall in gusts."""
QUIETNESS = ("quiet", "some", "busy")
PRIVACY_LEVELS = ("high", "medium", "low")
"""High: hardly anybody within earshot."""
SHELTER = ("good", "some", "none")
PARKING = ("free", "paid", "none")
BUS = ("at_start", "walk", "none")
"""A stop at the meeting point, some minutes on foot, or none within reach."""
OPENNESS = ("open", "half", "trees")
"""Open land, some of both, or under trees most of the way."""
DOGS = ("none", "lead", "loose")
CYCLISTS = ("none", "some", "many")
RECEPTION = ("good", "patchy", "none")
"""Of a telephone."""
OSM = "osm"
"""The paths of OpenStreetMap, as every engine of a practice knows them: a code of `line_from`."""
OPEN_TAGS = frozenset({"heath", "dunes", "beach", "meadow"})
GREENNESS = ("mostly", "half", "little")
NOISE = ("none", "some", "much")
"""Of traffic."""
SOUNDS = ("water", "birds")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_PARTS = ("morning", "midday", "afternoon", "evening")
DAY_PART_UNTIL = (11, 14, 18, 24)
"""The hour on the clock before which each part of the day ends."""
_GREEN_SHARES = {"mostly": 1.0, "half": 0.5, "little": 0.2}
LINE_CREDITS = {"osm": ("OpenStreetMap contributors", "https://www.openstreetmap.org/copyright")}
"""Whose paths a line can be made of: who is named for it, and the licence."""
TICK_TAGS = frozenset({"forest", "heath", "dunes", "meadow", "park"})
TICK_MONTHS = range(3, 12)
"""March to November: ticks are about above some 5 to 10 °C."""
TRIM_M = 200.0
"""So much the planner offers to take off both ends of a route that begins near a home."""
TRIM_LEAVES_M = 200.0
"""And so much must be left."""


@dataclass(frozen=True, slots=True)
class RouteTexts:
    """`meeting_point` is a public place in words, good enough for 112. `notes` are for the coach only. `nearest_road`:
    what an ambulance drives on, to say to 112."""

    name: str
    meeting_point: str = ""
    notes: str = ""
    nearest_road: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The part of a route's facts that the weather looks at."""

    environment_tags: tuple[str, ...] = ()
    openness: str | None = None

    @property
    def tags(self) -> frozenset[str]:
        """Under trees branches can fall, whatever else is there. Open land takes nothing away: a route can pass
        both."""
        return frozenset(self.environment_tags) | ({"forest"} if self.openness == "trees" else frozenset())


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """`quiet_days` and `quiet_parts`: when it is quiet there; both empty: not known. `trusted`: a familiar route,
    walked again on purpose, so that nobody is warned about it."""

    surface: str | None = None
    environment_tags: tuple[str, ...] = ()
    quietness: str | None = None
    privacy_level: str | None = None
    quiet_days: tuple[str, ...] = ()
    quiet_parts: tuple[str, ...] = ()
    greenness: str | None = None
    noise: str | None = None
    sounds: tuple[str, ...] = ()
    shelter: str | None = None
    parking: str | None = None
    accessibility: tuple[str, ...] = ()
    is_loop: bool = False
    trusted: bool = False
    openness: str | None = None
    bus: str | None = None
    dogs: str | None = None
    cyclists: str | None = None
    reception: str | None = None
    minutes_before: int | None = None
    minutes_after: int | None = None
    """Travel and breathing time around a walk here; None: the practice's own."""
    line_from: str | None = None
    """Whose paths the line was made of, for the credit; None for a line of one's own."""

    @property
    def green_share(self) -> float:
        """How much of the route is green, 0 to 1; a route of which nothing was said counts as green."""
        return _GREEN_SHARES.get(self.greenness or "", 1.0)

    @property
    def surroundings(self) -> frozenset[str]:
        """What the weather looks at."""
        return Surroundings(self.environment_tags, self.openness).tags

    @property
    def lies_open(self) -> bool:
        """Open to the wind: as the coach said, else as the surroundings mostly are."""
        if self.openness is not None:
            return self.openness == "open"
        return not OPEN_TAGS.isdisjoint(self.environment_tags)

    def quiet_when(self, starts_local: datetime) -> bool | None:
        """Whether it is quiet at that wall time, as far as the coach knows; None when nothing was said of it."""
        if not self.quiet_days and not self.quiet_parts:
            return {"quiet": True, "busy": False}.get(self.quietness or "")
        on_day = not self.quiet_days or DAYS[starts_local.weekday()] in self.quiet_days
        return on_day and (not self.quiet_parts or day_part(starts_local.hour) in self.quiet_parts)

    def has_ticks(self, month: int) -> bool:
        """Whether to look for ticks after a walk here in that month."""
        return month in TICK_MONTHS and not TICK_TAGS.isdisjoint(self.environment_tags)


@dataclass(frozen=True, slots=True)
class WaypointTexts:
    """`image`: what the place can stand for on a walk, in the coach's words. `nearest_road`: where an ambulance could
    come, to say to 112."""

    name: str = ""
    image: str = ""
    nearest_road: str = ""


def day_part(hour: int) -> str:
    return next(part for part, until in zip(DAY_PARTS, DAY_PART_UNTIL, strict=True) if hour < until)


def minutes_to_walk(distance_m: float | None, pace_kmh: float = DEFAULT_PACE_KMH) -> int | None:
    """Walking time in whole minutes, at least one; None for a route without a length."""
    return None if distance_m is None else max(1, round(walking_minutes(distance_m, pace_kmh)))


def can_trim(segments: Segments, cut_m: float = TRIM_M) -> bool:
    """Whether enough is left of the route without its ends."""
    return (
        any(segments) and length_m(segments) >= 2 * cut_m + TRIM_LEAVES_M and any(trim_ends(segments, cut_m))
    )


def moved(items: Sequence[int], which: int, step: int) -> tuple[int, ...]:
    """The list with one item a place earlier (-1) or later (1); at the end it stays where it is."""
    order = list(items)
    at = order.index(which)
    to = min(max(at + step, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    return tuple(order)
