"""The minutes of a note come from the plan of its walk, or are not there."""

from __future__ import annotations

from datetime import datetime

import pytest

from planner.services.notes import note_pages
from planner.services.walks import walks
from tests.conftest import World
from tests.makers import an_exercise, make_client, make_walk
from tests.page_client import PageClient
from tests.web.test_note_parts import choose, note_of, values


@pytest.fixture
def client(world: World) -> int:
    return make_client(world, "Sanne", consent_health=True)


@pytest.fixture
def walk(world: World, client: int) -> int:
    walk = make_walk(world, client, "2026-11-23T10:00", minutes=40)
    world.set_clock("2026-11-23T11:30")
    return walk


def test_minutes_are_filled_in_from_the_plan(world: World, coach: PageClient, walk: int) -> None:
    choose(coach, "minutes")
    client = note_pages.page(world.store, world.coach(), walk).client.id
    bench = make_walk(world, client, "2026-11-23T08:00", exercises=(an_exercise(world, "real-rest"),))
    page = note_of(coach, bench)
    assert (values(page, "minutes_walked"), values(page, "minutes_still")) == (["35"], ["5"])
    assert page.select('details[open] [name="minutes_walked"]'), "what will be kept is seen"


def test_without_a_plan_no_minutes_are_made_up(world: World, coach: PageClient, client: int) -> None:
    choose(coach, "minutes")
    planned = walks.plan(
        world.store, world.coach(), walks.PlanWalk(client, datetime(2026, 11, 23, 10), 40), world.now
    )
    world.set_clock("2026-11-23T11:30")
    page = note_of(coach, planned.walk_id or 0)
    assert (values(page, "minutes_walked"), values(page, "minutes_still")) == ([""], [""])
    assert page.submit(outcome="walked").status == 200
    assert values(note_of(coach, planned.walk_id or 0), "minutes_walked") == [""]


def test_what_was_planned_is_not_said_of_a_walk_that_did_not_take_place(
    world: World, coach: PageClient, client: int
) -> None:
    walk = make_walk(world, client, "2026-11-23T10:00", exercises=(an_exercise(world),))
    world.set_clock("2026-11-23T11:30")
    choose(coach, "minutes")
    page = note_of(coach, walk)
    assert page.one("details[open] [name=planned_step]")["value"]
    for _ in range(2):
        sent = page.submit(outcome="weather", energy_before=4, minutes_still=12)
        assert sent.status == 200, "the same form twice is one note"
    again = note_of(coach, walk)
    assert values(again, "home_step") == [""] and values(again, "minutes_walked") == [""]
    assert values(again, "minutes_still") == ["12"], "what was typed stays"
    assert not again.select('[name="tool_for_today"][value]:not([value=""])[checked]')


def test_no_step_is_agreed_that_nobody_chose(world: World, coach: PageClient, client: int) -> None:
    """A step for home is one tap away, also without a script; until then it is nobody's."""
    with_plan = make_walk(world, client, "2026-11-23T10:00", exercises=(an_exercise(world),))
    world.set_clock("2026-11-23T11:30")
    page = note_of(coach, with_plan)
    step = page.one('[name="planned_step"]:not([checked])')["value"]
    assert step.count(":") <= 1
    kept = page.submit(felt_text="Stil", follow=False)
    content = note_pages.page(world.store, world.coach(), with_plan).note.content
    assert kept.status == 303 and (content.home_step, content.has_tool) == ("", True)
    long = page.submit(planned_step=step, home_step="x" * 1000)
    assert long.status == 422 and set(long.errors) == {"home_step"}, "both together are too long"
    refused = page.submit(planned_step=step, energy_after=11)
    assert refused.one("textarea[name=home_step]").get_text().strip() == step, "tapped, so it stands there"
    refused.submit(energy_after=6, version=1)
    content = note_pages.page(world.store, world.coach(), with_plan).note.content
    assert content.home_step == step
