"""A storm day in a real browser: choose, look, save; by hand, by keyboard alone, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.hand import Hand
from tests.browser.serving import Served

pytestmark = pytest.mark.browser
SCRIPTLESS_PHONE, KEYBOARD = "a phone without script", "a keyboard"


@pytest.mark.parametrize("way", [SCRIPTLESS_PHONE, KEYBOARD])
def test_choose_look_and_save(visits: Visits, fresh_demo: Served, way: str) -> None:
    page = visits(fresh_demo, width=390 if way == SCRIPTLESS_PHONE else 1280, js=way == KEYBOARD)
    page.goto("/storm")
    cards = page.locator("article[data-walk]")
    first, second = cards.nth(0), cards.nth(1)
    ids = [str(card.get_attribute("data-walk")) for card in (first, second)]
    expect(first.locator(f"[name=place_{ids[0]}]")).to_be_hidden()
    choose = by_keyboard if way == KEYBOARD else by_hand
    choose(page, f"choice_{ids[0]}", "indoors")
    expect(first.locator(f"[name=place_{ids[0]}]")).to_be_visible()
    choose(page, f"choice_{ids[1]}", "phone")
    press(page, way, "preview")
    expect(page.locator("h1")).to_have_text("Dit verandert er")
    changes = page.locator("[data-change]")
    assert [changes.nth(n).get_attribute("data-change") for n in range(2)] == ["indoors", "phone"]
    press(page, way, "save")
    expect(page.locator("h1")).to_have_text("Berichten")
    expect(page.locator("main")).to_contain_text("2 wandelingen zijn veranderd.")
    page.goto(f"/walks/{ids[1]}")
    expect(page.locator("main")).to_contain_text("Telefonisch")


def by_hand(page: Page, name: str, value: str) -> None:
    Hand(page).choose(name, value)


def by_keyboard(page: Page, name: str, value: str) -> None:
    """From the choice that is on to the next ones with the arrow, as in any group of chips."""
    page.locator(f"[name={name}]:checked").focus()
    for _step in range(8):
        if page.locator(f"[name={name}][value={value}]").is_checked():
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"{value} is not reached")


def press(page: Page, way: str, action: str) -> None:
    button = page.locator(f".savebar [name=action][value={action}]")
    if way == KEYBOARD:
        button.focus()
        page.keyboard.press("Enter")
    else:
        Hand(page).tap(button)
