"""How it stands: talks, notes, who did not walk for some time, and the four reasons; of this coach's clients only."""

from __future__ import annotations

import re
from datetime import timedelta

from planner.services.clients import clients as client_service
from planner.services.clients import consents
from tests.conftest import World
from tests.counting import questions
from tests.makers import make_client, make_note, make_review, make_walk
from tests.page_client import Page, PageClient


def walked(world: World, client: int, days_ago: int, *, who: str = "anna", **note: object) -> int:
    day = world.now - timedelta(days=days_ago)
    walk = make_walk(world, client, f"{day:%Y-%m-%dT10:00}", who=who)
    make_note(world, walk, who=who, **{"close": True, "tool_text": "Zuchten"} | note)
    return walk


def words(page: Page, part: str) -> str:
    return " ".join(page.one(f"#{part}").get_text(" ").split())


def test_who_is_due_for_a_talk(world: World, coach: PageClient) -> None:
    due, later, held = (make_client(world, name, consent_health=True) for name in ("Sanne", "Mark", "Yara"))
    walked(world, due, 95)
    walked(world, later, 20)
    walked(world, held, 95)
    make_review(world, due, "three_months", felt_energy="yes", agreed="De tweede vraag is vergeten")
    make_review(world, held, "three_months", felt_energy="no", felt_functioning="a_bit")
    page = coach.get("/").follow("Hoe het ervoor staat")
    assert [tag["data-talk"] for tag in page.select("[data-talk]")] == [str(due)]
    assert "driemaandenmoment, vanaf 20 november 2026." in words(page, "talks")
    progress = page.follow("Naar de evaluatie")
    assert progress.path == f"/clients/{due}/progress", "there it is held and written down"
    assert progress.follow("Schrijf een evaluatie op").path == f"/clients/{due}/reviews/new"
    assert progress.follow("Maak het evaluatieblad").path == f"/clients/{due}/report"


def test_which_notes_are_open(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True)
    day = f"{world.now - timedelta(days=4):%Y-%m-%d}"
    missing = make_walk(world, client, f"{day}T10:00")
    walked(world, client, 5)
    begun = walked(world, client, 6, close=False)
    off = walked(world, client, 7, close=False, outcome="weather", tool_text="")
    make_walk(world, client, "2026-12-01T10:00")
    page = coach.get("/practice")
    links = [str(a["href"]) for a in page.select("#notes a")]
    assert links == [f"/walks/{missing}/note"]
    assert [str(a["href"]) for a in page.select("#begun a")] == [f"/walks/{begun}/note"]
    assert f"/walks/{off}/note" not in page.text
    week = [str(a["href"]) for a in coach.get("/").select(".unwritten a")]
    assert week == links, "the week and this page go by one rule"


def test_who_did_not_walk_for_some_time_and_who_has_no_walk(world: World, coach: PageClient) -> None:
    long, lately, paused = (
        make_client(world, name, consent_health=True) for name in ("Joris", "Emma", "Willem")
    )
    walked(world, long, 36)
    walked(world, lately, 20)
    walked(world, paused, 60)
    client_service.set_status(world.store, world.coach(), paused, "paused", world.now, world.now.date())
    make_walk(world, long, "2026-12-01T10:00")
    page = coach.get("/practice")
    assert [tag["data-long-ago"] for tag in page.select("[data-long-ago]")] == [str(long)]
    assert "5 weken geleden, zondag 18 oktober 2026" in words(page, "long-ago")
    assert [tag["data-without-walk"] for tag in page.select("[data-without-walk]")] == [str(lately)]
    assert page.follow("Plan wandeling").status == 200


def test_the_four_reasons_over_all_clients(world: World, coach: PageClient) -> None:
    first, second = (make_client(world, name, consent_health=True) for name in ("Sanne", "Mark"))
    walked(world, first, 9, movement=3, practice=2, feeling=1, environment=0)
    walked(world, second, 8, movement=2, practice=2, feeling=2)
    walked(world, second, 7)  # says nothing of the reasons, and counts for nothing
    other = make_client(world, "Kees", consent_health=True, who="cor")
    walked(world, other, 8, who="cor", movement=0, practice=0, feeling=0, environment=3)
    page = coach.get("/practice")
    found = {
        str(tag["data-reason-score"]): (tag.get("data-value"), " ".join(tag.get_text(" ").split()))
        for tag in page.select("[data-reason-score]")
    }
    assert found == {
        "movement": ("2.50", "2,5 2 wandelingen"), "practice": ("2.00", "2 2 wandelingen"),
        "feeling": ("1.50", "1,5 2 wandelingen"), "environment": ("0.00", "0 1 wandeling"),
    }  # fmt: skip
    assert "Beweging droeg de wandelingen het meest." in words(page, "reasons")
    assert "Omgeving droeg de wandelingen het minst." in words(page, "reasons")
    consents.decide(
        world.store, world.coach(), first, "health", consents.NO, consents.text_version("health"), world.now
    )
    page = coach.get("/practice")
    assert "Beweging 2 1 wandeling" in words(page, "reasons"), "without consent a note stays shut"


def test_a_colleagues_clients_are_not_in_it(world: World, coach: PageClient) -> None:
    client = make_client(world, "Kees", consent_health=True, who="cor")
    walked(world, client, 95, who="cor", close=False, movement=3)
    page = coach.get("/practice")
    assert "Kees" not in page.text and "Hier is nog niemand." in page.main
    assert "Kees" in world.browser("cor").get("/practice").main


def test_when_all_is_well_it_says_so_calmly(world: World, coach: PageClient) -> None:
    client = make_client(world, "Sanne", consent_health=True)
    walked(world, client, 4)
    make_walk(world, client, "2026-12-01T10:00")
    page = coach.get("/practice")
    for part, said in {
        "talks": "Geen evaluatie in de komende twee weken.", "notes": "Alle notities zijn geschreven.",
        "long-ago": "Je liep kort geleden met iedereen", "without-walk": "Iedereen heeft een wandeling staan.",
        "reasons": "Nog niets aangegeven.",
    }.items():  # fmt: skip
        assert said in words(page, part)
    assert not re.search(r"!|\b(te laat|gemist|achterstand|moet)\b", page.main)
    assert not re.search(r"\d", " ".join(tag.get_text() for tag in page.select("nav.menu"))), "no counters"


def test_more_clients_ask_no_more_of_the_database(world: World, coach: PageClient) -> None:
    asked = []
    for more in (2, 6):
        for number in range(more):
            client = make_client(world, f"Cliënt {number}", consent_health=True)
            walked(world, client, 30 + number, movement=2, close=False)
        with questions(world) as found:
            assert coach.get("/practice").status == 200
        asked.append(len(found))
    assert asked[0] == asked[1] > 0


def test_the_page_is_in_english_too(world: World, coach: PageClient) -> None:
    make_client(world, "Sanne")
    coach.get("/account").submit(language="en")
    page = coach.get("/practice")
    assert page.h1 == "Where things stand" and "No walk planned" in page.main
