"""The card with a client's link, to print: neutral, in the client's language, and only what may be found in a bag."""

from __future__ import annotations

import pytest

from planner.services import fixed_texts
from tests.conftest import World
from tests.copy_lint import forbidden_outside
from tests.makers import make_client, make_link, make_walk
from tests.page_client import Page, PageClient


def paper(page: Page) -> str:
    return " ".join(page.one(".paper").get_text(" ").split())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_stands_on_the_card(world: World, coach: PageClient, language: str) -> None:
    coach.get("/account").submit(language="nl", phone="06 12345678")
    client = make_client(
        world, "Sanne", language=language, last_name="M-NAAM", email="m-mail@example.org", help_question="M-VRAAG",
        recovery_phase="crisis", coach_notes="M-NOTITIE",
    )  # fmt: skip
    make_walk(world, client, "2026-12-01T10:00", focus="M-FOCUS", message="M-BERICHT")
    path = make_link(world, client)
    page = coach.get(f"/clients/{client}/link").follow("Kaartje om te printen")
    words = paper(page)
    assert page.one(".paper")["lang"] == language
    assert ("Je wandelingen" if language == "nl" else "Your walks") in words
    assert f"http://localhost{path}" in words
    assert page.select(".paper svg.qr path")
    assert "Anna: 06 12345678" in words and "de Wit" not in words
    card = fixed_texts.emergency_card(language)
    for line in card.lines:
        assert line.text in words
        words = words.replace(line.text, "")
    assert not forbidden_outside(words)
    for marker in ("M-NAAM", "M-VRAAG", "M-NOTITIE", "M-FOCUS", "M-BERICHT", "m-mail", "december"):
        assert marker not in page.text, "a link may hold any letters"
    assert page.h1 == "Kaartje met de link", "the browser prints the title too"


@pytest.mark.parametrize("wished", [True, False])
def test_the_first_name_only_when_it_is_wished(world: World, coach: PageClient, wished: bool) -> None:
    client = make_client(world, "Sanne", show_first_name=wished)
    make_link(world, client)
    address = f"/clients/{client}/link/card"
    shown = [paper(coach.get(address + more)) for more in ("", "?name=1", "?name=0", "?name=x")]
    assert ["Sanne" in words for words in shown] == [wished, True, False, wished]
    other = "Zonder de voornaam" if wished else "Met de voornaam"
    assert ("Sanne" in paper(coach.get(address).follow(other))) != wished


def test_without_a_link_there_is_no_card(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne")
    page = coach.get(f"/clients/{client}/link/card")
    assert page.select(".paper, svg.qr") == []
    assert page.follow("Naar de link").h1 == "Link voor Sanne"
    make_link(world, client)
    coach.get(f"/clients/{client}/link").submit(f"/clients/{client}/link/revoke")
    assert coach.get(f"/clients/{client}/link/card").select(".paper") == []


def test_only_a_new_link_says_that_there_was_another(world: World, coach: PageClient) -> None:
    address = f"/clients/{make_client(world)}/link"
    page = coach.get(address).submit(address)
    assert "De link is klaar." in page.main and "oudere" not in page.main
    assert "De nieuwe link is klaar. De oudere werkt nu niet meer." in page.submit(address).main
