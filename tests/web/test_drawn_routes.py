"""Routes as they are drawn: what the map's page sends, kept whole or given back."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from planner.formats.gpx import read_gpx
from planner.models import Walk
from planner.services.maps.route_pictures import MAPS
from planner.services.routes import route_points, walking_routes
from planner.services.weather import forecasts
from tests import makers
from tests.conftest import World
from tests.counting import work_inside
from tests.factories import gpx_file, id_in, make_client, make_route
from tests.page_client import Page, PageClient

SQUARE = [[5.12, 52.09], [5.12, 52.095], [5.13, 52.095]]
SCRIPT = {"X-Planner-Fetch": "line"}


def drawing(*lines: list[list[float]], places: tuple[dict[str, Any], ...] = (), **more: Any) -> str:
    features = [{"geometry": {"type": "MultiLineString", "coordinates": lines}}, *places]
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


def place(longitude: float, latitude: float, **said: Any) -> dict[str, Any]:
    return {"properties": said, "geometry": {"type": "Point", "coordinates": [longitude, latitude]}}


def on_map(coach: PageClient, address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(coach.get(f"{address}.geojson?whole=1").response.data)
    return found


def drawn_line(coach: PageClient, address: str) -> list[list[list[float]]]:
    lines = [one["geometry"] for one in on_map(coach, address)["features"]]
    return next(one["coordinates"] for one in lines if one["type"] == "MultiLineString")


def places(page: Page) -> list[str]:
    return [tag.get_text(strip=True) for tag in page.select("#places li strong a")]


def draw(coach: PageClient, address: str, line: str, **more: Any) -> Page:
    page = coach.get(f"{address}/draw")
    return page.submit(f"{address}/draw", line=line, **more)


def test_a_new_route_is_drawn(coach: PageClient) -> None:
    new = [
        place(5.125, 52.095, kind="bridge", name="Brug", image="Overgang"),
        place(5.12, 52.092, kind="bench"),
    ]
    page = coach.get("/routes/new")
    ways = [str(a["href"]) for a in page.select("main nav a")]
    assert ways == ["/routes/draw", "#f-gpx", "#f-name"]
    page = page.follow("Teken op de kaart")
    assert page.select("[data-with-map][hidden] [name=name]"), (
        "nothing to fill in without the map and its button"
    )
    done = page.submit(
        "/routes/draw", name="Getekend", meeting_point="Bij de brug", line=drawing(SQUARE, places=tuple(new))
    )
    found = done.one("[data-route]")
    assert (done.h1, found["data-distance-m"], found["data-points"]) == ("Getekend", "1239", "3")
    assert "De route is bewaard." in done.main
    assert "Bij de brug" in done.main
    assert "52.09000, 5.12000" in done.main
    assert places(done) == ["Bankje", "Brug"]
    assert "Overgang" in done.main


def test_the_same_drawing_twice_is_one_route(coach: PageClient) -> None:
    """Its answer was lost; and what was drawn on since then comes along."""
    page = coach.get("/routes/draw")
    for line in (
        drawing(SQUARE),
        drawing(SQUARE),
        drawing([*SQUARE, SQUARE[0]], places=(place(5.12, 52.09),)),
    ):
        done = page.submit("/routes/draw", name="Getekend", line=line)
    assert (done.one("[data-route]")["data-points"], len(places(done))) == ("4", 1)
    assert len(coach.get("/routes/").select("[data-route]")) == 1


def test_a_line_is_drawn_anew_and_what_was_not_touched_stays(world: World, coach: PageClient) -> None:
    """Heights of points that stay, places, words; the length is that of the new line."""
    points = "".join(
        f'<trkpt lat="{lat}" lon="5.12"><ele>{height}</ele></trkpt>'
        for lat, height in ((52.09, 4.5), (52.095, 6), (52.1, 8))
    )
    more = f'<wpt lat="52.095" lon="5.12"><name>Bankje</name></wpt><trk><trkseg>{points}</trkseg></trk>'
    file = BytesIO(f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{more}</gpx>'.encode())
    address = f"/routes/{make_route(world, gpx=(file, 'hoogte.gpx'), notes='Blijft staan')}"
    assert drawn_line(coach, address) == [[[5.12, 52.09], [5.12, 52.095], [5.12, 52.1]]]
    done = draw(coach, address, drawing([[5.12, 52.09], [5.125, 52.095], [5.12, 52.1]]))
    assert done.one("[data-route]")["data-distance-m"] == "1305"
    assert places(done) == ["Bankje"]
    assert "Blijft staan" in done.main
    line = read_gpx(coach.get(f"{address}.gpx").response.data).segments[0]
    assert [point.elevation_m for point in line] == [4.5, None, 8.0]


def test_places_are_added_changed_and_taken_away(world: World, coach: PageClient) -> None:
    more = "".join(
        f'<wpt lat="{lat}" lon="5.12"><name>{name}</name></wpt>'
        for lat, name in ((52.091, "Een"), (52.093, "Twee"), (52.094, "Drie"))
    )
    address = f"/routes/{make_route(world, gpx=gpx_file(more=more))}"
    features = [one for one in on_map(coach, address)["features"] if one["geometry"]["type"] == "Point"]
    ids = [one["properties"]["id"] for one in features]
    assert [one["properties"]["words"] for one in features] == [
        "Iets anders: Een",
        "Iets anders: Twee",
        "Iets anders: Drie",
    ]
    changed = (
        place(5.12, 52.0945, id=ids[0], kind="tree", name="Eik", image="Stevig staan"),
        place(5.125, 52.095),
    )
    done = draw(coach, address, drawing(SQUARE, places=changed, removed=[ids[1]]))
    assert places(done) == ["Drie", "Eik", "Iets anders"]
    assert "Stevig staan" in done.main


def test_a_walk_the_other_way_round_has_its_places_the_other_way_round(
    world: World, coach: PageClient
) -> None:
    more = "".join(f'<wpt lat="{lat}" lon="5.12"><name>{lat}</name></wpt>' for lat in (52.091, 52.093))
    address = f"/routes/{make_route(world, gpx=gpx_file(((52.09, 5.12), (52.1, 5.12)), more=more))}"
    assert places(coach.get(address)) == ["52.091", "52.093"]
    done = coach.get(f"{address}/draw").submit(f"{address}/line", change="reverse")
    assert places(done) == ["52.093", "52.091"]
    assert "52.10000, 5.12000" in done.main  # one meets at the new start


@pytest.mark.parametrize(
    ("given", "length", "points"),
    [
        ({"change": "reverse"}, 2465, 5),
        ({"change": "close"}, 2479, 6),
        ({"change": "shorten", "from_start_m": "556", "from_end_m": "100"}, 1809, 4),
        ({"change": "split", "at_m": "1000"}, 2465, 7),
    ],
)
def test_a_whole_line_changes_without_a_script(
    world: World, coach: PageClient, given: dict[str, str], length: int, points: int
) -> None:
    address = f"/routes/{make_route(world)}"
    done = coach.get(f"{address}/draw").submit(f"{address}/line", **given)
    found = done.one("[data-route]")
    assert int(found["data-distance-m"]) == pytest.approx(length, abs=1)
    assert int(found["data-points"]) == points


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"change": ""}, "change"),
        ({"change": "fold"}, "change"),
        ({"change": "shorten"}, "from_start_m"),
        ({"change": "shorten", "from_start_m": "9000"}, "change"),
        ({"change": "split"}, "at_m"),
        ({"change": "split", "at_m": "-1"}, "at_m"),
    ],
)
def test_a_change_that_cannot_be(world: World, coach: PageClient, given: dict[str, str], field: str) -> None:
    address = f"/routes/{make_route(world)}"
    page = coach.get(f"{address}/draw").submit(f"{address}/line", **given)
    assert (page.status, list(page.errors)) == (422, [field])
    assert coach.get(address).one("[data-route]")["data-distance-m"] == "2465"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        drawing(),
        drawing(SQUARE[:1]),
        drawing([[5, 95], [5, 52]]),
        drawing(SQUARE, places=(place(5, 52, kind="x"),)),
    ],
)
def test_a_refused_drawing_comes_back(world: World, coach: PageClient, line: str) -> None:
    address = f"/routes/{make_route(world)}"
    page = draw(coach, address, line)
    assert (page.status, page.one("[name=line]")["value"]) == (422, line)
    assert page.select("#errors li")
    heard = coach.post(f"{address}/draw", fields(page), headers=dict(SCRIPT))
    assert heard.status == 422
    assert heard.response.json["wrong"][0][1].endswith(".")
    assert coach.get(address).one("[data-route]")["data-points"] == "5"


def fields(page: Page, **changes: str) -> dict[str, Any]:
    form = page.form(page.path)
    return {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")} | changes


def test_a_nameless_new_route_comes_back(coach: PageClient) -> None:
    page = coach.get("/routes/draw").submit("/routes/draw", line=drawing(SQUARE))
    assert (page.status, list(page.errors)) == (422, ["name"])
    assert page.one("[name=line]")["value"] == drawing(SQUARE)


def test_two_tabs(world: World, coach: PageClient) -> None:
    """Nothing is overwritten in silence; what was drawn comes back with the version to save over."""
    address = f"/routes/{make_route(world)}"
    mine, theirs = (coach.get(f"{address}/draw") for _ in range(2))
    theirs.submit(f"{address}/draw", line=drawing(SQUARE))
    heard = coach.post(f"{address}/draw", fields(mine, line=drawing(SQUARE[:2])), headers=dict(SCRIPT))
    assert (heard.status, heard.response.json["version"]) == (409, 2)
    page = mine.submit(f"{address}/draw", line=drawing(SQUARE[:2]))
    assert (page.status, page.one("[name=line]")["value"]) == (409, drawing(SQUARE[:2]))
    assert coach.get(address).one("[data-route]")["data-points"] == "3"
    assert page.submit(f"{address}/draw").one("[data-route]")["data-points"] == "2"


def test_a_place_that_changed_elsewhere_is_another_version(world: World, coach: PageClient) -> None:
    """Adding, changing, moving or taking away: the drawing in the other tab hears of it, and the map is made again."""
    route = make_route(world)
    address, scope = f"/routes/{route}", world.coach().scope
    for along in (100.0, 900.0):
        makers.make_point(world, route, along_m=along)

    def ids() -> tuple[int, ...]:
        return tuple(one.id for one in walking_routes.show(world.store, world.coach(), route).waypoints)

    deeds: list[Callable[[], object]] = [
        lambda: makers.make_point(world, route, "Boom", along_m=500.0),
        lambda: coach.get(f"{address}/points/{ids()[0]}").submit(f"{address}/points/{ids()[0]}", name="Eik"),
        lambda: route_points.move(world.store, world.coach(), (route, ids()[0]), 1, world.now),
        lambda: route_points.remove(world.store, world.coach(), (route, ids()[0]), world.now),
    ]
    for number, deed in enumerate(deeds):
        page = coach.get(f"{address}/draw")
        with world.store.db.reading(scope) as session:
            before = forecasts.wakes(session)[MAPS]
        deed()
        with world.store.db.reading(scope) as session:
            assert forecasts.wakes(session)[MAPS] == before + 1, number
        assert page.submit(f"{address}/draw", line=drawing(SQUARE)).status == 409, number
    version = on_map(coach, address)["version"]
    route_points.move(world.store, world.coach(), (route, ids()[-1]), 1, world.now)
    assert on_map(coach, address)["version"] == version, "at the end it stays where it is"


def test_each_place_of_a_drawing_is_measured_before_it_is_kept(world: World, coach: PageClient) -> None:
    """Once on the line that was and once on the new one, however many there are."""
    address = f"/routes/{make_route(world)}"
    for number in range(2):
        new = tuple(place(5.12, 52.09 + one / 20_000, name=f"{number} {one}") for one in range(40))
        page = coach.get(f"{address}/draw")
        with work_inside("position_of") as called:
            assert coach.post(f"{address}/draw", fields(page, line=drawing(SQUARE, places=new))).status == 303
        assert 0 < called["position_of"] <= 2 * 40 and not called["position_of inside"]
    names = [one.removeprefix("Anders: ") for one in places(coach.get(address))]
    assert len(names) == 80 and names[:3] == ["0 0", "1 0", "0 1"]


def test_the_same_form_twice_is_one_deed(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world)}"
    page = coach.get(f"{address}/draw")
    answers = [
        coach.post(f"{address}/draw", fields(page, line=drawing(SQUARE)), headers=dict(SCRIPT))
        for _ in range(2)
    ]
    assert [one.response.json for one in answers] == [{"to": address}] * 2
    assert on_map(coach, address)["version"] == 2


def test_what_was_drawn_on_takes_the_place_of_what_was_sent(world: World, coach: PageClient) -> None:
    """The answer was lost; the words come along, and nobody's places go."""
    page = coach.get("/routes/draw")
    first = page.submit("/routes/draw", name="Eerste", meeting_point="Bij A", line=drawing(SQUARE))
    longer = drawing([*SQUARE, SQUARE[0]])
    done = page.submit("/routes/draw", name="Tweede", meeting_point="Bij B", line=longer)
    assert (done.path, done.h1, done.one("[data-route]")["data-points"]) == (first.path, "Tweede", "4")
    assert "Bij B" in done.main
    makers.make_point(world, id_in(first), "Van de hand")
    again = page.submit("/routes/draw", name="Derde", line=drawing(SQUARE))
    assert (again.status, again.one("[name=line]")["value"]) == (409, drawing(SQUARE))
    assert (coach.get(first.path).h1, places(coach.get(first.path))) == ("Tweede", ["Van de hand"])
    other = again.submit("/routes/draw")  # kept as another route
    assert (other.h1, other.path == first.path) == ("Derde", False)


