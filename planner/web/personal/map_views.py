"""Maps behind a client's link: tiles by their own routes, the map of a walk, the photo of where they meet."""

from __future__ import annotations

from math import ceil

from flask import Response, g

from planner.domain.tiles import Tile
from planner.services.maps import client_maps
from planner.services.store import NotFound
from planner.web import here
from planner.web.personal.answer_views import personal
from planner.web.tiles.answers import DAY, no_tile, picture_answer, tile_answer
from planner.web.tiles.limits import link_tiles
from planner.web.tiles.pictures import template

__all__ = ["personal"]


@personal.get("/tiles/<int:z>/<int:x>/<int:y>")
def tile(z: int, x: int, y: int) -> Response:
    """Raises NotFound for a tile far from where this client walks: a link is no way into any map."""
    wanted = Tile(z, x, y)
    if not here.tiles().rules.has(wanted) or not client_maps.may_see(
        here.store(), g.opened, wanted, here.now()
    ):
        raise NotFound
    wait_s = link_tiles().wait_s(g.opened.client_id)
    return no_tile(429, ceil(wait_s)) if wait_s else tile_answer(wanted, DAY)


@personal.get("/walks/<int:walk_id>/picture")
def picture(walk_id: int) -> Response:
    return _picture(walk_id, png=False)


@personal.get("/walks/<int:walk_id>/picture.png")
def picture_png(walk_id: int) -> Response:
    """For who cannot read WebP."""
    return _picture(walk_id, png=True)


def _picture(walk_id: int, *, png: bool) -> Response:
    digest, content = client_maps.picture(here.store(), g.opened, walk_id, template(), here.now(), png=png)
    return picture_answer(digest, content, "image/png" if png else "image/webp")


@personal.get("/walks/<int:walk_id>/photo")
def photo(walk_id: int) -> Response:
    revision, content = client_maps.photo(here.store(), g.opened, walk_id, here.now())
    return picture_answer(revision, content, "image/webp")
