"""Real files of other programs, read in place: they are not part of this repository."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import gpxpy
import pytest

from planner.domain.geo import length_m
from planner.formats.gpx import GpxRefused, read_gpx, write_gpx
from tests.counting import count

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
EXPECTED = SHARED / "gpx_expected.tsv"


def rows() -> list[dict[str, str]]:
    if not EXPECTED.exists():
        return []
    with EXPECTED.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def test_the_recorded_files_are_there() -> None:
    if not rows():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have the recorded GPX files in {SHARED}")
        pytest.skip("NO RECORDED GPX FILES: only files of our own making were read")
    assert {row["file"] for row in rows()} == {path.name for path in (SHARED / "gpx").glob("*.gpx")}


LENGTH = "track length m (haversine R=6371008.8, gaps not counted)"
REFUSED = {
    "broken_osmand_lat-undefined.gpx": "too_many_bad_points",
    "broken_undeclared-namespace-prefix.gpx": "undeclared_prefix",
    "osmand_empty-ele.gpx": "too_few_points",
    "utf8-bom_single-waypoint.gpx": "no_line",
}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_recorded_file(row: dict[str, str]) -> None:
    count("GPX samples read")
    data = (SHARED / "gpx" / row["file"]).read_bytes()
    if row["file"] in REFUSED:
        with pytest.raises(GpxRefused) as caught:
            read_gpx(data)
        assert caught.value.code == REFUSED[row["file"]]
        return
    route = read_gpx(data)
    sort = "track" if int(row["tracks"]) else "route"
    length = float(row[LENGTH] if sort == "track" else row["route length m"])
    assert sum(map(len, route.segments)) == int(row[f"{sort} points kept"])
    assert length_m(route.segments) == pytest.approx(length, rel=0.005, abs=1)
    if sort == "track":
        assert len(route.segments) == int(row["non-empty segments"])
    heights = sum(point.elevation_m is not None for line in route.segments for point in line)
    assert f"ele on {heights};" in row["notes"]
    assert len(route.waypoints) == int(row["waypoints"])
    again = read_gpx(write_gpx(route.name, route.segments, route.waypoints))
    assert (again.name, again.segments, again.waypoints) == (route.name, route.segments, route.waypoints)


NOT_FOR_GPXPY = {"broken_fix-value-not-in-spec.gpx", *REFUSED}
"""gpxpy turns the whole first file down for one value."""


@pytest.mark.parametrize("name", [row["file"] for row in rows() if row["file"] not in NOT_FOR_GPXPY], ids=str)
def test_a_second_opinion(name: str) -> None:
    data = (SHARED / "gpx" / name).read_bytes()
    other: Any = gpxpy.parse(data.decode("utf-8-sig"))
    lines = [line.points for track in other.tracks for line in track.segments if len(line.points) > 1]
    lines = lines or [path.points for path in other.routes]
    route = read_gpx(data)
    assert [len(line) for line in route.segments] == [len(line) for line in lines]
    for line, theirs in zip(route.segments, lines, strict=True):
        for point, their in zip(line, theirs, strict=True):
            assert (point.latitude, point.longitude) == pytest.approx(
                (their.latitude, their.longitude), abs=1e-7
            )
    length = sum(gpxpy.geo.length_2d(line) for line in lines)
    assert length_m(route.segments) == pytest.approx(length, rel=0.005, abs=1)