def test_a_form_that_was_sent_goes_on_until_somebody_else_saves(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world)}"
    page = coach.get(f"{address}/draw")
    page.submit(f"{address}/draw", line=drawing(SQUARE))
    on = page.submit(f"{address}/draw", line=drawing([*SQUARE, SQUARE[0]]))
    assert on.one("[data-route]")["data-points"] == "4"
    draw(coach, address, drawing(SQUARE))
    assert page.submit(f"{address}/draw", line=drawing(SQUARE[:2])).status == 409


def test_the_id_of_another_form_is_no_drawing(world: World, coach: PageClient) -> None:
    coach.get("/clients/new").submit("/clients/new", first_name="Jan", form_id="elders")
    done = coach.get("/routes/draw").submit("/routes/draw", name="N", line=drawing(SQUARE), form_id="elders")
    assert (done.status, done.h1) == (200, "N")
    address = f"/routes/{make_route(world)}"
    assert draw(coach, address, drawing(SQUARE), form_id="elders").one("[data-route]")["data-points"] == "3"


def test_clients_hear_of_another_meeting_place(world: World, coach: PageClient) -> None:
    route = make_route(world, meeting_point="")
    walk = makers.make_walk(world, make_client(world), "2026-11-25T10:00", route_id=route)

    def sequence() -> int:
        with world.store.db.reading(world.coach("anna").scope) as session:
            return session.scalars(select(Walk.sequence).where(Walk.id == walk)).one()

    before = sequence()
    draw(coach, f"/routes/{route}", drawing([[5.12, 52.09], [5.12, 52.1]]))
    assert sequence() == before
    draw(coach, f"/routes/{route}", drawing([[5.2, 52.09], [5.12, 52.1]]))
    assert sequence() == before + 1


