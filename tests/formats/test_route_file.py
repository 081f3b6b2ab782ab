"""Several routes in one GPX file: out of it, and into it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.formats.gpx import read_gpx_routes, write_gpx_routes
from planner.formats.gpx_values import MAX_ROUTES, GpxRefused

SAMPLES = Path(__file__).parents[1] / "samples" / "gpx"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.gpx").read_bytes()


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("two_tracks", ["Heen", "Terug"]),
        ("two_routes", ["Eerste", "Tweede"]),
        ("two_segments_gap", ["Met een gat"]),
        ("basecamp_trk_rte_wpt", ["Rondje track"]),
        ("only_waypoints", ["Langs drie plekken"]),
        ("komoot_like", ["Rondje heide"]),
    ],
)
def test_a_route_for_each_track(name: str, names: list[str]) -> None:
    assert [route.name for route in read_gpx_routes(sample(name))] == names


def test_points_outside_any_track_are_a_line_too() -> None:
    loose = b'<gpx><trkseg><trkpt lat="52" lon="5"/><trkpt lat="52.1" lon="5"/></trkseg></gpx>'
    assert [len(route.segments) for route in read_gpx_routes(loose)] == [1]


def test_several_routes_come_back_identical() -> None:
    routes = read_gpx_routes(sample("two_tracks"))
    written = write_gpx_routes([(route.name, route.segments) for route in routes])
    assert [(one.name, one.segments) for one in read_gpx_routes(written)] == [
        (one.name, one.segments) for one in routes
    ]


def test_no_more_than_so_many() -> None:
    track = '<trk><trkseg><trkpt lat="52" lon="5"/><trkpt lat="52.1" lon="5"/></trkseg></trk>'
    assert len(read_gpx_routes(f"<gpx>{track * MAX_ROUTES}</gpx>".encode())) == MAX_ROUTES
    with pytest.raises(GpxRefused, match="too_many_routes"):
        read_gpx_routes(f"<gpx>{track * (MAX_ROUTES + 1)}</gpx>".encode())
