"""Takes what a route needs out of a stream of XML events and lets the rest go by.

Elements are matched on their local names, so that no namespace, an old one or a prefix are all the same.
"""

from __future__ import annotations

import re
from xml.parsers.expat import XMLParserType

from planner.formats.gpx_values import MAX_DEPTH, MAX_ELEMENTS, MAX_POINTS, GpxRefused, plain_name
from planner.formats.route_choice import Found

_POINTS = {"trkpt": "trk", "rtept": "rte", "wpt": "wpt"}
_TEXTS = frozenset({"ele", "name", "sym", "type"})
_TEXT_LIMIT = 2000


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
"""What a watch calls a track: when it was walked, which is no name."""


def _name_of(text: str) -> str | None:
    words = plain_name(text)
    return None if _MOMENT.fullmatch(words) else words or None


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


class Collector:
    """Hears the XML parser out. Refuses as soon as a limit is passed."""

    def __init__(self, parser: XMLParserType) -> None:
        self._parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        self.found = Found()
        self.sources = self.found.sources
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
        if name == "trkseg":
            source.split()
        else:
            source.begin()

    def _open_point(self, depth: int, attributes: dict[str, str]) -> None:
        self._points += 1
        if self._points > MAX_POINTS:
            raise GpxRefused("too_many_points", most=MAX_POINTS)
        self._point, self._place = depth, attributes
        self._texts.clear()

    def _close_point(self, name: str) -> None:
        place, texts = self._place, self._texts
        lat, lon, height = number(place.get("lat")), number(place.get("lon")), number(texts.get("ele"))
        point = self.sources[_POINTS[name]].add(lat, lon, height)
        if point is not None and name == "wpt":
            self.found.keep(point, texts.get("name", ""), texts.get("type"), texts.get("sym"))

    def _keep_text(self, name: str, text: str) -> None:
        if self._point:
            self._texts[name] = text
            return
        words, parent = _name_of(text), self._path[-1]
        if parent in {"trk", "rte"}:
            self.sources[parent].call(words)
        elif parent in {"gpx", "metadata"}:
            self.found.name = self.found.name or words
