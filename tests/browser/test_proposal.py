"""A walk proposed, changed and saved in a browser: what the coach did not choose follows by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import whereabouts
from tests.browser.conftest import Visits
from tests.browser.hand import Hand
from tests.browser.serving import Served

pytestmark = pytest.mark.browser


def look(page: Page, js: bool) -> None:
    """Without script a person presses the button."""
    if not js:
        page.locator("#look [name=action][value=preview]").click()


@pytest.mark.parametrize(("width", "js"), [(390, True), pytest.param(1280, False, marks=pytest.mark.deep)])
def test_propose_change_save(visits: Visits, fresh_demo: Served, width: int, js: bool) -> None:
    page = visits(fresh_demo, width=width, js=js)
    page.goto(whereabouts.practice_of(fresh_demo, page).client)
    hand = Hand(page)
    hand.tap("main a[href*='/walks/new']")
    route, time = page.locator("[name=route_id]"), page.locator("[name=time]:checked")
    proposed = route.input_value()
    assert proposed and time.get_attribute("value") and page.locator("ol.parts [data-reason]").count()
    day = page.locator("[name=date][type=radio]:not(:checked)").first.get_attribute("value") or ""
    hand.choose("date", day)
    page.locator("[name=minutes]").fill("75")
    page.locator("[name=minutes]").blur()
    look(page, js)
    expect(route).not_to_have_value(proposed)
    expect(page.locator("#plan-fit > [data-route]")).to_have_attribute("data-route", route.input_value())
    assert page.locator("[name=date]:checked").get_attribute("value") == day, "chosen is chosen"
    other = page.locator("#plan-fit li[data-route]").first
    chosen = other.get_attribute("data-route") or ""
    hand.tap(other.locator("button"))
    expect(route).to_have_value(chosen)
    page.locator("[name=minutes]").fill("60")
    page.locator("[name=minutes]").blur()
    look(page, js)
    expect(page.locator(".legend + p")).to_contain_text("60")
    expect(route).to_have_value(chosen)
    hand.save()
    walk = page.locator("[data-walk]").first
    expect(walk).to_have_attribute("data-minutes", "60")
    assert (walk.get_attribute("data-starts-local") or "").startswith(day)
    expect(page.locator(f"[data-route='{chosen}']").first).to_be_visible()


def test_from_a_client_to_a_walk_in_three_taps_and_again_in_two(visits: Visits, fresh_demo: Served) -> None:
    page = visits(fresh_demo, width=390)
    client = whereabouts.practice_of(fresh_demo, page).client
    page.goto("/clients/")
    hand = Hand(page)
    hand.tap(f"main a[href='{client}']")
    hand.tap("main a[href*='/walks/new']")
    hand.save()
    expect(page.locator("[data-walk]").first).to_have_attribute("data-status", "planned")
    assert hand.taps <= 4
    page.goto(client)
    again = Hand(page)
    again.tap("main a[href*='like=']")
    again.save()
    expect(page.locator("[data-walk]").first).to_have_attribute("data-status", "planned")
    assert again.taps == 2
