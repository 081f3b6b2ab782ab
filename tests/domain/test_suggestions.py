"""Which exercises are proposed, on the shipped toolkit itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import plan_checks
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
from planner.domain.suggestions import (
    WEATHER_OF_REASON,
    WHY,
    Suggestion,
    Why,
    Wish,
    fitting_exercises,
    suggested_next,
    weather_of,
)
from planner.domain.weather_values import REASON_CODES
from planner.services.toolkit_data import shipped_toolkit

TOOLKIT = tuple(
    replace(shipped.facts, id=number) for number, shipped in enumerate(shipped_toolkit().exercises, start=1)
)
BY_KEY = {facts.key: facts for facts in TOOLKIT}

clients = st.builds(
    ClientFacts,
    health_flags=st.frozensets(st.sampled_from(CAUTIONS), max_size=4),
    recovery_phase=st.none() | st.sampled_from(PHASES),
)
wishes = st.builds(
    Wish,
    setting=st.sampled_from(SETTINGS),
    minutes=st.integers(5, 90),
    client=clients,
    weather=st.frozensets(st.sampled_from(WEATHER)),
    need=st.permutations(REASONS).map(tuple),
    worked=st.frozensets(st.integers(1, 30), max_size=4),
    lately=st.frozensets(st.integers(1, 30), max_size=4),
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
        worked=frozenset({BY_KEY["longer-out-than-in"].id}),
        lately=frozenset({BY_KEY["five-senses"].id}),
    )
    found = {one.exercise.key: one for one in fitting_exercises(TOOLKIT, wish)}
    breath = found["longer-out-than-in"]
    assert breath.cautions == ("panic", "heart")
    assert breath.why == (
        Why("least_served", "feeling"),
        Why("serves", "practice"),
        Why("serves", "movement"),
        Why("worked_before"),
        Why("fits_weather"),
        Why("not_lately"),
    )
    assert Why("not_lately") not in found["five-senses"].why
    assert "steady-rhythm" not in found, "a bench in the rain"


def test_equal_exercises_keep_their_order_and_last_time_comes_later() -> None:
    first, second = (
        ExerciseFacts("senses", ("feeling",), 5, 5, ("walking",), id=number) for number in (1, 2)
    )
    assert [one.exercise.id for one in fitting_exercises([first, second], Wish("outdoors", 40))] == [1, 2]
    lately = Wish("outdoors", 40, lately=frozenset({1}))
    assert [one.exercise.id for one in fitting_exercises([first, second], lately)] == [2, 1]
    worked = Wish("outdoors", 40, worked=frozenset({2}))
    assert [one.exercise.id for one in fitting_exercises([first, second], worked)] == [2, 1]


def test_codes_of_a_verdict_as_weather() -> None:
    assert set(WEATHER_OF_REASON) <= set(REASON_CODES)
    assert set(WEATHER_OF_REASON.values()) == set(WEATHER)
    assert weather_of(["gust", "rain", "wind_chill", "uv", "daylight"]) == {"rain", "cold"}
    assert weather_of(["heat"]) == {"heat"}
    assert weather_of([]) == frozenset()


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
        assert chosen[0] == free[0]
    if wish.minutes >= 60 and any(one.exercise.moves_body for one in free):
        plan = plan_checks.Plan(
            wish.setting, wish.minutes, tuple(one.exercise for one in chosen), wish.client
        )
        assert plan_checks.is_valid(plan_checks.check(plan))


def test_the_second_suggestion_adds_reasons() -> None:
    wish = Wish("outdoors", 60, need=("practice", "movement", "feeling", "environment"))
    chosen = suggested_next(fitting_exercises(TOOLKIT, wish), wish)
    assert "practice" in chosen[0].exercise.reasons
    assert set(chosen[1].exercise.reasons) - set(chosen[0].exercise.reasons)


@pytest.mark.parametrize("minutes", [0, 4, 5])
def test_no_minutes_no_suggestions(minutes: int) -> None:
    wish = Wish("outdoors", minutes)
    assert suggested_next(fitting_exercises(TOOLKIT, wish), wish) == ()
