"""A route that leaves as a file comes back the same."""

from __future__ import annotations

from xml.etree import ElementTree

import gpxpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.geo import Point
from planner.domain.waypoints import KINDS
from planner.formats.gpx import GpxWaypoint, plain_name, read_gpx, write_gpx

latitudes = st.floats(-90, 90).map(lambda degrees: round(degrees, 7))
longitudes = st.floats(-180, 180).map(lambda degrees: round(degrees, 7))
heights = st.none() | st.floats(-500, 9000).map(lambda metres: round(metres, 3))
points = st.builds(Point, latitudes, longitudes, heights)
lines = (
    st.lists(points, min_size=2, max_size=8)
    .map(tuple)
    .filter(lambda line: len({(point.latitude, point.longitude) for point in line}) > 1)
)
names = st.text(max_size=250).map(plain_name)
waypoints = st.builds(GpxWaypoint, latitudes, longitudes, names, st.sampled_from(KINDS))


@settings(max_examples=200, deadline=None)
@given(
    name=names,
    segments=st.lists(lines, min_size=1, max_size=4).map(tuple),
    places=st.lists(waypoints, max_size=4).map(tuple),
)
def test_what_is_written_reads_back_identical(
    name: str, segments: tuple[tuple[Point, ...], ...], places: tuple[GpxWaypoint, ...]
) -> None:
    route = read_gpx(write_gpx(name, segments, places))
    assert route.name == (name or None)
    assert route.segments == segments
    assert route.waypoints == places
    assert write_gpx(route.name, route.segments, route.waypoints) == write_gpx(name, segments, places)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_a_clean_name_stays_as_it_is(text: str) -> None:
    name = plain_name(text)
    assert plain_name(name) == name
    assert len(name) <= 200


HOSTILE = '<script>alert("x")</script> & ]]> <!-- \x00\x1b\ufffe'
LINE = (Point(52.1, 5.18, 4.0), Point(52.1012345, 5.18))


def test_no_name_becomes_markup() -> None:
    written = write_gpx(HOSTILE, (LINE,), [GpxWaypoint(52.1, 5.18, HOSTILE, "bench")])
    root = ElementTree.fromstring(written)
    assert b"<script" not in written
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        "gpx", "wpt", "name", "type", "trk", "trkseg", "trkpt", "ele",
    }  # fmt: skip


def test_the_form_is_gpx_1_1_without_times() -> None:
    written = write_gpx("Rondje", (LINE, LINE[::-1]), [GpxWaypoint(52.1, 5.18, "Bankje", "bench")])
    root = ElementTree.fromstring(written)
    assert root.tag == "{http://www.topografix.com/GPX/1/1}gpx"
    assert root.get("version") == "1.1"
    assert b"time" not in written
    assert [element.tag.rpartition("}")[2] for element in root] == ["wpt", "trk"]
    assert b'lat="52.1012345"' in written


def test_another_reader_finds_the_same() -> None:
    written = write_gpx("Rondje", (LINE, LINE[::-1]), [GpxWaypoint(52.1, 5.18, "Bankje", "bench")])
    read = gpxpy.parse(written.decode())
    found = [line.points for line in read.tracks[0].segments]
    assert [[Point(one.latitude, one.longitude, one.elevation) for one in line] for line in found] == [
        list(LINE),
        list(LINE[::-1]),
    ]
    assert [(place.name, place.type) for place in read.waypoints] == [("Bankje", "bench")]


@pytest.mark.parametrize("name", [None, "", "   "])
def test_a_route_without_a_name(name: str | None) -> None:
    assert read_gpx(write_gpx(name, (LINE,))).name is None
