"""What happened to the walk while its note was written: said, and never undone in silence."""

from __future__ import annotations

import re

import pytest

from planner.services.notes import note_pages
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.page_client import PageClient
from tests.web.test_note_drafts import WORD, keep, note_of

SAID = "Deze wandeling is intussen afgezegd."
COMING = "Deze wandeling komt nog."
ASKS = "Deze wandeling is afgezegd. Vink dit aan als ze toch doorging, en bewaar opnieuw."


@pytest.fixture
def walk(world: World) -> int:
    """A walk that has begun."""
    walk_id = makers.make_walk(world, makers.make_client(world, consent_health=True), "2026-11-23T10:00")
    world.set_clock("2026-11-23T10:45")
    return walk_id


def cancel(world: World, walk: int) -> None:
    walks.cancel(world.store, world.coach(), walk, "client", world.now)


def state(world: World, walk: int) -> str:
    return note_pages.page(world.store, world.coach(), walk).walk.status


@pytest.mark.parametrize("more", ["", "?on_the_way=1"])
@pytest.mark.parametrize("outcome", ["walked", "no_show"])
def test_a_walk_cancelled_while_its_note_was_open_stays_cancelled(
    world: World, coach: PageClient, walk: int, more: str, outcome: str
) -> None:
    address = f"/walks/{walk}/note{more}"
    page = coach.get(address)
    cancel(world, walk)
    refused = page.submit(address, felt_text=WORD, outcome=outcome, follow=False)
    assert refused.status == 409 and SAID in refused.main and WORD in refused.text
    assert not refused.select(f"[name=outcome][value={outcome}][checked]")
    assert state(world, walk) == "cancelled"
    again = refused.submit(address, outcome=outcome, follow=False)
    assert again.status == 422 and again.errors == {"undo_cancel": ASKS} and WORD in again.text
    assert state(world, walk) == "cancelled"
    assert again.submit(address, undo_cancel="1", follow=False).status == 303, "it is a decision now"
    assert state(world, walk) == "done"


@pytest.mark.parametrize("more", ["", "?on_the_way=1"])
def test_a_walk_that_is_still_to_come_is_not_called_walked(
    world: World, coach: PageClient, walk: int, more: str
) -> None:
    """The line stands on the page itself; no outcome is chosen beforehand, and none is saved unless it is said."""
    world.set_clock("2026-11-23T09:30")
    address = f"/walks/{walk}/note{more}"
    page = coach.get(address)
    assert COMING in page.main and not page.select("[name=outcome][checked]")
    refused = page.submit(address, felt_text=WORD, energy_after=11, follow=False)
    assert refused.status == 422 and COMING in refused.main and not refused.select("[name=outcome][checked]")
    assert refused.submit(address, energy_after="", follow=False).status == 303
    assert state(world, walk) == "planned"
    assert COMING in note_of(coach, walk).main
    assert COMING not in re.sub(r"<!--not kept-->.*?<!--/not kept-->", "", page.text, flags=re.DOTALL)


def test_the_note_of_a_cancelled_walk_undoes_nothing_by_itself(
    world: World, coach: PageClient, walk: int
) -> None:
    cancel(world, walk)
    refused = note_of(coach, walk).submit(f"/walks/{walk}/note", outcome="walked", follow=False)
    assert refused.errors == {"undo_cancel": ASKS} and state(world, walk) == "cancelled"
    assert refused.submit(f"/walks/{walk}/note", outcome="weather", follow=False).status == 303
    assert state(world, walk) == "cancelled"


def test_what_says_nothing_else_of_the_walk_is_kept(world: World, coach: PageClient, walk: int) -> None:
    """It was cancelled, and the form agrees; or the form did not say what it saw, as a script's."""
    page = note_of(coach, walk)
    cancel(world, walk)
    assert page.submit(f"/walks/{walk}/note", outcome="weather", felt_text=WORD, follow=False).status == 303
    late = {"outcome": "walked", "seen_status": None, "version": 1, "undo_cancel": "1"}
    assert page.submit(f"/walks/{walk}/note", **late, follow=False).status == 303
    assert state(world, walk) == "done"


def test_a_draft_does_not_undo_a_cancelling(world: World, coach: PageClient, walk: int) -> None:
    assert keep(note_of(coach, walk), felt_text=WORD, outcome="walked")[0] == 200
    cancel(world, walk)
    page = note_of(coach, walk)
    assert WORD in page.text and not page.select("[name=outcome][value=walked][checked]")
    assert page.submit(f"/walks/{walk}/note", follow=False).status == 303
    assert state(world, walk) == "cancelled"
