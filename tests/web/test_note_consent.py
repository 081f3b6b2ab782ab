"""A note about health and the consents it asks: given with it, withdrawn, given again; nothing is lost by it."""

from __future__ import annotations

import pytest

from planner.models import NoteDraft
from planner.services.clients import clients, consents
from planner.services.notes import note_pages
from tests import makers
from tests.conftest import World
from tests.factories import make_client, make_walk
from tests.page_client import PageClient
from tests.web.test_note_drafts import WORD, keep, many, note_of, save


@pytest.fixture
def walk(world: World) -> int:
    """A walk of this morning, with a client who consented."""
    client = make_client(world, first_name="Sanne", consent_health="1")
    walk_id = make_walk(world, client, date="2026-11-23", time="10:00")
    world.set_clock("2026-11-23T11:30")
    return walk_id


def agree_to_quotes(world: World, client: int, answer: str) -> None:
    version = consents.text_version("quotes")
    consents.decide(world.store, world.coach(), client, "quotes", answer, version, world.now)


@pytest.mark.parametrize(
    ("field", "value"), [("energy_before", 4), ("felt_text", "moe"), ("movement", 2), ("home_step", "stap")]
)
def test_p01_nothing_about_health_without_consent(
    world: World, coach: PageClient, field: str, value: object
) -> None:
    client = make_client(world, first_name="Mark")
    walk = make_walk(world, client, date="2026-11-23", time="10:00")
    world.set_clock("2026-11-23T11:30")
    page = note_of(coach, walk).submit(**{field: value})
    assert page.status == 422
    assert field in page.errors
    assert page.select('input[name="consent_health"]')
    assert note_of(coach, walk).select('input[name="energy_before"][value="4"][checked]') == []


@pytest.mark.parametrize("planned", [True, False])
def test_the_first_note_is_not_lost_for_want_of_consent(
    world: World, coach: PageClient, planned: bool
) -> None:
    """It is said before anything is typed; the yes is given with what was typed. Nothing there leads away from it."""
    client = make_client(world, first_name="Mark")
    address = f"/walks/log?client={client}"
    if planned:
        address = f"/walks/{make_walk(world, client, date='2026-11-23', time='10:00')}/note"
    world.set_clock("2026-11-23T11:30")
    page, typed = coach.get(address), {} if planned else {"date": "2026-11-20", "time": "14:00"}
    assert "Er is nog geen toestemming" in page.main
    refused = page.submit(address, felt_text="Eerste keer", energy_after=6, **typed)
    assert refused.status == 422 and "Eerste keer" in refused.text
    assert refused.select("details[open] input[name=consent_health]")
    assert refused.errors["energy_after"] == refused.errors["felt_text"] == "Niet zonder toestemming."
    assert "#f-consent_health" in [str(one["href"]) for one in refused.select("#errors a")]
    assert refused.main.count("Leg eerst de toestemming vast") == 2, (
        "above the form, and beside the box to tick"
    )
    assert not refused.select(f'main a[href*="/clients/{client}/consent"]')
    assert refused.submit(address, consent_health="1").status == 200
    assert "Eerste keer" in coach.get(f"/clients/{client}/notes").main


def test_a_yes_is_kept_together_with_the_note(world: World, coach: PageClient, walk: int) -> None:
    client = make_client(world, first_name="Mark")
    address = f"/walks/log?client={client}"
    page = coach.get(address).submit(address, felt_text="Eerste keer", date="2026-11-20", time="14:00")
    done = page.submit(address, consent_health="1")
    assert done.status == 200 and done.select('[data-status="done"]')
    assert "Eerste keer" in coach.get(f"/clients/{client}/notes").main
    assert coach.get(f"/clients/{client}/consent").select("#health .meta svg")
    assert "geen toestemming" not in coach.get(address).main


def test_a_yes_given_again_with_a_note_empties_nothing_that_lay_shut(
    world: World, coach: PageClient, walk: int
) -> None:
    """The form could not show what was kept; what it says is laid over it."""
    note_of(coach, walk).submit(felt_text="Rust", energy_before=4, home_step="Elke dag naar buiten")
    (client,) = [row.id for row in clients.listing(world.store, world.coach())]
    consents.decide(world.store, world.coach(), client, "health", "no", "", world.now)
    page = note_of(coach, walk)
    assert "Rust" not in page.text
    assert page.submit(f"/walks/{walk}/note", consent_health="1", energy_after=7).status == 200
    kept = note_pages.page(world.store, world.coach(), walk).note
    assert kept and (kept.content.felt_text, kept.content.energy_before, kept.content.energy_after) == (
        "Rust",
        4,
        7,
    )
    assert kept.content.home_step == "Elke dag naar buiten"
    note_of(coach, walk).submit(felt_text="")
    kept = note_pages.page(world.store, world.coach(), walk).note
    assert kept and kept.content.felt_text == "", "what the form does show is emptied as always"


