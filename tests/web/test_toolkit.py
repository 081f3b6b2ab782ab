"""The toolkit through the front door: looking, writing, changing, hiding."""

from __future__ import annotations

import re
from typing import Any

import pytest

from planner.domain.exercises import DEMANDS, ExerciseFacts
from planner.services.toolkit import toolkit
from planner.services.toolkit.toolkit_data import shipped_toolkit
from tests.conftest import World
from tests.factories import id_in, make_exercise
from tests.page_client import Page, PageClient

SHIPPED = shipped_toolkit().exercises
MINIMAL = {
    "title": "Drie bomen",
    "steps": "Kies een boom.\n\n  Kijk   een minuut. \n",
    "kind": "senses",
    "reasons": ["feeling", "environment"],
    "minutes_min": "3",
    "minutes_max": "6",
    "places": ["walking", "bench"],
}


def keys(page: Page) -> set[str]:
    return {str(tag["data-key"]) for tag in page.select("[data-exercise][data-key]")}


def of(coach: PageClient, key: str) -> str:
    """The address of a shipped exercise."""
    return f"/toolkit/{coach.get('/toolkit/').one(f'[data-key={key}]')['data-exercise']}"


def test_a_new_practice_has_the_shipped_exercises(coach: PageClient) -> None:
    page = coach.get("/toolkit/")
    assert keys(page) == {one.key for one in SHIPPED}
    assert len(SHIPPED) == 30


@pytest.mark.parametrize("who", ["anna", "bram"])
def test_each_exercise_shows_all_that_the_coach_needs(world: World, who: str) -> None:
    coach = world.browser(who)
    for shipped in SHIPPED[:6]:
        page = coach.get(of(coach, shipped.key))
        texts = shipped.texts
        assert page.h1 == texts.title_nl
        for line in (*texts.steps_nl, texts.caution_nl, texts.homework_nl, texts.evidence_nl):
            assert " ".join(line.split()) in page.main
        assert shipped_toolkit().stop_rule["nl"] in page.main


def fits(facts: ExerciseFacts, query: dict[str, str]) -> bool:
    """The filters again, said plainly."""
    checks = {
        "reason": lambda value: value in facts.reasons,
        "kind": lambda value: value == facts.kind,
        "minutes": lambda value: facts.minutes_min <= int(value),
        "place": lambda value: value in facts.places,
        "weather": lambda value: query.get("place") == "online" or getattr(facts, f"{value}_ok"),
        "energy": lambda value: DEMANDS.index(facts.energy_demand) <= DEMANDS.index(value),
    }
    return all(checks[name](value) for name, value in query.items())


@pytest.mark.parametrize(
    "query",
    [
        {"reason": "movement"},
        {"kind": "breathing"},
        {"minutes": "5"},
        {"place": "online"},
        {"weather": "rain"},
        {"weather": "rain", "place": "online"},
        {"energy": "low"},
        {"energy": "medium", "reason": "practice", "place": "walking", "minutes": "10"},
    ],
    ids=str,
)
def test_filters_narrow_the_list(coach: PageClient, query: dict[str, str]) -> None:
    expected = {one.key for one in SHIPPED if fits(one.facts, query)}
    assert 0 < len(expected) < 30
    assert keys(coach.get("/toolkit/", query_string=query)) == expected


def test_filters_work_as_a_form_and_tell_when_nothing_fits(coach: PageClient) -> None:
    page = coach.get("/toolkit/").submit("/toolkit/", search="piekerbankje", kind="reflection")
    assert keys(page) == {"worry-bench"}
    assert "Laat iets weg" in page.submit("/toolkit/", kind="breathing").main


@pytest.mark.parametrize("query", ["?kind=nonsense", "?minutes=-1", "?weather=%00", "?search=" + "x" * 70])
def test_an_unknown_filter_is_no_filter(coach: PageClient, query: str) -> None:
    page = coach.get("/toolkit/" + query)
    assert page.status == 200
    assert len(keys(page)) == (0 if "search" in query else 30)


def test_an_exercise_of_ones_own(world: World, coach: PageClient) -> None:
    page = coach.get("/toolkit/new").submit(
        "/toolkit/new", home_step="Kijk vanavond naar een boom.", **MINIMAL
    )
    assert page.h1 == "Drie bomen"
    assert [tag.get_text() for tag in page.select("main ol li")] == ["Kies een boom.", "Kijk een minuut."]
    assert "Kijk vanavond naar een boom." in page.main
    own = coach.get("/toolkit/").select("[data-exercise]")[0]
    assert "data-key" not in own.attrs
    assert "Drie bomen" in own.get_text()
    assert world.browser("cor").get(page.path).h1 == "Drie bomen"  # the practice's, so a colleague's too


def test_another_practice_has_nothing_to_do_with_it(world: World) -> None:
    address, bram = f"/toolkit/{make_exercise(world)}", world.browser("bram")
    assert bram.get(address).status == 404
    token = bram.get("/toolkit/new").one("main [name=csrf_token]")["value"]
    for more in ("", "/edit", "/hide", "/shipped"):
        assert bram.post(address + more, {"csrf_token": token, **MINIMAL}).status == 404
    assert "Drie bomen" not in bram.get("/toolkit/").main
    assert world.browser("anna").get(address).status == 200


