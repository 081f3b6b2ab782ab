"""The page behind a client's link, as a tired person meets it: in every state, on every screen, on paper."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser import acts, whereabouts
from tests.browser.conftest import Visits
from tests.browser.serving import Served
from tests.browser.states import STATES
from tests.browser.test_axe import violations
from tests.browser.test_screens import SMALLEST_TARGET, TOO_SMALL, TOO_WIDE, TWICE, paper
from tests.browser.test_weight import CLIENT_REQUESTS, weigh

pytestmark = pytest.mark.browser
MOST_WORDS, MOST_KB, FIRST_SCREEN = 150, 80, 844
MOST_ENGLISH = 160
"""The budget is for Dutch; English writes apart what Dutch writes as one word."""
OPEN_WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!e.closest('svg, .sr, .skip, style') && e.checkVisibility()) texts.push(walker.currentNode.data);
  }
  return texts.join(' ');
}"""


def link(served: Served, state: str) -> str:
    found: str = served.states["links"][state]
    return found


def go(visits: Visits, page: Page, served: Served, state: str, more: str = "") -> None:
    if state == "withdrawn":
        with visits.watch.expecting(404):
            page.goto(link(served, state) + more)
    else:
        page.goto(link(served, state) + more)


def open_words(page: Page) -> list[str]:
    """What stands open to be read, word by word; a number is one, a phone number too."""
    found: str = page.evaluate(OPEN_WORDS)
    return re.sub(r"(?<=\d) (?=\d)", "", found).split()


@pytest.mark.parametrize("state", STATES)
def test_few_words(visits: Visits, client_demo: Served, state: str) -> None:
    page = visits(client_demo, width=390, signed_in=False)
    for language, most in (("en", MOST_ENGLISH), ("nl", MOST_WORDS)):
        go(visits, page, client_demo, state, f"?lang={language}")
        words = open_words(page)
        assert len(words) <= most, f"{len(words)}: {' '.join(words)}"
    assert page.locator("main .btn:visible").count() <= 3


def test_few_words_in_the_example_practice(visits: Visits, demo: Served) -> None:
    address = whereabouts.practice_of(demo, visits(demo)).link
    page = visits(demo, width=390, signed_in=False)
    page.goto(address)
    words = open_words(page)
    assert 40 < len(words) <= MOST_WORDS, f"{len(words)}: {' '.join(words)}"


def test_when_and_the_one_button_are_on_the_first_screen(visits: Visits, client_demo: Served) -> None:
    page = visits(client_demo, width=390, signed_in=False)
    go(visits, page, client_demo, "in_words")
    box = page.locator(".primary").bounding_box()
    assert box and box["y"] + box["height"] <= FIRST_SCREEN
    assert page.locator(".primary").count() == 1


@pytest.mark.parametrize(("width", "language"), [(320, "nl"), (390, "en"), (1280, "nl")])
@pytest.mark.parametrize("state", STATES)
def test_every_state_fits_and_axe_finds_nothing(
    visits: Visits, client_demo: Served, state: str, width: int, language: str
) -> None:
    page = visits(client_demo, width=width, signed_in=False, language=language)
    page.add_init_script(AXE_SCRIPT)
    go(visits, page, client_demo, state, f"?lang={language}")
    assert page.get_attribute("html", "lang") == language
    acts.unfold(page)
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(TOO_SMALL, SMALLEST_TARGET) == []
    if width < 1280:
        assert violations(page) == []
    page.evaluate("size => { document.documentElement.style.fontSize = size }", TWICE)
    assert page.evaluate(TOO_WIDE) == [], "letters twice as large"


@pytest.mark.parametrize("state", STATES)
def test_paper(visits: Visits, client_demo: Served, state: str) -> None:
    """One sheet; two when there is a lot. What is folded on a screen is on paper, but for questions and what is
    about the page."""
    page = visits(client_demo, signed_in=False)
    go(visits, page, client_demo, state)
    assert paper(page) <= 1 + (state in ("full", "chosen"))
    page.emulate_media(media="print")
    expect(page.locator(".foot p", has_text="112")).to_be_visible(visible=state != "withdrawn")
    assert not page.locator(".about, .btn").filter(visible=True).count()
    if state == "full":
        assert page.locator("[data-walk]").filter(visible=True).count() == 6


def test_a_full_page_is_light(visits: Visits, client_demo: Served) -> None:
    page = visits(client_demo, width=390, signed_in=False)
    kilobytes, requests = weigh(page, link(client_demo, "full"))
    assert kilobytes <= MOST_KB, f"{kilobytes:.1f} KB"
    assert requests <= CLIENT_REQUESTS
    assert page.context.cookies() == []


def test_without_script_everything_is_there(visits: Visits, client_demo: Served) -> None:
    said = []
    for js in (True, False):
        page = visits(client_demo, width=390, signed_in=False, js=js)
        go(visits, page, client_demo, "full")
        said.append(page.locator("main").inner_text())
    assert said[0] == said[1]
    page.locator("summary", has_text="Kleine oefening").click()
    expect(page.locator("details[open] li").first).to_be_visible()


def test_everything_is_answered_without_script_on_a_small_phone(visits: Visits, client_demo: Served) -> None:
    page = visits(client_demo, width=320, signed_in=False, js=False)
    go(visits, page, client_demo, "to_answer")
    page.locator("main > form button[value=cannot]").click()
    expect(page.get_by_text("Je kunt niet. Je coach ziet dit in de planner.")).to_be_visible()
    page.get_by_role("button", name="Ik kan toch wel").click()
    expect(page.get_by_text("Je komt. Je coach ziet dit in de planner.")).to_be_visible()
    fold = page.locator("summary", has_text="Vooraf iets doorgeven")
    fold.click()
    page.get_by_role("button", name="Liever kort").click()
    expect(page.get_by_text("Je koos: liever kort, ongeveer 25 minuten.")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    fold.click()
    page.locator("[name=energy_week][value='7']").check()
    page.locator("form[action$=check-in] button").click()
    expect(page.get_by_text("Dank je. Je antwoorden zijn bewaard.")).to_be_in_viewport()
    page.locator("summary", has_text="Hoe was de vorige keer").click()
    page.locator("[name=usable][value=a_bit]").check()
    page.locator("form[action$=signs] button").click()
    expect(page.get_by_text("Dank je. Je antwoorden zijn bewaard.")).to_have_count(2)
    fold.click()
    expect(page.get_by_text("Wat je invulde is bewaard.")).to_be_visible()


def test_a_button_is_seen_without_our_colours(visits: Visits, client_demo: Served) -> None:
    page = visits(client_demo, width=390, signed_in=False, forced_colors="active")
    go(visits, page, client_demo, "full")
    for button in page.locator("main .btn:visible").all():
        assert button.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"


def test_an_answer_about_a_later_walk_is_seen(visits: Visits, client_demo: Served) -> None:
    """The fold it stands in opens where the page comes back; without script."""
    page = visits(client_demo, width=390, signed_in=False, js=False)
    go(visits, page, client_demo, "to_answer")
    page.locator("summary", has_text="Daarna").click()
    page.locator("details button[value=cannot]").first.click()
    expect(
        page.locator("details").get_by_text("Je kunt niet. Je coach ziet dit in de planner.")
    ).to_be_visible()
    page.locator("details button[value=coming]").first.click()
    expect(page.locator("details button[value=cannot]").first).to_be_visible()
