"""Reminders go by themselves at their hour, when they still help; and nothing goes to who must not be written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete

from planner.domain.practices import PracticeSettings
from planner.models import EVERYONE, Message
from planner.services.clients import clients, consents
from planner.services.clients.clients import SaveClient
from planner.services.messages import message_pages, outbox, outbox_orders
from planner.services.people import practices
from planner.services.people.practices import ChangePractice
from planner.services.walks import walks
from planner.services.walks.walks import PlanWalk
from tests import makers
from tests.conftest import AMSTERDAM, World
from tests.mail_server import Office, anna, ready, say_yes, states


@pytest.fixture(autouse=True)
def _reminding(world: World) -> None:
    set_practice(world, reminder_early=True)


@pytest.fixture
def sanne(world: World) -> int:
    return makers.make_client(world, "Sanne", email="sanne@example.org")


def set_practice(world: World, **what: object) -> None:
    kept = practices.open_practice(world.store, anna(world))
    settings: PracticeSettings = replace(kept.settings, **what)  # type: ignore[arg-type]
    practices.change(
        world.store, anna(world), ChangePractice(settings, kept.contact, kept.version), world.now
    )


def save_client(world: World, client_id: int, **what: object) -> None:
    kept = clients.of_coach(world.store, anna(world), client_id)
    command = SaveClient(kept.name, kept.details, language=kept.language, started_on=kept.started_on)
    clients.update(world.store, anna(world), client_id, replace(command, **what), world.now)  # type: ignore[arg-type]


def waiting(world: World) -> list[tuple[str, datetime]]:
    board = message_pages.board(world.store, anna(world), world.now, "", mails=True)
    return [(one.kind, one.due_at.astimezone(AMSTERDAM)) for one in board.later]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def plan(world: World, client: int, starts: str = "2026-12-01T10:00", *, told: bool = True) -> int:
    walk = makers.make_walk(world, client, starts)
    if told:
        say_yes(world)
    return walk


def move(world: World, walk: int, client: int, starts: str) -> None:
    walks.change(
        world.store, anna(world), walk, PlanWalk(client, datetime.fromisoformat(starts), 40), world.now
    )


def test_two_days_before_by_itself(office: Office, sanne: int) -> None:
    world = office.world
    plan(world, sanne)
    assert office.tick() == 1
    world.set_clock("2026-11-29T09:59")
    assert office.tick() == 0
    world.set_clock("2026-11-29T10:01")
    assert (office.tick(), office.tick()) == (1, 0)
    assert "Een herinnering aan je wandeling." in office.box.texts[1]
    world.set_clock("2026-12-01T09:59")
    assert office.tick() == 0


def test_the_morning_itself_where_the_practice_wants_it(office: Office, sanne: int) -> None:
    world = office.world
    plan(world, sanne)
    plan(world, sanne, "2026-12-02T08:30")
    set_practice(world, reminder_morning=True, reminder_early=False)
    mornings = [one for one in waiting(world) if one[0] == "morning"]
    assert mornings == [("morning", at("2026-12-01T08:00"))], "none for who starts before nine"
    office.tick()
    world.set_clock("2026-12-01T08:00:30")
    assert office.tick() == 1
    assert "Vandaag is je wandeling." in office.box.texts[-1]


@pytest.mark.parametrize(
    ("starts", "due"),
    [("2027-03-29T10:00", "2027-03-27T10:00"), ("2027-11-01T10:00", "2027-10-30T10:00")],
    ids=["spring", "autumn"],
)
def test_over_a_clock_change(office: Office, sanne: int, starts: str, due: str) -> None:
    world = office.world
    plan(world, sanne, starts)
    assert ("reminder", at(due)) in waiting(world)
    office.tick()
    world.set_clock(at(due) + timedelta(seconds=1))
    assert office.tick() == 1
    assert "10.00 uur" in office.box.texts[-1]


def test_planned_shortly_before_needs_no_reminder(office: Office, sanne: int) -> None:
    world = office.world
    plan(world, sanne, "2026-11-24T15:00")
    assert office.tick() == 1
    assert waiting(world) == []
    plan(world, sanne, "2026-11-25T12:00")  # its hour comes in three hours, just after the confirmation
    office.tick()
    world.set_clock("2026-11-23T12:01")
    assert office.tick() == 0
    assert ("reminder", "dropped", "known") in states(world)


def test_a_reminder_follows_its_walk(office: Office, sanne: int) -> None:
    world = office.world
    walk = plan(world, sanne)
    office.tick()
    move(world, walk, sanne, "2026-12-03T11:00")
    assert waiting(world) == [("reminder", at("2026-12-01T11:00"))]
    walks.cancel(world.store, anna(world), walk, "weather", world.now)
    assert waiting(world) == []
    walks.put_back(world.store, anna(world), walk, world.now)
    assert waiting(world) == [("reminder", at("2026-12-01T11:00"))]
    move(world, walk, sanne, "2026-11-24T11:00")
    assert waiting(world) == [], "the message of the change does its work"


def test_moved_after_its_reminder_it_is_reminded_of_again(office: Office, sanne: int) -> None:
    world = office.world
    walk = plan(world, sanne)
    office.tick()
    world.set_clock("2026-11-29T10:01")
    assert office.tick() == 1
    move(world, walk, sanne, "2026-12-08T10:00")
    assert [one.kind for one in ready(world)] == ["change"], "the reminder told them of the old time"
    assert waiting(world) == [("reminder", at("2026-12-06T10:00"))]


def test_a_reminder_tells_what_nobody_told(office: Office, sanne: int) -> None:
    """The confirmation was never sent: the reminder comes, and then there is nothing left to confirm."""
    world = office.world
    plan(world, sanne, told=False)
    world.set_clock("2026-11-29T10:01")
    assert office.tick() == 1
    assert ready(world) == []


@pytest.mark.parametrize("how", ["client", "practice", "no address", "paused", "ended", "withdrawn"])
def test_turned_off(office: Office, how: str) -> None:
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org", goal="naar buiten")
    plan(world, client)
    office.tick()
    assert len(waiting(world)) == 1
    today = date(2026, 11, 23)
    if how == "client":
        save_client(world, client, reminders=False)
    elif how == "practice":
        set_practice(world, reminder_early=False)
    elif how == "no address":
        save_client(world, client, details=clients.NO_DETAILS)
    elif how == "withdrawn":
        consents.decide(
            world.store, anna(world), client, "health", "no", consents.text_version("health"), world.now
        )
    else:
        clients.set_status(world.store, anna(world), client, how, world.now, today)
    assert waiting(world) == []
    world.set_clock("2026-11-29T10:01")
    assert office.tick() == 0


def test_turned_on_again(office: Office, sanne: int) -> None:
    world = office.world
    plan(world, sanne)
    office.tick()
    save_client(world, sanne, reminders=False)
    save_client(world, sanne, reminders=True)
    assert waiting(world) == [("reminder", at("2026-11-29T10:00"))]
    set_practice(world, reminder_hours=24)
    assert waiting(world) == [("reminder", at("2026-11-30T10:00"))]


def test_a_colleague_is_reminded_by_the_same_settings(office: Office) -> None:
    world = office.world
    client = makers.make_client(world, "Iris", who="cor", email="iris@example.org")
    makers.make_walk(world, client, "2026-12-01T10:00", who="cor")
    set_practice(world, reminder_hours=24)
    world.set_clock("2026-11-29T10:01")
    assert office.tick() == 0
    world.set_clock("2026-11-30T10:01")
    assert office.tick() == 1


def test_what_waits_stops_when_a_client_is_paused(office: Office, sanne: int) -> None:
    """All but that a walk is off: who was told of a walk may hear that, once the coach says so."""
    world = office.world
    told = plan(world, sanne)
    office.tick()
    plan(world, sanne, "2026-12-02T10:00")
    clients.set_status(world.store, anna(world), sanne, "paused", world.now, date(2026, 11, 23))
    assert (office.tick(), ready(world)) == (0, [])
    makers.make_walk(world, sanne, "2026-12-05T10:00")
    assert ready(world) == []
    walks.cancel(world.store, anna(world), told, "coach", world.now)
    assert [one.kind for one in ready(world)] == ["cancellation"]
    assert say_yes(world) == ["done"]
    assert office.tick() == 1
    clients.set_status(world.store, anna(world), sanne, "active", world.now, date(2026, 11, 23))
    assert sorted(one.kind for one in ready(world)) == ["confirmation", "confirmation"]


def test_a_walk_from_before_there_was_an_outbox(office: Office, sanne: int) -> None:
    """It gets its reminder; nothing is announced that was told in another way."""
    world = office.world
    plan(world, sanne)
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.execute(delete(Message))
    outbox.note_everyone(world.store, world.now)
    assert (waiting(world), ready(world)) == ([("reminder", at("2026-11-29T10:00"))], [])


def test_again_by_hand(office: Office, sanne: int) -> None:
    world = office.world
    walk = plan(world, sanne)
    office.tick()
    for _press in range(2):
        assert outbox_orders.remind(world.store, anna(world), walk, "", world.now) == "done"
    assert (office.tick(), office.tick()) == (1, 0)
    save_client(world, sanne, reminders=False)
    assert outbox_orders.remind(world.store, anna(world), walk, "", world.now) == "done", (
        "the coach knows best"
    )
    walks.cancel(world.store, anna(world), walk, "weather", world.now)
    assert office.tick() == 0
    assert outbox_orders.remind(world.store, anna(world), walk, "", world.now) == "cancelled"


def test_a_text_the_coach_did_not_see_does_not_leave(office: Office, sanne: int) -> None:
    world = office.world
    walk = plan(world, sanne, told=False)
    (one,) = ready(world)
    move(world, walk, sanne, "2026-12-03T11:00")
    said = outbox_orders.send(world.store, anna(world), one.id, one.facts.sequence, "", world.now)
    assert (said, office.tick()) == ("changed", 0)
