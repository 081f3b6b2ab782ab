"""Send my link again: the same answer and the same work for everybody, and a link only to who may have it by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from planner.models import EVERYONE, Client, LinkRequest, Throttle
from planner.services.clients import clients, consents, link_requests, sharing
from planner.services.keeping import housekeeping
from planner.services.messages import message_pages, outbox_orders
from tests import makers
from tests.conftest import World
from tests.counting import questions
from tests.ground import Ground
from tests.mail_server import Office, anna, html, running
from tests.page_client import Page

BASE = "https://wandelen.example.org"


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    server = running()
    yield Office(world, server, BASE)
    server.stop()


def agree(world: World, client_id: int) -> None:
    version = consents.text_version("link_in_messages")
    consents.decide(world.store, anna(world), client_id, "link_in_messages", "yes", version, world.now)


@pytest.fixture
def sanne(world: World) -> int:
    client = makers.make_client(world, "Sanne", email="Sanne@Example.org", reminders=False)
    agree(world, client)
    return client


def ask(world: World, email: str) -> Page:
    return world.browser().get("/s/").submit("/s/", email=email)


def tick(office: Office) -> int:
    link_requests.answer(office.world.store, office.world.now, office.base_url)
    return office.tick()


def test_the_link_comes_by_mail(office: Office, sanne: int) -> None:
    world = office.world
    path = makers.make_link(world, sanne)
    ask(world, " sanne@example.ORG ")
    assert (tick(office), tick(office)) == (1, 0)
    (mail,) = office.box.taken
    assert (mail["To"], mail["Subject"]) == ("Sanne@Example.org", "Wandelafspraak")
    assert f"{BASE}{path}" in office.box.texts[0]
    assert f'<a href="{BASE}{path}">' in html(mail)
    (line,) = message_pages.log(world.store, anna(world), sanne, world.now).lines
    assert path not in line.text, "the log keeps no secret"


def test_the_same_answer_for_everybody(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_link(world, sanne)
    known, unknown = ask(world, "sanne@example.org"), ask(world, "nobody@example.org")
    assert (known.status, known.response.data) == (200, unknown.response.data)
    assert [name for name, _ in known.response.headers] == [name for name, _ in unknown.response.headers]
    assert "Set-Cookie" not in known.response.headers


def test_the_same_work_for_everybody(office: Office, sanne: int) -> None:
    """Statement for statement: nobody is looked up while somebody waits for the answer."""
    world = office.world
    makers.make_link(world, sanne)

    def work(email: str) -> list[str]:
        with questions(world) as said:
            link_requests.ask(world.store, email, "192.0.2.9", world.now)
        return said

    work("first@example.org")  # makes the row of the network
    known, unknown = work("sanne@example.org"), work("nobody@example.org")
    assert known == unknown
    assert not [sql for sql in known if re.search(r"\bclient\b", sql)]


@pytest.mark.parametrize("email", ["", "geen adres", "a@b", "x" * 300 + "@example.org"])
def test_not_an_address(world: World, email: str) -> None:
    page = ask(world, email)
    assert page.status == 422
    assert page.errors["email"]
    with world.store.db.reading(EVERYONE) as session:
        assert session.scalar(select(func.count()).select_from(LinkRequest)) == 0


@pytest.mark.parametrize(
    "why", ["no consent", "no link", "withdrawn", "expired", "paused", "not secure", "ended"]
)
def test_nothing_in_silence(office: Office, why: str) -> None:
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org", reminders=False)
    if why != "no consent":
        agree(world, client)
    if why != "no link":
        makers.make_link(world, client)
    if why == "withdrawn":
        sharing.revoke(world.store, anna(world), client, world.now)
    if why in ("ended", "paused"):
        clients.set_status(world.store, anna(world), client, why, world.now, date(2026, 11, 23))
    if why == "expired":
        world.set_clock(world.now + timedelta(days=61))
    if why == "not secure":
        office.base_url = ""
    ask(world, "sanne@example.org")
    assert tick(office) == 0
    with world.store.db.reading(EVERYONE) as session:
        assert session.scalar(select(func.count()).select_from(LinkRequest)) == 0, "the question is gone"


def test_withdrawn_while_it_waits(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_link(world, sanne)
    assert outbox_orders.mail_link(world.store, anna(world), sanne, BASE, world.now) == "done"
    version = consents.text_version("link_in_messages")
    consents.decide(world.store, anna(world), sanne, "link_in_messages", "no", version, world.now)
    assert tick(office) == 0


def test_no_flood_for_who_did_not_ask(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_link(world, sanne)
    for number in range(60):
        link_requests.ask(world.store, "sanne@example.org", f"198.51.{number}.7", world.now)
        tick(office)
    assert len(office.box.taken) == link_requests.MOST_A_DAY


def test_asked_too_often_from_one_place(world: World) -> None:
    for number in range(60):
        assert "Dank je" in ask(world, f"a{number}@example.org").main, "the answer stays the same"
    with world.store.db.reading(EVERYONE) as session:
        asked = session.scalar(select(func.count()).select_from(LinkRequest)) or 0
        assert session.scalar(select(func.count()).where(Throttle.blocked_until.is_not(None)))
    assert 25 <= asked <= 35


def test_asking_for_a_link_never_keeps_a_coach_out(world: World) -> None:
    for _time in range(50):
        link_requests.ask(world.store, "anna@example.org", "127.0.0.1", world.now)
    from tests.conftest import PASSWORD

    page = world.browser().get("/login").submit(email="anna@example.org", password=PASSWORD)
    assert page.path == "/"


def test_across_practices_and_without_a_trace(ground: Ground) -> None:
    """The same address at two practices gets both links; the address itself is nowhere in clear."""
    world = ground.world
    for who in ("anna", "bram"):
        client = makers.make_client(world, "Zoutkorrel", who=who, email="zoutkorrel@example.org")
        version = consents.text_version("link_in_messages")
        consents.decide(world.store, world.coach(who), client, "link_in_messages", "yes", version, world.now)
        makers.make_link(world, client, who=who)
    ask(world, "zoutkorrel@example.org")
    assert "zoutkorrel" not in str(ground.dump()).lower()
    assert link_requests.answer(world.store, world.now, BASE) == 2
    assert "zoutkorrel" not in str(ground.dump()).lower()


def test_clients_from_before_get_their_digest(world: World, sanne: int) -> None:
    with world.store.db.transaction(EVERYONE, world.now) as session:
        before = session.scalar(select(Client.mail_digest))
        session.execute(update(Client).values(mail_digest=None))
    housekeeping.sweep(world.store, world.now)
    with world.store.db.reading(EVERYONE) as session:
        assert session.scalar(select(Client.mail_digest)) == before


def test_the_gone_page_points_here_only_when_it_works(office: Office) -> None:
    world = office.world
    assert world.browser().get("/s/none/").select('a[href="/s/"]')
    assert not Office(world, office.server).world.browser().get("/s/none/").select('a[href="/s/"]')


def test_a_scanner_that_opens_every_link_changes_nothing(office: Office, sanne: int) -> None:
    world = office.world
    makers.make_link(world, sanne)
    makers.make_walk(world, sanne, "2026-12-01T10:00")
    ask(world, "sanne@example.org")
    tick(office)
    links = set(re.findall(r"https?://\S+?(?=[\s\"<])", "".join(map(html, office.box.taken))))
    assert links
    before = Ground(world, {}).dump()
    for link in links:
        for method in ("GET", "HEAD"):
            for agent in ("Mozilla/5.0 SafeLinks", "Mozilla/5.0"):
                path = link.removeprefix(BASE)
                answer = world.app.test_client().open(path, method=method, headers={"User-Agent": agent})
                assert answer.status_code == 200
    assert Ground(world, {}).dump() == before
