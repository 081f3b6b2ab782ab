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
    for one in page.locator(".clock details").all():
        assert one.is_visible() == (one.get_attribute("data-hides") is None)
    assert page.locator("[data-hides]").count() == 1 and page.locator(".which").inner_text()
    page.emulate_media(media="screen")
    page.goto(f"/routes/{route}")
    page.emulate_media(media="print")
    expect(page.get_by_text("Alleen voor mij")).not_to_be_visible()
