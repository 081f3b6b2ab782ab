"""Another e-mail address: asked for, told to the old one, counted once the new one says yes. And letters that tell a
coach what happened to their account, in case it was somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from planner import create_app
from planner.domain.letters import NOTICES, Letter
from planner.models import Account, CoachLetter, EmailChange
from planner.outside.mail import SmtpMail
from planner.services.keeping import housekeeping
from planner.services.people import email_change, letters, new_password
from planner.services.people.letters import Letters
from planner.services.people.sign_in import Origin
from planner.services.privacy import client_export, erasure
from planner.web.messages.writing import letter_writer
from tests.address_book import csrf
from tests.conftest import PASSWORD, World
from tests.ground import Ground
from tests.mail_server import Server, plain, running
from tests.page_client import Page, PageClient
from tests.test_cli import COACH, Instance
from tests.web.signing import (
    ANNA,
    add_passkey,
    audited,
    first_step,
    later,
    question_of,
    sign_in_with,
    turn_on,
)

BASE = "https://wandelen.example.org"
NEW = "anna.de.wit@example.org"


@dataclass
class Post:
    """A planner that may mail links, its mail server, and Anna with a second step in a browser of hers."""

    world: World
    server: Server
    anna: PageClient

    def run(self) -> list[tuple[str, str]]:
        """What the jobs do; gives to whom, and about what, the letters that left now."""
        before = len(self.server.box.taken)
        with_what = Letters(SmtpMail(self.server.address), letter_writer(self.world.app), BASE)
        letters.send_due(self.world.store, with_what, lambda: self.world.now)
        return sorted((one["To"], one["Subject"]) for one in self.server.box.taken[before:])

    def ask(self, email: str = NEW) -> Page:
        return self.anna.get("/account/email").submit("/account/email", email=email)

    def link(self) -> str:
        texts = "".join(plain(one) for one in self.server.box.taken)
        return str(re.findall(rf"{BASE}(/email/\S+)", texts)[-1])

    def at_home(self) -> World:
        """The same planner on this computer only, where the first step alone can be tried."""
        self.world.rewire(settings=replace(self.world.settings, base_url=None))
        return self.world


@pytest.fixture
def post(world: World) -> Iterator[Post]:
    server, anna = running(), world.browser("anna")
    turn_on(world, anna)
    with world.store.db.unowned_write() as connection:
        connection.execute(delete(CoachLetter))
    world.rewire(settings=replace(world.settings, base_url=BASE, mail=server.address))
    yield Post(world, server, anna)
    server.stop()


def test_it_counts_once_the_new_address_says_yes(post: Post) -> None:
    """7.5.1: after a proof; both addresses hear of it; the second step stays."""
    page = post.ask(f" {NEW.upper()} ")
    assert "onderweg" in page.text and NEW in page.main
    assert post.run() == [(NEW, "Je nieuwe e-mailadres"), (ANNA, "Over je account")]
    link = post.link()
    assert len(link.removeprefix("/email/")) == 43
    assert first_step(post.at_home()).h1 == "De tweede stap", "the old one still signs in"
    stranger = post.world.browser()
    page = stranger.get(link)
    assert "anna" not in page.main.lower()
    assert first_step(post.world).h1 == "De tweede stap", "looking changes nothing"
    assert "Voortaan log je in" in page.submit(link).text
    assert stranger.get(link).status == 404, "once"
    assert post.run() == [(NEW, "Over je account"), (ANNA, "Over je account")]
    assert first_step(post.world).status == 422
    browser = post.world.browser()
    assert browser.get("/login").submit(email=NEW, password=PASSWORD).h1 == "De tweede stap"
    assert post.anna.get("/account").status == 200 and NEW in post.anna.get("/account").main
    assert [one for one in audited(post.world) if one[0] == "email"] == [
        ("email", "created"),
        ("email", "changed"),
    ]


def test_it_wants_a_fresh_proof(post: Post) -> None:
    later(post.world, minutes=20)
    assert post.anna.get("/account/email", follow=True).path.startswith("/account/confirm")
    token = post.anna.get("/account").one('form[action="/account"] input[name="csrf_token"]')["value"]
    assert post.anna.post("/account/email", {"csrf_token": token, "email": NEW}).status == 403
    assert post.run() == []


def test_only_the_newest_link_works_for_a_day_and_until_it_is_taken_back(post: Post) -> None:
    post.ask()
    post.run()
    old = post.link()
    post.ask("anders@example.org")
    post.run()
    new, browser = post.link(), post.world.browser()
    assert (browser.get(old).status, browser.get(new).status) == (404, 200)
    page = post.anna.get("/account/email").submit("/account/email/withdraw")
    assert "blijft zoals het is" in page.text and "anders@" not in page.main
    assert browser.get(new).status == 404
    post.ask()
    post.run()
    later(post.world, hours=25)
    assert browser.get(post.link()).status == 404
    housekeeping.sweep(post.world.store, post.world.now)
    with post.world.store.db.unowned() as connection:
        assert not connection.execute(select(EmailChange.digest)).all()


def test_what_was_taken_back_is_not_mailed(post: Post) -> None:
    post.ask()
    post.anna.get("/account/email").submit("/account/email/withdraw")
    assert post.run() == [(ANNA, "Over je account")]


def test_a_link_that_is_over_or_of_a_closed_account_does_nothing(post: Post) -> None:
    post.ask()
    post.run()
    browser = post.world.browser()
    page, account = browser.get(post.link()), Account.coach_id == post.world.coach().id
    with post.world.store.db.unowned_write() as connection:
        connection.execute(update(Account).where(account).values(disabled_at=post.world.now))
    assert browser.get(post.link()).status == page.submit(post.link()).status == 404
    with post.world.store.db.unowned_write() as connection:
        connection.execute(update(Account).where(account).values(disabled_at=None))
    assert browser.get(post.link()).status == 200
    later(post.world, hours=25)
    assert browser.get(post.link()).status == page.submit(post.link()).status == 404
    assert post.world.coach().email == ANNA


def test_what_waited_to_be_told_goes_to_the_address_of_then(post: Post) -> None:
    """Whoever takes over an account does not get the letters that would have given them away; a link to a new password
    that waits goes to nobody."""
    world = post.world
    coach = world.coach()
    with world.store.db.transaction(coach.scope, world.now) as session:
        letters.put_in(world.store, session, (coach.owner_id, coach.id), "new_device", world.now)
    new_password.key_for(world.store, coach, world.now, mailed=True)
    email_change.ask(world.store, coach, "anders@example.org", Origin(""), world.now)
    email_change.change(world.store, coach, NEW, world.now)
    assert post.run() == [
        (NEW, "Over je account"), (ANNA, "Over je account"), (ANNA, "Over je account"), (ANNA, "Over je account"),
    ]  # fmt: skip


def test_own_devices_stay_known(world: World) -> None:
    """What a browser keeps is of the coach, not of an address; it is nobody else's."""
    browser = world.browser()
    first_step(world, browser)
    browser.post("/logout", {"csrf_token": csrf(browser)})
    email_change.change(world.store, world.coach(), NEW, world.now)
    kinds(world)
    assert browser.get("/login").submit(email=NEW, password=PASSWORD).path == "/"
    assert kinds(world) == []
    browser.post("/logout", {"csrf_token": csrf(browser)})
    browser.get("/login").submit(email="cor@example.org", password=PASSWORD)
    assert kinds(world) == ["new_device"]


