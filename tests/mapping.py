"""Maps and photos for tests: tiles of our own making, a photo of one colour, and the pictures that come of them."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from planner.domain.tiles import Tile
from planner.services.maps import route_photos, route_pictures
from planner.services.maps.tiles import Tiles

if TYPE_CHECKING:
    from tests.conftest import World


@cache
def plain_tile(colour: str = "#DDE8D0", kind: str = "PNG", side: int = 256) -> bytes:
    written = BytesIO()
    Image.new("RGB", (side, side), colour).save(written, kind)
    return written.getvalue()


class PlainTiles:
    """A TileSource that has every tile."""

    def fetch(self, _tile: Tile) -> bytes:
        return plain_tile()


@cache
def a_photo(width: int = 32, height: int = 24) -> bytes:
    """A small JPEG."""
    written = BytesIO()
    Image.new("RGB", (width, height), "#4A7C59").save(written, "JPEG")
    return written.getvalue()


def make_photo(
    world: World, route_id: int, alt: str = "", *, who: str = "anna", size: tuple[int, int] = (32, 24)
) -> None:
    """A photo of where one meets on a route."""
    route_photos.put(world.store, world.coach(who), route_id, a_photo(*size), alt, world.now)


def make_pictures(world: World) -> int:
    """Maps of every route, as the jobs make them; gives how many were made."""
    tiles = Tiles(world.settings.instance, world.settings.tile_url, PlainTiles())
    return route_pictures.draw_due(world.store, tiles, world.now)
