"""What a person meets on a screen: room, targets, focus, paper, weight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from planner.domain.reports import REPORT_PARTS
from tests.browser import whereabouts
from tests.browser.conftest import Visits
from tests.browser.serving import Served

pytestmark = pytest.mark.browser
SMALLEST_TARGET = 44
TWICE = "225%"
"""Twice the 112.5 % of our style."""

TOO_SMALL = """least => {
  const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.sr, .skip, [aria-hidden=true]');
  const text = e => e.closest('p, li, dd, dt, td, th, label, legend, h1, h2, h3, div, main, footer') || e;
  const inText = e => e.matches('a') && text(e).textContent.trim() !== e.textContent.trim();
  const spread = e => getComputedStyle(e, '::after').position === 'absolute' && e.offsetParent;
  const target = e => e.matches('[type=radio], [type=checkbox]') && e.closest('label') || spread(e) || e;
  const all = 'a[href], button, [role=button], input:not([type=hidden]), select, textarea, summary';
  return [...document.querySelectorAll(all)]
    .filter(e => shown(e) && !inText(e))
    .map(e => [e, target(e).getBoundingClientRect()])
    .filter(([, b]) => b.width && (b.height < least - 0.5 || b.width < least - 0.5))
    .map(([e, b]) => `${Math.round(b.width)}x${Math.round(b.height)} ${e.outerHTML.slice(0, 110)}`);
}"""
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  const over = e => Math.round(e.getBoundingClientRect().right - room);
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.body.querySelectorAll('*')]
    .filter(e => over(e) > 1 && !e.closest('.scroll'))
    .slice(-3).map(e => `${over(e)} px too wide: ${e.outerHTML.slice(0, 110)}`);
}"""
BROKEN = """() => [...document.querySelectorAll('table :is(td, th), .chip, .btn')].flatMap(cell => {
  const found = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
    range.setStart(texts.currentNode, word.index);
    range.setEnd(texts.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1) found.push(word[0]);
  }
  return found;
})"""
"""Words in a table or on a button that go on in the next line."""


def test_the_measures_measure(visits: Visits, demo: Served) -> None:
    page = visits(demo, width=320)
    page.goto("/licences")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<table><td><button>x</button><nobr>' + 'y'.repeat(99)"
    )
    assert page.evaluate(BROKEN) == []
    page.evaluate("document.querySelector('nobr').style.whiteSpace = 'normal'")
    assert len(page.evaluate(BROKEN)) == 1
    page.evaluate("document.querySelector('nobr').style.whiteSpace = 'nowrap'")
    assert len(page.evaluate(TOO_SMALL, SMALLEST_TARGET)) == 1
    assert page.evaluate(TOO_WIDE)


FOCUS = """() => {
  const e = document.activeElement, bar = document.querySelector('.savebar');
  const marked = e.matches('.chip input') ? e.nextElementSibling : e;
  const style = getComputedStyle(marked), box = marked.getBoundingClientRect();
  const covered = bar && !bar.contains(e) ? box.bottom - bar.getBoundingClientRect().top : 0;
  return {what: e.outerHTML.slice(0, 120), inMain: !!e.closest('main'), body: e === document.body,
    seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 1,
    covered: box.top < innerHeight && covered > 1 && box.height < innerHeight / 2 ? covered : 0,
    inView: box.bottom > 0 && box.top < innerHeight};
}"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("what", ["plan", "note", "client"])
def test_who_uses_keys_sees_where_they_are(visits: Visits, demo: Served, width: int, what: str) -> None:
    page = visits(demo, width=width)
    places = whereabouts.practice_of(demo, page)
    plan = places.client.replace("/clients/", "/walks/new?client=")
    page.goto({"plan": plan, "note": places.coming_walk + "/note", "client": "/clients/new"}[what])
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
        if stops[-1]["body"] or ".savebar" in stops[-1]["what"] or "primary" in stops[-1]["what"]:
            break
    wrong = [
        stop
        for stop in stops
        if not stop["body"] and (not stop["seen"] or stop["covered"] or not stop["inView"])
    ]
    assert not wrong, wrong
    assert "primary" in stops[-1]["what"], stops[-1]
    if what == "plan":
        assert len([stop for stop in stops if stop["inMain"]]) <= 14, [stop["what"] for stop in stops]


def test_a_choice_is_seen_without_our_colours(visits: Visits, demo: Served) -> None:
    page = visits(demo, forced_colors="active")
    page.goto(whereabouts.practice_of(demo, page).coming_walk + "/edit")
    look = """css => { const e = document.querySelector(css + ' + span');
      return [getComputedStyle(e).backgroundColor, getComputedStyle(e, '::before').content]; }"""
    chosen = page.evaluate(look, ".chip :checked")
    other = page.evaluate(look, ".chip input:not(:checked)")
    assert chosen[0] != other[0]
    assert "✓" in chosen[1] and "✓" not in other[1]


def test_what_needs_script_is_not_there_without_it(visits: Visits, demo: Served) -> None:
    address = whereabouts.practice_of(demo, visits(demo)).client + "/link"
    for js in (True, False):
        page = visits(demo, js=js)
        for more, css, number in (("", "[data-copy]", 2), ("/card", "[data-print]", 1)):
            page.goto(address + more)
            buttons = page.locator(css)
            assert [button.is_visible() for button in buttons.all()] == [js] * number


def paper(page: Page) -> int:
    """How many sheets of A4 it takes."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4")))


def test_the_first_step_is_on_the_first_screen(visits: Visits, demo: Served) -> None:
    """Outside one looks, and does not look for it: no menu, and nothing between the facts and the steps."""
    places = whereabouts.practice_of(demo, visits(demo))
    phone = visits(demo, width=390)
    phone.goto(places.coming_walk + "/sheet")
    assert not phone.locator(".menu, .brand, .me").count()
    first, bar = phone.locator(".clock > li").first.bounding_box(), phone.locator(".savebar").bounding_box()
    assert first and bar and first["y"] + first["height"] <= bar["y"]
    for place in phone.locator(".clock .at small").all():
        assert place.evaluate("tag => tag.getClientRects().length") == 1, "a distance stays in one piece"


def test_paper(visits: Visits, demo: Served) -> None:
    places = whereabouts.practice_of(demo, visits(demo))
    client = visits(demo, signed_in=False)
    client.goto(places.link)
    assert paper(client) <= 2, "with all that is folded on a screen"
    client.emulate_media(media="print", color_scheme="dark")
    assert client.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--card')") == "#FFF"
    coach = visits(demo)
    for address in (
        places.coming_walk,
        places.coming_walk + "/sheet",
        places.route,
        "/",
        places.client + "/link/card",
        places.client + "/report?chosen=1" + "".join(f"&parts={part}" for part in REPORT_PARTS),
        places.client + "/sponsor-report",
    ):
        coach.goto(address)
        assert paper(coach) == 1, address
    coach.goto(places.coming_walk + "/sheet")
    coach.emulate_media(media="print")
    expect(coach.locator(".clock details li").first, "the steps are on paper").to_be_visible()
    assert not coach.locator(".btn, .back").filter(visible=True).count()
    coach.emulate_media(media="screen")
    coach.goto("/toolkit/")
    assert paper(coach) > 1, "the count of sheets counts"
