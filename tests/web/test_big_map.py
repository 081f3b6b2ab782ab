"""The big map: for the coach, and behind a client's link only what that client may see."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import update

from planner.models import EVERYONE, Practice
from planner.web import assets
from tests import makers
from tests.conftest import World
from tests.factories import gpx_file, make_route
from tests.page_client import Page, PageClient

ANDROID = "Mozilla/5.0 (Linux; Android 16) Chrome/150"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Safari/605"
PLACES = "".join(
    f'<wpt lat="{lat}" lon="5.12"><name>{name}</name></wpt>'
    for lat, name in (
        (52.091, "Bankje bij Geheim"),
        (52.093, "Praatplek Geheim"),
        (52.094, "Brug"),
        (52.5, "Bank ver weg"),
    )
)


@pytest.fixture
def route(world: World) -> int:
    return make_route(world, gpx=gpx_file(more=PLACES), notes="Geheime notitie", meeting_point="Bij het bord")


def features(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page.response.data)["features"]
    return found


def test_the_coach_sees_line_places_and_meeting_point(coach: PageClient, route: int) -> None:
    page = coach.get(f"/routes/{route}").follow("Grote kaart")
    assert page.h1 == "Kaart van Schaapskooi"
    credit = page.one(".credit")
    assert credit.get_text() == "Kaartgegevens: 127.0.0.1", "whose map the settings say it is"
    assert credit.has_attr("hidden"), "no map, no credit: the script shows both"
    assert "Bij het bord" in page.main
    assert "52.09000,5.12000" in page.main
    assert "Bankje: Bankje bij Geheim" in page.main
    assert page.select("[data-flat] svg"), "a drawing without a script"
    line = coach.get(str(page.one("#map")["data-line"]))
    kinds = [one["properties"].get("kind") for one in features(line)]
    assert kinds == [None, "meeting", "bench", "talk_point", "bridge", "bench"]
    assert line.response.content_type == "application/geo+json"
    assert "Geheime notitie" not in line.response.get_data(as_text=True)


def test_without_a_contact_address_the_coach_hears_why_there_is_no_map(
    world: World, coach: PageClient, route: int, client: int
) -> None:
    pages = (f"/routes/{route}/map", f"/routes/{route}/draw", "/routes/draw")
    assert not [path for path in pages if coach.get(path).select("[data-nobody-asks]")]
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.execute(update(Practice).values(contact_sealed=None))
    for path in pages:
        said = coach.get(path).one("[data-nobody-asks]")
        assert "er is geen contactadres bekend" in said.get_text()
        assert coach.get("/settings").select(str(said.a and said.a["href"]).removeprefix("/settings"))
    walk = makers.make_walk(world, client, "2026-11-26T10:00", route_id=route)
    shown = world.browser().get(f"{makers.make_link(world, client)}walks/{walk}/map")
    assert not shown.select("[data-nobody-asks]"), "not a client's business"
    assert shown.select("[data-ground-gone]")


def test_a_route_in_words_has_a_map_that_says_so(world: World, coach: PageClient) -> None:
    page = coach.get(f"/routes/{make_route(world, line=False)}/map")
    assert "staat nog niets op de kaart" in page.main
    assert not page.select("#map")


@pytest.mark.parametrize("where", ["coach", "client"])
def test_only_pages_with_a_map_may_show_data_and_ask_where_one_is(
    world: World, coach: PageClient, route: int, client: int, where: str
) -> None:
    walk = makers.make_walk(world, client, route_id=route)
    link = makers.make_link(world, client)
    browser, page, without = {
        "coach": (coach, f"/routes/{route}/map", f"/routes/{route}"),
        "client": (world.browser(), f"{link}walks/{walk}/map", link),
    }[where]
    for address, shows in ((page, True), (without, False)):
        found = browser.get(address).response.headers
        assert ("img-src 'self' data:;" in found["Content-Security-Policy"]) is shows
        assert f"geolocation=({'self' if shows else ''})" in found["Permissions-Policy"]
        assert "script-src 'self';" in found["Content-Security-Policy"]


def test_a_client_sees_the_line_and_what_anybody_finds_there(world: World, route: int, client: int) -> None:
    walk, link = makers.make_walk(world, client, route_id=route), makers.make_link(world, client)
    page = world.browser().get(link).follow("Grote kaart")
    assert (page.path, page.h1) == (f"{link}walks/{walk}/map", "Grote kaart")
    headers = page.response.headers
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "noindex" in headers["X-Robots-Tag"]
    assert "Set-Cookie" not in headers
    assert "Bij het bord" in page.main
    line = world.browser().get(str(page.one("#map")["data-line"]), headers={"Sec-Fetch-Mode": "cors"})
    words = [one["properties"].get("words") for one in features(line)]
    assert words == [None, "Hier spreek je af: Bij het bord", "Bankje", "Brug"]
    assert "Set-Cookie" not in line.response.headers
    for text in (page.text, line.response.get_data(as_text=True)):
        assert "Praatplek" not in text
        assert "notitie" not in text
        assert "ver weg" not in text
        assert "Geheim" not in text, "a place has its kind only"


def test_a_walk_that_begins_elsewhere_leads_nobody_to_the_start_of_its_route(
    world: World, coach: PageClient, route: int, client: int
) -> None:
    walk = makers.make_walk(world, client, route_id=route, meeting_point="Bij de kerk")
    link, feed, browser = makers.make_link(world, client), makers.make_feed(world, client), world.browser()
    line = browser.get(f"{link}walks/{walk}/route.geojson")
    assert not [one for one in features(line) if one["properties"].get("kind") == "meeting"]
    addresses = (link, f"{link}walks/{walk}/map", feed, f"{link}walks/{walk}.ics")
    said = [browser.get(address).response.get_data(as_text=True) for address in addresses]
    said.append(coach.get(f"/walks/{walk}/sheet").main)
    for text in said:
        assert "Bij de kerk" in text
        assert not any(pin in text for pin in ("52.09000", "GEO:", "kaart-app", "geo:"))


def test_the_image_of_a_place_stays_with_the_coach(
    world: World, coach: PageClient, route: int, client: int
) -> None:
    coach.get(f"/routes/{route}").follow("Plek toevoegen").submit(
        kind="bridge", image="Kanariebeeld", along_m="300"
    )
    walk, link = makers.make_walk(world, client, route_id=route), makers.make_link(world, client)
    for name in ("map", "route.geojson"):
        assert "Kanariebeeld" not in world.browser().get(f"{link}walks/{walk}/{name}").response.get_data(
            as_text=True
        )
    assert "Kanariebeeld" in coach.get(f"/routes/{route}.geojson").response.get_data(as_text=True)


@pytest.mark.parametrize("what", ["cancelled", "past", "online", "in words"])
def test_a_walk_that_is_not_on_a_map_is_not_there(world: World, route: int, client: int, what: str) -> None:
    given: dict[str, Any] = {"route_id": route}
    if what == "online":
        given = {"setting": "online"}
    if what == "in words":
        given = {"route_id": make_route(world, line=False)}
    walk = makers.make_walk(world, client, "2026-11-20T10:00" if what == "past" else None, **given)
    link = makers.make_link(world, client)
    if what == "cancelled":
        world.browser("anna").get(f"/walks/{walk}/cancel").submit(reason="weather")
    assert "Grote kaart" not in world.browser().get(link).main
    for name in ("map", "route.geojson"):
        assert world.browser().get(f"{link}walks/{walk}/{name}").status == 404


@pytest.mark.parametrize(
    ("agent", "opens"),
    [(ANDROID, "geo:52.09000,5.12000"), (IPHONE, "https://maps.apple.com/?ll=52.09000,5.12000")],
)
def test_the_phones_own_map_app(world: World, route: int, client: int, agent: str, opens: str) -> None:
    walk, link = makers.make_walk(world, client, route_id=route), makers.make_link(world, client)
    page = world.browser().get(f"{link}walks/{walk}/map", headers={"User-Agent": agent})
    assert [a for a in page.select("a[href]") if str(a["href"]).startswith(opens)]


def test_the_page_keeps_the_language_that_was_chosen(world: World, route: int, client: int) -> None:
    makers.make_walk(world, client, route_id=route)
    link = makers.make_link(world, client)
    page = world.browser().get(f"{link}?lang=en").follow("Big map")
    assert "Where am I" in page.main
    assert page.follow("Back").h1 == "Your walks"
    assert "Here you meet" in world.browser().get(str(page.one("#map")["data-line"])).response.get_data(
        as_text=True
    )


def test_the_maps_program_has_its_version_in_its_address(world: World) -> None:
    """Kept for a year; of its package these two files and no other."""
    for name in ("leaflet.js", "leaflet.css"):
        address = assets.asset_url(f"{assets.LEAFLET}/{name}")
        assert "leaflet-1.9.4.1/" in address
        answer = world.browser().get(address).response
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert b"Leaflet" in answer.data if name.endswith("js") else b".leaflet-" in answer.data
        for other in ("leaflet-src.js", "leaflet.js.map", "images/marker-icon.png", "../apps.py"):
            assert world.browser().get(address.replace(name, other)).status == 404
    assert "Leaflet 1.9.4, BSD 2-Clause License" in world.browser().get("/licences").main
