"""The note after a walk: eight taps, never lost, never overwritten in silence."""

from __future__ import annotations

import pytest
from bs4 import Tag

from planner.services.notes import note_pages
from tests.conftest import PASSWORD, World
from tests.factories import id_in, make_client, make_route, make_walk
from tests.page_client import Page, PageClient


@pytest.fixture
def walk(world: World) -> int:
    """A walk of this morning, with a client who consented."""
    client = make_client(world, first_name="Sanne", consent_health="1")
    walk_id = make_walk(world, client, date="2026-11-23", time="10:00")
    world.set_clock("2026-11-23T11:30")
    return walk_id


def note_of(coach: PageClient, walk: int) -> Page:
    return coach.get(f"/walks/{walk}/note")


def sign_in_again(world: World) -> PageClient:
    """A week later the sign-in of the first day is over."""
    browser = world.browser()
    browser.get("/login").submit(email="anna@example.org", password=PASSWORD)
    return browser


def status_of(page: Page, walk: int) -> str:
    tags: list[Tag] = page.select(f'[data-walk="{walk}"]')
    return str(tags[0]["data-status"])


def test_eight_taps_make_a_note(coach: PageClient, walk: int) -> None:
    page = note_of(coach, walk)
    assert page.one('input[name="outcome"][checked]')["value"] == "walked", "the outcome is filled in"
    page = page.submit(energy_before=3, energy_after=5, movement=3, practice=2, feeling=1, environment=2)
    assert page.status == 200
    assert status_of(page, walk) == "done"
    again = note_of(coach, walk)
    assert again.one('input[name="energy_after"][checked]')["value"] == "5"


def test_everything_comes_back(coach: PageClient, walk: int) -> None:
    typed = {
        "felt_text": "Schouders zakten.\nRust bij het bankje.",
        "movement_text": "stevig gelopen",
        "practice_text": "één zin geoefend",
        "feeling_text": "warme handen",
        "environment_text": "stil bos",
        "tool_for_today": "drie keer zuchten",
        "home_step": "Elke dag vijf minuten",
        "next_focus": "Nee zeggen",
        "energy_week": 4,
        "functioning_week": 5,
        "tension_before": 7,
        "tension_after": 4,
    }
    note_of(coach, walk).submit(**typed)
    page = note_of(coach, walk)
    for name in ("felt_text", "home_step"):
        assert page.one(f'textarea[name="{name}"]').get_text().removeprefix("\n") == typed[name]
    for name in ("movement_text", "environment_text", "next_focus"):
        assert page.one(f'input[name="{name}"]')["value"] == typed[name]
    for name in ("energy_week", "functioning_week", "tension_before", "tension_after"):
        assert page.one(f'input[name="{name}"][checked]')["value"] == str(typed[name])


@pytest.mark.parametrize("outcome", ["cancelled_in_time", "cancelled_late", "no_show", "weather", "ill"])
def test_the_outcome_alone_is_enough(world: World, coach: PageClient, outcome: str) -> None:
    """Also without consent, and such a note can be closed without a tool."""
    client = make_client(world, first_name="Mark")
    walk = make_walk(world, client, date="2026-11-23", time="10:00")
    world.set_clock("2026-11-23T11:30")
    page = note_of(coach, walk).submit(outcome=outcome, press="close=1")
    assert page.status == 200, page.errors
    assert status_of(page, walk) == ("done" if outcome == "no_show" else "cancelled")


def test_closing_asks_for_a_tool_and_keeps_the_text(coach: PageClient, walk: int) -> None:
    page = note_of(coach, walk).submit(press="close=1", felt_text="Rust", tool_for_today="")
    assert page.status == 422
    assert list(page.errors) == ["tool_for_today"]
    assert "Rust" in note_of(coach, walk).text, "the note is saved all the same"
    page = page.submit(press="close=1", tool_for_today="Zuchten")
    assert page.status == 200
    closed = note_of(coach, walk)
    assert closed.select('textarea[name="felt_text"]') == []
    assert "Zuchten" in closed.main


def test_a_closed_note_names_its_exercises(coach: PageClient, walk: int) -> None:
    form = note_of(coach, walk)
    chip = form.select('[name="tool_for_today"][type="radio"]')[0]
    title = " ".join(chip.parent.get_text().split()) if chip.parent else ""
    form.submit(press="close=1", tool_for_today=chip["value"])
    assert title
    assert title in note_of(coach, walk).main


def test_a_closed_note_can_be_opened_again(coach: PageClient, walk: int) -> None:
    note_of(coach, walk).submit(press="close=1", tool_for_today="Zuchten")
    page = note_of(coach, walk).submit(f"/walks/{walk}/note/reopen")
    assert page.select('textarea[name="felt_text"]')


