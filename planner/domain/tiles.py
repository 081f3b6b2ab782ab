"""Map tiles as numbers: which there are, where a place lies on them, what a source may be asked for.

Squares of the web map (EPSG:3857): at zoom z the world is 2^z by 2^z tiles, from the north-west corner on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import atan, cos, degrees, log, pi, radians, sinh, tan
from urllib.parse import urlsplit

from planner.domain.geo import Located, Point

TILE_PX = 256
ZOOMS = range(6, 20)
"""What we ask for, whatever the source."""
PDOK_URL = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png"
PDOK_HOST = "service.pdok.nl"
OSM_DOMAIN = "openstreetmap.org"
NORTH_LIMIT = 85.051128
"""Further north or south there is no web map."""
METRES_PER_DEGREE = 111_195.0
_HOLES = ("{z}", "{x}", "{y}")


@dataclass(frozen=True, slots=True)
class Tile:
    z: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Area:
    """In degrees."""

    south: float
    west: float
    north: float
    east: float

    def meets(self, other: Area) -> bool:
        return (
            self.south <= other.north
            and other.south <= self.north
            and self.west <= other.east
            and other.west <= self.east
        )

    def wider(self, metres: float) -> Area:
        """With so much more on every side."""
        north = metres / METRES_PER_DEGREE
        east = north / max(0.01, cos(radians(max(abs(self.south), abs(self.north)))))
        return Area(self.south - north, self.west - east, self.north + north, self.east + east)


PDOK_AREA = Area(50.5, 3.25, 54.0, 7.6)
"""The Netherlands, and nothing else."""


@dataclass(frozen=True, slots=True)
class TileRules:
    """What is known of a source by its template. `area` None: the world. `ahead`: tiles may be fetched before anybody
    looks at them. `credit`: what stands on every map."""

    template: str
    area: Area | None
    ahead: bool
    credit: str

    def has(self, tile: Tile) -> bool:
        """Whether there is such a tile, as far as numbers can say."""
        side = 1 << tile.z if tile.z in ZOOMS else 0
        if not (0 <= tile.x < side and 0 <= tile.y < side):
            return False
        return self.area is None or self.area.meets(area_of(tile))

    def reaches(self, place: Located) -> bool:
        """Whether there is a map of a place."""
        here = Area(place.latitude, place.longitude, place.latitude, place.longitude)
        return self.area is None or self.area.meets(here)

    def address(self, tile: Tile) -> str:
        filled = self.template
        for hole, number in zip(_HOLES, (tile.z, tile.x, tile.y), strict=True):
            filled = filled.replace(hole, str(number))
        return filled


def is_tile_template(url: str) -> bool:
    """Whether an address has a place for each of the three numbers of a tile, and none of them in its host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    behind = f"{parts.path}?{parts.query}"
    plain = url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc
    return plain and "{" not in parts.netloc and all(behind.count(hole) == 1 for hole in _HOLES)


def rules_of(template: str) -> TileRules:
    """PDOK knows the Netherlands only; OpenStreetMap's own server is for who looks now (its tile policy)."""
    host = (urlsplit(template).hostname or "").lower()
    if host == PDOK_HOST:
        return TileRules(template, PDOK_AREA, ahead=True, credit="Kaartgegevens © Kadaster")
    if host == OSM_DOMAIN or host.endswith(f".{OSM_DOMAIN}"):
        return TileRules(template, None, ahead=False, credit="© OpenStreetMap contributors")
    return TileRules(template, None, ahead=True, credit=f"Kaartgegevens: {host}")


def world_px(place: Located, zoom: float) -> tuple[float, float]:
    """East and south of the north-west corner of the world, in pixels at this zoom."""
    side = TILE_PX * 2.0**zoom
    latitude = radians(min(NORTH_LIMIT, max(-NORTH_LIMIT, place.latitude)))
    down = (1 - log(tan(latitude) + 1 / cos(latitude)) / pi) / 2
    return (place.longitude + 180) / 360 * side, down * side


def area_of(tile: Tile) -> Area:
    north, west = _corner(tile.z, tile.x, tile.y)
    south, east = _corner(tile.z, tile.x + 1, tile.y + 1)
    return Area(south, west, north, east)


def _corner(zoom: int, x: int, y: int) -> tuple[float, float]:
    side = 1 << zoom
    return degrees(atan(sinh(pi * (1 - 2 * y / side)))), x / side * 360 - 180


def area_around(places: Iterable[Located]) -> Area | None:
    """The smallest that holds them all; None without places."""
    points = [(place.latitude, place.longitude) for place in places]
    if not points:
        return None
    latitudes, longitudes = [one for one, _ in points], [other for _, other in points]
    return Area(min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def metres_per_px(latitude: float, zoom: float) -> float:
    """On the ground, for one pixel of the map there."""
    side_px: float = TILE_PX * 2.0**zoom
    return cos(radians(latitude)) * 360 * METRES_PER_DEGREE / side_px


def mid(area: Area) -> Point:
    return Point((area.south + area.north) / 2, (area.west + area.east) / 2)
