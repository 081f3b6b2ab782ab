"""What answers to what a coach looks for."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from planner.domain.geo import Point
from planner.domain.route_filter import WISHES, RouteFilter
from planner.domain.routes import RouteFacts


@dataclass(frozen=True)
class Some:
    name: str = "Schaapskooi"
    meeting_point: str = "Houten bord"
    facts: RouteFacts = field(default_factory=RouteFacts)
    minutes: int | None = 33
    latitude: float | None = None
    longitude: float | None = None


@pytest.mark.parametrize(
    ("asked", "takes"),
    [
        (RouteFilter(), True),
        (RouteFilter(search="SCHAAP bord"), True),
        (RouteFilter(search="schaap kerk"), False),
        (RouteFilter(minutes=33), True),
        (RouteFilter(minutes=32), False),
        (RouteFilter(environment="forest"), False),
        (RouteFilter(openness="open"), False),
        (RouteFilter(near=Point(52.1, 5.1), within_m=5e6), False),
        *((RouteFilter(wishes=(wish,)), False) for wish in WISHES),
    ],
    ids=str,
)
def test_what_is_not_known_answers_to_no_wish(asked: RouteFilter, takes: bool) -> None:
    assert asked.takes(Some()) is takes


@pytest.mark.parametrize(
    ("north", "takes"), [(52.1, True), (52.1179, True), (52.1181, False), (52.0821, True), (52.0819, False)]
)
def test_near_is_measured_to_where_one_meets(north: float, takes: bool) -> None:
    asked = RouteFilter(near=Point(52.1, 5.1), within_m=2000)
    assert asked.takes(Some(latitude=north, longitude=5.1)) is takes


def test_a_route_of_unknown_length_answers_to_no_time() -> None:
    assert not RouteFilter(minutes=60).takes(Some(minutes=None))


@pytest.mark.parametrize(
    ("wish", "facts", "points"),
    [
        ("quiet", RouteFacts(quietness="quiet"), ()),
        ("benches", RouteFacts(accessibility=("benches",)), ()),
        ("benches", RouteFacts(), ("bench",)),
        ("toilet", RouteFacts(), ("toilet",)),
        ("shelter", RouteFacts(shelter="some"), ()),
        ("shelter", RouteFacts(shelter="none"), ("shelter",)),
        ("wheelchair", RouteFacts(accessibility=("wheelchair",)), ()),
        ("bus", RouteFacts(bus="walk"), ()),
        ("bus", RouteFacts(), ("transport",)),
        ("reception", RouteFacts(reception="good"), ()),
    ],
    ids=str,
)
def test_what_gives_a_wish(wish: str, facts: RouteFacts, points: tuple[str, ...]) -> None:
    assert RouteFilter(wishes=(wish,)).takes(Some(facts=facts), points)


@pytest.mark.parametrize(
    ("facts", "openness"),
    [
        (RouteFacts(openness="half"), "half"),
        (RouteFacts(environment_tags=("heath",)), "open"),
        (RouteFacts(environment_tags=("forest",)), "trees"),
        (RouteFacts(environment_tags=("forest",), openness="open"), "open"),
        (RouteFacts(environment_tags=("forest", "heath")), None),
    ],
    ids=str,
)
def test_open_or_trees(facts: RouteFacts, openness: str | None) -> None:
    found = [one for one in ("open", "half", "trees") if RouteFilter(openness=one).takes(Some(facts=facts))]
    assert found == ([openness] if openness else [])
