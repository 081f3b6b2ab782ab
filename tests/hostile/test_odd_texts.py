"""Odd texts in every field: kept or refused in words, never a fault, and every page still passes inspection."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.address_book import is_fault
from tests.ground import Ground
from tests.hostile.forms import pages, write_everywhere
from tests.hostile.naughty import NAUGHTY
from tests.makers import make_client
from tests.page_client import Page

TURNS, DEEP = 1, 6


@pytest.mark.parametrize("turn", range(DEEP))
def test_odd_texts_are_kept_or_refused(ground: Ground, turn: int, request: pytest.FixtureRequest) -> None:
    if turn >= TURNS and not request.config.getoption("--deep"):
        pytest.skip("tried by make prove")
    before = _read(pages(ground))
    sent, refused = write_everywhere(ground, turn * len(NAUGHTY) // DEEP)
    assert sent > 100
    assert refused < sent / 2, "or nothing would be shown"
    shown = list(pages(ground))
    assert [page.path for page in shown if is_fault(page.response)] == []
    assert before - _read(shown) == set(), "a page that is there no more"


def _read(shown: Iterable[Page]) -> set[str]:
    """The addresses of what can be read; a photo goes when its form is sent."""
    return {page.path for page in shown if page.status == 200 and page.response.mimetype == "text/html"}


def test_a_template_in_a_text_is_a_text(ground: Ground) -> None:
    """Apart from the others: whoever inspects our pages takes it for a slip of ours."""
    client = make_client(
        ground.world, "{{ 7*191 }}", help_question="{% for x in y %}{{ config }}", goal="{{ 7*191 }}"
    )
    answer = ground.world.browser("anna").http.get(f"/clients/{client}").get_data(as_text=True)
    assert "{{ 7*191 }}" in answer and "1337" not in answer and "SECRET_KEY" not in answer


NO_SIGNS = "a\x00b\x80c\x9fd\ufdd0e\ufffff\U0001fffeg"


def test_what_is_no_sign_is_on_no_page(ground: Ground) -> None:
    """Not where it is kept, and not on the page that gives back what could not be kept."""
    browser, path = ground.world.browser("anna"), f"/clients/{ground.own.client}/edit"
    page = browser.get(path).submit(path, first_name=NO_SIGNS)
    assert page.status == 200 and "abcdefg" in page.text
    page = browser.post(path, {"first_name": NO_SIGNS, NO_SIGNS: "y"})
    assert page.status == 400
    assert page.one('input[name="first_name"]')["value"] == "abcdefg"
