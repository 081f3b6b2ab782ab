"""Every kind of page, in both languages: axe finds nothing in light and dark, everything fits, targets are large enough
for a thumb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from planner import create_app
from planner.settings import Settings
from tests.browser import acts, sights, whereabouts
from tests.browser.conftest import Visits, open_sight
from tests.browser.serving import Served
from tests.browser.sights import Sight
from tests.browser.test_screens import BROKEN, SMALLEST_TARGET, TOO_SMALL, TOO_WIDE, TWICE

pytestmark = pytest.mark.browser
OF_COLOUR = ["color-contrast", "link-in-text-block"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BAD = (
    "<!doctype html><html><title></title><img src=x><p style='color:#aaa;background:#fff'>te licht</p><input>"
)
NO_PAGES = {
    "static", "site.healthz", "site.robots", "walking_routes.gpx", "walking_routes.all_gpx",
    "walking_routes.all_geojson", "personal.calendar_file", "personal.calendar_feed", "personal.worker",
    "calendars.coach_feed", "sheets.worker", "tiles.tile", "pictures.picture", "photos.photo", "personal.tile",
    "personal.picture", "personal.picture_png", "personal.photo", "personal.walk_line", "maps.route_line",
    "passkeys.to_use", "passkeys.to_add",
}  # fmt: skip


def violations(page: Page) -> list[str]:
    """What axe says, one line each: of everything in light, and of what colours can change in dark."""
    found = _run(page, TAGS)
    page.emulate_media(color_scheme="dark")
    dark = _run(page, OF_COLOUR)
    page.emulate_media(color_scheme="light")
    return _lines("", found) + _lines("dark ", dark)


def _run(page: Page, only: list[str]) -> Any:
    """Wants a page that was opened with the script of axe in it."""
    asked = "only => axe.run({runOnly: only, resultTypes: ['violations']}).then(all => all.violations)"
    return page.evaluate(asked, only)


def _lines(scheme: str, found: list[dict[str, Any]]) -> list[str]:
    return [
        f"{scheme}{one['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else one['help']}"
        for one in found
        for node in one["nodes"]
    ]


def look(visits: Visits, served: Served, some: list[Sight], language: str) -> list[str]:
    """Opens pages, unfolds all of them, and says what is wrong with them. Dutch on the smallest screen: 320 px is
    also what four times enlarged leaves of a laptop. English on a laptop, then with letters twice as large."""
    found, small = [], language == "nl"
    width = 320 if small else 1280
    inside = visits(served, width=width, language=language)
    outside = visits(served, width=width, language=language, signed_in=False)
    machine = visits(served, width=width, language=language, signed_in=False, user_agent="WhatsApp/2.23")
    office = inside
    if any(one.office for one in some):
        office = visits(served, width=width, language=language, email=whereabouts.OFFICE)
    for page in {inside, outside, machine, office}:
        page.add_init_script(AXE_SCRIPT)
    for sight in some:
        page = machine if sight.by_machine else inside if sight.signed_in else outside
        page = office if sight.office else page
        open_sight(visits, page, sight)
        acts.unfold(page)
        page.evaluate(
            "scrollTo(0, 0)"
        )  # a refused form opens further down, with its bar over what scrolls by
        assert page.get_attribute("html", "lang") == (sight.language or language), sight.name
        lines = violations(page) + page.evaluate(TOO_SMALL, SMALLEST_TARGET)
        if small:
            lines += [f"{word} is broken" for word in page.evaluate(BROKEN)]
        else:
            page.evaluate("size => { document.documentElement.style.fontSize = size }", TWICE)
        found += [f"{sight.name}: {line}" for line in lines + page.evaluate(TOO_WIDE)]
    return found


GROUPS = [
    sights.people, sights.library, sights.walks, sights.colleagues, sights.refused, sights.without_sign_in,
]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.deep)])
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_every_page_is_as_it_should_be(
    visits: Visits, demos: dict[str, Served], language: str, group: Callable[..., list[Sight]]
) -> None:
    served = demos[language]
    some = group(whereabouts.practice_of(served, visits(served)))
    found = look(visits, served, some, language)
    assert not found, "\n".join(found)


def test_so_is_what_comes_of_changes(visits: Visits, fresh_demo: Served) -> None:
    some = sights.after_writing(whereabouts.practice_of(fresh_demo, visits(fresh_demo)))
    found = look(visits, fresh_demo, some, "nl")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_in_any_state_of_a_map(visits: Visits, fresh_demo: Served) -> None:
    """Of the editor, the big map and the map of all routes; and a finger hits everything there."""
    route = whereabouts.practice_of(fresh_demo, visits(fresh_demo)).route
    page, found = visits(fresh_demo, width=390, has_touch=True), []
    page.add_init_script(AXE_SCRIPT)

    def look_at(state: str) -> None:
        small = page.evaluate(TOO_SMALL, SMALLEST_TARGET)
        found.extend(f"{state}: {line}" for line in [*violations(page), *small])

    for state in drawing_states(page, visits, route):
        look_at(state)
    page.goto(f"{route}/map")
    page.locator(".sign").first.press("Enter")
    look_at("a sign is chosen")
    page.goto("/routes/?view=map")
    page.locator("#map .sign").first.tap()
    page.locator("[data-picked] a").first.wait_for()
    look_at("routes are chosen")
    assert not found, "\n".join(found)


def drawing_states(page: Page, visits: Visits, route: str) -> Iterator[str]:
    """Brings the editor into each of its states, and says which."""

    def do(what: str) -> None:
        page.locator(f"[data-do={what}]:visible").first.click()

    def opened(address: str) -> None:
        page.goto(address)
        page.wait_for_selector("#map[data-ready]")

    opened("/routes/draw")
    yield "nothing is drawn"
    page.click(".savebar [type=submit]")
    yield "refused"
    with visits.watch.expecting(503):
        for x in (100, 200):
            page.locator("#map").tap(position={"x": x, "y": 60})
        page.wait_for_function("() => document.querySelector('[data-paths-said]').textContent !== ''")
        yield "the path engine is silent"
    do("paths")
    page.locator("#map").tap(position={"x": 200, "y": 120})
    do("after")
    yield "a point is chosen"
    do("done")
    do("place")
    yield "a place is to be set"
    page.locator("#map").tap(position={"x": 150, "y": 120})
    page.locator("[data-of-place]").wait_for()
    yield "a place is chosen"
    page.fill("[name=name]", "Getekend")
    page.context.set_offline(True)
    page.click(".savebar [type=submit]")
    page.locator("form[data-sent=unsent][data-state=kept]").wait_for()
    yield "not sent, and kept here"
    page.context.set_offline(False)
    opened("/routes/draw")
    yield "what was kept is offered"
    opened(f"{route}/draw")
    page.evaluate("document.querySelector('form[data-draw] [name=version]').value = '0'")
    do("reverse")
    with visits.watch.expecting(409):
        page.click(".savebar [type=submit]")
        page.locator("[data-conflict]").wait_for()
    yield "saved elsewhere meanwhile"


def test_axe_really_looks(chromium: Browser) -> None:
    page = chromium.new_page()
    page.add_init_script(AXE_SCRIPT)
    page.goto("about:blank")
    page.set_content(BAD)
    seen = {line.split(":")[0] for line in violations(page)}
    page.close()
    assert {"image-alt", "color-contrast", "label", "document-title", "html-has-lang"} <= seen


def test_no_kind_of_page_is_left_out(visits: Visits, demo: Served, tmp_path: Any) -> None:
    """Every address that gives a page is among the sights."""
    settings = Settings(tmp_path, "sqlite://", bytes(range(32)), bytes(range(1, 33)), environment="test")
    urls = create_app(settings).url_map
    places = whereabouts.practice_of(demo, visits(demo))
    seen = set()
    for sight in [sight for group in GROUPS for sight in group(places)]:
        path = sight.address.removeprefix(demo.base).split("?")[0]
        seen.add(urls.bind("127.0.0.1").match(path)[0])
    pages = {rule.endpoint for rule in urls.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - seen == NO_PAGES
