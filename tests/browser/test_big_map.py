"""The big map in a browser: signs that are named and reached, without its ground too, and nobody else hears of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser import serving, whereabouts
from tests.browser.conftest import Visits
from tests.browser.hand import Keys
from tests.browser.serving import Served
from tests.tile_server import TileServer, tile_server

pytestmark = pytest.mark.browser
SHOWN = "() => document.querySelectorAll('.leaflet-tile-loaded[src^=data]').length > 3"
SOON_S, LONGEST_S = 10, 30
"""However long the planner asks to wait, the map asks again after this."""


@pytest.fixture(scope="module")
def tiles() -> Iterator[TileServer]:
    with tile_server() as server:
        yield server


@pytest.fixture
def grounded(demo_template: Path, tmp_path: Path, visits: Visits, tiles: TileServer) -> Iterator[Served]:
    """The example practice, with a server of tiles behind it."""
    tiles.serves()
    tiles.asked.clear()
    with serving.web_on_copy(demo_template, tmp_path, PLANNER_TILE_URL=tiles.template) as served:
        yield served
        visits.close()


def test_signs_are_named_and_reached_and_said(visits: Visits, demo: Served) -> None:
    page = visits(demo)
    page.goto(whereabouts.practice_of(demo, page).route + "/map")
    keys = Keys(page)
    keys.to("#map")
    before = page.locator(".sign").first.bounding_box()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "was => document.querySelector('.sign').getBoundingClientRect().x < was - 40", arg=before["x"]
    )
    keys.press(".sign[aria-label^='1. Bankje']")
    expect(page.locator("[data-chosen]")).to_contain_text("Bankje")
    for sign in page.locator("#map :is(.sign, .leaflet-bar a)").all():
        box = sign.bounding_box()
        assert box and round(min(box["width"], box["height"])) >= 48
        assert sign.get_attribute("aria-label")
    assert page.locator(".leaflet-popup").count() == 0
    expect(page.locator("[data-credit]")).to_be_visible()
    expect(page.locator(".leaflet-control-scale-line")).to_be_visible()


def test_every_route_is_chosen_on_one_map_by_key_and_by_finger(visits: Visits, demo: Served) -> None:
    page = visits(demo)
    page.goto("/routes/?view=map")
    expect(page.locator("#map[data-ready]")).to_be_visible()
    expect(page.locator("svg.overview").first).to_be_hidden()
    Keys(page).press(".sign[aria-label^='1. ']")
    name = page.locator("#route-1 a").inner_text()
    expect(page.locator("[data-chosen]")).to_contain_text(f"1. {name}, ")
    expect(page.locator("path.way.chosen")).to_have_count(1)
    expect(page.locator("[data-picked] a:focus")).to_have_text(f"1. {name}")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    page = visits(demo, width=390, has_touch=True)
    page.goto("/routes/?view=map")
    shared = page.locator(".sign[aria-label*=';']").first
    box = shared.bounding_box()
    assert box and round(min(box["width"], box["height"])) >= 48
    shared.tap()
    words = str(shared.get_attribute("aria-label"))
    expect(page.locator("[data-picked] a")).to_have_count(1 + words.count(";"))
    assert all(one.bounding_box()["height"] >= 44 for one in page.locator("[data-picked] a").all())
    line = page.locator("path.hit").nth(1)
    line.dispatch_event("click")
    expect(page.locator("[data-picked] a")).to_have_count(1)


def test_a_client_with_the_map_open_meets_nobody_else(visits: Visits, demo: Served) -> None:
    places = whereabouts.practice_of(demo, visits(demo))
    page = visits(
        demo,
        width=390,
        signed_in=False,
        geolocation={"latitude": 52.1, "longitude": 5.24},
        permissions=["geolocation"],
    )
    visits.watch.visited.clear()
    page.goto(places.link)
    page.get_by_role("link", name="Grote kaart").click()
    expect(page.locator("path.way")).to_have_count(1)
    assert page.locator("[data-where]").inner_text() == "", "nobody asks before the press"
    page.click("[data-locate]")
    expect(page.locator("[data-where]")).to_contain_text("De blauwe stip ben jij")
    assert len(visits.watch.visited) == 1
    assert page.context.cookies() == []
    page.get_by_role("link", name="Terug").click()
    expect(page.locator("h1")).to_have_text("Je wandelingen")


def by_coach(visits: Visits, served: Served) -> tuple[Page, str]:
    page = visits(served)
    return page, whereabouts.practice_of(served, page).route + "/map"


def by_client(visits: Visits, served: Served) -> tuple[Page, str]:
    link = whereabouts.practice_of(served, visits(served)).link
    page = visits(served, width=390, signed_in=False)
    page.goto(link)
    return page, str(page.get_by_role("link", name="Grote kaart").get_attribute("href"))


@pytest.mark.parametrize("who", [by_coach, by_client])
def test_the_ground_comes_through_us(
    visits: Visits, grounded: Served, tiles: TileServer, who: Callable[[Visits, Served], tuple[Page, str]]
) -> None:
    """None at first: said in words, and not asked for again before the planner says. Then it comes."""
    page, address = who(visits, grounded)
    waits_s: dict[str, list[int]] = defaultdict(list)

    def note(one: Response) -> None:
        if one.status == 503:
            waits_s[urlsplit(one.url).path].append(int(one.headers["retry-after"]))

    page.on("response", note)
    page.clock.install()
    tiles.refuses(503)
    page.goto(address)
    expect(page.locator("[data-ground-gone]")).to_contain_text("De lijn klopt wel")
    expect(page.locator("path.way")).to_have_count(1)
    pieces = page.locator(".leaflet-tile").count()
    while len(waits_s) < pieces:
        page.wait_for_event("response")
    patient = {path for path, waits in waits_s.items() if waits[0] > 2 * SOON_S}
    assert patient
    page.clock.run_for(1000 * SOON_S)
    assert {len(waits_s[path]) for path in patient} == {1}, "not before the planner says"
    tiles.serves()
    next(grounded.instance.glob("tiles/*/pause.json")).unlink()
    page.clock.run_for(1000 * LONGEST_S)
    page.wait_for_function(SHOWN)
    expect(page.locator("[data-ground-gone]")).to_have_text("")
    assert page.evaluate("document.querySelector('.leaflet-tile-loaded').naturalWidth") == 256
    assert tiles.asked and not any("cookie" in headers for _path, headers in tiles.asked)
    assert visits.watch.visited == {urlsplit(grounded.base).netloc}
