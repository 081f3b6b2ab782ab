"""Tiles and maps through the front door: who gets which, how long a browser keeps them, what stands on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from planner.domain.geo import Point
from planner.domain.tiles import PDOK_URL
from planner.models import Route
from planner.services.clients import sharing
from planner.services.routes import route_changes, walking_routes
from planner.services.walks import walks
from planner.web.tiles.answers import BLANK
from planner.web.tiles.limits import MOST, WINDOW_S, LinkTiles
from tests import makers
from tests.address_book import csrf
from tests.conftest import World
from tests.counting import questions
from tests.mapping import make_photo, make_pictures, plain_tile
from tests.page_client import Page, PageClient
from tests.tile_places import tile_at
from tests.tile_server import TileServer, tile_server

HERE, CLOSE_BY, FAR = Point(52.084, 5.172), Point(52.11, 5.19), Point(52.37, 4.89)


@pytest.fixture
def server(world: World) -> Iterator[TileServer]:
    with tile_server() as made:
        settings = replace(world.settings, tile_url=made.template, contact="praktijk@example.org")
        world.rewire(settings=settings)
        yield made


def address(place: Point, zoom: int = 15, start: str = "/") -> str:
    tile = tile_at(place, zoom)
    return f"{start}tiles/{tile.z}/{tile.x}/{tile.y}"


@pytest.fixture
def link(world: World) -> str:
    """Of a client who walks tomorrow."""
    client = makers.make_client(world)
    route = makers.make_route(
        world, line=True, meeting_point="Op de parkeerplaats. Bij het bord.", is_loop=True
    )
    makers.make_walk(world, client, "2026-11-24T10:00", route_id=route)
    return makers.make_link(world, client)


# tiles


def test_a_tile_that_did_not_come_is_a_picture() -> None:
    with Image.open(BytesIO(BLANK)) as found:
        assert (found.format, found.size) == ("PNG", (256, 256))


def test_a_coach_gets_tiles(coach: PageClient, server: TileServer) -> None:
    found = coach.get(address(HERE)).response
    assert (found.status_code, found.data, found.content_type) == (200, plain_tile(), "image/png")
    assert found.headers["Cache-Control"] == "private, max-age=604800"
    assert "Set-Cookie" not in found.headers
    coach.get(address(HERE))
    assert len(server.asked) == 1
    headers = server.asked[0][1]
    assert headers["user-agent"].endswith("praktijk@example.org")
    assert not {"referer", "cookie", "origin", "x-forwarded-for", "authorization"} & headers.keys()


def test_many_tiles_of_one_map_read_a_line_once(
    world: World, visitor: PageClient, link: str, server: TileServer
) -> None:
    def lines(place: Point, status: int) -> int:
        with questions(world) as asked:
            assert visitor.get(address(place, start=link)).status == status
        return sum("outline" in sql for sql in asked)

    assert [lines(HERE, 200), lines(CLOSE_BY, 200), lines(FAR, 404)] == [1, 0, 0]
    with world.store.db.reading(world.coach().scope) as session:
        (route,) = session.scalars(select(Route.id))
    content = re.sub(rb'lat="52.0(\d+)" lon="5.', rb'lat="52.3\1" lon="4.', makers.gpx())
    route_changes.replace_line(world.store, world.coach(), route, content, world.now)
    assert [lines(HERE, 404), lines(HERE, 404)] == [1, 0], "there they do not walk any more"


def test_nobody_else_does(world: World, visitor: PageClient, server: TileServer) -> None:
    page = visitor.get(address(HERE))
    assert page.status == 303 and page.response.headers["Location"].startswith("/login")
    assert server.asked == []


@pytest.mark.parametrize(
    "path", ["/tiles/5/16/10", "/tiles/20/1/1", "/tiles/14/20000/1", "/tiles/14/1/20000"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_outside_the_map(coach: PageClient, server: TileServer, path: str, method: str) -> None:
    assert coach.open(method, path).status == 404
    assert server.asked == []


@pytest.mark.parametrize(
    "path", ["/tiles/14/-1/1", "/tiles/a/b/c", "/tiles/14/1.5/1", f"/tiles/14/{'9' * 900}/1"]
)
def test_no_numbers(coach: PageClient, server: TileServer, path: str) -> None:
    assert coach.get(path).status == 404
    assert server.asked == []


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_a_tile_that_does_not_come(coach: PageClient, server: TileServer, status: int) -> None:
    server.refuses(status)
    found = coach.get(address(HERE)).response
    assert found.status_code == 503
    assert found.content_type == "image/png" and found.data.startswith(b"\x89PNG")
    assert found.headers["Cache-Control"] == "no-store"
    assert int(found.headers["Retry-After"]) >= 30


def test_a_link_gets_tiles_by_its_own_routes(visitor: PageClient, server: TileServer, link: str) -> None:
    for place in (HERE, CLOSE_BY):
        found = visitor.get(address(place, start=link), headers={"Sec-Fetch-Mode": "no-cors"}).response
        assert (found.status_code, found.data) == (200, plain_tile())
        assert found.headers["Cache-Control"] == "private, max-age=86400"
        assert found.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in found.headers
    token = link.split("/")[2]
    assert all(token not in str(asked) for asked in server.asked)


def test_a_link_asks_for_so_many_and_then_waits(
    world: World, visitor: PageClient, server: TileServer, link: str
) -> None:
    at_s = [0.0]
    world.app.extensions["link_tiles"] = limits = LinkTiles(lambda: at_s[0])
    client = sharing.by_token(world.store, link.split("/")[2], world.now, sharing.PAGE)
    assert client is not None
    for _ in range(MOST):
        assert limits.wait_s(client.client_id) == 0
    assert limits.wait_s(client.client_id + 1) == 0, "another link has its own"
    at_s[0] = 60.0
    found = visitor.get(address(HERE, start=link)).response
    assert (found.status_code, found.headers["Retry-After"]) == (429, "540")
    assert found.content_type == "image/png"
    at_s[0] = WINDOW_S
    assert visitor.get(address(HERE, start=link)).status == 200


@pytest.mark.parametrize("zoom", [10, 13, 16, 19])
def test_a_link_is_no_way_into_any_map(visitor: PageClient, server: TileServer, link: str, zoom: int) -> None:
    page, never = visitor.get(address(FAR, zoom, link)), visitor.get(f"{link}nergens")
    assert page.status == never.status == 404
    assert visitor.get(f"{link}tiles/20/0/0").status == 404
    assert server.asked == []


def test_a_link_without_a_coming_walk_gets_none(
    world: World, visitor: PageClient, server: TileServer, link: str
) -> None:
    later = world.settings.clock_offset + timedelta(days=3)
    world.rewire(settings=replace(world.settings, clock_offset=later))
    assert visitor.get(link).status == 200
    assert visitor.get(address(HERE, start=link)).status == 404
    assert server.asked == []


def test_a_link_that_was_withdrawn_gets_none(
    world: World, visitor: PageClient, server: TileServer, link: str
) -> None:
    client = makers.make_client(world, "Twee")
    other = makers.make_link(world, client)
    sharing.revoke(world.store, world.coach(), client, world.now)
    unknown = f"/s/{'A' * 43}/"
    pages = [visitor.get(address(HERE, start=start)) for start in (other, unknown)]
    assert [page.status for page in pages] == [404, 404]
    assert pages[0].response.data == pages[1].response.data
    assert server.asked == []


# maps on pages


def alt_of(page: Page) -> str:
    return str(page.one("main img.sketch[width='720']")["alt"])


def addresses_of(page: Page, width: int = 720) -> tuple[str, str]:
    image = page.one(f"main img.sketch[width='{width}']")
    assert "loading" not in image.attrs, "a lazy picture is not on paper"
    source = image.find_parent("picture").select("source[type='image/webp']")[0]  # type: ignore[union-attr]
    return str(source["srcset"]), str(image["src"])


def test_the_page_of_a_route_has_its_map(world: World, coach: PageClient) -> None:
    route = makers.make_route(
        world,
        line=True,
        is_loop=True,
        meeting_point="Op de parkeerplaats bij de schaapskooi. Ik sta bij het bord.",
    )
    page = coach.get(f"/routes/{route}")
    assert page.select("svg.sketch") and not page.select("picture"), "the sketch until there is a map"
    make_pictures(world)
    page = coach.get(f"/routes/{route}")
    assert not page.select("figure svg.sketch")
    assert (
        alt_of(page)
        == "Kaart. Rondje van 1,6 kilometer. Start en einde: op de parkeerplaats bij de schaapskooi."
    )
    for path, kind in zip(addresses_of(page), ("image/webp", "image/png"), strict=True):
        found = coach.get(path).response
        assert (found.status_code, found.content_type) == (200, kind)
        assert found.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    asked = coach.get(f"/routes/{route}/picture/page").response
    assert asked.headers["Cache-Control"] == "private, no-cache"
    again = coach.get(f"/routes/{route}/picture/page", headers={"If-None-Match": asked.headers["ETag"]})
    assert again.status == 304
    assert coach.get(f"/routes/{route}/picture/wall").status == 404


def test_in_english(world: World) -> None:
    route = makers.make_route(world, line=True, meeting_point="At the station")
    client = makers.make_client(world, language="en")
    makers.make_walk(world, client, "2026-11-24T10:00", route_id=route)
    make_pictures(world)
    page = world.browser().get(makers.make_link(world, client))
    assert alt_of(page) == "Map. A round of 1.6 kilometres. Start and end: at the station."


def test_a_new_line_shows_the_sketch_until_it_is_drawn(world: World, coach: PageClient) -> None:
    route = makers.make_route(world, line=True)
    make_pictures(world)
    old = addresses_of(coach.get(f"/routes/{route}"))
    content = makers.gpx().replace(b"52.0862", b"52.0899")
    route_changes.replace_line(world.store, world.coach(), route, content, world.now)
    page = coach.get(f"/routes/{route}")
    assert page.select("svg.sketch") and not page.select("picture")
    assert [coach.get(path).status for path in old] == [404, 404]
    make_pictures(world)
    assert addresses_of(coach.get(f"/routes/{route}")) != old


def test_cards_have_a_small_one_and_the_credit_stands_below(world: World, coach: PageClient) -> None:
    makers.make_route(world, "Een", line=True)
    makers.make_route(world, "Twee", line=True)
    assert "Kaartgegevens" not in coach.get("/routes/").main
    make_pictures(world)
    page = coach.get("/routes/")
    assert len(page.select("picture.thumb")) == 2 and not page.select("svg.thumb")
    assert page.main.count("Kaartgegevens") == 1
    assert {str(one["alt"]) for one in page.select("picture.thumb img")} == {""}
    assert coach.get(str(page.select("picture.thumb source")[0]["srcset"])).status == 200


def test_the_clients_page_has_the_map_and_the_photo_in_a_fold(
    world: World, visitor: PageClient, link: str
) -> None:
    page = visitor.get(link)
    assert page.select("svg.sketch") and not page.select("img")
    make_pictures(world)
    route = _route_of(world)
    make_photo(world, route, "Het houten bord")
    page = visitor.get(link)
    assert not page.select("svg.sketch")
    assert alt_of(page) == "Kaart. Rondje van 1,6 kilometer. Start en einde: op de parkeerplaats."
    for path in (*addresses_of(page), str(page.one("details img")["src"])):
        assert path.startswith(link), "the coach's addresses are not for clients"
        found = visitor.get(path, headers={"Sec-Fetch-Mode": "no-cors"}).response
        assert found.status_code == 200 and found.content_type.startswith("image/")
        assert found.headers["Cache-Control"] == "private, no-cache", "a withdrawn link shows nothing more"
        again = visitor.get(path, headers={"If-None-Match": found.headers["ETag"]})
        assert again.status == 304
    photo = page.one("details img")
    assert (photo["alt"], photo["loading"]) == ("Het houten bord", "lazy")
    assert page.one("details.photo summary").get_text() == "Foto van het afspreekpunt"


def _route_of(world: World) -> int:
    return walking_routes.found(world.store, world.coach(), lambda *_: True).routes[0].id


def test_a_shorter_walk_keeps_its_sketch(world: World, visitor: PageClient) -> None:
    """It shows which part of the route is walked; the map shows the whole."""
    client = makers.make_client(world, page_asks=frozenset({"lengths"}))
    route = makers.make_route(world, line=True)
    walk = makers.make_walk(world, client, "2026-11-24T10:00", route_id=route, minutes=50)
    link = makers.make_link(world, client)
    make_pictures(world)
    assert visitor.get(link).select("picture")
    makers.answer(world, link, walk, length="short")
    page = visitor.get(link)
    assert page.select("svg.sketch") and not page.select("picture")


def test_no_photo_where_they_meet_elsewhere(world: World, visitor: PageClient, coach: PageClient) -> None:
    client = makers.make_client(world)
    route = makers.make_route(world, line=True, meeting_point="Bij het bord")
    make_photo(world, route)
    walk = makers.make_walk(
        world, client, "2026-11-24T10:00", route_id=route, meeting_point="Bij het station"
    )
    link = makers.make_link(world, client)
    assert not visitor.get(link).select("details.photo")
    assert visitor.get(f"{link}walks/{walk}/photo").status == 404
    assert not coach.get(f"/walks/{walk}/sheet").select("img.photo")


@pytest.mark.parametrize("what", ["picture", "picture.png", "photo"])
def test_a_link_shows_its_own_coming_walks_only(
    world: World, visitor: PageClient, link: str, what: str
) -> None:
    """Another client's walk of the same coach on the same route, one that is off, one that is over."""
    route = _route_of(world)
    make_photo(world, route)
    make_pictures(world)
    own, other = makers.make_client(world, "Eigen"), makers.make_client(world, "Ander")
    page = makers.make_link(world, own)
    others = makers.make_walk(world, other, "2026-11-24T14:00", route_id=route)
    coming = makers.make_walk(world, own, "2026-11-25T10:00", route_id=route)
    past = makers.make_walk(world, own, "2026-11-20T10:00", route_id=route)
    indoors = makers.make_walk(world, own, "2026-11-26T10:00", setting="indoors")
    assert visitor.get(f"{page}walks/{coming}/{what}").status == 200
    for walk in (others, past, indoors):
        assert visitor.get(f"{page}walks/{walk}/{what}").status == 404
    walks.cancel(world.store, world.coach(), coming, "coach", world.now)
    assert visitor.get(f"{page}walks/{coming}/{what}").status == 404


