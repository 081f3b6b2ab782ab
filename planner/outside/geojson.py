"""Lines as GeoJSON writes them: longitude first, perhaps a height."""

from __future__ import annotations

from planner.domain.geo import DECIMALS, Line, Point
from planner.outside.http import failed
from planner.outside.json_parts import Json, a_list, a_number, an_object

MOST_POINTS = 20_000


def line_of(feature: Json) -> Line:
    """The line of a GeoJSON geometry. Raises OutsideFailed when it is none, or far too long."""
    geometry = an_object(feature, "geometry")
    numbers = a_list(geometry.get("coordinates"))
    if geometry.get("type") != "LineString" or not 2 <= len(numbers) <= MOST_POINTS:
        raise failed("garbage")
    return tuple(_point(a_list(one)) for one in numbers)


def _point(numbers: list[object]) -> Point:
    longitude = a_number(numbers[0], -180, 180) if numbers else None
    latitude = a_number(numbers[1], -90, 90) if len(numbers) > 1 else None
    if latitude is None or longitude is None:
        raise failed("garbage")
    height = a_number(numbers[2], -500, 9000) if len(numbers) > 2 else None
    return Point(round(latitude, DECIMALS), round(longitude, DECIMALS), height)