def test_one_language_serves_both_until_there_is_another(world: World, coach: PageClient) -> None:
    page = coach.get("/toolkit/new").submit("/toolkit/new", **MINIMAL, title_other="Three trees")
    own = toolkit.show(world.store, world.coach("anna"), id_in(page))
    assert (own.title("nl"), own.title("en")) == ("Drie bomen", "Three trees")
    assert own.steps("en") == own.steps("nl")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"steps": " \n "}, "steps"),
        ({"steps": "stap\n" * 21}, "steps"),
        ({"kind": "dance"}, "kind"),
        ({"reasons": None}, "reasons"),
        ({"reasons": ["movement", "money"]}, "reasons"),
        ({"minutes_min": "0"}, "minutes_min"),
        ({"minutes_min": "tien"}, "minutes_min"),
        ({"minutes_max": "2"}, "minutes_max"),
        ({"minutes_max": "1e9"}, "minutes_max"),
        ({"places": None}, "places"),
        ({"cautions": ["diagnosis"]}, "cautions"),
    ],
)
def test_bad_input_comes_back_with_a_sentence(coach: PageClient, change: dict[str, Any], field: str) -> None:
    page = coach.get("/toolkit/new").submit("/toolkit/new", **{**MINIMAL, **change})
    assert page.status == 422
    assert list(page.errors) == [field]
    assert re.search(r"\w+ \w+", page.errors[field])
    kept = (
        page.one("textarea[name=steps]").get_text()
        if "steps" not in change
        else page.one("[name=title]")["value"]
    )
    assert "boom" in kept or "bomen" in kept
    assert coach.get("/toolkit/").select("[data-exercise]:not([data-key])") == []


def test_the_same_form_twice_makes_one(coach: PageClient) -> None:
    page = coach.get("/toolkit/new")
    first, second = (page.submit("/toolkit/new", **MINIMAL) for _ in range(2))
    assert first.path == second.path
    assert len(coach.get("/toolkit/").select("[data-exercise]")) == 31


def test_editing_a_shipped_exercise_and_back(coach: PageClient) -> None:
    address = of(coach, "awe-walk")
    shipped = shipped_toolkit().exercise("awe-walk")
    page = coach.get(address).follow("Wijzig").submit(f"{address}/edit", title="Kijken met grote ogen")
    assert page.h1 == "Kijken met grote ogen"
    assert "door jou gewijzigd" in page.main
    assert shipped.texts.evidence_nl in page.main
    assert page.one("article[data-exercise]")["data-key"] == "awe-walk"
    page = page.submit(f"{address}/shipped")
    assert page.h1 == shipped.texts.title_nl
    assert "door jou gewijzigd" not in page.main


def test_an_edit_may_be_sent_to_the_exercise_itself(coach: PageClient) -> None:
    address = of(coach, "awe-walk")
    token = coach.get(f"{address}/edit").one("main [name=csrf_token]")["value"]
    page = coach.post(address, {"csrf_token": token, **MINIMAL}, follow=True)
    assert (page.status, page.path, page.h1) == (200, address, "Drie bomen")
    refused = coach.post(address, {"csrf_token": token, **MINIMAL, "minutes_max": "x"})
    assert refused.status == 422
    assert list(refused.errors) == ["minutes_max"]


def test_an_own_exercise_has_no_shipped_text(world: World, coach: PageClient) -> None:
    address = f"/toolkit/{make_exercise(world)}"
    token = coach.get(f"{address}/edit").one("main [name=csrf_token]")["value"]
    assert coach.post(f"{address}/shipped", {"csrf_token": token}).status == 404


def test_a_second_tab_overwrites_nothing_in_silence(world: World, coach: PageClient) -> None:
    address = f"/toolkit/{make_exercise(world)}"
    mine, theirs = (coach.get(f"{address}/edit") for _ in range(2))
    theirs.submit(f"{address}/edit", title="Twee bomen")
    page = mine.submit(f"{address}/edit", title="Vier bomen")
    assert page.status == 409
    assert page.one("[name=title]")["value"] == "Vier bomen"
    assert "Twee bomen" in page.main
    assert coach.get(address).h1 == "Twee bomen"
    assert page.submit(f"{address}/edit").h1 == "Vier bomen"


def test_saving_the_same_twice_is_no_conflict(world: World, coach: PageClient) -> None:
    address = f"/toolkit/{make_exercise(world)}"
    page = coach.get(f"{address}/edit")
    assert [page.submit(f"{address}/edit", title="Vier bomen").status for _ in range(2)] == [200, 200]


def test_hiding_and_showing_again(coach: PageClient) -> None:
    address = of(coach, "worry-bench")
    page = coach.get(address).submit(f"{address}/hide")
    assert "verborgen" in page.main
    assert "worry-bench" not in keys(coach.get("/toolkit/"))
    assert keys(coach.get("/toolkit/").follow("1 verborgen oefening")) == {"worry-bench"}
    page.submit(f"{address}/hide")
    assert "worry-bench" in keys(coach.get("/toolkit/"))


def test_looking_changes_nothing(world: World, coach: PageClient) -> None:
    address = of(coach, "worry-bench")
    for path in ("/toolkit/", "/toolkit/new", address, f"{address}/edit"):
        assert coach.get(path).status == 200
    assert [coach.get(address + more).status for more in ("/hide", "/shipped")] == [405, 405]
    assert toolkit.show(world.store, world.coach("anna"), int(address.rsplit("/", 1)[-1])).version == 1


def test_a_title_with_marks_stays_a_title(coach: PageClient) -> None:
    title = "<script>alert(1)</script>"
    page = coach.get("/toolkit/new").submit("/toolkit/new", **{**MINIMAL, "title": title})
    assert page.h1 == title
    assert "<script>alert" not in page.text


def test_english_for_a_coach_who_reads_english(world: World) -> None:
    coach = world.browser("anna")
    coach.get("/account").submit("/account", language="en")
    page = coach.get(of(coach, "awe-walk"))
    assert page.h1 == shipped_toolkit().exercise("awe-walk").texts.title_en
    assert shipped_toolkit().stop_rule["en"] in page.main
