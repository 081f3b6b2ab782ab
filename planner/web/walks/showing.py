"""What the pages of one walk show alike."""

from __future__ import annotations

from planner.domain.sketch import Sketch
from planner.services.walks.walk_pages import WalkPage
from planner.web.tiles import pictures
from planner.web.tiles.pictures import ShownMap
from planner.web.walking_routes.showing import drawn


def drawing(page: WalkPage) -> Sketch | None:
    """The route that is walked."""
    route = page.on_the_clock.route
    return drawn(route, page.turn_at) if route else None


def picture(page: WalkPage) -> ShownMap | None:
    """Where the whole route is walked and nobody turns round: else the sketch says which part of it is."""
    found = page.on_the_clock
    return pictures.of_route(found.route) if found.walked.is_whole else None
