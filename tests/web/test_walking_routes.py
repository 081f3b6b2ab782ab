"""Routes through the front door: the library, files of every sort, one route and its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import gpxpy
import pytest

from planner.formats.gpx import MAX_BYTES, REFUSALS, read_gpx
from planner.formats.route_file import read_route
from planner.web.wording_sentences import GPX_REFUSED
from tests.conftest import World
from tests.factories import LINE, gpx_file, id_in, make_route
from tests.page_client import Page, PageClient

SAMPLES = sorted((Path(__file__).parent.parent / "samples" / "gpx").glob("*.gpx"))


def upload(content: bytes, name: str = "rondje.gpx") -> tuple[BytesIO, str]:
    return BytesIO(content), name


def track(points: str, head: str = "<gpx>") -> bytes:
    return f"{head}<trk><trkseg>{points}</trkseg></trk></gpx>".encode()


def hooks(page: Page) -> dict[str, str]:
    return {
        name: str(value) for name, value in page.one("[data-route]").attrs.items() if name.startswith("data-")
    }


BROKEN: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b" \n",
    "too_large": lambda: b"<gpx>" + b" " * MAX_BYTES,
    "zip": lambda: b"PK\x03\x04 rest",
    "fit": lambda: b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT",
    "html": lambda: b"<!DOCTYPE html><html><body>log in</body></html>",
    "kml": lambda: b"<kml></kml>",
    "not_gpx": lambda: b"<osm></osm>",
    "not_json": lambda: b'{"type": "LineString", "coordinates": [[5',
    "not_geojson": lambda: b'{"type": "Topology"}',
    "doctype": lambda: b'<!DOCTYPE gpx [<!ENTITY a "b">]><gpx>&a;</gpx>',
    "encoding": lambda: b'<?xml version="1.0" encoding="UTF-8"?><gpx><name>\x81\xff</name></gpx>',
    "undeclared_prefix": lambda: b"<gpx>\n<gpxpx:a/></gpx>",
    "not_well_formed": lambda: b"<gpx>\n<trk>",
    "too_deep": lambda: b"<gpx>" + b"<a>" * 40,
    "too_many_elements": lambda: b"<gpx>" + b"<a/>" * 1_000_001,
    "too_many_points": lambda: track("<trkpt lat='1' lon='1'/>" * 50_001),
    "no_line": lambda: b'<gpx><wpt lat="52" lon="5"/></gpx>',
    "too_few_points": lambda: track("<trkpt lat='52' lon='5'/>" * 2),
    "too_many_bad_points": lambda: track(
        "<trkpt lat='undefined' lon='5'/>" * 3 + "<trkpt lat='52' lon='5'/>"
    ),
}


def test_there_is_a_broken_file_for_every_refusal() -> None:
    """All but one: a single route is made of all lines of a file, however many there are."""
    assert set(BROKEN) == set(REFUSALS) - {"too_many_routes"}


@pytest.mark.parametrize("code", BROKEN)
def test_a_refused_file_is_told_in_both_languages(world: World, coach: PageClient, code: str) -> None:
    """A sentence beside the file, nothing else lost, nothing kept."""
    content, said = BROKEN[code](), {}
    for language in ("nl", "en"):
        coach.get("/account").submit("/account", language=language)
        page = coach.get("/routes/new").submit(
            "/routes/new",
            name="Rondje Zeist",
            meeting_point="Bij de fontein",
            notes="Let op het hek",
            latitude="52,1",
            longitude="5,2",
            surface="sand",
            environment_tags=["heath", "water"],
            trusted="1",
            gpx=upload(content),
        )
        assert page.status == 422
        assert list(page.errors) == ["gpx"]
        said[language] = page.errors["gpx"]
        kept = {str(tag["name"]): str(tag.get("value")) for tag in page.select("form input[checked]")}
        assert (kept["surface"], kept["trusted"]) == ("sand", "1")
        assert [tag["value"] for tag in page.select("[name=environment_tags][checked]")] == ["heath", "water"]
        assert page.one("[name=name]")["value"] == "Rondje Zeist"
        assert "Bij de fontein" in page.one("[name=meeting_point]").get_text()
        assert page.one("[name=latitude]")["value"] == "52,1"
    assert said["nl"] != said["en"]
    assert re.search(r"\w+ \w+ \w+.*\.", said["nl"])
    assert not re.search(r"%\(|ongeldig|invalid", "".join(said.values()), re.IGNORECASE)
    if code != "too_large":  # the field stops that one first
        start = str(GPX_REFUSED[code]).split("%(")[0]
        assert said["nl"].startswith(start) or said["en"].startswith(start)
    assert coach.get("/routes/").select("[data-route]") == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_any_file_is_a_route_or_a_sentence(coach: PageClient, path: Path) -> None:
    page = coach.get("/routes/new").submit("/routes/new", gpx=upload(path.read_bytes(), path.name))
    if page.status == 422:
        assert list(page.errors) == ["gpx"]
        return
    route = read_route(path.read_bytes())
    assert hooks(page)["data-points"] == str(sum(map(len, route.segments)))
    assert "<script>alert" not in page.text
    told = {tag.get_text(" ", strip=True) for tag in page.select("[role=status] .note")}
    assert len(told) == len(route.warnings)


def test_a_file_becomes_a_route(coach: PageClient, world: World) -> None:
    page = coach.get(f"/routes/{make_route(world)}")
    found = hooks(page)
    assert (found["data-distance-m"], found["data-points"], found["data-minutes"]) == ("2465", "5", "37")
    assert "data-climb-m" not in found
    assert page.h1 == "Schaapskooi"
    assert "Bij het houten bord" in page.main
    assert page.one("svg.sketch")["aria-label"].startswith("Schets van de route: 2,5 km")
    card = coach.get("/routes/").one("[data-route]")
    assert {name: str(card[name]) for name in found} == found


def test_climb_is_told_when_it_can_be_trusted(world: World, coach: PageClient) -> None:
    rise = "".join(f'<trkpt lat="52.{900 + n}" lon="5.1"><ele>{n * 4}</ele></trkpt>' for n in range(30))
    page = coach.get(f"/routes/{make_route(world, gpx=upload(track(rise)))}")
    assert hooks(page)["data-climb-m"] == "108"
    assert "108 m omhoog" in page.main


def test_a_route_in_words(world: World, coach: PageClient) -> None:
    fields = {"distance_km": "3,2", "is_loop": "1", "latitude": "52.09, 5.12"}
    page = coach.get(f"/routes/{make_route(world, line=False, **fields)}")
    assert hooks(page) == {
        "data-route": page.path.rsplit("/", 1)[-1],
        "data-points": "0",
        "data-distance-m": "3200",
        "data-minutes": "48",
    }
    assert "rondje" in page.main
    assert "52.09000, 5.12000" in page.main
    assert page.select("svg.sketch") == []
    assert coach.get(page.path + ".gpx").status == 404


def test_only_a_meeting_point_will_do(world: World, coach: PageClient) -> None:
    page = coach.get(f"/routes/{make_route(world, line=False)}")
    assert set(hooks(page)) == {"data-route", "data-points"}
    assert "thuispunt" in page.main


def test_the_name_may_come_from_the_file(coach: PageClient) -> None:
    pages = [
        coach.get("/routes/new").submit("/routes/new", gpx=file)
        for file in (gpx_file(name="Uit het bestand"), gpx_file(name=""))
    ]
    assert [page.h1 for page in pages] == ["Uit het bestand", "rondje"]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, ["name", "meeting_point"]),
        ({"name": "Zonder plek"}, ["meeting_point"]),
        ({"meeting_point": "Bij de kerk"}, ["name"]),
        ({"name": "A", "meeting_point": "B", "latitude": "52"}, ["longitude"]),
        ({"name": "A", "meeting_point": "B", "longitude": "5"}, ["latitude"]),
        ({"name": "A", "meeting_point": "B", "latitude": "95", "longitude": "5"}, ["latitude"]),
        ({"name": "A", "meeting_point": "B", "latitude": "52, 500"}, ["longitude"]),
        ({"name": "A", "meeting_point": "B", "latitude": "nan", "longitude": "5"}, ["latitude"]),
        ({"name": "A", "meeting_point": "B", "surface": "lava"}, ["surface"]),
        ({"name": "A", "meeting_point": "B", "environment_tags": ["mars"]}, ["environment_tags"]),
        ({"name": "A" * 101, "meeting_point": "B"}, ["name"]),
        ({"name": "A", "meeting_point": "B", "distance_km": "-3"}, ["distance_km"]),
    ],
    ids=str,
)
def test_bad_input_comes_back_with_a_sentence(
    coach: PageClient, fields: dict[str, Any], refused: list[str]
) -> None:
    page = coach.get("/routes/new").submit("/routes/new", **fields)
    assert page.status == 422
    assert sorted(page.errors) == sorted(refused)
    assert coach.get("/routes/").select("[data-route]") == []


def test_facts_are_kept_and_shown(world: World, coach: PageClient) -> None:
    fields = {
        "surface": "gravel",
        "environment_tags": ["forest", "avenue"],
        "quietness": "quiet",
        "quiet_days": ["mon", "sat"],
        "quiet_parts": ["morning"],
        "privacy_level": "high",
        "greenness": "mostly",
        "noise": "none",
        "sounds": ["birds"],
        "shelter": "some",
        "parking": "free",
        "accessibility": ["benches", "flat"],
        "trusted": "1",
        "notes": "Sleutel van het hek\nligt links",
    }
    page = coach.get(f"/routes/{make_route(world, **fields)}")
    for words in (
        "Grind",
        "Bos en laan met bomen",
        "Maandag en zaterdag",
        "Vogels",
        "Gratis parkeren",
        "Sleutel",
    ):
        assert words in page.main
    edit = page.follow("Wijzig")
    for name, value in fields.items():
        if isinstance(value, list):
            assert {tag["value"] for tag in edit.select(f"[name={name}][checked]")} == set(value)
    again = edit.submit()
    assert again.main.replace("De route is bewaard.", "").split() == page.main.split()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Bos", "Park", "Woorden"]),
        ({"search": "par"}, ["Park"]),
        ({"search": "houten BORD bos"}, ["Bos"]),
        ({"environment": "forest"}, ["Bos"]),
        ({"minutes": "30"}, ["Woorden"]),
        ({"minutes": "45"}, ["Bos", "Park", "Woorden"]),
        ({"wishes": ["quiet"]}, ["Park"]),
        ({"wishes": ["benches", "wheelchair"]}, ["Park"]),
        ({"wishes": ["toilet"]}, []),
        ({"environment": "volcano"}, ["Bos", "Park", "Woorden"]),
    ],
    ids=str,
)
def test_looking_for_a_route(
    world: World, coach: PageClient, query: dict[str, Any], names: list[str]
) -> None:
    make_route(world, name="Bos", environment_tags=["forest"], accessibility=["benches"])
    make_route(world, name="Park", quietness="quiet", accessibility=["benches", "wheelchair"])
    make_route(world, name="Woorden", line=False, distance_km="1,5")
    page = coach.get("/routes/", query_string=query)
    assert [tag.get_text(strip=True) for tag in page.select("[data-route] h2")] == names


def test_the_download_reads_back_identical(world: World, coach: PageClient) -> None:
    more = '<wpt lat="52.0951234" lon="5.1212345"><name>Bankje &amp; boom</name><type>bench</type></wpt>'
    sent, name = gpx_file(name="Hé, <rondje>".replace("<", "&lt;"), more=more)
    route_id = make_route(world, name="Hé, rondje “b”", gpx=(sent, name))
    answer = coach.get(f"/routes/{route_id}.gpx").response
    assert answer.mimetype == "application/gpx+xml"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=\"He-rondje-b.gpx\"; filename*=UTF-8''H%C3%A9%2C%20")
    read = read_gpx(answer.data)
    assert [(point.latitude, point.longitude) for point in read.segments[0]] == list(LINE)
    assert [(one.name, one.kind, one.latitude) for one in read.waypoints] == [
        ("Bankje & boom", "bench", 52.0951234)
    ]
    assert read.name == "Hé, rondje “b”"
    second = gpxpy.parse(answer.data.decode())
    assert second.get_points_no() == len(LINE)
    again = make_route(world, name="Hé, rondje “b”", gpx=upload(answer.data))
    assert coach.get(f"/routes/{again}.gpx").response.data == answer.data


def test_only_the_upload_takes_a_large_body(coach: PageClient) -> None:
    big = track("<trkpt lat='52.1' lon='5.1'/><trkpt lat='52.2' lon='5.2'/>" + "<!-- -->" * 200_000)
    assert 1_000_000 < len(big) < MAX_BYTES
    assert id_in(coach.get("/routes/new").submit("/routes/new", gpx=upload(big)))
    token = coach.get("/routes/new").one("main [name=csrf_token]")["value"]
    for address in ("/toolkit/new", "/login", "/routes/1/edit", "/routes/1/trim"):
        assert coach.post(address, {"csrf_token": token, "gpx": upload(big)}).status == 413
    assert coach.post("/routes/new", {"csrf_token": token, "gpx": upload(b" " * 6_100_000)}).status == 413


def test_the_same_form_twice_makes_one(coach: PageClient) -> None:
    page = coach.get("/routes/new")
    paths = {page.submit("/routes/new", gpx=gpx_file()).path for _ in range(2)}
    assert len(paths) == 1
    assert len(coach.get("/routes/").select("[data-route]")) == 1


def test_another_practice_has_nothing_to_do_with_it(world: World) -> None:
    more = '<wpt lat="52.095" lon="5.12"><name>Bankje</name></wpt>'
    route_id = make_route(world, gpx=gpx_file(more=more))
    anna, bram = world.browser("anna"), world.browser("bram")
    place = anna.get(f"/routes/{route_id}").one("#places li a")["href"]
    token = bram.get("/routes/new").one("main [name=csrf_token]")["value"]
    for path in (f"/routes/{route_id}", f"/routes/{route_id}/edit", f"/routes/{route_id}.gpx", str(place)):
        assert bram.get(path).status == 404
    for path in ("edit", "trim", "archive", "points/new"):
        data = {"csrf_token": token, "name": "A", "meeting_point": "B", "kind": "bench"}
        assert bram.post(f"/routes/{route_id}/{path}", data).status == 404
    for path in ("", "/move", "/delete"):
        assert bram.post(f"{place}{path}", {"csrf_token": token, "kind": "bench"}).status == 404
    assert (
        bram.post(f"/routes/new?replace={route_id}", {"csrf_token": token, "gpx": gpx_file()}).status == 404
    )
    assert bram.get("/routes/").select("[data-route]") == []
    assert world.browser("cor").get(f"/routes/{route_id}").h1 == "Schaapskooi"  # a colleague walks there too
    assert len(anna.get(f"/routes/{route_id}").select("#places li")) == 1


def test_looking_changes_nothing(world: World, coach: PageClient) -> None:
    route_id = make_route(world)
    before = coach.get(f"/routes/{route_id}").main
    for path in ("", "/edit", ".gpx", "/points/new"):
        assert coach.get(f"/routes/{route_id}{path}").status == 200
    for path in ("/trim", "/archive"):
        assert coach.get(f"/routes/{route_id}{path}").status == 405
    assert coach.get(f"/routes/{route_id}").main == before
