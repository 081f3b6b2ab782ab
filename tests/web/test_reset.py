"""A forgotten password: by mail or from the command line, for half an hour, once; the second step stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from planner.models import ResetKey, ResetRequest
from planner.outside.mail import SmtpMail
from planner.services.keeping import housekeeping
from planner.services.people import letters, new_password, set_up
from planner.services.people.letters import Letters
from planner.web.here import Planner
from planner.web.messages.writing import letter_writer
from tests import makers
from tests.conftest import PASSWORD, World
from tests.mail_server import Server, html, plain, running
from tests.page_client import Page, PageClient
from tests.test_cli import COACH, Instance
from tests.web.signing import ANNA, at_once, at_the_same_moment, audited, first_step, later, turn_on

NEW = "een nieuwe zin over bomen"
BASE = "https://wandelen.example.org"


@dataclass
class Post:
    """A planner that may mail links, and its mail server."""

    world: World
    server: Server

    def ask(self, email: str = ANNA, browser: PageClient | None = None) -> Page:
        return (browser or self.world.browser()).get("/reset").submit("/reset", email=email)

    def run(self) -> int:
        """What the jobs do."""
        new_password.answer(self.world.store, self.world.now)
        with_what = Letters(SmtpMail(self.server.address), letter_writer(self.world.app), BASE)
        return letters.send_due(self.world.store, with_what, lambda: self.world.now)

    def link(self) -> str:
        found = re.search(rf"{BASE}(/reset/\S+)", plain(self.server.box.taken[-1]))
        assert found
        return found[1]


@pytest.fixture
def post(world: World) -> Iterator[Post]:
    server = running()
    kept: Planner = world.app.extensions["planner"]
    settings = replace(kept.settings, base_url=BASE, mail=server.address)
    asking = World(world.app, world.tokens)
    world.rewire(settings=settings)
    yield Post(asking, server)
    server.stop()
    world.app.extensions["planner"] = kept


def at_home(post: Post) -> World:
    """The same planner on this computer only, where a password alone signs in."""
    post.world.rewire(settings=replace(post.world.settings, base_url=None))
    return post.world


def test_a_mail_brings_one_to_a_new_password(post: Post) -> None:
    """6.4.1."""
    assert "is er een mail onderweg" in post.ask(" Anna@Example.org ").main
    assert post.run() == 1
    message = post.server.box.taken[0]
    assert (message["Subject"], message["To"]) == ("Je inloggen", ANNA)
    assert "anna" not in (plain(message) + html(message)).lower().replace(ANNA, "")
    link = post.link()
    assert len(link.removeprefix("/reset/")) == 43
    page = post.world.browser().get(link)
    assert page.submit(new_password="kort").errors.keys() == {"new_password"}
    assert "Je nieuwe wachtwoord is bewaard" in page.submit(new_password=NEW).main
    assert page.submit(new_password=NEW).status == 404, "once"
    assert post.world.browser("anna").get("/account").status == 303, "every device is signed out"
    world = at_home(post)
    assert first_step(world, password=PASSWORD).status == 422
    assert first_step(world, password=NEW).path == "/"
    assert {("reset", "created"), ("password", "changed")} <= set(audited(world))


def test_the_link_is_kept_as_a_digest(post: Post) -> None:
    post.ask()
    post.run()
    with post.world.store.db.unowned() as connection:
        rows = repr(connection.execute(select(ResetKey.__table__)).all())
    assert post.link().removeprefix("/reset/") not in rows


def test_it_works_for_half_an_hour_and_only_the_newest(post: Post) -> None:
    post.ask()
    post.run()
    old = post.link()
    post.ask()
    post.run()
    assert post.world.browser().get(old).status == 404
    assert post.world.browser().get(post.link()).status == 200
    later(post.world, minutes=31)
    assert post.world.browser().get(post.link()).status == 404


def test_a_new_password_ends_what_was_asked_before(post: Post) -> None:
    post.ask()
    post.run()
    world = at_home(post)
    world.browser("anna").get("/account/password").submit(old_password=PASSWORD, new_password=NEW)
    assert world.browser().get(post.link()).status == 404


def test_the_second_step_stays(post: Post) -> None:
    """6.4.3."""
    world = at_home(post)
    app, _ = turn_on(world, world.browser("anna"))
    key = new_password.key_for(world.store, world.coach(), world.now)
    world.browser().get(f"/reset/{key}").submit(new_password=NEW)
    assert first_step(world, password=NEW).h1 == "De tweede stap"
    assert at_once(world, app.code(), NEW).status == 303


@pytest.mark.parametrize("email", [ANNA, "niemand@example.org"])
def test_nobody_learns_whether_an_address_is_known(post: Post, email: str) -> None:
    """6.3.8: the same page, and the same row for the jobs."""
    page = post.ask(email)
    assert (page.status, page.path, "bekend" in page.main, email in page.text) == (200, "/reset", True, False)
    with post.world.store.db.unowned() as connection:
        digests = connection.execute(select(ResetRequest.digest)).scalars().all()
    assert [len(one) for one in digests] == [32]
    assert post.run() == (email == ANNA)
    assert len(post.server.box.taken) == (email == ANNA)
    with post.world.store.db.unowned() as connection:
        assert connection.execute(select(ResetRequest.digest)).all() == []


def test_nobody_is_flooded(post: Post) -> None:
    """2.4.1."""
    for _ in at_the_same_moment(post.world, 12):
        post.ask()
        post.run()
    assert len(post.server.box.taken) == 5


def test_a_mail_server_with_a_bad_moment_is_asked_again(post: Post) -> None:
    post.server.box.script["DATA"] = ["451 later"]
    post.ask()
    assert post.run() == 0
    assert post.run() == 0, "not at once"
    later(post.world, minutes=6)
    assert post.run() == 1
    assert post.world.browser().get(post.link()).status == 200


def test_a_mail_that_cannot_go_is_given_up(post: Post) -> None:
    post.ask()
    later(post.world, minutes=31)
    assert post.run() == 0
    post.ask()
    later(post.world, minutes=31)
    housekeeping.sweep(post.world.store, post.world.now)
    with post.world.store.db.unowned() as connection:
        assert connection.execute(select(ResetRequest.digest)).all() == []


def test_a_bad_address_is_said(post: Post) -> None:
    page = post.ask("geen adres")
    assert (page.status, list(page.errors)) == (422, ["email"])
    assert page.one('input[name="email"]')["value"] == "geen adres"


def test_without_mail_the_page_says_which_command_helps(world: World, visitor: PageClient) -> None:
    page = visitor.get("/login").follow("Wachtwoord vergeten")
    assert "coach reset" in page.main and not page.select("main form")


def test_the_commands(tmp_path_factory: pytest.TempPathFactory) -> None:
    """For who has the computer but lost the password, or the telephone."""
    here = Instance(tmp_path_factory.mktemp("cli") / "instance")
    here.add_coach()
    said = here.fine("coach", "reset", COACH)
    link = re.search(r"http://127\.0\.0\.1:8000(/reset/\S{43})\n", said)
    assert link is not None
    browser = PageClient(here.browser().app)
    browser.get(link[1]).submit(new_password=NEW)
    page = browser.get("/login").submit(email=COACH, password=NEW)
    assert page.path == "/"
    world = World(browser.app, {})
    turn_on(world, browser)
    assert browser.get("/account").status == 200
    assert "tweede stap is weg" in here.fine("coach", "reset-second-factor", COACH)
    assert browser.get("/account").status == 303
    assert browser.get("/login").submit(email=COACH, password=NEW).path == "/"
    for command in ("reset", "reset-second-factor"):
        assert here.refused("coach", command, "nobody@example.org").startswith("Er is geen coach")


def test_who_was_invited_has_no_password_to_forget(post: Post) -> None:
    """Their way in is the invitation: it ends, and can be withdrawn."""
    number = makers.invite(post.world)
    post.ask("dora@example.org")
    assert post.run() == 0
    post.world.set_clock(post.world.now + set_up.SETUP_KEY_LIFE)
    post.ask("dora@example.org")
    assert post.run() == 0, "nor when the invitation is over"
    with post.world.store.db.unowned() as connection:
        assert (
            connection.execute(select(ResetKey.coach_id).where(ResetKey.coach_id == number)).first() is None
        )
