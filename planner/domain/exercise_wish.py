"""What the exercises of a plan must fit, and what is known of them for this client."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from planner.domain.exercises import ClientFacts, ExerciseFacts
from planner.domain.practices import BUFFER_MINUTES
from planner.domain.reasons import REASONS

REFUSED_OFTEN = 2
MOST_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the coach made of a suggestion for this client: `taken` of the `of` times it was made."""

    taken: int = 0
    of: int = 0

    @property
    def refused(self) -> int:
        return self.of - self.taken

    @property
    def often_refused(self) -> bool:
        """Twice or more, and more often than not."""
        return self.refused >= REFUSED_OFTEN and self.refused > self.taken


@dataclass(frozen=True, slots=True)
class Wish:
    """What the exercises must fit. `need`: the four reasons, least served first; `covered`: in how many of the last
    `counted` walks each was served. `worked`: ids that worked for this client before. `in_a_row`: id to how many of the
    last walks in a row held it. `chosen`: id to what became of earlier suggestions. `beside`: what the plan holds
    already, for `spent_min` minutes. `still_room_min`: minutes that may be spent standing or sitting; None: all.
    `benches`: whether there is one on the way, as far as is known."""

    setting: str
    minutes: int
    client: ClientFacts = field(default_factory=ClientFacts)
    weather: frozenset[str] = frozenset()
    need: tuple[str, ...] = REASONS
    covered: Mapping[str, int] = field(default_factory=dict)
    counted: int = 0
    worked: frozenset[int] = frozenset()
    in_a_row: Mapping[int, int] = field(default_factory=dict)
    chosen: Mapping[int, Chosen] = field(default_factory=dict)
    beside: tuple[ExerciseFacts, ...] = ()
    spent_min: int = 0
    still_room_min: int | None = None
    benches: bool = True
    buffer_minutes: int = BUFFER_MINUTES

    @property
    def room_minutes(self) -> int:
        return self.minutes - self.buffer_minutes - self.spent_min

    @property
    def in_crisis(self) -> bool:
        return self.client.recovery_phase == "crisis"

    def third_time(self, exercise_id: int) -> bool:
        """Whether it was in the last two walks: once more is for the coach to choose."""
        return self.in_a_row.get(exercise_id, 0) >= MOST_IN_A_ROW


def in_a_row(done: Sequence[Collection[int]]) -> dict[int, int]:
    """For each exercise of the last walk: how many of the last walks in a row held it. `done`: newest first."""
    going: set[int] = set(done[0] if done else ())
    counted: dict[int, int] = {}
    for number, ids in enumerate(done, start=1):
        going &= set(ids)
        counted |= dict.fromkeys(going, number)
    return counted
