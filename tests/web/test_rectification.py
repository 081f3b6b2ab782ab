"""A text is put right: the right one stands there, the wrong one nowhere, and it is known when."""

from __future__ import annotations

import pytest

from planner.domain.notes import NoPractice
from planner.services.clients import consents
from planner.services.privacy import rectification
from planner.services.vault import Place
from tests.conftest import World
from tests.makers import make_client, make_long_note, make_note, make_walk
from tests.page_client import PageClient
from tests.web.test_erasure import written

WRONG, RIGHT = "Ruzie met haar zus", "Ruzie met haar buurvrouw"


@pytest.fixture
def walk(world: World) -> int:
    client = make_client(world, goal="naar buiten")
    made = make_walk(world, client, "2026-11-20T10:00")
    make_long_note(world, made, WRONG)
    return made


def texts(world: World) -> list[str]:
    """Every text of every note, draft and addendum that can be opened."""
    from planner.models import EVERYONE, Client, Note, NoteAddendum, NoteDraft, NoteRevision

    found = []
    with world.store.db.reading(EVERYONE) as session:
        keys = {client.id: client.wrapped_key for client in session.query(Client)}
        for kind in (Note, NoteAddendum, NoteDraft, NoteRevision):
            for row in session.query(kind):
                place = Place(kind.__tablename__, "sealed", row.id, row.client_id)
                found.append(str(world.store.vault.open(keys[row.client_id], place, row.sealed, dict)))
    return found


def sealed(world: World) -> set[bytes]:
    from planner.models import EVERYONE, Note, NoteAddendum, NoteRevision

    with world.store.db.reading(EVERYONE) as session:
        return {row.sealed for kind in (Note, NoteAddendum, NoteRevision) for row in session.query(kind)}


def test_p11_the_old_text_is_nowhere_and_the_day_is_known(world: World, coach: PageClient, walk: int) -> None:
    address = f"/walks/{walk}/note/correct"
    page = coach.get(f"/walks/{walk}/note").follow("Iets verbeteren")
    added = next(
        str(tag["name"]) for tag in page.select("main textarea") if str(tag["name"]).startswith("added_")
    )
    assert sum(WRONG in text for text in texts(world)) == 4, "note, addendum, earlier text and draft"
    before = sealed(world)
    done = page.submit(
        address, note_felt_text=RIGHT, note_boundary__request=RIGHT, note_energy_before="4", **{added: RIGHT}
    )
    assert "Verbeterd" in done.main and len(done.select("[data-corrected]")) == 2
    assert "23 november" in done.one("ul:has([data-corrected])").get_text()
    assert not [text for text in texts(world) if WRONG in text]
    assert sum(RIGHT in text for text in texts(world)) == 2
    note = coach.get(f"/walks/{walk}/note")
    assert note.main.count(RIGHT) == 3 and WRONG not in note.text and "4 →" in note.main
    disk = written(world)
    assert not [one for one in before if one in disk], "nor as bytes"
    assert WRONG not in coach.get(f"/walks/{walk}/note/revisions").text


def test_what_was_not_touched_stays(world: World, coach: PageClient, walk: int) -> None:
    address = f"/walks/{walk}/note/correct"
    same = coach.get(address).submit(address)
    assert "Er is niets veranderd" in same.main and not same.select("[data-corrected]")
    coach.get(address).submit(address, note_client_words="nee")
    page = coach.get(f"/walks/{walk}/note")
    assert WRONG in page.main and "zuchten" in page.main and "3 →" in page.main


def test_two_at_once_do_not_overwrite(world: World, coach: PageClient, walk: int) -> None:
    address = f"/walks/{walk}/note/correct"
    first, second = coach.get(address), coach.get(address)
    first.submit(address, note_felt_text=RIGHT)
    refused = second.submit(address, note_felt_text="Iets anders")
    assert refused.status == 409 and "Iets anders" in refused.text
    assert RIGHT in refused.one("main .note-box").get_text(), "what is saved now stands beside it"
    assert "Verbeterd" in refused.submit(address).main


def test_what_was_chosen_from_a_list_is_no_text(world: World, coach: PageClient) -> None:
    walk = make_walk(world, make_client(world, goal="naar buiten"), "2026-11-20T10:00")
    said = NoPractice("Nee, dank je", "role_play", "lukte")
    make_note(
        world, walk, analysis_share="half", home_step_result="done", home_step="wandelen", no_practice=said
    )
    names = {str(field["name"]) for field in coach.get(f"/walks/{walk}/note/correct").select("main textarea")}
    assert names == {"note_home_step", "note_no_practice__sentence", "note_no_practice__result"}


def test_no_consent_any_more(world: World, coach: PageClient, walk: int) -> None:
    """It was withdrawn while the page stood open."""
    address, before = f"/walks/{walk}/note/correct", texts(world)
    page = coach.get(address)
    client = int(coach.get("/clients/").follow("Sanne").path.rsplit("/", 1)[1])
    consents.decide(
        world.store, world.coach(), client, "health", "no", consents.text_version("health"), world.now
    )
    assert page.submit(address, note_felt_text=RIGHT).path == f"/walks/{walk}/note"
    with pytest.raises(consents.NeedsConsent):  # also between the look at the page and the correction itself
        rectification.correct(world.store, world.coach(), walk, {"felt_text": RIGHT}, {}, 2, world.now)
    assert texts(world) == before


def test_no_note_and_no_consent(world: World, coach: PageClient, walk: int) -> None:
    client = make_client(world, "Joris", goal="x")
    empty = make_walk(world, client, "2026-11-19T10:00")
    page = coach.get(f"/walks/{empty}/note/correct")
    assert "nog geen notitie" in page.main and not page.select("main form")
    mine = int(coach.get("/clients/").follow("Sanne").path.rsplit("/", 1)[1])
    version = consents.text_version("health")
    consents.decide(world.store, world.coach(), mine, "health", "no", version, world.now)
    assert coach.get(f"/walks/{walk}/note/correct").status == 303
