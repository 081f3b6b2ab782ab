"""A route as it was drawn, without a word about where one meets: the coach is told, and no client gets its name for a
place."""

from __future__ import annotations

from dataclasses import replace

from planner.services.messages import message_pages, outbox, outbox_rows
from tests import makers
from tests.conftest import World
from tests.factories import make_client, make_route
from tests.page_client import PageClient
from tests.web.planning import plan_form

SAYS = "Er is nog geen afspreekpunt in woorden."
NAME = "Na Piet zijn scheiding"


def test_a_route_without_a_meeting_point_in_words(world: World, coach: PageClient) -> None:
    route = make_route(world, name=NAME, meeting_point="")
    assert SAYS in coach.get(f"/routes/{route}").one("[data-no-place]").get_text()
    client = make_client(world, email="sanne@example.org")
    page = plan_form(coach, client, date="2026-12-01", time="10:00").submit(
        route_id=str(route), press="action=preview"
    )
    assert SAYS in page.one("#plan-fit").get_text()
    page = page.submit(press="action=save")
    message = page.one("[data-message]").get_text(" ")
    assert SAYS in message and "De plek hoor je nog van mij." in message
    assert NAME not in message
    link = makers.make_link(world, client)
    shown = world.browser().get(link)
    assert "Dat hoor je van je coach." in shown.main
    page = page.follow("Vul aan").submit(meeting_point="Bij de brug", press="action=save")
    assert "Waar: Bij de brug" in page.one("[data-message]").get_text(" ")
    assert SAYS not in page.main


def test_with_words_nothing_is_missing(world: World, coach: PageClient) -> None:
    route = make_route(world)
    walk = makers.make_walk(
        world, make_client(world, email="s@example.org"), "2026-11-26T10:00", route_id=route
    )
    for address in (f"/routes/{route}", f"/walks/{walk}", f"/walks/{walk}/edit"):
        assert not coach.get(address).select("[data-no-place]")


def test_who_was_once_told_the_name_for_a_place_gets_no_message_of_that(world: World) -> None:
    route = make_route(world, name=NAME, meeting_point="")
    client = make_client(world, email="s@example.org")
    walk = makers.make_walk(world, client, "2026-11-26T10:00", route_id=route)
    message = makers.make_sent_message(world, walk, NAME)
    with world.store.db.transaction(world.coach().scope, world.now) as session:
        row = outbox_rows.message_gate(session, message)
        key = outbox_rows.recipient(world.store, session, client).wrapped_key
        written = outbox_rows.opened(world.store, key, row)
        assert written.about is not None
        before = replace(written, about=replace(written.about, place=NAME))
        outbox_rows.seal(world.store, key, row, before)
        outbox.note_walk(world.store, session, walk, world.now)
    assert not message_pages.of_walk(world.store, world.coach(), walk, world.now, "", mails=True).ready
