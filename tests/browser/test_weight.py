"""What a page weighs on a first visit, as it comes over the line."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import sights, whereabouts
from tests.browser.conftest import Visits
from tests.browser.serving import Served

pytestmark = pytest.mark.browser
COACH_KB, COACH_REQUESTS = 30, 6
CLIENT_KB, CLIENT_REQUESTS = 15, 6


def weigh(page: Page, address: str) -> tuple[float, int]:
    """Kilobytes and requests of a page that is opened for the first time. Files come as we serve them; the page itself
    counts as the proxy in front would pack it."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    asked: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def sent(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["request"]["url"]

    def loaded(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    line.on("Network.requestWillBeSent", sent)
    line.on("Network.loadingFinished", loaded)
    came = page.goto(address, wait_until="networkidle")
    assert came is not None
    document = next(one for one, url in asked.items() if url == came.url)
    saved = len(came.body()) - len(gzip.compress(came.body(), 6))
    asked = {one: url for one, url in asked.items() if not url.startswith("data:")}
    assert sizes[document] > len(came.body()), "the page itself came unpacked, or was not counted"
    return (sum(sizes[one] for one in asked) - saved) / 1024, len(asked)


@pytest.mark.parametrize("name", ["week", "client", "new walk", "walk", "note", "route", "routes", "toolkit"])
def test_a_page_of_the_coach_is_light(visits: Visits, demo: Served, name: str) -> None:
    places = whereabouts.practice_of(demo, visits(demo))
    some = {
        one.name: one.address
        for one in [*sights.people(places), *sights.library(places), *sights.walks(places)]
    }
    visits.watch.visited.clear()
    kilobytes, requests = weigh(visits(demo), some[name])
    assert kilobytes <= COACH_KB, f"{kilobytes:.1f} KB"
    assert requests <= COACH_REQUESTS
    assert len(visits.watch.visited) == 1, "one host"


def test_the_page_of_a_client_is_lighter(visits: Visits, demo: Served) -> None:
    link = whereabouts.practice_of(demo, visits(demo)).link
    page = visits(demo, width=390, signed_in=False)
    kilobytes, requests = weigh(page, link)
    assert kilobytes <= CLIENT_KB, f"{kilobytes:.1f} KB"
    assert requests <= CLIENT_REQUESTS
    assert page.context.cookies() == []
