"""Nothing of a note leaves it: to the client's page, a feed, a mail, a log, or a column that can be read (P17). A draft
is a note that is not saved yet."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, fields
from logging import getLogger
from typing import Any

import pytest

from planner.domain.clients import QUOTES
from planner.domain.notes import NOTE_PARTS, NoteContent
from planner.models import EVERYONE, Base
from planner.services.clients import consents
from planner.services.store import client_gate
from tests.conftest import World
from tests.mail_server import Office, html, running
from tests.makers import make_calendar, make_client, make_feed, make_link, make_walk
from tests.page_client import PageClient
from tests.services.test_vault import everything_written
from tests.web.test_note_drafts import keep

MARK = "Markering"
NUMBERS = {"energy_week": 1, "functioning_week": 2, "energy_before": 3, "energy_after": 4}


def marked() -> dict[str, Any]:
    """Every text the form asks, with a marker of its own, and every other field filled."""
    texts = [one.name for one in fields(NoteContent) if one.default == "" and one.name != "tool_text"]
    inner = [f"boundary_{name}" for name in ("request", "place", "limit")] + ["no_sentence", "no_result"]
    return {
        **{name: f"{MARK}{name}" for name in (*texts, *inner, "tool_for_today")},
        **NUMBERS,
        "boundary_tension": 7, "no_setting": "real_life", "body_before": ["trembling"], "body_after": ["tired_legs"],
        "lifestyle": ["rested"], "analysis_share": "half", "minutes_walked": 517, "minutes_still": 463,
        "home_step_result": "partly",
    }  # fmt: skip


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    server = running()
    yield Office(world, server)
    server.stop()


@dataclass(frozen=True)
class Written:
    """Paths, and what the outside saw of a client before anything was written about them."""

    note: str
    drafted: str
    client: str
    coming: str
    outside: dict[str, str]
    """What anybody with the address sees, by path."""
    letter: str
    """The message that is ready, as the client will read it."""


@pytest.fixture
def written(world: World, office: Office, coach: PageClient, caplog: pytest.LogCaptureFixture) -> Written:
    """A note with everything in it, changed, closed and added to; and one that is a draft."""
    caplog.set_level(logging.DEBUG)
    client = make_client(world, "Sanne", consent_health=True, email="sanne@example.org", show_first_name=True)
    coming = make_walk(world, client, "2026-12-01T10:00")
    walk, other = make_walk(world, client, "2026-11-23T10:00"), make_walk(world, client, "2026-11-20T10:00")
    world.set_clock("2026-11-23T11:30")
    with world.store.db.transaction(world.coach().scope, world.now) as session:
        consents.give_in(session, client_gate(session, client), QUOTES, world.now)
    coach.get("/settings/notes").submit("/settings/notes", note_parts=list(NOTE_PARTS))
    coach.get("/settings/notes").submit("/settings/notes/sentences", text=f"{MARK}sentence")
    note, drafted = f"/walks/{walk}/note", f"/walks/{other}/note"
    for one in (note, drafted):
        coach.get(one).submit(outcome="walked")
    link = make_link(world, client)
    paths = (link, f"{link}walks/{coming}.ics", make_feed(world, client), make_calendar(world))
    before = {path: world.browser().get(path).text for path in paths}
    letter = str(coach.get(f"/walks/{coming}").one("[data-message] .lines").get_text())
    assert coach.get(note).submit(**marked()).status == 200
    assert coach.get(note).submit(insight_text=f"{MARK}later", press="close=1").status == 200
    assert coach.get(note).submit(f"{note}/addenda", text=f"{MARK}addendum").status == 200
    assert coach.get(f"/clients/{client}/notes?q={MARK}addendum").select("mark")
    assert keep(coach.get(drafted), **drafted_fields())[0] == 200
    assert coach.get(drafted).text.count(MARK) > 20, "the draft is there"
    return Written(note, drafted, f"/clients/{client}", f"/walks/{coming}", before, letter)


def drafted_fields() -> dict[str, object]:
    return {name: value[0] if isinstance(value, list) else value for name, value in marked().items()}


def test_p17_nothing_of_a_note_reaches_the_outside(world: World, written: Written) -> None:
    """Neither its texts nor its numbers: the client's page, the feeds and the file of a walk stay letter for letter."""
    for path, before in written.outside.items():
        answer = world.browser().get(path)
        assert answer.status == 200
        assert MARK not in answer.text, path
        assert answer.text == before, path


def test_p17_no_mail_says_anything_of_a_note(office: Office, coach: PageClient, written: Written) -> None:
    page = coach.get(written.coming)
    number = page.one("section[data-message]")["data-message"]
    page.submit(f"/messages/{number}/send")
    assert office.tick() == 1
    (mail,) = office.box.taken
    assert office.box.texts[0].replace("\r\n", "\n").strip() == written.letter.strip()
    assert MARK not in f"{mail.items()}{html(mail)}"
    for number_in_note in ("517", "463"):
        assert number_in_note not in html(mail)


def test_a_step_that_is_ticked_is_the_one_exception(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True)
    walk = make_walk(world, client, "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    coach.get("/settings/notes").submit(
        "/settings/notes", note_parts=[one for one in NOTE_PARTS if one != "quote"]
    )
    sent = {name: value for name, value in marked().items() if name != "client_quote"}
    assert coach.get(f"/walks/{walk}/note").submit(**sent, show_home_step="1").status == 200
    text = world.browser().get(make_link(world, client)).text
    assert text.count(MARK) == text.count(f"{MARK}home_step") == 1


def test_no_message_says_anything_of_a_note(coach: PageClient, written: Written) -> None:
    for path in ("/messages/", f"{written.client}/messages", written.coming, "/"):
        assert MARK not in coach.get(path).text.replace(f"{MARK}home_step", ""), path
    assert MARK not in coach.get(f"{written.client}/messages").text


def test_no_log_and_no_title_says_anything_of_a_note(
    coach: PageClient, written: Written, caplog: pytest.LogCaptureFixture
) -> None:
    getLogger("planner").warning("here")
    said = [*caplog.get_records("setup"), *caplog.get_records("call")]
    assert said, "what is logged is seen"
    assert not [one for one in said if MARK in one.getMessage() or MARK in str(one.args)]
    for path in (
        written.note,
        written.drafted,
        f"{written.client}/notes",
        f"{written.client}/boundaries",
    ):
        page = coach.get(path)
        assert MARK in page.main
        assert MARK not in str(page.soup.head) + str(page.response.headers) + page.path


def test_p17_no_column_that_can_be_read_holds_anything_of_a_note(world: World, written: Written) -> None:
    assert MARK.encode().lower() not in everything_written(world).lower()
    assert MARK in world.browser("anna").get(written.note).main, "and it is there for the coach"
    with world.store.db.reading(EVERYONE) as session:
        for name in ("note", "note_addendum", "note_draft", "note_revision", "snippet"):
            table = Base.metadata.tables[name]
            clear = {column.name for column in table.columns} - {"sealed"}
            assert clear <= {
                "id", "owner_id", "coach_id", "client_id", "walk_id", "created_at", "changed_at", "closed_at",
                "version", "saved_at", "written_at", "replaced_at",
            }  # fmt: skip
            rows = session.execute(table.select()).all()
            assert rows, f"nothing in {name}"
            assert all(isinstance(row.sealed, bytes) for row in rows)
