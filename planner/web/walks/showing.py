"""What the pages of one walk show alike."""

from __future__ import annotations

from planner.domain.lengths import NORMAL
from planner.domain.sketch import Sketch
from planner.services.walk_pages import WalkPage
from planner.web.tiles import pictures
from planner.web.tiles.pictures import ShownMap
from planner.web.walking_routes.showing import drawn


def drawing(page: WalkPage) -> Sketch | None:
    """The route that is walked."""
    route = page.on_the_clock.route
    return drawn(route, page.turn_at) if route else None


def picture(page: WalkPage) -> ShownMap | None:
    """Where the whole route is walked and nobody turns round: else the sketch says which part of it is."""
    whole = page.walk.length == NORMAL and page.turn_at is None
    return pictures.of_route(page.on_the_clock.route) if whole else None
