"""A route on a map and back: GeoJSON as the map's page asks it, and as somebody drew it there.

GeoJSON says longitude first. What a drawing says beside places (times, heights, properties we do not know) is not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from planner.domain.geo import Point, Segments
from planner.domain.line_edits import (
    MOST_PARTS,
    MOST_POINTS,
    Drawing,
    DrawingRefused,
    DrawnPlace,
    on_earth,
    usable,
)
from planner.domain.waypoints import KINDS
from planner.formats.gpx_values import plain_name

MOST_ID = 2**63 - 1
IMAGE_LENGTH = 300
Position = list[float]


class _Line(msgspec.Struct, tag_field="type", tag="LineString"):
    coordinates: list[Position]


class _Lines(msgspec.Struct, tag_field="type", tag="MultiLineString"):
    coordinates: list[list[Position]]


class _Place(msgspec.Struct, tag_field="type", tag="Point"):
    coordinates: Position


class _Properties(msgspec.Struct):
    """`id` is text: a script's numbers have no room for ours."""

    id: str = ""
    kind: str = "other"
    name: str = ""
    image: str = ""


class _Feature(msgspec.Struct):
    geometry: _Line | _Lines | _Place
    properties: _Properties | None = None


class _Collection(msgspec.Struct):
    features: list[_Feature]
    removed: list[str] = []
    paths: bool = False


_drawn = msgspec.json.Decoder(_Collection)


def read_drawing(text: str) -> Drawing:
    """A FeatureCollection: the lines in it are the route, its points new or changed places; `removed` beside `features`
    holds ids of places that go, `paths` whether an engine led the line. Raises DrawingRefused."""
    try:
        found = _drawn.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise DrawingRefused("unreadable") from error
    lines, places = _lines(found), [one for one in found.features if isinstance(one.geometry, _Place)]
    if sum(map(len, lines)) > MOST_POINTS or len(lines) > MOST_PARTS:
        raise DrawingRefused("too_many_points")
    if len(places) > MOST_PARTS or len(found.removed) > MOST_PARTS:
        raise DrawingRefused("place")
    segments = tuple(tuple(_point(position) for position in line) for line in lines)
    return Drawing(
        usable(segments),
        tuple(_place(one) for one in places),
        frozenset(number for one in found.removed if (number := _id(one)) is not None),
        found.paths,
    )


def _lines(found: _Collection) -> list[list[Position]]:
    lines: list[list[Position]] = []
    for one in found.features:
        if isinstance(one.geometry, _Line):
            lines.append(one.geometry.coordinates)
        elif isinstance(one.geometry, _Lines):
            lines += one.geometry.coordinates
    return lines


def _point(position: Position) -> Point:
    if len(position) < 2:
        raise DrawingRefused("unreadable")
    return on_earth(position[1], position[0])


def _place(feature: _Feature) -> DrawnPlace:
    said = feature.properties or _Properties()
    if said.kind not in KINDS:
        raise DrawingRefused("place")
    where = _point(feature.geometry.coordinates)  # type: ignore[arg-type]
    name, image = plain_name(said.name), plain_name(said.image, IMAGE_LENGTH)
    return DrawnPlace(where.latitude, where.longitude, said.kind, name, image, _id(said.id))


def _id(text: str) -> int | None:
    """A number that a row can have."""
    fits = len(text) <= len(str(MOST_ID)) and text.isascii() and text.isdecimal()
    return int(text) if fits and int(text) <= MOST_ID else None


def write_map(segments: Segments, places: Iterable[tuple[Point, dict[str, Any]]], **more: Any) -> bytes:
    """What a map draws: one feature with the line, where there is one, and a feature for each place with what is said
    of it. `more` stands beside the features."""
    features = [*_way(segments, {}), *(_feature("Point", _position(where), said) for where, said in places)]
    return msgspec.json.encode({"type": "FeatureCollection", **more, "features": features})


def write_routes(routes: Iterable[tuple[Segments, Point, dict[str, Any]]]) -> bytes:
    """Several routes on one map: of each its line, where there is one, and its start, both with what is said of it."""
    features = [
        feature
        for segments, start, said in routes
        for feature in (*_way(segments, said), _feature("Point", _position(start), said))
    ]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _way(segments: Segments, said: dict[str, Any]) -> list[dict[str, Any]]:
    lines = [[_position(point) for point in line] for line in segments]
    return [_feature("MultiLineString", lines, said)] if lines else []


def _position(point: Point) -> tuple[float, float]:
    return point.longitude, point.latitude


def _feature(kind: str, coordinates: Any, said: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": said, "geometry": {"type": kind, "coordinates": coordinates}}
