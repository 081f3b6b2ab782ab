"""What a file holds of lines and places, whatever it was written in; and which of it is the route.

A track is preferred, else a route, else the places in their order; lengths are never added up, because programs write
the same walk as all three.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.geo import DECIMALS, Point, Segments, gaps_m, has_heights
from planner.domain.waypoints import as_place
from planner.formats.gpx_values import (
    BAD_SHARE,
    GAP_M,
    HEIGHT_DECIMALS,
    HIGHEST_M,
    LOWEST_M,
    MAX_ROUTES,
    MAX_WAYPOINTS,
    GpxRefused,
    GpxRoute,
    GpxWarning,
    GpxWaypoint,
    plain_name,
)

PAUSE_LATITUDES = (100.0, 200.0)
"""OpenTracks writes such a point where a recording stops and goes on; it is a mark, not a mistake."""


class Source:
    """The points of one sort (trk, rte or wpt) with the count of those that could not be used."""

    def __init__(self) -> None:
        self.lines: list[list[Point]] = []
        self.name: str | None = None
        self.begins: list[int] = []
        """At which of the lines each track or route begins."""
        self.names: list[str | None] = []
        self.total = self.bad = self.skipped = self.timed = 0

    @property
    def parts(self) -> int:
        return len(self.begins)

    def begin(self, name: str | None = None) -> None:
        """Another track or route."""
        self.split()
        self.begins.append(len(self.lines) - 1)
        self.names.append(name)
        self.name = self.name or name

    def split(self) -> None:
        if not self.lines or self.lines[-1]:
            self.lines.append([])

    def call(self, name: str | None) -> None:
        """The name of the track or route that was begun last."""
        self.name = self.name or name
        if self.names:
            self.names[-1] = self.names[-1] or name

    def add(self, lat: float | None, lon: float | None, height: float | None) -> Point | None:
        """The point, when it can be used. A place that is not on earth cuts the line; a number that
        cannot be read (None) is only left out."""
        self.total += 1
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


def _height(metres: float | None) -> float | None:
    if metres is None or not LOWEST_M <= metres <= HIGHEST_M:
        return None
    return round(metres, HEIGHT_DECIMALS)


class Found:
    """The lines and places of a file. Tracks (trk), plans (rte) and places that could make a line (wpt)."""

    def __init__(self) -> None:
        self.sources = {"trk": Source(), "rte": Source(), "wpt": Source()}
        self.name: str | None = None
        self.waypoints: list[GpxWaypoint] = []

    def keep(self, point: Point, name: str, *texts: str | None) -> None:
        """A place, with its words and what else says of which kind it is; no more than so many."""
        if len(self.waypoints) < MAX_WAYPOINTS:
            kind, words = as_place(plain_name(name), *texts)
            self.waypoints.append(GpxWaypoint(point.latitude, point.longitude, words, kind))


def one_route(found: Found) -> GpxRoute:
    """All lines as one route. Raises GpxRefused."""
    source = _chosen(found)
    segments = _usable(source.lines)
    return GpxRoute(
        name=source.name or found.name or _any_name(found),
        segments=segments,
        waypoints=tuple(found.waypoints),
        warnings=tuple(_warnings(found, source, segments)),
    )


def each_route(found: Found) -> tuple[GpxRoute, ...]:
    """A route for each track (or plan) that goes somewhere, each with all places of the file. Raises GpxRefused."""
    source = _chosen(found)
    parts = [(name, _usable(lines)) for name, lines in _parts(source)]
    parts = [(name, segments) for name, segments in parts if segments]
    if len(parts) < 2:
        return (one_route(found),)
    if len(parts) > MAX_ROUTES:
        raise GpxRefused("too_many_routes", routes=len(parts), most=MAX_ROUTES)
    places = tuple(found.waypoints)
    return tuple(
        GpxRoute(
            name=name or _numbered(found.name, number),
            segments=segments,
            waypoints=places,
            warnings=tuple(_warnings(found, source, segments, alone=False)),
        )
        for number, (name, segments) in enumerate(parts, 1)
    )


def _numbered(name: str | None, number: int) -> str | None:
    return f"{name} {number}" if name else None


def _parts(source: Source) -> Iterator[tuple[str | None, list[list[Point]]]]:
    """What lies before the first track belongs to it; without any the lines are one part."""
    begins, names = source.begins or [0], source.names or [None]
    ends = [*begins[1:], len(source.lines)]
    for name, begin, end in zip(names, [0, *begins[1:]], ends, strict=True):
        yield name, source.lines[begin:end]


def _usable(lines: list[list[Point]]) -> Segments:
    """Lines that go somewhere: at least two points, not all the same."""
    return tuple(tuple(line) for line in lines if _goes_somewhere(line))


def _goes_somewhere(line: list[Point]) -> bool:
    return any(
        point.latitude != line[0].latitude or point.longitude != line[0].longitude for point in line[1:]
    )


def _chosen(found: Found) -> Source:
    sources = found.sources
    too_bad = [source for source in sources.values() if source.bad > BAD_SHARE * source.total]
    for source in sources.values():
        if source not in too_bad and _usable(source.lines):
            return source
    if too_bad:
        worst = too_bad[0]
        raise GpxRefused("too_many_bad_points", bad=worst.bad, points=worst.total)
    if sources["trk"].total + sources["rte"].total == 0:
        raise GpxRefused("no_line", waypoints=sources["wpt"].total)
    raise GpxRefused("too_few_points")


def _any_name(found: Found) -> str | None:
    return next((source.name for source in found.sources.values() if source.name), None)


def _warnings(
    found: Found, source: Source, segments: Segments, *, alone: bool = True
) -> Iterator[GpxWarning]:
    """`alone`: the segments are all there is in the file."""
    sources, points = found.sources, sum(map(len, segments))
    if source.skipped:
        yield GpxWarning("points_skipped", {"skipped": source.skipped, "points": source.total})
    gaps = [gap for gap in gaps_m(segments) if gap > GAP_M]
    if gaps:
        yield GpxWarning("gap", {"gaps": len(gaps), "longest_m": round(max(gaps))})
    if alone and source is sources["trk"] and source.parts > 1:
        yield GpxWarning("several_tracks", {"tracks": source.parts})
    if alone and source is sources["rte"] and source.parts > 1:
        yield GpxWarning("several_routes", {"routes": source.parts})
    if source is sources["wpt"]:
        yield GpxWarning("line_from_waypoints", {"waypoints": points})
    if not has_heights(segments):
        known = sum(point.elevation_m is not None for line in segments for point in line)
        yield GpxWarning("no_elevation", {"with_elevation": known, "points": points})
    timed = sum(one.timed for one in sources.values())
    if timed:
        yield GpxWarning("times_dropped", {"points": timed})
    waypoints = sum(map(len, sources["wpt"].lines))
    if waypoints > len(found.waypoints):
        yield GpxWarning("waypoints_dropped", {"waypoints": waypoints, "kept": len(found.waypoints)})
