"""Which exercises are proposed, on the shipped toolkit itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import plan_checks
from planner.domain.exercise_wish import Chosen, Wish
from planner.domain.exercises import (
    CAUTIONS,
    PHASES,
    PLACES_OF_SETTING,
    SETTINGS,
    WEATHER,
    ClientFacts,
    ExerciseFacts,
)
from planner.domain.reasons import REASONS
from planner.domain.suggestion_why import AGAINST, WHY, Why, explained
from planner.domain.suggestions import (
    WEATHER_OF_REASON,
    Suggestion,
    fitting_exercises,
    rank,
    suggested_next,
    weather_of,
)
from planner.domain.weather_values import REASON_CODES
from planner.services.toolkit.toolkit_data import shipped_toolkit

TOOLKIT = tuple(
    replace(shipped.facts, id=number) for number, shipped in enumerate(shipped_toolkit().exercises, start=1)
)
BY_KEY = {facts.key: facts for facts in TOOLKIT}

clients = st.builds(
    ClientFacts,
    health_flags=st.frozensets(st.sampled_from(CAUTIONS), max_size=4),
    recovery_phase=st.none() | st.sampled_from(PHASES),
)
few = st.integers(0, 3)
wishes = st.builds(
    Wish,
    setting=st.sampled_from(SETTINGS),
    minutes=st.integers(5, 90),
    client=clients,
    weather=st.frozensets(st.sampled_from(WEATHER)),
    need=st.permutations(REASONS).map(tuple),
    worked=st.frozensets(st.integers(1, 30), max_size=4),
    in_a_row=st.dictionaries(st.integers(1, 30), st.integers(1, 4), max_size=4),
    chosen=st.dictionaries(
        st.integers(1, 30),
        st.builds(lambda taken, refused: Chosen(taken, taken + refused), few, few),
        max_size=4,
    ),
    benches=st.booleans(),
)


def keys(suggestions: tuple[Suggestion, ...]) -> list[str | None]:
    return [suggestion.exercise.key for suggestion in suggestions]


@given(wishes)
def test_what_is_proposed_can_be_done(wish: Wish) -> None:
    for suggestion in fitting_exercises(TOOLKIT, wish):
        exercise = suggestion.exercise
        assert set(exercise.places) & PLACES_OF_SETTING[wish.setting]
        assert exercise.minutes_min <= wish.minutes - 5
        assert set(suggestion.cautions) == set(exercise.cautions) & wish.client.health_flags
        if wish.client.recovery_phase == "crisis":
            assert "crisis" in exercise.phases
            assert exercise.energy_demand != "high"
        if wish.setting == "outdoors":
            assert exercise.rain_ok or "rain" not in wish.weather
            assert exercise.cold_ok or "cold" not in wish.weather
            assert exercise.heat_ok or "heat" not in wish.weather
        assert {why.code for why in suggestion.why} <= set(WHY)
        assert {why.of for why in suggestion.why if why.of} == set(exercise.reasons)


@given(wishes)
def test_a_caution_flags_and_never_hides(wish: Wish) -> None:
    without = replace(wish, client=replace(wish.client, health_flags=frozenset()))
    assert sorted(map(str, keys(fitting_exercises(TOOLKIT, wish)))) == sorted(
        map(str, keys(fitting_exercises(TOOLKIT, without)))
    )


@given(wishes)
def test_the_least_served_reason_comes_first(wish: Wish) -> None:
    wish = replace(wish, chosen={}, in_a_row={})
    found = fitting_exercises(TOOLKIT, wish)
    serves = [wish.need[0] in suggestion.exercise.reasons for suggestion in found]
    if wish.client.recovery_phase != "crisis":
        assert serves == sorted(serves, reverse=True)
    loads = [suggestion.exercise.cognitive_load == "low" for suggestion in found]
    if wish.client.recovery_phase == "crisis":
        assert loads == sorted(loads, reverse=True)


@given(st.sampled_from(("indoors", "online")), st.frozensets(st.sampled_from(WEATHER)))
def test_weather_counts_only_outdoors(setting: str, weather: frozenset[str]) -> None:
    assert keys(fitting_exercises(TOOLKIT, Wish(setting, 40, weather=weather))) == keys(
        fitting_exercises(TOOLKIT, Wish(setting, 40))
    )


def test_online_offers_only_what_has_place_online() -> None:
    found = keys(fitting_exercises(TOOLKIT, Wish("online", 60)))
    assert "worry-bench" in found
    assert "brisk-minutes" not in found
    assert set(found) == {facts.key for facts in TOOLKIT if "online" in facts.places}


def test_three_brisk_minutes_only_in_the_last_phase() -> None:
    for phase, offered in (
        ("crisis", False),
        ("problem_solving", False),
        ("application", True),
        (None, True),
    ):
        found = keys(fitting_exercises(TOOLKIT, Wish("outdoors", 60, ClientFacts(recovery_phase=phase))))
        assert ("brisk-minutes" in found) is offered, phase


def test_the_reasons_why() -> None:
    wish = Wish(
        "outdoors",
        40,
        ClientFacts(frozenset({"panic", "heart"})),
        weather=frozenset({"rain"}),
        need=("feeling", "practice", "movement", "environment"),
        covered={"feeling": 0, "practice": 0, "movement": 2, "environment": 3},
        counted=4,
        worked=frozenset({BY_KEY["longer-out-than-in"].id}),
        in_a_row={BY_KEY["five-senses"].id: 1},
        chosen={BY_KEY["longer-out-than-in"].id: Chosen(3, 4)},
    )
    found = {one.exercise.key: one for one in fitting_exercises(TOOLKIT, wish)}
    breath = found["longer-out-than-in"]
    assert breath.cautions == ("panic", "heart")
    assert breath.why == (
        Why("least_served", "feeling", 0, 4),
        Why("least_served", "practice", 0, 4),
        Why("serves", "movement"),
        Why("worked_before"),
        Why("chosen_before", value=3, total=4),
        Why("fits_weather"),
        Why("not_lately"),
    )
    assert Why("not_lately") not in found["five-senses"].why
    assert "steady-rhythm" not in found, "a bench in the rain"


def one(number: int, **changes: Any) -> ExerciseFacts:
    return replace(ExerciseFacts("senses", ("feeling",), 5, 5, ("walking",), id=number), **changes)


BETTER: list[tuple[ExerciseFacts, ExerciseFacts, Wish]] = [  # the better, the other, what it must fit
    (one(2), one(1), Wish("outdoors", 40, in_a_row={1: 1})),
    (one(2), one(1), Wish("outdoors", 40, worked=frozenset({2}))),
    (one(2), one(1), Wish("outdoors", 40, chosen={1: Chosen(0, 2)})),
    (one(2), one(1), Wish("outdoors", 40, chosen={1: Chosen(1, 1), 2: Chosen(2, 3)})),
    (one(2), one(1, reasons=("movement",)), Wish("outdoors", 40, chosen={1: Chosen(1, 4)})),
    (one(2), one(1, reasons=("movement",)), Wish("outdoors", 40, in_a_row={1: 2}, worked=frozenset({1}))),
    (one(2, reasons=("movement",)), one(1), Wish("outdoors", 40, in_a_row={2: 1})),
    (one(2), one(1, places=("bench",)), Wish("outdoors", 40, benches=False)),
    (one(2), one(1, cautions=("heart",)), Wish("outdoors", 40, ClientFacts(frozenset({"heart"})))),
    (one(2, reasons=("movement", "feeling")), one(1, reasons=("movement",)), Wish("outdoors", 40)),
    (
        one(2),
        one(1, cognitive_load="high"),
        Wish("outdoors", 40, ClientFacts(recovery_phase="problem_solving")),
    ),
    (
        one(2),
        one(1, cognitive_load="medium", reasons=("movement",)),
        Wish("outdoors", 40, ClientFacts(recovery_phase="crisis")),
    ),
    (
        one(2),
        one(1, reasons=("movement",)),
        Wish("outdoors", 40, beside=(one(3, reasons=("movement", "practice")),), spent_min=5),
    ),
]


@pytest.mark.parametrize(("better", "other", "wish"), BETTER)
def test_what_counts(better: ExerciseFacts, other: ExerciseFacts, wish: Wish) -> None:
    found = fitting_exercises([other, better], wish)
    assert [suggestion.exercise.id for suggestion in found] == [better.id, other.id]


def test_equal_exercises_keep_their_order() -> None:
    found = fitting_exercises([one(1), one(2)], Wish("outdoors", 40))
    assert [suggestion.exercise.id for suggestion in found] == [1, 2]


@pytest.mark.parametrize(
    ("taken", "of", "often"), [(0, 1, False), (0, 2, True), (1, 3, True), (2, 4, False), (3, 4, False)]
)
def test_refused_often(taken: int, of: int, often: bool) -> None:
    assert Chosen(taken, of).often_refused is often


@given(wishes)
def test_what_was_refused_or_done_often_sinks_and_never_vanishes(wish: Wish) -> None:
    found = fitting_exercises(TOOLKIT, wish)
    plain = fitting_exercises(TOOLKIT, replace(wish, chosen={}, in_a_row={}))
    assert set(keys(found)) == set(keys(plain))
    sunk = [any(rank(suggestion.exercise, wish)[:2]) for suggestion in found]
    assert sunk == sorted(sunk)
    told = [
        bool({why.code for why in suggestion.why} & {"often_refused", "third_time"}) for suggestion in found
    ]
    assert told == sunk
    chosen = suggested_next(found, wish)
    free = [one for one in found if not one.cautions and one.exercise.minutes_max <= wish.room_minutes]
    if chosen and any(rank(chosen[0].exercise, wish)[:2]):
        assert all(any(rank(one.exercise, wish)[:2]) for one in free), "only when there is no other"


def without(exercise: ExerciseFacts, why: Why) -> ExerciseFacts:
    """The same exercise, were this not so."""
    if why.code == "low_load":
        return replace(exercise, cognitive_load="high")
    if why.code == "body_joins":
        return replace(exercise, kind="reflection")
    return replace(exercise, reasons=tuple(one for one in exercise.reasons if one != why.of))


@given(wishes, st.lists(st.sampled_from(TOOLKIT), unique=True, max_size=2).map(tuple))
def test_the_reason_told_first_decided(wish: Wish, beside: tuple[ExerciseFacts, ...]) -> None:
    """Take it away and the exercise stands lower; and it is one that the exercise serves."""
    wish = replace(wish, minutes=wish.minutes + 60, beside=beside)
    for suggestion in fitting_exercises(TOOLKIT, wish):
        first = suggestion.why[0]
        assert first.code in ("low_load", "least_served", "adds", "serves")
        assert first.of is None or first.of in suggestion.exercise.reasons
        assert rank(without(suggestion.exercise, first), wish) > rank(suggestion.exercise, wish)


@given(wishes)
def test_the_reason_told_first_decided_the_choice_too(wish: Wish) -> None:
    """The second exercise is there for what the first does not give, and says that."""
    chosen = suggested_next(fitting_exercises(TOOLKIT, wish), wish)
    if len(chosen) < 2:
        return
    first, second = (suggestion.exercise for suggestion in chosen)
    told, new = chosen[1].why[0], set(second.reasons) - set(first.reasons)
    if told.code == "body_joins":
        assert second.moves_body and not first.moves_body
    elif told.code != "low_load":
        assert told.of in (new or set(second.reasons))
        assert not new or told.of == min(new, key=wish.need.index)
    assert explained([first, second], wish)[second] == chosen[1].why


def test_all_reasons_served_alike_none_had_the_least_room() -> None:
    for counted, count in ((0, 0), (3, 1)):
        wish = Wish("outdoors", 60, covered=dict.fromkeys(REASONS, count), counted=counted)
        told = {why.code for found in fitting_exercises(TOOLKIT, wish) for why in found.why}
        assert "least_served" not in told
    assert set(AGAINST) < set(WHY)


def begins(wish: Wish, *exercises: ExerciseFacts) -> list[int]:
    return [found.exercise.id for found in suggested_next(fitting_exercises(exercises, wish), wish)]


def test_no_exercise_with_a_caution_is_chosen_by_itself() -> None:
    wish = Wish("outdoors", 40, ClientFacts(frozenset({"heart"})))
    assert begins(wish, one(1, cautions=("heart",))) == []
    assert begins(wish, one(1, cautions=("panic",))) == [1]


def test_one_of_two_moves_the_body_unless_it_comes_too_often() -> None:
    """Also where another would add more."""
    talks = one(1, kind="reflection"), one(2, kind="reflection", reasons=("practice",))
    wish = Wish("outdoors", 40, need=("feeling", "practice", "movement", "environment"))
    assert begins(wish, *talks, one(3)) == [1, 3]
    assert begins(replace(wish, in_a_row={3: 2}), *talks, one(3)) == [1, 2]
    assert begins(replace(wish, chosen={3: Chosen(0, 2)}), *talks, one(3)) == [1, 2]


def test_in_the_crisis_phase_nothing_asks_much_energy() -> None:
    wish = Wish("outdoors", 40, ClientFacts(recovery_phase="crisis"))
    for demand, fine in (("low", True), ("medium", True), ("high", False)):
        assert bool(fitting_exercises([one(1, energy_demand=demand)], wish)) is fine


def test_standing_still_only_as_long_as_the_route_leaves_room() -> None:
    still, walking = one(1, places=("standing",)), one(2)
    for room, first in ((None, 1), (5, 1), (4, 2), (-3, 2)):
        wish = Wish("outdoors", 40, still_room_min=room)
        assert suggested_next(fitting_exercises([still, walking], wish), wish)[0].exercise.id == first


def test_only_what_fits_in_the_minutes_left() -> None:
    assert fitting_exercises([one(1)], Wish("outdoors", 40, spent_min=30))
    assert not fitting_exercises([one(1)], Wish("outdoors", 40, spent_min=31))


def test_codes_of_a_verdict_as_weather() -> None:
    assert set(WEATHER_OF_REASON) <= set(REASON_CODES)
    assert set(WEATHER_OF_REASON.values()) == set(WEATHER)
    assert weather_of(["gust", "rain", "wind_chill", "uv", "daylight"]) == {"rain", "cold"}
    assert weather_of(["heat"]) == {"heat"}
    assert weather_of([]) == frozenset()


def welcome_or(free: list[Suggestion], wish: Wish) -> list[Suggestion]:
    """Those that are chosen by themselves; all, where there are no such."""
    return [one for one in free if not any(rank(one.exercise, wish)[:2])] or free


@given(wishes)
def test_what_a_plan_starts_with_is_valid_where_that_is_possible(wish: Wish) -> None:
    found = fitting_exercises(TOOLKIT, wish)
    chosen = suggested_next(found, wish)
    assert len(chosen) <= 2
    assert len(set(keys(chosen))) == len(chosen)
    assert all(not one.cautions for one in chosen)
    assert sum(one.exercise.minutes_max for one in chosen) <= max(wish.room_minutes, 0)
    free = [one for one in found if not one.cautions and one.exercise.minutes_max <= wish.room_minutes]
    assert bool(chosen) is bool(free)
    if chosen:
        welcome = [one for one in free if not any(rank(one.exercise, wish)[:2])]
        assert chosen[0].exercise == (welcome or free)[0].exercise
    if wish.minutes >= 60 and any(one.exercise.moves_body for one in welcome_or(free, wish)):
        plan = plan_checks.Plan(
            wish.setting, wish.minutes, tuple(one.exercise for one in chosen), wish.client
        )
        found_wrong = {warning.code for warning in plan_checks.check(plan)}
        assert not found_wrong & {"wrong_setting", "exercises_over", "no_doing", "no_body"}, "rule 1"


def test_the_second_suggestion_adds_reasons() -> None:
    wish = Wish("outdoors", 60, need=("practice", "movement", "feeling", "environment"))
    chosen = suggested_next(fitting_exercises(TOOLKIT, wish), wish)
    assert "practice" in chosen[0].exercise.reasons
    assert set(chosen[1].exercise.reasons) - set(chosen[0].exercise.reasons)


@pytest.mark.parametrize("minutes", [0, 4, 5])
def test_no_minutes_no_suggestions(minutes: int) -> None:
    wish = Wish("outdoors", minutes)
    assert suggested_next(fitting_exercises(TOOLKIT, wish), wish) == ()
