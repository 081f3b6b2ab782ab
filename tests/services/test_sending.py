"""Messages leave: what is owed and nothing else, once, through a server that does what mail servers do."""

from __future__ import annotations

import pytest

from planner.services.messages import message_pages, outbox_orders
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.mail_server import Office, anna, cancel, move, ready, say_yes, states, wait

OFF = "gaat niet door"


@pytest.fixture
def sanne(world: World) -> int:
    return makers.make_client(world, "Sanne", email="sanne@example.org", reminders=False)


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
    (line,) = message_pages.log(world.store, anna(world), sanne, world.now).lines
    assert (line.state, line.to, line.kind) == ("sent", "sanne@example.org", "confirmation")
    assert "Bij het bord" in line.text


def test_without_looking_first_where_the_coach_wants_that(office: Office) -> None:
    world = office.world
    client = makers.make_client(
        world, "Joris", email="joris@example.org", mails_by_itself=True, reminders=False
    )
    walk = makers.make_walk(world, client, "2026-12-01T10:00")
    assert office.tick() == 1
    move(world, walk, client, "2026-12-02T11:00")
    cancel(world, walk)
    assert (office.tick(), ready(world)) == (1, [])
    assert OFF in office.box.texts[1]
    assert "dinsdag 1 december, 10.00 uur" in office.box.texts[1], (
        "the time the client knows, not one never told"
    )
    assert makers.make_walk(
        world, makers.make_client(world, "Piet", mails_by_itself=True), "2026-12-03T10:00"
    )
    assert (office.tick(), len(ready(world))) == (0, 1), (
        "without an address there is only the coach's own way"
    )


def test_told_and_changed_is_one_message(office: Office, sanne: int) -> None:
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    move(world, walk, sanne, "2026-12-02T10:00")
    assert [one.kind for one in ready(world)] == ["confirmation"], (
        "never told: one confirmation, of the new time"
    )
    say_yes(world)
    office.tick()
    for starts in ("2026-12-03T10:00", "2026-12-04T11:30"):
        move(world, walk, sanne, starts)
    assert [one.kind for one in ready(world)] == ["change"]
    move(world, walk, sanne, "2026-12-02T10:00")
    assert ready(world) == [], "moved back to what was told"
    move(world, walk, sanne, "2026-12-04T11:30")
    say_yes(world)
    office.tick()
    assert len(office.box.taken) == 2
    assert "Vrijdag 4 december, 11.30 uur" in office.box.texts[1]
    assert "Het was woensdag 2 december, 10.00 uur." in office.box.texts[1]


def test_never_told_and_cancelled_is_nothing(office: Office, sanne: int) -> None:
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    cancel(world, walk)
    assert ready(world) == []
    walks.put_back(world.store, anna(world), walk, world.now)
    assert [one.kind for one in ready(world)] == ["confirmation"]


def test_told_cancelled_and_put_back(office: Office, sanne: int) -> None:
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.tick()
    cancel(world, walk)
    walks.put_back(world.store, anna(world), walk, world.now)
    assert ready(world) == [], "as it was told"
    cancel(world, walk)
    say_yes(world)
    office.tick()
    walks.put_back(world.store, anna(world), walk, world.now)
    assert [one.kind for one in ready(world)] == ["confirmation"]


def test_who_knows_already_hears_of_what_changes(office: Office, sanne: int) -> None:
    """Planned together on the way: the coach leaves the confirmation out. Once cancelled, there is something to say."""
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    (one,) = ready(world)
    assert outbox_orders.decline(world.store, anna(world), one.id, world.now) == "done"
    assert (office.tick(), ready(world)) == (0, [])
    cancel(world, walk)
    assert [one.kind for one in ready(world)] == ["cancellation"]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
def test_cancelled_between_the_claim_and_the_message(office: Office, sanne: int, stage: str) -> None:
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.box.before[stage] = lambda: cancel(world, walk)
    assert (office.tick(), office.tick()) == (0, 0)
    assert office.box.taken == []
    assert ready(world) == [], "never told, so nothing to take back"
    assert states(world) == [("confirmation", "dropped", "cancelled")]


def test_cancelled_while_it_goes(office: Office, sanne: int) -> None:
    """Too late to stop it; then the client hears that it is off."""
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.box.before["DATA"] = lambda: cancel(world, walk)
    assert office.tick() == 1
    assert [one.kind for one in ready(world)] == ["cancellation"]


