"""Sentences a coach often writes, and what stood there last time: in the note with one tap, without a script."""

from __future__ import annotations

import pytest

from planner.services.notes.note_wishes import MOST_SENTENCES
from tests.conftest import World
from tests.makers import make_client, make_note, make_sentence, make_walk
from tests.page_client import Page, PageClient

ADD = "/settings/notes/sentences"


@pytest.fixture
def walk(world: World) -> int:
    """A walk after one with a note."""
    client = make_client(world, "Sanne", consent_health=True)
    before = make_walk(world, client, "2026-11-16T10:00")
    make_note(
        world,
        before,
        home_step="Vijf minuten naar buiten",
        next_focus="Nee zeggen",
        parked_for_therapist="Vader",
    )
    walk = make_walk(world, client, "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    return walk


def area(page: Page, name: str) -> str:
    return page.one(f'textarea[name="{name}"]').get_text().removeprefix("\n")


def test_kept_shown_and_taken_out(coach: PageClient) -> None:
    page = coach.get("/settings/notes")
    assert page.submit(ADD, text="Even stilgestaan.\nDaarna door.").status == 200
    assert page.submit(ADD, text="Even stilgestaan.\nDaarna door.").status == 200
    page = coach.get("/settings/notes")
    assert page.main.count("Even stilgestaan.") == 2, (
        "once in the list, and once for who cannot see its button"
    )
    assert page.submit(ADD, text=" ").errors.keys() == {"text"}
    assert page.submit(ADD, text="x" * 501).errors.keys() == {"text"}
    remove = str(page.one('form[action$="/remove"]')["action"])
    assert "Even stilgestaan." not in page.submit(remove).main
    assert page.submit(remove).status == 404


def test_only_so_many(world: World, coach: PageClient) -> None:
    for number in range(MOST_SENTENCES):
        make_sentence(world, f"Zin {number}")
    page = coach.get("/settings/notes").submit(ADD, text="Nog een")
    assert page.status == 422 and "Nog een" in page.text


def test_another_coach_does_not_see_them(world: World, coach: PageClient) -> None:
    make_sentence(world, "Van Anna alleen")
    for who in ("bram", "cor"):
        assert "Van Anna" not in world.browser(who).get("/settings/notes").text


def test_a_sentence_comes_in_without_a_script(world: World, coach: PageClient, walk: int) -> None:
    """What was typed stays, nothing is saved, and the sentence is added to what stands there."""
    sentence = make_sentence(world, "Even stilgestaan.")
    page = coach.get(f"/walks/{walk}/note")
    assert [str(one["form"]) for one in page.select("[name=insert], [name=insert_into]")] == ["note", "note"]
    typed = {"felt_text": "Rust", "energy_after": 11, "insert_into": "felt_text"}
    page = page.submit(press=f"insert={sentence}", **typed)
    assert page.status == 200 and page.errors == {}, "it is not a save"
    assert area(page, "felt_text") == "Rust\nEven stilgestaan."
    assert page.form().has_attr("data-put-in")
    page = page.submit(press=f"insert={sentence}", insert_into="home_step", home_step="")
    assert area(page, "home_step") == "Even stilgestaan."
    assert page.select("details[open] textarea[name=home_step]")
    assert "Even stilgestaan" not in area(coach.get(f"/walks/{walk}/note"), "felt_text")
    assert page.submit(energy_after=6).status == 200
    assert area(coach.get(f"/walks/{walk}/note"), "felt_text") == "Rust\nEven stilgestaan."


@pytest.mark.parametrize("sent", [{"insert_into": "gone"}, {"insert_into": "outcome"}, {}, {"insert": "-1"}])
def test_a_sentence_that_goes_nowhere_loses_nothing(
    world: World, coach: PageClient, walk: int, sent: dict[str, str]
) -> None:
    typed = {"insert": make_sentence(world), "felt_text": "Rust", **sent}
    page = coach.get(f"/walks/{walk}/note").submit(**typed)
    assert page.status == 200 and area(page, "felt_text") == "Rust"


def test_in_a_walk_that_is_written_down_too(world: World, coach: PageClient) -> None:
    sentence, client = make_sentence(world), make_client(world, "Mark", consent_health=True)
    page = coach.get(f"/walks/log?client={client}")
    page = page.submit(press=f"insert={sentence}", insert_into="felt_text", time="14:00")
    assert area(page, "felt_text") == "Even stilgestaan."
    assert page.one("input[name=time]")["value"] == "14:00"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("home_step", "Vijf minuten naar buiten"),
        ("next_focus", "Nee zeggen"),
        ("parked_for_therapist", "Vader"),
    ],
)
def test_taken_over_from_last_time(coach: PageClient, walk: int, name: str, text: str) -> None:
    page = coach.get(f"/walks/{walk}/note")
    page = page.submit(press=f"take={name}", felt_text="blijft staan")
    assert page.status == 200 and area(page, "felt_text") == "blijft staan"
    again = page.submit(press=f"take={name}")
    held = again.one(f'[name="{name}"]')
    assert text == str(held.get("value") or held.get_text().strip()), "twice is once"
    assert again.submit().status == 200


def test_enter_in_a_line_saves(coach: PageClient, world: World, walk: int) -> None:
    """A browser presses the first button of the form: that one saves."""
    make_sentence(world)
    page = coach.get(f"/walks/{walk}/note")
    buttons = page.select('form#note button[type="submit"], button[form="note"]')
    assert not buttons[0].has_attr("name") and len(buttons) > 4


@pytest.mark.parametrize("into", ["csrf_token", "outcome", "form_id", "errors", "data", "no such field"])
def test_a_sentence_goes_into_a_text_only(world: World, coach: PageClient, walk: int, into: str) -> None:
    sentence = make_sentence(world, "Even stilgestaan.")
    page = coach.get(f"/walks/{walk}/note")
    sent = {"csrf_token": page.one("#note [name=csrf_token]")["value"], "insert": sentence}
    came = coach.post(page.path, sent | {"insert_into": into})
    assert came.status == 200
    assert not [one for one in came.select("input, textarea") if "stilgestaan" in str(one)]
