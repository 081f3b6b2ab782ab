"""Routes below the pages: what is sealed, what a list carries, and lines in few points."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from planner.domain.geo import Point, Segments, distance_m, position_of
from planner.domain.routes import RouteFacts, RouteTexts, WaypointTexts
from planner.models import Route, Waypoint
from planner.services.routes import route_changes, route_export, route_lines, route_points, walking_routes
from planner.services.routes.route_changes import WriteRoute
from planner.services.routes.route_points import MOST_POINTS, TooManyPoints, WritePoint
from planner.services.store import Conflict, NotFound, practice_of
from tests.conftest import World
from tests.factories import gpx_file


def made(world: World, name: str = "Geheime plek", **more: object) -> int:
    texts = RouteTexts(name, "Bij de geheime boom", "Geheime notitie")
    file = gpx_file(more='<wpt lat="52.095" lon="5.12"><name>Geheim bankje</name></wpt>')[0].read()
    command = WriteRoute(texts, RouteFacts(surface="sand"), gpx=file, **more)  # type: ignore[arg-type]
    return route_changes.create(world.store, world.coach("anna"), command, world.now).id


def test_words_are_sealed(world: World) -> None:
    route_id = made(world)
    with world.store.db.reading(world.coach("anna").scope) as session:
        row = session.scalar(select(Route).where(Route.id == route_id))
        point = session.scalar(select(Waypoint).where(Waypoint.route_id == route_id))
        assert row is not None
        assert point is not None
        stored = b"".join([row.sealed, row.facts.encode(), (row.line or "").encode(), point.sealed])
        assert b"eheim" not in stored
        assert "sand" in row.facts


def test_a_list_carries_what_a_plan_needs(world: World) -> None:
    route_id, coach = made(world), world.coach("anna")
    with world.store.db.reading(coach.scope) as session:
        key = practice_of(session, coach.scope).wrapped_key
        (row,) = walking_routes.listing(world.store, session, key)
        opened = walking_routes.open_route(world.store, session, route_id)
    assert (row.id, row.name, row.has_line, row.archived) == (route_id, "Geheime plek", True, False)
    assert (row.latitude, row.longitude, row.distance_m, row.minutes) == (52.09, 5.12, 2465, 37)
    assert (opened.name, opened.facts, opened.distance_m) == (row.name, row.facts, row.distance_m)
    assert [point.name for point in opened.waypoints] == ["Geheim bankje"]
    assert opened.facts.is_loop


def test_lists_go_by_name_and_leave_out_what_was_put_away(world: World) -> None:
    coach = world.coach("anna")
    ids = {name: made(world, name) for name in ("zee", "Bos", "aardbei")}
    route_changes.archive(world.store, coach, ids["Bos"], True, world.now)
    with world.store.db.reading(coach.scope) as session:
        key = practice_of(session, coach.scope).wrapped_key
        assert [row.name for row in walking_routes.listing(world.store, session, key)] == ["aardbei", "zee"]
        every = walking_routes.listing(world.store, session, key, archived=True)
    assert [row.name for row in every] == ["aardbei", "Bos", "zee"]


def test_a_place_given_with_the_file_is_kept(world: World) -> None:
    opened = walking_routes.show(world.store, world.coach("anna"), made(world, latitude=52.5, longitude=5.5))
    assert (opened.latitude, opened.longitude) == (52.5, 5.5)


def test_strange_ids_and_stale_versions(world: World) -> None:
    coach, bram, route_id = world.coach("anna"), world.coach("bram"), made(world)
    command = WriteRoute(RouteTexts("A"), RouteFacts(), version=7)
    with pytest.raises(Conflict):
        route_changes.edit(world.store, coach, route_id, command, world.now)
    with pytest.raises(Conflict):
        route_changes.trim(world.store, coach, route_id, None, world.now)
    for who in (coach, bram):
        strange = route_id if who is bram else 1
        with pytest.raises(NotFound):
            walking_routes.show(world.store, who, strange)
        with pytest.raises(NotFound):
            route_export.export(world.store, who, strange)
        with pytest.raises(NotFound):
            route_changes.edit(world.store, who, strange, command, world.now)
        with pytest.raises(NotFound):
            route_export.export_all(world.store, who, [strange])


def test_a_point_of_another_route_is_not_there(world: World) -> None:
    coach, one, other = world.coach("anna"), made(world), made(world)
    point = walking_routes.show(world.store, coach, one).waypoints[0]
    with pytest.raises(NotFound):
        route_points.show(world.store, coach, (other, point.id))


def test_a_route_has_room_for_many_places_and_no_more(world: World) -> None:
    places = "".join(f'<wpt lat="52.09{n:03}" lon="5.12"/>' for n in range(MOST_POINTS))
    command = WriteRoute(RouteTexts("Vol"), RouteFacts(), gpx=gpx_file(more=places)[0].read())
    coach = world.coach("anna")
    route_id = route_changes.create(world.store, coach, command, world.now).id
    assert len(walking_routes.show(world.store, coach, route_id).waypoints) == MOST_POINTS
    with pytest.raises(TooManyPoints):
        route_points.add(world.store, coach, route_id, WritePoint("bench", WaypointTexts()), world.now)


coordinates = st.tuples(st.integers(520_000, 521_000), st.integers(50_000, 51_000))
heights = st.one_of(st.none(), st.integers(-5000, 900_000).map(lambda number: number / 1000))
points = st.builds(lambda place, height: Point(place[0] / 1e4, place[1] / 1e4, height), coordinates, heights)
lines = st.lists(st.lists(points, min_size=2, max_size=60).map(tuple), min_size=1, max_size=4).map(tuple)


@given(lines)
def test_a_stored_line_comes_back_the_same(line: Segments) -> None:
    assert route_lines.opened(route_lines.written(line)) == line
    assert route_lines.opened(None) == ()


@settings(max_examples=25)
@given(lines)
def test_an_outline_is_short_and_made_of_the_lines_own_points(line: Segments) -> None:
    outline = route_lines.outlined(line * 5)
    assert sum(map(len, outline)) <= max(route_lines.OUTLINE_POINTS, 2 * len(outline))
    assert {point for part in outline for point in part} <= {point for part in line for point in part}
    assert [(part[0], part[-1]) for part in outline] == [(part[0], part[-1]) for part in line * 5]


@pytest.mark.parametrize(
    "line",
    [
        [Point(52 + (n % 2) * 0.4, 5 + n / 50_000) for n in range(50_000)],
        [Point((-1) ** n * 89.9, n * 37 % 360 - 180) for n in range(50_000)],
    ],
    ids=["to and fro", "from pole to pole"],
)
def test_an_outline_of_a_line_that_nobody_walks_costs_little(line: list[Point]) -> None:
    """A file may say it, and then one request keeps a process busy for a minute."""
    looked_at = 0

    def count(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal looked_at
        if event == "call" and frame.f_code.co_name == "_farthest":
            looked_at += frame.f_locals["last"] - frame.f_locals["first"]

    sys.setprofile(count)
    try:
        outline = route_lines.outlined((tuple(line),))
    finally:
        sys.setprofile(None)
    assert sum(map(len, outline)) <= route_lines.OUTLINE_POINTS
    assert 0 < looked_at < 200 * len(line)


def test_an_outline_stays_by_the_line() -> None:
    line = (tuple(Point(52 + n / 10_000, 5 + (n % 2) / 100_000) for n in range(1000)),)
    outline = route_lines.outlined(line)
    assert sum(map(len, outline)) < 300
    assert all(position_of(outline, point).aside_m < 5 for point in line[0])
    assert distance_m(outline[0][0], line[0][0]) == 0