@pytest.mark.parametrize(
    ("purpose", "name", "part"), [("health", "felt_text", "felt"), ("quotes", "client_quote", "quote")]
)
def test_a_consent_given_in_another_tab_empties_nothing(
    world: World, coach: PageClient, walk: int, purpose: str, name: str, part: str
) -> None:
    """The page was opened without it, and could not show what lay there."""
    client = note_pages.page(world.store, world.coach(), walk).client.id

    def decide(answer: str) -> None:
        version = consents.text_version(purpose)
        consents.decide(world.store, world.coach(), client, purpose, answer, version, world.now)

    decide("yes")
    coach.get("/settings/notes").submit("/settings/notes", note_parts=["felt", part])
    assert note_of(coach, walk).submit(**{name: "Rust"}).status == 200
    decide("no")
    page = note_of(coach, walk)
    assert "Rust" not in page.text
    decide("yes")
    assert page.submit(f"/walks/{walk}/note", energy_after=7).status == 200
    kept = note_pages.page(world.store, world.coach(), walk).note
    assert kept and (getattr(kept.content, name), kept.content.energy_after) == ("Rust", 7)


def test_a_yes_and_a_close_without_a_tool_show_what_is_kept(
    world: World, coach: PageClient, walk: int
) -> None:
    """Kept, but not closed: the page is that of now, so that what is emptied on it stays empty."""
    note_of(coach, walk).submit(felt_text="Rust", home_step="Elke dag naar buiten", tool_for_today="")
    (client,) = [row.id for row in clients.listing(world.store, world.coach())]
    consents.decide(world.store, world.coach(), client, "health", "no", "", world.now)
    page = note_of(coach, walk).submit(press="close=1", consent_health="1", energy_after=7, tool_for_today="")
    assert page.status == 422 and list(page.errors) == ["tool_for_today"]
    assert "geen toestemming" not in page.main and "Rust" in page.text
    assert page.submit(f"/walks/{walk}/note", felt_text="").status == 200
    kept = note_pages.page(world.store, world.coach(), walk).note
    assert kept and (kept.content.felt_text, kept.content.energy_after) == ("", 7)
    assert kept.content.home_step == "Elke dag naar buiten"


def test_after_a_conflict_the_page_shows_what_it_could_not(
    world: World, coach: PageClient, walk: int
) -> None:
    """The yes and a text came in another tab: what is emptied on the page that then shows both, stays empty."""
    (client,) = [row.id for row in clients.listing(world.store, world.coach())]
    consents.decide(world.store, world.coach(), client, "health", "no", "", world.now)
    page = note_of(coach, walk)
    version = consents.text_version("health")
    consents.decide(world.store, world.coach(), client, "health", "yes", version, world.now)
    note_of(coach, walk).submit(felt_text="Rust")
    both = page.submit(f"/walks/{walk}/note", energy_after=7)
    assert both.status == 409 and "Rust" in both.text
    assert both.submit(f"/walks/{walk}/note", felt_text="").status == 200
    kept = note_pages.page(world.store, world.coach(), walk).note
    assert kept and (kept.content.felt_text, kept.content.energy_after) == ("", 7)


def test_a_quote_in_a_draft_has_a_consent_of_its_own(world: World, coach: PageClient) -> None:
    client = makers.make_client(world, consent_health=True)
    walk = makers.make_walk(world, client, "2026-11-23T08:00")

    assert keep(note_of(coach, walk), client_quote=WORD)[0] == 422
    assert many(world, NoteDraft) == 0
    agree_to_quotes(world, client, "yes")
    assert keep(note_of(coach, walk), client_quote=WORD)[0] == 200
    assert WORD in note_of(coach, walk).text
    agree_to_quotes(world, client, "no")
    assert WORD not in note_of(coach, walk).text
    agree_to_quotes(world, client, "yes")
    assert WORD in note_of(coach, walk).text, "it was not lost meanwhile"


def test_a_draft_of_before_empties_no_quote_that_it_may_not_show(world: World, coach: PageClient) -> None:
    """The draft could show it when it was kept; the form that opens with it now cannot, and says so itself."""
    client = makers.make_client(world, consent_health=True)
    walk = makers.make_walk(world, client, "2026-11-23T08:00")

    agree_to_quotes(world, client, "yes")
    coach.get("/settings/notes").submit("/settings/notes", note_parts=["felt", "quote"])
    assert save(coach, walk, client_quote=WORD).status == 200
    keep(note_of(coach, walk), felt_text="rustiger")
    agree_to_quotes(world, client, "no")
    page = note_of(coach, walk)
    assert WORD not in page.text
    agree_to_quotes(world, client, "yes")
    assert page.submit(f"/walks/{walk}/note").status == 200
    kept = note_pages.page(world.store, world.coach(), walk).note
    assert kept and (kept.content.client_quote, kept.content.felt_text) == (WORD, "rustiger")


def test_after_consent_was_withdrawn_a_draft_and_earlier_texts_stay_shut(
    world: World, coach: PageClient
) -> None:
    client = makers.make_client(world, consent_health=True)
    walk = makers.make_walk(world, client, "2026-11-23T08:00")
    makers.make_note(world, walk, felt_text=WORD)
    assert save(coach, walk, felt_text="anders").status == 200
    keep(note_of(coach, walk), felt_text=f"{WORD} weer")
    consents.decide(world.store, world.coach(), client, "health", "no", "", world.now)
    assert WORD not in note_of(coach, walk).text
    page = coach.get(f"/walks/{walk}/note/revisions")
    assert WORD not in page.text
    assert (
        coach.post(page.path, {"csrf_token": page.one("[name=csrf_token]")["value"], "version": 1}).status
        == 409
    )
