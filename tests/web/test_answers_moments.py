"""When an answer counts: before and after a walk, with and without consent, and for the walk as it is."""

from __future__ import annotations

import pytest

from planner.domain.answers import PAGE_ASKS
from planner.services.clients import answers, consents
from planner.services.walks import walks
from tests import makers
from tests.conftest import World
from tests.test_addresses import state
from tests.web.answering import (
    CANNOT,
    COMING,
    HEALTHY,
    WEDNESDAY,
    YES,
    Side,
    buttons,
    change,
    side,
    walked,
)


@pytest.fixture
def asked(world: World) -> Side:
    """Everything is turned on, the client agreed, and a walk was walked on Friday."""
    return side(world, " ".join(PAGE_ASKS))


# Moments


def test_the_check_in_is_asked_within_two_days_and_never_shown_back(asked: Side) -> None:
    asked.world.set_clock("2026-11-23T09:59:50")
    assert not asked.page.select("[name=energy_week]")
    assert asked.send("check-in", HEALTHY).status == 422
    asked.world.set_clock("2026-11-23T10:00:01")
    page = asked.page
    for name in HEALTHY:
        values = [tag["value"] for tag in page.select(f"[name={name}]")]
        assert values == [*map(str, range(11)), ""], "eleven chips, and one to leave it out"
    assert not page.one("details:has([name=energy_week])").has_attr("open")
    action = f"{asked.link}walks/{asked.walk}/check-in"
    page = page.submit(action, energy_week="4")
    kept = asked.kept()
    assert kept is not None and (kept.energy_week, kept.functioning_week) == (4, None), "one by one"
    assert "Wat je invulde is bewaard." in page.main
    assert page.one("#sent").get_text() == "Dank je. Je antwoorden zijn bewaard.", "outside the fold"
    assert not page.select("details #sent")
    assert not page.select('[name=energy_week][checked]:not([value=""])'), "numbers do not stand on this page"
    asked.send("check-in", {"functioning_week": "6"})
    kept = asked.kept()
    assert kept is not None and (kept.energy_week, kept.functioning_week) == (4, 6), (
        "what is not touched stays"
    )
    asked.send("check-in", {"energy_week": ""})
    kept = asked.kept()
    assert kept is not None and (kept.energy_week, kept.functioning_week) == (None, 6), "rather not"
    asked.world.set_clock("2026-11-25T10:00:01")
    assert not asked.page.select("[name=energy_week]")
    assert asked.send("check-in", HEALTHY).status == 422


def test_a_check_in_with_nothing_in_it_is_thanked_for_as_well(asked: Side) -> None:
    asked.world.set_clock("2026-11-23T10:00:01")
    assert "Dank je." in asked.send("check-in", {}, follow=True).main
    kept = asked.kept()
    assert kept is not None and not kept.checked_in
    asked.world.set_clock("2026-11-23T11:00:02")
    assert "Dank je." not in asked.page.main


def test_the_signs_are_asked_after_a_walk_without_its_day_or_place(asked: Side) -> None:
    walk = walked(asked)
    page = asked.page
    fold = page.one("details:has([name=energised])")
    assert not fold.has_attr("open")
    for words in ("Ik ging energieker weg", "Ik kon er meteen iets mee", "Ik merkte verschil in mijn lijf"):
        assert words in fold.get_text()
    for hidden in ("2026-11-20", "20 november", "oude eik"):
        assert hidden not in page.text
    page = page.submit(f"{asked.link}walks/{walk}/signs", energised="yes", usable="a_bit", body_change="no")
    assert "Dank je. Je antwoorden zijn bewaard." in page.main
    assert not page.select("[name=energised]"), "asked until it is answered"
    kept = asked.kept(walk)
    assert kept is not None and list(kept.signs.values()) == ["yes", "a_bit", "no", None]
    asked.world.set_clock("2026-11-23T11:00")
    assert "Dank je" not in asked.page.main


def test_the_signs_are_asked_for_seven_days(asked: Side) -> None:
    walk = walked(asked, "2026-11-20T10:00")  # 40 minutes
    asked.world.set_clock("2026-11-27T10:39:50")
    assert asked.page.select("[name=energised]")
    asked.world.set_clock("2026-11-27T10:40:01")
    assert not asked.page.select("[name=energised]")
    before = state(asked.world)
    page = asked.send("signs", YES, walk)
    assert (page.status, state(asked.world)) == (409, before)
    assert "Je hoeft niets te doen." in page.main


@pytest.mark.parametrize("outcome", ["no_show", "ill", "cancelled_late", "weather"])
def test_the_signs_are_asked_of_a_walk_that_was_walked(asked: Side, outcome: str) -> None:
    walk = walked(asked, outcome=outcome)
    assert not asked.page.select("[name=energised]")
    assert asked.send("signs", YES, walk).status == 422


