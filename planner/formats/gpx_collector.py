"""Takes what a route needs out of a stream of XML events and lets the rest go by.

Elements are matched on their local names, so that no namespace, an old one or a prefix are all the same.
"""

from __future__ import annotations

from xml.parsers.expat import XMLParserType

from planner.domain.geo import DECIMALS, Point
from planner.domain.waypoints import guess_kind
from planner.formats.gpx_values import (
    HEIGHT_DECIMALS,
    HIGHEST_M,
    LOWEST_M,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_POINTS,
    MAX_WAYPOINTS,
    GpxRefused,
    GpxWaypoint,
    plain_name,
)

PAUSE_LATITUDES = (100.0, 200.0)
"""OpenTracks writes such a point where a recording stops and goes on; it is a mark, not a mistake."""
_POINTS = {"trkpt": "trk", "rtept": "rte", "wpt": "wpt"}
_TEXTS = frozenset({"ele", "name", "sym", "type"})
_TEXT_LIMIT = 2000


class Source:
    """The points of one sort (trk, rte or wpt) with the count of those that could not be used."""

    def __init__(self) -> None:
        self.lines: list[list[Point]] = []
        self.name: str | None = None
        self.parts = self.total = self.bad = self.skipped = self.timed = 0

    def split(self) -> None:
        if not self.lines or self.lines[-1]:
            self.lines.append([])

    def add(self, place: dict[str, str], height: str | None) -> Point | None:
        """The point, when it can be used. A place that is not on earth cuts the line; a number that
        cannot be read is only left out."""
        self.total += 1
        lat, lon = number(place.get("lat")), number(place.get("lon"))
        if lat is None or lon is None:
            self.bad += 1
            self.skipped += 1
            return None
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            self.bad += lat not in PAUSE_LATITUDES
            self.skipped += 1
            self.split()
            return None
        point = Point(round(lat, DECIMALS), round(lon, DECIMALS), _height(height))
        if not self.lines:
            self.lines.append([])
        self.lines[-1].append(point)
        return point


def number(text: str | None) -> float | None:
    """A decimal number, with a comma if need be; None for anything else. NaN stays NaN."""
    try:
        return float(text or "")
    except ValueError:
        pass
    try:
        return float((text or "").replace(",", ".", 1))
    except ValueError:
        return None


def _height(text: str | None) -> float | None:
    metres = number(text) if text else None
    if metres is None or not LOWEST_M <= metres <= HIGHEST_M:
        return None
    return round(metres, HEIGHT_DECIMALS)


class Collector:
    """Hears the XML parser out. Refuses as soon as a limit is passed."""

    def __init__(self, parser: XMLParserType) -> None:
        self._parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        self.sources = {"trk": Source(), "rte": Source(), "wpt": Source()}
        self.name: str | None = None
        self.waypoints: list[GpxWaypoint] = []
        self._path: list[str] = []
        self._elements = self._points = 0
        self._ignored_from = self._leaf = self._point = 0
        """Depth of the open `extensions`, of the open element with text, of the open point; 0 when none."""
        self._place: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._heard: list[str] = []
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        path = self._path
        path.append(name)
        depth = len(path)
        self._elements += 1
        if depth == 1 or depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            self._check_limits(name, depth)
        if self._ignored_from or self._leaf:
            return
        if name == "extensions":
            self._ignored_from = depth
        elif self._point:
            if depth == self._point + 1:
                self._in_point(name, depth)
        elif name in _POINTS:
            self._open_point(depth, attributes)
        elif name == "name":
            self._listen(depth)
        elif name in {"trk", "trkseg", "rte"}:
            self._open_line(name)

    def data(self, text: str) -> None:
        if self._length < _TEXT_LIMIT:
            self._heard.append(text)
            self._length += len(text)

    def end(self, _tag: str) -> None:
        depth = len(self._path)
        name = self._path.pop()
        if self._ignored_from:
            if depth == self._ignored_from:
                self._ignored_from = 0
        elif self._leaf:
            if depth == self._leaf:
                self._leaf = 0
                self._parser.CharacterDataHandler = None
                self._keep_text(name, "".join(self._heard))
        elif depth == self._point:
            self._point = 0
            self._close_point(name)

    def _check_limits(self, name: str, depth: int) -> None:
        if depth == 1 and name.lower() != "gpx":
            raise GpxRefused(name.lower() if name.lower() in {"kml", "html"} else "not_gpx")
        if depth > MAX_DEPTH:
            raise GpxRefused("too_deep", most=MAX_DEPTH)
        if self._elements > MAX_ELEMENTS:
            raise GpxRefused("too_many_elements", most=MAX_ELEMENTS)

    def _listen(self, depth: int) -> None:
        self._leaf, self._heard, self._length = depth, [], 0
        self._parser.CharacterDataHandler = self.data

    def _in_point(self, name: str, depth: int) -> None:
        if name == "time":
            self.sources[_POINTS[self._path[-2]]].timed += 1
        elif name in _TEXTS:
            self._listen(depth)

    def _open_line(self, name: str) -> None:
        source = self.sources["rte" if name == "rte" else "trk"]
        source.parts += name != "trkseg"
        source.split()

    def _open_point(self, depth: int, attributes: dict[str, str]) -> None:
        self._points += 1
        if self._points > MAX_POINTS:
            raise GpxRefused("too_many_points", most=MAX_POINTS)
        self._point, self._place = depth, attributes
        self._texts.clear()

    def _close_point(self, name: str) -> None:
        place, texts = self._place, self._texts
        point = self.sources[_POINTS[name]].add(place, texts.get("ele"))
        if point is not None and name == "wpt" and len(self.waypoints) < MAX_WAYPOINTS:
            words = plain_name(texts.get("name", ""))
            kind = guess_kind(texts.get("type"), texts.get("sym"), words)
            self.waypoints.append(GpxWaypoint(point.latitude, point.longitude, words, kind))

    def _keep_text(self, name: str, text: str) -> None:
        if self._point:
            self._texts[name] = text
            return
        words, parent = plain_name(text) or None, self._path[-1]
        if parent in {"trk", "rte"}:
            self.sources[parent].name = self.sources[parent].name or words
        elif parent in {"gpx", "metadata"}:
            self.name = self.name or words
