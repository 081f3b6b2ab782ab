"""Messages owed are messages delivered: whatever happens to a walk and to the mail server, and from two nodes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from planner.domain.routes import RouteFacts, RouteTexts
from planner.models import EVERYONE, Database, ForecastRow, Walk, WeatherWatch
from planner.outside.mail import SmtpMail
from planner.services.clients import consents
from planner.services.messages import message_pages, outbox_orders, sending
from planner.services.messages.sending import Post
from planner.services.routes import route_changes
from planner.services.routes.route_changes import WriteRoute
from planner.services.store import Store
from planner.services.walks import walks
from planner.services.walks.walks import PlanWalk
from planner.services.weather import weather_watch
from planner.web.messages.writing import writer
from planner.web.words import moment
from tests import makers
from tests.conftest import World
from tests.domain.weather_makers import forecast, step
from tests.mail_server import Office, anna, cancel, ready, say_yes, wait
from tests.services.test_reminders import set_practice
from tests.web.planning import let_weather_come

OFF = "gaat niet door"
ROUGH, BETTER = "ruw weer", "ziet er nu beter uit"


@pytest.fixture
def sanne(world: World) -> int:
    return makers.make_client(world, "Sanne", email="sanne@example.org")


START_OF_THE_LAST_DAYS = datetime.fromisoformat("2026-11-26T12:00+01:00")
STARTS = ("2026-11-30T10:00", "2026-12-01T10:00", "2026-12-01T15:30")
"""Within the forecast, and far enough for every run."""
TROUBLE = (
    {}, {}, {"MAIL": ["451 later"]}, {"RCPT": ["450 later"]}, {"DATA": ["451 later"]}, {"DATA": ["take and drop"]},
    {"DATA": ["drop"]}, {"EHLO": ["drop"]},
)  # fmt: skip


class Ledger:
    """One client with one walk: what happened to it and around it, and what they read."""

    def __init__(self, office: Office, luck: random.Random) -> None:
        self.office, self.world, self.luck = office, office.world, luck
        self.starts = STARTS[0]
        self.by_itself, self.place = luck.random() < 0.5, "Bij het bord"
        set_practice(self.world, reminder_early=luck.random() < 0.5, reminder_hours=72)
        self.client = makers.make_client(
            self.world, "Sanne", email="s@example.org", goal="naar buiten", mails_by_itself=self.by_itself
        )
        self.route = makers.make_route(self.world, "Rondje bos", meeting_point=self.place)
        self.walk = makers.make_walk(self.world, self.client, self.starts, route_id=self.route)
        self.off = False
        self.withdrawn = False
        self.cannot_at = ""
        """The start that the client said they cannot come to."""
        self.read: list[str] = []
        self.weather_read: list[str] = []
        self.twice: set[str] = set()

    @property
    def cannot(self) -> bool:
        return self.cannot_at == self.starts

    def move(self) -> None:
        self.starts = self.luck.choice(STARTS)
        if not self.off:
            plan = PlanWalk(self.client, datetime.fromisoformat(self.starts), 40, route_id=self.route)
            walks.change(self.world.store, anna(self.world), self.walk, plan, self.world.now)

    def cancel(self) -> None:
        cancel(self.world, self.walk)
        self.off = True

    def put_back(self) -> None:
        if self.off:
            walks.put_back(self.world.store, anna(self.world), self.walk, self.world.now)
            self.off = False
            self.move()

    def another_place(self) -> None:
        """The route starts elsewhere from now on."""
        self.place = "Bij de slagboom" if self.place == "Bij het bord" else "Bij het bord"
        route = WriteRoute(RouteTexts("Rondje bos", meeting_point=self.place), RouteFacts())
        route_changes.edit(self.world.store, anna(self.world), self.route, route, self.world.now)

    def says(self, word: str) -> None:
        if not self.off and not self.withdrawn:
            makers.answer(self.world, makers.make_link(self.world, self.client), self.walk, word)
            self.cannot_at = self.starts if word == "cannot" else ""

    def cannot_come(self) -> None:
        self.says("cannot")

    def can_come(self) -> None:
        if self.cannot:
            self.says("coming")

    def consent(self) -> None:
        self.withdrawn = not self.withdrawn
        answer, version = "no" if self.withdrawn else "yes", consents.text_version("health")
        consents.decide(
            self.world.store, anna(self.world), self.client, "health", answer, version, self.world.now
        )

    def by_hand(self) -> None:
        outbox_orders.remind(self.world.store, anna(self.world), self.walk, "", self.world.now)

    def days_pass(self) -> None:
        if self.world.now < START_OF_THE_LAST_DAYS:
            wait(self.world, days=1)

    def weather(self, rough: bool) -> None:
        """A new forecast for every hour of these days, and the jobs look."""
        store, now = self.world.store, self.world.now
        hours = [now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=n) for n in range(240)]
        gust = {"gust_ms": 25.0 if rough else 4.0}
        says = forecast(*(step(at, **gust) for at in hours), fetched_at=now)
        with store.db.transaction(EVERYONE, now) as session:
            session.execute(update(ForecastRow).values(expires_at=now))
        let_weather_come(self.world, says)
        weather_watch.watch(store, now)

    def rough(self) -> None:
        self.weather(True)

    def calm(self) -> None:
        self.weather(False)

    def stands(self) -> str | None:
        """The line about the walk as it now is."""
        with self.world.store.db.reading(EVERYONE) as session:
            row = session.scalar(select(WeatherWatch).where(WeatherWatch.walk_id == self.walk))
            walk = session.scalars(select(Walk).where(Walk.id == self.walk)).one()
            return row.line if row and row.about_at == walk.starts_at and not self.off else None

    def yes(self) -> None:
        say_yes(self.world)

    def tick(self, trouble: dict[str, list[str]] | None = None) -> None:
        """Nothing changes while the jobs run: what is read is true, or the page would lie."""
        box = self.office.box
        box.script = {name: list(steps) for name, steps in (trouble or {}).items()}
        before = len(box.taken)
        self.office.tick()
        for mail_id, text in zip(box.ids[before:], box.texts[before:], strict=True):
            if ROUGH in text or BETTER in text:
                assert self.stands() == ("worse" if ROUGH in text else "recovered"), "another sky"
                assert BETTER not in text or any(ROUGH in one for one in self.weather_read), (
                    "better than what"
                )
                if trouble and "take and drop" in trouble.get("DATA", []):
                    self.twice.add(mail_id)
                self.weather_read.append(text)
                continue
            assert (OFF in text) == self.off, "about a walk that is no longer there"
            assert self.off or moment(datetime.fromisoformat(self.starts), "nl") in text.lower()
            assert self.off or self.place in text, "to another place"
            assert self.off or not self.cannot, "to who cannot come"
            assert self.off or not self.withdrawn, "to who took back their consent"
            if trouble and "take and drop" in trouble.get("DATA", []):
                self.twice.add(mail_id)
            self.read.append(text)
        wait(self.world, hours=2)

    def tick_badly(self) -> None:
        self.tick(self.luck.choice(TROUBLE))

    def settle(self) -> None:
        """Consent is there, and the client can come; the coach says yes to all that is ready."""
        if self.withdrawn:
            self.consent()
        if self.cannot:
            self.can_come()
        for _round in range(4):
            self.yes()
            self.tick()


@pytest.mark.parametrize("seed", [*range(30), 173, 247])  # what two of them found was mended
def test_owed_is_delivered_and_nothing_twice(office: Office, seed: int) -> None:
    luck = random.Random(seed)
    ledger = Ledger(office, luck)
    deeds: list[Callable[[], None]] = [
        ledger.move, ledger.cancel, ledger.put_back, ledger.yes, ledger.yes, ledger.tick_badly, ledger.tick_badly,
        ledger.another_place, ledger.cannot_come, ledger.can_come, ledger.consent, ledger.by_hand, ledger.days_pass,
        ledger.rough, ledger.calm,
    ]  # fmt: skip
    for _step in range(luck.randint(4, 18)):
        luck.choice(deeds)()
    ledger.settle()
    if ledger.read:
        assert (OFF in ledger.read[-1]) == ledger.off, "the client knows how it is"
        assert ledger.off or ledger.place in ledger.read[-1], "and where to be"
    else:
        assert ledger.off, "a walk that goes on is told"
    again = {mail_id for mail_id, times in Counter(office.box.ids).items() if times > 1}
    assert again <= ledger.twice, "only what never got its answer goes again"
    assert ready(office.world) == []
    if ledger.stands() == "worse":
        assert any(ROUGH in one for one in ledger.weather_read), "what stands was told, as the coach said yes"


def test_the_weather_leaves_by_no_other_way(office: Office) -> None:
    """Without the coach's yes nothing about it leaves, whatever the sky does."""
    luck = random.Random(4)
    ledger = Ledger(office, luck)
    ledger.calm()
    wait(office.world, hours=1)
    for _step in range(12):
        luck.choice([ledger.rough, ledger.calm, ledger.tick])()
    assert ledger.weather_read == []


