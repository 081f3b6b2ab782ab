"""The safety questions: what they open, what they hold, and what is never kept (P06)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from planner.models import Screening
from planner.models.ownership import EVERYONE
from planner.services.clients import clients, consents, safety
from planner.services.vault import Place
from tests.conftest import World
from tests.factories import make_client, make_walk
from tests.makers import make_note
from tests.page_client import Page, PageClient
from tests.web.progressing import told

CALM = {f"S{number}": "no" for number in range(1, 17)} | {"S15": "yes"}
THREE = dict.fromkeys(("S1", "S2", "S6"), "no")
RED = ("S1", "S2", "S4", "S5")


def answer(browser: PageClient, client: int, **changes: str | None) -> Page:
    page = browser.get(f"/clients/{client}/safety?ask=all")
    return page.submit(f"/clients/{client}/safety?ask=all", **{**CALM, **changes})


def held(world: World, client: int) -> str | None:
    with world.store.db.reading(world.coach().scope) as session:
        opened = clients.open_client(world.store, session, client)
        return safety.holds_planning(world.store, session, opened)


def opened_records(world: World, client: int) -> list[dict[str, Any]]:
    """Every screening as it lies sealed, opened as plain data: nothing is hidden from this."""
    with world.store.db.reading(world.coach().scope) as session:
        key = clients.open_client(world.store, session, client).wrapped_key
        return [
            world.store.vault.open(key, Place("screening", "sealed", row.id, client), row.sealed, dict)
            for row in session.query(Screening).filter_by(client_id=client)
        ]


@pytest.fixture
def client(world: World) -> int:
    return make_client(world, consent=True)


def test_calm_answers_hold_nothing(coach: PageClient, world: World, client: int) -> None:
    page = answer(coach, client)
    assert (page.status, page.path) == (200, f"/clients/{client}")
    assert "gevraagd op 23 november 2026" in page.main
    assert held(world, client) is None


def test_no_answer_is_chosen_before(coach: PageClient, client: int) -> None:
    page = coach.get(f"/clients/{client}/safety")
    assert len(page.select("[role=radiogroup]")) == 16
    assert not page.select("[checked]")


def test_every_question_wants_an_answer(coach: PageClient, world: World, client: int) -> None:
    page = answer(coach, client, S3=None, S6=None)
    assert (page.status, set(page.errors)) == (422, {"S3", "S6"})
    assert page.select('[name="S1"][value="no"][checked]'), "what was chosen stays"
    assert opened_records(world, client) == []


@pytest.mark.parametrize("code", RED)
@pytest.mark.parametrize("said", ["yes", "unknown"])
def test_a_red_answer_opens_the_card_and_holds_planning(
    coach: PageClient, world: World, client: int, code: str, said: str
) -> None:
    page = answer(coach, client, **{code: said})
    assert page.path == f"/clients/{client}/emergency"
    assert page.select('a[href="tel:112"]') and page.select('a[href="tel:113"]')
    assert not page.select("nav.menu"), "nothing else on the screen"
    assert held(world, client) == "red_without_step"
    dossier = coach.get(f"/clients/{client}")
    assert "Schrijf eerst op welke stap je zette" in dossier.main
    assert not dossier.select(f'a[href="/walks/new?client={client}"]')


def test_a_red_answer_need_not_wait_for_the_other_questions(
    coach: PageClient, world: World, client: int
) -> None:
    page = coach.get(f"/clients/{client}/safety").submit(f"/clients/{client}/safety", S1="yes")
    assert page.path == f"/clients/{client}/emergency"
    assert held(world, client) == "red_without_step"


def test_the_step_taken_opens_planning_again(coach: PageClient, world: World, client: int) -> None:
    card = answer(coach, client, S1="yes")
    refused = card.submit(step_taken="   ")
    assert (refused.status, set(refused.errors)) == (422, {"step_taken"})
    assert held(world, client) == "red_without_step"
    answer(coach, client)
    assert held(world, client) == "red_without_step", "a calm answer later does not undo it"
    done = card.submit(step_taken="Samen de huisarts gebeld")
    assert done.path == f"/clients/{client}"
    assert held(world, client) is None
    assert "Samen de huisarts gebeld" in coach.get(f"/clients/{client}/safety").main


def test_planning_itself_is_held(coach: PageClient, world: World, client: int) -> None:
    form = coach.get(f"/walks/new?client={client}")
    card = answer(coach, client, S5="yes")
    action = str(form.one("form.plan")["action"])
    given = {"date": "2026-12-01", "time": "10:00", "meeting_point": "Bij de brug"}
    page = form.submit(action, press="action=save", **given)
    assert page.status == 422, "a plan that lay open is held too"
    card.submit(step_taken="Samen Veilig Thuis gebeld")
    assert form.submit(action, press="action=save", **given).status == 200


@pytest.mark.parametrize(
    ("code", "said"),
    [("S3", "yes"), ("S6", "yes"), ("S12", "unknown"), ("S13", "yes"), ("S15", "no"), ("S16", "yes")],
)
def test_the_gp_first(coach: PageClient, world: World, client: int, code: str, said: str) -> None:
    page = answer(coach, client, **{code: said})
    assert page.path == f"/clients/{client}/safety"
    assert held(world, client) == "gp_not_informed"
    assert "huisarts" in coach.get(f"/clients/{client}").one(".note-box.note").get_text()
    refused = page.submit(f"/clients/{client}/safety/gp")
    assert (refused.status, set(refused.errors)) == (422, {"reason_without_gp"})
    done = refused.submit(f"/clients/{client}/safety/gp", gp_knows="1")
    assert (done.path, held(world, client)) == (f"/clients/{client}", None)


def test_the_gp_before_the_next_walk(coach: PageClient, world: World, client: int) -> None:
    page = answer(coach, client, S6="yes", S13="yes")
    assert "Plan de eerste wandeling als de huisarts het weet." in page.main
    said = page.one("[role=status]").get_text()
    assert said.strip() == "Bewaard. Wat telt bij het kiezen van oefeningen, staat nu bij de cliënt."
    make_note(world, make_walk(world, client, date="2026-11-20", time="10:00"))
    page = coach.get(f"/clients/{client}/safety")
    assert "Plan de volgende wandeling als de huisarts het weet." in page.main
    assert "eerste wandeling" not in page.one("#gp").get_text()


def test_a_written_reason_stands_in_for_the_gp(coach: PageClient, world: World, client: int) -> None:
    page = answer(coach, client, S6="unknown")
    page.submit(f"/clients/{client}/safety/gp", reason_without_gp="Donderdag een afspraak")
    assert held(world, client) is None
    assert "Donderdag een afspraak" in coach.get(f"/clients/{client}/safety").main
    answer(coach, client, S6="yes")
    assert held(world, client) == "gp_not_informed", "asked again the same day, it counts again"


def test_the_same_form_twice_is_one_screening(coach: PageClient, world: World, client: int) -> None:
    page = coach.get(f"/clients/{client}/safety")
    for _ in range(2):
        page.submit(f"/clients/{client}/safety", **CALM)
    assert len(opened_records(world, client)) == 1


# Therapy, what to take into account, and asking again


@pytest.mark.parametrize(
    ("code", "flags"), [("S7", ()), ("S8", ("panic",)), ("S9", ("trauma",)), ("S10", ()), ("S11", ())]
)
def test_where_therapy_is_often_the_best_place(
    coach: PageClient, world: World, client: int, code: str, flags: tuple[str, ...]
) -> None:
    page = answer(coach, client, **{code: "yes"})
    assert page.one("[data-parked]")["data-parked"] == code
    assert "Therapie is hiervoor vaak de beste plek. Coaching kan ernaast." in page.main
    assert held(world, client) is None, "coaching may run beside it"
    assert "Geparkeerd voor de therapeut" in coach.get(f"/clients/{client}").main
    kept = clients.of_coach(world.store, world.coach(), client).health
    assert kept is not None and kept.health_flags == flags
    answer(coach, client)
    assert not coach.get(f"/clients/{client}/safety").select("[data-parked]"), "the last answer counts"


def test_caution_asks_to_choose_what_to_take_into_account(
    coach: PageClient, world: World, client: int
) -> None:
    page = answer(coach, client, S14="yes", S13="yes")
    assert page.select(f'a[href="/clients/{client}/edit"]')
    assert "Bij twijfel: vraag het de huisarts." in page.main
    kept = clients.of_coach(world.store, world.coach(), client).health
    assert kept is not None and kept.health_flags == ("pem",)


def test_three_questions_can_be_asked_again(coach: PageClient, world: World, client: int) -> None:
    answer(coach, client)
    page = coach.get(f"/clients/{client}/safety").follow("Stel de drie vragen")
    assert [tag["id"] for tag in page.select("[role=radiogroup]")] == ["f-S1", "f-S2", "f-S6"]
    action = f"/clients/{client}/safety?ask=again"
    refused = page.submit(action, S1="no")
    assert (refused.status, set(refused.errors)) == (422, {"S2", "S6"})
    assert refused.submit(action, **THREE).path == f"/clients/{client}"
    assert len(opened_records(world, client)) == 2
    coach.get(action).submit(action, **{**THREE, "S6": "yes"})
    assert held(world, client) == "gp_not_informed"


@pytest.mark.parametrize(
    ("where", "drinks", "level", "words"),
    [
        ("progress", "yes", "refer_gp", "Eerst de huisarts."),
        ("reviews/new", "no", "none", "Niets te regelen."),
    ],
)
def test_all_sixteen_are_one_step_from_a_review(
    coach: PageClient, world: World, where: str, drinks: str, level: str, words: str
) -> None:
    """Asked in full, chosen by nobody beforehand; and back on the page that one came from, with what came of it."""
    client = told(world, [(0, 5, 5), (14, 5, 5), (60, 3, 5), (80, 3, 5)], 80)
    world.set_clock("2026-04-02T20:30")
    answer(coach, client, S3="yes", S12="unknown")
    world.set_clock("2026-04-03T08:30")
    home = f"/clients/{client}/{where}"
    before = coach.get(home)
    page = before.submit(press="ask=all") if "new" in where else before.follow("Stel alle zestien vragen")
    assert len(page.select("[role=radiogroup]")) == 16 and not page.select("[role=radiogroup] [checked]")
    said = {str(tag["id"]).removeprefix("h-"): tag.get_text() for tag in page.select(".hint[id^=h-S]")}
    assert said["S3"] == "Vorige keer, 2 april 2026: “Ja”."
    assert said["S12"] == "Vorige keer, 2 april 2026: “Weet ik niet”."
    for code in ("S1", "S4", "S5"):
        assert said[code] == "Gevraagd op 2 april 2026. Het antwoord is niet bewaard."
    action = str(page.one("form:has([name=S1])")["action"])
    refused = page.submit(action, **{**CALM, "S1": None, "S2": None})
    assert (refused.status, set(refused.errors)) == (422, {"S1", "S2"}), (
        "nothing stands in for a red question"
    )
    done = refused.submit(action, **{**CALM, "S12": drinks})
    assert (done.path, done.one("[data-screened]")["data-screened"]) == (home, level)
    assert f"Gevraagd op 3 april 2026: {words}" in done.main
    assert held(world, client) == "gp_not_informed", "what waited still waits"
    step, then = done.follow("Naar deze stap"), action.rpartition("=")[2]
    assert step.submit(f"/clients/{client}/safety/gp?then={then}", gp_knows="1").path == home
    assert held(world, client) is None


def test_a_red_answer_at_a_review_opens_the_card_and_holds_planning(
    coach: PageClient, world: World, client: int
) -> None:
    answer(coach, client)
    page = coach.get(f"/clients/{client}/reviews/new").submit(press="ask=all")
    action = str(page.one("form:has([name=S1])")["action"])
    card = page.submit(action, S4="unknown")
    assert card.path == f"/clients/{client}/emergency" and card.select('a[href="tel:112"]')
    assert held(world, client) == "red_without_step"
    review = coach.get(f"/clients/{client}/reviews/new")
    assert review.one("[data-screened]")["data-screened"] == "red_now"
    assert "Schrijf eerst op welke stap je zette" in review.main
    card = review.follow("Naar de noodkaart en de stap")
    done = card.submit(step_taken="Samen de huisarts gebeld")
    assert (done.path, held(world, client)) == (f"/clients/{client}/reviews/new", None)


def test_the_last_time_is_told_in_the_words_of_the_client(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True, language="en")
    answer(coach, client, S3="unknown")
    page = coach.get(f"/clients/{client}/safety?ask=all")
    assert page.one("#h-S3").get_text() == "Last time, 23 November 2026: “I don't know”."
    assert page.one("#h-S3").find_parent(lang="en")


def test_an_address_of_others_is_no_way_back(coach: PageClient, world: World, client: int) -> None:
    action = f"/clients/{client}/safety?ask=all&then=https://example.org/"
    page = coach.get(action)
    assert page.submit(str(page.one("form:has([name=S1])")["action"]), **CALM).path == f"/clients/{client}"


def test_a_walk_has_a_button_to_ask_again(coach: PageClient, world: World, client: int) -> None:
    walk = make_walk(world, client, date="2026-12-01", time="10:00", meeting_point="Bij de brug")
    page = coach.get(f"/walks/{walk}").follow("Vooraf nagaan")
    assert len(page.select("[role=radiogroup]")) == 3


# P01 and P06


def test_p01_no_safety_questions_without_consent(coach: PageClient, world: World) -> None:
    client = make_client(world)
    page = coach.get(f"/clients/{client}/safety")
    assert "Eerst: vindt Sanne dit goed?" in page.main
    assert not page.select('[name="S1"]')
    token = str(page.select('main [name="csrf_token"]')[0]["value"])
    refused = coach.post(f"/clients/{client}/safety", {**CALM, "S6": "yes", "csrf_token": token})
    assert refused.status == 422
    assert refused.select('[name="S6"][value="yes"][checked]'), "what was said is not lost"
    assert opened_records(world, client) == [] and held(world, client) is None
    done = refused.submit(f"/clients/{client}/safety", consent_health="1")
    assert (done.status, held(world, client)) == (200, "gp_not_informed"), "and can be kept with a yes"


def test_p01_danger_shows_the_card_even_without_consent(coach: PageClient, world: World) -> None:
    client = make_client(world)
    token = str(coach.get(f"/clients/{client}/safety").select('[name="csrf_token"]')[0]["value"])
    page = coach.post(f"/clients/{client}/safety", {"S1": "yes", "csrf_token": token})
    assert page.status == 422
    assert page.select('a[href="tel:112"]') and page.select('a[href="tel:113"]')
    assert opened_records(world, client) == []


def test_p03_the_step_can_be_written_after_consent_was_withdrawn(
    coach: PageClient, world: World, client: int
) -> None:
    """Otherwise withdrawing would hold planning for ever; and it says what the coach did, nothing of the client."""
    card = answer(coach, client, S1="yes", S6="yes")
    page = coach.get(f"/clients/{client}/consent")
    form = next(one for one in page.select("form") if one.select('[name="purpose"][value="health"]'))
    coach.post(str(form["action"]), {str(tag["name"]): str(tag["value"]) for tag in form.select("input")})
    assert held(world, client) == "red_without_step"
    card.submit(step_taken="Samen de huisarts gebeld")
    assert held(world, client) is None, "the rest of the screening is not used any more"
    assert "gevraagd op" not in coach.get(f"/clients/{client}").main


def test_p03_after_consent_was_withdrawn_the_last_time_stays_shut(
    coach: PageClient, world: World, client: int
) -> None:
    answer(coach, client, S3="yes")
    action = f"/clients/{client}/safety?ask=all"
    token = str(coach.get(action).select("main [name=csrf_token]")[0]["value"])
    consents.decide(world.store, world.coach(), client, "health", "no", "", world.now)
    page = coach.post(action, {"S3": "no", "csrf_token": token})
    assert page.status == 422 and len(page.select("[role=radiogroup]")) == 16
    assert "Vorige keer" not in page.text


@pytest.mark.parametrize("code", ["S1", "S4", "S5"])
def test_p06_the_answer_itself_is_nowhere(coach: PageClient, world: World, code: str) -> None:
    """Kept are the day and the level: whether it was "yes" or "don't know" cannot be told from anything."""
    kept = []
    for said in ("yes", "unknown"):
        client = make_client(world, consent=True)
        answer(coach, client, **{code: said})
        found = opened_records(world, client)
        kept.append(found)
        line = next(line for line in found[0]["lines"] if line["code"] == code)
        assert line == {"code": code, "level": "red_now", "answer": None}
    assert kept[0] == kept[1]


def test_p06_no_clear_text_anywhere(coach: PageClient, world: World, client: int) -> None:
    answer(coach, client, S1="unknown").submit(step_taken="Samen de huisarts gebeld")
    with world.store.db.reading(EVERYONE) as session:
        rows = [
            str(value)
            for table in ("screening", "audit_entry", "form_once", "consent", "client")
            for row in session.execute(text(f"SELECT * FROM {table}"))
            for value in row
        ]
    assert len(rows) > 20
    assert not [value for value in rows if "unknown" in value or "huisarts" in value or "red_now" in value]


# The card


def test_the_card_is_always_there(coach: PageClient, world: World) -> None:
    page = coach.get(f"/clients/{make_client(world)}").follow("Noodkaart")
    assert page.h1 == "Noodkaart"
    assert not page.select('[name="step_taken"]'), "nothing is asked when nothing waits"
    assert "Beloof geen geheimhouding" in page.main
    assert page.follow("Sanne").h1 == "Sanne"


def test_the_card_in_the_language_of_the_client_too(coach: PageClient, world: World) -> None:
    page = coach.get(f"/clients/{make_client(world, language='en')}/emergency")
    assert "Levensgevaar? Bel 112." in page.main
    assert page.one('details [lang="en"]').get_text().strip().startswith("Danger to life? Call 112.")
