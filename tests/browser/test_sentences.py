"""With the script a sentence goes where the cursor is; what a button put in counts as typed."""

from __future__ import annotations

import pytest

from tests.browser import whereabouts
from tests.browser.acts import unfold
from tests.browser.conftest import Visits
from tests.browser.serving import Served

pytestmark = pytest.mark.browser


def test_a_sentence_goes_where_the_cursor_is(visits: Visits, demo: Served) -> None:
    page = visits(demo)
    page.goto(whereabouts.practice_of(demo, page).coming_walk + "/note")
    unfold(page)
    sentence = page.locator("[data-sentence]").first
    words = sentence.get_attribute("data-sentence")
    page.fill("[name=metaphor_text]", "voor na")
    page.evaluate("document.querySelector('[name=metaphor_text]').setSelectionRange(4, 4)")
    sentence.click()
    assert page.input_value("[name=metaphor_text]") == f"voor {words} na"
    page.fill("[name=felt_text]", "Rust.")
    page.select_option("[name=insert_into]", "felt_text")
    sentence.click()
    assert page.input_value("[name=felt_text]") == f"Rust. {words}"
    assert page.url.endswith("/note"), "nothing was sent"
