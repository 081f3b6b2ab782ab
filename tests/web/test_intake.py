"""The intake: at most twelve questions, health only after a yes, and what was not asked stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.domain.clients import INTAKE_QUESTIONS, MAX_INTAKE_QUESTIONS, PriorHelp, Recognition
from planner.services.clients import clients
from planner.services.clients.clients import OpenClient
from planner.services.people import practices
from planner.services.people.practices import ChangePractice
from tests.conftest import World
from tests.factories import make_client
from tests.page_client import Page, PageClient

EVERYTHING = {
    "help_question": "Hoe zeg ik nee?",
    "themes": ["no_boundaries", "other"],
    "themes_own": "Altijd aan staan",
    "recognise_movement": "3",
    "recognise_practice": "0",
    "help1_kind": "psychologist",
    "help1_since": "2026-03-01",
    "help1_energy": "no",
    "help1_functioning": "no",
    "help2_kind": "gp",
    "co_treatment": ["gp"],
    "who_else_helps": "Mijn zus",
    "goal": "Vrijdag om vijf uur naar huis",
    "target_functioning": "8",
    "walks_agreed": "10",
    "planned_end_on": "2027-03-01",
    "health_flags": ["injury"],
    "accessibility": ["flat", "benches"],
    "accessibility_text": "Linkerknie",
    "environment_likes": ["forest"],
    "environment_avoid": ["beach"],
    "pace_kmh": "3,5",
    "max_minutes": "30",
    "weather_wishes": ["no_rain"],
    "acquaintances": "say_hello",
    "emergency_contact": "Zus, 06 87654321",
}


def intake(browser: PageClient, client: int) -> Page:
    return browser.get(f"/clients/{client}/intake")


def kept(world: World, client: int) -> OpenClient:
    return clients.of_coach(world.store, world.coach(), client)


def ask(world: World, *codes: str) -> None:
    """The practice asks these questions."""
    opened = practices.open_practice(world.store, world.coach())
    settings = replace(opened.settings, intake_asked=codes)
    command = ChangePractice(settings, opened.contact, opened.version)
    practices.change(world.store, world.coach(), command, world.now)


def everything(world: World) -> None:
    ask(world, *(question.code for question in INTAKE_QUESTIONS))


def test_at_most_twelve_questions(coach: PageClient, world: World) -> None:
    everything(world)
    page = intake(coach, make_client(world, consent=True))
    assert 0 < len(page.select("section.question h2")) <= MAX_INTAKE_QUESTIONS
    assert not [
        tag for tag in page.select("main form input[type=radio][checked]") if tag["value"] in ("yes", "3")
    ]


def test_everything_comes_back(coach: PageClient, world: World) -> None:
    everything(world)
    client = make_client(world, consent=True)
    done = intake(coach, client).submit(**EVERYTHING)
    assert (done.status, done.path) == (200, f"/clients/{client}")
    again = intake(coach, client)
    for name, value in EVERYTHING.items():
        inputs = again.select(f'main [name="{name}"]')
        if inputs[0].name == "select":
            shown = [str(tag["value"]) for tag in inputs[0].select("[selected]")]
        elif inputs[0].get("type") in ("checkbox", "radio"):
            shown = [str(tag["value"]) for tag in inputs if tag.has_attr("checked")]
        else:
            shown = [str(inputs[0].get("value") or inputs[0].get_text().removeprefix("\n"))]
        assert shown == (value if isinstance(value, list) else [value]), name
    found = kept(world, client)
    assert found.health is not None
    assert found.health.reason_recognition == Recognition(movement=3, practice=0)
    assert [one.kind for one in found.health.prior_help] == ["psychologist", "gp"]
    assert found.details.walks_agreed == 10


def test_the_dossier_says_what_the_intake_told(coach: PageClient, world: World) -> None:
    everything(world)
    client = make_client(world, consent=True)
    page = intake(coach, client).submit(**EVERYTHING)
    for words in (
        "Linkerknie",
        "blessure",
        "Vrijdag om vijf uur naar huis",
        "Mijn zus",
        "Liever niet in de regen",
    ):
        assert words in page.main, words
    assert "sinds maart 2026" in page.main, "eight months without change: the three-month rule speaks"
    assert "andere aanpak" in page.main


def test_only_what_the_practice_asks(coach: PageClient, world: World) -> None:
    ask(world, "goal", "acquaintances")
    client = make_client(world, consent=True, help_question="Hoe zeg ik nee?", environment_likes=["forest"])
    page = intake(coach, client)
    assert len(page.select("section.question")) == 2
    page.submit(goal="Elke dag tien minuten buiten", help_question="iets anders", environment_likes=["beach"])
    found = kept(world, client)
    assert found.health is not None
    assert found.health.goal == "Elke dag tien minuten buiten"
    assert found.health.help_question == "Hoe zeg ik nee?", "what was not asked is not changed"
    assert found.details.environment_likes == ("forest",)


def test_without_consent_the_consent_step_stands_there_instead(coach: PageClient, world: World) -> None:
    client = make_client(world)
    page = intake(coach, client)
    assert "Eerst: vindt Sanne dit goed?" in page.main
    assert "Toestemming om iets over mijn gezondheid te bewaren" in page.main
    assert not page.select('[name="goal"]') and not page.select('[name="health_flags"]')
    assert page.select('[name="acquaintances"]'), "what is not about health can be asked"
    done = page.submit(f"/clients/{client}/intake", acquaintances="walk_on")
    assert done.status == 200
    assert kept(world, client).details.acquaintances == "walk_on"


def test_a_yes_leads_back_to_the_questions(coach: PageClient, world: World) -> None:
    client = make_client(world)
    yes = next(
        form for form in intake(coach, client).select("form") if form.select('[name="answer"][value="yes"]')
    )
    data = {str(tag["name"]): str(tag["value"]) for tag in yes.select("input")}
    page = coach.post(str(yes["action"]), data, follow=True)
    assert page.path == f"/clients/{client}/intake"
    assert page.select('[name="goal"]')


@pytest.mark.parametrize(
    ("field", "typed", "beside"),
    [
        ("help_question", "Ik slaap slecht", "help_question"),
        ("recognise_feeling", "2", "recognise_movement"),
        ("help1_kind", "gp", "help1_kind"),
        ("goal", "Een keer nee zeggen", "goal"),
        ("health_flags", ["panic"], "health_flags"),
        ("accessibility_text", "Linkerknie", "accessibility_text"),
    ],
)
def test_p01_the_intake_refuses_health_without_consent(
    coach: PageClient, world: World, field: str, typed: object, beside: str
) -> None:
    client = make_client(world)
    page = intake(coach, client).submit(f"/clients/{client}/intake", **{field: typed, "walks_agreed": "5"})
    assert (page.status, set(page.errors)) == (422, {beside})
    assert kept(world, client).details.walks_agreed is None, "nothing of the form is stored"
    done = page.submit(f"/clients/{client}/intake", consent_health="1")
    assert done.status == 200, "what was typed stays, and can be kept with a yes"
    found = kept(world, client)
    assert found.health_consent and found.health is not None and clients.filled(found.health)
    assert found.details.walks_agreed == 5


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("walks_agreed", "0"),
        ("walks_agreed", "heel veel"),
        ("planned_end_on", "2026-02-30"),
        ("target_functioning", "11"),
        ("recognise_movement", "4"),
        ("help1_kind", "tovenaar"),
        ("pace_kmh", "0"),
    ],
)
def test_what_cannot_be_is_refused(coach: PageClient, world: World, field: str, typed: str) -> None:
    client = make_client(world, consent=True)
    page = intake(coach, client).submit(goal="Een keer nee zeggen", **{field: typed})
    assert page.status == 422
    assert field in page.errors
    assert page.one('[name="goal"]')["value"] == "Een keer nee zeggen"


def test_a_second_tab_loses_nothing(coach: PageClient, world: World) -> None:
    client = make_client(world, consent=True)
    tab = intake(coach, client)
    intake(coach, client).submit(goal="Van de ander")
    page = tab.submit(goal="Van mij")
    assert page.status == 409
    assert "Van de ander" in page.one(".note-box dl").get_text()
    assert page.submit().status == 200
    health = kept(world, client).health
    assert health is not None and health.goal == "Van mij"


def test_help_that_changed_nothing_is_no_blame(world: World) -> None:
    """The rule speaks of the help, never of the client (A3)."""
    help_ = PriorHelp("psychologist", world.now.date().replace(month=3), "no", "no")
    assert help_.result(world.now.date()) == "discuss_other_approach"
