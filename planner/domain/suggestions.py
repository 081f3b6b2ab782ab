"""Which exercises fit a walk, the most useful first, with the reasons as codes.

Sources: domain.md 1.2 rules 4 to 6. Cautions are flagged and never hide an exercise; setting, phase, minutes
and weather decide what fits at all. What is told first is what decided: see `suggestion_why`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from planner.domain.exercise_wish import Chosen, Wish
from planner.domain.exercises import DEMANDS, OUTDOORS, ClientFacts, ExerciseFacts
from planner.domain.reasons import REASONS
from planner.domain.suggestion_why import Why, explained, why_of
from planner.domain.timing import planned

WEATHER_OF_REASON = {
    "rain": "rain",
    "rain_chance": "rain",
    "snow": "rain",
    "wind_chill": "cold",
    "ice": "cold",
    "heat": "heat",
}
"""Reason codes of a weather verdict, as the weather an exercise may not suit."""
NEVER = Chosen()


class Rank(NamedTuple):
    """Lower is better; compared in this order."""

    often_refused: bool
    third_time: bool
    load: int
    """Only in the crisis phase: rule 5 sorts low load first, before any reason."""
    need: int
    caution: bool
    heavy: bool
    needs_bench: bool
    lately: bool
    not_worked: bool
    not_taken: int
    also: tuple[int, ...]


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
    """Whether it can be done at all: place, minutes left, phase, and outdoors the weather."""
    if not exercise.allows(wish.setting) or exercise.minutes_min > wish.room_minutes:
        return False
    phase = wish.client.recovery_phase
    if phase == "crisis" and not exercise.fits_crisis:
        return False
    if phase and phase not in exercise.phases:
        return False
    return wish.setting != OUTDOORS or not any(exercise.spoiled_by(weather) for weather in wish.weather)


def fitting_exercises(exercises: Iterable[ExerciseFacts], wish: Wish) -> tuple[Suggestion, ...]:
    """The exercises that fit, best first, in the order of `Rank`. What is still equal keeps the order it came in."""
    suitable = sorted((one for one in exercises if fits(one, wish)), key=lambda one: rank(one, wish))
    return tuple(
        Suggestion(one, why_of(one, wish, wish.beside), _cautions(one, wish.client)) for one in suitable
    )


def rank(exercise: ExerciseFacts, wish: Wish) -> Rank:
    order = needs_now(wish)
    served = tuple(sorted(order.index(reason) for reason in exercise.reasons))
    load, phase = DEMANDS.index(exercise.cognitive_load), wish.client.recovery_phase
    before, row = wish.chosen.get(exercise.id, NEVER), wish.in_a_row.get(exercise.id, 0)
    return Rank(
        often_refused=before.often_refused,
        third_time=wish.third_time(exercise.id),
        load=load if wish.in_crisis else 0,
        need=served[0] if served else len(REASONS),
        caution=bool(_cautions(exercise, wish.client)),
        heavy=phase == "problem_solving" and exercise.cognitive_load == "high",
        needs_bench=wish.setting == OUTDOORS and not wish.benches and _only_sitting(exercise),
        lately=row > 0,
        not_worked=exercise.id not in wish.worked,
        not_taken=-before.taken,
        also=(*served, len(REASONS)),  # one that serves more goes before one that serves the same and no more
    )


def needs_now(wish: Wish) -> tuple[str, ...]:
    """The reasons the plan does not serve yet, least served first; then the others."""
    there = {reason for one in wish.beside for reason in one.reasons}
    return (*(one for one in wish.need if one not in there), *(one for one in wish.need if one in there))


def _only_sitting(exercise: ExerciseFacts) -> bool:
    return not {"walking", "standing"} & set(exercise.places)


def _cautions(exercise: ExerciseFacts, client: ClientFacts) -> tuple[str, ...]:
    return tuple(code for code in exercise.cautions if code in client.health_flags)


def suggested_next(suggestions: Sequence[Suggestion], wish: Wish, most: int = 2) -> tuple[Suggestion, ...]:
    """What to start the plan with: the best suggestion, then what adds the reason least served so far, within the
    minutes.

    An exercise with a caution is never chosen by itself; one that was often refused, or would come for the third time
    in a row, only when there is no other. When one fits, the choice holds one in which the body joins in, so that the
    plan starts valid (domain 1.2 rule 1).
    """
    free = [suggestion for suggestion in suggestions if not suggestion.cautions]
    ranks = {one.exercise: rank(one.exercise, wish) for one in free}
    welcome = [one for one in free if not any(ranks[one.exercise][:2])]
    chosen: list[Suggestion] = []
    while len(chosen) < most:
        following = _following(welcome, chosen, wish, most) or _following(free, chosen, wish, most)
        if following is None:
            break
        chosen.append(following)
    told = explained([one.exercise for one in chosen], wish)
    return tuple(replace(one, why=told[one.exercise]) for one in chosen)


def _following(
    candidates: Sequence[Suggestion], chosen: Sequence[Suggestion], wish: Wish, most: int
) -> Suggestion | None:
    possible = [one for one in candidates if one not in chosen and _has_room(one.exercise, chosen, wish)]
    if chosen and len(chosen) == most - 1 and not any(one.exercise.moves_body for one in chosen):
        possible = [one for one in possible if one.exercise.moves_body] or possible
    if not chosen:
        return next(iter(possible), None)
    with_chosen = replace(wish, beside=(*wish.beside, *(one.exercise for one in chosen)))
    return min(possible, key=lambda one: rank(one.exercise, with_chosen), default=None)


def _has_room(exercise: ExerciseFacts, chosen: Sequence[Suggestion], wish: Wish) -> bool:
    every = [*(one.exercise for one in chosen), exercise]
    if sum(one.minutes_max for one in every) > wish.room_minutes:
        return False
    still = sum(one.minutes_max for one in every if planned(one, wish.setting).still)
    return wish.still_room_min is None or still <= max(0, wish.still_room_min)