@pytest.mark.parametrize("taken", ["cor@example.org", "bram@example.org"])
def test_nobody_learns_who_signs_in_here(post: Post, taken: str) -> None:
    """6.3.8: the same page for an address of somebody else, who gets no mail of it."""
    page = post.ask(taken)
    assert page.status == 200 and "onderweg" in page.text and taken in page.main
    assert post.run() == [(ANNA, "Over je account")]


def test_an_address_that_was_taken_meanwhile(post: Post) -> None:
    post.ask()
    post.run()
    email_change.change(post.world.store, post.world.coach("cor"), NEW, post.world.now)
    page = post.world.browser().get(post.link()).submit(post.link())
    assert page.status == 422 and "logt al iemand in" in page.main


def test_bad_and_own_addresses_and_too_many(post: Post) -> None:
    """2.4.1."""
    for typed in ("geen adres", ANNA, ""):
        page = post.ask(typed)
        assert (page.status, list(page.errors)) == (422, ["email"]), typed
    statuses = [post.ask(f"nr{number}@example.org").status for number in range(7)]
    assert statuses[0] == 200 and statuses[-1] == 429


def test_a_link_to_a_new_password_that_was_under_way_ends(post: Post) -> None:
    key = new_password.key_for(post.world.store, post.world.coach(), post.world.now)
    post.ask()
    post.run()
    post.world.browser().get(post.link()).submit(post.link())
    assert post.world.browser().get(f"/reset/{key}").status == 404


def test_a_server_with_a_bad_moment_is_asked_again(post: Post) -> None:
    post.server.box.script["DATA"] = ["451 later", "451 later"]
    post.ask()
    assert post.run() == post.run() == []
    later(post.world, minutes=6)
    assert len(post.run()) == 2
    post.server.box.script["RCPT"] = ["550 nobody", "550 nobody"]
    post.ask("weg@example.org")
    assert post.run() == []
    later(post.world, minutes=6)
    assert post.run() == [], "nobody is there"


