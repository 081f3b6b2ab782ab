"""A route on a map as numbers: how far to zoom in, which tiles lie where, where line, start, places and scale come.

Whoever draws it (planner/services/maps/map_drawing.py) decides nothing. Pixels are those of the finished picture.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log2

from planner.domain.geo import Located, Point, Segments, length_m
from planner.domain.sketch import ScaleBar, scale_bar
from planner.domain.tiles import (
    TILE_PX,
    ZOOMS,
    Area,
    Tile,
    TileRules,
    area_around,
    metres_per_px,
    mid,
    world_px,
)

DRAWN_AS = 1
"""Another number makes every picture anew: for when the drawing itself changes."""
CLOSEST_ZOOM = 17.0
"""A few steps must not fill the picture."""
CLOSE_BY_SHARE = 0.25
"""Places further off the route than this share of its extent would shrink it to a dot."""
CLOSE_BY_M = 100.0
Px = tuple[float, float]
Places = Sequence[tuple[int, Located]]
"""Places on the route, each with its number in the list."""


@dataclass(frozen=True, slots=True)
class Size:
    """`unit`: how large one point of ink is, so that a picture shown at half its pixels can still be read."""

    name: str
    width: int
    height: int
    margin: int
    unit: float
    lettered: bool = True
    """Whether scale and credit stand in it; a small one has its credit beside it."""
    places: bool = True
    """Whether the coach's places stand in it, with their numbers: never in what a client gets."""


PAGE = Size("page", 720, 480, 64, 2.0)
CARD = Size("card", 240, 180, 28, 1.6, lettered=False, places=False)
CLIENT = Size("client", PAGE.width, PAGE.height, PAGE.margin, PAGE.unit, places=False)
SIZES = {size.name: size for size in (PAGE, CARD, CLIENT)}


@dataclass(frozen=True, slots=True)
class Laid:
    """A tile, and the corner and side of the square it fills."""

    tile: Tile
    left: float
    top: float
    side: float


@dataclass(frozen=True, slots=True)
class MapPicture:
    """`marks`: the number of a place in the list, and where it lies. `covered`: the source has every tile of it."""

    size: Size
    tiles: tuple[Laid, ...]
    lines: tuple[tuple[Px, ...], ...]
    start: Px
    end: Px
    marks: tuple[tuple[int, float, float], ...]
    scale: ScaleBar
    credit: str
    covered: bool


def digest_of(line: str, places: Places, size: Size, template: str) -> str:
    """Names exactly what would be drawn: another line, another place, another map, and it is another. `line`: as it is
    stored."""
    shown = [(number, place.latitude, place.longitude) for number, place in places] if size.places else []
    told = [DRAWN_AS, [size.name, size.width, size.height], template, line, shown]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def map_picture(segments: Segments, places: Places, size: Size, rules: TileRules) -> MapPicture | None:
    """What to draw; None for a route without a line."""
    lines = [line for line in segments if len(line) > 1]
    if not lines or length_m(tuple(lines)) == 0:
        return None
    line_area = area_around(point for line in lines for point in line)
    if line_area is None:
        return None
    shown = [(number, place) for number, place in places if size.places and _close_by(line_area, place)]
    area = area_around([*(point for line in lines for point in line), *(place for _, place in shown)])
    zoom = _zoom(area or line_area, size)
    frame = _Frame.around(area or line_area, size, zoom)
    tiles = frame.tiles()
    px_per_m = 1 / metres_per_px(mid(line_area).latitude, zoom)
    return MapPicture(
        size=size,
        tiles=tiles,
        lines=tuple(tuple(frame.pixel(point) for point in line) for line in lines),
        start=frame.pixel(lines[0][0]),
        end=frame.pixel(lines[-1][-1]),
        marks=tuple((number, *frame.pixel(place)) for number, place in shown),
        scale=scale_bar(px_per_m, size.width),
        credit=rules.credit,
        covered=all(rules.has(laid.tile) for laid in tiles),
    )


def _close_by(line: Area, place: Located) -> bool:
    extent = max(line.north - line.south, line.east - line.west) * CLOSE_BY_SHARE
    near = line.wider(CLOSE_BY_M)
    here = Area(place.latitude, place.longitude, place.latitude, place.longitude)
    wide = Area(near.south - extent, near.west - extent, near.north + extent, near.east + extent)
    return wide.meets(here)


def _zoom(area: Area, size: Size) -> float:
    """As close as fits between the margins."""
    north_west, south_east = Point(area.north, area.west), Point(area.south, area.east)
    left, top = world_px(north_west, 0)
    right, bottom = world_px(south_east, 0)
    room_w, room_h = size.width - 2 * size.margin, size.height - 2 * size.margin
    fits = min(room_w / max(right - left, 1e-9), room_h / max(bottom - top, 1e-9))
    return min(CLOSEST_ZOOM, max(float(ZOOMS[0]), log2(fits)))


@dataclass(frozen=True, slots=True)
class _Frame:
    """From the world's pixels to those of the picture. Tiles of the whole zoom below are drawn larger."""

    size: Size
    zoom: float
    left: float
    top: float

    @classmethod
    def around(cls, area: Area, size: Size, zoom: float) -> _Frame:
        left, top = world_px(Point(area.north, area.west), zoom)
        right, bottom = world_px(Point(area.south, area.east), zoom)
        return cls(size, zoom, (left + right - size.width) / 2, (top + bottom - size.height) / 2)

    def pixel(self, place: Located) -> Px:
        x, y = world_px(place, self.zoom)
        return round(x - self.left, 2), round(y - self.top, 2)

    def tiles(self) -> tuple[Laid, ...]:
        whole = floor(self.zoom)
        side = TILE_PX * 2 ** (self.zoom - whole)
        across = range(floor(self.left / side), floor((self.left + self.size.width) / side) + 1)
        down = range(floor(self.top / side), floor((self.top + self.size.height) / side) + 1)
        return tuple(
            Laid(Tile(whole, x, y), x * side - self.left, y * side - self.top, side)
            for y in down
            for x in across
        )
