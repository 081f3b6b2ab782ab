"""Which exercises fit a walk, the most useful first, with the reasons as codes.

Sources: domain.md 1.2 rules 4 to 6. Cautions are flagged and never hide an exercise; setting, phase, minutes
and weather decide what fits at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from planner.domain.exercises import DEMANDS, OUTDOORS, ClientFacts, ExerciseFacts
from planner.domain.practices import BUFFER_MINUTES
from planner.domain.reasons import REASONS

WEATHER_OF_REASON = {
    "rain": "rain",
    "rain_chance": "rain",
    "snow": "rain",
    "wind_chill": "cold",
    "ice": "cold",
    "heat": "heat",
}
"""Reason codes of a weather verdict, as the weather an exercise may not suit."""
WHY = ("least_served", "serves", "worked_before", "low_load", "fits_weather", "not_lately")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the exercises must fit. `need`: the four reasons, least served first. `worked`: ids that worked
    for this client before; `lately`: ids of the last walk."""

    setting: str
    minutes: int
    client: ClientFacts = field(default_factory=ClientFacts)
    weather: frozenset[str] = frozenset()
    need: tuple[str, ...] = REASONS
    worked: frozenset[int] = frozenset()
    lately: frozenset[int] = frozenset()
    buffer_minutes: int = BUFFER_MINUTES

    @property
    def room_minutes(self) -> int:
        return self.minutes - self.buffer_minutes


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for a suggestion. `of`: which of the four reasons, where one is meant."""

    code: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`cautions`: the exercise's cautions that this client has; the coach talks them through."""

    exercise: ExerciseFacts
    why: tuple[Why, ...]
    cautions: tuple[str, ...] = ()


def weather_of(reason_codes: Iterable[str]) -> frozenset[str]:
    """Rain, cold and heat among the reasons of a verdict; other reasons say nothing about exercises."""
    return frozenset(WEATHER_OF_REASON[code] for code in reason_codes if code in WEATHER_OF_REASON)


def fits(exercise: ExerciseFacts, wish: Wish) -> bool:
    """Whether it can be done at all: place, minutes, phase, and outdoors the weather."""
    if not exercise.allows(wish.setting) or exercise.minutes_min > wish.room_minutes:
        return False
    phase = wish.client.recovery_phase
    if phase == "crisis" and not exercise.fits_crisis:
        return False
    if phase and phase not in exercise.phases:
        return False
    return wish.setting != OUTDOORS or not any(exercise.spoiled_by(weather) for weather in wish.weather)


def fitting_exercises(exercises: Iterable[ExerciseFacts], wish: Wish) -> tuple[Suggestion, ...]:
    """The exercises that fit, best first: least-served reason, in crisis the lightest on the head, without a
    caution, not done last time, worked before. What is still equal keeps the order it came in."""
    suitable = [_suggestion(exercise, wish) for exercise in exercises if fits(exercise, wish)]
    return tuple(sorted(suitable, key=lambda suggestion: _order(suggestion, wish)))


def _order(suggestion: Suggestion, wish: Wish) -> tuple[int, int, bool, bool, bool, tuple[int, ...]]:
    exercise = suggestion.exercise
    served = tuple(sorted(wish.need.index(reason) for reason in exercise.reasons))
    load = DEMANDS.index(exercise.cognitive_load) if wish.client.recovery_phase == "crisis" else 0
    first = served[0] if served else len(REASONS)
    lately, worked = exercise.id in wish.lately, exercise.id in wish.worked
    # in crisis the load comes before the reason: rule 5 sorts low load first
    return (load, first, bool(suggestion.cautions), lately, not worked, served)


def _suggestion(exercise: ExerciseFacts, wish: Wish) -> Suggestion:
    cautions = tuple(code for code in exercise.cautions if code in wish.client.health_flags)
    return Suggestion(exercise, tuple(_reasons_why(exercise, wish)), cautions)


def _reasons_why(exercise: ExerciseFacts, wish: Wish) -> list[Why]:
    served = sorted(exercise.reasons, key=wish.need.index)
    why = [Why("least_served" if reason == wish.need[0] else "serves", reason) for reason in served]
    if exercise.id in wish.worked:
        why.append(Why("worked_before"))
    if wish.client.recovery_phase == "crisis" and exercise.cognitive_load == "low":
        why.append(Why("low_load"))
    if wish.setting == OUTDOORS and wish.weather:
        why.append(Why("fits_weather"))
    if wish.lately and exercise.id not in wish.lately:
        why.append(Why("not_lately"))
    return why


def suggested_next(suggestions: Sequence[Suggestion], wish: Wish, most: int = 2) -> tuple[Suggestion, ...]:
    """What to start the plan with: the best suggestion, then what adds reasons not served yet, within the
    minutes.

    An exercise with a caution is never chosen by itself. When one fits, the choice holds one in which the
    body joins in, so that the plan starts valid (domain 1.2 rule 1).
    """
    candidates = [suggestion for suggestion in suggestions if not suggestion.cautions]
    chosen: list[Suggestion] = []
    while len(chosen) < most and (following := _following(candidates, chosen, wish, most)) is not None:
        chosen.append(following)
    return tuple(chosen)


def _following(
    candidates: Sequence[Suggestion], chosen: Sequence[Suggestion], wish: Wish, most: int
) -> Suggestion | None:
    room = wish.room_minutes - sum(one.exercise.minutes_max for one in chosen)
    possible = [one for one in candidates if one not in chosen and one.exercise.minutes_max <= room]
    if len(chosen) == most - 1 and not any(one.exercise.moves_body for one in chosen):
        possible = [one for one in possible if one.exercise.moves_body] or possible
    if not chosen:
        return possible[0] if possible else None
    covered = {reason for one in chosen for reason in one.exercise.reasons}
    return max(possible, key=lambda one: _adds(one, covered), default=None)


def _adds(suggestion: Suggestion, covered: Collection[str]) -> int:
    return len(set(suggestion.exercise.reasons) - set(covered))