def test_only_the_last_walk_is_asked_about(asked: Side) -> None:
    walked(asked, "2026-11-19T10:00")
    last = walked(asked, "2026-11-20T10:00")
    assert asked.page.select(f'form[action="{asked.link}walks/{last}/signs"]')
    assert len(asked.page.select("form[action$=signs]")) == 1
    asked.send("signs", {}, last)
    assert not asked.page.select("form[action$=signs]"), "sent without an answer is an answer too"


# Consent decides


def test_p01_without_consent_nothing_about_health_is_asked_or_kept(world: World) -> None:
    one = side(world, " ".join(PAGE_ASKS), consent=False)
    past = walked(one)
    page = one.page
    assert not page.select("[name=energy_week], [name=energised]")
    assert page.select("[name=length]") and page.select("button[value=coming]"), "the rest is"
    before = state(world)
    assert one.send("check-in", HEALTHY).status == 422
    assert one.send("signs", YES, past).status == 422
    assert state(world) == before


@pytest.mark.parametrize("new_link", [False, True])
def test_p03_consent_withdrawn_between_page_and_post(asked: Side, new_link: bool) -> None:
    past, world = walked(asked), asked.world
    world.set_clock("2026-11-23T12:00")
    assert asked.page.select("[name=energy_week]") and asked.page.select("[name=energised]")
    version = consents.text_version("health")
    consents.decide(world.store, world.coach(), asked.client, "health", "no", version, world.now)
    if new_link:
        asked.link = makers.make_link(world, asked.client)
    before = state(world)
    found = [asked.send("check-in", HEALTHY).status, asked.send("signs", YES, past).status]
    assert found == ([422, 422] if new_link else [404, 404]), "the old link stopped with the consent"
    assert state(world) == before
    if new_link:
        assert asked.send("answer", CANNOT).status == 303, "whether one comes is not about health"


def test_p03_numbers_stay_shut_and_are_not_emptied(asked: Side) -> None:
    world = asked.world
    world.set_clock("2026-11-23T12:00")
    asked.send("check-in", HEALTHY)
    version = consents.text_version("health")
    consents.decide(world.store, world.coach(), asked.client, "health", "no", version, world.now)
    asked.link = makers.make_link(world, asked.client)
    asked.send("answer", CANNOT)
    with world.store.db.reading(world.coach().scope) as session:
        client = walks.open_client(world.store, session, asked.client)
        assert not answers.of_walk(world.store, session, client, asked.walk).checked_in
    kept = asked.kept()
    assert kept is not None and (kept.answer, kept.energy_week) == ("cannot", 4)


# A walk that is not what it was


def cancel(one: Side) -> None:
    walks.cancel(one.world.store, one.world.coach(), one.walk, "coach", one.world.now)


def done(one: Side) -> None:
    makers.make_note(one.world, one.walk)


def over(one: Side) -> None:
    one.world.set_clock("2026-11-25T10:41")


CHANGES = {
    "cancelled": (cancel, "Deze wandeling gaat niet door."),
    "done": (done, "een wandeling die voorbij is"),
    "over": (over, "een wandeling die voorbij is"),
    "moved": (lambda one: change(one.world, one, "2026-11-26T10:00"), "heeft nu een andere tijd"),
}


@pytest.mark.parametrize("what", ["answer", "check-in"])
@pytest.mark.parametrize("kind", CHANGES)
def test_changed_between_page_and_post(asked: Side, kind: str, what: str) -> None:
    asked.world.set_clock("2026-11-23T10:30")
    form = asked.page
    act, words = CHANGES[kind]
    act(asked)
    before = state(asked.world)
    given = {"press": "answer=cannot"} if what == "answer" else dict(HEALTHY)
    forms = form.select(f'form[action$="/{asked.walk}/{what}"]')
    data = {str(tag["name"]): str(tag["value"]) for tag in forms[0].select("input[type=hidden]")}
    page = asked.send(what, data | (CANNOT if "press" in given else given))
    assert page.status == 409
    assert words in page.main
    assert state(asked.world) == before
    assert page.follow("Naar je wandelingen").status == 200


def test_an_answer_about_another_time_does_not_count(asked: Side) -> None:
    asked.send("answer", {"answer": "cannot", "length": "short"})
    change(asked.world, asked, "2026-11-26T10:00")
    page = asked.page
    assert "Je coach weet" not in page.main and "Je koos" not in page.main
    assert "Ik kan niet" in buttons(page)
    asked.send("answer", COMING)
    kept = asked.kept()
    assert kept is not None and (kept.answer, kept.length) == ("coming", ""), "what was said before is gone"
    change(asked.world, asked, WEDNESDAY)
    assert "Je coach weet" not in asked.page.main, "nor does it count when the walk comes back"


def test_a_script_that_knows_the_contract_only(asked: Side) -> None:
    change(asked.world, asked, "2026-11-26T10:00")
    assert asked.send("answer", CANNOT).status == 303
    for nonsense in ("yesterday", "2026-11-26", "x" * 16):
        assert asked.send("answer", CANNOT | {"about": nonsense}).status == 409
    assert asked.send("answer", CANNOT | {"about": "x" * 17}).status == 422
