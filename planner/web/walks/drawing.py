"""The small drawing of a walk's route."""

from __future__ import annotations

from planner.domain.geo import Point
from planner.domain.sketch import Sketch, sketch
from planner.services.walking_routes import OpenRoute

WIDTH, HEIGHT = 360, 240


def drawn(route: OpenRoute | None) -> Sketch | None:
    """None for a walk without a line on the map."""
    if route is None or not route.has_line:
        return None
    places = [
        Point(one.latitude, one.longitude)
        for one in route.waypoints
        if one.latitude is not None and one.longitude is not None
    ]
    return sketch(route.segments, places, WIDTH, HEIGHT)
