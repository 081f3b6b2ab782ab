"""One walk against its route: which way it goes, what comes when, and the lengths it could have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.clients import client_facts
from planner.domain.course import Ground, Way, is_whole, way_on
from planner.domain.exercises import ExerciseFacts
from planner.domain.geo import Point, distance_m
from planner.domain.lengths import NORMAL, SAME_START_M, Length, OtherRoute, Outing, as_it_is, lengths
from planner.domain.practices import BUFFER_MINUTES, MAX_WALK_MINUTES
from planner.domain.timetable import TURN, Entry, Passing, Timetable, timetable
from planner.domain.timing import CHECKIN_AT_MINUTES, WalkClock, limited, walk_clock
from planner.domain.walks import OUTDOORS, timed
from planner.models import Route
from planner.services.clients.clients import OpenClient
from planner.services.routes import route_points, walking_routes
from planner.services.routes.walking_routes import OpenRoute, RoutePoint
from planner.services.store import Store
from planner.services.walks.walk_rows import OpenWalk

_LIBRARY = select(Route.id, Route.latitude, Route.longitude, Route.distance_m, Route.facts).where(
    Route.archived_at.is_(None), Route.latitude.is_not(None), Route.longitude.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Walked:
    """The length in force (None where nobody walks outdoors), and the route that is walked then."""

    length: Length | None
    route: OpenRoute | None

    @property
    def way(self) -> Way:
        """Where it goes on the map, and where one turns round."""
        if self.length is None:
            return Way(self.route.segments if self.route else ())
        return way_on(ground_of(self.route), self.length.course)

    @property
    def is_whole(self) -> bool:
        """Whether the map of the route it was planned on shows this walk."""
        length = self.length
        return length is None or (length.route_id is None and is_whole(ground_of(self.route), length.course))


@dataclass(frozen=True, slots=True)
class OnTheClock:
    """`lengths`: every length the walk can have, the one in force among them; none where nobody walks outdoors.
    `chosen`: the one in force. `route`: the one that is walked then. `others`: names of longer routes, by id."""

    timetable: Timetable
    lengths: tuple[Length, ...] = ()
    chosen: Length | None = None
    route: OpenRoute | None = None
    others: Mapping[int, str] = field(default_factory=dict)

    @property
    def points(self) -> dict[int, RoutePoint]:
        """The places on the route that is walked, by id."""
        return {point.id: point for point in self.route.waypoints} if self.route else {}

    @property
    def walked(self) -> Walked:
        return Walked(self.chosen, self.route)

    @property
    def turning(self) -> Entry | None:
        return next((entry for entry in self.timetable.entries if entry.what == TURN), None)


def along_m(route: OpenRoute | None) -> dict[int, float]:
    """How far along its route each point lies, where that is known."""
    if route is None:
        return {}
    found = ((point.id, route_points.along_m(point, route.segments)) for point in route.waypoints)
    return {point_id: float(along) for point_id, along in found if along is not None}


def passings(route: OpenRoute | None) -> tuple[Passing, ...]:
    return tuple(Passing(*one) for one in along_m(route).items())


def ground_of(route: OpenRoute | None) -> Ground:
    return Ground() if route is None else Ground(route.distance_m, route.segments, route.facts.is_loop)


def outing_of(
    session: Session,
    walk: OpenWalk,
    client: OpenClient,
    route: OpenRoute | None,
    facts: Mapping[int, ExerciseFacts],
    *,
    others: bool = True,
    library: Sequence[Any] | None = None,
) -> Outing:
    """The walk as the coach planned it, and how long it may be for this client; with the `others` it may go.
    `library`: read before, for several walks."""
    wishes = client_facts(client.details, client.health)
    return Outing(
        minutes=walk.planned_minutes,
        ground=ground_of(route),
        parts=timed(walk.parts, facts, walk.setting, along_m(route)),
        pace_kmh=client.details.pace_kmh,
        others=_others(session, walk, route, library) if others else (),
        most_minutes=limited(MAX_WALK_MINUTES, wishes.recovery_phase, wishes.max_minutes),
    )


def library(session: Session) -> Sequence[Any]:
    """The routes another one may be, as `outing_of` takes them."""
    return session.execute(_LIBRARY).all()


def _others(
    session: Session, walk: OpenWalk, route: OpenRoute | None, known: Sequence[Any] | None
) -> tuple[OtherRoute, ...]:
    """Routes of the library from the same meeting place; none where the walk begins elsewhere than its route."""
    if route is None or route.latitude is None or route.longitude is None:
        return ()
    if not walk.meets_at_route:
        return ()
    start, found = Point(route.latitude, route.longitude), []
    for row in library(session) if known is None else known:
        place = Point(row.latitude, row.longitude)
        if row.id != route.id and distance_m(start, place) <= SAME_START_M:
            facts = walking_routes.facts_of(row.facts)
            found.append(OtherRoute(row.id, Ground(row.distance_m, (), facts.is_loop)))
    return tuple(found)


def on_the_clock(
    store: Store,
    session: Session,
    walk: OpenWalk,
    client: OpenClient,
    route: OpenRoute | None,
    facts: Mapping[int, ExerciseFacts],
) -> OnTheClock:
    """The walk at the length it has now. `facts`: of its exercises."""
    if walk.setting != OUTDOORS:
        parts = timed(walk.parts, facts, walk.setting)
        return OnTheClock(timetable(parts, available_min=walk.minutes - BUFFER_MINUTES), route=route)
    outing = outing_of(session, walk, client, route, facts)
    found = lengths(outing)
    chosen = next((one for one in found if one.code == walk.length), None)
    if chosen is None:  # it is not possible any more: as many minutes, in the plainest way
        chosen = replace(as_it_is(replace(outing, minutes=walk.minutes)), code=walk.length)
    chosen = replace(chosen, minutes=walk.minutes)
    others = {
        one.route_id: walking_routes.open_route(store, session, one.route_id)
        for one in found
        if one.route_id is not None
    }
    walked = others.get(chosen.route_id or 0, route)
    table = table_of(chosen, walked, outing.pace_kmh)
    listed = tuple(chosen if one.code == chosen.code else one for one in found)
    return OnTheClock(table, listed, chosen, walked, {one: other.name for one, other in others.items()})


def walked(
    store: Store,
    session: Session,
    walk: OpenWalk,
    client: OpenClient,
    route: OpenRoute | None,
    facts: Mapping[int, ExerciseFacts],
) -> Walked:
    """As `on_the_clock` says it, without the minutes; of most walks no other length is worked out."""
    if walk.setting != OUTDOORS:
        return Walked(None, route)
    if walk.length != NORMAL:
        return on_the_clock(store, session, walk, client, route, facts).walked
    return Walked(as_it_is(outing_of(session, walk, client, route, facts, others=False)), route)


def table_of(length: Length, route: OpenRoute | None, pace_kmh: float) -> Timetable:
    """That length minute by minute, along the route it is walked on."""
    available = length.minutes - BUFFER_MINUTES
    return timetable(
        length.parts,
        available_min=available,
        course=length.course,
        pace_kmh=pace_kmh,
        points=passings(route),
        checkin_at_min=CHECKIN_AT_MINUTES if available > CHECKIN_AT_MINUTES else None,
    )


def clock_of(
    walk: OpenWalk, client: OpenClient, found: OnTheClock, facts: Mapping[int, ExerciseFacts]
) -> WalkClock:
    """Whether it fits, at the length it has now."""
    route, chosen = found.route, found.chosen
    plan = chosen.parts if chosen is not None else timed(walk.parts, facts, walk.setting)
    distance = chosen.distance_m if chosen is not None and walk.length != NORMAL else None
    return walk_clock(
        walk.minutes,
        plan,
        setting=walk.setting,
        distance_m=distance or (route.distance_m if route else None),
        pace_kmh=client.details.pace_kmh,
        green_share=route.facts.green_share if route else 1.0,
        phase=client.health.recovery_phase if client.health else None,
    )
