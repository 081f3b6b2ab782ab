"""Drawing where the practice has a path engine: taps follow paths, and what gets no answer stays straight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import serving
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.test_drawing import do, hand, kept, opened, points, save, saved
from tests.fake_paths import FakePaths, fake_paths

pytestmark = pytest.mark.browser
CREDIT = "© OpenStreetMap-bijdragers"
STRAIGHT = "gaat rechtdoor"


@pytest.fixture
def engine() -> Iterator[FakePaths]:
    with fake_paths() as made:
        yield made


@pytest.fixture
def served(demo_template: Path, tmp_path: Path, visits: Visits, engine: FakePaths) -> Iterator[Served]:
    with serving.web_on_copy(demo_template, tmp_path, PLANNER_ROUTER_URL=engine.base) as served:
        yield served
        engine.go_on.set()
        visits.close()


def said(page: Page, text: str) -> None:
    expect(page.locator("[data-paths-said]")).to_contain_text(text)


def waits(page: Page, legs: int) -> None:
    expect(page.locator("path.waits")).to_have_count(legs)


def test_a_leg_is_straight_until_its_path_is_there(visits: Visits, served: Served, engine: FakePaths) -> None:
    page = opened(visits(served))
    tap = hand(page)
    credit = page.locator("#map ~ [data-paths-credit]")
    engine.go_on.clear()
    tap(120, 80)
    tap(260, 200)
    points(page, 2)
    waits(page, 1)
    tap(400, 80)
    waits(page, 2)
    expect(credit).to_be_hidden()
    tap(260, 200)  # the middle one is chosen while its path is on its way
    expect(page.locator("[data-chosen]")).to_contain_text("Punt 2 van 3")
    engine.go_on.set()
    points(page, 5)
    waits(page, 0)
    expect(page.locator("[data-chosen]")).to_contain_text("Punt 3 van 5")
    expect(credit).to_contain_text(CREDIT)
    do(page, "done")
    assert len(engine.asked) == 2 and engine.asked[0][1] == engine.asked[1][0]
    do(page, "close")
    points(page, 7)
    do(page, "undo")
    points(page, 5)
    do(page, "undo")  # the whole leg
    points(page, 3)
    do(page, "undo")
    points(page, 1)
    expect(credit).to_be_hidden()
    do(page, "redo")
    points(page, 3)
    do(page, "paths")
    expect(page.locator("[data-do=paths]")).to_have_attribute("aria-pressed", "false")
    tap(400, 80)
    points(page, 4)
    assert len(engine.asked) == 3
    page.fill("[name=name]", "Over paden")
    save(page)
    assert saved(page).get_attribute("data-points") == "4"
    expect(page.locator("article[data-route]")).to_contain_text(CREDIT)
    opened(page, f"{page.url}/draw")
    expect(page.locator(".map-box")).to_contain_text(CREDIT)


def test_a_silent_engine_leaves_it_straight_and_says_so(
    visits: Visits, served: Served, engine: FakePaths
) -> None:
    page = opened(visits(served, width=390, has_touch=True, is_mobile=True))
    tap = hand(page, finger=True)
    engine.no_path = True
    tap(120, 80)
    with visits.watch.expecting(422):
        tap(260, 200)
        said(page, STRAIGHT)
    engine.no_path, engine.status = False, 500
    with visits.watch.expecting(503):
        tap(120, 200)
        said(page, "komen nu niet door")
    engine.status = 200
    page.context.set_offline(True)
    tap(200, 250)
    points(page, 4)
    waits(page, 0)
    said(page, "komen nu niet door")
    kept(page, 1)
    page.context.set_offline(False)
    tap(300, 300)
    points(page, 6)
    expect(page.locator("[data-paths-said]")).to_have_text("")
    expect(page.locator("form[data-draw]")).to_have_attribute("data-state", "kept")
    opened(page).click("[data-go-on]")
    points(page, 6)
    expect(page.locator("[data-paths-credit]")).to_be_visible()
    page.fill("[name=name]", "Half over paden")
    engine.go_on.clear()
    tap(340, 15)
    waits(page, 1)
    save(page)  # waits for its path
    engine.go_on.set()
    assert saved(page).get_attribute("data-points") == "8"
    expect(page.locator("article[data-route]")).to_contain_text(CREDIT)
