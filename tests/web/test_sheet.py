"""Today's walk for the phone and for paper: when, where, what, and nothing about health."""

from __future__ import annotations

import re

import pytest

from planner.domain.routes import WaypointTexts
from planner.services.routes import route_points
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.page_client import Page, PageClient
from tests.web.answering import side
from tests.web.planning import sign_in_again


def a_walk(world: World, **given: object) -> int:
    """With everything that a file can hold about health."""
    client = makers.make_client(
        world, "Sanne", last_name="Geheimnaam", phone="06 12345678", email="sanne@example.org",
        acquaintances="say_hello",
        emergency_contact="Zus Ineke", coach_notes="slecht geslapen", help_question="uitgeput zijn",
        health_flags=("pem", "heart"), themes_own="angsten", who_else_helps="psycholoog",
    )  # fmt: skip
    route = makers.make_route(
        world, "Bosroute", line=True, meeting_point="Bij de eik", notes="hier huilde ze"
    )
    command = route_points.WritePoint("bench", WaypointTexts("Bankje", "hier rust je"), along_m=480.0)
    route_points.add(world.store, world.coach(), route, command, world.now)
    kit = (makers.make_exercise(world, "Drie bomen"), makers.an_exercise(world, "worry-bench"))
    return makers.make_walk(
        world, client, "2026-11-23T10:00", route_id=route, exercises=kit, focus="langzamer lopen", **given
    )  # type: ignore[arg-type]


def entries(page: Page) -> list[tuple[str, str]]:
    return [(str(tag["data-entry"]), str(tag["data-minute"])) for tag in page.select("li[data-entry]")]


def test_everything_for_on_the_way(world: World, coach: PageClient) -> None:
    walk = a_walk(world)
    page = coach.get(f"/walks/{walk}/sheet")
    assert page.h1 == "Onderweg met Sanne"
    assert page.soup.html is not None and page.soup.html["data-theme"] == "sun"
    for words in (
        "Maandag 23 november", "10.00 – 10.40 uur", "Bosroute", "Bij de eik", "Als we een bekende tegenkomen:",
        "Bij gevaar: bel 112", "Bankje", "Drie bomen", "Focus: langzamer lopen",
        "Niet in de kopie op je telefoon: de focus en de naam van een oefening.",
    ):  # fmt: skip
        assert words in page.main, words
    assert entries(page) == [
        ("walk_talk", "0"), ("point", "7"), ("checkin", "20"), ("walk_talk", "23"),
        ("exercise", "30"), ("exercise", "35"), ("end", "40"),
    ]  # fmt: skip
    steps = page.select("li[data-exercise] details li")
    assert len(steps) > 3 and not page.select("li[data-exercise] details[open]")
    places = [tag.get_text() for tag in page.select(".places li")]
    assert places[0] == "Bij de eik: 52.08400,5.17200"
    assert places[1].startswith("1. Bankje: 52.08")
    assert page.select("svg.sketch") and page.one('a[href="tel:112"]')
    assert page.one('a[href="tel:0612345678"]').get_text(strip=True) == "Sanne bellen"
    assert page.follow("Klaar – schrijf notitie").path == f"/walks/{walk}/note"


def test_the_plan_and_the_clock_end_at_the_same_minute(world: World, coach: PageClient) -> None:
    """36.15 minutes of way, and 5 on a bench."""
    client = makers.make_client(world)
    route = makers.make_route(world, distance_m=2410, is_loop=True)
    kit = (makers.an_exercise(world, "worry-bench"),)
    walk = makers.make_walk(world, client, "2026-11-23T10:00", route_id=route, exercises=kit)
    page, sheet = coach.get(f"/walks/{walk}"), coach.get(f"/walks/{walk}/sheet")
    assert entries(sheet)[-1] == ("end", "41")
    for one in (page, sheet):
        assert "Route en oefeningen duren 41 minuten." in one.main
    (on,) = [tag for tag in page.select(".legend li") if "Verder wandelen" in tag.get_text()]
    assert on.get_text(" ", strip=True) == "Verder wandelen 1"
    assert "(1 min)" in sheet.one("[data-entry=walk_on]").get_text()