def test_a_walk_has_the_map_of_its_whole_route_only(world: World, coach: PageClient) -> None:
    """Another length has its sketch, that says which part is walked."""
    client = makers.make_client(world)
    route = makers.make_route(world, line=True, is_loop=True, meeting_point="Bij het bord")
    walk = makers.make_walk(world, client, "2026-11-23T10:00", minutes=60, route_id=route)
    assert coach.get(f"/walks/{walk}").select("svg.sketch")
    make_pictures(world)
    page = coach.get(f"/walks/{walk}")
    assert addresses_of(page) == addresses_of(coach.get(f"/routes/{route}"))
    assert not page.select("svg.sketch")
    shorter = page.client.post(f"/walks/{walk}/length", {"csrf_token": csrf(coach), "length": "short"})
    assert shorter.status == 303
    page = coach.get(f"/walks/{walk}")
    assert page.select("svg.sketch") and not page.select("picture")


def test_the_sheet_has_them_and_its_worker_keeps_them(world: World, coach: PageClient) -> None:
    client = makers.make_client(world)
    route = makers.make_route(world, line=True, is_loop=True, meeting_point="Bij het bord")
    walk = makers.make_walk(world, client, "2026-11-23T10:00", route_id=route)
    assert coach.get(f"/walks/{walk}/sheet").select("svg.sketch")
    make_photo(world, route)
    make_pictures(world)
    page = coach.get(f"/walks/{walk}/sheet")
    webp, png = addresses_of(page)
    photo = str(page.one("img.photo")["src"])
    assert not page.select("svg.sketch") and "loading" not in page.one("img.photo").attrs
    script = coach.get(f"/walks/{walk}/worker.js").text
    found = re.search(r"const ASSETS = /(.+)/g;", script)
    assert found
    kept = re.findall(found[1].replace("\\/", "/"), page.text)
    assert {webp, photo} <= set(kept) and png not in kept, "one of the two is enough"


@pytest.mark.parametrize(
    ("template", "reach", "abroad"), [(PDOK_URL, "50.5 3.25 54.0 7.6", True), ("", "", False)]
)
def test_a_page_says_how_far_its_map_reaches(world: World, template: str, reach: str, abroad: bool) -> None:
    """As the source of the tiles does, and nothing else: the sentence, the script and the server agree."""
    settings = replace(world.settings, tile_url=template or "http://127.0.0.1:9/{z}/{x}/{y}.png")
    world.rewire(settings=settings)
    coach = world.browser("anna")
    route = makers.make_route(world, line=True, latitude=48.9, longitude=2.3)
    assert coach.get(f"/routes/{route}/map").one("#map")["data-reach"] == reach
    assert ("buiten Nederland" in coach.get(f"/routes/{route}").main) is abroad
