"""Messages as the coach sees them, and as the client reads them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from planner.domain.exercises import SETTINGS
from planner.domain.messages import CANCELLATION, CHANGE, HELD, KINDS, LINK, WEATHER, About, Facts
from planner.domain.needs import Mail
from planner.domain.weather_watch import WEATHER_LINES
from planner.models import Message, new_id
from planner.outside.mail import _content
from planner.services.clients import consents
from planner.services.messages import message_pages, sending
from planner.services.messages.sending import Post
from planner.services.people import coaches
from planner.web.messages.writing import writer
from tests import copy_lint, makers
from tests.conftest import World
from tests.ground import Ground, canary
from tests.mail_server import Office, anna, ready, running, states
from tests.page_client import Page, PageClient
from tests.test_client_texts import BLAMES, MOST_WORDS, sentences
from tests.web.signing import turn_on


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    server = running()
    yield Office(world, server)
    server.stop()


@pytest.fixture
def walk(world: World) -> int:
    client = makers.make_client(world, "Sanne", email="sanne@example.org", reminders=False)
    return makers.make_walk(world, client, "2026-12-01T10:00", meeting_point="Bij het houten bord")


def card(page: Page) -> str:
    return " ".join(page.one("[data-message]").get_text(" ").split())


def press(page: Page, what: str, **fields: str) -> Page:
    """Press the button of the one message on a page."""
    number = page.one("section[data-message]")["data-message"]
    return page.submit(f"/messages/{number}/{what}", **fields)


def test_messages_stand_in_the_order_of_their_walks(world: World, coach: PageClient, walk: int) -> None:
    """Not in that of their hours; what is about no walk comes first. A card says which day it is about."""
    mark = makers.make_client(world, "Mark", email="mark@example.org", reminders=False)
    world.set_clock("2026-11-23T12:00")
    makers.make_walk(world, mark, "2026-11-26T10:00")
    makers.make_walk(world, mark, "2026-12-08T10:00")
    world.set_clock("2026-11-23T12:30")
    makers.make_walk(world, mark, "2026-11-30T10:00")
    with world.store.db.transaction(world.coach().scope, world.now) as session:
        told = session.query(Message).filter_by(walk_id=walk).one()
        kept = {name: getattr(told, name) for name in Message.__table__.columns.keys()}  # noqa: SIM118
        link = {"id": new_id(), "kind": LINK, "walk_id": None, "due_at": world.now, "state": HELD}
        session.add(Message(**{**kept, **link}))
    page = coach.get("/messages/")
    days = [one.get_text(strip=True).partition(": ")[2] for one in page.select("section[data-message] > h2")]
    assert days == ["", "do 26 nov", "ma 30 nov", "di 1 dec", "di 8 dec"]


def test_the_coach_sees_it_and_says_yes(office: Office, coach: PageClient, walk: int) -> None:
    page = coach.get(f"/walks/{walk}")
    assert "Bericht aan Sanne staat klaar" in card(page)
    assert "sanne@example.org" in card(page)
    assert "Dinsdag 1 december, 10.00 uur" in card(page)
    assert page.one("[data-message]")["data-kind"] == "confirmation"
    page = press(page, "send")
    assert page.path == f"/walks/{walk}"
    assert "Het bericht is onderweg." in page.main
    assert page.one("[data-message]")["data-state"] == "waiting"
    assert office.tick() == 1
    assert coach.get(f"/walks/{walk}").select("[data-message]") == []
    log = coach.get(f"/walks/{walk}").follow("Sanne").follow("Berichten")
    assert "Verstuurd, maandag 23 november" in log.main
    assert "Bij het houten bord" in log.main


def test_what_is_sent_is_what_was_shown(office: Office, coach: PageClient, walk: int) -> None:
    shown = coach.get(f"/walks/{walk}").one("[data-message] .lines").get_text()
    press(coach.get(f"/walks/{walk}"), "send")
    office.tick()
    assert office.box.texts[0].replace("\r\n", "\n").strip() == shown.strip()


def test_not_to_be_sent(office: Office, coach: PageClient, walk: int) -> None:
    page = press(coach.get(f"/walks/{walk}"), "decline")
    assert "niet gestuurd" in page.main
    assert (page.select("[data-message]"), office.tick()) == ([], 0)


def test_two_tabs(office: Office, coach: PageClient, walk: int) -> None:
    """A text that is not the one on the screen does not leave."""
    page = coach.get(f"/walks/{walk}")
    edit = coach.get(f"/walks/{walk}/edit")
    edit.submit(f"/walks/{walk}/edit", press="action=save", date="2026-12-02")
    page = press(page, "send")
    assert "intussen veranderd" in page.main
    assert office.tick() == 0
    press(page, "send")
    number = coach.get(f"/walks/{walk}").one("[data-message]")["data-message"]
    assert office.tick() == 1
    token = coach.get("/account").select('input[name="csrf_token"]')[0]["value"]
    again = coach.post(f"/messages/{number}/send", {"csrf_token": token}, follow=True)
    assert "niet meer nodig" in again.main
    assert office.tick() == 0


def test_without_a_mail_server_there_is_a_text_to_copy(world: World, coach: PageClient, walk: int) -> None:
    page = coach.get(f"/walks/{walk}")
    assert not page.select('form[action$="/send"]')
    text = page.one(".lines").get_text().strip()
    assert str(page.one("[data-copy]")["data-copy"]).strip() == text
    mailto = urlsplit(str(page.one('a[href^="mailto:"]')["href"]))
    assert unquote(mailto.path) == "sanne@example.org"
    query = parse_qs(mailto.query)
    assert query["subject"] == ["Wandelafspraak"]
    assert query["body"][0].replace("\r\n", "\n").strip() == text
    page = press(page, "copied")
    assert "Genoteerd" in page.main
    assert states(world) == [("confirmation", "copied", None)]
    client = message_pages.of_walk(world.store, anna(world), walk, world.now, "", mails=False)
    assert client.ready == ()
    assert "Zelf gestuurd" in coach.get("/clients/").follow("Sanne").follow("Berichten").main


def test_a_due_reminder_without_a_mail_server_is_for_the_coach(world: World, coach: PageClient) -> None:
    coach.get("/settings").submit("/settings", reminder_early="1")
    client = makers.make_client(world, "Sanne", email="sanne@example.org")
    makers.make_walk(world, client, "2026-11-25T10:00")
    press(coach.get("/messages/"), "copied")
    makers.make_walk(world, client, "2026-11-25T15:00")
    press(coach.get("/messages/"), "decline")
    world.set_clock("2026-11-23T15:30")
    sending.send_due(world.store, Post(None, writer(world.app)), lambda: world.now)
    page = coach.get("/messages/")
    assert page.one("section[data-message]")["data-kind"] == "reminder", (
        "the first would say what was just said"
    )
    assert "1 bericht staat klaar" in coach.get("/").main


def test_the_week_counts_what_the_page_of_messages_shows(world: World, coach: PageClient, walk: int) -> None:
    with world.store.db.transaction(world.coach().scope, world.now) as session:
        told = session.query(Message).one()
        kept = {name: getattr(told, name) for name in Message.__table__.columns.keys()}  # noqa: SIM118
        session.add(Message(**{**kept, "id": new_id(), "kind": WEATHER}))
    assert len(coach.get("/messages/").select("section[data-message]")) == 2
    assert "2 berichten staan klaar" in coach.get("/").main


def test_a_line_on_the_week_only_when_something_asks_for_the_coach(
    office: Office, coach: PageClient, walk: int
) -> None:
    world = office.world
    assert coach.get("/").follow("1 bericht staat klaar").h1 == "Berichten"
    press(coach.get("/messages/"), "send")
    assert "bericht" not in coach.get("/").main
    office.box.script = {"RCPT": ["550 no"]}
    office.tick()
    page = coach.get("/").follow("1 bericht kwam niet aan")
    assert "Dit e-mailadres bestaat niet" in page.main
    press(page, "send")
    assert office.tick() == 1
    assert coach.get("/").select('a[href="/messages/"]') == []
    makers.make_walk(world, makers.make_client(world, "Iris"), "2026-12-03T10:00")
    assert coach.get("/").select('a[href="/messages/"]') == [], "no address: reached in another way"
    assert "nog geen e-mailadres" in coach.get("/messages/").main


def test_a_reminder_once_more_by_hand(office: Office, coach: PageClient, walk: int) -> None:
    press(coach.get(f"/walks/{walk}"), "send")
    office.tick()
    page = coach.get(f"/walks/{walk}").follow("Sanne").follow("Berichten").submit(f"/walks/{walk}/remind")
    assert "De herinnering is onderweg." in page.main
    assert office.tick() == 1
    assert "Een herinnering aan je wandeling." in office.box.texts[1]


def test_what_leaves_by_itself_can_be_read_before(office: Office, coach: PageClient) -> None:
    coach.get("/settings").submit("/settings", reminder_early="1")
    client = makers.make_client(office.world, "Iris", email="iris@example.org")
    page = coach.get(f"/walks/{makers.make_walk(office.world, client, '2026-12-08T10:00')}")
    (line,) = page.select("[data-message][data-kind=reminder]")
    assert line["data-state"] == "waiting"
    assert "Een herinnering aan je wandeling." in page.select("details .note-box")[-1].get_text()


def test_settings_of_the_practice(world: World, coach: PageClient) -> None:
    page = coach.get("/settings")
    chosen = {str(tag["name"]): tag["value"] for tag in page.select("input[type=radio][checked]")}
    assert (chosen["reminder_early"], chosen["reminder_morning"]) == ("0", "0")
    page = page.submit("/settings", reminder_early="1", reminder_morning="1", reminder_hours="24")
    assert "bewaard" in page.main
    chosen = {str(tag["name"]): tag["value"] for tag in page.select("input[type=radio][checked]")}
    assert (chosen["reminder_early"], chosen["reminder_morning"]) == ("1", "1")
    assert page.one("[name=reminder_hours]")["value"] == "24"
    assert page.submit("/settings", reminder_hours="0").errors["reminder_hours"]
    assert page.submit("/settings", reminder_morning="misschien").errors["reminder_morning"]


def test_settings_of_a_client(world: World, coach: PageClient, walk: int) -> None:
    edit = coach.get(f"/walks/{walk}").follow("Sanne").follow("Pas gegevens aan")
    saved = edit.submit(edit.path, mails_by_itself="1", reminders=None)
    assert saved.status == 200
    chosen = {
        str(tag["name"]): tag["value"] for tag in coach.get(edit.path).select("input[type=radio][checked]")
    }
    assert (chosen["mails_by_itself"], chosen["reminders"]) == ("1", "0"), "what is not sent stays as it was"


@pytest.mark.parametrize("consent", [True, False])
def test_the_link_by_mail(office: Office, coach: PageClient, consent: bool) -> None:
    world = office.world
    client = makers.make_client(world, "Sanne", email="sanne@example.org")
    path = makers.make_link(world, client)
    page = coach.get(f"/clients/{client}/link")
    assert "geen eigen veilig adres" in page.main
    assert "heeft niet gezegd" in page.main
    turn_on(world, coach)  # on the internet nobody works without a second step
    secure = Office(world, office.server, "https://wandelen.example.org")
    if not consent:
        assert not coach.get(f"/clients/{client}/link").select('form[action$="/link/mail"]')
        token = coach.get("/account").select('input[name="csrf_token"]')[0]["value"]
        done = coach.post(f"/clients/{client}/link/mail", {"csrf_token": token}, follow=True)
        assert "kan nu niet in een bericht" in done.main
        assert secure.tick() == 0
        return
    version = consents.text_version("link_in_messages")
    consents.decide(world.store, anna(world), client, "link_in_messages", "yes", version, world.now)
    page = coach.get(f"/clients/{client}/link").submit(f"/clients/{client}/link/mail")
    assert "onderweg" in page.main
    assert coach.get("/messages/").select(f'[data-kind=link] a[href="/clients/{client}/link"]')
    assert secure.tick() == 1
    assert f"https://wandelen.example.org{path}" in office.box.texts[0]


# The words themselves

PEOPLE = ("", "Sanne")
PHONES = ("", "06 12345678")
LINKS = ("", "https://wandelen.example.org/s/abc/")


def every_message() -> Iterator[Facts]:
    kinds = [(kind, says) for kind in KINDS for says in (WEATHER_LINES if kind == WEATHER else ("",))]
    for (kind, says), language, greet, phone, link, setting in itertools.product(
        kinds, ("nl", "en"), PEOPLE, PHONES, LINKS, SETTINGS
    ):
        about = About(datetime(2026, 12, 1, 10), 40, setting, "Parkeerplaats Bosrand", kind == CANCELLATION)
        before = replace(about, starts_local=datetime(2026, 11, 30, 14, 30), off=False)
        yield Facts(
            kind, language, "sanne@example.org", greet, "Anna", phone, "anna@example.org", 24,
            None if kind == LINK else about, before if kind in (CHANGE, CANCELLATION) else None, link,
            "https://video.example.org/x" if link and setting == "online" else "", says=says,
            calls_own_number=bool(phone),
        )  # fmt: skip


def test_no_word_that_may_not_leave_the_house(world: World) -> None:
    """Every message in both languages, and every header of it."""
    write, seen = writer(world.app), 0
    for facts in every_message():
        text = write(facts)
        mail = Mail("id", facts.to, facts.coach_first_name, facts.coach_email, text.subject, text.text, text.html,
                    facts.language, datetime(2026, 11, 23).astimezone())  # fmt: skip
        for said in (text.subject, text.text, text.html, _content(mail, facts.coach_email).decode()):
            assert copy_lint.forbidden_outside(said) == [], said
            assert copy_lint.violations(said) == []
        seen += 1
    assert seen == 8 * 2 * 2 * 2 * 2 * 4


def test_short_and_kind(world: World) -> None:
    write = writer(world.app)
    for facts in every_message():
        text = write(facts).text
        plain = re.sub(r"https?://\S+", "x", text)
        for line in plain.splitlines():
            for sentence in sentences(line):
                assert len(sentence.split()) <= MOST_WORDS, sentence
        assert not re.search(BLAMES, plain, re.IGNORECASE), plain
        assert "\n\n\n" not in text and not text.startswith("\n")


def test_each_kind_says_what_it_is_about(world: World) -> None:
    said = {
        "confirmation": ("staat gepland", "is planned"),
        "change": ("is veranderd", "has changed"),
        "cancellation": ("gaat niet door", "is off"),
        "reminder": ("herinnering", "reminder"),
        "morning": ("Vandaag", "today"),
        "link": ("link naar je eigen pagina", "link to your own page"),
        "weather:worse": ("ruw weer", "rough"),
        "weather:recovered": ("ziet er nu beter uit", "looks better now"),
    }
    write = writer(world.app)
    for facts in every_message():
        code = f"weather:{facts.says}" if facts.kind == WEATHER else facts.kind
        text, words = write(facts), said[code][facts.language == "en"]
        assert words in text.text
        assert text.subject == ("Wandelafspraak" if facts.language == "nl" else "Walk appointment")
        assert f'<html lang="{facts.language}">' in text.html
        assert ("Sanne" in text.text) == bool(facts.greet)
        if facts.kind == WEATHER:
            assert "Bosrand" not in text.text and "http" not in text.text, "only when"
            assert ("1 december, 10.00 uur" in text.text) == (facts.language == "nl")
        if facts.kind not in (LINK, CANCELLATION, WEATHER):
            assert ("Dinsdag 1 december, 10.00 uur" in text.text) == (facts.language == "nl")
            assert ("Tuesday 1 December, 10:00" in text.text) == (facts.language == "en")
            assert ("Bosrand" in text.text) == (
                facts.about is not None and facts.about.setting in ("outdoors", "indoors")
            )
        if facts.kind == CANCELLATION:
            assert ("30 november, 14.30 uur" in text.text) == (facts.language == "nl"), "the time they know"


def test_no_link_without_consent(world: World) -> None:
    for facts in every_message():
        if not facts.link:
            text = writer(world.app)(facts)
            assert "http" not in text.text + text.html and "<a" not in text.html


def test_what_people_typed_stays_text(world: World) -> None:
    about = About(datetime(2026, 12, 1, 10), 40, "outdoors", "<b>bord</b> & {{ 7*7 }} https://x.example/")
    facts = replace(next(every_message()), kind="reminder", about=about, greet="<i>", link="")
    text = writer(world.app)(facts)
    assert "<b>bord</b> & {{ 7*7 }}" in text.text
    assert "&lt;b&gt;bord&lt;/b&gt; &amp; {{ 7*7 }} https://x.example/" in text.html
    assert "<a" not in text.html


def test_only_what_a_client_may_read_is_in_it(ground: Ground) -> None:
    """Every text of Anna's file holds a word of its own; of those only the meeting point and the name leave."""
    world, word = ground.world, canary("anna")
    client = ground.own.client
    walk = makers.make_walk(
        world, client, "2026-12-03T10:00", meeting_point="Plek", focus=f"{word} focus", message=f"{word} bericht",
        exercises=(ground.own.exercise,), for_client=True,
    )  # fmt: skip
    (one,) = message_pages.of_walk(world.store, anna(world), walk, world.now, "", mails=True).ready
    text = writer(world.app)(one.facts)
    assert word in one.facts.greet, "a name that was meant to be shown"
    assert word not in (text.text + text.html).replace(one.facts.greet, "")


