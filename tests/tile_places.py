"""Which tile a place lies on, for tests."""

from __future__ import annotations

from planner.domain.geo import Located
from planner.domain.tiles import TILE_PX, Tile, world_px


def tile_at(place: Located, zoom: int) -> Tile:
    x, y = world_px(place, zoom)
    last = (1 << zoom) - 1
    return Tile(zoom, min(last, int(x // TILE_PX)), min(last, max(0, int(y // TILE_PX))))
