"""Routes that fit: each thing that counts, in a table, and what must hold for every library."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.exercises import CAUTIONS, PHASES
from planner.domain.geo import Point
from planner.domain.route_fit import fitting_routes, hindrance, proposed
from planner.domain.route_needs import Walker, rough
from planner.domain.route_wish import AGAINST, FOR, ROUTE_WHY, Neighbour, RouteWhy, RouteWish, Sky
from planner.domain.routes import PRIVACY_LEVELS, ROUTE_TAGS, SHELTER, SURFACES, RouteFacts
from planner.domain.weather_values import Reason, Verdict, WeatherNumbers


@dataclass(frozen=True)
class Route:
    id: int
    name: str = "Rondje"
    latitude: float | None = 52.0
    longitude: float | None = 5.0
    distance_m: int | None = 2000
    climb_m: int | None = None
    facts: RouteFacts = field(default_factory=RouteFacts)
    archived: bool = False


def a(number: int, **changes: Any) -> Route:
    """A route of half an hour; what is no field of it is a fact."""
    own = {name: changes.pop(name) for name in list(changes) if name in Route.__dataclass_fields__}
    return Route(number, **own, facts=RouteFacts(**changes))


WISH = RouteWish(40)
IN_CRISIS = Walker(recovery_phase="crisis")
WEAK_HEART = Walker(health_flags=frozenset({"heart"}))
RAIN, WIND = Sky(rough=frozenset({"rain"})), Sky(rough=frozenset({"wind"}))
HOME, BRUSSELS, SEATTLE = Point(52.1, 5.18), Point(50.79, 4.41), Point(47.62, -122.34)
NEAR, FAR = Neighbour(Point(52.0, 5.01), 30), Neighbour(Point(52.4, 5.0), 30)

BETTER = {  # what counts: the better, the other, the walk
    "the minutes": (a(2), a(1, distance_m=3000), WISH),
    "time spent standing": (a(2, distance_m=1500), a(1), replace(WISH, still_min=10)),
    "the pace": (a(2, distance_m=1500), a(1), RouteWish(40, Walker(pace_kmh=3.0))),
    "a known length": (a(2), a(1, distance_m=None), WISH),
    "flat for a heart": (a(2, climb_m=5), a(1, climb_m=60), RouteWish(40, WEAK_HEART)),
    "said to be flat": (a(2, accessibility=("flat",)), a(1), RouteWish(40, WEAK_HEART)),
    "benches for a heart": (
        a(2, accessibility=("flat", "benches")),
        a(1, accessibility=("flat",)),
        RouteWish(40, WEAK_HEART),
    ),
    "a bench on the way": (a(2), a(1), RouteWish(40, WEAK_HEART, points={2: frozenset({"bench"})})),
    "a place to shelter on the way": (
        a(2),
        a(1),
        replace(WISH, sky={1: RAIN, 2: RAIN}, points={2: frozenset({"shelter"})}),
    ),
    "even ground for dizziness": (
        a(2, surface="gravel"),
        a(1, surface="sand"),
        RouteWish(40, Walker(health_flags=frozenset({"dizziness"}))),
    ),
    "what was asked": (
        a(2, accessibility=("toilet",)),
        a(1, accessibility=("flat",)),
        RouteWish(40, Walker(accessibility=("toilet",))),
    ),
    "short in the crisis phase": (a(2, distance_m=1000), a(1, distance_m=1600), RouteWish(30, IN_CRISIS)),
    "flat in the crisis phase": (
        a(2, distance_m=1000, climb_m=5),
        a(1, distance_m=1000, climb_m=50),
        RouteWish(30, IN_CRISIS),
    ),
    "calm in the crisis phase": (
        a(2, environment_tags=("park",)),
        a(1, environment_tags=("forest",)),
        RouteWish(30, Walker(recovery_phase="crisis", likes=("forest",)), quiet={1: False, 2: True}),
    ),
    "what is liked": (
        a(2, environment_tags=("forest",)),
        a(1, environment_tags=("park",)),
        RouteWish(40, Walker(likes=("forest",))),
    ),
    "what is avoided": (
        a(2, environment_tags=("park",)),
        a(1, environment_tags=("forest", "water")),
        RouteWish(40, Walker(likes=("forest",), avoids=("water",))),
    ),
    "not the same again": (a(2), a(1), replace(WISH, last_route_id=1, days_ago={1: 28, 2: 14})),
    "not lately, though liked": (
        a(2),
        a(1, environment_tags=("forest",)),
        RouteWish(40, Walker(likes=("forest",)), last_route_id=9, days_ago={1: 14, 2: 35}),
    ),
    "longest ago": (a(2), a(1), replace(WISH, days_ago={1: 28, 2: 56})),
    "never walked": (a(2), a(1), replace(WISH, days_ago={1: 300})),
    "shelter in rain": (a(2, shelter="good"), a(1, shelter="some"), replace(WISH, sky={1: RAIN, 2: RAIN})),
    "not open in wind": (
        a(2, environment_tags=("forest",)),
        a(1, environment_tags=("heath",)),
        replace(WISH, sky={1: WIND, 2: WIND}),
    ),
    "weather good enough": (a(2, distance_m=3000), a(1), replace(WISH, sky={1: Sky(red=True)})),
    "quiet at that hour": (a(2), a(1), replace(WISH, quiet={1: False, 2: True})),
    "nearer the other walk": (a(2), a(1, latitude=52.2), replace(WISH, neighbours=(NEAR,))),
    "in time for the other walk": (
        a(2, latitude=52.3),
        a(1, environment_tags=("forest",)),
        RouteWish(40, Walker(likes=("forest",)), neighbours=(FAR,)),
    ),
    "enough green": (a(2), a(1, greenness="half"), WISH),
    "the length that was asked": (a(2, distance_m=2200), a(1, distance_m=900), WISH),
    "not done long before the end, though liked": (
        a(2),
        a(1, distance_m=1350, environment_tags=("forest",)),
        RouteWish(45, Walker(likes=("forest",)), still_min=6, last_route_id=2, days_ago={2: 7}),
    ),
    "not over at once in the crisis phase": (
        a(2, distance_m=1600),
        a(1, distance_m=90, climb_m=0, accessibility=("flat",)),
        RouteWish(30, IN_CRISIS),
    ),
    "known to be flat, though the same again": (
        a(2, climb_m=5, trusted=True),
        a(1),
        RouteWish(40, Walker(accessibility=("flat",)), last_route_id=2, days_ago={2: 7}),
    ),
    "known to be flat, though walked lately": (
        a(2, climb_m=5),
        a(1, environment_tags=("forest",)),
        RouteWish(40, Walker(accessibility=("flat",), likes=("forest",)), days_ago={2: 7}),
    ),
    "at home": (
        a(2, distance_m=1300),
        a(1, latitude=50.8, environment_tags=("forest",)),
        RouteWish(40, Walker(likes=("forest",)), known_places=(HOME,)),
    ),
}


@pytest.mark.parametrize("what", BETTER)
def test_what_counts(what: str) -> None:
    better, other, wish = BETTER[what]
    for given_in in ([better, other], [other, better]):
        assert [fit.route_id for fit in fitting_routes(given_in, wish)] == [better.id, other.id]


SAYS = [  # a route, the walk, and what is told of it
    (a(1), WISH, [RouteWhy("fits_time", 30, 35, "min"), RouteWhy("never_walked")]),
    (a(1, distance_m=3000), WISH, [RouteWhy("never_walked"), RouteWhy("too_long", 10, 35, "min")]),
    (a(1, distance_m=None), WISH, [RouteWhy("never_walked"), RouteWhy("length_unknown")]),
    (
        a(1, climb_m=40, accessibility=("benches",)),
        RouteWish(40, WEAK_HEART),
        [
            RouteWhy("fits_time", 30, 35, "min"),
            RouteWhy("suits", codes=("benches",)),
            RouteWhy("never_walked"),
            RouteWhy("suits_not", codes=("flat",)),
        ],
    ),
    (a(1), RouteWish(40, WEAK_HEART), [..., RouteWhy("suits_unknown", codes=("flat", "benches"))]),
    (a(1), replace(WISH, last_route_id=1, days_ago={1: 7}), [..., RouteWhy("same_route")]),
    (
        a(1, trusted=True),
        replace(WISH, last_route_id=1, days_ago={1: 7}),
        [RouteWhy("fits_time", 30, 35, "min"), RouteWhy("trusted")],
    ),
    (a(1), replace(WISH, days_ago={1: 15}), [..., RouteWhy("lately", 2, 3, "weeks")]),
    (a(1), replace(WISH, days_ago={1: 29}), [..., RouteWhy("weeks_ago", 4, unit="weeks")]),
    (
        a(1, environment_tags=("forest", "water")),
        RouteWish(40, Walker(likes=("forest",), avoids=("water",))),
        [
            RouteWhy("fits_time", 30, 35, "min"),
            RouteWhy("liked", codes=("forest",)),
            RouteWhy("never_walked"),
            RouteWhy("avoided", codes=("water",)),
        ],
    ),
    (a(1, distance_m=1600), RouteWish(45), [RouteWhy("never_walked"), RouteWhy("done_early", 24, 40, "min")]),
    (a(1, distance_m=60), WISH, [RouteWhy("never_walked"), RouteWhy("too_short", 0.9, 35, "min")]),
    (a(1, distance_m=800), replace(WISH, still_min=20), [RouteWhy("fits_time", 12, 15, "min"), ...]),
    (a(1, shelter="none"), replace(WISH, sky={1: RAIN}), [..., RouteWhy("exposed")]),
    (a(1, greenness="half"), WISH, [..., RouteWhy("green_short", 17, 20, "min")]),
    (a(1), replace(WISH, quiet={1: False}), [..., RouteWhy("busy_then")]),
    (a(1), replace(WISH, sky={1: Sky(red=True)}), [..., RouteWhy("weather")]),
    (a(1), replace(WISH, sky={1: Sky(red=True, dark=True)}), [..., RouteWhy("dark")]),
]


@pytest.mark.parametrize(("route", "wish", "says"), SAYS)
def test_what_is_told(route: Route, wish: RouteWish, says: list[Any]) -> None:
    (fit,) = fitting_routes([route], wish)
    told = list(fit.why)
    if says[-1] is ...:
        assert told[: len(says) - 1] == says[:-1]
    else:
        assert told == says or (says[0] is ... and told[-len(says) + 1 :] == says[1:])


def _at(number: int, place: Point, **changes: Any) -> Route:
    return a(number, latitude=place.latitude, longitude=place.longitude, **changes)


def test_a_journey_is_not_proposed_unless_somebody_was_met_there() -> None:
    home = replace(WISH, known_places=(HOME,))
    there = [_at(1, BRUSSELS), _at(2, SEATTLE)]
    assert _proposed(there, home) is None
    assert _proposed([*there, a(3, distance_m=3000)], home) == 3, "too long, and here"
    assert not any(fit.fits for fit in fitting_routes(there, home)), "in the list to choose from only"
    found = hindrance(there, home)
    assert found is not None and found.code == "routes_far" and 150 < found.nearest_km < 160
    assert _proposed(there, replace(home, known_places=(HOME, BRUSSELS))) == 1
    assert _proposed([a(3, latitude=None, longitude=None)], home) == 3, "in words only, so the coach's own"
    (fit,) = fitting_routes(there[:1], home)
    assert [one.code for one in fit.cons] == ["far_away"] and fit.cons[0].unit == "km"


@pytest.mark.parametrize("walker", [Walker(), IN_CRISIS])
def test_what_is_over_at_once_is_not_proposed(walker: Walker) -> None:
    wish = RouteWish(30, walker)
    bits = [a(1, distance_m=90, climb_m=0), a(2, distance_m=500, climb_m=0)]
    assert _proposed(bits, wish) is None and not any(fit.fits for fit in fitting_routes(bits, wish))
    found = hindrance(bits, wish)
    assert found is not None and (found.code, found.longest_min, found.room_min) == ("routes_short", 8, 25)
    assert _proposed([*bits, a(3, distance_m=1400, climb_m=0)], wish) == 3


def test_a_route_that_ends_early_comes_behind_one_that_fits() -> None:
    early, same = a(1, distance_m=1333), a(2)
    wish = replace(RouteWish(45), last_route_id=2, days_ago={2: 7})
    assert _proposed([early, a(3)], wish) == 3
    assert [fit.route_id for fit in fitting_routes([early, same], wish)] == [2, 1]


def test_the_day_s_other_places_are_told_in_kilometres() -> None:
    (near,) = fitting_routes([a(1)], replace(WISH, neighbours=(NEAR,)))
    (far,) = fitting_routes([a(1)], replace(WISH, neighbours=(FAR,)))
    assert near.why[-1].code == "near_others" and 0.6 < (near.why[-1].value or 0) < 0.8
    assert far.why[-1].code == "far_from_others" and 44 < (far.why[-1].value or 0) < 45


def test_what_is_proposed_is_not_what_the_plan_is_warned_about() -> None:
    last = replace(WISH, last_route_id=1, days_ago={1: 7, 2: 3})
    assert _proposed([a(1), a(2)], last) == 2
    assert _proposed([a(1, trusted=True), a(2, distance_m=3000)], last) == 1
    assert _proposed([a(1)], last) == 1, "there is no other"
    assert _proposed([a(1), a(2, distance_m=3000)], last) == 1, "the other is too long"
    assert _proposed([a(2, distance_m=3000), a(3, distance_m=2800)], WISH) == 3, "too long by the least"
    rather_not = a(1, distance_m=None, environment_tags=("water",))
    shy = replace(WISH, walker=Walker(avoids=("water",)))
    assert _proposed([rather_not, a(2, distance_m=2600)], shy) == 2, "some minutes too long is no reason"
    assert _proposed([rather_not], shy) == 1, "there is no other"
    assert _proposed([replace(rather_not, distance_m=3000)], shy) is None
    assert _proposed([a(1, archived=True)], WISH) is None
    assert _proposed([], WISH) is None
    assert _proposed([a(1), a(2)], replace(WISH, sky={1: Sky(red=True), 2: Sky(red=True)})) == 1
    heart = replace(last, walker=WEAK_HEART)
    assert _proposed([a(1, climb_m=5, accessibility=("benches",)), a(2, climb_m=60)], heart) == 1, (
        "variety is not worth a climb to a weak heart"
    )


def _proposed(routes: list[Route], wish: RouteWish) -> int | None:
    found = proposed(fitting_routes(routes, wish))
    return found.route_id if found else None


def test_too_long_says_by_how_much() -> None:
    short, long = a(1, distance_m=2600), a(2, distance_m=4000)
    found = hindrance([short, long], WISH)
    assert found is not None
    assert (found.wanted_min, found.room_min, found.shortest_min, found.over_min) == (40, 35, 39, 4)
    assert hindrance([short, a(3)], WISH) is None
    assert hindrance([short, a(3, distance_m=None)], WISH) is None, "that one may fit"
    assert hindrance([a(3, distance_m=900, archived=True), short], WISH) is not None
    assert hindrance([], WISH) is None
    avoided = a(3, environment_tags=("water",))
    shy = replace(WISH, walker=Walker(avoids=("water",)))
    assert hindrance([short, long, avoided], shy) == found, "of those that suit"


def test_when_rain_or_wind_is_likely() -> None:
    wet = Verdict("adapt", reasons=(Reason("rain", "adapt", 2.0), Reason("uv", "adapt")))
    blows = Verdict("go", numbers=WeatherNumbers(rain_worst_hour_mm=0.4, gust_kmh=45.0))
    assert rough(None) == rough(blows) == frozenset()
    assert rough(wet) == {"rain"}
    assert rough(blows, ("no_wind",)) == {"wind"}
    assert rough(blows, ("no_rain", "no_wind")) == {"rain", "wind"}


facts = st.builds(
    RouteFacts,
    surface=st.none() | st.sampled_from(SURFACES),
    environment_tags=st.lists(st.sampled_from(ROUTE_TAGS), unique=True, max_size=3).map(tuple),
    privacy_level=st.none() | st.sampled_from(PRIVACY_LEVELS),
    greenness=st.sampled_from((None, "mostly", "half", "little")),
    shelter=st.none() | st.sampled_from(SHELTER),
    accessibility=st.lists(st.sampled_from(("flat", "benches", "toilet")), unique=True).map(tuple),
    trusted=st.booleans(),
)
paths = st.builds(
    Route,
    id=st.integers(1, 9),
    name=st.sampled_from(("Bos", "Heide", "bos")),
    latitude=st.none() | st.floats(51.5, 52.5),
    longitude=st.none() | st.floats(4.5, 5.5),
    distance_m=st.none() | st.integers(300, 6000),
    climb_m=st.none() | st.integers(0, 120),
    facts=facts,
    archived=st.booleans(),
)
libraries = st.lists(paths, unique_by=lambda route: route.id, max_size=6)
walkers = st.builds(
    Walker,
    pace_kmh=st.sampled_from((2.5, 4.0, 5.0)),
    recovery_phase=st.none() | st.sampled_from(PHASES),
    health_flags=st.frozensets(st.sampled_from(CAUTIONS), max_size=3),
    likes=st.lists(st.sampled_from(ROUTE_TAGS), max_size=2).map(tuple),
    avoids=st.lists(st.sampled_from(ROUTE_TAGS), max_size=2).map(tuple),
)
skies = st.builds(Sky, st.booleans(), st.frozensets(st.sampled_from(("rain", "wind"))))
wishes = st.builds(
    RouteWish,
    minutes=st.integers(20, 90),
    walker=walkers,
    still_min=st.integers(0, 15),
    quiet=st.dictionaries(st.integers(1, 9), st.booleans()),
    days_ago=st.dictionaries(st.integers(1, 9), st.integers(0, 400)),
    last_route_id=st.none() | st.integers(1, 9),
    sky=st.dictionaries(st.integers(1, 9), skies),
    neighbours=st.lists(st.sampled_from((NEAR, FAR)), max_size=2).map(tuple),
    known_places=st.lists(st.sampled_from((HOME, BRUSSELS)), max_size=2).map(tuple),
)


@given(libraries, wishes, st.randoms())
def test_the_order_is_the_same_however_they_come(library: list[Route], wish: RouteWish, chance: Any) -> None:
    ranked = fitting_routes(library, wish)
    shuffled = list(library)
    chance.shuffle(shuffled)
    assert fitting_routes(shuffled, wish) == ranked
    assert {fit.route_id for fit in ranked} == {route.id for route in library if not route.archived}
    assert all({one.code for one in fit.why} <= set(ROUTE_WHY) for fit in ranked)


def _place(library: list[Route], number: int, wish: RouteWish) -> int:
    return [fit.route_id for fit in fitting_routes(library, wish)].index(number)


@given(libraries.filter(bool), wishes, st.integers(0, 100))
def test_flatter_never_lowers_a_route(library: list[Route], wish: RouteWish, climb: int) -> None:
    first = replace(library[0], archived=False)
    flatter = replace(first, climb_m=min(climb, first.climb_m if first.climb_m is not None else climb))
    if first.climb_m is None:
        flatter = replace(first, climb_m=0)
    before = _place([first, *library[1:]], first.id, wish)
    assert _place([flatter, *library[1:]], first.id, wish) <= before


@given(paths, wishes, st.sampled_from(ROUTE_TAGS))
def test_an_avoided_place_never_beats_the_same_route_without_it(
    route: Route, wish: RouteWish, tag: str
) -> None:
    plain = replace(route, id=10, archived=False)
    others = tuple(one for one in plain.facts.environment_tags if one != tag)
    plain = replace(plain, facts=replace(plain.facts, environment_tags=others))
    tagged = replace(plain, id=1, facts=replace(plain.facts, environment_tags=(*others, tag)))
    wish = replace(
        wish, walker=replace(wish.walker, avoids=(tag,)), quiet={}, days_ago={}, sky={}, last_route_id=None
    )
    assert [fit.route_id for fit in fitting_routes([tagged, plain], wish)] == [10, 1]


@given(libraries, wishes)
def test_the_proposal_suits_and_was_not_put_away_or_says_why(library: list[Route], wish: RouteWish) -> None:
    found = proposed(fitting_routes(library, wish))
    by_id = {route.id: route for route in library}
    if found is None:
        assert hindrance(library, wish) is not None or all(route.archived for route in library)
    else:
        assert not by_id[found.route_id].archived
        assert not (found.rank.too_short or found.rank.far_away)
        assert bool(found.rank.over_min) <= (hindrance(library, wish) is not None)
        assert found.route_id != wish.last_route_id or by_id[found.route_id].facts.trusted or found.cons


def test_for_and_against_are_two_lists() -> None:
    assert not set(FOR) & set(AGAINST)
