"""The library of routes: found, looked at in one drawing, taken along as one file; and what is known of a route."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from planner.domain.tiles import PDOK_URL
from planner.formats.gpx import read_gpx_routes
from tests.conftest import World
from tests.counting import questions
from tests.factories import LINE, gpx_file, make_route
from tests.makers import make_route as made
from tests.page_client import PageClient

NORTH = tuple((lat + 0.1, lon) for lat, lon in LINE)


def test_all_in_one_drawing(world: World, coach: PageClient) -> None:
    make_route(world, name="Bij huis")
    make_route(world, name="Noord", gpx=gpx_file(NORTH), openness="trees")
    make_route(world, name="Ergens", line=False)
    cards = coach.get("/routes/")
    page = cards.follow("Alles op één kaart")
    drawing = page.one("svg.overview")
    assert len(drawing.select("polyline")) == 2
    links = [(str(link["href"]), str(link["aria-label"])) for link in drawing.select("a")]
    assert links == [("#route-1", "Route 1"), ("#route-3", "Route 3")]
    for target, _ in links:
        page.one(target)
    assert "1. Bij huis" in page.one("#route-1").get_text(" ", strip=True)
    assert "niet bekend" in page.one("#route-2").get_text()
    assert [str(tag["data-route"]) for tag in page.select("[data-route]")] == [
        str(tag["data-route"]) for tag in cards.select("[data-route]")
    ]


def test_the_question_stays_in_the_address(world: World, coach: PageClient) -> None:
    make_route(world, name="Bos", openness="trees", accessibility=["benches"])
    make_route(world, name="Noord", gpx=gpx_file(NORTH))
    cards = coach.get("/routes/", query_string={"openness": "trees", "wishes": ["benches"], "search": "bo"})
    drawn = cards.follow("Alles op één kaart")
    back = drawn.follow("Als kaartjes")
    for page in (cards, drawn, back):
        assert [str(tag["href"]) for tag in page.select("[data-route] h2 a")] == [
            str(cards.one("[data-route] h2 a")["href"])
        ]
        assert page.one("[name=wishes][checked]")["value"] == "benches"
        assert page.one("[name=search]")["value"] == "bo"
    assert drawn.one("[name=view]")["value"] == "map"
    file = coach.get(str(drawn.one("a[href*='all.gpx']")["href"])).response
    assert [route.name for route in read_gpx_routes(file.data)] == ["Bos"]


def test_all_on_one_map_are_the_routes_of_the_list(world: World, coach: PageClient) -> None:
    make_route(world, name="Bij <b>huis</b>")
    make_route(world, name="Ergens", line=False)
    make_route(world, name="Noord", gpx=gpx_file(NORTH), openness="trees")
    make_route(world, "bram", name="Van Bram")
    page = coach.get("/routes/?view=map")
    assert "img-src 'self' data:;" in page.response.headers["Content-Security-Policy"]
    found = coach.get(str(page.one("#map")["data-line"])).response
    assert found.content_type == "application/geo+json"
    features = json.loads(found.data)["features"]
    assert [(one["geometry"]["type"], one["properties"]["number"]) for one in features] == [
        ("MultiLineString", 1), ("Point", 1), ("MultiLineString", 3), ("Point", 3)
    ]  # fmt: skip
    for one in features:
        said, listed = one["properties"], page.one(f"#route-{one['properties']['number']} a")
        assert (said["name"], said["to"]) == (listed.get_text(), listed["href"])
        assert said["words"].startswith(f"{said['number']}. {said['name']}, ")
    assert features[1]["geometry"]["coordinates"] == [LINE[0][1], LINE[0][0]]
    asked = coach.get("/routes/?view=map&openness=trees")
    features = json.loads(coach.get(str(asked.one("#map")["data-line"])).response.data)["features"]
    assert {one["properties"]["name"] for one in features} == {"Noord"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"within": "5", "place": "52.091, 5.12"}, ["Bij huis"]),
        ({"within": "20", "place": "52.091,5.12"}, ["Bij huis", "Noord"]),
        ({"within": "5", "place": "-52.091 5.12"}, []),
        ({"within": "2"}, []),
        ({"within": "5"}, ["Bij huis"]),
        ({"within": "3", "place": "52.091, 5.12"}, ["Bij huis", "Ergens", "Noord"]),
        ({"place": "52.091, 5.12"}, ["Bij huis", "Ergens", "Noord"]),
    ],
    ids=str,
)
def test_near_a_place(world: World, coach: PageClient, query: dict[str, str], found: list[str]) -> None:
    make_route(world, name="Bij huis")
    make_route(world, name="Ergens", line=False)
    make_route(world, name="Noord", gpx=gpx_file(NORTH))
    page = coach.get("/routes/", query_string=query)
    assert [tag.get_text() for tag in page.select("[data-route] h2 a")] == found
    assert page.one("[name=place]")["value"] == query.get("place", "")


def test_a_place_that_is_none_is_said_and_asks_nothing(world: World, coach: PageClient) -> None:
    make_route(world, name="Bij huis")
    for place in ("Zeist", "91, 5", "52.1", "52.1, 181"):
        page = coach.get("/routes/", query_string={"within": "2", "place": place})
        assert page.select("[data-error=place]")
        assert page.one("[name=place]")["value"] == place
        assert len(page.select("[data-route]")) == 1


def test_the_home_point_counts_where_no_place_is_said(world: World, coach: PageClient) -> None:
    home = tuple((lat + 0.02, lon + 0.06) for lat, lon in LINE)
    make_route(world, name="Bij huis", gpx=gpx_file(home))
    make_route(world, name="Verder")
    page = coach.get("/routes/?within=2")
    assert page.one("details.fold").has_attr("open")
    assert [tag.get_text() for tag in page.select("[data-route] h2 a")] == ["Bij huis"]


def test_a_drawing_of_routes_that_nobody_knows_the_place_of(world: World, coach: PageClient) -> None:
    make_route(world, name="Ergens", line=False)
    page = coach.get("/routes/?view=map")
    assert page.select("svg.overview") == []
    assert len(page.select("[data-route]")) == 1
    assert coach.get("/routes/all.gpx").status == 404


def test_several_routes_go_out_and_come_back_in(world: World, coach: PageClient) -> None:
    make_route(
        world, name="Zuid", gpx=gpx_file(more='<wpt lat="52.095" lon="5.12"><name>Bankje</name></wpt>')
    )
    make_route(world, name="Noord & <b>", gpx=gpx_file(NORTH))
    file = coach.get("/routes/all.gpx").response
    assert file.headers["Content-Disposition"].startswith('attachment; filename="Routes.gpx"')
    north, south = read_gpx_routes(file.data)
    assert (north.name, south.name) == ("Noord & <b>", "Zuid")
    assert [(point.latitude, point.longitude) for point in south.segments[0]] == list(LINE)
    bram = world.browser("bram")
    token = bram.get("/routes/import").one("main [name=csrf_token]")["value"]
    page = bram.post("/routes/import", {"csrf_token": token, "files": [(BytesIO(file.data), "alles.gpx")]})
    assert len(page.select("[data-route-in=added]")) == 2


def test_many_routes_ask_no_more_of_the_database(world: World, coach: PageClient) -> None:
    asked = []
    for more in (2, 12):
        for number in range(more):
            made(world, f"Route {number}", line=True)
        for address in ("/routes/", "/routes/?view=map", "/routes/all.gpx", "/routes/all.geojson"):
            with questions(world) as found:
                assert coach.get(address).status == 200
            asked.append(len(found))
    assert asked[:4] == asked[4:]


def test_what_was_put_away_is_looked_at_apart(world: World, coach: PageClient) -> None:
    route = make_route(world, name="Weg")
    make_route(world, name="Noord", gpx=gpx_file(NORTH))
    coach.get(f"/routes/{route}").submit(f"/routes/{route}/archive", archived="1")
    away = coach.get("/routes/?archived=1").follow("Alles op één kaart")
    assert [tag.get_text(strip=True) for tag in away.select("[data-route] h2 a")] == ["Weg"]
    assert [route.name for route in read_gpx_routes(coach.get("/routes/all.gpx").response.data)] == ["Noord"]


NEW: dict[str, tuple[str, str]] = {
    "openness": ("trees", "Meestal onder bomen"),
    "bus": ("walk", "Een halte op een paar minuten lopen"),
    "dogs": ("loose", "Loslopende honden"),
    "cyclists": ("many", "Veel fietsers"),
    "reception": ("patchy", "Niet overal telefoonbereik"),
}


def test_what_is_known_of_a_route_is_kept_and_shown(world: World, coach: PageClient) -> None:
    route = make_route(world, **{name: code for name, (code, _) in NEW.items()})
    page = coach.get(f"/routes/{route}")
    for _, words in NEW.values():
        assert words in page.main
    assert "Zeg vooraf tegen iemand waar je loopt" in page.main
    edit = page.follow("Wijzig")
    assert {name: edit.one(f"[name={name}][checked]")["value"] for name in NEW} == {
        name: code for name, (code, _) in NEW.items()
    }


def test_where_an_ambulance_could_come(world: World, coach: PageClient) -> None:
    route = make_route(world, gpx=gpx_file(more='<wpt lat="52.095" lon="5.12"><name>Bankje</name></wpt>'))
    page = coach.get(f"/routes/{route}")
    assert "Voor 112: 52.09500, 5.12000" in page.one("#places").get_text(" ", strip=True)
    place = page.one("#places strong a")
    changed = coach.get(str(place["href"])).submit(nearest_road="Bosweg, Zeist")
    assert "Voor 112: Bosweg, Zeist, 52.09500, 5.12000" in " ".join(changed.one("#places").get_text().split())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "37 minuten"),
        ({"pace": "3.0"}, "49 minuten"),
        ({"pace": "9"}, "37 minuten"),
        ({"pace": "x"}, "37 minuten"),
    ],
    ids=str,
)
def test_time_at_a_pace(world: World, coach: PageClient, query: dict[str, Any], words: str) -> None:
    page = coach.get(f"/routes/{make_route(world)}", query_string=query)
    assert page.one("form.pace [role=status]").get_text(strip=True) == words
    assert page.one("article > .meta .paper").get_text(strip=True) == words, (
        "on paper only: one time in sight"
    )


def hill(heights: range | list[int]) -> tuple[BytesIO, str]:
    points = "".join(
        f'<trkpt lat="52.{900 + n}" lon="5.1"><ele>{height}</ele></trkpt>' for n, height in enumerate(heights)
    )
    return BytesIO(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>".encode()), "heuvel.gpx"


def test_heights_are_told_drawn_and_written_out(world: World, coach: PageClient) -> None:
    page = coach.get(f"/routes/{make_route(world, gpx=hill(range(0, 120, 4)))}").one("#heights")
    assert "Je klimt in totaal 108 meter" in page.get_text()
    assert len(page.select("svg.chart polyline")) == 1
    assert len(page.select("tbody tr")) == 9
    level = coach.get(f"/routes/{make_route(world, gpx=hill([3] * 30))}").one("#heights")
    assert ("Bijna vlak" in level.get_text(), level.select("svg.chart")) == (True, [])
    assert coach.get(f"/routes/{make_route(world)}").select("#heights") == []


def test_a_walk_of_200_km_in_another_country(world: World, coach: PageClient) -> None:
    settings = replace(world.settings, tile_url=PDOK_URL)
    world.rewire(settings=settings)
    line = tuple((48.0 + n / 10_000, 2.0) for n in range(20_000))
    route = make_route(world, gpx=gpx_file(line))
    page = coach.get(f"/routes/{route}")
    found = page.one("[data-route]")
    assert (found["data-points"], found["data-distance-m"]) == ("20000", "222379")
    assert "buiten Nederland" in page.main
    assert len(str(page.one("svg.sketch"))) < 20_000
    added = coach.get(f"/routes/{route}/points/new").submit(kind="bench", along_m="150000")
    place = added.one("#places strong a")
    assert coach.get(str(place["href"])).submit(name="Ver weg").status == 200
