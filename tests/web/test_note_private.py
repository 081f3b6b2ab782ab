"""Nothing of a note leaves it: to the client's page, a feed, a message, a log, or a column that can be read (P17)."""

from __future__ import annotations

import logging
from dataclasses import fields
from typing import Any

import pytest

from planner.domain.clients import QUOTES
from planner.domain.notes import NOTE_PARTS, NoteContent
from planner.models import EVERYONE, Base
from planner.services import consents
from planner.services.store import client_gate
from tests.conftest import World
from tests.makers import make_client, make_feed, make_link, make_walk
from tests.page_client import PageClient
from tests.services.test_vault import everything_written

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
        "lifestyle": ["rested"], "analysis_share": "half", "minutes_walked": 31, "home_step_result": "partly",
    }  # fmt: skip


@pytest.fixture
def written(world: World, coach: PageClient, caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    """A note with everything in it, closed and added to; gives the paths of what the outside sees."""
    caplog.set_level(logging.DEBUG)
    client = make_client(world, "Sanne", consent_health=True, email="sanne@example.org", show_first_name=True)
    coming = make_walk(world, client, "2026-12-01T10:00")
    walk = make_walk(world, client, "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    link, feed = make_link(world, client), make_feed(world, client)
    with world.store.db.transaction(world.coach().scope, world.now) as session:
        consents.give_in(session, client_gate(session, client), QUOTES, world.now)
    coach.get("/settings/notes").submit("/settings/notes", note_parts=list(NOTE_PARTS))
    coach.get("/settings/notes").submit("/settings/notes/sentences", text=f"{MARK}sentence")
    address = f"/walks/{walk}/note"
    assert coach.get(address).submit(**marked(), press="close=1").status == 200
    assert coach.get(address).submit(f"{address}/addenda", text=f"{MARK}addendum").status == 200
    assert coach.get(f"/clients/{client}/notes?q={MARK}addendum").select("mark")
    return {
        "page": link, "feed": feed, "one walk": f"{link}walks/{coming}.ics", "coming": f"/walks/{coming}",
        "note": address, "client": str(client),
    }  # fmt: skip


def test_p17_nothing_of_a_note_reaches_the_client(world: World, written: dict[str, str]) -> None:
    for what in ("page", "feed", "one walk"):
        answer = world.browser().get(written[what])
        assert answer.status == 200
        assert MARK not in answer.text, what
        for words in ("trilt", "Trillen", "moe", "grens"):
            assert words not in answer.text, f"{words} in {what}"


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


def test_no_message_says_anything_of_a_note(coach: PageClient, written: dict[str, str]) -> None:
    for path in ("/messages/", f"/clients/{written['client']}/messages", written["coming"], "/"):
        assert MARK not in coach.get(path).text.replace(f"{MARK}home_step", ""), path
    assert MARK not in coach.get(f"/clients/{written['client']}/messages").text


def test_no_log_and_no_title_says_anything_of_a_note(
    coach: PageClient, written: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert not [one for one in caplog.records if MARK in one.getMessage() or MARK in str(one.args)]
    for path in (
        written["note"],
        f"/clients/{written['client']}/notes",
        f"/clients/{written['client']}/boundaries",
    ):
        page = coach.get(path)
        assert MARK in page.main
        assert MARK not in str(page.soup.head) + str(page.response.headers) + page.path


def test_p17_no_column_that_can_be_read_holds_anything_of_a_note(
    world: World, written: dict[str, str]
) -> None:
    assert MARK.encode().lower() not in everything_written(world).lower()
    assert MARK in world.browser("anna").get(written["note"]).main, "and it is there for the coach"
    with world.store.db.reading(EVERYONE) as session:
        for name in ("note", "note_addendum", "note_revision", "snippet"):
            table = Base.metadata.tables[name]
            clear = {column.name for column in table.columns} - {"sealed"}
            assert clear <= {
                "id", "owner_id", "coach_id", "client_id", "walk_id", "created_at", "changed_at", "closed_at",
                "version", "saved_at", "written_at", "replaced_at",
            }  # fmt: skip
            assert all(isinstance(row.sealed, bytes) for row in session.execute(table.select()))
