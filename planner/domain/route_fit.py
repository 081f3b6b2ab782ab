"""Which routes fit a walk, the best first, with what speaks for and against each as codes with numbers.

No points are added up. Routes are compared on one thing after another (`Rank`, in its order): only what is equal so
far is decided by the next. So every place in the list can be told in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

from planner.domain.geo import Point, distance_m
from planner.domain.route_needs import needs_of, unmet, wants_calm
from planner.domain.route_wish import SAID_BY_CHECKS, Path, RouteWhy, RouteWish, Sky
from planner.domain.routes import RouteFacts
from planner.domain.timing import GREEN_MINUTES, walking_minutes

LATELY_WEEKS = 3
NEAR_KM = 3.0
FAR_AWAY_KM = 50.0
"""Who begins farther than so from home, and from where anybody was met before, is on a journey."""
TRAVEL_KMH = 40.0
"""Between two meeting places, through town and country."""
DETOUR = 1.3
"""How much longer a road is than the bird's flight."""
_SHELTER = {"good": 0, "some": 1, "none": 3}
_UNKNOWN_SHELTER = 2
BAND_MIN = 10
SMALL_SHARE = 1 / 3
"""A route that fills less than so of the time for walking is not the walk that was asked."""
_CALM = Sky()


class Rank(NamedTuple):
    """Lower is better; compared in this order."""

    red: bool
    over_min: int
    far_away: bool
    too_short: bool
    unmet: int
    avoided: int
    unsure: int
    done_early: int
    same_again: bool
    green_short: bool
    unsure_length: bool
    exposed: int
    uncalm: int
    too_far: bool
    lately: bool
    not_liked: int
    walked_sooner: int
    busy: int
    travel_band: int
    other_length: int
    name: str
    id: int


@dataclass(frozen=True, slots=True)
class RouteFit:
    """A route with its place among the others, and what speaks for and against it."""

    route_id: int
    rank: Rank
    why: tuple[RouteWhy, ...]

    @property
    def pros(self) -> tuple[RouteWhy, ...]:
        return tuple(one for one in self.why if not one.against)

    @property
    def cons(self) -> tuple[RouteWhy, ...]:
        return tuple(one for one in self.why if one.against)

    @property
    def fits(self) -> bool:
        """Nothing stands in its way that the walk itself decides: the length, the place, or the weather."""
        return not self.rank.red and not self.rank.over_min and self.may_be_proposed

    @property
    def may_be_proposed(self) -> bool:
        """It is here, and it is a walk of about this length; any other stays in the list to choose from."""
        return not self.rank.far_away and not self.rank.too_short

    @property
    def is_warned_of(self) -> bool:
        """Whether the checks of a plan would say something about it, or it is done long before the walk is."""
        return bool(self.rank.done_early or SAID_BY_CHECKS & {one.code for one in self.cons})


TOO_LONG, FAR_AWAY, TOO_SHORT = HINDRANCES = ("routes_long", "routes_far", "routes_short")


@dataclass(frozen=True, slots=True)
class RouteHindrance:
    """No route can be proposed. `code`: all too long, far away, or too short. `shortest_min`, `longest_min`: walking
    times; `room_min`: what there is; `nearest_km`: to the nearest, of routes that are all far away."""

    wanted_min: int
    room_min: int
    shortest_min: int = 0
    code: str = TOO_LONG
    longest_min: int = 0
    nearest_km: float = 0.0

    @property
    def over_min(self) -> int:
        return max(0, self.shortest_min - self.room_min)


def fitting_routes(routes: Iterable[Path], wish: RouteWish) -> tuple[RouteFit, ...]:
    """Every route that was not put away, best first; the order they come in does not matter."""
    fits = [_fit(route, wish) for route in routes if not route.archived]
    return tuple(sorted(fits, key=lambda fit: fit.rank))


def proposed(fits: Sequence[RouteFit]) -> RouteFit | None:
    """The route to begin with: the best that is known to suit the client and that the plan would not be warned about;
    without one, the best that suits and fits in the minutes, or suits and is too long by the least. One of which a need
    is not known only where none is known to give it; one that does not suit or is avoided only where there is no other,
    and it fits in the minutes. Never one far away, or one that is over at once. Weather that is bad everywhere is no
    reason for no route."""
    here = [fit for fit in fits if fit.may_be_proposed]
    kind = [fit for fit in here if not (fit.rank.unmet or fit.rank.avoided)]
    in_time = [fit for fit in kind or here if not fit.rank.over_min]
    in_time = [fit for fit in in_time if not fit.rank.unsure] or in_time
    clean = [fit for fit in in_time if not fit.is_warned_of]
    return next(iter(clean or in_time or kind), None)