def test_a_second_tab_does_not_overwrite(coach: PageClient, walk: int) -> None:
    first, second = note_of(coach, walk), note_of(coach, walk)
    first.submit(felt_text="Uit het eerste tabblad")
    page = second.submit(felt_text="Uit het tweede tabblad")
    assert page.status == 409
    assert "Uit het eerste tabblad" in page.main
    assert "Uit het tweede tabblad" in page.text
    assert page.submit(felt_text="Samen").status == 200
    assert "Samen" in note_of(coach, walk).text


def test_both_texts_stand_side_by_side_and_either_can_be_chosen(coach: PageClient, walk: int) -> None:
    """Word by word, with words for who cannot see lines; by field, or as a whole."""
    first, second = note_of(coach, walk), note_of(coach, walk)
    first.submit(felt_text="Ze liep rustig en lachte", next_focus="Slapen", energy_after=7)
    page = second.submit(felt_text="Ze liep moe en lachte <b>", next_focus="Rust", energy_after=7)
    assert [str(one["data-differs"]) for one in page.select("[data-differs]")] == ["felt_text", "next_focus"]
    felt = page.one('[data-differs="felt_text"]')
    assert [one.get_text() for one in felt.select("del")] == ["[alleen nu bewaard: rustig]"]
    assert [one.get_text() for one in felt.select("ins")] == [
        "[alleen in jouw tekst: moe]",
        "[alleen in jouw tekst:  <b>]",
    ]
    taken = page.submit(f"/walks/{walk}/note", press="take_saved=next_focus")
    assert taken.status == 200 and [one["data-differs"] for one in taken.select("[data-differs]")] == [
        "felt_text"
    ]
    assert taken.one("[name=next_focus]")["value"] == "Slapen" and "moe en lachte" in taken.text
    every = taken.submit(f"/walks/{walk}/note", press="take_saved=all")
    assert "spreken elkaar niet tegen" in every.main and not every.select("[data-differs]")
    assert "moe" not in note_of(coach, walk).text, "nothing was saved by choosing"
    assert taken.submit(f"/walks/{walk}/note").status == 200
    kept = note_of(coach, walk)
    assert "moe en lachte" in kept.text and "Slapen" in kept.text


def test_an_empty_field_does_not_beat_a_filled_one(world: World, coach: PageClient, walk: int) -> None:
    """Only what both sides say differently is asked; what one side left empty is put together, and said."""
    first, second = note_of(coach, walk), note_of(coach, walk)
    first.submit(energy_before=4, felt_text="Ze lachte", show_home_step="1")
    address = f"/walks/{walk}/note"
    page = second.submit(address, felt_text="Ze zweeg", next_focus="Rust", follow=False)
    assert page.status == 409
    assert [one["data-differs"] for one in page.select("[data-differs]")] == ["felt_text", "show_home_step"]
    assert page.one('[name="energy_before"][checked]')["value"] == "4" and "energie voor" in page.main
    assert not page.select('[name="show_home_step"][checked]'), "what a client sees is never ticked by itself"
    assert page.submit(address, follow=False).status == 303
    kept = note_pages.page(world.store, world.coach(), walk).note
    assert kept and (kept.content.energy_before, kept.content.felt_text) == (4, "Ze zweeg")
    assert (kept.content.next_focus, kept.content.show_home_step) == ("Rust", False)


def test_the_same_form_twice_is_one_note(coach: PageClient, walk: int) -> None:
    page = note_of(coach, walk)
    assert page.submit(felt_text="Eén keer").status == 200
    assert page.submit(felt_text="Eén keer").status == 200


def test_what_is_said_is_said_once_though_the_answer_got_lost(coach: PageClient, walk: int) -> None:
    fields = {
        str(tag["name"]): str(tag.get("value", ""))
        for tag in note_of(coach, walk).select("#note input[type=hidden]")
    }
    fields |= {"outcome": "walked", "tool_for_today": "Zuchten", "analysis_share": "much"}
    for _twice in range(2):
        assert coach.post(f"/walks/{walk}/note", fields).status == 303
    said = [
        tag.get_text(" ", strip=True) for tag in coach.get(f"/walks/{walk}").select("main > [role=status] p")
    ]
    assert said == ["Bewaard.", "Meer dan de helft was analyse. Wat kan er de volgende keer geoefend worden?"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("energy_before", 11), ("movement", 4), ("outcome", "anders"), ("energy_week", "veel")],
)
def test_what_cannot_be_is_refused_beside_its_field(
    coach: PageClient, walk: int, field: str, value: object
) -> None:
    page = note_of(coach, walk).submit(**{field: value, "felt_text": "blijft staan"})
    assert page.status == 422
    assert list(page.errors) == [field]
    assert "blijft staan" in page.text