def test_the_nearest_road_is_there_to_be_said(world: World, coach: PageClient) -> None:
    client, route = makers.make_client(world), makers.make_route(world, line=True)
    walk = makers.make_walk(world, client, "2026-11-25T10:00", route_id=route)
    assert "Dichtstbijzijnde weg" not in coach.get(f"/walks/{walk}/sheet").main
    page = coach.get(f"/routes/{route}/edit").submit(nearest_road="Boslaan, Utrecht")
    assert "Dichtstbijzijnde weg: Boslaan, Utrecht" in page.main
    first = coach.get(f"/walks/{walk}/sheet").select(".places li")[0]
    assert first.get_text(strip=True) == "Dichtstbijzijnde weg: Boslaan, Utrecht"
    makers.make_point(world, route, road="Schapendrift", along_m=300)
    last = coach.get(f"/walks/{walk}/sheet").select(".places li")[-1]
    assert re.fullmatch(r"1. Bankje: Schapendrift, 52\.\d{5},5\.\d{5}", last.get_text()), "of a place as well"
    assert "Boslaan" not in PageClient(world.app).get(makers.make_link(world, client)).text


def test_nothing_about_health_and_no_surname(world: World, coach: PageClient) -> None:
    page = coach.get(f"/walks/{a_walk(world)}/sheet")
    for word in (
        "Geheimnaam", "sanne@example.org", "Ineke", "slecht geslapen", "uitgeput", "angst", "psycholoog", "huilde",
        "rust je", "hart", "PEM",
    ):  # fmt: skip
        assert word.lower() not in page.main.lower(), word


def test_out_and_back_says_where_to_turn(world: World, coach: PageClient) -> None:
    walk = makers.make_walk(world, makers.make_client(world), "2026-11-23T10:00", meeting_point="Bij het hek")
    page = coach.get(f"/walks/{walk}/sheet")
    assert "Omkeren om 10.17 uur, na 1,2 km." in page.main
    assert ("turn", "17") in entries(page)
    assert [tag.get_text() for tag in page.select(".places li")] == ["Bij het hek"]


@pytest.mark.parametrize("setting", ["indoors", "online"])
def test_elsewhere(world: World, coach: PageClient, setting: str) -> None:
    walk = makers.make_walk(
        world, makers.make_client(world), setting=setting, video_url="https://video.example.org/kamer"
    )
    page = coach.get(f"/walks/{walk}/sheet")
    assert "Omkeren" not in page.main and not page.select("[data-metres]")
    assert bool(page.select('a[href="https://video.example.org/kamer"]')) == (setting == "online")


def test_a_chosen_length_is_the_one_on_the_sheet(world: World, coach: PageClient) -> None:
    one = side(world, "lengths", starts="2026-11-23T10:00")
    one.send("answer", {"length": "short"})
    page = coach.get(f"/walks/{one.walk}/sheet")
    assert "10.00 – 10.25 uur" in page.main
    assert "Kort: heen en terug." in page.main
    assert "Omkeren om 10.10 uur, na 670 m." in page.main
    assert entries(page)[-1] == ("end", "20")


def test_the_way_there(world: World, coach: PageClient) -> None:
    """From the walk page, and from the week on the day itself only."""
    client = makers.make_client(world)
    walk = makers.make_walk(world, client, "2026-11-24T10:00")
    sheet = f'a[href="/walks/{walk}/sheet"]'
    assert coach.get(f"/walks/{walk}").select(sheet)
    assert not coach.get("/").select(sheet)
    world.set_clock("2026-11-24T08:00")
    coach = sign_in_again(world)
    assert coach.get("/").select(f".now {sheet}")
    walks.cancel(world.store, world.coach(), walk, "coach", world.now)
    assert not coach.get(f"/walks/{walk}").select(sheet)
    assert "Afgezegd" in coach.get(f"/walks/{walk}/sheet").main