def test_a_place_of_ones_own_stays_where_one_meets(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world, latitude='52.3', longitude='5.3')}"
    assert "52.30000, 5.30000" in draw(coach, address, drawing(SQUARE)).main


def test_a_dense_line_far_from_here(world: World, coach: PageClient) -> None:
    """50,000 points and 200 km, on another half of the earth: kept whole, its length exact, its drawing small."""
    line = [[-70 + n * 2.1e-5, -30.0] for n in range(50_000)]
    done = coach.get("/routes/draw").submit("/routes/draw", name="Ver", line=drawing(line))
    found = done.one("[data-route]")
    assert found["data-points"] == "50000"
    assert int(found["data-distance-m"]) == pytest.approx(101_100, abs=200)
    address = f"/routes/{id_in(done)}"
    assert len(drawn_line(coach, address)[0]) == 50_000
    few = json.loads(coach.get(f"{address}.geojson").response.data)
    assert sum(len(one) for one in few["features"][0]["geometry"]["coordinates"]) <= 300
    assert draw(coach, address, drawing([*line, [0, 0]])).status == 422


def test_a_body_that_is_too_large(world: World, coach: PageClient) -> None:
    page = coach.get("/routes/draw")
    assert coach.post("/routes/draw", fields(page, line="x" * 6_100_000)).status == 413


def test_without_a_script_the_page_says_where_to_go(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world)}"
    page = coach.get(address).follow("Teken op de kaart")
    hint = page.one("noscript")
    assert [str(a["href"]) for a in hint.select("a")] == [
        f"/routes/new?replace={id_in(coach.get(address))}",
        f"{address}#places",
    ]
