"""Looking for an exercise: which of the toolkit's answer to what the coach asks."""

from __future__ import annotations

from dataclasses import dataclass

from planner.domain.exercises import DEMANDS, ONLINE, ExerciseFacts


@dataclass(frozen=True, slots=True)
class ExerciseFilter:
    """What is asked; None does not count. `minutes`: so much time there is. `weather`: rain, cold or heat that there
    is. `energy`: it may ask at most this much."""

    reason: str | None = None
    kind: str | None = None
    minutes: int | None = None
    place: str | None = None
    weather: str | None = None
    energy: str | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is asked at all."""
        return any((self.reason, self.kind, self.minutes, self.place, self.weather, self.energy))

    def takes(self, exercise: ExerciseFacts) -> bool:
        """Whether the exercise answers to everything asked. Weather does not count online."""
        return (
            (self.reason is None or self.reason in exercise.reasons)
            and (self.kind is None or self.kind == exercise.kind)
            and (self.minutes is None or exercise.minutes_min <= self.minutes)
            and (self.place is None or self.place in exercise.places)
            and (self.weather is None or self.place == ONLINE or not exercise.spoiled_by(self.weather))
            and (self.energy is None or DEMANDS.index(exercise.energy_demand) <= DEMANDS.index(self.energy))
        )
