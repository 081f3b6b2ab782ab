"""Every file of our own making, in the shapes that real programs write: what is found in it, or why not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from planner.domain.geo import length_m
from planner.formats.gpx import REFUSALS, WARNINGS, GpxRefused, GpxRoute, read_gpx
from tests.counting import count

SAMPLES = Path(__file__).parents[1] / "samples" / "gpx"
STEP_M = 111.195
"""Length of 0.001 degree of latitude: every leg in these files is a multiple of it."""


def sample(name: str) -> bytes:
    count("GPX samples read")
    return (SAMPLES / f"{name}.gpx").read_bytes()


READABLE = [
    # file, name, points per segment, legs, waypoint kinds, warnings
    ("komoot_like", "Rondje heide", [5], 4, [], {"times_dropped"}),
    (
        "wandelnet_like",
        "NS-wandeling Bossen & heide – één dag",
        [5],
        4,
        ["bench", "parking", "viewpoint"],
        {"no_elevation"},
    ),
    ("knooppuntnet_like", "05-61-120", [5], 4, ["crossroads"] * 3, {"no_elevation"}),
    ("komoot_with_places", "Rund um den Teich", [5], 4, ["parking", "bench", "transport"], set()),
    ("opentracks_pause", "Wandeling", [2, 2], 2, [], {"points_skipped", "no_elevation", "times_dropped"}),
    ("basecamp_trk_rte_wpt", "Rondje track", [5], 4, ["entrance", "shelter"], {"no_elevation"}),
    ("prefixed_root", "Met voorvoegsel", [5], 4, [], {"no_elevation"}),
    ("polar_ns2", None, [5], 4, [], {"no_elevation"}),
    ("utf16_bom", "Düne – Café", [5], 4, [], {"no_elevation"}),
    ("utf16_declared_utf8_bytes", "Eén pad", [5], 4, [], {"no_elevation"}),
    ("latin1_in_utf8", "Eén pad naar Café", [5], 4, [], {"no_elevation"}),
    ("latin1_declared", "Eén pad", [5], 4, [], {"no_elevation"}),
    ("newline_before_declaration", "Na een regel", [5], 4, [], {"no_elevation"}),
    ("comma_decimals", "Komma", [5], 4, [], set()),
    ("two_segments_gap", "Met een gat", [2, 2], 2, [], {"gap", "no_elevation"}),
    ("two_tracks", "Heen", [2, 2], 2, [], {"several_tracks", "no_elevation"}),
    ("two_routes", "Eerste", [2, 3], 2.5, [], {"several_routes", "no_elevation"}),
    (
        "only_waypoints",
        "Langs drie plekken",
        [3],
        2,
        ["entrance", "bridge", "tree"],
        {"line_from_waypoints", "no_elevation"},
    ),
    ("heights_of_every_kind", "Hoogte", [6], 5, [], {"no_elevation"}),
    ("one_bad_point", "Een punt mist", [5], 4, [], {"points_skipped", "no_elevation"}),
    ("place_not_on_earth", "Een sprong", [3, 3], 4, [], {"points_skipped", "no_elevation"}),
    ("extensions_with_everything", "Alles erbij", [3], 2, [], {"no_elevation"}),
]


@pytest.mark.parametrize(("file", "name", "points", "legs", "kinds", "warnings"), READABLE)
def test_a_readable_file(
    file: str, name: str | None, points: list[int], legs: float, kinds: list[str], warnings: set[str]
) -> None:
    route = read_gpx(sample(file))
    assert route.name == name
    assert [len(line) for line in route.segments] == points
    assert length_m(route.segments) == pytest.approx(legs * STEP_M, abs=0.1)
    assert [waypoint.kind for waypoint in route.waypoints] == kinds
    assert {warning.code for warning in route.warnings} == warnings


REFUSED = {
    "entity_bomb": "doctype",
    "doctype_external": "doctype",
    "external_entity": "doctype",
    "kml": "kml",
    "html_login": "html",
    "xhtml_login": "html",
    "other_root": "not_gpx",
    "geojson": "not_gpx",
    "half_bad_points": "too_many_bad_points",
    "two_equal_points": "too_few_points",
    "single_waypoint": "no_line",
    "no_points": "no_line",
    "undeclared_prefix": "undeclared_prefix",
    "truncated": "not_well_formed",
}


def refusal(data: bytes) -> GpxRefused:
    with pytest.raises(GpxRefused) as caught:
        read_gpx(data)
    return caught.value


@pytest.mark.parametrize(("file", "code"), REFUSED.items())
def test_a_refused_file(file: str, code: str) -> None:
    assert refusal(sample(file)).code == code


def test_every_file_of_ours_is_in_a_table() -> None:
    listed = {row[0] for row in READABLE} | {"script_in_name"} | set(REFUSED)
    assert listed == {path.stem for path in SAMPLES.glob("*.gpx")}


def test_every_code_is_listed_for_the_words() -> None:
    seen = {warning.code for row in READABLE for warning in read_gpx(sample(row[0])).warnings}
    assert seen == set(WARNINGS) - {"waypoints_dropped"}
    assert set(REFUSED.values()) < set(REFUSALS)


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("route.gpx", sample("komoot_like"))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (zipped(), "zip"),
        (b"\x1f\x8b\x08\x00" + bytes(20), "zip"),
        (b"\x0e\x20\x43\x08\x99\x00\x00\x00.FIT\x00\x00", "fit"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "not_gpx"),
        (b"<", "not_well_formed"),
        (b"<gpx", "not_well_formed"),
        (b"<gpx><trk></gpx>", "not_well_formed"),
        (b"<gpx>&unknown;</gpx>", "not_well_formed"),
        (b"<gpx/><gpx/>", "not_well_formed"),
        (b'<?xml version="1.0" encoding="UTF-8"?><gpx><name>\x81\xff</name></gpx>', "encoding"),
        ("<gpx></gpx>".encode("utf-32"), "encoding"),
        (b"<HTML><body>", "html"),
        (b"<div>moved</div>", "not_gpx"),
    ],
)
def test_bytes_that_are_no_route(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_an_unknown_alphabet_is_read_as_plain_text() -> None:
    route = read_gpx(sample("komoot_like").replace(b"UTF-8", b"x-own-letters"))
    assert route.name == "Rondje heide"


def test_numbers_come_with_the_codes() -> None:
    assert refusal(sample("half_bad_points")).numbers == {"bad": 2, "points": 4}
    assert refusal(sample("undeclared_prefix")).numbers == {"line": 6}
    numbers = {w.code: w.numbers for w in read_gpx(sample("two_segments_gap")).warnings}
    assert numbers["gap"] == {"gaps": 1, "longest_m": 334}
    numbers = {w.code: w.numbers for w in read_gpx(sample("opentracks_pause")).warnings}
    assert numbers["points_skipped"] == {"skipped": 2, "points": 6}


def test_an_unknown_height_is_not_zero() -> None:
    heights = [point.elevation_m for point in read_gpx(sample("heights_of_every_kind")).segments[0]]
    assert heights == [12.346, None, None, None, None, None]


def test_a_name_is_plain_text_of_at_most_200_characters() -> None:
    route = read_gpx(sample("script_in_name"))
    assert route.name is not None
    assert route.name.startswith('<script>alert("1")</script> lang lang')
    assert len(route.name) <= 200
    assert route.waypoints[0].name == "<img src=x onerror=alert(1)>"


def with_name(name: str) -> GpxRoute:
    return read_gpx(sample("komoot_like").replace(b"Rondje heide", name.encode()))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Een\n  naam\tmet   ruimte", "Een naam met ruimte"),
        ("<b>Vet</b> pad", "Vet pad"),
        ("&#x202E;kcab", "kcab"),
        ("pad&#x85;twee", "pad twee"),
        ("\U0001f333 bos", "\U0001f333 bos"),
        ("   ", None),
        ("2013-07-06T14:59:00Z", None),
        ("2013-07-06 14:59", None),
        ("Rondje 2013-07-06", "Rondje 2013-07-06"),
        ("a" * 5000, "a" * 200),
    ],
)
def test_names_are_cleaned(written: str, read: str | None) -> None:
    assert with_name(written).name == read


def test_nobody_is_named_and_no_moment_is_kept() -> None:
    route = read_gpx(sample("komoot_like"))
    assert "Someone" not in repr(route)
    assert "2025" not in repr(route)


def test_a_bad_track_leaves_a_good_route() -> None:
    data = b"""<gpx><trk><trkseg><trkpt lat="undefined" lon="5"/></trkseg></trk>
    <rte><rtept lat="52.1" lon="5"/><rtept lat="52.2" lon="5"/></rte></gpx>"""
    assert len(read_gpx(data).segments[0]) == 2


@pytest.mark.parametrize(
    "point",
    [
        '<trkpt lon="5"/>',
        '<trkpt lat="" lon="5"/>',
        '<trkpt lat="52,1,1" lon="5"/>',
        '<trkpt lat="nan" lon="5"/>',
        '<trkpt lat="-inf" lon="5"/>',
        '<trkpt lat="52.1" lon="180.0001"/>',
        '<trkpt lat="1e400" lon="5"/>',
        f'<trkpt lat="{"9" * 10_000}" lon="5"/>',
    ],
)
def test_one_point_that_cannot_be_is_skipped_and_counted(point: str) -> None:
    good = "".join(f'<trkpt lat="52.{number}" lon="5"/>' for number in range(10, 20))
    route = read_gpx(f"<gpx><trk><trkseg>{good}{point}</trkseg></trk></gpx>".encode())
    assert [len(line) for line in route.segments] == [10]
    assert route.warnings[0].code == "points_skipped"
    assert route.warnings[0].numbers == {"skipped": 1, "points": 11}
