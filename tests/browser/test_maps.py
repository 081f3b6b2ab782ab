"""Maps and photos in a real browser: light, on every screen, on paper, and on the way without internet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from planner.services.routes import walking_routes
from tests import makers, mapping
from tests.browser import serving
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.states import behind
from tests.browser.test_axe import violations
from tests.browser.test_client_page import MOST_KB, MOST_WORDS, open_words
from tests.browser.test_offline import visit
from tests.browser.test_screens import SMALLEST_TARGET, TOO_SMALL, TOO_WIDE, paper
from tests.browser.test_weight import CLIENT_REQUESTS, weigh
from tests.browser.watching import comes_true

pytestmark = pytest.mark.browser
ARE_SHOWN = """() => [...document.querySelectorAll('main img')]
  .filter(one => one.checkVisibility()).map(one => one.complete && one.naturalWidth)"""
IS_KEPT = """async () => {
  await navigator.serviceWorker.ready;
  for (const name of await caches.keys()) {
    const all = (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname);
    if (all.some(one => one.endsWith('/photo')) && all.some(one => one.endsWith('/picture/page'))) return true;
  }
  return false;
}"""


@dataclass(frozen=True)
class Mapped:
    """A walk today on a route with a map and a photo, and the link of who walks."""

    served: Served
    route: int
    walk: int
    link: str

    @property
    def pages(self) -> list[str]:
        return [
            f"/routes/{self.route}",
            "/routes/",
            f"/walks/{self.walk}",
            f"/walks/{self.walk}/sheet",
            f"/routes/{self.route}/photo/edit",
        ]


@pytest.fixture(scope="module")
def mapped(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapped]:
    with serving.web_on_copy(demo_template, tmp_path_factory.mktemp("mapped")) as served:
        with behind(served) as world:
            library = walking_routes.found(world.store, world.coach(), lambda *_: True).routes
            route = next(one.id for one in library if one.has_line and one.facts.is_loop)
            mapping.make_photo(world, route, "Het houten bord bij de ingang")
            client = makers.make_client(world, "Sanne")
            walk = makers.make_walk(world, client, datetime(2026, 11, 23, 10, 0), route_id=route)
            link = makers.make_link(world, client)
            mapping.make_pictures(world)
        yield Mapped(served, route, walk, link)


def shown(page: Page) -> list[int | bool]:
    found: list[int | bool] = page.evaluate(ARE_SHOWN)
    return found


def test_the_clients_map_is_light(visits: Visits, mapped: Mapped) -> None:
    page = visits(mapped.served, width=390, signed_in=False, device_scale_factor=3)
    kilobytes, requests = weigh(page, mapped.link)
    assert kilobytes <= MOST_KB, f"{kilobytes:.1f} KB"
    assert requests <= CLIENT_REQUESTS, "the photo waits in its fold"
    assert shown(page) == [720]
    assert len(open_words(page)) <= MOST_WORDS
    page.locator("summary", has_text="Foto van het afspreekpunt").click()
    page.wait_for_function("() => document.querySelector('.photo img').naturalWidth > 0")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_clients_map_fits(visits: Visits, mapped: Mapped, width: int) -> None:
    page = visits(mapped.served, width=width, signed_in=False)
    page.add_init_script(AXE_SCRIPT)
    page.goto(mapped.link)
    page.locator("summary", has_text="Foto").click()
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(TOO_SMALL, SMALLEST_TARGET) == []
    assert violations(page) == []


def test_the_map_is_on_paper_and_the_folded_photo_is_not(visits: Visits, mapped: Mapped) -> None:
    page = visits(mapped.served, signed_in=False)
    page.goto(mapped.link)
    page.emulate_media(media="print")
    assert shown(page) == [720]
    assert paper(page) == 1


def test_a_route_is_one_sheet_of_paper(visits: Visits, mapped: Mapped) -> None:
    """Map and photo beside what one looks for on the way; buttons stay off it, and so does whom one walked with."""
    page = visits(mapped.served)
    page.goto(f"/routes/{mapped.route}")
    page.emulate_media(media="print")
    assert shown(page) == [720, 32]
    assert paper(page) == 1
    article = page.locator("article[data-route]")
    for text in (" km", " min", "Ondergrond", "Afspreekpunt", "Voor 112"):
        expect(article.get_by_text(text).filter(visible=True).first).to_be_visible()
    assert not page.locator(".btn, .back, [data-walked]").filter(visible=True).count()
    for one in page.locator("main img").all():
        box = one.bounding_box()
        assert box and box["width"] < 320, "beside the words"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_coachs_pages(visits: Visits, mapped: Mapped, width: int) -> None:
    page = visits(mapped.served, width=width)
    page.add_init_script(AXE_SCRIPT)
    for address in mapped.pages:
        page.goto(address)
        for picture in page.locator("main img").all():
            picture.scroll_into_view_if_needed()  # small ones in a list come when one gets there
        page.wait_for_function("() => [...document.querySelectorAll('main img')].every(one => one.complete)")
        assert shown(page) and all(shown(page)), address
        assert page.evaluate(TOO_WIDE) == [], address
        assert violations(page) == [], address


def test_the_sheet_has_its_map_without_internet(visits: Visits, mapped: Mapped) -> None:
    page = visits(mapped.served, width=390, service_workers="allow")
    page.goto(f"/walks/{mapped.walk}/sheet")
    comes_true(page, IS_KEPT)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.context.set_offline(True)
    page.reload()
    page.get_by_text("Geen internet. Alles wat je nodig hebt staat hier al.").wait_for()
    page.wait_for_function("() => [...document.querySelectorAll('main img')].every(one => one.complete)")
    assert shown(page) == [720, 32]


def test_the_clients_map_is_there_without_internet(visits: Visits, mapped: Mapped) -> None:
    """The browser keeps it for a week under its own name."""
    page = visits(mapped.served, width=390, signed_in=False, service_workers="allow")
    visit(page, mapped.link)
    page.context.set_offline(True)
    page.goto(mapped.link)
    page.wait_for_function("() => document.querySelector('main img').complete")
    assert shown(page) == [720]
