"""A length that the coach chooses, and what their page then says."""

from __future__ import annotations

import pytest

from tests import makers
from tests.conftest import World
from tests.page_client import Page, PageClient
from tests.test_addresses import state
from tests.web.answering import side
from tests.web.planning import send
from tests.web.test_lengths import LONG, SHORT, minutes, ready, tell


def test_a_shorter_walk_is_one_truth_on_the_page(world: World, coach: PageClient) -> None:
    """The list marks what falls away; list, bar and timetable tell of the same minutes."""
    one = side(world, "lengths")
    kit = tuple(makers.make_exercise(world, title) for title in ("Drie bomen", "Vier wolken"))
    walk = makers.make_walk(world, one.client, "2026-11-24T10:00", minutes=30, exercises=kit)
    address = f"/walks/{walk}"
    assert not coach.get(address).select("[data-falls-away]")
    coach.get(address).submit(f"{address}/length", press="length=short")
    page = coach.get(address)
    (gone,) = page.select("[data-falls-away]")
    assert gone["data-falls-away"] == "short"
    assert gone.select("s") and "Vier wolken" in gone.get_text() and "valt weg bij kort" in gone.get_text()
    stays = page.select("ol.parts > li:not([data-falls-away])")
    listed = sum(int(tag.get_text().split()[0]) for tag in stays)
    bar = [int(tag.get_text()) for tag in page.select(".legend strong")]
    assert listed == sum(bar[:3]) == int(str(page.select("li[data-entry=end]")[0]["data-minute"]))
    timed = page.select("li[data-entry=exercise]")
    assert len(timed) == len([tag for tag in stays if tag.has_attr("data-exercise")]) == 1


def buttons_of(page: Page) -> list[str]:
    return [" ".join(tag.get_text().split()) for tag in page.select("button[name=length]")]


def test_the_coach_makes_it_short_and_the_client_is_told(world: World, coach: PageClient) -> None:
    one = side(world)
    address = f"/walks/{one.walk}"
    tell(world, one.walk)
    page = coach.get(address)
    assert buttons_of(page) == [
        "Maak ervan: kort (25 minuten, 1,3 km)",
        "Maak ervan: lang (55 minuten, 3,3 km)",
    ]
    page = page.submit(f"{address}/length", press="length=short")
    assert (page.path, minutes(page), minutes(one.page)) == (address, "25", "25")
    assert "Sanne koos" not in page.main and "Sanne koos" not in coach.get("/").main
    assert "Kort. De wandeling duurt nu 25 minuten in plaats van 40 minuten." in page.main
    assert "Je koos" not in one.page.main
    assert ready(world, one.walk) == ["change"]
    before = state(world)
    send(coach, f"{address}/length", {"length": "short"})
    assert state(world) == before, "the same again is nothing"
    send(coach, f"{address}/length", {"length": "normal"})
    assert minutes(one.page) == "40" and ready(world, one.walk) == []


@pytest.mark.parametrize("sent", [{}, {"length": "endless"}, LONG])
def test_a_length_that_cannot_be_is_refused(world: World, coach: PageClient, sent: dict[str, str]) -> None:
    one = side(world)
    makers.make_walk(world, makers.make_client(world, "Mark"), "2026-11-25T10:45")
    before = state(world)
    page = send(coach, f"/walks/{one.walk}/length", sent)
    assert (page.status, list(page.errors)) == (422, ["length"])
    assert state(world) == before
    assert buttons_of(page) == ["Maak ervan: kort (25 minuten, 1,3 km)"]


def test_a_drawing_shows_where_to_turn(world: World, coach: PageClient) -> None:
    client, route = makers.make_client(world), makers.make_route(world, line=True, is_loop=True)
    walk = makers.make_walk(world, client, "2026-11-25T10:00", route_id=route, minutes=60)
    address = f"/walks/{walk}"
    assert not coach.get(address).select(".sketch .turn")
    send(coach, f"{address}/length", SHORT)
    for page in (coach.get(address), coach.get(f"{address}/sheet")):
        assert page.select(".sketch .turn") and "Bij het pijltje keer je om, na" in page.main


def test_the_clients_drawing_is_what_they_walk(world: World, coach: PageClient) -> None:
    client, route = makers.make_client(world), makers.make_route(world, line=True, is_loop=True)
    walk = makers.make_walk(world, client, "2026-11-25T10:00", route_id=route, minutes=60)
    link, nobody = makers.make_link(world, client), PageClient(world.app)
    page = nobody.get(link)
    whole = page.one(".sketch .way")["points"]
    assert not page.select(".sketch .turn")
    send(coach, f"/walks/{walk}/length", SHORT)
    page = nobody.get(link)
    assert page.one(".sketch .way")["points"] != whole
    assert page.select(".sketch .turn")
    assert "Bij het pijltje keer je om." in page.one(".sketch")["aria-label"]
    assert "Heen en terug." in page.main
