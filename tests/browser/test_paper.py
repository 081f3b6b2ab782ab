"""A walk with everything on it, on paper: one sheet, and nothing on it that should not be read there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import makers
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.states import TUESDAY, behind
from tests.browser.test_screens import paper
from tests.mapping import make_photo

pytestmark = pytest.mark.browser


def test_a_sheet_with_a_photo_is_one_page(visits: Visits, outdoors: Served) -> None:
    with behind(outdoors) as world:
        client = makers.make_client(world, "Joke")
        route = makers.make_route(world, line=True, notes="Alleen voor mij")
        make_photo(world, route)
        kit = (makers.an_exercise(world, "worry-bench"), makers.an_exercise(world, "battery-check"))
        walk = makers.make_walk(world, client, TUESDAY, route_id=route, exercises=kit)
    page = visits(outdoors)
    page.goto(f"/walks/{walk}/sheet")
    assert page.locator("img.photo").count() == 1
    assert paper(page) == 1
    page.emulate_media(media="print")
    drawn = page.locator(".sheet svg.sketch, .sheet picture img.sketch").first.bounding_box()
    assert drawn and drawn["width"] > 280, "a map that can be read"
    expect(page.get_by_role("link", name="Grote kaart")).not_to_be_visible()
    steps = page.locator(".clock details").all()
    assert len(steps) == 2 and all(one.locator("li").first.is_visible() for one in steps)
    expect(page.get_by_text("piekerbankje")).not_to_be_visible()
    assert page.locator(".which").inner_text()
    page.emulate_media(media="screen")


def test_a_route_with_a_tall_photo_and_places_is_one_page(visits: Visits, outdoors: Served) -> None:
    said = {"quietness": "quiet", "surface": "gravel", "shelter": "some", "bus": "walk", "cyclists": "many"}
    with behind(outdoors) as world:
        route = makers.make_route(
            world, line=True, notes="Alleen voor mij", meeting_point="Bij het bord.", **said
        )
        make_photo(world, route, size=(960, 1280))
        for metres in range(100, 700, 100):
            makers.make_point(world, route, along_m=metres)
    page = visits(outdoors)
    page.goto(f"/routes/{route}")
    assert paper(page) == 1
    page.emulate_media(media="print")
    expect(page.get_by_text("Alleen voor mij")).not_to_be_visible()
    expect(page.get_by_text("Routes hier in de buurt")).not_to_be_visible()
    photo = page.locator("img.photo").bounding_box()
    assert photo and 200 < photo["height"] < 250 and abs(photo["width"] / photo["height"] - 0.75) < 0.01
    assert all(place.is_visible() for place in page.locator(".places li strong").all())
