"""A closed note stays as it is; what is still to be said is written under it, with its moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import World
from tests.makers import make_addendum, make_client, make_note, make_walk
from tests.page_client import Page, PageClient


@pytest.fixture
def client(world: World) -> int:
    return make_client(world, "Sanne", consent_health=True)


@pytest.fixture
def closed(world: World, client: int) -> int:
    """A walk of this morning whose note was closed just now."""
    walk = make_walk(world, client, "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    make_note(world, walk, felt_text="Rust bij het bankje", tool_text="Zuchten", close=True)
    return walk


def note_of(coach: PageClient, walk: int) -> Page:
    return coach.get(f"/walks/{walk}/note")


def add(page: Page, walk: int, text: str) -> Page:
    return page.submit(f"/walks/{walk}/note/addenda", text=text)


def reopen(page: Page, walk: int) -> Page:
    return page.submit(f"/walks/{walk}/note/reopen")


def test_what_is_added_stands_under_the_note_with_its_moment(
    world: World, coach: PageClient, closed: int
) -> None:
    assert add(note_of(coach, closed), closed, "Belde later:\nhet ging goed").status == 200
    world.set_clock(world.now + timedelta(hours=2))
    page = add(note_of(coach, closed), closed, "En nog iets")
    section = page.one("#added")
    assert [one.get_text() for one in section.select("strong")] == [
        "maandag 23 november, 11.30 uur",
        "maandag 23 november, 13.30 uur",
    ]
    assert section.get_text().index("Belde later") < section.get_text().index("En nog iets")
    assert "Rust bij het bankje" in page.main
    assert len(page.select("textarea")) == 1, "nothing of it can be changed"


def test_the_same_addition_twice_is_one(coach: PageClient, closed: int) -> None:
    page = note_of(coach, closed)
    assert add(page, closed, "Eén keer").status == add(page, closed, "Eén keer").status == 200
    assert note_of(coach, closed).main.count("Eén keer") == 1


def test_an_empty_addition_is_refused(coach: PageClient, closed: int) -> None:
    page = add(note_of(coach, closed), closed, "  ")
    assert page.status == 422 and list(page.errors) == ["text"]
    assert "Rust bij het bankje" in page.main


@pytest.mark.parametrize("written", [False, True], ids=["no note", "an open note"])
def test_only_a_closed_note_is_added_to(
    world: World, coach: PageClient, client: int, closed: int, written: bool
) -> None:
    """The words come back, with where to write them."""
    other = make_walk(world, client, "2026-11-23T14:00")
    if written:
        make_note(world, other, felt_text="Open")
    token = str(note_of(coach, closed).one('[action$="/addenda"] [name=csrf_token]')["value"])
    page = coach.post(f"/walks/{other}/note/addenda", {"csrf_token": token, "text": "Toch nog iets"})
    assert page.status == 422 and list(page.errors) == ["text"]
    assert "Toch nog iets" in page.text
    assert page.select(f'a[href="/walks/{other}/note"]')
    assert "Toch nog iets" not in note_of(coach, other).text


def test_a_slip_is_undone_for_a_quarter_of_an_hour(world: World, coach: PageClient, closed: int) -> None:
    page = note_of(coach, closed)
    world.set_clock(world.now + timedelta(minutes=14))
    assert reopen(page, closed).select('textarea[name="felt_text"]')
    note_of(coach, closed).submit(press="close=1")
    page = note_of(coach, closed)
    world.set_clock(world.now + timedelta(minutes=16))
    refused = reopen(page, closed)
    assert refused.status == 409 and "Rust bij het bankje" in refused.main
    assert not note_of(coach, closed).select('[action$="/reopen"]'), "the button is gone"


def test_what_was_added_to_is_not_opened_again(coach: PageClient, closed: int) -> None:
    page = note_of(coach, closed)
    add(page, closed, "Later")
    assert not note_of(coach, closed).select('[action$="/reopen"]')
    assert reopen(page, closed).status == 409
    assert note_of(coach, closed).select("#added")


def test_a_form_that_was_open_while_the_note_was_closed(world: World, coach: PageClient, client: int) -> None:
    """The text comes back, and what was closed stays."""
    walk = make_walk(world, client, "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    page = note_of(coach, walk)
    make_note(world, walk, felt_text="Gesloten tekst", tool_text="Zuchten", close=True)
    late = page.submit(felt_text="Te laat, en toch bewaard op het scherm")
    assert late.status == 409
    assert "Te laat, en toch" in late.text and "Gesloten tekst" in late.main
    assert late.select(f'a[href="/walks/{walk}/note#added"]')
    assert "Te laat" not in note_of(coach, walk).text


def test_a_note_of_a_cancelled_walk_is_closed_and_added_to(
    world: World, coach: PageClient, client: int
) -> None:
    walk = make_walk(world, client, "2026-11-23T10:00")
    coach.get(f"/walks/{walk}/cancel").submit(f"/walks/{walk}/cancel", reason="ill")
    page = note_of(coach, walk)
    assert page.one('[name="outcome"][checked]')["value"] == "ill"
    assert page.submit(felt_text="Belde af met griep", press="close=1").status == 200
    assert "Beterschapskaart" in add(note_of(coach, walk), walk, "Beterschapskaart gestuurd").main
    assert coach.get(f"/walks/{walk}").select(f'[data-walk="{walk}"][data-status="cancelled"]')


def test_p03_without_consent_what_was_added_stays_shut(
    world: World, coach: PageClient, client: int, closed: int
) -> None:
    make_addendum(world, closed, "Belde later in paniek")
    page = note_of(coach, closed)
    consent = coach.get(f"/clients/{client}/consent")
    token = str(consent.select("[name=csrf_token]")[0]["value"])
    no = {"csrf_token": token, "purpose": "health", "answer": "no", "text_version": "", "next": ""}
    assert coach.post(f"/clients/{client}/consent", no).status == 303
    assert "paniek" not in note_of(coach, closed).text
    assert "paniek" not in coach.get(f"/clients/{client}/notes?q=paniek").main
    late = add(page, closed, "Nog iets over gezondheid")
    assert late.status == 422 and list(late.errors) == ["text"]
    assert "Nog iets over gezondheid" in late.text


def test_in_english_too(coach: PageClient, closed: int) -> None:
    coach.get("/account").submit(language="en")
    page = add(note_of(coach, closed), closed, "He called later")
    assert "Added later" in page.main and "Monday 23 November" in page.main


def test_closing_without_how_it_went_asks_for_that(world: World, coach: PageClient) -> None:
    """A walk that is still to come has none filled in; a tool it has."""
    walk = make_walk(world, make_client(world, consent_health=True), "2026-11-24T10:00")
    page = coach.get(f"/walks/{walk}/note").submit(press="close=1", tool_text="Drie zuchten")
    assert page.errors == {"outcome": "Bewaard. Kies hoe het liep om af te sluiten."}
