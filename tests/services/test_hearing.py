"""What happens elsewhere and changes what a client is told: an answer, a consent, another meeting point."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from planner.domain.clients import ClientDetails
from planner.domain.needs import Mail
from planner.domain.notes import NoteContent
from planner.domain.routes import RouteFacts, RouteTexts
from planner.domain.series import Repeat
from planner.models import EVERYONE, Message
from planner.services.clients import clients, consents, safety
from planner.services.messages import outbox, outbox_orders, sending
from planner.services.messages.sending import Post
from planner.services.notes import notes
from planner.services.notes.notes import SaveNote
from planner.services.routes import route_changes
from planner.services.routes.route_changes import WriteRoute
from planner.services.walks import series, walk_rows, walks
from planner.web.messages.writing import writer
from tests import makers
from tests.conftest import World
from tests.mail_server import Office, anna, ready, say_yes, states
from tests.services.test_reminders import move, plan, save_client, set_practice, waiting


@pytest.fixture(autouse=True)
def _reminding(world: World) -> None:
    set_practice(world, reminder_early=True)


@pytest.fixture
def sanne(world: World) -> int:
    return makers.make_client(world, "Sanne", email="sanne@example.org")


def kinds(world: World) -> list[str]:
    return [one.kind for one in ready(world)]


def test_who_cannot_come_hears_nothing_of_that_walk_until_the_coach_chose(office: Office, sanne: int) -> None:
    world = office.world
    walk = plan(world, sanne, told=False)
    link = makers.make_link(world, sanne)
    makers.answer(world, link, walk, "cannot")
    assert (kinds(world), waiting(world)) == ([], [])
    world.set_clock("2026-11-29T10:01")
    assert office.tick() == 0
    move(world, walk, sanne, "2026-12-03T10:00")
    assert kinds(world) == ["change"], (
        "at another time the answer does not stand; their page showed the first one"
    )
    assert len(waiting(world)) == 1


def test_who_can_come_after_all_is_reminded(office: Office, sanne: int) -> None:
    world = office.world
    walk = plan(world, sanne)
    assert office.tick() == 1
    link = makers.make_link(world, sanne)
    makers.answer(world, link, walk, "cannot")
    assert waiting(world) == []
    assert outbox_orders.remind(world.store, anna(world), walk, "", world.now) == "cannot"
    makers.answer(world, link, walk, "coming")
    world.set_clock("2026-11-29T10:01")
    assert office.tick() == 1


def test_an_answer_between_the_hour_and_the_message(office: Office, sanne: int) -> None:
    """The reminder is due already when the client says that they cannot come."""
    world = office.world
    walk = plan(world, sanne)
    office.tick()
    link = makers.make_link(world, sanne)
    world.set_clock("2026-11-29T10:01")
    makers.answer(world, link, walk, "cannot")
    assert office.tick() == 0


def test_a_reminder_by_hand_is_tried_again(office: Office, sanne: int) -> None:
    """What the coach asked for stays asked for, whatever the server says first."""
    world = office.world
    walk = plan(world, sanne)
    office.tick()
    save_client(world, sanne, reminders=False)
    office.box.script = {"RCPT": ["451 later"]}
    assert outbox_orders.remind(world.store, anna(world), walk, "", world.now) == "done"
    assert office.tick() == 0
    world.set_clock(world.now + timedelta(minutes=2))
    assert office.tick() == 1


def by_itself(world: World, client: int) -> None:
    consents.decide(
        world.store, anna(world), client, "health", "yes", consents.text_version("health"), world.now
    )


def with_a_note(world: World, client: int) -> None:
    walk = makers.make_walk(world, client, "2026-11-20T10:00")
    notes.save(
        world.store,
        anna(world),
        walk,
        SaveNote("walked", NoteContent(felt_text="Rust"), agrees=True),
        world.now,
    )


def with_the_safety_questions(world: World, client: int) -> None:
    safety.ask(world.store, anna(world), client, {"S1": "no"}, world.now, world.now.date(), agrees=True)


def with_the_details(world: World, client: int) -> None:
    save_client(world, client, consent_health=True)


@pytest.mark.parametrize("again", [by_itself, with_a_note, with_the_safety_questions, with_the_details])
def test_consent_given_again_tells_what_was_planned_meanwhile(
    office: Office, again: Callable[[World, int], None]
) -> None:
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org", goal="naar buiten")
    version = consents.text_version("health")
    consents.decide(world.store, anna(world), client, "health", "no", version, world.now)
    plan(world, client, told=False)
    assert (kinds(world), waiting(world)) == ([], [])
    again(world, client)
    assert kinds(world) == ["confirmation"]
    assert len(waiting(world)) == 1


@pytest.mark.parametrize("own_place", [False, True])
def test_another_meeting_point_of_the_route_is_told(office: Office, sanne: int, own_place: bool) -> None:
    """Calendars and clients hear where to be; a walk with a place of its own stays as it is."""
    world = office.world
    route = makers.make_route(world, "Rondje bos", meeting_point="Bij het bord")
    place = {"meeting_point": "Voor het station"} if own_place else {}
    walk = makers.make_walk(world, sanne, "2026-12-01T10:00", route_id=route, **place)
    colleague = makers.make_client(world, "Iris", who="cor", email="iris@example.org")
    makers.make_walk(world, colleague, "2026-12-01T10:00", who="cor", route_id=route)
    say_yes(world)
    office.tick()
    moved = WriteRoute(RouteTexts("Rondje bos", meeting_point="Bij de slagboom"), RouteFacts())
    route_changes.edit(world.store, anna(world), route, moved, world.now)
    with world.store.db.reading(anna(world).scope) as session:
        sequence = walk_rows.open_walk(world.store, session, walk).sequence
    assert (kinds(world), sequence) == (([], 0) if own_place else (["change"], 1))


def test_a_message_without_an_address_waits_for_the_coach(office: Office) -> None:
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org")
    plan(world, client)
    save_client(world, client, details=clients.NO_DETAILS)
    assert office.tick() == 0
    assert kinds(world) == ["confirmation"], "it is not gone in silence"


def test_a_link_without_an_address_waits_for_the_coach(office: Office) -> None:
    """Once the address is there again the coach can still say yes."""
    world = office.world
    secure = Office(world, office.server, "https://wandelen.example.org")
    client = makers.make_client(world, "Sanne", email="sanne@example.org")
    makers.make_link(world, client)
    version = consents.text_version("link_in_messages")
    consents.decide(world.store, anna(world), client, "link_in_messages", "yes", version, world.now)
    outbox_orders.mail_link(world.store, anna(world), client, secure.base_url, world.now)
    save_client(world, client, details=clients.NO_DETAILS)
    assert secure.tick() == 0
    assert states(world) == [("link", "held", None)]
    save_client(world, client, details=ClientDetails(email="sanne@example.org"))
    (waits,) = ready(world, secure.base_url)
    assert outbox_orders.send(world.store, anna(world), waits.id, None, secure.base_url, world.now) == "done"
    assert secure.tick() == 1


@pytest.mark.parametrize("why", ["cannot", "withdrawn"])
def test_what_may_have_arrived_and_was_dropped_is_told_when_it_counts_again(office: Office, why: str) -> None:
    """The line broke off before the server said yes: nobody knows whether the client heard of the walk."""
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org", goal="naar buiten")
    walk = plan(world, client)
    office.box.script = {"DATA": ["drop"]}
    assert office.tick() == 0
    if why == "cannot":
        link = makers.make_link(world, client)
        makers.answer(world, link, walk, "cannot")
        assert kinds(world) == []
        makers.answer(world, link, walk, "coming")
    else:
        version = consents.text_version("health")
        consents.decide(world.store, anna(world), client, "health", "no", version, world.now)
        assert kinds(world) == []
        consents.decide(world.store, anna(world), client, "health", "yes", version, world.now)
    assert kinds(world) == ["confirmation"]
    say_yes(world)
    assert office.tick() == 1


@pytest.mark.parametrize("base_url", ["", "https://wandelen.example.org"])
@pytest.mark.parametrize("consent", [False, True])
def test_a_link_in_a_message_needs_the_consent_and_a_safe_address(
    office: Office, base_url: str, consent: bool
) -> None:
    world = office.world
    served = Office(world, office.server, base_url)
    client = makers.make_client(world, "Sanne", email="sanne@example.org")
    path = makers.make_link(world, client)
    if consent:
        version = consents.text_version("link_in_messages")
        consents.decide(world.store, anna(world), client, "link_in_messages", "yes", version, world.now)
    walk = plan(world, client)
    assert served.tick() == 1
    assert outbox_orders.remind(world.store, anna(world), walk, base_url, world.now) == "done"
    assert served.tick() == 1
    found = [f"{base_url}{path}" in text for text in office.box.texts]
    assert found == [bool(base_url) and consent] * 2
    assert any("/s/" in str(mail) for mail in office.box.taken) == found[0], "not in its HTML either"


def on_a_storm_day(world: World, walk: int, client: int, what: str) -> None:
    """What the coach decides there waits for their yes, also for a client who is mailed by itself."""
    coach = anna(world)
    with world.store.db.transaction(coach.scope, world.now) as session:
        if what == "cancelled":
            walks.cancel_in(world.store, session, coach, walk, "weather", world.now, by_itself=False)
        else:
            later = walks.PlanWalk(client, datetime(2026, 12, 1, 15, 30), 40)
            walks.change_in(world.store, session, coach, walk, later, world.now, by_itself=False)


@pytest.mark.parametrize("deed", ["an answer", "the place of the route", "the file"])
def test_what_waits_for_a_yes_goes_on_waiting_whatever_happens(office: Office, deed: str) -> None:
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org", mails_by_itself=True)
    walk = makers.make_walk(world, client, "2026-12-01T10:00")
    assert office.tick() == 1
    on_a_storm_day(world, walk, client, "moved")
    assert office.tick() == 0
    if deed == "an answer":
        link = makers.make_link(world, client)
        makers.answer(world, link, walk, "cannot")
        makers.answer(world, link, walk, "coming")
    elif deed == "the file":
        save_client(world, client, mails_by_itself=True, language="en")
    else:
        with world.store.db.transaction(anna(world).scope, world.now) as session:
            outbox.note_walk(world.store, session, walk, world.now)
    assert (office.tick(), kinds(world)) == (0, ["change"])
    assert say_yes(world) == ["done"] and office.tick() == 1
    move(world, walk, client, "2026-12-03T10:00")
    assert office.tick() == 1, "an ordinary change goes by itself again"


def test_called_off_while_the_confirmation_is_on_its_way(office: Office) -> None:
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org", mails_by_itself=True)
    walk = makers.make_walk(world, client, "2026-12-01T10:00")
    office.box.before["DATA"] = lambda: on_a_storm_day(world, walk, client, "cancelled")
    assert office.tick() == 1
    assert office.tick() == 0
    assert kinds(world) == ["cancellation"]


def test_what_the_page_showed_is_told_when_it_changes_also_later_in_a_series(
    office: Office, sanne: int
) -> None:
    """Of a later walk nobody told the client yet; they can have written it down from their page."""
    world = office.world
    walk = plan(world, sanne)
    assert office.tick() == 1
    makers.make_link(world, sanne)
    repeat = Repeat(1, date(2026, 12, 22))
    assert series.make(world.store, anna(world), walk, repeat, world.now).made == 3
    later = [one.id for one in series.open_desk(world.store, anna(world), walk, world.now).later]
    assert kinds(world) == []
    world.set_clock(world.now + timedelta(hours=1))
    walks.cancel(world.store, anna(world), later[0], "coach", world.now)
    move(world, later[1], sanne, "2026-12-16T10:00")
    assert kinds(world) == ["cancellation", "change"]
    assert say_yes(world) == ["done"] * 2 and office.tick() == 2
    assert "dinsdag 8 december" in office.box.texts[1] and "gaat niet door" in office.box.texts[1]
    assert "Het was dinsdag 15 december" in office.box.texts[2]


@pytest.mark.parametrize(
    ("has_link", "minutes_later", "told"), [(True, 60, True), (True, 5, False), (False, 60, False)]
)
def test_a_walk_that_nobody_saw_is_called_off_in_silence(
    office: Office, sanne: int, has_link: bool, minutes_later: int, told: bool
) -> None:
    """Without a link there is no page that showed it; one that stood there for minutes was a slip of the coach."""
    world = office.world
    if has_link:
        makers.make_link(world, sanne)
    walk = plan(world, sanne)
    world.set_clock(world.now + timedelta(minutes=minutes_later))
    walks.cancel(world.store, anna(world), walk, "coach", world.now)
    assert kinds(world) == (["cancellation"] if told else [])


def test_a_reminder_that_is_tried_again_outlives_a_choice_of_the_client(office: Office) -> None:
    """The client is told nothing of what they chose themselves, so the reminder has its own work still to do."""
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org", page_asks=["lengths"])
    route = makers.make_route(world, "Rondje bos", line=True)
    walk = makers.make_walk(world, client, "2026-12-01T10:00", minutes=60, route_id=route)
    say_yes(world)
    assert office.tick() == 1
    world.set_clock("2026-11-29T10:01")
    office.box.script = {"RCPT": ["451 later"]}
    assert office.tick() == 0
    makers.answer(world, makers.make_link(world, client), walk, length="short")
    world.set_clock("2026-11-29T10:20")
    assert office.tick() == 1
    assert "Een herinnering aan je wandeling." in office.box.texts[1]


class Killed(BaseException):
    """The process is ended in the middle of its work."""


class DiesAfterData:
    """A way out that hands the message over and does not live to hear the answer."""

    def __init__(self) -> None:
        self.handed: list[Mail] = []

    def send(self, mail: Callable[[], Mail | None], leaving: Callable[[], None]) -> bool:
        handed = mail()
        assert handed is not None
        leaving()
        self.handed.append(handed)
        raise Killed


@pytest.mark.parametrize("how", ["cancelled", "moved", "nothing"])
def test_killed_between_the_message_and_its_receipt(office: Office, sanne: int, how: str) -> None:
    """The client may have it: they hear what changed since, and the same message once more has the same number."""
    world, dying = office.world, DiesAfterData()
    walk = plan(world, sanne)
    with pytest.raises(Killed):
        sending.send_due(world.store, Post(dying, writer(world.app), ""), lambda: world.now)
    if how == "cancelled":
        walks.cancel(world.store, anna(world), walk, "coach", world.now)
    elif how == "moved":
        move(world, walk, sanne, "2026-12-01T15:30")
    world.set_clock(world.now + timedelta(minutes=2))
    say_yes(world)
    assert office.tick() == 1
    expected = {"cancelled": "gaat niet door", "moved": "15.30 uur", "nothing": "staat gepland"}
    assert expected[how] in office.box.texts[0]
    again = f"<{dying.handed[0].id}@" in str(office.box.taken[0]["Message-ID"])
    assert again == (how == "nothing")


def test_a_claim_of_a_clock_that_ran_ahead_does_not_hold_for_years(office: Office, sanne: int) -> None:
    world = office.world
    plan(world, sanne)
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.execute(update(Message).values(claimed_until=world.now + timedelta(days=3650)))
    assert office.tick() == 1


@pytest.mark.parametrize("email", ["kees@example.nl\u3002", "kees@\u2024.nl"])
def test_an_address_that_no_header_can_carry_stops_nobody_else(
    office: Office, sanne: int, email: str
) -> None:
    world = office.world
    other = makers.make_client(world, "Kees", email=email)
    plan(world, other)
    plan(world, sanne)
    assert office.tick() == 1
