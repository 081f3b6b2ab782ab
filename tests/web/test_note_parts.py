"""What the note asks beyond the eight taps: the coach chooses, and what a form did not ask is never lost."""

from __future__ import annotations

from typing import Any

import pytest

from planner.domain.notes import DEFAULT_PARTS, NOTE_PARTS, Practised
from planner.services.clients import consents, safety
from planner.web.notes.parts import MANY, asked_in
from tests.conftest import World
from tests.counting import questions
from tests.makers import an_exercise, make_client, make_note, make_walk
from tests.page_client import Page, PageClient

FILLED: dict[str, Any] = {
    "felt_text": "Rust bij het bankje",
    "boundary_request": "Een extra dag werken",
    "boundary_tension": 7,
    "boundary_place": "buik",
    "boundary_limit": "Bij de derde vraag",
    "metaphor_text": "Een omweg om de plas",
    "body_before": ["shoulders", "jaw"],
    "body_after": ["calm"],
    "minutes_walked": 31,
    "minutes_still": 9,
    "head_says": "stop",
    "body_does": "rent door",
    "no_sentence": "Dat lukt me niet",
    "no_setting": "role_play",
    "no_result": "Minder druk op de schouders",
    "breakthrough_text": "Voor het eerst stil van binnen",
    "lifestyle": ["eaten", "rested"],
    "analysis_share": "half",
    "parked_for_therapist": "De ruzie van vroeger",
    "client_words": "Ik kan weer ademen",
}
EMPTY = {name: [] if name in MANY else "" for name in FILLED}


@pytest.fixture
def client(world: World) -> int:
    return make_client(world, "Sanne", consent_health=True)


@pytest.fixture
def walk(world: World, client: int) -> int:
    walk = make_walk(world, client, "2026-11-23T10:00", minutes=40)
    world.set_clock("2026-11-23T11:30")
    return walk


def choose(coach: PageClient, *parts: str) -> None:
    assert coach.get("/settings/notes").submit("/settings/notes", note_parts=list(parts)).status == 200


def agree_to_quotes(coach: PageClient, client: int, answer: str = "yes") -> None:
    page = coach.get(f"/clients/{client}/consent")
    form = next(
        form
        for form in page.select("main form")
        if form.select('[name="purpose"][value="quotes"]')
        and form.select(f'[name="answer"][value="{answer}"]')
    )
    fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    assert coach.post(str(form.get("action") or page.path), fields | {"answer": answer}).status == 303


def note_of(coach: PageClient, walk: int) -> Page:
    return coach.get(f"/walks/{walk}/note")


def asked(page: Page) -> set[str]:
    return {str(tag["name"]) for tag in page.form(page.path).select("[name]")}


def values(page: Page, name: str) -> list[str]:
    """What stands in a field."""
    area = page.select(f'textarea[name="{name}"]')
    if area:
        return [area[0].get_text().removeprefix("\n")]
    chosen = page.select(f'[name="{name}"][checked]')
    return [
        str(one["value"])
        for one in chosen or page.select(f'input[name="{name}"]:not([type="radio"], [type="checkbox"])')
    ]


def test_felt_boundary_and_metaphor_to_begin_with(coach: PageClient, walk: int) -> None:
    page = note_of(coach, walk)
    for part in NOTE_PARTS:
        assert set(asked_in(part)).issubset(asked(page)) is (part in DEFAULT_PARTS), part
    assert page.select("details:has([name=boundary_request])") and not page.select(
        "details[open]:has([name=boundary_request])"
    )


def test_everything_comes_back(coach: PageClient, walk: int) -> None:
    choose(coach, *NOTE_PARTS)
    assert note_of(coach, walk).submit(**FILLED).status == 200
    page = note_of(coach, walk)
    for name, typed in FILLED.items():
        assert values(page, name) == [str(one) for one in (typed if isinstance(typed, list) else [typed])], (
            name
        )
    page.submit(press="close=1", tool_for_today="Zuchten")
    closed = note_of(coach, walk)
    for typed in FILLED.values():
        if isinstance(typed, str) and typed not in ("role_play", "half"):
            assert typed in closed.main
    for words in ("Schouders en kaak", "Rustig", "Samen geoefend", "Ongeveer de helft", "31", "Spanning 7"):
        assert words in closed.main, words


