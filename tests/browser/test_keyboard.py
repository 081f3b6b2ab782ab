"""Better hours, pins and series by keyboard alone and without script; what was saved is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import serving, whereabouts
from tests.browser.conftest import Visits
from tests.browser.hand import Keys
from tests.browser.serving import Served

pytestmark = pytest.mark.browser
SAVE = ".savebar .primary"


@pytest.fixture(scope="module")
def written(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example practice for these tests together; each writes in a walk of its own."""
    with serving.web_on_copy(demo_template, tmp_path_factory.mktemp("written")) as served:
        yield served


@pytest.fixture
def page(visits: Visits, written: Served) -> Page:
    return visits(written, js=False)


def test_a_better_hour(page: Page, written: Served) -> None:
    keys = Keys(page)
    page.goto(whereabouts.practice_of(written, page).coming_walk)
    keys.go("a[href^='/slots']")
    hour = page.locator("[data-slot]").first.get_attribute("data-slot") or ""
    keys.go("[data-slot] a")
    keys.go(SAVE)
    expect(page.locator("[data-walk]").first).to_have_attribute("data-starts-local", hour)


def test_a_refused_form_goes_on_at_what_is_wrong(page: Page, visits: Visits) -> None:
    page.goto("/colleagues/invite")
    page.locator("[name=role][value=office]").focus()
    with visits.watch.expecting(422):
        page.keyboard.press("Enter")
        expect(page.locator("#errors")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=name]")).to_be_focused()


def test_an_exercise_at_a_minute_and_one_at_a_point(page: Page, written: Served) -> None:
    keys = Keys(page)
    page.goto(whereabouts.practice_of(written, page).client)
    keys.go("a[href^='/walks/new?client=']")
    keys.press("#plan-parts summary")
    rows = page.locator("#plan-parts select[name=part_at]")
    first, second = (f"#{rows.nth(number).get_attribute('id')}" for number in (0, 1))
    option = page.locator(f"{second} option[value^='point:']").first
    keys.choose(second, option.get_attribute("value") or "")
    where = option.inner_text().removeprefix("Bij: ")
    keys.choose(first, "minute")
    keys.write(first.replace("at-", "at-minute-"), "30")
    keys.go(SAVE)
    plan = page.locator("ol.parts").first
    expect(plan.locator(".tag", has_text="na 30 minuten")).to_have_count(1)
    expect(plan.locator(".tag", has_text=f"bij {where}")).to_have_count(1)


def test_a_series_and_what_follows(page: Page, written: Served) -> None:
    keys = Keys(page)
    page.goto(whereabouts.practice_of(written, page).client)
    keys.go("a[href^='/walks/new?client=']")
    keys.go(SAVE)
    first = page.locator("[data-walk]").first.get_attribute("data-starts-local") or ""
    keys.go("a[href$='/series']")
    keys.write("[name=every_weeks]", "3")
    keys.write_day("[name=until_on]", date(2027, 3, 12))
    keys.go("[value=preview]:not(.sr)")
    turns = [one.get_attribute("data-turn") for one in page.locator("[data-turn]").all()]
    assert len(turns) > 2
    keys.go(SAVE)
    assert starts(page) == [first, *turns]
    keys.go("ol li:nth-child(3) a")
    keys.go("a[href$='/edit']")
    other = page.locator("[name=time][type=radio]:not(:checked)").first.get_attribute("value") or ""
    keys.choose("[name=time]:checked", other)
    keys.choose("[name=which]:checked", "following")
    keys.go(SAVE)
    keys.go("a[href$='/series']")
    assert starts(page) == [first, turns[0], *(f"{turn}"[:11] + other for turn in turns[1:])]


def starts(page: Page) -> list[str | None]:
    return [one.get_attribute("data-starts-local") for one in page.locator("ol.plainlist [data-walk]").all()]
