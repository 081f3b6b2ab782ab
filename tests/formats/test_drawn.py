"""What comes from the map: read whole or refused with a reason, whatever was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.geo import Point
from planner.domain.line_edits import DRAWING_REFUSALS, MOST_PARTS, MOST_POINTS, Drawing, DrawingRefused
from planner.formats.drawn import read_drawing, write_map


def line(*coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": list(coordinates)}}


def place(longitude: float = 5.1, latitude: float = 52.0, **said: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "properties": said, "geometry": geometry}


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


GOOD = line([5.0, 52.0], [5.1, 52.0])


def test_longitude_comes_first_and_the_rest_is_not_read() -> None:
    drawn = read_drawing(
        collection(
            line([5.0, 52.0, 3.5], [5.1, 52.123456789]),
            {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": [[[6, 53], [7, 53]]]}},
            place(kind="bridge", name=" Een \u0000brug\n", image="Overgang", id="12", height="x"),
            place(kind="bench", id="9" * 5000),
            removed=["7", "x", "-1", "9" * 19, "9" * 30, "9" * 5000],
            bbox=[1],
        )
    )
    assert drawn.segments == ((Point(52.0, 5.0), Point(52.1234568, 5.1)), (Point(53, 6), Point(53, 7)))
    bridge, bench = drawn.places
    assert (bridge.kind, bridge.name, bridge.image, bridge.id) == ("bridge", "Een brug", "Overgang", 12)
    assert (bench.kind, bench.name, bench.id) == ("bench", "", None)
    assert drawn.removed == {7}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "unreadable"),
        ("[]", "unreadable"),
        ("{", "unreadable"),
        ('{"features": 3}', "unreadable"),
        (collection(line([5.0], [5.1, 52])), "unreadable"),
        (collection(line(["5", 52], [5.1, 52])), "unreadable"),
        (collection(line([5, None], [5.1, 52])), "unreadable"),
        ('{"features":[{"geometry":{"type":"LineString","coordinates":[[NaN,52],[5,52]]}}]}', "unreadable"),
        ('{"features":[{"geometry":{"type":"LineString","coordinates":[[1e999,52],[5,52]]}}]}', None),
        (collection({"geometry": {"type": "Polygon", "coordinates": []}}), "unreadable"),
        ("[" * 100_000, "unreadable"),
        ('{"features":' + "[" * 100_000, "unreadable"),
        ('{"features":[],"more":' + "[" * 100_000 + "]" * 100_000 + "}", None),
        (collection(), "too_few_points"),
        (collection(line([5.0, 52.0])), "too_few_points"),
        (collection(line([5.0, 52.0], [5.0, 52.0])), "too_few_points"),
        (collection(line([5.0, 91], [5.1, 52])), "not_on_earth"),
        (collection(line([5.0, 52], [181, 52])), "not_on_earth"),
        (collection(line(*[[5.0, 52.0 + n / 1e6] for n in range(MOST_POINTS + 1)])), "too_many_points"),
        (collection(*[GOOD] * (MOST_PARTS + 1)), "too_many_points"),
        (collection(GOOD, place(kind="castle")), "place"),
        (collection(GOOD, place(latitude=95)), "not_on_earth"),
        (collection(GOOD, *[place()] * (MOST_PARTS + 1)), "place"),
    ],
)
def test_what_is_refused(text: str, code: str | None) -> None:
    with pytest.raises(DrawingRefused) as refused:
        read_drawing(text)
    assert refused.value.code in ((code,) if code else DRAWING_REFUSALS)


def test_a_walk_of_200_km_far_from_here_is_a_walk() -> None:
    assert read_drawing(collection(line([-70, -30], [-68, -30]))).segments


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("type", "features", "geometry", "coordinates")), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON | st.builds(lambda inner: {"features": [{"geometry": inner}]}, JSON))
def test_whatever_is_sent_is_read_or_refused(sent: Any) -> None:
    try:
        drawn = read_drawing(json.dumps(sent))
    except DrawingRefused as refused:
        assert refused.code in DRAWING_REFUSALS
    else:
        assert isinstance(drawn, Drawing)


def test_what_is_written_is_read_again() -> None:
    segments = ((Point(52.0, 5.0, 7.0), Point(52.1, 5.1)), (Point(52.2, 5.1), Point(52.3, 5.1)))
    said = {"id": "5", "kind": "bench", "name": "Bankje", "image": "Rust", "number": 1}
    written = write_map(segments, [(Point(52.0, 5.05), said)], version=3)
    drawn = read_drawing(written.decode())
    assert [[(p.latitude, p.longitude) for p in part] for part in drawn.segments] == [
        [(52.0, 5.0), (52.1, 5.1)],
        [(52.2, 5.1), (52.3, 5.1)],
    ]
    assert drawn.places[0].id == 5
    assert json.loads(written)["version"] == 3
    assert json.loads(write_map((), [])) == {"type": "FeatureCollection", "features": []}