def test_a_coach_without_parts_has_the_eight_taps(coach: PageClient, walk: int) -> None:
    choose(coach)
    page = note_of(coach, walk)
    assert not {name for part in NOTE_PARTS for name in asked_in(part)} & asked(page)
    assert page.submit(energy_before=3, energy_after=5, movement=2).status == 200


def test_the_choice_is_the_coach_s_own(world: World, coach: PageClient) -> None:
    choose(coach, "body")
    colleague = world.browser("cor").get("/settings/notes")
    assert [str(one["value"]) for one in colleague.select("[name=note_parts][checked]")] == list(
        DEFAULT_PARTS
    )
    assert coach.get("/settings/notes").submit("/settings/notes", note_parts=["gone"]).status == 422


def test_a_part_that_holds_something_stays_to_be_seen(coach: PageClient, walk: int) -> None:
    choose(coach, "head_body")
    note_of(coach, walk).submit(head_says="stop", body_does="rent door")
    choose(coach)
    assert values(note_of(coach, walk), "head_says") == ["stop"]
    note_of(coach, walk).submit(head_says="", body_does="")
    assert "head_says" not in asked(note_of(coach, walk))


def test_a_save_never_erases_what_the_form_did_not_ask(world: World, coach: PageClient, client: int) -> None:
    """From a form of before, a script, the sheet on the way: only what was sent changes, chips too."""
    exercise = an_exercise(world)
    walk = make_walk(world, client, "2026-11-23T10:00", exercises=(exercise,))
    world.set_clock("2026-11-23T11:30")
    choose(coach, *NOTE_PARTS)
    first = {**FILLED, "home_step": "Vroeg slapen", "show_home_step": "1", f"worked_{exercise}": "yes"}
    note_of(coach, walk).submit(**first)
    choose(coach)
    form = note_of(coach, walk)
    token = str(form.one('form[action$="/note"] [name=csrf_token]')["value"])
    version = str(form.one("[name=version]")["value"])
    few = {"csrf_token": token, "version": version, "outcome": "walked", "energy_after": "6"}
    assert coach.post(f"/walks/{walk}/note", few).status == 303
    page = note_of(coach, walk)
    for name, typed in {**first, "energy_after": 6}.items():
        assert values(page, name) == [str(one) for one in (typed if isinstance(typed, list) else [typed])], (
            name
        )


def test_chips_that_were_shown_can_be_emptied(coach: PageClient, walk: int) -> None:
    choose(coach, "body", "lifestyle")
    note_of(coach, walk).submit(body_before=["neck"], body_after=["calm"], lifestyle=["eaten"])
    note_of(coach, walk).submit(body_before=None, lifestyle=None)
    page = note_of(coach, walk)
    assert (values(page, "body_before"), values(page, "lifestyle")) == ([], [])
    assert values(page, "body_after") == ["calm"]


