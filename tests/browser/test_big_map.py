"""The big map in a browser: signs that are named and reached, without its ground too, and nobody else hears of it."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import sights
from tests.browser.conftest import Visits
from tests.browser.hand import Keys
from tests.browser.serving import Served

pytestmark = pytest.mark.browser
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def with_ground(page: Page) -> None:
    """The page as it is where the planner has pieces of ground."""

    def given(route: Route) -> None:
        came = route.fetch()
        route.fulfill(
            response=came, body=came.text().replace('data-ground=""', 'data-ground="/ground/{z}/{x}/{y}"')
        )

    page.route("**/map", given)


def test_signs_are_named_and_reached_and_said(visits: Visits, demo: Served) -> None:
    page = visits(demo)
    page.goto(sights.practice_of(demo, page).route + "/map")
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
        assert box and min(box["width"], box["height"]) >= 48
        assert sign.get_attribute("aria-label")
    assert page.locator(".leaflet-popup").count() == 0
    expect(page.get_by_text("Kaartgegevens © Kadaster")).to_be_visible()
    expect(page.locator(".leaflet-control-scale-line")).to_be_visible()


def test_a_client_with_the_map_open_meets_nobody_else(visits: Visits, demo: Served) -> None:
    places = sights.practice_of(demo, visits(demo))
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


def test_the_ground_comes_in_pieces_and_is_asked_for_again(visits: Visits, demo: Served) -> None:
    page = visits(demo)
    route, asked = sights.practice_of(demo, page).route, dict[str, int]()

    def ground(one: Route) -> None:
        asked[one.request.url] = asked.get(one.request.url, 0) + 1
        status = 503 if asked[one.request.url] == 1 else 200
        one.fulfill(status=status, body=DOT, content_type="image/png", headers={"Retry-After": "0.05"})

    with_ground(page)
    page.route("**/ground/**", ground)
    with visits.watch.expecting(503):
        page.goto(f"{route}/map")
        page.wait_for_function(
            "() => document.querySelectorAll('.leaflet-tile-loaded[src^=data]').length > 3"
        )
    expect(page.locator("[data-ground-gone]")).to_have_text("")
    assert set(asked.values()) == {2}


def test_without_its_ground_the_map_says_so_in_words(visits: Visits, demo: Served) -> None:
    page = visits(demo)
    route = sights.practice_of(demo, page).route
    with_ground(page)
    page.route(
        "**/ground/**",
        lambda one: one.fulfill(
            status=503, body=DOT, content_type="image/png", headers={"Retry-After": "0.05"}
        ),
    )
    with visits.watch.expecting(503):
        page.goto(f"{route}/map")
        expect(page.locator("[data-ground-gone]")).to_contain_text("De lijn klopt wel")
        expect(page.locator("path.way")).to_have_count(1)
        page.goto("/help")
