"""Messages leave: the right ones, once, to a server that does what mail servers do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planner.services import message_pages, outbox_orders, walks
from tests import makers
from tests.conftest import World
from tests.mail_server import Office, running


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    server = running()
    yield Office(world, server)
    server.stop()


@pytest.fixture
def sanne(world: World) -> int:
    return makers.make_client(world, "Sanne", email="sanne@example.org")


def ready(world: World) -> list[message_pages.Shown]:
    return list(message_pages.board(world.store, world.coach(), world.now, "", mails=True).ready)


def say_yes(world: World) -> list[str]:
    """The coach presses send on all that is ready."""
    return [
        outbox_orders.send(world.store, world.coach(), one.id, one.facts.sequence, "", world.now)
        for one in ready(world)
    ]


def test_nothing_leaves_before_the_coach_says_so(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_walk(world, sanne, "2026-12-01T10:00", meeting_point="Bij het bord")
    assert office.tick() == 0
    assert [one.kind for one in ready(world)] == ["confirmation"]
    assert say_yes(world) == ["done"]
    assert (office.tick(), office.tick()) == (1, 0)
    (mail,) = office.box.taken
    assert (mail["To"], mail["Reply-To"], mail["Subject"]) == (
        "sanne@example.org", "anna@example.org", "Wandelafspraak"
    )  # fmt: skip
    assert "Dinsdag 1 december, 10.00 uur" in office.box.texts[0]
    (line,) = message_pages.log(world.store, world.coach(), sanne, world.now).lines
    assert (line.state, line.to, line.kind, line.at) == ("sent", "sanne@example.org", "confirmation", line.at)
    assert "Bij het bord" in line.text


def test_cancelled_between_the_claim_and_the_message(office: Office, sanne: int) -> None:
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    coach = world.coach()
    office.box.before["RCPT"] = lambda: walks.cancel(world.store, coach, walk, "weather", world.now)
    assert office.tick() == 0
    assert office.box.taken == []
    assert office.tick() == 0
    assert ready(world) == [], "never told, so nothing to take back"