def test_in_the_language_of_the_client(world: World, coach: PageClient) -> None:
    """The page stays the coach's."""
    client = makers.make_client(world, "Tom", email="tom@example.org", language="en", reminders=False)
    walk = makers.make_walk(world, client, "2026-12-01T10:00")
    page = coach.get(f"/walks/{walk}")
    assert page.one("[data-message] [lang]")["lang"] == "en"
    assert "Your walk is planned." in page.main
    assert "Niet nodig" in page.main
    assert "dinsdag 1 december" in page.main


def test_phone_and_name_of_the_coach(world: World) -> None:
    coaches.set_profile(world.store, anna(world), "nl", "06 87654321", world.now)
    client = makers.make_client(world, "Sanne", email="s@example.org", show_first_name=True)
    makers.make_walk(world, client, "2026-12-01T10:00")
    text = writer(world.app)(ready(world)[0].facts).text
    assert "Hallo Sanne," in text
    assert "Bel of sms 06 87654321" in text
    assert text.rstrip().endswith("Anna")


def test_reminders_further_on_are_behind_a_fold(world: World, coach: PageClient) -> None:
    client = makers.make_client(world, "Sanne", email="sanne@example.org")
    for day in ("2026-11-25", "2026-12-06", "2026-12-09", "2027-04-01"):
        makers.make_walk(world, client, f"{day}T10:00")
    page = coach.get(f"/clients/{client}/messages")
    buttons = page.select("form[action$=remind]")
    assert [bool(one.find_parent("details")) for one in buttons] == [False, False, True, True]


def test_nearer_than_the_notice_no_notice_is_asked(world: World, coach: PageClient) -> None:
    client = makers.make_client(world, "Sanne", email="sanne@example.org", reminders=False)
    for at, asked in (("2026-11-23T15:00", False), ("2026-11-24T15:00", True)):
        makers.make_walk(world, client, at)
        world.set_clock("2026-11-23T09:00")
        said = [
            " ".join(one.get_text(" ").split()) for one in coach.get("/messages/").select("[data-message]")
        ]
        (about,) = [one for one in said if f" {at[8:10]} november, 15.00 uur" in one]
        assert ("Liefst 24 uur vooraf." in about) is asked
