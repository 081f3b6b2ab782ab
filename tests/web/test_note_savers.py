"""Fifty at once on one note: one is accepted, and nobody's text is lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask.testing import FlaskClient

from tests.conftest import World
from tests.makers import make_client, make_note, make_walk
from tests.page_client import PageClient

SAVERS = 50


@pytest.mark.parametrize("first", [True, False], ids=["a first note", "a note that is there"])
def test_one_of_fifty_is_accepted_and_no_text_is_lost(world: World, coach: PageClient, first: bool) -> None:
    walk = make_walk(world, make_client(world, "Sanne", consent_health=True), "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    if not first:
        make_note(world, walk, felt_text="Wat er stond")
    address, start = f"/walks/{walk}/note", Barrier(SAVERS)
    version = "" if first else "1"
    browsers = [world.browser("anna").http for _ in range(SAVERS)]
    tokens = [token_of(browser) for browser in browsers]

    def save(number: int) -> tuple[int, str]:
        sent = {
            "outcome": "walked",
            "felt_text": f"tekst-{number:02d}",
            "boundary_limit": f"grens-{number:02d}",
        }
        start.wait(30)
        came = browsers[number].post(address, data={**sent, "csrf_token": tokens[number], "version": version})
        return came.status_code, came.get_data(as_text=True)

    with ThreadPoolExecutor(SAVERS) as pool:
        answers = list(pool.map(save, range(SAVERS)))
    accepted = [number for number, (status, _) in enumerate(answers) if status == 303]
    assert len(accepted) == 1, [status for status, _ in answers]
    (winner,) = accepted
    kept = coach.get(address).text
    assert f"tekst-{winner:02d}" in kept and f"grens-{winner:02d}" in kept
    for number, (status, text) in enumerate(answers):
        if number != winner:
            assert status in (409, 503), "not in time, or not let in"
            assert f"tekst-{number:02d}" in text and f"grens-{number:02d}" in text
            assert status == 503 or f"tekst-{winner:02d}" in text, "both stand there"


def token_of(browser: FlaskClient) -> str:
    """The proof this browser sends with its forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/quotes").get_data(as_text=True))
    assert found
    return found[1]