def test_moved_between_the_claim_and_the_message(office: Office, sanne: int) -> None:
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.box.before["RCPT"] = lambda: move(world, walk, sanne, "2026-12-02T15:00")
    assert office.tick() == 1
    assert "Woensdag 2 december, 15.00 uur" in office.box.texts[0]
    assert ready(world) == []


ONCE = [
    ("MAIL", "451 later"), ("RCPT", "450 later"), ("DATA", "451 later"), ("EHLO", "drop"), ("RCPT", "drop"),
    ("DATA", "drop"), ("RCPT", "hang"), ("DATA", "hang"), ("MAIL", "550 who are you"),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "step"), ONCE)
def test_a_server_with_a_bad_moment(office: Office, sanne: int, stage: str, step: str) -> None:
    """Not now: again after a minute, and then once."""
    world = office.world
    office.within_s = 0.4 if step == "hang" else 5.0
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.box.script = {stage: [step]}
    assert (office.tick(), office.tick()) == (0, 0)
    assert not office.box.taken
    office.within_s = 10.0
    wait(world, seconds=50)
    assert office.tick() == 0
    wait(world, seconds=15)
    assert (office.tick(), office.tick(), len(office.box.taken)) == (1, 0, 1)


def test_taken_but_never_answered(office: Office, sanne: int) -> None:
    """It may have arrived: it goes again under the same number, so that a mail program shows it once."""
    world = office.world
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.box.script = {"DATA": ["take and drop"]}
    assert office.tick() == 0
    wait(world, minutes=2)
    assert office.tick() == 1
    first, second = office.box.ids
    assert first == second
    assert office.box.texts[0] == office.box.texts[1]
    move(world, walk, sanne, "2026-12-02T10:00")
    say_yes(world)
    office.box.script = {"DATA": ["take and drop"]}
    office.tick()
    cancel(world, walk)
    assert [one.kind for one in ready(world)] == ["cancellation"], "they may have heard of it"
    say_yes(world)
    wait(world, minutes=2)
    office.tick()
    assert OFF in office.box.texts[-1]
    assert len(set(office.box.ids)) == 3, "another text has another number"


@pytest.mark.parametrize(("stage", "problem"), [("RCPT", "unknown_address"), ("DATA", "refused")])
def test_a_lasting_no(office: Office, sanne: int, stage: str, problem: str) -> None:
    world = office.world
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.box.script = {stage: ["550 no"]}
    office.tick()
    wait(world, hours=3)
    assert (office.tick(), states(world)) == (0, [("confirmation", "failed", problem)])
    (failed,) = message_pages.board(world.store, anna(world), world.now, "", mails=True).failed
    assert outbox_orders.send(world.store, anna(world), failed.id, None, "", world.now) == "done"
    assert office.tick() == 1


def test_a_day_without_an_answer(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.box.script = {"MAIL": ["451 later"] * 100}
    tries = 0
    for _hour in range(40):
        before = len(office.box.script["MAIL"])
        office.tick()
        tries += before - len(office.box.script["MAIL"])
        wait(world, hours=1)
    assert 20 < tries < 32
    assert states(world) == [("confirmation", "failed", "busy")]


def test_nothing_after_the_start(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_walk(world, sanne, "2026-11-23T09:30")
    makers.make_walk(world, sanne, "2026-11-23T09:31")
    one, _other = ready(world)
    outbox_orders.send(world.store, anna(world), one.id, None, "", world.now)
    office.box.script = {"MAIL": ["451 later"]}
    office.tick()
    wait(world, hours=1)
    assert office.tick() == 0
    assert states(world) == [("confirmation", "failed", "busy"), ("confirmation", "dropped", "past")]
    assert office.box.taken == []


def test_one_that_cannot_go_does_not_hold_up_the_others(office: Office, sanne: int) -> None:
    world = office.world
    for day in range(1, 5):
        makers.make_walk(world, sanne, f"2026-12-0{day}T10:00")
    say_yes(world)
    office.box.script = {"RCPT": ["550 no", "450 later"]}
    assert office.tick() == 2
    wait(world, minutes=2)
    assert office.tick() == 1


def test_the_clock_goes_back_an_hour(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    assert office.tick() == 1
    makers.make_walk(world, sanne, "2026-12-02T10:00")
    say_yes(world)
    office.box.script = {"MAIL": ["451 later"]}
    office.tick()
    wait(world, hours=-1)
    assert office.tick() == 0
    wait(world, hours=2)
    assert (office.tick(), len(set(office.box.ids)), len(office.box.ids)) == (1, 2, 2)
