"""Changing a line that is there: the other way round, closed to a loop, shorter, cut in two. And what somebody drew.

Lines come in segments; what lies between two segments is not walked.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from planner.domain.geo import DECIMALS, Point, Segments, ends, length_m, near, stretch

MOST_POINTS = 50_000
MOST_PARTS = 500
"""Of a drawing: the separate parts of a line, and the places on it."""
SAME_PLACE_M = 1.0
DRAWING_REFUSALS = ("unreadable", "not_on_earth", "too_few_points", "too_many_points", "place")
LINE_CHANGES = ("reverse", "close", "shorten", "split")
"""What can be done to a whole line at once."""


class DrawingRefused(Exception):
    """What was drawn cannot be a route. `code` is one of DRAWING_REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A place on the way that is new (`id` None) or changed."""

    latitude: float
    longitude: float
    kind: str
    name: str = ""
    image: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole line, and what changed of the places on it. A place that is neither in `places` nor in `removed` stays as
    it is. `on_paths`: parts of it were led along the paths that an engine knows, so these have their credit.
    `redrawn`: nothing of the line before is left, nor whose it was."""

    segments: Segments
    places: tuple[DrawnPlace, ...] = ()
    removed: frozenset[int] = frozenset()
    on_paths: bool = False
    redrawn: bool = False


def on_earth(latitude: float, longitude: float) -> Point:
    """A point as we keep it. Raises DrawingRefused."""
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise DrawingRefused("not_on_earth")
    return Point(round(latitude, DECIMALS), round(longitude, DECIMALS))


def usable(segments: Segments) -> Segments:
    """The parts that go somewhere. Raises DrawingRefused without any, or with more points than a route may have."""
    if sum(map(len, segments)) > MOST_POINTS or len(segments) > MOST_PARTS:
        raise DrawingRefused("too_many_points")
    kept = tuple(line for line in segments if len({(point.latitude, point.longitude) for point in line}) > 1)
    if not kept:
        raise DrawingRefused("too_few_points")
    return kept


def with_heights(segments: Segments, known: Segments) -> Segments:
    """Points that lie where one of the known line lies have its height: they were not moved."""
    heights = {_spot(point): point.elevation_m for line in known for point in line}
    return tuple(
        tuple(Point(point.latitude, point.longitude, heights.get(_spot(point))) for point in line)
        for line in segments
    )


def has_left(segments: Segments, old: Segments) -> bool:
    """Whether anything of the old line is still walked, whichever way: two of its points after each other."""
    return not _legs(segments).isdisjoint(_legs(old))


def _legs(segments: Segments) -> set[frozenset[tuple[float, float]]]:
    legs = (frozenset((_spot(one), _spot(other))) for line in segments for one, other in pairwise(line))
    return {leg for leg in legs if len(leg) == 2}


def _spot(point: Point) -> tuple[float, float]:
    return round(point.latitude, DECIMALS), round(point.longitude, DECIMALS)


def reversed_line(segments: Segments) -> Segments:
    """The same walk from the other end."""
    return tuple(line[::-1] for line in reversed(segments))


def closed(segments: Segments) -> Segments:
    """The last part goes on to where the walk began; a line that ends there stays as it is."""
    start, end = ends(segments)
    if near((end,), start, SAME_PLACE_M):
        return segments
    return (*segments[:-1], (*segments[-1], start))


def shortened(segments: Segments, from_start_m: float, from_end_m: float) -> Segments:
    """Without so many walked metres at both ends; empty when nothing is left."""
    whole = length_m(segments)
    if from_start_m + from_end_m >= whole:
        return ()
    return stretch(segments, from_start_m, whole - from_end_m)


def split_at(segments: Segments, along_m: float) -> tuple[Segments, Segments]:
    """What is walked before and after a place so far along the line; one of them is empty at an end."""
    whole = length_m(segments)
    if along_m <= 0:
        return (), segments
    if along_m >= whole:
        return segments, ()
    return stretch(segments, 0, along_m), stretch(segments, along_m, whole)


def in_walking_order(along: list[float | None]) -> bool:
    """Whether places, each so far along the line, are listed as one comes by them."""
    known = [one for one in along if one is not None]
    return known == sorted(known)
