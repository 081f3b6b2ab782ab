"""Routes as GPX files: one, or all that were found, a track each."""

from __future__ import annotations

from sqlalchemy import select

from planner.domain.routes import LINE_CREDITS
from planner.models import Route, Waypoint
from planner.services.routes import route_lines
from planner.services.routes.route_lines import GpxWaypoint
from planner.services.routes.walking_routes import (
    RoutePoint,
    facts_of,
    open_route,
    opened_point,
    practice_in,
    texts_of,
)
from planner.services.store import NotFound, SignedIn, Store


def export(store: Store, coach: SignedIn, route_id: int) -> tuple[str, bytes]:
    """The route's name and its GPX file. Raises NotFound, also for a route in words."""
    with store.db.reading(coach.scope) as session:
        found = open_route(store, session, route_id)
        stored = session.scalar(select(Route.line).where(Route.id == route_id))
    if stored is None:
        raise NotFound
    credit = LINE_CREDITS.get(found.facts.line_from or "")
    places = _placed(found.waypoints)
    return found.name, route_lines.write_gpx(found.name, route_lines.opened(stored), places, credit)


def export_all(store: Store, coach: SignedIn, route_ids: list[int]) -> bytes:
    """These routes in one file, in this order; those in words are left out. Raises NotFound when none has a line."""
    with store.db.reading(coach.scope) as session:
        key = practice_in(session).wrapped_key
        query = select(Route.id, Route.owner_id, Route.sealed, Route.facts, Route.line).where(
            Route.id.in_(route_ids), Route.line.is_not(None)
        )
        rows = {row.id: row for row in session.execute(query)}
        points = session.scalars(
            select(Waypoint).where(Waypoint.route_id.in_(rows)).order_by(Waypoint.route_id, Waypoint.position)
        )
        places = _placed([opened_point(store, key, point) for point in points])
        kept = [rows[route_id] for route_id in route_ids if route_id in rows]
        tracks = [(texts_of(store, key, row).name, route_lines.opened(row.line)) for row in kept]
    if not tracks:
        raise NotFound
    credits = [credit for row in kept if (credit := LINE_CREDITS.get(facts_of(row.facts).line_from or ""))]
    return route_lines.write_gpx_routes(tracks, places, credits[0] if credits else None)


def _placed(points: tuple[RoutePoint, ...] | list[RoutePoint]) -> list[GpxWaypoint]:
    return [
        GpxWaypoint(point.latitude, point.longitude, point.name, point.kind)
        for point in points
        if point.latitude is not None and point.longitude is not None
    ]