def hindrance(routes: Iterable[Path], wish: RouteWish) -> RouteHindrance | None:
    """Set when there are routes, and all of them are far away, over at once, or take longer than there is room for; of
    those that suit, where any does."""
    fits = fitting_routes(routes, wish)
    near = [fit for fit in fits if not fit.rank.far_away]
    here = [fit for fit in near if not fit.rank.too_short]
    suiting = [fit for fit in here if not (fit.rank.unmet or fit.rank.avoided)]
    told = {fit.route_id for fit in suiting or here or near or fits}
    listed = [route for route in routes if route.id in told and not route.archived]
    lengths = [_walking_min(route, wish) for route in listed]
    known = [ceil(length) for length in lengths if length is not None]
    found = RouteHindrance(wish.minutes, wish.room_min)
    if not listed:
        return None
    if not near:
        away = (away_km(route, wish.known_places) for route in listed)
        return replace(found, code=FAR_AWAY, nearest_km=min(km for km in away if km is not None))
    if not here:
        return replace(found, code=TOO_SHORT, longest_min=max(known))
    if len(known) < len(lengths) or min(known) <= wish.room_min:
        return None
    return replace(found, shortest_min=min(known))


def away_km(route: Path, places: Iterable[Point]) -> float | None:
    """Kilometres to the nearest of these; None where the place of the route is not known, or none is given."""
    if route.latitude is None or route.longitude is None:
        return None
    here = Point(route.latitude, route.longitude)
    return min((distance_m(here, place) / 1000 for place in places), default=None)


def is_far_away(route: Path, places: Iterable[Point]) -> bool:
    """A journey from all of them; not one whose place is not known."""
    return (away_km(route, places) or 0.0) > FAR_AWAY_KM


def _is_too_short(walking_min: float | None, wish: RouteWish) -> bool:
    return walking_min is not None and walking_min < wish.room_min * SMALL_SHARE


