"""What suggestions learn from the coach's choices, and that the reason that is told is the right one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from planner.models import EVERYONE, Client, ExerciseChoice
from planner.services.toolkit import exercise_choices
from tests.conftest import World
from tests.factories import make_client, make_exercise, make_walk
from tests.makers import make_walk as keep_walk
from tests.page_client import PageClient
from tests.web.planning import exercises_on, plan_form


@pytest.fixture
def sanne(world: World) -> int:
    return make_client(world, first_name="Sanne")


def test_what_was_taken_and_what_refused_is_counted(coach: PageClient, world: World, sanne: int) -> None:
    """Kept, taken out, and added from what was offered; what the coach found in the whole list was no suggestion."""
    page = plan_form(coach, sanne)
    kept, refused = exercises_on(page)
    offered = int(str(page.select('button[name="move"][value^="exercise:"]')[0]["value"]).partition(":")[2])
    own = make_exercise(world, title="Zelf gevonden", reasons=["feeling"])
    rows = [str(tag["value"]) for tag in page.select('[name="parts"]')]
    page = page.submit(press=f"move=remove:{rows.index(f'exercise:{refused}')}")
    page = page.submit(press=f"move=exercise:{offered}").submit(press="move=choose", choose=own)
    page.submit(press="action=save")
    with world.store.db.reading(world.coach().scope) as session:
        counted = exercise_choices.of_client(session, sanne)
    assert {one: (count.taken, count.of) for one, count in counted.items()} == {
        kept: (1, 1), refused: (0, 1), offered: (1, 1),
    }  # fmt: skip
    assert "1 van de 1 keer gekozen" in coach.get(f"/clients/{sanne}").main


def test_refused_twice_is_not_put_in_any_more(coach: PageClient, world: World, sanne: int) -> None:
    first, second = exercises_on(plan_form(coach, sanne))
    for day in ("2026-10-06", "2026-10-13"):
        keep_walk(world, sanne, f"{day}T10:00", suggested=(first, second), exercises=(second,))
    with world.store.db.reading(world.coach().scope) as session:
        counted = exercise_choices.of_client(session, sanne)
    assert (counted[first].taken, counted[first].of) == (0, 2)
    assert (counted[second].taken, counted[second].of) == (2, 2)
    page = plan_form(coach, sanne)
    assert first not in exercises_on(page)
    assert page.select(f'select[name="choose"] option[value="{first}"]'), "it never vanishes"
    assert "0 van de 2 keer gekozen" in coach.get(f"/clients/{sanne}").main


def test_changing_the_walk_changes_what_is_counted_once(coach: PageClient, world: World, sanne: int) -> None:
    page = plan_form(coach, sanne)
    first, second = exercises_on(page)
    walk = page.submit(press="action=save").path
    edit = coach.get(f"{walk}/edit")
    assert exercises_on(edit) == [first, second]
    rows = [str(tag["value"]) for tag in edit.select('[name="parts"]')]
    edit = edit.submit(press=f"move=remove:{rows.index(f'exercise:{first}')}")
    edit.submit(press="action=save")
    dossier = coach.get(f"/clients/{sanne}").main
    assert "0 van de 1 keer gekozen" in dossier and "1 van de 1 keer gekozen" in dossier


def test_not_the_same_three_times_in_a_row(coach: PageClient, world: World, sanne: int) -> None:
    first, _second = exercises_on(plan_form(coach, sanne))
    for day in ("2026-11-10", "2026-11-17"):
        make_walk(world, sanne, date=day, time="10:00", exercise_ids=[first])
    assert first not in exercises_on(plan_form(coach, sanne))


def test_the_least_served_reason_leads_also_after_hiding_an_exercise(
    coach: PageClient, world: World, sanne: int
) -> None:
    every = make_exercise(world, title="Alles", reasons=["movement", "practice", "feeling"])
    for day in ("2026-11-17", "2026-11-24"):
        make_walk(world, sanne, date=day, time="10:00", exercise_ids=[every])
    coach.get(f"/toolkit/{every}").submit(f"/toolkit/{every}/hide")
    page = plan_form(coach, sanne)
    first = page.select("ol.parts [data-exercise] [data-reason]")[0]
    assert (first["data-reason"], first["data-codes"], first["data-value"], first["data-limit"]) == (
        "least_served", "environment", "0", "1",
    ), "what is planned did not take place yet"  # fmt: skip


def test_what_is_remembered_goes_with_the_client(world: World, sanne: int) -> None:
    exercise = make_exercise(world)
    keep_walk(world, sanne, "2026-12-01T10:00", suggested=(exercise,), exercises=(exercise,))
    with world.store.db.transaction(world.coach().scope, world.now) as session:
        session.delete(session.scalars(select(Client).where(Client.id == sanne)).one())
    with world.store.db.reading(EVERYONE) as session:
        assert not session.scalars(select(ExerciseChoice)).all()
