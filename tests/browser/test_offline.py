"""The client's page without internet, in a real browser: a copy after one visit, gone when the link is."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page, expect

from planner.services.clients import sharing
from tests import makers
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.states import TUESDAY, behind
from tests.browser.test_axe import violations
from tests.browser.test_client_page import MOST_WORDS, link, open_words
from tests.browser.test_screens import SMALLEST_TARGET, TOO_SMALL, TOO_WIDE
from tests.browser.test_weight import CLIENT_REQUESTS
from tests.browser.watching import comes_true
from tests.mapping import make_photo

pytestmark = pytest.mark.browser
KEPT = "[...await (await caches.open('client-page')).keys()].map(one => new URL(one.url).pathname)"


def phone(visits: Visits, served: Served, width: int = 390, **options: Any) -> Page:
    """A browser that lets a page keep itself."""
    return visits(served, width=width, signed_in=False, service_workers="allow", **options)


def visit(page: Page, address: str) -> None:
    """Opens the page, and waits until the worker is at work."""
    page.goto(address)
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")


def kept(page: Page) -> list[str]:
    """The paths of which there is a copy."""
    found: list[str] = page.evaluate(f"async () => {KEPT}")
    return found


def is_gone_without_internet(page: Page, address: str) -> bool:
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(address)
    return True


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_opens_without_internet_after_one_visit(visits: Visits, client_demo: Served, width: int) -> None:
    page, address = phone(visits, client_demo, width), link(client_demo, "full")
    page.add_init_script(AXE_SCRIPT)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    visit(page, address)
    kept = 3  # the map, and the photo, which the browser keeps for the way
    assert 3 < len(asked) <= CLIENT_REQUESTS + kept, (
        "the page, its script, its worker, and the page once more"
    )
    said = page.locator("main").inner_text()
    page.context.set_offline(True)
    page.goto(address)
    line = page.locator("[data-kept]")
    assert "Dit is de pagina van maandag 23 november, 9.0" in line.inner_text()
    assert page.locator("main").inner_text().replace(line.inner_text(), "").split() == said.split()
    assert len(open_words(page)) <= MOST_WORDS + len(line.inner_text().split())
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) == [] and page.evaluate(TOO_SMALL, SMALLEST_TARGET) == []
    assert page.context.cookies() == []


def test_withdrawn_by_the_coach_the_copy_goes_at_the_next_contact(
    visits: Visits, client_demo: Served
) -> None:
    page = phone(visits, client_demo)
    with behind(client_demo) as world:
        client = makers.make_client(world, "Joke")
        makers.make_walk(world, client, TUESDAY)
        address = makers.make_link(world, client)
        visit(page, address)
        sharing.revoke(world.store, world.coach(), client, world.now)
    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator("[data-kept]"), "no contact yet").to_be_visible()
    page.context.set_offline(False)
    with visits.watch.expecting(404):
        page.goto(address)
    assert kept(page) == []
    assert is_gone_without_internet(page, address)


def test_given_back_the_copy_goes_at_once(visits: Visits, client_demo: Served) -> None:
    page = phone(visits, client_demo)
    with behind(client_demo) as world:
        address = makers.make_link(world, makers.make_client(world, "Joke"))
    visit(page, address)
    assert kept(page) == [address]
    page.locator("summary", has_text="Over deze pagina").click()
    page.locator("form button").click()
    page.wait_for_url("**/withdraw")
    assert kept(page) == []
    assert is_gone_without_internet(page, address)


def test_an_answer_without_internet_says_that_nobody_knows_it_yet(
    visits: Visits, client_demo: Served
) -> None:
    page, address = phone(visits, client_demo, 320), link(client_demo, "full")
    page.add_init_script(AXE_SCRIPT)
    visit(page, address)
    page.context.set_offline(True)
    page.locator("main > form button[value=cannot]").click()
    page.get_by_text("Je coach weet het nog niet.").wait_for()
    assert "Geen internet." in page.locator("main").inner_text()
    assert page.locator("main a[href^='tel:']").count() == 1, "the coach can be called"
    assert violations(page) == [] and page.evaluate(TOO_WIDE) == []
    page.get_by_role("link", name="Terug").click()
    expect(page.locator("[data-kept]")).to_be_visible()
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator("main > form button[value=cannot]"), "nothing was said").to_be_visible()


def test_without_a_copy_a_kind_page(visits: Visits, client_demo: Served) -> None:
    page, address = phone(visits, client_demo), link(client_demo, "nothing")
    page.add_init_script(AXE_SCRIPT)
    visit(page, address)
    page.evaluate("caches.delete('client-page')")
    page.context.set_offline(True)
    page.goto(address)
    assert "Geen internet. Deze pagina staat nog niet op je telefoon." in page.locator("main").inner_text()
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) == []


def test_in_the_language_it_was_shown_in_last(visits: Visits, client_demo: Served) -> None:
    page, address = phone(visits, client_demo), link(client_demo, "nothing")
    visit(page, address + "?lang=en")
    page.context.set_offline(True)
    page.goto(address)
    assert "No connection now. This is the page of Monday" in page.locator("[data-kept]").inner_text()
    page.context.set_offline(False)
    page.goto(address)
    page.context.set_offline(True)
    page.goto(address + "?lang=en")
    assert "Er is nu geen verbinding." in page.locator("[data-kept]").inner_text()


def test_other_pages_of_the_link_say_kindly_that_they_cannot_open(
    visits: Visits, client_demo: Served
) -> None:
    page = phone(visits, client_demo)
    page.add_init_script(AXE_SCRIPT)
    with behind(client_demo) as world:
        client, route = makers.make_client(world, "Joke"), makers.make_route(world, line=True)
        makers.make_walk(world, client, TUESDAY, route_id=route)
        make_photo(world, route)
        address = makers.make_link(world, client)
    visit(page, address)
    comes_true(page, f"async () => {KEPT}.some(one => one.endsWith('/photo'))")
    page.context.set_offline(True)
    page.goto(address)
    page.locator("summary", has_text="Foto van het afspreekpunt").click()
    page.wait_for_function("() => document.querySelector('img.photo').naturalWidth > 0")
    page.get_by_role("link", name="Grote kaart").click()
    page.get_by_text("Geen internet. De kaart kan nu niet open.").wait_for()
    assert violations(page) == [] and page.evaluate(TOO_WIDE) == []
    page.get_by_role("link", name="Terug").click()
    expect(page.locator("[data-kept]")).to_be_visible()