def _done_early(walking_min: float | None, wish: RouteWish) -> int:
    """How many times ten minutes of the time for walking are left when the route is done; nothing for the first."""
    spare = 0.0 if walking_min is None else wish.room_min - walking_min
    return int(spare // BAND_MIN) if spare > BAND_MIN else 0


def _walking_min(route: Path, wish: RouteWish) -> float | None:
    if route.distance_m is None:
        return None
    return round(walking_minutes(route.distance_m, wish.walker.pace_kmh), 3)


def _over_min(walking_min: float | None, wish: RouteWish) -> int:
    """Whole minutes too long, as the clock counts them."""
    return max(0, ceil((walking_min or 0) - wish.room_min))


@dataclass(frozen=True, slots=True)
class _Found:
    """What was looked up of one route, before it is ranked or told."""

    walking_min: float | None
    met: tuple[str, ...]
    unmet: tuple[str, ...]
    unsure: tuple[str, ...]
    liked: tuple[str, ...]
    avoided: tuple[str, ...]
    quiet: bool | None
    weeks_ago: int | None
    green_min: int | None
    far: tuple[float, bool] | None


def _fit(route: Path, wish: RouteWish) -> RouteFit:
    found = _look_up(route, wish)
    return RouteFit(route.id, _rank(route, wish, found), tuple(_why(route, wish, found)))


def _look_up(route: Path, wish: RouteWish) -> _Found:
    facts, walker = route.facts, wish.walker
    needed = needs_of(walker)
    against = unmet(route, needed, wish.points.get(route.id, frozenset()))
    tags = facts.environment_tags
    days = wish.days_ago.get(route.id)
    return _Found(
        walking_min=_walking_min(route, wish),
        met=tuple(code for code in needed if code not in against),
        unmet=tuple(code for code, known in against.items() if known),
        unsure=tuple(code for code, known in against.items() if not known),
        liked=tuple(tag for tag in tags if tag in walker.likes and tag not in walker.avoids),
        avoided=tuple(tag for tag in tags if tag in walker.avoids),
        quiet=wish.quiet.get(route.id),
        weeks_ago=None if days is None else days // 7,
        green_min=_green_min(route, wish),
        far=_far(route, wish),
    )


def _green_min(route: Path, wish: RouteWish) -> int | None:
    """Minutes of green, where twenty would be possible and are not there."""
    available = wish.minutes - wish.buffer_minutes
    green = int(available * route.facts.green_share + 1e-9)
    return green if green < GREEN_MINUTES <= available else None


def _far(route: Path, wish: RouteWish) -> tuple[float, bool] | None:
    """Kilometres to the farthest of the day's other meeting places, and whether one cannot be reached in time."""
    if route.latitude is None or route.longitude is None or not wish.neighbours:
        return None
    here = Point(route.latitude, route.longitude)
    away = [(distance_m(here, one.place) / 1000, one.gap_min) for one in wish.neighbours]
    late = any(travel_minutes(km) > gap for km, gap in away)
    return max(km for km, _gap in away), late


def travel_minutes(km: float) -> float:
    return km * DETOUR / TRAVEL_KMH * 60


def _exposure(facts: RouteFacts, sky: Sky, points: frozenset[str]) -> int:
    """How open a route lies to what is likely: 0 is sheltered, or nothing is likely."""
    if not sky.rough:
        return 0
    shelter = _SHELTER.get(facts.shelter or ("some" if "shelter" in points else ""), _UNKNOWN_SHELTER)
    return shelter + ("wind" in sky.rough and facts.lies_open)


def _uncalm(quiet: bool | None) -> int:
    return {True: 0, None: 1, False: 2}[quiet]


def _rank(route: Path, wish: RouteWish, found: _Found) -> Rank:
    facts, room = route.facts, wish.room_min
    sky = wish.sky.get(route.id, _CALM)
    walking, calm = found.walking_min, _uncalm(found.quiet)
    spare = 0 if walking is None else abs(room - walking)
    return Rank(
        red=sky.red,
        over_min=_over_min(walking, wish),
        far_away=is_far_away(route, wish.known_places),
        too_short=_is_too_short(walking, wish),
        unmet=len(found.unmet),
        avoided=len(found.avoided),
        unsure=len(found.unsure),
        done_early=_done_early(walking, wish),
        same_again=route.id == wish.last_route_id and not facts.trusted,
        green_short=found.green_min is not None,
        unsure_length=walking is None,
        exposed=_exposure(facts, sky, wish.points.get(route.id, frozenset())),
        uncalm=calm if wants_calm(wish.walker) else 0,
        too_far=found.far is not None and found.far[1],
        lately=_is_lately(facts, found),
        not_liked=-len(found.liked),
        walked_sooner=0 if found.weeks_ago is None or facts.trusted else -found.weeks_ago + 1_000,
        busy=calm,
        travel_band=0 if found.far is None else int(found.far[0] // NEAR_KM),
        other_length=int((walking or 0) if wish.in_crisis else spare) // BAND_MIN,
        name=route.name.casefold(),
        id=route.id,
    )


def _is_lately(facts: RouteFacts, found: _Found) -> bool:
    return found.weeks_ago is not None and found.weeks_ago < LATELY_WEEKS and not facts.trusted


def _why(route: Path, wish: RouteWish, found: _Found) -> Iterator[RouteWhy]:
    """What speaks for it, then what speaks against it, each the most important first."""
    yield from _pros(route, wish, found)
    yield from _cons(route, wish, found)


def _pros(route: Path, wish: RouteWish, found: _Found) -> Iterator[RouteWhy]:
    early = _done_early(found.walking_min, wish) or _is_too_short(found.walking_min, wish)
    if found.walking_min is not None and found.walking_min <= wish.room_min and not early:
        yield RouteWhy("fits_time", found.walking_min, wish.room_min, "min")
    if found.met:
        yield RouteWhy("suits", codes=found.met)
    if wish.sky.get(route.id, _CALM).rough and route.facts.shelter == "good":
        yield RouteWhy("sheltered")
    if found.quiet:
        yield RouteWhy("quiet_then")
    if found.liked:
        yield RouteWhy("liked", codes=found.liked)
    if route.facts.trusted:
        yield RouteWhy("trusted")
    elif found.weeks_ago is None:
        yield RouteWhy("never_walked")
    elif not _is_lately(route.facts, found):
        yield RouteWhy("weeks_ago", found.weeks_ago, unit="weeks")
    if found.far is not None and found.far[0] <= NEAR_KM:
        yield RouteWhy("near_others", found.far[0], unit="km")


def _cons(route: Path, wish: RouteWish, found: _Found) -> Iterator[RouteWhy]:
    facts, sky = route.facts, wish.sky.get(route.id, _CALM)
    over = _over_min(found.walking_min, wish)
    same = route.id == wish.last_route_id and not facts.trusted
    home = wish.known_places
    short, early = _is_too_short(found.walking_min, wish), _done_early(found.walking_min, wish) > 0
    told = (
        (is_far_away(route, home), RouteWhy("far_away", away_km(route, home), FAR_AWAY_KM, "km")),
        (sky.red, RouteWhy("dark" if sky.dark else "weather")),
        (found.walking_min is None, RouteWhy("length_unknown")),
        (over > 0, RouteWhy("too_long", over, wish.room_min, "min")),
        (short, RouteWhy("too_short", found.walking_min, wish.room_min, "min")),
        (early and not short, RouteWhy("done_early", found.walking_min, wish.room_min, "min")),
        (found.unmet, RouteWhy("suits_not", codes=found.unmet)),
        (found.avoided, RouteWhy("avoided", codes=found.avoided)),
        (same, RouteWhy("same_route")),
        (not same and _is_lately(facts, found), RouteWhy("lately", found.weeks_ago, LATELY_WEEKS, "weeks")),
        (found.green_min is not None, RouteWhy("green_short", found.green_min, GREEN_MINUTES, "min")),
        (sky.rough and facts.shelter == "none", RouteWhy("exposed")),
        (found.quiet is False, RouteWhy("busy_then")),
        (found.far and found.far[1], RouteWhy("far_from_others", found.far and found.far[0], unit="km")),
        (found.unsure, RouteWhy("suits_unknown", codes=found.unsure)),
    )
    return (why for holds, why in told if holds)