def test_the_ledger_sees_what_is_wrong(office: Office) -> None:
    ledger = Ledger(office, random.Random(1))
    ledger.yes()
    ledger.off = True
    with pytest.raises(AssertionError, match="no longer there"):
        ledger.tick()


def test_a_new_practice_sends_nothing_without_a_yes(office: Office, sanne: int) -> None:
    """No reminder either, until the coach turned them on: the default is the minimum."""
    world = office.world
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    for _day in range(9):
        assert office.tick() == 0
        wait(world, hours=23)


# Two nodes


def test_two_nodes_send_each_once(office: Office, sanne: int) -> None:
    world = office.world
    for day in range(1, 13):
        makers.make_walk(world, sanne, f"2026-12-{day:02}T10:00")
    say_yes(world)
    stores = [Store(Database(world.settings.database_url), world.store.vault) for _ in range(2)]
    write, sent, together = writer(world.app), [0, 0], Barrier(2)

    def node(number: int) -> None:
        post = Post(SmtpMail(office.server.address), write)
        together.wait()
        for _pass in range(3):
            sent[number] += sending.send_due(stores[number], post, lambda: world.now)

    threads = [Thread(target=node, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.db.dispose()
    assert (sum(sent), len(office.box.ids), len(set(office.box.ids))) == (12, 12, 12)


def test_a_node_that_died_with_a_message_in_its_hands(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    assert sending._claim(world.store, world.now) is not None
    assert office.tick() == 0, "somebody else has it"
    assert outbox_orders.send(world.store, anna(world), first_id(world), None, "", world.now) == "gone"
    wait(world, seconds=sending.CLAIM_FOR.total_seconds() + 1)
    assert (office.tick(), len(office.box.taken)) == (1, 1)


def test_a_claim_that_was_lost_sends_nothing(office: Office, sanne: int) -> None:
    """A node that slept longer than its claim lets go, and takes it up anew."""
    world = office.world
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    say_yes(world)
    office.box.before["MAIL"] = lambda: wait(world, minutes=5)
    assert (office.tick(), len(office.box.taken)) == (1, 1)
    assert office.box.connections == 2


def first_id(world: World) -> int:
    return message_pages.board(world.store, anna(world), world.now, "", mails=True).later[0].id
