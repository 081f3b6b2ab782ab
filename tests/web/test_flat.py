"""As many questions to the database for forty as for one: pages and passes that would grow with the practice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete

from bench.data import add
from planner.domain.messages import REMINDERS
from planner.domain.series import Repeat
from planner.models import EVERYONE, Message
from planner.services.clients import consents
from planner.services.messages import message_pages, outbox
from planner.services.messages.outbox_letters import LINK_CONSENT
from planner.services.people import practices
from planner.services.people.practices import ChangePractice
from planner.services.walks import series
from tests import makers
from tests.conftest import World
from tests.counting import questions
from tests.mail_server import states, wait
from tests.page_client import PageClient
from tests.web.test_weather_watch import ROUGH, TUESDAY, lines, weather

MANY = 40
KINDS = ["confirmation", "morning", "weather"]
BASE_URL = "https://wandelen.example.org"


@pytest.fixture(autouse=True)
def _reminding(world: World) -> None:
    coach = world.coach()
    kept = practices.open_practice(world.store, coach)
    settings = replace(kept.settings, reminder_early=True, reminder_morning=True)
    practices.change(world.store, coach, ChangePractice(settings, kept.contact, kept.version), world.now)


def walk_of_another(world: World, route: int, number: int, starts: str = TUESDAY) -> int:
    """A client with a link that may be mailed, and their walk."""
    coach = world.coach()
    client = makers.make_client(world, f"Sanne {number}", email=f"sanne{number}@example.org")
    makers.make_link(world, client)
    version = consents.text_version(LINK_CONSENT)
    consents.decide(world.store, coach, client, LINK_CONSENT, consents.YES, version, world.now)
    return makers.make_walk(world, client, starts, route_id=route)


def forget_reminders(world: World) -> None:
    """As if there had been no outbox yet."""
    with world.store.db.transaction(EVERYONE, world.now) as session:
        session.execute(delete(Message).where(Message.kind.in_(REMINDERS)))


def test_messages_and_weather_lines(world: World, coach: PageClient, route: int) -> None:
    """The page of messages, the week with lines about the weather, and the page of a storm; with links. And the watch
    that said them."""

    def asked() -> list[int]:
        found = []
        for path in ("/messages/", "/", f"/storm?date={TUESDAY[:10]}&until={TUESDAY[:10]}"):
            with questions(world) as said:
                coach.get(path)
            found.append(len(said))
        with questions(world) as said:
            board = message_pages.board(world.store, world.coach(), world.now, BASE_URL, mails=True)
        assert all(one.facts.link.startswith(BASE_URL) for one in board.ready)
        return [*found, len(said)]

    def rough_weather(number: int) -> int:
        wait(world, minutes=30)
        weather(world)
        wait(world, minutes=30)
        with questions(world) as said:
            assert weather(world, ROUGH) == number
        return len(said)

    walk_of_another(world, route, 0)
    watched = rough_weather(1)
    assert [kind for kind, _state, _why in states(world)] == KINDS
    coach.get("/")  # writes down that the coach was here
    one = asked()
    for number in range(1, MANY):
        walk_of_another(world, route, number)
    assert rough_weather(MANY) == watched, "the watch, with something to say of each"
    assert len(states(world)) > len(KINDS) * MANY and len(lines(coach.get("/"))) == 5
    assert asked() == one
    assert max(one) < 40


def test_the_hourly_look_at_all_coming_walks(world: World, route: int) -> None:
    """Whether there is something to write or nothing; with the walks of a series, whose turn may have come."""

    def asked() -> tuple[int, int]:
        counts = []
        for _again in range(2):
            with questions(world) as said:
                outbox.note_everyone(world.store, world.now)
            counts.append(len(said))
        return counts[0], counts[1]

    def a_series(number: int, last_day: date) -> int:
        walk = walk_of_another(world, route, number, "2026-12-01T10:00")
        made = series.make(world.store, world.coach(), walk, Repeat(1, last_day), world.now).made
        return 1 + made

    def reminders() -> int:
        return sum(kind in REMINDERS for kind, _state, _why in states(world))

    short = a_series(0, date(2026, 12, 15))
    forget_reminders(world)
    few = asked()
    assert reminders() == 2 * short
    long = a_series(1, date(2027, 5, 25))
    for number in range(2, 18):
        walk_of_another(world, route, number, "2026-12-02T10:00")
    forget_reminders(world)
    assert asked() == few
    assert reminders() == 2 * (short + long + 16) > 2 * MANY
    assert few[1] < few[0] < 20


OF_A_LIST = (
    "/", "/?week=2026-W40", "/clients/", "/messages/", "/practice", "/routes/", "/toolkit/", "/quotes", "/what-helps",
    "/colleagues/", "/agenda?coach=all", "/privacy/requests", "/clients/{client}", "/clients/{client}?all=1",
    "/clients/{client}/notes", "/clients/{client}/notes?q=bomen", "/clients/{client}/progress",
    "/clients/{client}/timeline", "/clients/{client}/messages", "/clients/{client}/log", "/clients/{client}/helps",
    "/clients/{client}/boundaries", "/clients/{client}/report", "/walks/new?client={client}",
    "/slots?client={client}", "{page}", "{feed}", "{calendar}",
)  # fmt: skip


def test_every_list_asks_as_much_for_two_hundred_as_for_one(world: World, coach: PageClient) -> None:
    """One walk that is over and one to come, with one client; then two hundred, with sixty clients."""
    makers.make_route(world, line=True)
    calendar = makers.make_calendar(world)

    def asked(walks: int, clients: int) -> dict[str, int]:
        client = add(world.store, world.coach(), walks, clients, world.now).clients[0].id
        page, feed = makers.make_link(world, client), makers.make_feed(world, client)
        found = {}
        for pattern in OF_A_LIST:
            path = pattern.format(client=client, page=page, feed=feed, calendar=calendar)
            coach.http.get(path)  # writes down that the coach looked
            with questions(world) as said:
                assert coach.http.get(path).status_code == 200, path
            found[pattern] = len(said)
        return found

    few = asked(2, 1)
    many = asked(200, 60)
    assert {path: number for path, number in many.items() if number > few[path]} == {}
    assert max(few.values()) < 60
