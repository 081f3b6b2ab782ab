"""Why an exercise is suggested, as codes. The first one decided: without it the exercise would stand lower."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.domain.exercise_wish import Chosen, Wish
from planner.domain.exercises import OUTDOORS, ExerciseFacts

WHY = (
    "low_load", "least_served", "adds", "body_joins", "serves", "worked_before", "chosen_before", "fits_weather",
    "not_lately", "often_refused", "third_time", "needs_bench",
)  # fmt: skip
AGAINST = ("often_refused", "third_time", "needs_bench")


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for a suggestion. `of`: which of the four reasons, where one is meant. `value` of `total`: walks, or
    times."""

    code: str
    of: str | None = None
    value: int | None = None
    total: int | None = None

    @property
    def against(self) -> bool:
        return self.code in AGAINST


def explained(exercises: Sequence[ExerciseFacts], wish: Wish) -> dict[ExerciseFacts, tuple[Why, ...]]:
    """Why each exercise of a plan is in it, in the order in which they were chosen: after the first one it is what the
    others do not give yet that counts."""
    return {
        one: why_of(one, wish, exercises[:number], last=number == len(exercises) - 1)
        for number, one in enumerate(exercises)
    }


def why_of(
    exercise: ExerciseFacts, wish: Wish, before: Sequence[ExerciseFacts] = (), *, last: bool = False
) -> tuple[Why, ...]:
    """`before`: what the plan holds already. `last`: it is the one with which the body had to join in, if it does and
    nothing before it did."""
    why: list[Why] = []
    if last and before and exercise.moves_body and not any(one.moves_body for one in before):
        why.append(Why("body_joins"))
    if wish.in_crisis and exercise.cognitive_load == "low":
        why.append(Why("low_load"))
    why += _served(exercise, wish, {reason for one in before for reason in one.reasons})
    why += _experience(exercise, wish)
    return (*why, *_against(exercise, wish))


def _served(exercise: ExerciseFacts, wish: Wish, there: set[str]) -> Iterator[Why]:
    """What the plan does not serve yet comes first, and of that what had the least room lately."""
    least = min(wish.covered.values(), default=0)
    uneven = bool(wish.counted) and least < max(wish.covered.values(), default=0)
    for reason in sorted(exercise.reasons, key=lambda one: (one in there, wish.need.index(one))):
        if reason in there:
            yield Why("serves", reason)
        elif uneven and wish.covered.get(reason, 0) == least:
            yield Why("least_served", reason, least, wish.counted)
        else:
            yield Why("adds" if there else "serves", reason)


def _experience(exercise: ExerciseFacts, wish: Wish) -> Iterator[Why]:
    before = wish.chosen.get(exercise.id, Chosen())
    if exercise.id in wish.worked:
        yield Why("worked_before")
    if before.taken and not before.often_refused:
        yield Why("chosen_before", value=before.taken, total=before.of)
    if wish.setting == OUTDOORS and wish.weather:
        yield Why("fits_weather")
    if wish.in_a_row and exercise.id not in wish.in_a_row:
        yield Why("not_lately")


def _against(exercise: ExerciseFacts, wish: Wish) -> Iterator[Why]:
    before = wish.chosen.get(exercise.id, Chosen())
    if before.often_refused:
        yield Why("often_refused", value=before.taken, total=before.of)
    if wish.third_time(exercise.id):
        yield Why("third_time")
    outdoors_places = {"walking", "standing", "bench"} & set(exercise.places)
    if wish.setting == OUTDOORS and not wish.benches and outdoors_places == {"bench"}:
        yield Why("needs_bench")
