"""What stands beside the numbers on the progress page: the four reasons, the mix, the timeline, scores of others, and
what a phase asks."""

from __future__ import annotations

import pytest

from planner.domain.clients import Recognition
from planner.services.clients import safety
from tests import makers
from tests.conftest import World
from tests.makers import make_client
from tests.page_client import PageClient
from tests.web.progressing import progress, told, walked

# The four reasons, and the mix


def test_the_ledger_of_a_client(coach: PageClient, world: World) -> None:
    client = told(world, [], 0, reason_recognition=Recognition(movement=3, feeling=1))
    walked(world, client, 0, movement=3, practice=1, feeling=0, environment=1)
    walked(world, client, 7, movement=2, practice=2)
    walked(world, client, 14)  # no mark is not a zero
    page = progress(coach, client)
    scores = {
        str(tag["data-reason-score"]): (tag.get("data-value"), tag["data-walks"])
        for tag in page.select("[data-reason-score]")
    }
    assert scores == {
        "movement": ("2.50", "2"), "practice": ("1.50", "2"), "feeling": ("0.00", "1"), "environment": ("1.00", "1"),
    }  # fmt: skip
    assert "Beweging droeg de wandelingen het meest." in page.main
    assert "een beetje" in page.one("tr:has([data-reason-score=feeling])").get_text()
    plan = page.follow("Naar het voorstel")
    need = page.one("[data-need]")["data-need"]
    assert (plan.path, need) == ("/walks/new", "feeling"), "planned alike, so the marks decide"


def test_the_mix_of_outdoors_and_online(coach: PageClient, world: World) -> None:
    client = told(world, [], 0)
    for day, setting in enumerate(("outdoors", "online", "outdoors", "indoors")):
        walked(world, client, 7 * day, setting=setting)
    walked(world, client, 35, setting="online", outcome="ill")
    assert "Gelopen sinds de start: buiten 2, online 1 en binnen 1." in progress(coach, client).main


# The timeline


def test_the_timeline_of_steps_feelings_and_breakthroughs(coach: PageClient, world: World) -> None:
    client = told(world, [], 0)
    walked(world, client, 0, felt_text="Zware benen", home_step="Elke dag naar buiten")
    walked(
        world, client, 7, felt_text="Lucht", breakthrough_text="Voor het eerst iets anders dan stress",
        client_words="Het is stil", home_step_result="partly",
    )  # fmt: skip
    walked(world, client, 14, outcome="ill")
    page = progress(coach, client).follow("Stappen en gevoel")
    first, second = page.select("[data-moment]")
    assert [tag.get_text() for tag in page.select("[data-breakthrough]")] == [
        tag.get_text() for tag in first.select("[data-breakthrough]")
    ]
    assert "Voor het eerst iets anders dan stress" in first.get_text()
    assert "Het is stil" in first.get_text() and "12 januari 2026" in second.get_text()
    assert "Elke dag naar buiten" in second.get_text() and "Deels" in second.get_text()
    assert not second.select("[data-breakthrough]")


def test_an_empty_timeline_is_kind(coach: PageClient, world: World) -> None:
    page = coach.get(f"/clients/{told(world, [], 0)}/timeline")
    assert "Hier komt te staan wat er gevoeld en afgesproken is." in page.main


# Scores of others


def test_a_score_of_somebody_else(coach: PageClient, world: World) -> None:
    client = told(world, [], 91)
    form = progress(coach, client).follow("Voeg een score toe")
    given = {
        "name": "Vermoeidheidslijst",
        "taken_on": "2026-04-01",
        "taken_by": "company_doctor",
        "score": "3,5",
    }
    page = form.submit(range_low="1", range_high="5", **given)
    assert "Vermoeidheidslijst" in page.main and "bedrijfsarts: 3,5 (van 1 tot 5)" in page.main
    form.submit(range_low="1", range_high="5", **given)
    assert progress(coach, client).text.count("<h3>Vermoeidheidslijst") == 1, "the same form twice is one"
    change = str(page.one('a.btn[href*="/measures/"]:not([href$=new])')["href"])
    page = coach.get(change).submit(change, score="2,25")
    assert "2,25" in page.main
    page = page.submit(f"{change}/remove")
    assert "Vermoeidheidslijst" not in page.main