def test_without_mail_the_page_says_which_command_helps(world: World, coach: PageClient) -> None:
    assert "coach change-email" in coach.get("/account").follow("E-mailadres veranderen").main


def test_the_command(tmp_path_factory: pytest.TempPathFactory) -> None:
    here = Instance(tmp_path_factory.mktemp("cli") / "instance")
    here.add_coach()
    assert NEW in here.fine("coach", "change-email", COACH, NEW)
    browser = PageClient(create_app(here.settings))
    assert browser.get("/login").submit(email=NEW, password=PASSWORD).path == "/"
    assert "al een coach" in here.refused("coach", "change-email", NEW, NEW)
    assert "Schrijf" in here.refused("coach", "change-email", NEW, "geen adres")


def kinds(world: World) -> list[str]:
    """Of the letters that wait; they do not any more."""
    with world.store.db.unowned_write() as connection:
        found = list(connection.execute(select(CoachLetter.kind).order_by(CoachLetter.created_at)).scalars())
        connection.execute(delete(CoachLetter))
    return found


def test_what_happens_to_an_account_is_told(world: World, coach: PageClient) -> None:
    browser = world.browser()
    first_step(world, browser)
    assert kinds(world) == ["new_device"]
    browser.post("/logout", {"csrf_token": csrf(browser)})
    first_step(world, browser)
    assert kinds(world) == [], "it is known by now"
    key = add_passkey(coach)
    assert kinds(world) == ["second_step"]
    sign_in_with(visitor := world.browser(), key.signed(question_of(visitor)))
    assert kinds(world) == ["new_device"]
    turn_on(world, coach)
    coach.get("/account/recovery-codes").submit("/account/recovery-codes")
    assert kinds(world) == ["second_step", "second_step"]
    coach.get("/account/password").submit(old_password=PASSWORD, new_password="een andere zin over bomen")
    assert kinds(world) == ["password"]


def test_what_leaves_or_goes_is_told(ground: Ground) -> None:
    world, anna = ground.world, ground.world.coach()
    kinds(world)
    client_export.export(world.store, anna, ground.own.client, world.now, world.now.date())
    erasure.erase(world.store, anna, ground.own.client, erasure.ledger_of(world.settings), world.now)
    assert kinds(world) == ["exported", "erased"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_notice_names_nobody(world: World, language: str) -> None:
    """It says what and when, and what to do; nothing about a client, and no link to press."""
    write = letter_writer(world.app)
    for kind in NOTICES:
        text = write(Letter(kind, language, world.now, world.now))
        assert text.subject in ("Over je account", "About your account")
        assert "http" not in text.text and "<a " not in text.html
        assert re.search(r"23 nov", text.text, re.I), text.text


WHAT_HELPS = {
    "new_device": ("Meld daarna apparaten af", "sign out the devices"),
    "password": ("‘Wachtwoord vergeten?’", "“Forgot your password?”"),
    "second_step": ("Kijk dan je tweede stap", "look at your second step"),
    "email_asked": ("‘Toch niet veranderen’", "“Do not change it after all”"),
    "email_changed": ("Bel meteen wie de planner beheert.", "Call whoever runs the planner at once."),
    "exported": ("‘Wie keek in dit dossier’", "“Who looked at this file”"),
    "erased": ("het register van datalekken", "the breach register"),
    "keys": ("om nieuwe sleutels", "for new keys"),
    "new_keys": ("Bel meteen wie de planner beheert.", "Call whoever runs the planner at once."),
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_notice_says_what_helps_then(world: World, language: str) -> None:
    """Another thing for each, in short sentences; what it quotes is what stands on the pages."""
    write = letter_writer(world.app)
    said = {kind: write(Letter(kind, language, world.now, world.now)).text for kind in NOTICES}
    catalogue = Path(world.app.root_path, "translations", language, "LC_MESSAGES", "messages.po").read_text()
    assert set(said) == set(WHAT_HELPS)
    assert len({text.split("\n\n")[-1] for text in said.values()}) == len(NOTICES)
    for kind, text in said.items():
        assert WHAT_HELPS[kind][language == "en"] in text, text
        for quoted in re.findall("[‘“](.+?)[’”]", text):
            assert f'msgstr "{quoted}"' in catalogue, quoted
        advice = " ".join(text.split("\n\n")[-1].split())
        assert max(len(sentence.split()) for sentence in re.split(r"[.?:] ", advice)) <= 12, advice
