"""The place where one meets lies elsewhere: who comes there hears of it, and the coach looks at the words again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from planner.domain.messages import CHANGE
from planner.models import EVERYONE, Practice, RoutePhoto
from planner.services.messages import message_pages
from planner.services.vault import Place
from tests import makers
from tests.conftest import World
from tests.factories import gpx_file, make_client, make_route
from tests.mapping import make_photo
from tests.page_client import Page, PageClient
from tests.web.test_drawn_routes import draw, drawing

LINE = ((52.09, 5.12), (52.0951, 5.12), (52.0951, 5.13), (52.09, 5.14))
ELSEWHERE = ((52.3, 5.3), (52.31, 5.31))
ASKS = "1 wandeling begint hier. Klopt het afspreekpunt in woorden nog?"


def replaced(coach: PageClient, address: str) -> Page:
    to = f"/routes/new?replace={address.rsplit('/', 1)[-1]}"
    return coach.get(to).submit(to, gpx=gpx_file(ELSEWHERE))


def drawn(coach: PageClient, address: str) -> Page:
    return draw(coach, address, drawing([[5.3, 52.3], [5.31, 52.31]]))


def trimmed(coach: PageClient, address: str) -> Page:
    return coach.get(address).submit(f"{address}/trim")


def edited(coach: PageClient, address: str) -> Page:
    return coach.get(f"{address}/edit").submit(latitude="52.3", longitude="5.3")


@pytest.mark.parametrize("change", [replaced, drawn, trimmed, edited])
def test_who_was_told_where_hears_that_it_moved(
    world: World, coach: PageClient, change: Callable[[PageClient, str], Page]
) -> None:
    """By every way that a route changes, though its words stay as they were."""
    route = make_route(world, gpx=gpx_file(LINE))
    client = make_client(world, email="sanne@example.org")
    walk = makers.make_walk(world, client, "2026-11-26T10:00", route_id=route)
    feed, browser = makers.make_feed(world, client), world.browser()

    def entry() -> tuple[str, str]:
        text = browser.get(feed).response.get_data(as_text=True)
        place, sequence = re.search(r"GEO:(.*)", text), re.search(r"SEQUENCE:(\d+)", text)
        assert place and sequence
        return place[1], sequence[1]

    makers.make_sent_message(world, walk, "Bij het houten bord")
    before = entry()
    page = change(coach, f"/routes/{route}")
    assert ASKS in page.main
    assert all(old != new for old, new in zip(before, entry(), strict=True))
    (one,) = message_pages.of_walk(world.store, world.coach(), walk, world.now, "", mails=True).ready
    assert one.kind == CHANGE
    assert "op een andere plek af dan eerst" in coach.get(f"/walks/{walk}").main


@pytest.mark.parametrize("added", ["now", "before its place was kept"])
@pytest.mark.parametrize("change", [replaced, drawn, trimmed, edited])
def test_a_photo_of_the_old_place_leads_no_client_there(
    world: World, coach: PageClient, change: Callable[[PageClient, str], Page], added: str
) -> None:
    route = make_route(world, gpx=gpx_file(LINE))
    make_photo(world, route, "Het hek")
    if added != "now":
        forget_where(world)
    client = make_client(world)
    walk = makers.make_walk(world, client, "2026-11-26T10:00", route_id=route)
    link, browser = makers.make_link(world, client), world.browser()
    assert browser.get(link).select("img.photo") and coach.get(f"/walks/{walk}/sheet").select("img.photo")
    assert browser.get(f"{link}walks/{walk}/photo").status == 200
    page = change(coach, f"/routes/{route}")
    assert "Cliënten zien de foto nu niet" in page.main
    assert page.select("[data-photo-elsewhere]") and page.select("img.photo")
    assert not browser.get(link).select("img.photo")
    assert not coach.get(f"/walks/{walk}/sheet").select("img.photo")
    assert browser.get(f"{link}walks/{walk}/photo").status == 404
    page = page.submit(f"/routes/{route}/photo/edit")
    assert page.one("img.photo")["alt"] == "Het hek"
    assert not page.select("[data-photo-elsewhere]")
    assert browser.get(link).select("img.photo")


def test_a_photo_goes_with_the_words_too(world: World, coach: PageClient) -> None:
    address = f"/routes/{make_route(world, gpx=gpx_file(LINE))}"
    make_photo(world, int(address.rsplit("/", 1)[-1]))
    old = str(coach.get(f"{address}/edit").one("[name=meeting_point]").get_text()).strip()
    for words, elsewhere in ((old.upper() + "!", False), ("Bij de kerk", True), (old, False)):
        page = coach.get(f"{address}/edit").submit(meeting_point=words)
        assert bool(page.select("[data-photo-elsewhere]")) is elsewhere, words


def forget_where(world: World) -> None:
    """The photo as it was kept when only its words were."""
    with world.store.db.transaction(EVERYONE, world.now) as session:
        row = session.scalars(select(RoutePhoto)).one()
        practice = session.scalars(select(Practice).where(Practice.id == row.owner_id)).one()
        place = Place("route_photo", "alt_sealed", row.id, row.owner_id)
        row.alt_sealed = world.store.vault.seal(practice.wrapped_key, place, "Het hek")


def test_a_few_steps_are_no_news(world: World, coach: PageClient) -> None:
    route = make_route(world, gpx=gpx_file(LINE))
    walk = makers.make_walk(
        world, make_client(world, email="s@example.org"), "2026-11-26T10:00", route_id=route
    )
    makers.make_sent_message(world, walk, "Bij het houten bord")
    page = coach.get(f"/routes/{route}/edit").submit(latitude="52.0903", longitude="5.12")
    assert "begint hier" not in page.main
    assert not message_pages.of_walk(world.store, world.coach(), walk, world.now, "", mails=True).ready


@pytest.mark.parametrize("with_form", [True, False])
def test_a_place_of_ones_own_stays_with_another_file(
    world: World, coach: PageClient, with_form: bool
) -> None:
    """Also when the file comes along with the form of the route."""
    address = f"/routes/{make_route(world, latitude='52.1', longitude='5.1')}"
    page = (
        coach.get(f"{address}/edit").submit(gpx=gpx_file(ELSEWHERE))
        if with_form
        else replaced(coach, address)
    )
    assert "52.10000, 5.10000" in page.main
    assert page.one("[data-route]")["data-points"] == "2"