def test_a_score_changed_in_two_tabs_shows_both(coach: PageClient, world: World) -> None:
    client = told(world, [], 91)
    address = f"/clients/{client}/measures/{makers.make_measure(world, client, score=12.0)}"
    here, elsewhere = coach.get(address), coach.get(address)
    assert here.submit(score="14", follow=False).status == 303
    assert here.submit(score="14", follow=False).status == 303, "the same again"
    page = elsewhere.submit(score="16", follow=False)
    assert page.status == 409 and page.one("[name=score]")["value"] == "16"
    assert page.one("dl.pairs dd").get_text() == "14"
    assert "14" in progress(coach, client).main, "nothing was overwritten"
    assert page.submit(score="16", follow=False).status == 303
    assert "16" in progress(coach, client).main


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"score": "veel"}, {"score"}),
        ({"score": "6", "range_low": "1", "range_high": "5"}, {"score"}),
        ({"range_low": "5", "range_high": "1"}, {"range_high"}),
        ({"taken_on": "2027-01-01"}, {"taken_on"}),
        ({"name": "", "score": "", "taken_by": None}, {"name", "score", "taken_by"}),
    ],
)
def test_a_score_that_cannot_be(
    coach: PageClient, world: World, wrong: dict[str, str], refused: set[str]
) -> None:
    path = f"/clients/{told(world, [], 91)}/measures/new"
    given = {"name": "Lijst", "taken_on": "2026-04-01", "taken_by": "gp", "score": "3"}
    page = coach.get(path).submit(path, **{**given, **wrong})
    assert (page.status, set(page.errors)) == (422, refused)


# Phases


@pytest.mark.parametrize(
    ("phase", "hint"),
    [
        ("crisis", "Een wandeling van 20 tot 30 minuten"),
        ("problem_solving", "Oefen met wat echt gebeurt"),
        ("application", "Een plan voor als het weer te veel wordt"),
    ],
)
def test_what_a_phase_asks_stands_with_the_client_and_the_plan(
    coach: PageClient, world: World, phase: str, hint: str
) -> None:
    client = make_client(world, recovery_phase=phase)
    for path in (f"/clients/{client}", f"/walks/new?client={client}"):
        shown = coach.get(path).one("[data-phase]")
        assert shown["data-phase"] == phase and hint in shown.get_text()


def test_without_a_phase_there_is_no_hint(coach: PageClient, world: World) -> None:
    client = make_client(world, consent_health=True)
    assert not coach.get(f"/walks/new?client={client}").select("[data-phase]")


def test_a_review_says_that_its_safety_questions_were_not_asked(coach: PageClient, world: World) -> None:
    client = told(world, [], 91)
    assert not progress(coach, client).select("[data-unasked]")
    done = coach.get(f"/clients/{client}/reviews/new").submit(felt_energy="yes", felt_functioning="yes")
    assert done.select("[data-unasked]")
    asking = done.follow("Stel de drie veiligheidsvragen")
    assert asking.status == 200 and asking.path.startswith(f"/clients/{client}/safety")
    safety.ask(world.store, world.coach(), client, {"S1": "no"}, world.now, world.now.date())
    assert not progress(coach, client).select("[data-unasked]")


@pytest.mark.parametrize(("ask", "questions"), [("again", 3), ("all", 16)])
def test_what_was_agreed_is_kept_before_the_questions_are_asked(
    coach: PageClient, world: World, ask: str, questions: int
) -> None:
    """Nothing on the form of a review leads away from what was typed."""
    client = make_client(world, consent_health=True)
    form = coach.get(f"/clients/{client}/reviews/new")
    assert len(form.submit(press=f"ask={ask}").select("[role=radiogroup]")) == questions
    asking = form.submit(press=f"ask={ask}", agreed="Vaker rusten")
    assert len(asking.select("[role=radiogroup]")) == questions and "Bewaard." in asking.main
    kept = coach.get(f"/clients/{client}/progress").select("a[href*='/reviews/']:not([href$=new])")
    assert [coach.get(str(one["href"])).one("[name=agreed]").get_text().strip() for one in kept] == [
        "Vaker rusten"
    ]
