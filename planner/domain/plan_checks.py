"""Checks on a plan, and which three to show. Warnings inform; they never block (decision 26).

Sources: domain.md 1.2 rules 1 to 5, E7, J9; length and pace are checked by `timing`, whose hints are ranked
along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from planner.domain.exercises import AT_A_DISTANCE, OUTDOORS, PHONE, ClientFacts, ExerciseFacts
from planner.domain.practices import BUFFER_MINUTES, MAX_WALK_MINUTES
from planner.domain.timing import Hint, PlannedExercise, exercises_over

MOST_SHOWN = 3
TIME_OVER = "time_over"
STEP_MINUTES = 5
"""People plan in whole numbers of so many."""
RED = "move"
"""The weather verdict that speaks against an outdoor walk."""

RANKED = (
    "same_day",
    "weather_red",
    "dark",
    "dark_early",
    "caution",
    "not_for_crisis",
    "wrong_setting",
    "no_phone",
    "time_over",
    "exercises_over",
    "over_client_minutes",
    "no_place",
    "pin_after_end",
    "pin_off_way",
    "pin_passed",
    "pin_late",
    "pins_together",
    "crisis_long",
    "no_doing",
    "no_body",
    "next_day",
    "spoiled_by_weather",
    "talking_long",
    "same_route",
    "online_streak",
    "green_short",
    "no_silence",
)
"""Every code, the most important first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A walk in the making. `has_place`: a route or a meeting point.

    `verdict`: go, adapt, move, unknown, or None when weather does not count. `weather`: rain, cold, heat
    expected then. `last_route_id`: route of the client's previous outdoor walk. `last_settings`: settings of
    the client's previous walks, newest first. `hints`: what `timing.walk_clock` had to say about the parts.
    `has_phone`: there is a number to call the client on.
    `same_day_at`: another walk of this client on that day; `next_day_at`: on the day before or after.
    `dark`: "dark" or "dark_early" where only that makes the verdict red; `sun_at`: when the sun is down or up then.
    """

    setting: str
    minutes: int
    exercises: tuple[ExerciseFacts, ...] = ()
    client: ClientFacts = field(default_factory=ClientFacts)
    buffer_minutes: int = BUFFER_MINUTES
    verdict: str | None = None
    weather: frozenset[str] = frozenset()
    has_place: bool = True
    route_id: int | None = None
    route_trusted: bool = False
    last_route_id: int | None = None
    last_settings: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    has_phone: bool = True
    same_day_at: datetime | None = None
    next_day_at: datetime | None = None
    dark: str | None = None
    sun_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """`rank`: lower is shown first. `exercise_id`: where one exercise is meant. `codes`: cautions, or
    weather. `numbers`, `exercise_ids`: as in a Hint, units in their names. `at_local`: a time, where one is meant."""

    code: str
    exercise_id: int | None = None
    codes: tuple[str, ...] = ()
    numbers: dict[str, float] = field(default_factory=dict)
    exercise_ids: tuple[int, ...] = ()
    at_local: datetime | None = None

    @property
    def rank(self) -> int:
        return RANKED.index(self.code)

    @property
    def fits_min(self) -> int | None:
        """The minutes in which it does fit, a whole number of five; None where no length of a walk is enough, and for
        what is not about the clock."""
        if self.code != TIME_OVER:
            return None
        whole = self.numbers["needed_min"] + self.numbers["buffer_min"]
        minutes = ceil(whole / STEP_MINUTES) * STEP_MINUTES
        return minutes if minutes <= MAX_WALK_MINUTES else None


def check(plan: Plan) -> tuple[PlanWarning, ...]:
    """Everything worth saying about a plan, the most important first; of equal rank in plan order."""
    found = [*_about_exercises(plan), *_about_minutes(plan), *_about_surroundings(plan)]
    return tuple(sorted(found, key=lambda warning: warning.rank))


ABOUT_THE_ROUTE = frozenset({"same_route", "green_short"})
"""Said once: with the route, or as a warning."""


def unsaid(
    warnings: Iterable[PlanWarning],
    talked: Collection[int],
    with_route: Collection[str],
    clashing: Collection[datetime],
) -> list[PlanWarning]:
    """Without what is said elsewhere. `talked`: exercises whose cautions were talked over. `with_route`: what stands
    with a route that the planner filled in. `clashing`: when the walks are that are told to be in the way."""
    told = ABOUT_THE_ROUTE & set(with_route)
    return [
        one
        for one in warnings
        if one.code not in told
        and not (one.code == "caution" and one.exercise_id in talked)
        and not (one.code == "same_day" and one.at_local in clashing)
    ]


def split(
    warnings: Sequence[PlanWarning], most: int = MOST_SHOWN
) -> tuple[tuple[PlanWarning, ...], tuple[PlanWarning, ...]]:
    """The three to show, ranked, and the rest for behind a link (decision 26). `most`: what is left of the three
    where something else is warned of too."""
    ranked = tuple(sorted(warnings, key=lambda warning: warning.rank))
    most = max(most, 0)
    return ranked[:most], ranked[most:]


def _about_exercises(plan: Plan) -> Iterator[PlanWarning]:
    for exercise in dict.fromkeys(plan.exercises):
        yield from _about_one(plan, exercise)
    if not any(exercise.is_doing for exercise in plan.exercises):
        yield PlanWarning("no_doing")
    if not any(exercise.moves_body for exercise in plan.exercises):
        yield PlanWarning("no_body")


def _about_one(plan: Plan, exercise: ExerciseFacts) -> Iterator[PlanWarning]:
    if shared := tuple(code for code in exercise.cautions if code in plan.client.health_flags):
        yield PlanWarning("caution", exercise.id, shared)
    if plan.client.recovery_phase == "crisis" and not exercise.fits_crisis:
        yield PlanWarning("not_for_crisis", exercise.id)
    if not exercise.allows(plan.setting):
        yield PlanWarning("wrong_setting", exercise.id)
    elif plan.setting == OUTDOORS:
        spoiling = tuple(sorted(weather for weather in plan.weather if exercise.spoiled_by(weather)))
        if spoiling:
            yield PlanWarning("spoiled_by_weather", exercise.id, spoiling)


def _about_minutes(plan: Plan) -> Iterator[PlanWarning]:
    longest = [PlannedExercise(one.id, one.kind, one.minutes_min, one.minutes_max) for one in plan.exercises]
    over = exercises_over(plan.minutes, longest, plan.buffer_minutes)
    for hint in (*plan.hints, *([over] if over and over not in plan.hints else [])):
        yield PlanWarning(hint.code, numbers=hint.numbers, exercise_ids=hint.exercise_ids)
    most = plan.client.max_minutes
    if most is not None and plan.minutes > most:
        yield PlanWarning("over_client_minutes", numbers={"planned_min": plan.minutes, "most_min": most})


def _about_surroundings(plan: Plan) -> Iterator[PlanWarning]:
    if plan.same_day_at is not None:
        yield PlanWarning("same_day", at_local=plan.same_day_at)
    if plan.next_day_at is not None:
        yield PlanWarning("next_day", at_local=plan.next_day_at)
    if plan.setting == OUTDOORS:
        if plan.verdict == RED:
            dark = plan.dark and plan.sun_at and PlanWarning(plan.dark, at_local=plan.sun_at)
            yield dark or PlanWarning("weather_red")
        if not plan.has_place:
            yield PlanWarning("no_place")
        if plan.route_id is not None and plan.route_id == plan.last_route_id and not plan.route_trusted:
            yield PlanWarning("same_route")
    elif plan.setting == PHONE and not plan.has_phone:
        yield PlanWarning("no_phone")
    if (
        plan.setting != OUTDOORS
        and len(plan.last_settings) > 1
        and set(plan.last_settings[:2]) <= AT_A_DISTANCE
    ):
        yield PlanWarning("online_streak")
