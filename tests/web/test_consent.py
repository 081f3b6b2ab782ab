"""Consent: each purpose for itself, with its day and the version of its text; taking back is as easy as giving."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import Tag

from planner.domain.clients import CONSENT_PURPOSES
from planner.models import Consent
from planner.services import fixed_texts
from planner.services.clients import clients, consents
from tests import makers
from tests.address_book import addresses
from tests.conftest import World
from tests.factories import make_client, make_walk
from tests.ground import File, Ground
from tests.page_client import Page, PageClient


def consent_page(browser: PageClient, client: int) -> Page:
    return browser.get(f"/clients/{client}/consent")


def button(page: Page, purpose: str, answer: str) -> Tag | None:
    """The form of one button."""
    for form in page.select(f'form[action$="/consent"]:has([name="purpose"][value="{purpose}"])'):
        if form.select(f'[name="answer"][value="{answer}"]'):
            return form
    return None


def press(browser: PageClient, client: int, purpose: str, answer: str) -> Page:
    form = button(consent_page(browser, client), purpose, answer)
    assert form is not None, f"no button {answer} for {purpose}"
    data = {str(tag["name"]): str(tag["value"]) for tag in form.select("input")}
    return browser.post(str(form["action"]), data, follow=True)


def states(world: World, client: int) -> dict[str, str]:
    with world.store.db.reading(world.coach().scope) as session:
        return {one.purpose: one.state for one in consents.answers(consents.history(session, client))}


def test_nothing_is_answered_before_it_is_asked(coach: PageClient, world: World) -> None:
    page = consent_page(coach, make_client(world))
    assert len(page.select("section.card")) == len(CONSENT_PURPOSES)
    assert page.main.count("Nog niet gevraagd.") == len(CONSENT_PURPOSES)
    assert not page.select("[checked]"), "none is ticked before"
    for purpose in CONSENT_PURPOSES:
        assert button(page, purpose, "yes") is not None and button(page, purpose, "no") is not None


@pytest.mark.parametrize("purpose", CONSENT_PURPOSES)
@pytest.mark.parametrize(("answer", "state"), [("yes", "given"), ("no", "refused")])
def test_p02_each_purpose_alone(
    coach: PageClient, world: World, purpose: str, answer: str, state: str
) -> None:
    client = make_client(world)
    press(coach, client, purpose, answer)
    expected = dict.fromkeys(CONSENT_PURPOSES, "not_asked") | {purpose: state}
    assert states(world, client) == expected


def test_p02_the_record_says_when_and_to_which_text(coach: PageClient, world: World) -> None:
    client = make_client(world)
    press(coach, client, "quotes", "yes")
    world.set_clock(world.now + timedelta(hours=3))
    page = press(coach, client, "quotes", "no")
    who = world.coach()
    with world.store.db.reading(who.scope) as session:
        row = session.query(Consent).one()
        assert (row.client_id, row.coach_id, row.purpose) == (client, who.id, "quotes")
        assert row.text_version == fixed_texts.text("consent_quotes", "nl").version
        assert row.given_at is not None and row.withdrawn_at is not None
        assert timedelta(hours=2) < row.withdrawn_at - row.given_at < timedelta(hours=4)
    assert "Ingetrokken op maandag 23 november, 12.00 uur" in page.main, "the page tells it too"
    assert "tekst versie 1" in page.main


@pytest.mark.parametrize("ahead", [("no",), ("yes", "no")], ids=" ".join)
def test_p03_a_no_takes_back_a_yes_whatever_a_clock_that_ran_ahead_wrote(
    coach: PageClient, world: World, ahead: tuple[str, ...]
) -> None:
    client, version = make_client(world), consents.text_version("health")
    for said in ahead:
        then = world.now + timedelta(days=40)
        consents.decide(world.store, world.coach(), client, "health", said, version, then)
    page = press(coach, client, "health", "yes")
    assert "Ja, sinds maandag 23 november" in page.main, "the page shows the yes that stands"
    link = makers.make_link(world, client)
    press(coach, client, "health", "no")
    with world.store.db.reading(world.coach().scope) as session:
        assert not consents.has_health(session, client)
    assert world.browser().get(link).status == 404


def test_a_text_that_was_renewed_must_be_read_again(coach: PageClient, world: World) -> None:
    client = make_client(world)
    form = button(consent_page(coach, client), "quotes", "yes")
    assert form is not None
    data = {str(tag["name"]): str(tag["value"]) for tag in form.select("input")} | {"text_version": "0"}
    page = coach.post(str(form["action"]), data)
    assert page.status == 409
    assert "vernieuwd" in page.main
    assert states(world, client)["quotes"] == "not_asked"


@pytest.mark.parametrize("change", [{"purpose": "everything"}, {"answer": "maybe"}, {"purpose": ""}])
def test_another_purpose_or_answer_is_nothing(
    coach: PageClient, world: World, change: dict[str, str]
) -> None:
    client = make_client(world)
    form = button(consent_page(coach, client), "quotes", "yes")
    assert form is not None
    data = {str(tag["name"]): str(tag["value"]) for tag in form.select("input")} | change
    assert coach.post(str(form["action"]), data).status == 400
    assert set(states(world, client).values()) == {"not_asked"}


def test_the_text_is_in_the_language_of_the_client(coach: PageClient, world: World) -> None:
    page = consent_page(coach, make_client(world, language="en"))
    assert page.h1 == "Wat Sanne goedvindt"
    spoken = page.select("section.card [lang]")[0]
    assert spoken["lang"] == "en"
    assert "I agree that my coach" in spoken.get_text()


def test_yes_twice_is_one_yes(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    form = coach.get(f"/clients/{client}/edit")
    form.submit(consent_health="1", last_name="Bakker")
    with world.store.db.reading(world.coach().scope) as session:
        assert session.query(Consent).count() == 1


def test_p03_withdrawing_is_one_press_like_giving(coach: PageClient, world: World) -> None:
    client = make_client(world)
    assert "Opgeschreven: de cliënt vindt het goed." in press(coach, client, "health", "yes").main
    assert "Opgeschreven: de toestemming is ingetrokken" in press(coach, client, "health", "no").main
    assert states(world, client)["health"] == "withdrawn"
    press(coach, client, "health", "yes")
    assert states(world, client)["health"] == "given", "and it can be given again"


def test_p03_withdrawing_stops_the_use_at_once(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True, help_question="Hoe zeg ik nee?", health_flags=["panic"])
    past = make_walk(world, client, date="2026-11-17", time="10:00", meeting_point="Bij de brug")
    note = {"outcome": "walked", "energy_before": "3", "felt_text": "Rustiger in de borst"}
    coach.get(f"/walks/{past}/note").submit(f"/walks/{past}/note", **note)
    before = coach.get(f"/clients/{client}").main
    assert "Hoe zeg ik nee?" in before and "paniek" in before and "Rustiger in de borst" in before

    press(coach, client, "health", "no")

    after = coach.get(f"/clients/{client}").main
    for words in ("Hoe zeg ik nee?", "paniek", "Rustiger in de borst", "3 →"):
        assert words not in after, words
    assert clients.of_coach(world.store, world.coach(), client).health is None, (
        "planning does not see it either"
    )
    assert "Hoe zeg ik nee?" not in coach.get(f"/clients/{client}/edit").text


def test_p03_no_page_shows_what_was_written_before(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    past = make_walk(world, client, date="2026-11-17", time="10:00", meeting_point="Bij de brug")
    later = make_walk(world, client, date="2026-11-19", time="10:00", meeting_point="Bij de brug")
    written = {"felt_text": "Rustiger in de borst", "home_step": "Vroeg slapen", "next_focus": "Grens voelen"}
    coach.get(f"/walks/{past}/note").submit(f"/walks/{past}/note", outcome="walked", **written)
    pages = [f"/walks/{past}/note", f"/walks/{later}/note", f"/walks/{past}", f"/clients/{client}"]
    pages += [f"/walks/new?client={client}", f"/walks/log?client={client}", f"/walks/{later}/edit"]
    texts = {page: coach.get(page).text for page in pages}
    for words in written.values():
        assert any(words in text for text in texts.values()), "the test looks where it stands"

    press(coach, client, "health", "no")

    for page in pages:
        text = coach.get(page).text
        assert not [words for words in written.values() if words in text], page


def test_p03_what_a_walk_is_about_stays_shut_like_the_note_it_came_from(
    coach: PageClient, world: World
) -> None:
    """The form of the next walk proposes it; changing that walk meanwhile does not empty it either."""
    client = make_client(world, consent=True)
    past = make_walk(world, client, date="2026-11-17", time="10:00", meeting_point="Bij de brug")
    address = f"/walks/{past}/note"
    coach.get(address).submit(address, outcome="walked", next_focus="Grens voelen")
    plan = coach.get(f"/walks/new?client={client}")
    assert plan.one('[name="focus"]')["value"] == "Grens voelen"
    walk = make_walk(world, client, date="2026-12-01", time="10:00", focus="Grens voelen")
    pages = [f"/walks/{walk}", f"/walks/{walk}/edit", f"/walks/{walk}/sheet"]
    pages += [f"/walks/new?client={client}&like={walk}", f"/walks/new?client={client}", f"/clients/{client}"]
    assert all("Grens voelen" in coach.get(page).text for page in pages[:5])

    press(coach, client, "health", "no")

    assert not [page for page in pages if "Grens voelen" in coach.get(page).text]
    assert not [page for page in pages if coach.get(page).select('[name="focus"]')], "nor is it asked"
    changed = coach.get(f"/walks/{walk}/edit").submit(f"/walks/{walk}/edit", time="11:00")
    assert changed.status == 200 and "11.00" in changed.main
    press(coach, client, "health", "yes")
    assert "Grens voelen" in coach.get(f"/walks/{walk}").main
    open_since = coach.get(f"/walks/{walk}/edit")
    press(coach, client, "health", "no")
    open_since.submit(f"/walks/{walk}/edit", focus="Ochtendlicht")
    press(coach, client, "health", "yes")
    assert "Ochtendlicht" in coach.get(f"/walks/{walk}").main, "what was typed now wins"
    open_since = coach.get(f"/walks/{walk}/edit")
    press(coach, client, "health", "no")
    looked = open_since.submit(f"/walks/{walk}/edit", focus="Avondlicht", press="action=preview")
    assert looked.submit(f"/walks/{walk}/edit").status == 200
    press(coach, client, "health", "yes")
    assert "Avondlicht" in coach.get(f"/walks/{walk}").main, "also after a look at the weather"


def test_p03_a_note_that_stays_shut_is_not_emptied(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    walk = make_walk(world, client, date="2026-11-17", time="10:00", meeting_point="Bij de brug")
    address = f"/walks/{walk}/note"
    coach.get(address).submit(address, outcome="walked", felt_text="Rustiger in de borst")
    press(coach, client, "health", "no")
    assert coach.get(address).submit(address, outcome="ill").status == 200, "the outcome can always be kept"
    press(coach, client, "health", "yes")
    note = coach.get(address)
    assert "Rustiger in de borst" in note.text
    assert note.one("[name=outcome][checked]")["value"] == "ill"


def test_p03_new_health_input_is_refused(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    walk = make_walk(world, client, date="2026-11-17", time="10:00", meeting_point="Bij de brug")
    file, questions = coach.get(f"/clients/{client}/edit"), coach.get(f"/clients/{client}/intake")
    safety, note = coach.get(f"/clients/{client}/safety"), coach.get(f"/walks/{walk}/note")

    press(coach, client, "health", "no")

    assert "help_question" in file.submit(help_question="Ik slaap slecht").errors
    assert "goal" in questions.submit(goal="Een keer nee zeggen").errors
    assert safety.submit(**{f"S{n}": "no" for n in range(1, 7)}).status == 422
    assert "energy_before" in note.submit(f"/walks/{walk}/note", outcome="walked", energy_before="3").errors


def test_p03_the_link_stops(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    page = coach.get(f"/clients/{client}/link").submit(f"/clients/{client}/link")
    path = re.sub(r"https?://[^/]+", "", str(page.one("[data-share-url]")["data-share-url"]))
    assert world.browser().get(path).status == 200
    press(coach, client, "quotes", "no")
    assert world.browser().get(path).status == 200, "another purpose leaves it alone"
    press(coach, client, "health", "no")
    assert world.browser().get(path).status == 404


def test_p03_the_client_stands_in_the_list_to_hand_over_or_erase(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    make_client(world, first_name="Mark", consent=True)
    assert "Meegeven of wissen" not in coach.get("/clients/").main
    press(coach, client, "health", "no")
    page = coach.get("/clients/")
    box = next(tag for tag in page.select("section.card") if "Meegeven of wissen" in tag.get_text())
    assert [a["href"] for a in box.select("a")] == [f"/clients/{client}"]
    press(coach, client, "health", "yes")
    assert "Meegeven of wissen" not in coach.get("/clients/").main


def test_p03_what_lay_there_is_not_lost_when_the_yes_comes_back(coach: PageClient, world: World) -> None:
    """A form that could not show it does not empty it either."""
    client = make_client(world, consent=True, help_question="Hoe zeg ik nee?", recovery_phase="crisis")
    press(coach, client, "health", "no")
    page = coach.get(f"/clients/{client}/edit").submit(consent_health="1", recovery_phase="application")
    assert "Hoe zeg ik nee?" in page.main
    assert "Weer oppakken" in page.main, "and what was typed now wins"


CARE = "Zorgwoord"


def with_care(ground: Ground) -> File:
    """A client of Anna whose every text about health says so, and nothing else does; with what hangs on them."""
    world, own = ground.world, ground.own
    client = makers.make_client(
        world, "Sanne", help_question=CARE, goal=CARE, who_else_helps=CARE, themes_own=CARE, consent_health=True
    )  # fmt: skip
    walk = makers.make_walk(world, client, "2026-11-20T10:00", meeting_point="Bij de brug", focus=CARE)
    makers.make_long_note(world, walk, CARE)
    other = makers.make_walk(world, client, "2026-11-19T10:00", meeting_point="Bij de brug")
    makers.make_note(
        world, other, insight_text=CARE, home_step=CARE, show_home_step=True, next_focus=CARE, head_says=CARE,
        breakthrough_text=CARE, parked_for_therapist=CARE, metaphor_text=CARE, client_words=CARE,
    )  # fmt: skip
    coming = makers.make_walk(world, client, "2026-12-08T10:00", meeting_point="Bij de brug", focus=CARE)
    return replace(
        own,
        client=client,
        walk=walk,
        coming=coming,
        review=makers.make_review(world, client, agreed=CARE, next_step=CARE),
        measure=makers.make_measure(world, client, name=CARE),
    )


def says_care(ground: Ground, file: File) -> set[str]:
    browser, asked = ground.world.browser("anna"), [*addresses(ground.world.app)]
    paths = [one.filled(file) for one in asked if "GET" in one.methods and not one.is_personal]
    paths += [f"/walks/{file.coming}{end}" for end in ("", "/edit", "/sheet", "/note", "/repeat", "/series")]
    paths += [f"/walks/new?client={file.client}{end}" for end in ("", f"&like={file.coming}")]
    paths += [
        f"/walks/log?client={file.client}",
        f"/slots?client={file.client}",
        f"/slots?walk={file.coming}",
    ]
    return {path for path in paths if CARE.encode() in browser.http.get(path, follow_redirects=True).data}


@pytest.mark.deep
def test_p03_no_address_at_all_shows_it_any_more(ground: Ground) -> None:
    file = with_care(ground)
    before = says_care(ground, file)
    assert len(before) > 20
    version = consents.text_version("health")
    store, who = ground.world.store, ground.world.coach()
    consents.decide(store, who, file.client, "health", "no", version, ground.world.now)
    assert says_care(ground, file) == set()