def test_the_step_for_home_is_asked_next_time(world: World, coach: PageClient, walk: int) -> None:
    note_of(coach, walk).submit(home_step="Elke dag vijf minuten naar buiten", tool_for_today="Zuchten")
    client = int(
        coach.get(f"/walks/{walk}")
        .one('a[href^="/clients/"]:not([href="/clients/"], [href*=safety])')["href"]
        .split("/")[2]
    )
    later = make_walk(world, client, date="2026-11-30", time="10:00")
    world.set_clock("2026-11-30T11:30")
    coach = sign_in_again(world)
    page = note_of(coach, later)
    assert "Elke dag vijf minuten naar buiten" in page.main
    assert page.submit(home_step_result="partly").status == 200


def test_a_walk_is_written_down_afterwards_in_one_go(world: World, coach: PageClient) -> None:
    client = make_client(world, first_name="Sanne", consent_health="1")
    page = coach.get(f"/walks/log?client={client}")
    assert page.submit(date="2026-11-24", time="10:00").errors.keys() == {"date"}, "not in the future"
    done = page.submit(date="2026-11-20", time="14:00", felt_text="Toch gegaan", energy_after=6)
    assert done.status == 200
    assert done.select('[data-walk][data-starts-local="2026-11-20T14:00"][data-status="done"]')
    assert (
        page.submit(date="2026-11-20", time="14:00", felt_text="Toch gegaan", energy_after=6).path
        == done.path
    )


def test_a_talk_online_that_is_written_down_has_no_route(world: World, coach: PageClient) -> None:
    client, route = make_client(world), make_route(world, name="Schaapskooi")
    page = coach.get(f"/walks/log?client={client}")
    past = {"date": "2026-11-20", "route_id": route}
    assert "Schaapskooi" in page.submit(time="10:00", setting="outdoors", **past).main
    other = coach.get(f"/walks/log?client={client}").submit(time="14:00", setting="online", **past)
    assert other.status == 200 and "Schaapskooi" not in other.main


def test_another_coach_sees_nothing(world: World, walk: int) -> None:
    for who in ("bram", "cor"):
        browser = world.browser(who)
        assert browser.get(f"/walks/{walk}/note").status == 404
        assert browser.get("/walks/log?client=1").status == 404


def test_the_page_is_in_english_too(world: World, coach: PageClient, walk: int) -> None:
    coach.get("/account").submit(language="en")
    assert note_of(coach, walk).h1 == "How did it go with Sanne?"


def test_the_same_walk_is_not_written_down_twice_without_a_word(world: World, coach: PageClient) -> None:
    """Nothing typed is lost; somebody else at that hour is no question, and a second one of the same day may be."""
    client, other = make_client(world, first_name="Mark"), make_client(world, first_name="Sanne")
    address, first = f"/walks/log?client={client}", {"date": "2026-11-22", "time": "11:10"}
    walk = id_in(coach.get(address).submit(**first))
    assert coach.get(f"/walks/log?client={other}").submit(**first).status == 200
    again = coach.get(address).submit(outcome="no_show", date="2026-11-22", time="11:00")
    assert again.status == 422
    assert again.errors["time"] == "Om 11.10 uur staat er al een wandeling met Mark."
    assert again.one("[data-met] a")["href"] == f"/walks/{walk}/note"
    assert again.select('[name="outcome"][value="no_show"][checked]')
    assert again.submit().status == 422, "pressing again is no answer"
    assert again.submit(keep_clash="1").select('[data-status="done"]')
    file = coach.get(f"/clients/{client}").main
    assert "zondag 22 november 2026, 11.10 uur" in file and "zondag 22 november 2026, 11.00 uur" in file


def test_the_day_of_a_walk_that_was_not_planned_is_one_tap_and_said_in_words(
    world: World, coach: PageClient
) -> None:
    page = coach.get(f"/walks/log?client={make_client(world)}")
    days = {
        str(tag["value"]): tag.parent.get_text(" ", strip=True)
        for tag in page.select("[name=date][type=radio]")
    }
    assert days == {"2026-11-23": "Vandaag ma 23 nov", "2026-11-22": "Gisteren zo 22 nov"}
    refused = page.submit(date="2026-11-22", time="9:05", minutes="x")
    assert refused.one("[data-echo]").get_text() == "zondag 22 november, 9.05 uur"
