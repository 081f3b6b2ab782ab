"""GeoJSON in (RFC 7946), as strict as GPX: lines and points, longitude before latitude.

Of the properties of a feature only what names it or tells its kind is kept; times and all else go by.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any

import msgspec

from planner.formats.gpx_values import MAX_BYTES, MAX_ELEMENTS, MAX_POINTS, GpxRefused, GpxRoute, plain_name
from planner.formats.route_choice import Found, each_route, one_route

MAX_NESTING = 8
"""Of collections in collections."""
MOST_BRACKETS = 4 * MAX_POINTS
"""Each point has a pair of its own; whatever has many more is not read, since its lists would fill the memory."""
_SPACE = b" \t\r\n"
_LINES = frozenset({"LineString", "MultiLineString"})
_NAMES = ("name", "title", "naam", "ref", "label")
_KINDS = ("type", "sym", "marker-symbol", "symbol", "kind", "amenity", "tourism", "highway", "category")
_TEXT_LIMIT = 2000
_json = msgspec.json.Decoder()


def looks_like_geojson(data: bytes) -> bool:
    """Whether the first letter of the document is one that GPX never has."""
    return _text_of(data[:1000]).startswith((b"{", b"["))


def read_geojson(data: bytes) -> GpxRoute:
    """The one route in a file, or GpxRefused with the reason. Several lines become one."""
    return one_route(_read(data))


def read_geojson_routes(data: bytes) -> tuple[GpxRoute, ...]:
    """The same, with a route for each feature that is a line."""
    return each_route(_read(data))


def _text_of(data: bytes) -> bytes:
    return data.lstrip(_SPACE).removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)


def _read(data: bytes) -> Found:
    if len(data) > MAX_BYTES:
        raise GpxRefused("too_large", bytes=len(data), most=MAX_BYTES)
    if data.count(b"[") + data.count(b"{") > MOST_BRACKETS or data.count(b",") > MAX_ELEMENTS:
        raise GpxRefused("too_many_points", most=MAX_POINTS)
    try:
        document = _json.decode(_text_of(data))
    except RecursionError:
        raise GpxRefused("too_deep", most=MAX_NESTING) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise GpxRefused("not_json") from None
    reader = _Reader()
    reader.take(document, {}, 0)
    return reader.found


class _Reader:
    """Walks through the objects; what is no object of GeoJSON inside one is left out."""

    def __init__(self) -> None:
        self.found = Found()
        self._points = 0

    def take(self, thing: Any, properties: dict[str, Any], depth: int) -> None:
        if depth > MAX_NESTING:
            raise GpxRefused("too_deep", most=MAX_NESTING)
        if not isinstance(thing, dict) or not isinstance(thing.get("type"), str):
            if depth == 0:
                raise GpxRefused("not_geojson")
            return
        sort = thing["type"]
        if sort == "FeatureCollection":
            self.found.name = self.found.name or _plain(_said(thing, _NAMES))
            self._all(thing.get("features"), {}, depth)
        elif sort == "Feature":
            own = thing.get("properties")
            self.take(thing.get("geometry"), own if isinstance(own, dict) else {}, depth + 1)
        elif sort == "GeometryCollection":
            self._all(thing.get("geometries"), properties, depth)
        elif sort in _LINES:
            self._lines(thing.get("coordinates"), properties, several=sort == "MultiLineString")
        elif sort in {"Point", "MultiPoint"}:
            self._places(thing.get("coordinates"), properties, several=sort == "MultiPoint")
        elif depth == 0 and sort not in {"Polygon", "MultiPolygon"}:
            raise GpxRefused("not_geojson")

    def _all(self, things: Any, properties: dict[str, Any], depth: int) -> None:
        for one in things if isinstance(things, list) else ():
            self.take(one, properties, depth + 1)

    def _lines(self, coordinates: Any, properties: dict[str, Any], *, several: bool) -> None:
        source = self.found.sources["trk"]
        source.begin(_plain(_said(properties, _NAMES)))
        for line in _list(coordinates) if several else (coordinates,):
            source.split()
            for position in _list(line):
                source.add(*self._position(position))

    def _places(self, coordinates: Any, properties: dict[str, Any], *, several: bool) -> None:
        source = self.found.sources["wpt"]
        for position in _list(coordinates) if several else (coordinates,):
            point = source.add(*self._position(position))
            if point is not None:
                kinds = tuple(_said(properties, (name,)) for name in _KINDS)
                self.found.keep(point, _said(properties, _NAMES), *kinds)

    def _position(self, position: Any) -> tuple[float | None, float | None, float | None]:
        """Latitude, longitude and height; None for what is not a number that can be a place on earth or off it."""
        self._points += 1
        if self._points > MAX_POINTS:
            raise GpxRefused("too_many_points", most=MAX_POINTS)
        lon, lat, height = (*map(_number, _list(position)[:3]), None, None, None)[:3]
        return lat, lon, height


def _number(value: Any) -> float | None:
    """A number that fits; nothing measured on earth is larger."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:
        return None
    return float(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _said(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first of these that says something, in plain words."""
    return next(_texts(properties, names), "")


def _texts(properties: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = properties.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1_000_000:
            yield str(value)
        elif isinstance(value, str) and value.strip():
            yield value[:_TEXT_LIMIT]


def _plain(name: str) -> str | None:
    return plain_name(name) or None
