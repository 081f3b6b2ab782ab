"""A route drawn on the map: with a mouse, a finger and the keyboard; and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import serving, whereabouts
from tests.browser.conftest import Visits
from tests.browser.hand import Keys
from tests.browser.serving import Served

pytestmark = pytest.mark.browser
CORNERS = ((120, 80), (260, 80), (260, 200), (120, 200))
Tap = Callable[[int, int], None]


@pytest.fixture
def fresh_demo(demo_template: Path, tmp_path: Path, visits: Visits) -> Iterator[Served]:
    """Without an engine: every line is straight."""
    with serving.web_on_copy(demo_template, tmp_path, PLANNER_ROUTER_URL="") as served:
        yield served
        visits.close()


def opened(page: Page, address: str = "/routes/draw") -> Page:
    page.goto(address)
    page.wait_for_selector("#map[data-ready]")
    return page


def hand(page: Page, *, finger: bool = False) -> Tap:
    on = page.locator("#map")

    def tap(x: int, y: int) -> None:
        (on.tap if finger else on.click)(position={"x": x, "y": y})

    return tap


def draw(tap: Tap, page: Page) -> None:
    for number, corner in enumerate(CORNERS, 1):
        tap(*corner)
        points(page, number)
    expect(page.locator("form[data-draw]")).to_have_attribute("data-state", "kept")


def points(page: Page, number: int) -> None:
    expect(page.locator("[data-length]")).to_contain_text("1 punt." if number == 1 else f"{number} punten")


def metres(page: Page) -> int:
    return int(page.get_attribute("[data-length]", "data-metres") or 0)


def sign_out(page: Page, visits: Visits) -> None:
    """It asks first."""
    page.click(".me summary")
    with visits.watch.expecting(409):
        page.click("form[action='/logout'] button")
        page.click("main form[action='/logout'] button")
    page.wait_for_url("**/login")


def do(page: Page, what: str) -> None:
    page.locator(f".tools [data-do={what}]").click()


def save(page: Page) -> Locator:
    page.click(".savebar [type=submit]")
    return page.locator("[data-saving]")


def kept(page: Page, number: int) -> None:
    """Soon this device keeps so many drawings."""
    page.wait_for_function(
        "many => Object.keys(localStorage).filter(name => name.startsWith('line ')).length === many",
        arg=number,
    )


def saved(page: Page) -> Locator:
    page.wait_for_selector("article[data-route]")
    return page.locator("article[data-route]")


@pytest.mark.parametrize("finger", [False, True], ids=["mouse", "finger"])
def test_every_step_can_be_taken_back(visits: Visits, fresh_demo: Served, finger: bool) -> None:
    page = opened(visits(fresh_demo, width=390 if finger else 1280, has_touch=finger, is_mobile=finger))
    tap = hand(page, finger=finger)
    draw(tap, page)
    open_m = metres(page)
    do(page, "close")
    points(page, 5)
    assert metres(page) > open_m
    tap(190, 80)  # on the line: a point in between
    points(page, 6)
    tap(190, 140)  # and where it goes
    expect(page.locator("[data-chosen]")).to_have_text("Verplaatst.")
    tap(260, 200)
    do(page, "remove")
    points(page, 5)
    drawn = metres(page)
    do(page, "reverse")
    assert metres(page) == drawn
    for _step in range(9):
        do(page, "undo")
    expect(page.locator("[data-length]")).to_have_text("Er is nog niets getekend.")
    expect(page.locator("[data-do=undo]")).to_be_disabled()
    for _step in range(9):
        do(page, "redo")
    assert metres(page) == drawn
    if not finger:
        page.locator("#map").focus()
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        points(page, 6)
        page.keyboard.press("Control+y")
        points(page, 5)
        page.locator(".handle").nth(1).hover(force=True)
        box = page.locator("#map").bounding_box()
        assert box
        page.mouse.down()
        page.mouse.move(box["x"] + 300, box["y"] + 40, steps=4)
        page.mouse.up()
        expect(page.locator("[data-chosen]")).to_contain_text("Punt 2 van 5")
        do(page, "end")
        points(page, 2)
        do(page, "undo")
    was = metres(page)
    do(page, "place")
    tap(120, 80)  # on a point of the line: there is the place
    expect(page.locator("#map .sign.chosen:not(.handle)")).to_have_count(1)
    assert metres(page) == was
    do(page, "undo")
    do(page, "place")
    tap(150, 150)
    page.select_option("#p-kind", "bridge")
    page.fill("#p-name", "Brug")
    page.fill("#p-image", "Overgang")
    page.locator("[data-of-place] [data-do=done]").click()
    page.fill("[name=name]", "Getekend")
    kept(page, 1)
    drawn = metres(page)
    save(page)
    assert int(saved(page).get_attribute("data-distance-m") or 0) == drawn
    expect(page.locator("#places")).to_contain_text("Overgang")
    kept(page, 0)


def test_with_the_keyboard_alone(visits: Visits, fresh_demo: Served) -> None:
    page = opened(visits(fresh_demo))
    keys = Keys(page)
    keys.write("[name=name]", "Met toetsen")
    keys.to("#map")
    page.keyboard.press("Enter")
    points(page, 1)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.leaflet-pan-anim') === null")
    page.keyboard.press("Enter")
    points(page, 2)
    before = metres(page)
    assert before > 0
    keys.press("[data-do=after]")
    expect(page.locator("[data-chosen]")).to_contain_text("Punt 1 van 2")
    page.keyboard.press("Shift+Tab")
    for _back in range(12):
        if page.locator("#map:focus").count():
            break
        page.keyboard.press("Shift+Tab")
    for _press in range(3):
        page.keyboard.press("ArrowLeft")
    moved = metres(page)
    assert moved > before
    page.keyboard.press("Control+z")  # three presses are one step
    assert metres(page) == before
    page.keyboard.press("Control+y")
    assert metres(page) == moved
    keys.press("[data-do=after]")
    keys.press(".tools [data-do=remove]")
    points(page, 1)
    page.keyboard.press("Control+z")
    keys.go(".savebar [type=submit]")
    assert saved(page).get_attribute("data-distance-m") == str(moved)


def test_a_reload_in_the_middle_and_a_lost_network(visits: Visits, fresh_demo: Served) -> None:
    page = opened(visits(fresh_demo))
    page.fill("[name=name]", "Onderweg getekend")
    draw(hand(page), page)
    drawn = metres(page)
    lies = page.evaluate("JSON.stringify(localStorage)")
    assert '"iv' in lies.replace("\\", "") and not any(
        word in lies for word in ("Onderweg", "coordinates", "52.")
    )
    opened(page)
    expect(page.locator("[data-offered]")).to_contain_text("die nog niet bewaard is")
    hand(page)(50, 50)  # nothing is drawn over what is offered
    assert metres(page) == 0
    page.click("[data-go-on]")
    points(page, 4)
    assert (metres(page), page.input_value("[name=name]")) == (drawn, "Onderweg getekend")
    page.context.set_offline(True)
    expect(save(page)).to_contain_text("Niet verstuurd")
    kept(page, 1)
    page.context.set_offline(False)
    save(page)
    assert saved(page).get_attribute("data-distance-m") == str(drawn)
    kept(page, 0)
    draw(hand(opened(page)), page)
    opened(page).click("[data-throw-away]")
    kept(page, 0)
    draw(hand(page), page)
    sign_out(page, visits)
    kept(page, 0)


def test_what_is_missing_is_said_beside_it(visits: Visits, fresh_demo: Served) -> None:
    page = opened(visits(fresh_demo))
    page.click(".savebar [type=submit]")
    expect(page.locator("[data-refused]")).to_be_focused()
    expect(page.locator("[data-refused] a")).to_have_text(
        ["Geef de route een naam.", "Teken minstens twee punten die niet hetzelfde zijn."]
    )
    assert page.get_attribute("[name=name]", "aria-invalid") == "true"
    page.fill("[name=name]", "Nu wel")
    draw(hand(page), page)
    save(page)
    saved(page)


def test_another_coach_does_not_see_what_is_kept(visits: Visits, fresh_demo: Served) -> None:
    page = opened(visits(fresh_demo))
    put = (
        """([at, mark]) => localStorage.setItem(`line ${mark} new.x`, JSON.stringify({ at, drawing: {} }))"""
    )
    now, mark = page.evaluate("Date.now()"), page.get_attribute("html", "data-mark")
    page.evaluate(put, [now, "0123456789abcdef"])
    page.evaluate(put, [now - 8 * 86_400_000, mark])  # its week is over
    opened(page)
    expect(page.locator("[data-offer]")).to_be_hidden()
    kept(page, 1)
    draw(hand(page), page)
    sign_out(page, visits)
    kept(page, 1)


def test_two_tabs_draw_two_new_routes(visits: Visits, fresh_demo: Served) -> None:
    page = opened(visits(fresh_demo))
    draw(hand(page), page)
    other = opened(page.context.new_page())
    expect(other.locator("[data-offer]")).to_be_hidden()
    draw(hand(other), other)
    kept(page, 2)
    other.close()
    opened(page)
    page.click("[data-go-on]")
    points(page, 4)


def test_two_tabs(visits: Visits, fresh_demo: Served) -> None:
    """What was drawn in the second stays, and goes over the first only when that is said."""
    page = visits(fresh_demo)
    route = whereabouts.practice_of(fresh_demo, page).route
    other = page.context.new_page()
    opened(page, f"{route}/draw")
    opened(other, f"{route}/draw")
    hand(page)(30, 300)
    points(page, 122)
    save(page)
    saved(page)
    hand(other)(600, 30)
    points(other, 122)
    drawn = metres(other)
    with visits.watch.expecting(409):
        expect(save(other)).to_contain_text("intussen bewaard")
    points(other, 122)
    kept(other, 1)
    other.click("[data-over]")
    assert saved(other).get_attribute("data-distance-m") == str(drawn)


def test_a_dense_line_changes_only_where_it_is_touched(visits: Visits, fresh_demo: Served) -> None:
    page = visits(fresh_demo)
    page.goto("/routes/new")
    line = "".join(f'<trkpt lat="{52 + n / 1e5:.5f}" lon="{5 + (n % 7) / 1e6:.6f}"/>' for n in range(5000))
    text = f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{line}</trkseg></trk></gpx>'
    page.set_input_files(
        "[name=gpx]", {"name": "dicht.gpx", "mimeType": "application/gpx+xml", "buffer": text.encode()}
    )
    page.click(".savebar .primary")
    found = saved(page)
    assert found.get_attribute("data-points") == "5000"
    length, address = int(found.get_attribute("data-distance-m") or 0), page.url
    opened(page, f"{address}/draw")
    points_said = page.locator("[data-length]")
    expect(points_said).to_contain_text("5.000 punten")
    expect(page.locator("[data-thinned]")).to_be_visible()
    assert 2 <= page.locator(".handle").count() <= 81
    assert metres(page) == pytest.approx(length, abs=1)
    box = page.locator("#map").bounding_box()
    assert box
    hand(page)(int(box["width"] / 2) + 200, int(box["height"] / 2))
    expect(points_said).to_contain_text("5.001 punten")
    drawn = metres(page)
    save(page)
    found = saved(page)
    assert (found.get_attribute("data-points"), found.get_attribute("data-distance-m")) == (
        "5001",
        str(drawn),
    )
