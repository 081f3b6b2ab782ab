"""The record of processing, who works with data, breaches with their clock, and the page that says how it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planner.services.privacy import registers
from tests.conftest import World
from tests.makers import make_client, make_request
from tests.page_client import Page, PageClient
from tests.web.test_erasure import written

BREACH = {"found_on": "2026-11-20", "found_time": "16:00", "what": "Telefoon kwijt in de trein"}


def report(coach: PageClient, **given: str) -> Page:
    return coach.get("/privacy/breaches/new").submit("/privacy/breaches/new", **{**BREACH, **given})


@pytest.mark.parametrize("language", ["nl", "en"])
def test_p20_the_registers_are_filled_in_beforehand(world: World, language: str) -> None:
    coach = world.browser("anna")
    if language == "en":
        coach.get("/account").submit("/account", language="en")
    record, processors = coach.get("/privacy/processing"), coach.get("/privacy/processors")
    assert len(record.select("[data-line]")) == 6 and len(processors.select("[data-line]")) == 5
    for article in record.select("[data-line]"):
        assert len(article.select("dd")) == 6, "every question of article 30 has its answer"
    words = (
        ("toestemming", "artikel 9", "12 maanden")
        if language == "nl"
        else ("consent", "article 9", "12 months")
    )
    assert all(word in record.main for word in words)
    settled = [article["data-line"] for article in processors.select("[data-settled]")]
    assert settled == ["weather", "map"], "they get nothing about anybody"


def test_p20_a_line_of_ours_gets_the_practices_own_words(world: World, coach: PageClient) -> None:
    page = coach.get("/privacy/processors").follow("Invullen of veranderen")
    done = page.submit("/privacy/processors/new", name="Huurserver BV", agreed_on="2026-10-01", in_eu="yes")
    lines = done.select("[data-line]")
    assert len(lines) == 5 and "Huurserver BV" in lines[0].get_text() and lines[0].has_attr("data-settled")
    again = done.follow("Wijzig").submit(in_eu="no", safeguards="")
    assert not again.select("[data-line]")[0].has_attr("data-settled")
    own = str(again.select("[data-line]")[0]["data-line"])
    gone = again.submit(f"/privacy/processors/{own}/remove")
    assert len(gone.select("[data-line]")) == 4 and "Huurserver" not in gone.main, (
        "and ours does not come back"
    )
    assert b"Huurserver" not in written(world), "what stands there is sealed"
    added = coach.get("/privacy/processors/new").submit(name="Boekhouder", has_data="yes")
    assert len(added.select("[data-line]")) == 5
    assert len(world.browser("cor").get("/privacy/processors").select("[data-line]")) == 5, "of the practice"
    assert len(world.browser("bram").get("/privacy/processors").select("[data-line]")) == 5
    assert "Boekhouder" not in world.browser("bram").get("/privacy/processors").main


def test_p20_a_breach_has_seventy_two_hours(world: World, coach: PageClient) -> None:
    page = report(coach)
    assert "Meld het bij de AP vóór maandag 23 november, 16.00 uur" in page.main
    world.set_clock("2026-11-23T16:01")
    later = world.browser("anna").get("/privacy/breaches")
    assert "was om op maandag 23 november, 16.00 uur" in later.main
    done = later.follow("Wijzig").submit(risk="some", told_authority_on="2026-11-23")
    assert done.select("[data-settled]") and "Meld het" not in done.one(".report").get_text()


def test_p20_the_clock_can_be_another(world: World, coach: PageClient) -> None:
    coach.get("/privacy/retention").submit("/privacy/retention", breach_hours="96")
    assert "dinsdag 24 november, 16.00 uur" in report(coach).main
    (line,) = registers.listing(world.store, world.coach(), "breaches")
    assert line.report_by is not None and line.left(line.report_by) == timedelta()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"what": ""}, "what"),
        ({"found_time": ""}, "found_time"),
        ({"found_on": "2026-11-24"}, "found_on"),
        ({"found_on": "2026-03-29", "found_time": "02:30"}, "found_time"),
        ({"risk": "huge"}, "risk"),
    ],
)
def test_what_is_not_complete_comes_back(coach: PageClient, given: dict[str, str], field: str) -> None:
    page = report(coach, **given)
    assert page.status == 422 and set(page.errors) == {field}
    assert given.get("what", BREACH["what"]) in page.text
    assert "Er is geen datalek bekend" in coach.get("/privacy/breaches").main


def test_two_tabs_do_not_overwrite(coach: PageClient) -> None:
    report(coach)
    first = coach.get("/privacy/breaches").follow("Wijzig")
    second = coach.get("/privacy/breaches").follow("Wijzig")
    first.submit(done="Op afstand gewist")
    refused = second.submit(done="Iets anders")
    assert refused.status == 409 and "Iets anders" in refused.text
    assert "Op afstand gewist" in refused.one("main .note-box").get_text()
    assert "Iets anders" in refused.submit().main


def checks(coach: PageClient) -> dict[str, int]:
    page = coach.get("/privacy/check")
    return {str(one["data-check"]): int(str(one["data-waiting"])) for one in page.select("[data-check]")}


def test_p20_one_page_says_how_it_stands(world: World, coach: PageClient) -> None:
    assert checks(coach) == {
        "texts": 0, "processing": 0, "processors": 3, "breaches": 0, "requests": 0, "withdrawn": 0, "second_step": 1,
    }  # fmt: skip
    client = make_client(world, "Sanne")
    make_request(world, client)
    report(coach)
    now = checks(coach)
    assert (now["texts"], now["requests"], now["breaches"]) == (0, 1, 1)
    page = coach.get("/settings").follow("Privacy op orde")
    for link in page.select("[data-check] a"):
        assert coach.get(str(link["href"])).status == 200, link
    assert page.one('[data-check="texts"] a')["href"] == "/privacy", (
        "they are read: no new client is asked for"
    )


def test_who_does_not_lead_finds_what_is_theirs_to_do(world: World) -> None:
    cor = world.browser("cor")
    for link in cor.get("/settings").follow("Privacy op orde").select("[data-check] a"):
        assert cor.get(str(link["href"])).status == 200, link
