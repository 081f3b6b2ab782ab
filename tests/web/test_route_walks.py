"""With whom and when a route was walked: by name on the coach's own pages, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import World
from tests.counting import questions
from tests.factories import make_client as typed_client
from tests.makers import make_client, make_feed, make_link, make_note, make_route, make_walk
from tests.page_client import Page, PageClient
from tests.web.planning import plan_form

COMING = "2026-11-24T10:00"


@pytest.fixture
def route(world: World) -> int:
    return make_route(world, "Rondje bos", line=True)


def beside(page: Page, route: int) -> str:
    """What stands with a proposed route about walks with others."""
    found = page.select(f'#plan-fit [data-route="{route}"] [data-walked-with]')
    return found[0].get_text(" ", strip=True) if found else ""


def listed(page: Page) -> list[str]:
    return [" ".join(one.get_text().split()) for one in page.select("[data-walked] li")]


def test_a_proposed_route_says_with_which_others_lately(world: World, coach: PageClient, route: int) -> None:
    """Each once, with the last time; not who stayed away, called off, walks later, or walked long ago."""
    sanne = make_client(world, "Sanne")
    bo, mark, els, eva = (make_client(world, name) for name in ("Bo", "Mark", "Els", "Eva"))
    for client, day in ((bo, "2026-11-03"), (bo, "2026-11-17"), (mark, "2026-11-10"), (sanne, "2026-11-18")):
        make_walk(world, client, f"{day}T10:00", route_id=route)
    make_note(world, make_walk(world, els, "2026-11-19T10:00", route_id=route), outcome="no_show")
    make_note(world, make_walk(world, els, "2026-11-20T10:00", route_id=route), outcome="weather")
    make_walk(world, eva, "2026-10-01T10:00", route_id=route)
    make_walk(world, eva, COMING, route_id=route)
    page = plan_form(coach, sanne, route=str(route))
    assert beside(page, route) == "Laatst ook met Bo (di 17 nov) , Mark (di 10 nov) ."
    assert listed(coach.get(f"/routes/{route}")) == [
        "woensdag 18 november 2026: Sanne", "dinsdag 17 november 2026: Bo", "dinsdag 10 november 2026: Mark",
        "dinsdag 3 november 2026: Bo", "donderdag 1 oktober 2026: Eva",
    ]  # fmt: skip


def test_a_colleagues_clients_are_not_named(world: World, coach: PageClient, route: int) -> None:
    """The route is the practice's; who walked it with Cor is Cor's."""
    theirs = make_client(world, "Kanariecor", who="cor")
    make_walk(world, theirs, "2026-11-17T10:00", who="cor", route_id=route)
    sanne = typed_client(world, first_name="Sanne")
    assert "Kanariecor" not in plan_form(coach, sanne, route=str(route)).main
    assert "Kanariecor" not in coach.get(f"/routes/{route}").main
    assert listed(world.browser("cor").get(f"/routes/{route}")) == ["dinsdag 17 november 2026: Kanariecor"]


def test_no_name_on_what_a_client_or_a_phone_gets(world: World, coach: PageClient, route: int) -> None:
    sanne, other = make_client(world, "Sanne", email="sanne@example.org"), make_client(world, "Kanariebo")
    make_walk(world, other, "2026-11-17T10:00", route_id=route)
    walk = make_walk(world, sanne, COMING, route_id=route)
    link, feed = make_link(world, sanne), make_feed(world, sanne)
    assert "Kanariebo" in plan_form(coach, sanne, route=str(route)).main, "so there is something to leak"
    for address in (f"/walks/{walk}/sheet", f"/walks/{walk}", "/messages/"):
        assert "Kanariebo" not in coach.get(address).main, address
    for address in (link, feed, f"{link}walks/{walk}.ics"):
        assert "Kanariebo" not in world.app.test_client().get(address).get_data(as_text=True), address


def test_many_walks_ask_no_more_of_the_database(world: World, coach: PageClient, route: int) -> None:
    sanne, asked = make_client(world, "Sanne"), []
    plan_form(coach, sanne, route=str(route))  # writes down that the coach looked
    for many in (1, 6):
        for number in range(many):
            client = make_client(world, f"Bo{many}{number}")
            starts = (world.now - timedelta(days=2 + number)).replace(tzinfo=None)
            make_walk(world, client, starts, route_id=route)
        with questions(world) as found:
            page = plan_form(coach, sanne, route=str(route))
            listing = coach.get(f"/routes/{route}")
        asked.append(len(found))
    assert asked[0] == asked[1], asked
    assert len(page.select(f'#plan-fit [data-route="{route}"] [data-client]')) == 3
    assert len(listed(listing)) == 6
