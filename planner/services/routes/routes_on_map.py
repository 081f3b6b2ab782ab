"""All routes of the library on one map, for the question that was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planner.domain.geo import Point
from planner.formats.drawn import write_routes
from planner.services.routes import walking_routes
from planner.services.routes.walking_routes import RouteRow, Wanted
from planner.services.store import SignedIn, Store


def on_one_map(
    store: Store,
    coach: SignedIn,
    wanted: Wanted,
    said: Callable[[int, RouteRow], dict[str, Any]],
    *,
    archived: bool = False,
) -> bytes:
    """GeoJSON: of each route that has a place on the map its line in few points and where it starts. `said` of a route
    by its number in the list."""
    found = walking_routes.found(store, coach, wanted, archived=archived)
    return write_routes(
        (found.lines.get(route.id, ()), Point(route.latitude, route.longitude), said(number, route))
        for number, route in enumerate(found.routes, 1)
        if route.latitude is not None and route.longitude is not None
    )