def test_an_exercise_taken_out_of_the_plan_keeps_its_answer(
    world: World, coach: PageClient, client: int
) -> None:
    exercise = an_exercise(world)
    walk = make_walk(world, client, "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    make_note(world, walk, practised=(Practised(exercise, "a_bit"),))
    note_of(coach, walk).submit(felt_text="Rust", tool_for_today="Zuchten", press="close=1")
    assert "Werkte: Een beetje" in note_of(coach, walk).main


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("boundary_tension", {"boundary_tension": 11, "boundary_request": "overwerk"}),
        ("boundary_request", {"boundary_tension": 4}),
        ("no_sentence", {"no_setting": "real_life"}),
        ("no_sentence", {"no_result": "het lukte"}),
        ("no_setting", {"no_setting": "in a dream", "no_sentence": "nee"}),
        ("minutes_walked", {"minutes_walked": "veel"}),
        ("minutes_still", {"minutes_still": 601}),
        ("minutes_still", {"minutes_still": -1}),
        ("body_before", {"body_before": ["tail"]}),
        ("lifestyle", {"lifestyle": ["weight"]}),
        ("analysis_share", {"analysis_share": "all"}),
        ("boundary_limit", {"boundary_limit": "x" * 1001}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(
    coach: PageClient, walk: int, field: str, sent: dict[str, Any]
) -> None:
    choose(coach, *NOTE_PARTS)
    page = note_of(coach, walk).submit(**{**FILLED, **EMPTY, "felt_text": "blijft staan", **sent})
    assert page.status == 422
    assert list(page.errors) == [field]
    assert "blijft staan" in page.text
    assert page.select(f'details[open] [data-error="{field}"]'), "its fold is open"
    for name, typed in sent.items():
        if isinstance(typed, str):
            assert (
                (name == "no_setting" and typed == "in a dream")
                or typed in values(page, name)
                or typed in page.text
            )


def test_b2_a_tight_chest_opens_the_safety_card(coach: PageClient, walk: int, client: int) -> None:
    choose(coach, "body")
    page = note_of(coach, walk).submit(body_after=["chest_tight"])
    assert page.path == f"/clients/{client}/emergency"
    assert "112" in page.main
    assert page.select(f'a[href="/clients/{client}/safety"]')
    again = note_of(coach, walk)
    assert values(again, "body_after") == ["chest_tight"], "it is saved"
    assert again.select(f'.note-box a[href="/clients/{client}/emergency"]')
    assert again.submit(felt_text="Al even").path == f"/walks/{walk}", "once is enough"


def test_a_tight_chest_is_said_also_when_the_note_cannot_close(
    coach: PageClient, walk: int, client: int
) -> None:
    choose(coach, "body")
    page = note_of(coach, walk).submit(body_before=["chest_tight"], tool_for_today="", press="close=1")
    assert page.status == 422
    assert page.select(f'.note-box a[href="/clients/{client}/emergency"]')


def test_a_tight_chest_stays_in_the_file_until_the_questions_are_asked_again(
    world: World, coach: PageClient, client: int
) -> None:
    file, words = f"/clients/{client}", "Druk op de borst genoemd op vrijdag 20 november: vraag na."
    make_note(world, make_walk(world, client, "2026-11-13T10:00"), body_after=("calm",))
    assert "Druk op de borst genoemd" not in coach.get(file).main
    safety.ask(world.store, world.coach(), client, {"S2": "no"}, world.now, world.now.date())
    world.set_clock("2026-11-23T12:00")
    make_note(world, make_walk(world, client, "2026-11-20T10:00"), body_after=("chest_tight",))
    page = coach.get(file)
    assert page.one("h2:-soup-contains('Let hierop') + ul").get_text().strip().startswith(words)
    world.set_clock("2026-11-23T12:30")
    form = page.follow("Naar Vooraf nagaan")
    assert form.submit(f"{file}/safety?ask=again", S1="no", S2="no", S6="no").path == file
    assert "Druk op de borst genoemd" not in coach.get(file).main
    world.set_clock("2026-11-23T13:00")
    make_note(world, make_walk(world, client, "2026-11-21T10:00"), body_before=("chest_tight",))
    assert "zaterdag 21 november: vraag na" in coach.get(file).main
    version = consents.text_version("health")
    consents.decide(world.store, world.coach(), client, "health", consents.NO, version, world.now)
    assert "Druk op de borst genoemd" not in coach.get(file).main


def test_d4_an_insight_without_a_step_asks_for_one(coach: PageClient, walk: int) -> None:
    hint = "Welke kleine stap hoort hierbij?"
    saved = note_of(coach, walk).submit(insight_text="Ik ren altijd door", home_step="")
    assert saved.status == 200 and hint in saved.main
    page = note_of(coach, walk)
    assert page.select(f'details[open]:has([name=home_step]):-soup-contains("{hint}")')
    assert hint not in page.submit(home_step="Even stilstaan").main


def test_c3_mostly_analysis_gives_a_hint(coach: PageClient, walk: int) -> None:
    choose(coach, "analysis")
    hint = "Meer dan de helft was analyse"
    assert hint not in note_of(coach, walk).submit(analysis_share="half").main
    assert hint in note_of(coach, walk).submit(analysis_share="much").main


def test_d2_head_and_body_are_asked_with_an_example(coach: PageClient, walk: int) -> None:
    choose(coach, "head_body")
    page = note_of(coach, walk)
    assert "“stop, rust”" in page.main and "het zegt ja" in page.main


def test_f11_three_dots_and_no_weight(coach: PageClient, walk: int) -> None:
    choose(coach, "lifestyle")
    page = note_of(coach, walk)
    assert [str(one["value"]) for one in page.select("[name=lifestyle]")] == ["eaten", "moved", "rested"]
    assert not {"gewicht", "calorie", "kilo"} & set(page.main.lower().split())


@pytest.mark.parametrize("part", [part for part in NOTE_PARTS if part != "quote"])
def test_p01_nothing_of_a_part_without_consent(world: World, coach: PageClient, part: str) -> None:
    walk = make_walk(world, make_client(world, "Mark"), "2026-11-23T10:00")
    world.set_clock("2026-11-23T11:30")
    choose(coach, part)
    sent = {name: FILLED[name] for name in asked_in(part)}
    page = note_of(coach, walk).submit(**sent)
    assert page.status == 422
    assert set(page.errors) & set(sent)
    assert "toestemming" in page.main


def test_j11_a_quote_has_a_consent_of_its_own(coach: PageClient, walk: int, client: int) -> None:
    choose(coach, "quote")
    words = "Eindelijk iets dat werkte"
    page = note_of(coach, walk).submit(client_quote=words, felt_text="Rust")
    assert page.status == 422 and list(page.errors) == ["client_quote"]
    assert words in page.text and f"/clients/{client}/consent" in page.text
    agree_to_quotes(coach, client)
    assert note_of(coach, walk).submit(client_quote=words, felt_text="Rust").status == 200
    everywhere = (
        "/quotes",
        f"/walks/{walk}/note",
        f"/clients/{client}/notes?q=eindelijk",
        f"/clients/{client}",
    )
    assert all(words in coach.get(path).main for path in everywhere)
    assert "Sanne" not in coach.get("/quotes").main, "without a name"
    agree_to_quotes(coach, client, "no")
    assert not [path for path in everywhere if words in coach.get(path).main]
    assert note_of(coach, walk).submit(felt_text="Meer rust").status == 200
    agree_to_quotes(coach, client)
    assert words in coach.get("/quotes").text, "it was not lost meanwhile"


def test_more_quotes_ask_no_more_of_the_database(world: World, coach: PageClient) -> None:
    asked = []
    for more in (1, 4):
        for number in range(more):
            client = make_client(world, f"Cliënt {number}", consent_health=True)
            agree_to_quotes(coach, client)
            for day in (10, 11):
                make_note(
                    world, make_walk(world, client, f"2026-11-{day}T10:00"), client_quote=f"{number}, {day}"
                )
        with questions(world) as found:
            assert f"{more - 1}, 11" in coach.get("/quotes").main
        asked.append(len(found))
    assert asked[0] == asked[1] > 0


def test_a_quote_stays_shut_without_consent_for_health(
    world: World, coach: PageClient, walk: int, client: int
) -> None:
    agree_to_quotes(coach, client)
    make_note(world, walk, client_quote="Eindelijk rust")
    assert "Eindelijk rust" in coach.get("/quotes").main
    version = consents.text_version("health")
    consents.decide(world.store, world.coach(), client, "health", consents.NO, version, world.now)
    assert "Eindelijk rust" not in coach.get("/quotes").main


def test_parts_of_a_walk_written_down_afterwards(world: World, coach: PageClient, client: int) -> None:
    choose(coach, *NOTE_PARTS)
    page = coach.get(f"/walks/log?client={client}")
    done = page.submit(date="2026-11-20", time="14:00", **FILLED, tool_for_today="Zuchten")
    assert done.status == 200
    assert values(coach.get(done.path + "/note"), "head_says") == ["stop"]


def test_in_english_too(coach: PageClient, walk: int) -> None:
    coach.get("/account").submit(language="en")
    choose(coach, *NOTE_PARTS)
    page = note_of(coach, walk)
    for words in ("Boundary moment", "My head says…", "Body signals before the walk", "Tight chest"):
        assert words in page.main
