"""Pages about the note and how it goes, read by a coach who reads English: English words, and no Dutch beside them."""

from __future__ import annotations

import re
from datetime import timedelta

from planner.domain.notes import NOTE_PARTS, Practised
from planner.services.notes import note_wishes
from tests.conftest import World
from tests.makers import an_exercise, make_client, make_measure, make_note, make_review, make_walk
from tests.page_client import Page

DUTCH = {
    "de",
    "het",
    "een",
    "niet",
    "voor",
    "nog",
    "je",
    "wat",
    "naar",
    "maar",
    "geen",
    "wandeling",
    "keer",
    "dag",
}
PAGES = {
    "/clients/{client}/timeline": ("Steps and feelings of Emma", "Breakthrough:"),
    "/clients/{client}/reviews/new": ("Review with Emma", "Save the review"),
    "/clients/{client}/reviews/{review}": ("Review with Emma", "What did you agree?"),
    "/clients/{client}/measures/new": ("A score taken elsewhere", "Save the score"),
    "/clients/{client}/measures/{measure}": ("A score taken elsewhere", "Name of the questionnaire"),
    "/clients/{client}/helps": ("Works for Emma", "Tools that worked"),
    "/clients/{client}/report?chosen=1&parts=worked&parts=agreements": ("Review sheet", "What we agree"),
    "/clients/{client}/sponsor-report": ("Overview of walks", "consent"),
    "/walks/{walk}/note": ("How did it go with Emma?", "Body signals before the walk"),
    "/walks/{walk}/self-check": ("Self-check", "It is not a score"),
    "/settings/notes": ("The note", "Sentences you often write"),
    "/practice": ("Where things stand", "No walk planned"),
    "/what-helps": ("What these numbers can and cannot say", "What it cannot say"),
}  # fmt: skip


def dutch_on(page: Page) -> set[str]:
    """But for the name of the coach."""
    return DUTCH.intersection(re.findall(r"\w+", page.main.replace("Anna de Wit", "").lower()))


def test_every_page_opens_in_english(world: World) -> None:
    client = make_client(world, "Emma", consent_health=True, language="en")
    walk = make_walk(world, client, f"{world.now - timedelta(days=3):%Y-%m-%dT10:00}")
    done = (Practised(an_exercise(world, "battery-check"), "yes"),)
    make_note(
        world, walk, breakthrough_text="Slept", practised=done, home_step="Rest", home_step_result="partly"
    )
    review = make_review(world, client, felt_energy="a_bit")
    measure = make_measure(world, client, name="List")
    note_wishes.choose_parts(world.store, world.coach(), NOTE_PARTS, world.now)
    coach = world.browser("anna", "en")
    coach.get("/account").submit("/account", language="en")
    for pattern, (title, words) in PAGES.items():
        page = coach.get(pattern.format(client=client, walk=walk, review=review, measure=measure))
        assert (page.status, page.soup.html["lang"], page.h1) == (200, "en", title), pattern
        assert words in page.main, pattern
        assert not dutch_on(page), pattern


def test_a_form_is_refused_in_english(world: World) -> None:
    client = make_client(world, "Emma", consent_health=True, language="en")
    coach = world.browser("anna", "en")
    coach.get("/account").submit("/account", language="en")
    for form, field in (("reviews", "kind"), ("measures", "name")):
        page = coach.get(f"/clients/{client}/{form}/new").submit(kind="none")
        assert page.status == 422 and field in page.errors
        assert "Please check this again" in page.main
        assert not dutch_on(page), page.errors
