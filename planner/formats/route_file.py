"""A file with routes, whatever it was written in: GPX or GeoJSON. A route, or GpxRefused; never anything else."""

from __future__ import annotations

from planner.formats.geojson import looks_like_geojson, read_geojson, read_geojson_routes
from planner.formats.gpx import read_gpx, read_gpx_routes
from planner.formats.gpx_values import GpxRoute


def read_route(data: bytes) -> GpxRoute:
    """All lines of the file as one route. Raises GpxRefused."""
    return read_geojson(data) if looks_like_geojson(data) else read_gpx(data)


def read_routes(data: bytes) -> tuple[GpxRoute, ...]:
    """A route for each track, plan or feature, at least one. Raises GpxRefused."""
    return read_geojson_routes(data) if looks_like_geojson(data) else read_gpx_routes(data)
