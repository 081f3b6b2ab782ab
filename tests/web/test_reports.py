"""The report for the talk, and the dates for whoever pays: what stands in them, and what never does."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from planner.domain.answers import SIGNS
from planner.domain.notes import BoundaryMoment, NoPractice, Practised
from planner.domain.reports import REPORT_PARTS
from planner.services.clients import consents, safety
from tests.conftest import World
from tests.copy_lint import forbidden_outside, violations
from tests.makers import an_exercise, make_client, make_link, make_note, make_review, make_walk
from tests.page_client import Page, PageClient

NEVER = {
    "felt_text": "M-GEVOELD", "movement_text": "M-BEWOGEN", "practice_text": "M-GEOEFEND", "feeling_text": "M-GEVOEL",
    "environment_text": "M-OMGEVING", "insight_text": "M-INZICHT", "head_says": "M-HOOFD", "body_does": "M-LIJF",
    "boundary": BoundaryMoment("M-GRENS", 8, "M-BUIK", "M-LIMIET"), "breakthrough_text": "M-DOORBRAAK",
    "no_practice": NoPractice("M-NEE", "role_play", "M-KWAM"), "metaphor_text": "M-BEELD", "client_quote": "M-CITAAT",
    "next_focus": "M-FOCUS", "tool_text": "M-GEREEDSCHAP", "body_before": ("trembling",), "lifestyle": ("eaten",),
    "analysis_share": "much",
}  # fmt: skip
ASKED = {"home_step": "M-STAP", "client_words": "M-WOORDEN", "parked_for_therapist": "M-GEPARKEERD"}
SHOWN = {
    "goal": "M-DOEL", "steps": "M-STAP", "own_words": "M-WOORDEN", "parked": "M-GEPARKEERD", "worked": "Batterij-check",
    "numbers": "Je eigen cijfers", "agreements": "Wat we afspreken",
}  # fmt: skip


@pytest.fixture
def client(world: World) -> int:
    """Someone with everything that can be written: twelve weeks of walks, and a marker in every text."""
    found = make_client(
        world, "Sanne", last_name="M-NAAM", goal="M-DOEL", help_question="M-VRAAG", who_else_helps="M-WIE",
        themes_own="M-THEMA", coach_notes="M-NOTITIE", emergency_contact="M-NOOD", health_flags=("panic",),
        recovery_phase="crisis", phone="06 99999999",
    )  # fmt: skip
    agree(world, found, "quotes")
    battery = an_exercise(world, "battery-check")
    for week in range(13, 0, -1):
        day = world.now - timedelta(days=7 * week)
        walk = make_walk(world, found, f"{day:%Y-%m-%dT10:00}", message="M-BERICHT", meeting_point="M-PLEK")
        early = week > 6
        make_note(
            world, walk, energy_week=3 if early else 5, functioning_week=4 if early else 6, energy_before=4,
            energy_after=5, tension_before=6, tension_after=4, practised=(Practised(battery, "yes"),), **NEVER, **ASKED,
        )  # fmt: skip
    ill = make_walk(world, found, f"{world.now - timedelta(days=3):%Y-%m-%dT10:00}")
    make_note(world, ill, outcome="ill")
    safety.ask(world.store, world.coach(), found, {"S9": "yes", "S6": "yes"}, world.now, world.now.date())
    return found


def paper(page: Page) -> str:
    return " ".join(page.one(".report").get_text(" ").split())


def with_parts(coach: PageClient, client: int, *parts: str) -> Page:
    chosen = "".join(f"&parts={part}" for part in parts)
    return coach.get(f"/clients/{client}/report?chosen=1{chosen}")


def test_the_usual_report(coach: PageClient, client: int) -> None:
    page = coach.get(f"/clients/{client}").follow("Evaluatieblad")
    words = paper(page)
    assert page.h1 == "Evaluatieblad", "the browser names the file after it"
    assert (
        "We liepen 13 keer samen. De eerste keer was op 24 augustus 2026. De laatste keer was op 16 november 2026."
        in words
    )
    assert "Na drie maanden: 24 november 2026. Na zes maanden: 24 februari 2027." in words
    assert "Je energie over een week: eerst 3, nu 5." in words and "Je gewone dag: eerst 4, nu 6." in words
    for part in ("goal", "steps", "worked", "numbers", "agreements"):
        assert SHOWN[part] in words, part
    assert len(page.select(".write li")) == 4, "nothing was agreed yet"
    for private in ("M-WOORDEN", "M-GEPARKEERD"):
        assert private not in page.text


def test_who_also_talked_by_phone_did_not_only_walk(coach: PageClient, world: World) -> None:
    client = make_client(world, "Mark")
    for number, setting in enumerate(("outdoors", "phone")):
        make_note(world, make_walk(world, client, f"2026-11-{10 + number}T10:00", setting=setting))
    assert "We spraken elkaar 2 keer." in paper(coach.get(f"/clients/{client}/report"))


def test_a_talk_by_phone_that_is_not_over_makes_no_walk_a_talk(coach: PageClient, world: World) -> None:
    client = make_client(world, "Mark")
    make_note(world, make_walk(world, client, "2026-11-10T10:00"))
    make_note(world, make_walk(world, client, f"{world.now:%Y-%m-%dT%H:00}", minutes=90, setting="phone"))
    assert "We liepen één keer samen." in paper(coach.get(f"/clients/{client}/report"))


def test_before_the_first_walk_the_days_are_those_of_the_progress_page(
    coach: PageClient, world: World
) -> None:
    client = make_client(world, "Mark", consent_health=True, started_on=date(2026, 11, 2))
    words = paper(coach.get(f"/clients/{client}/report"))
    assert "Na drie maanden: 2 februari 2027. Na zes maanden: 2 mei 2027." in words
    days = [
        str(tag["data-on"]) for tag in coach.get(f"/clients/{client}/progress").select("[data-evaluation]")
    ]
    assert days == ["2027-02-02", "2027-05-02"]


@pytest.mark.parametrize("part", REPORT_PARTS)
def test_only_what_the_coach_ticked(coach: PageClient, client: int, part: str) -> None:
    words = paper(with_parts(coach, client, part))
    assert {one for one, text in SHOWN.items() if text in words} == {part}
    assert with_parts(coach, client, part).one(f'[name="parts"][value="{part}"]').has_attr("checked")


def test_from_the_progress_page_it_goes_back_there(coach: PageClient, client: int) -> None:
    page = coach.get(f"/clients/{client}/progress").follow("Maak het evaluatieblad")
    page = page.submit(f"/clients/{client}/report", parts=["goal"])
    assert page.follow("Verloop").path == f"/clients/{client}/progress"
    assert coach.get(f"/clients/{client}/report").follow("Sanne").path == f"/clients/{client}"


def test_nothing_ticked_leaves_the_walks(coach: PageClient, client: int) -> None:
    page = with_parts(coach, client)
    assert not any(text in paper(page) for text in SHOWN.values())
    assert "We liepen 13 keer samen." in paper(page)


def test_what_never_stands_in_it(coach: PageClient, client: int) -> None:
    """Whatever is ticked: no flag, screening, verdict, other person, analysis; no claim, nothing that caused it."""
    page = with_parts(coach, client, *REPORT_PARTS)
    words = paper(page)
    assert set(re.findall(r"M-[A-Z]+", words)) == {"M-DOEL", "M-STAP", "M-WOORDEN", "M-GEPARKEERD"}
    for word in (
        "paniek",
        "Crisis",
        "06 9999",
        "analyse",
        "ziek",
        "Trillen",
        "Gegeten",
        "verbeter",
        "vooruit",
        "beter",
        "goed",
    ):
        assert word.lower() not in words.lower(), word
    assert not re.search(r"\b(door|dankzij)\b", words)
    assert not violations(words)
    title = str(page.soup.title.get_text()) if page.soup.title else ""
    assert not forbidden_outside(title) and "Sanne" not in title


def test_the_last_agreements_stand_above_the_empty_lines(
    world: World, coach: PageClient, client: int
) -> None:
    for agreed in ("M-EERDER", "M-AFGESPROKEN"):
        make_review(world, client, agreed=agreed, next_step="M-VERDER")
        world.set_clock("2026-11-23T12:00")
    page = with_parts(coach, client, "agreements")
    said = page.one("ul:has(+ .write)").get_text()
    assert "M-AFGESPROKEN" in said and "M-VERDER" in said and "M-EERDER" not in page.text
    assert "M-AFGESPROKEN" not in with_parts(coach, client, "goal").text
    assert page.one(".report [data-made]").get_text() == "Anna de Wit, 23 november 2026"
    withdraw(world, client, "health")
    assert "M-AFGESPROKEN" not in with_parts(coach, client, "agreements").text


def test_with_everything_ticked_lists_stay_short(world: World, coach: PageClient, client: int) -> None:
    for day in range(10, 15):
        walk = make_walk(world, client, f"2026-11-{day}T14:00")
        make_note(world, walk, home_step=f"M-STAP {day}")
    for parts, most in ((REPORT_PARTS, 3), (("steps",), 5)):
        assert len(with_parts(coach, client, *parts).select("[data-part=steps] li")) == most


def test_it_is_in_the_clients_language(world: World, coach: PageClient) -> None:
    client = make_client(world, "Emma", language="en", goal="A walk after lunch")
    walk = make_walk(world, client, "2026-11-20T10:00")
    make_note(
        world, walk, practised=(Practised(an_exercise(world, "battery-check"), "yes"),), home_step="Rest"
    )
    page = coach.get(f"/clients/{client}/report")
    assert page.h1 == "Evaluatieblad", "the page around it is the coach's"
    assert page.one(".report")["lang"] == "en"
    for words in (
        "We walked together once.",
        "20 November 2026",
        "Battery check",
        "What we agree",
        "Your goal",
    ):
        assert words in paper(page)
    assert "There are too few numbers to say anything yet." in paper(page)


def test_a_title_that_says_too_much_is_left_out(world: World, coach: PageClient) -> None:
    from planner.services.toolkit import toolkit

    sensitive = next(one for one in toolkit.listing(world.store, world.coach()) if one.facts.sensitive_title)
    shown = []
    for asks in (frozenset[str](), frozenset({"titles"})):
        client = make_client(world, "Sanne", consent_health=True, page_asks=asks)
        walk = make_walk(world, client, "2026-11-20T10:00")
        make_note(world, walk, practised=(Practised(sensitive.id, "yes"),))
        shown.append(sensitive.title("nl") in paper(coach.get(f"/clients/{client}/report")))
    assert shown == [False, True]


def test_without_consent_only_the_walks_are_told(world: World, coach: PageClient, client: int) -> None:
    withdraw(world, client, "health")
    page = with_parts(coach, client, *REPORT_PARTS)
    assert "We liepen 13 keer samen." in paper(page)
    assert not re.search(r"M-(?!NAAM)", page.main), "of the page itself: the proof in a form is random"
    assert "Zonder toestemming voor gezondheid staan alleen de wandelingen erin." in page.main


def test_a_part_that_is_not_there_is_refused(coach: PageClient, client: int) -> None:
    page = with_parts(coach, client, "flags", "goal")
    assert page.status == 422 and list(page.errors) == ["parts"]
    assert "M-DOEL" in paper(page), "what was asked well stays"


def test_a_client_who_has_not_walked_yet(world: World, coach: PageClient) -> None:
    page = coach.get(f"/clients/{make_client(world)}/report")
    assert "We hebben nog niet gelopen." in paper(page)


# Whoever pays


def agree(world: World, client: int, purpose: str) -> None:
    version = consents.text_version(purpose)
    consents.decide(world.store, world.coach(), client, purpose, consents.YES, version, world.now)


def withdraw(world: World, client: int, purpose: str) -> None:
    consents.decide(
        world.store, world.coach(), client, purpose, consents.NO, consents.text_version(purpose), world.now
    )


SNAPSHOT = (
    "Overzicht van wandelingen Aantal wandelingen: 13 24 augustus 2026 31 augustus 2026 7 september 2026 "
    "14 september 2026 21 september 2026 28 september 2026 5 oktober 2026 12 oktober 2026 19 oktober 2026 "
    "26 oktober 2026 2 november 2026 9 november 2026 16 november 2026 Anna de Wit, 23 november 2026"
)


def test_p20_the_sponsor_sees_dates_and_number_only(world: World, coach: PageClient, client: int) -> None:
    make_link(world, client)
    agree(world, client, "sponsor_report")
    page = coach.get(f"/clients/{client}/sponsor-report")
    assert paper(page) == SNAPSHOT
    assert page.h1 == "Overzicht van wandelingen"
    assert not forbidden_outside(page.h1)
    outside = page.text.replace("Sanne", "", 1)  # the way back to the file, which is not printed
    assert not re.search(r"M-[A-Z]+|Sanne", outside)
    walk = make_walk(world, client, f"{world.now:%Y-%m-%dT%H:00}", minutes=90)
    make_note(world, walk)
    assert paper(coach.get(f"/clients/{client}/sponsor-report")) == SNAPSHOT, (
        "what is not over is no walk yet"
    )
    assert not set(SIGNS) & set(outside.split())


def test_without_that_consent_there_is_no_overview(world: World, coach: PageClient, client: int) -> None:
    address = f"/clients/{client}/sponsor-report"
    page = coach.get(address)
    assert not page.select(".report") and "augustus" not in page.text
    assert "heeft nog geen ja gezegd op dit overzicht" in page.main
    assert page.follow("Toestemming").path == f"/clients/{client}/consent"
    agree(world, client, "sponsor_report")
    assert coach.get(address).select(".report")
    withdraw(world, client, "sponsor_report")
    assert not coach.get(address).select(".report")


def test_the_reports_are_in_english_too(world: World, coach: PageClient, client: int) -> None:
    agree(world, client, "sponsor_report")
    coach.get("/account").submit(language="en")
    assert coach.get(f"/clients/{client}/report").h1 == "Review sheet"
    assert "Number of walks: 13 24 August 2026" in paper(coach.get(f"/clients/{client}/sponsor-report"))
