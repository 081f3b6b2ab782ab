"""The shipped toolkit in a practice: later editions, what the coach changed, and what stands in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from planner.domain.exercise_filter import ExerciseFilter
from planner.domain.exercises import DEMANDS, KINDS, PLACES, WEATHER, ExerciseFacts, ExerciseTexts
from planner.domain.reasons import REASONS
from planner.models import Exercise, Scope
from planner.services.store import Conflict, NotFound, practice_of
from planner.services.toolkit import toolkit
from planner.services.toolkit.toolkit import ToolkitExercise, WriteExercise
from planner.services.toolkit.toolkit_data import ShippedToolkit, shipped_toolkit
from tests.conftest import World


def later_edition() -> ShippedToolkit:
    """Every title changed, one exercise new."""
    now = shipped_toolkit()
    changed = [
        replace(one, texts=replace(one.texts, title_nl=one.texts.title_nl + " 2")) for one in now.exercises
    ]
    extra = replace(changed[0], key="one-more")
    return replace(now, content_version=now.content_version + 1, exercises=(*changed, extra))


def load(world: World, edition: ShippedToolkit | None = None) -> int:
    scope = Scope(world.coach("anna").owner_id, None, "jobs")
    with world.store.db.transaction(scope, world.now) as session:
        return toolkit.load_shipped(world.store, session, practice_of(session, scope), world.now, edition)


def kit(world: World, who: str = "anna") -> dict[str | None, ToolkitExercise]:
    return {one.key: one for one in toolkit.listing(world.store, world.coach(who))}


def test_loading_the_same_edition_again_changes_nothing(world: World) -> None:
    before = kit(world)
    assert load(world) == 0
    assert kit(world) == before


def test_a_later_edition_leaves_alone_what_the_coach_edited(world: World) -> None:
    edited = kit(world)["awe-walk"]
    hidden = kit(world)["worry-bench"]
    texts = replace(edited.texts, title_nl="Van mij")
    command = WriteExercise(edited.facts, texts, edited.version)
    toolkit.edit(world.store, world.coach("anna"), edited.id, command, world.now)
    toolkit.set_hidden(world.store, world.coach("anna"), hidden.id, True, world.now)
    assert load(world, later_edition()) == 30  # 29 renewed and one new
    after = kit(world)
    assert after["awe-walk"].title("nl") == "Van mij"
    assert after["worry-bench"].hidden
    assert after["worry-bench"].id == hidden.id
    assert sum(one.title("nl").endswith(" 2") for one in after.values()) == 30
    assert load(world, later_edition()) == 0


def test_another_practice_keeps_its_own_edition(world: World) -> None:
    load(world, later_edition())
    assert not any(one.title("nl").endswith(" 2") for one in kit(world, "bram").values())


def test_every_practice_is_brought_up_to_date_once(world: World) -> None:
    assert toolkit.load_everywhere(world.store, world.now) == 0
    assert toolkit.load_everywhere(world.store, world.now, later_edition()) == 2 * 31
    assert all(one.title("nl").endswith(" 2") for one in kit(world, "bram").values())
    assert toolkit.load_everywhere(world.store, world.now, later_edition()) == 0


def test_words_are_sealed_and_codes_are_not(world: World) -> None:
    coach = world.coach("anna")
    facts = ExerciseFacts("body", ("movement",), 3, 5, ("walking",))
    words = ExerciseTexts(title_nl="Geheime zin", steps_nl=("Loop",))
    made = toolkit.create(world.store, coach, WriteExercise(facts, words), world.now)
    with world.store.db.reading(coach.scope) as session:
        row = session.scalar(select(Exercise).where(Exercise.id == made))
        assert row is not None
        assert b"Geheime" not in row.sealed
        assert "Geheime" not in row.facts
        assert '"movement"' in row.facts


def test_a_stale_edit_is_refused_and_a_strange_id_is_not_there(world: World) -> None:
    coach, one = world.coach("anna"), kit(world)["awe-walk"]
    newer = WriteExercise(one.facts, replace(one.texts, title_nl="Nieuw"), one.version)
    toolkit.edit(world.store, coach, one.id, newer, world.now)
    older = WriteExercise(one.facts, replace(one.texts, title_nl="Oud"), one.version)
    with pytest.raises(Conflict):
        toolkit.edit(world.store, coach, one.id, older, world.now)
    with pytest.raises(NotFound):
        toolkit.edit(world.store, coach, 1, older, world.now)
    with pytest.raises(NotFound):
        toolkit.show(world.store, world.coach("bram"), one.id)


facts = st.builds(
    ExerciseFacts,
    kind=st.sampled_from(KINDS),
    reasons=st.lists(st.sampled_from(REASONS), min_size=1, unique=True).map(tuple),
    minutes_min=st.integers(1, 30),
    minutes_max=st.just(40),
    places=st.lists(st.sampled_from(PLACES), min_size=1, unique=True).map(tuple),
    rain_ok=st.booleans(),
    cold_ok=st.booleans(),
    heat_ok=st.booleans(),
    energy_demand=st.sampled_from(DEMANDS),
)
asked = {
    "reason": st.sampled_from(REASONS),
    "kind": st.sampled_from(KINDS),
    "minutes": st.integers(1, 40),
    "place": st.sampled_from(PLACES),
    "weather": st.sampled_from(WEATHER),
    "energy": st.sampled_from(DEMANDS),
}


@given(facts, st.fixed_dictionaries({}, optional=asked))
def test_asking_more_never_finds_more(exercise: ExerciseFacts, wish: dict[str, object]) -> None:
    """Save that weather stops counting once the place is online."""
    every = ExerciseFilter(**wish)  # type: ignore[arg-type]
    assert every.asks == bool(wish)
    if every.takes(exercise):
        for name in wish:
            fewer = {key: value for key, value in wish.items() if key != name}
            if name != "place" or wish.get("weather") is None:
                assert ExerciseFilter(**fewer).takes(exercise)  # type: ignore[arg-type]
