"""GeoJSON, as strict as GPX: what is found in it, or why not."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.geo import length_m
from planner.formats.gpx_values import MAX_BYTES, MAX_POINTS, MAX_ROUTES, GpxRefused
from planner.formats.route_file import read_route, read_routes

SAMPLES = Path(__file__).parents[1] / "samples" / "geojson"
STEP_M = 111.195


def line(*positions: Any, sort: str = "LineString") -> bytes:
    return json.dumps({"type": sort, "coordinates": positions}).encode()


def test_each_line_is_a_route_with_its_name() -> None:
    data = (SAMPLES / "collection.geojson").read_bytes()
    heath, wood = read_routes(data)
    assert (heath.name, wood.name) == ("Rondje heide", "Rondje bos")
    assert [(len(part), part[0].longitude, part[0].latitude) for part in heath.segments] == [(3, 5.18, 52.1)]
    assert heath.segments[0][0].elevation_m == 4.1
    assert [len(part) for part in wood.segments] == [2, 2]
    assert length_m(wood.segments) == pytest.approx(2 * STEP_M, rel=0.001)
    assert {warning.code for warning in wood.warnings} == {"gap", "no_elevation"}
    assert [(one.kind, one.name) for one in heath.waypoints] == [
        ("bench", "Zitje"),
        ("crossroads", "Knooppunt 61"),
    ]
    whole = read_route(data)
    assert [len(part) for part in whole.segments] == [3, 2, 2]
    assert "several_tracks" in {warning.code for warning in whole.warnings}


@pytest.mark.parametrize(
    ("name", "called"), [("feature", "Los rondje"), ("bare_line_bom", None)], ids=["feature", "bare line"]
)
def test_a_single_one(name: str, called: str | None) -> None:
    (route,) = read_routes((SAMPLES / f"{name}.geojson").read_bytes())
    assert (route.name, len(route.segments[0])) == (called, 2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "not_json"),
        (b"[1, 2", "not_json"),
        (b'{"type": "LineString", "coordinates": [[NaN, 1]]}', "not_json"),
        (b'{"a": "\xff\xfe"}', "not_json"),
        (b"[]", "not_geojson"),
        (b'{"coordinates": []}', "not_geojson"),
        (b'{"type": ["LineString"]}', "not_geojson"),
        (b'{"type": "Polygon", "coordinates": []}', "no_line"),
        (b'{"type": "FeatureCollection"}', "no_line"),
        (line(), "no_line"),
        (line([5, 52]), "too_few_points"),
        (line([5, 52], [5, 52]), "too_few_points"),
        (line([155_000, 463_000], [155_100, 463_100]), "too_many_bad_points"),
        (line([1e300, 1e300], [10**400, 1], ["5", "52"], [True, False], None, {}, 5), "too_many_bad_points"),
        (
            b'{"type": "LineString", "coordinates": [[1e999, 1], [2, 1e999]]}',
            ("not_json", "too_many_bad_points"),
        ),
        (b"{" + b" " * MAX_BYTES, "too_large"),
        (b'{"a":' + b"[" * 150_000, "too_deep"),
        (b"[" * 250_000, "too_many_points"),
        (line(*[[5, 52]] * (MAX_POINTS + 1)), "too_many_points"),
        (b'{"type":"LineString","coordinates":[' + b"1.5," * 1_100_000 + b"1]}", "too_many_points"),
        (b'{"type":"GeometryCollection","geometries":[' * 20 + b"]}" * 20, "too_deep"),
    ],
    ids=range(21),
)
def test_refused_soon_and_in_little_memory(data: bytes, code: str | tuple[str, ...]) -> None:
    began = time.process_time()
    with pytest.raises(GpxRefused) as caught:
        read_routes(data)
    assert caught.value.code in ((code,) if isinstance(code, str) else code)
    assert time.process_time() - began < 1
    tracemalloc.start()
    with pytest.raises(GpxRefused):
        read_route(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_so_many_routes_in_a_file_and_no_more() -> None:
    def file(count: int) -> bytes:
        lines = [
            {"type": "LineString", "coordinates": [[5, 52], [5, 52.1 + number / 100]]}
            for number in range(count)
        ]
        return json.dumps({"type": "GeometryCollection", "geometries": lines}).encode()

    assert len(read_routes(file(MAX_ROUTES))) == MAX_ROUTES
    with pytest.raises(GpxRefused) as caught:
        read_routes(file(MAX_ROUTES + 1))
    assert (caught.value.code, caught.value.numbers["most"]) == ("too_many_routes", MAX_ROUTES)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "coordinates", "features", "geometry", "geometries", "properties", "name", "sym"]
            ),
            inner
            | st.sampled_from(
                [
                    "Feature",
                    "FeatureCollection",
                    "LineString",
                    "MultiLineString",
                    "Point",
                    "GeometryCollection",
                ]
            ),
            max_size=4,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=400, deadline=None)
@given(json_values)
def test_anything_is_read_or_refused(value: Any) -> None:
    for read in (read_route, read_routes):
        try:
            read(json.dumps(value, allow_nan=True).encode())
        except GpxRefused as refused:
            assert refused.code
