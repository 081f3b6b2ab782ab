"""Rules 1 to 5 of domain.md 1.2, E7 and J9, and which three warnings show."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import timing
from planner.domain.exercises import ClientFacts, ExerciseFacts
from planner.domain.plan_checks import RANKED, Plan, PlanWarning, check, split, unsaid
from planner.domain.timing import Hint


def exercise(**changes: Any) -> ExerciseFacts:
    usual = ExerciseFacts("body", ("movement",), 5, 10, ("walking", "bench", "online"), id=1)
    return replace(usual, **changes)


BODY = exercise()
TALK = exercise(kind="reflection", id=2)
IN_CRISIS = ClientFacts(recovery_phase="crisis")
WITH_PEM = ClientFacts(frozenset({"pem"}))
NOON = datetime(2026, 12, 1, 12)
GOOD = Plan("outdoors", 40, (BODY,), verdict="go")


def codes(plan: Plan) -> list[str]:
    return [warning.code for warning in check(plan)]


CASES = [
    (GOOD, []),
    # rule 1
    (replace(GOOD, exercises=()), ["no_doing", "no_body"]),
    (replace(GOOD, exercises=(TALK,)), ["no_doing", "no_body"]),
    (replace(GOOD, exercises=(TALK, BODY)), []),
    (replace(GOOD, exercises=(exercise(kind="boundary"),)), ["no_body"]),
    (replace(GOOD, exercises=(exercise(kind="breathing"),)), []),
    (replace(GOOD, exercises=(exercise(kind="senses"),)), []),
    (replace(GOOD, exercises=(exercise(minutes_max=35),)), []),
    (replace(GOOD, exercises=(exercise(minutes_max=36),)), ["exercises_over"]),
    (replace(GOOD, exercises=(exercise(minutes_max=40),), buffer_minutes=0), []),
    (replace(GOOD, setting="online", exercises=(exercise(places=("walking",)),)), ["wrong_setting"]),
    (replace(GOOD, setting="indoors", exercises=(exercise(places=("online",)),)), ["wrong_setting"]),
    (replace(GOOD, verdict="move"), ["weather_red"]),
    (replace(GOOD, verdict="move", dark="dark", sun_at=NOON), ["dark"]),
    (replace(GOOD, same_day_at=NOON, verdict="move"), ["same_day", "weather_red"]),
    (replace(GOOD, same_day_at=NOON, setting="phone"), ["same_day"]),
    (replace(GOOD, same_day_at=NOON, next_day_at=NOON), ["same_day", "next_day"]),
    (replace(GOOD, next_day_at=NOON, verdict="move"), ["weather_red", "next_day"]),
    (replace(GOOD, verdict="move", setting="online"), []),
    (replace(GOOD, verdict="adapt"), []),
    (replace(GOOD, setting="phone", exercises=(exercise(places=("online",)),)), []),
    (replace(GOOD, setting="phone", exercises=(exercise(places=("online",)),), has_phone=False), ["no_phone"]),
    (replace(GOOD, has_phone=False), []),
    (replace(GOOD, verdict="unknown"), []),
    # rule 3, E7
    (replace(GOOD, route_id=7, last_route_id=7), ["same_route"]),
    (replace(GOOD, route_id=7, last_route_id=7, route_trusted=True), []),
    (replace(GOOD, route_id=7, last_route_id=8), []),
    (replace(GOOD, route_id=None, last_route_id=None), []),
    # where to meet
    (replace(GOOD, has_place=False), ["no_place"]),
    (replace(GOOD, has_place=False, setting="phone"), []),
    # rule 4
    (replace(GOOD, exercises=(exercise(cautions=("heart", "pem")),), client=WITH_PEM), ["caution"]),
    (replace(GOOD, exercises=(exercise(cautions=("heart",)),), client=WITH_PEM), []),
    # rule 5
    (replace(GOOD, minutes=30, exercises=(exercise(energy_demand="high"),), client=IN_CRISIS),
     ["not_for_crisis"]),
    (replace(GOOD, minutes=30, exercises=(exercise(phases=("application",)),), client=IN_CRISIS),
     ["not_for_crisis"]),
    (replace(GOOD, minutes=30, exercises=(exercise(energy_demand="medium"),), client=IN_CRISIS),
     []),
    # J9
    (replace(GOOD, setting="online", last_settings=("online", "online", "outdoors")), ["online_streak"]),
    (replace(GOOD, setting="phone", last_settings=("phone", "online", "outdoors")), ["online_streak"]),
    (replace(GOOD, setting="online", last_settings=("phone", "indoors")), []),
    (replace(GOOD, setting="online", last_settings=("online",)), []),
    (replace(GOOD, setting="online", last_settings=("online", "outdoors", "online")), []),
    (replace(GOOD, last_settings=("online", "online")), []),
    # the client's own minutes, and weather that spoils an exercise
    (replace(GOOD, client=ClientFacts(max_minutes=30)), ["over_client_minutes"]),
    (replace(GOOD, client=ClientFacts(max_minutes=40)), []),
    (replace(GOOD, exercises=(exercise(rain_ok=False),), weather=frozenset({"rain", "heat"})), ["spoiled_by_weather"]),
    (replace(GOOD, exercises=(exercise(rain_ok=False),), weather=frozenset({"heat"})), []),
    (replace(GOOD, setting="online", exercises=(exercise(rain_ok=False),), weather=frozenset({"rain"})), []),
    # F7 and others come from the clock
    (replace(GOOD, hints=(Hint("talking_long", {"talking_min": 55, "most_min": 50}),)), ["talking_long"]),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "expected"), CASES)
def test_check(plan: Plan, expected: list[str]) -> None:
    assert codes(plan) == expected


def test_warnings_carry_ids_codes_and_numbers() -> None:
    plan = Plan(
        "outdoors",
        30,
        (exercise(id=9, cautions=("heart", "pem", "lungs"), minutes_max=30, heat_ok=False),),
        ClientFacts(frozenset({"pem", "heart"}), max_minutes=20),
        weather=frozenset({"heat"}),
    )
    assert check(plan) == (
        PlanWarning("caution", 9, ("heart", "pem")),
        PlanWarning("exercises_over", numbers={"exercises_min": 30, "available_min": 25}),
        PlanWarning("over_client_minutes", numbers={"planned_min": 30, "most_min": 20}),
        PlanWarning("spoiled_by_weather", 9, ("heat",)),
    )


def test_the_same_exercise_twice_warns_once() -> None:
    spoiled = exercise(places=("online",))
    assert codes(replace(GOOD, exercises=(spoiled, spoiled))) == ["wrong_setting"]


def test_what_the_clock_said_already_is_not_said_twice() -> None:
    long = exercise(minutes_max=90)
    said = timing.exercises_over(40, [timing.PlannedExercise(1, "body", 5, 90)])
    assert said is not None
    assert codes(replace(GOOD, exercises=(long,), hints=(said,))) == ["exercises_over"]


def test_every_hint_of_the_clock_has_a_rank() -> None:
    assert set(timing.HINTS) <= set(RANKED)
    assert len(set(RANKED)) == len(RANKED)


def test_red_weather_and_cautions_are_among_the_three_shown() -> None:
    plan = replace(
        GOOD,
        minutes=60,
        verdict="move",
        exercises=(exercise(kind="reflection", cautions=("pem",)),),
        client=ClientFacts(frozenset({"pem"}), max_minutes=30),
        route_id=1,
        last_route_id=1,
    )
    shown, rest = split(check(plan))
    assert [warning.code for warning in shown] == ["weather_red", "caution", "over_client_minutes"]
    assert [warning.code for warning in rest] == ["no_doing", "no_body", "same_route"]


@given(st.lists(st.sampled_from(RANKED).map(PlanWarning), max_size=12))
def test_split_loses_nothing_and_shows_the_most_important(warnings: list[PlanWarning]) -> None:
    shown, rest = split(warnings)
    assert len(shown) == min(3, len(warnings))
    assert sorted(map(str, (*shown, *rest))) == sorted(map(str, warnings))
    ranks = [warning.rank for warning in (*shown, *rest)]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (((), (), ()), ["caution", "same_route", "same_day", "weather_red"]),
        (((1,), (), ()), ["same_route", "same_day", "weather_red"]),
        (((2,), (), ()), ["caution", "same_route", "same_day", "weather_red"]),
        (((), ("same_route", "weather_red"), ()), ["caution", "same_day", "weather_red"]),
        (((), (), (NOON,)), ["caution", "same_route", "weather_red"]),
    ],
)
def test_what_is_said_elsewhere_is_not_said_again(said: tuple[Any, Any, Any], left: list[str]) -> None:
    """Talked over; beside a route that was filled in, though never the weather; a walk that is in the way."""
    warnings = [
        PlanWarning("caution", exercise_id=1),
        PlanWarning("same_route"),
        PlanWarning("same_day", at_local=NOON),
        PlanWarning("weather_red"),
    ]
    assert [one.code for one in unsaid(warnings, *said)] == left
