"""What a client's page shows of the map and of where they meet."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from planner.domain.map_picture import CLIENT
from planner.services.clients.client_page import SharedWalk
from planner.services.maps import client_maps
from planner.web import here
from planner.web.tiles.pictures import ShownMap, route_words, shown_map, template
from planner.web.walking_routes.photos import ShownPhoto, shown_photo


@dataclass(frozen=True, slots=True)
class WalkMaps:
    """None where there is none: then the page has its sketch, and the place in words."""

    map: ShownMap | None = None
    photo: ShownPhoto | None = None


def of_walk(walk: SharedWalk | None) -> WalkMaps:
    """For the next walk on the page."""
    if walk is None:
        return WalkMaps()
    found = client_maps.of_walk(here.store(), g.opened, walk.id, template(), here.now(), whole=walk.is_whole)
    address = f"{g.opened.path}walks/{walk.id}"
    alt = route_words(found.is_loop, walk.distance_m, walk.meeting_point)
    drawn = shown_map(f"{address}/picture", found.picture, CLIENT, alt) if found.picture else None
    return WalkMaps(drawn, shown_photo(found.photo, f"{address}/photo"))
