"""The coach's own look back on a walk: derived, on request, private; never a score, nothing counted."""

from __future__ import annotations

import re

import pytest

from planner.services.clients import consents
from tests.conftest import World
from tests.makers import make_client, make_link, make_note, make_walk
from tests.page_client import Page, PageClient

FULL = {"felt_text": "Rust", "tool_text": "Zuchten", "home_step": "Tien minuten buiten"}
GREEN = ("outdoors", "tool", "next_step", "felt")


@pytest.fixture
def client(world: World) -> int:
    return make_client(world, "Sanne", consent_health=True)


def looked(page: Page) -> dict[str, str]:
    return {str(tag["data-look"]): str(tag["data-seen"]) for tag in page.select("[data-look]")}


def walked(world: World, client: int, setting: str = "outdoors", **content: object) -> int:
    walk = make_walk(world, client, "2026-11-20T10:00", setting=setting)
    make_note(world, walk, close="tool_text" in content, **content)
    return walk


@pytest.mark.parametrize(
    ("missing", "look", "words"),
    [
        ("setting", "outdoors", "Deze keer was het niet buiten."),
        ("tool_text", "tool", "Iets kleins is genoeg."),
        ("home_step", "next_step", "Soms is rust de stap"),
        ("felt_text", "felt", "Vraag een volgende keer hoe het lijf voelt."),
    ],
)
def test_g_each_green_flag_comes_from_its_own_place(
    world: World, coach: PageClient, client: int, missing: str, look: str, words: str
) -> None:
    whole = coach.get(f"/walks/{walked(world, client, **FULL)}/self-check")
    assert {one: looked(whole)[one] for one in GREEN} == dict.fromkeys(GREEN, "yes")
    assert words not in whole.main
    given = {name: text for name, text in FULL.items() if name != missing}
    walk = walked(world, client, "online" if missing == "setting" else "outdoors", **given)
    page = coach.get(f"/walks/{walk}/self-check")
    assert {one: looked(page)[one] for one in GREEN} == dict.fromkeys(GREEN, "yes") | {look: "no"}
    assert words in page.main


@pytest.mark.parametrize(("outcome", "there"), [("walked", True), ("ill", False)])
def test_only_a_walk_that_was_walked_leads_to_it(
    world: World, coach: PageClient, client: int, outcome: str, there: bool
) -> None:
    walk = make_walk(world, client, "2026-11-20T10:00")
    make_note(world, walk, outcome=outcome, close=True, tool_text="Zuchten")
    links = coach.get(f"/walks/{walk}/note").select(f'a[href="/walks/{walk}/self-check"]')
    assert bool(links) == there


def test_the_programme_beside_it(world: World, coach: PageClient, client: int) -> None:
    walk = walked(world, client, **FULL)
    page = coach.get(f"/walks/{walk}/self-check")
    assert list(looked(page).items())[4:] == [
        ("intake_short", "yes"), ("evaluation", "yes"), ("interval", "yes"), ("no_why", "yes"),
    ]  # fmt: skip
    assert "Dat is 20 februari 2027." in page.main, "three months after the first walk"
    coming = make_walk(world, client, "2026-12-01T10:00")
    coach.get(f"/walks/{coming}/series").submit(every_weeks=1, until="2026-12-22")
    assert looked(coach.get(f"/walks/{walk}/self-check"))["interval"] == "no"


def test_no_score_and_nothing_counted(world: World, coach: PageClient, client: int) -> None:
    page = coach.get(f"/walks/{walked(world, client, **FULL)}/self-check")
    said = page.main.replace("Dat is 20 februari 2027.", "")
    assert not re.search(r"\d|%|goed gedaan|fout|onvoldoende|moet\b", said)
    assert "Alleen jij ziet dit." in said


def test_it_is_there_on_request_only_and_never_for_the_client(
    world: World, coach: PageClient, client: int
) -> None:
    walk = walked(world, client, **FULL)
    closed = coach.get(f"/walks/{walk}/note")
    assert not closed.select("[data-look]")
    assert closed.follow("Zelfcheck").select("[data-look]")
    assert "self-check" not in world.browser().get(make_link(world, client)).text


def test_nothing_is_kept_of_it(world: World, coach: PageClient, client: int) -> None:
    walk = walked(world, client, **FULL)
    before = _rows(world)
    coach.get(f"/walks/{walk}/self-check")
    assert _rows(world) == before


def test_without_consent_the_note_stays_shut(world: World, coach: PageClient, client: int) -> None:
    walk = walked(world, client, **FULL)
    consents.decide(
        world.store, world.coach(), client, "health", consents.NO, consents.text_version("health"), world.now
    )
    page = coach.get(f"/walks/{walk}/self-check")
    assert {looked(page)[one] for one in ("tool", "next_step", "felt", "no_why")} == {"unknown"}
    assert "Zonder toestemming blijft de notitie hier dicht" in page.main


def test_before_the_walk_there_is_nothing_to_look_back_on(
    world: World, coach: PageClient, client: int
) -> None:
    page = coach.get(f"/walks/{make_walk(world, client, '2026-12-01T10:00')}/self-check")
    assert "Na een wandeling vind je hier je zelfcheck" in page.main
    assert not page.select("[data-look]")


def _rows(world: World) -> int:
    from sqlalchemy import func, select

    from planner.models import EVERYONE, Base

    with world.store.db.reading(EVERYONE) as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name != "audit_entry"]
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
