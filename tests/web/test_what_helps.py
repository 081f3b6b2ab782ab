"""Works for me: what a client said of exercises, and their own numbers around the walks that had them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from planner.domain import what_helps as rules
from planner.domain.notes import Practised
from planner.services.clients import consents
from planner.services.people import coaches
from tests.conftest import World
from tests.counting import questions
from tests.makers import an_exercise, make_client, make_note, make_route, make_walk
from tests.page_client import Page, PageClient


def walks_with(
    world: World, client: int, number: int, *, who: str = "anna", route: int | None = None, exercise: int | None = None,
    worked: str = "yes", energy: tuple[int, int] = (3, 5), tension: tuple[int, int] | None = (6, 4),
) -> None:  # fmt: skip
    """Past walks with a note each."""
    for week in range(number):
        starts = f"{world.now - timedelta(days=7 * (week + 1)):%Y-%m-%dT10:00}"
        walk = make_walk(world, client, starts, who=who, route_id=route)
        around = {"tension_before": tension[0], "tension_after": tension[1]} if tension else {}
        done = (Practised(exercise, worked),) if exercise else ()
        make_note(
            world, walk, who=who, energy_before=energy[0], energy_after=energy[1], practised=done, **around
        )


def row_of(page: Page, what: str) -> str:
    return " ".join(page.one(f'[data-helps="{what}"]').get_text(" ").split())


def test_c12_tools_that_worked_with_how_often_that_was_asked(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True)
    good, never = an_exercise(world, "battery-check"), an_exercise(world, "five-senses")
    walks_with(world, client, 2, exercise=good)
    walks_with(world, client, 1, exercise=good, worked="a_bit")
    walks_with(world, client, 1, exercise=never, worked="no")
    page = coach.get(f"/clients/{client}").follow("Werkt voor Sanne")
    assert page.h1 == "Werkt voor Sanne"
    tool = page.one(f'[data-tool="{good}"]').get_text(" ")
    assert "Batterij-check" in tool and "3 keer gevraagd: ja 2, een beetje 1" in " ".join(tool.split())
    assert not page.select(f'[data-tool="{never}"]')


def test_before_and_after_where_it_was_used(world: World, coach: PageClient) -> None:
    client, exercise = make_client(world, "Sanne", consent_health=True), an_exercise(world, "battery-check")
    forest = make_route(world, environment_tags=("forest",), quietness="quiet", surface="sand")
    walks_with(world, client, 4, exercise=exercise, route=forest)
    walks_with(world, client, 3, exercise=an_exercise(world, "five-senses"), energy=(3, 10))
    page = coach.get(f"/clients/{client}/helps")
    row = row_of(page, f"exercise:{exercise}")
    assert "3 → 5 4 keer" in row and "6 → 4 4 keer" in row
    assert "3&nbsp;→&nbsp;5" in page.text, "no line breaks in it on a phone"
    for kind, words in {
        "environment:forest": "Bos",
        "quietness:quiet": "Rustig",
        "surface:sand": "zand",
    }.items():
        assert words in row_of(page, kind)
    few = page.one("li:has([data-too-few^=exercise])").get_text(" ")
    assert "3 keer, te weinig om iets te zeggen: Vijf, vier, drie, twee, één ." in " ".join(few.split())
    assert not page.select(f'[data-helps="exercise:{an_exercise(world, "five-senses")}"]'), (
        "lucky, but only three"
    )
    assert "Energie bij alle wandelingen: vooraf 3, na afloop 7,1." in page.main


def test_what_says_nothing_yet_is_said_once_for_as_many_times(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True)
    for key, number in (("battery-check", 1), ("five-senses", 1), ("worry-bench", 2), ("real-rest", 1)):
        walks_with(world, client, number, exercise=an_exercise(world, key))
    rows = coach.get(f"/clients/{client}/helps").select("li:has([data-too-few^=exercise])")
    assert [len(row.select("[data-too-few]")) for row in rows] == [1, 3]
    assert [row.get_text(" ").strip()[:7] for row in rows] == ["2 keer,", "1 keer,"]


def test_the_order_is_by_what_was_drawn_towards_the_usual(world: World, coach: PageClient) -> None:
    """Four walks with much do not lead over twelve that are nearly as good."""
    client = make_client(world, "Sanne", consent_health=True)
    lucky, steady = an_exercise(world, "battery-check"), an_exercise(world, "five-senses")
    walks_with(world, client, 4, exercise=lucky, energy=(3, 6), tension=None)
    walks_with(world, client, 12, exercise=steady, energy=(3, 6), tension=None)
    walks_with(world, client, 9, energy=(5, 3), tension=None)
    page = coach.get(f"/clients/{client}/helps")
    assert [tag["data-helps"] for tag in page.select("[data-helps]")] == [
        f"exercise:{steady}",
        f"exercise:{lucky}",
    ]


def test_nothing_is_said_to_come_from_it(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True)
    walks_with(world, client, 5, exercise=an_exercise(world, "battery-check"))
    for path in (f"/clients/{client}/helps", "/what-helps"):
        assert not re.search(
            r"\b(door|dankzij|zorgt|because|thanks to)\b", coach.get(path).main, re.IGNORECASE
        )


def forest_of(world: World, clients: int, *, who: str = "anna") -> list[int]:
    forest = make_route(world, environment_tags=("forest",), who=who)
    found = []
    for number in range(clients):
        found.append(make_client(world, f"Cliënt {number}", consent_health=True, who=who))
        walks_with(world, found[-1], 1, route=forest, who=who)
    return found


def over_all(page: Page) -> str:
    return " ".join(page.select("details.fold")[-1].get_text(" ").split())


def test_over_all_clients_only_from_five(world: World, coach: PageClient) -> None:
    four = forest_of(world, 4)
    forest_of(world, 3, who="cor")  # a colleague's clients are nobody here
    page = coach.get(f"/clients/{four[0]}/helps")
    assert not page.select("[data-helps]")
    assert "Achter geen cijfer staan al vijf cliënten" in over_all(page)
    fifth = forest_of(world, 1)[0]
    page = coach.get(f"/clients/{four[0]}/helps")
    assert "3 → 5 5 cliënten" in row_of(page, "environment:forest")
    consents.decide(
        world.store, world.coach(), fifth, "health", consents.NO, consents.text_version("health"), world.now
    )
    assert not coach.get(f"/clients/{four[0]}/helps").select("[data-helps]")
    assert len(world.browser("cor").get("/clients/").select("main .plainlist a strong")) == 3


def test_without_consent_nothing_is_counted(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True)
    walks_with(world, client, 4, exercise=an_exercise(world))
    consents.decide(
        world.store, world.coach(), client, "health", consents.NO, consents.text_version("health"), world.now
    )
    page = coach.get(f"/clients/{client}/helps")
    assert "wordt hier niets geteld" in page.main
    assert not page.select("[data-helps], [data-too-few], [data-tool], table")


def test_a_client_without_notes_is_told_that_it_comes(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True)
    assert "Dit vult zich vanzelf" in coach.get(f"/clients/{client}/helps").main


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_method_names_its_own_numbers(world: World, language: str) -> None:
    coaches.set_profile(world.store, world.coach(), language, "", world.now)
    page = world.browser("anna").get("/what-helps")
    said = page.main
    assert page.h1 == (
        "Wat deze cijfers wel en niet zeggen" if language == "nl" else "What these numbers can and cannot say"
    )
    for number in (rules.MIN_WALKS, rules.MIN_CLIENTS, rules.USUAL_WALKS):
        assert re.search(rf"\b{number}\b", said)
    shown = "2,5" if language == "nl" else "2.5"
    for mean, of in ((4, 4), (3, 12)):
        assert rules.drawn_to_usual(mean, of, 1) == 2.5
    assert said.count(shown) == 2


def test_more_clients_ask_no_more_of_the_database(world: World, coach: PageClient) -> None:
    client = forest_of(world, 2)[0]
    coach.get(f"/clients/{client}/helps")  # the first look is written down
    asked = []
    for more in (0, 5):
        forest_of(world, more)
        with questions(world) as found:
            assert coach.get(f"/clients/{client}/helps").status == 200
        asked.append(len(found))
    assert asked[0] == asked[1] > 0
