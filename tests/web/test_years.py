"""A day without its year is taken for the nearest of that name: one that lies further away says its year."""

from __future__ import annotations

import pytest

from tests import makers
from tests.conftest import World
from tests.factories import id_in
from tests.page_client import PageClient
from tests.web.planning import plan_form
from tests.web.test_client_page import link_of

FAR = "vrijdag 26 november 2027"


@pytest.fixture
def sanne(world: World) -> int:
    return makers.make_client(world, "Sanne", email="sanne@example.org")


def test_a_walk_of_another_year_says_so_everywhere(
    coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    page = plan_form(coach, sanne, date="2027-11-26", time="10:00")
    assert page.one("[data-echo]").get_text() == f"{FAR}, 10.00 uur"
    assert page.one("[data-day-far]").get_text(strip=True) == "Deze dag is pas in november 2027. Klopt dat?"
    assert "vr 26 nov 2027" in page.one("#plan-day").get_text(" ")
    walk = id_in(page.submit(press="action=save"))
    assert FAR in coach.get(f"/walks/{walk}").main
    assert "vr 26 nov 2027" in coach.get("/messages/").one("[data-message]").get_text(" ")
    assert f"Vrijdag{FAR.removeprefix('vrijdag')}" in visitor.get(link_of(coach, sanne)).main
    assert not coach.get(f"/walks/{walk}/edit").select("[data-day-far]"), "it was asked before"


def test_the_letter_too(world: World, coach: PageClient, sanne: int) -> None:
    makers.make_walk(world, sanne, "2027-11-26T10:00")
    world.set_clock("2026-11-23T12:00")
    assert f"V{FAR[1:]}, 10.00 uur" in coach.get("/messages/").one("[data-message]").get_text(" ")


@pytest.mark.parametrize(
    ("on", "said"), [("2027-01-05", "dinsdag 5 januari"), ("2026-05-19", "dinsdag 19 mei 2026")]
)
def test_only_where_somebody_would_take_another_year(
    coach: PageClient, sanne: int, on: str, said: str
) -> None:
    """Also backwards, but there the form has its own word (decision 28)."""
    page = plan_form(coach, sanne, date=on, time="10:00")
    assert page.one("[data-echo]").get_text() == f"{said}, 10.00 uur"
    assert not page.select("[data-day-far]")
