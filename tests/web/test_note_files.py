"""One client's notes read through: searched, and what returns in them."""

from __future__ import annotations

import pytest

from planner.domain.notes import BoundaryMoment, NoPractice
from tests.conftest import World
from tests.makers import make_addendum, make_client, make_exercise, make_note, make_walk
from tests.page_client import Page, PageClient


@pytest.fixture
def client(world: World) -> int:
    """Three notes: the first two with a limit, the newest closed and added to."""
    client = make_client(world, "Sanne", consent_health=True)
    days = ("2026-10-05", "2026-10-12", "2026-10-19")
    first, second, third = (make_walk(world, client, f"{day}T10:00") for day in days)
    make_note(
        world, first, felt_text="Schouders zakten", parked_for_therapist="De ruzie van vroeger",
        boundary=BoundaryMoment("Een extra dag werken", 7, "buik", "Bij de derde vraag"),
    )  # fmt: skip
    make_note(
        world, second, metaphor_text="De omweg langs het café", parked_for_therapist="Vader",
        no_practice=NoPractice("Dat lukt me niet", "real_life", "Ze begreep het"),
        boundary=BoundaryMoment(limit="Bij de brug"),
    )  # fmt: skip
    make_note(
        world, third, head_says="stop", body_does="rent door", body_after=("calm",), close=True, tool_text="x",
        no_practice=NoPractice("Nee, dank je", "role_play"),
    )  # fmt: skip
    make_addendum(world, third, "Belde later: geslapen als een roos")
    return client


def found(page: Page) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.select("[data-note]")]


def search(coach: PageClient, client: int, sought: str) -> Page:
    return coach.get(f"/clients/{client}/notes").submit(q=sought)


def test_all_notes_newest_first(coach: PageClient, client: int) -> None:
    page = coach.get(f"/clients/{client}/notes")
    days = ("19 oktober", "12 oktober", "5 oktober")
    assert [day for one in found(page) for day in days if day in one] == list(days)
    assert "Schouders zakten" in found(page)[2]


@pytest.mark.parametrize(
    ("sought", "marked", "day"),
    [
        ("SCHOUDERS", "Schouders", "5 oktober"),
        ("cafe", "café", "12 oktober"),
        ("extra dag", "extra", "5 oktober"),
        ("buik", "buik", "5 oktober"),
        ("brug", "brug", "12 oktober"),
        ("begreep", "begreep", "12 oktober"),
        ("rent", "rent", "19 oktober"),
        ("roos", "roos", "19 oktober"),
        ("ruzie", "ruzie", "5 oktober"),
        ("rustig", "Rustig", "19 oktober"),
    ],
)
def test_every_field_is_searched_and_what_was_added(
    coach: PageClient, client: int, sought: str, marked: str, day: str
) -> None:
    page = search(coach, client, sought)
    assert len(found(page)) == 1 and day in found(page)[0]
    assert page.one("mark").get_text() == marked
    assert page.one("[data-note] a")["href"] == f"/walks/{page.one('[data-note]')['data-note']}/note"
    assert page.one("[name=q]")["value"] == sought


def test_an_exercise_is_found_by_its_name(world: World, coach: PageClient, client: int) -> None:
    exercise = make_exercise(world, "Drie berken")
    make_note(world, make_walk(world, client, "2026-10-26T10:00"), tool_exercise_id=exercise)
    assert len(found(search(coach, client, "berken"))) == 1


def test_nothing_found_and_nothing_there(world: World, coach: PageClient, client: int) -> None:
    page = search(coach, client, "kangoeroe")
    assert found(page) == [] and "Niets gevonden" in page.main
    assert page.select(f'a[href="/clients/{client}/notes"]')
    refused = search(coach, client, "x" * 201)
    assert (refused.status, refused.errors) == (422, {"q": "Dit is te lang. Gebruik hooguit 200 tekens."})
    assert refused.one("[name=q]")["value"] == "x" * 201 and found(refused) == []
    new = make_client(world, "Mark", consent_health=True)
    assert "Nog geen notitie over Mark" in coach.get(f"/clients/{new}/notes").main
    assert "Nog niets" in coach.get(f"/clients/{new}/boundaries").main
    for path in ("notes?q=a", "boundaries"):
        shut = coach.get(f"/clients/{make_client(world, 'Yara')}/{path}")
        assert shut.status == 200 and "Zonder toestemming" in shut.main


def test_c11_c8_limits_and_saying_no_have_their_history(coach: PageClient, client: int) -> None:
    page = coach.get(f"/clients/{client}").follow("Grenzen van Sanne")
    limits = [" ".join(one.get_text(" ").split()) for one in page.select("#boundary li")]
    assert len(limits) == 2 and "Bij de brug" in limits[0]
    for words in ("Een extra dag werken", "7", "buik", "Bij de derde vraag", "5 oktober"):
        assert words in limits[1]
    lines = [" ".join(one.get_text(" ").split()) for one in page.select("#no-practice li")]
    assert "Nee, dank je" in lines[0] and "Samen geoefend" in lines[0]
    assert "Dat lukt me niet" in lines[1] and "In het echt" in lines[1] and "Ze begreep het" in lines[1]
    assert coach.get(str(page.select("#boundary a")[1]["href"])).status == 200


def test_j6_what_is_kept_for_the_therapist_stands_in_the_file(coach: PageClient, client: int) -> None:
    page = coach.get(f"/clients/{client}")
    folds = [
        one for one in page.select("details") if one.summary and "Voor de therapeut" in one.summary.get_text()
    ]
    assert len(folds) == 1
    text = folds[0].get_text()
    assert text.index("Vader") < text.index("De ruzie van vroeger")
    assert "12 oktober" in text and "5 oktober" in text


def test_in_english_too(coach: PageClient, client: int) -> None:
    coach.get("/account").submit(language="en")
    assert "1 note found." in search(coach, client, "roos").main
    assert "In real life" in coach.get(f"/clients/{client}/boundaries").main
