"""Exercises of the toolkit as plain values. The facts steer suggestions; the texts are for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", str, tuple[str, ...])

KINDS = ("breathing", "body", "boundary", "senses", "energy", "reflection", "rest_nutrition")
DOING_KINDS = frozenset(KINDS) - {"reflection"}
"""Doing is every kind but reflection."""
BODY_KINDS = frozenset({"body", "breathing", "senses"})
"""Kinds in which the body joins in."""
PLACES = ("walking", "standing", "bench", "online")
DEMANDS = ("low", "medium", "high")
PHASES = ("crisis", "problem_solving", "application")
CAUTIONS = (
    "panic", "dizziness", "heart", "lungs", "pregnancy", "injury", "balance", "pem",
    "trauma", "dissociation", "low_mood", "eating", "diabetes", "allergy", "hearing", "sleep",
)  # fmt: skip
EVIDENCE_LEVELS = ("meta_analysis", "trial", "small_study", "indirect", "practice")
EVIDENCE_DIRECTIONS = ("positive", "mixed", "no_difference", "unknown")

OUTDOORS, INDOORS, ONLINE, PHONE = "outdoors", "indoors", "online", "phone"
SETTINGS = (OUTDOORS, INDOORS, ONLINE, PHONE)
AT_A_DISTANCE = frozenset({ONLINE, PHONE})
"""Everybody stays in a place of their own."""
PLACES_OF_SETTING = {
    OUTDOORS: frozenset({"walking", "standing", "bench"}),
    INDOORS: frozenset({"standing", "bench"}),
    ONLINE: frozenset({"online"}),
    PHONE: frozenset({"online"}),
}
RAIN, COLD, HEAT = "rain", "cold", "heat"
WEATHER = (RAIN, COLD, HEAT)


@dataclass(frozen=True, slots=True)
class ExerciseFacts:
    """What rules need to know of an exercise. `key`: its id in the shipped toolkit, None for the coach's own.
    `homework`: it has a line for home. `sensitive_title`: the client sees "Exercise" until the coach ticks
    the title."""

    kind: str
    reasons: tuple[str, ...]
    minutes_min: int
    minutes_max: int
    places: tuple[str, ...]
    id: int = 0
    key: str | None = None
    rain_ok: bool = True
    cold_ok: bool = True
    heat_ok: bool = True
    energy_demand: str = "low"
    cognitive_load: str = "low"
    phases: tuple[str, ...] = PHASES
    cautions: tuple[str, ...] = ()
    sensitive_title: bool = False
    homework: bool = False
    evidence_level: str | None = None
    evidence_direction: str | None = None
    evidence_refs: tuple[str, ...] = ()

    def allows(self, setting: str) -> bool:
        """Whether one of its places exists in this setting."""
        return not PLACES_OF_SETTING[setting].isdisjoint(self.places)

    def spoiled_by(self, weather: str) -> bool:
        """Whether rain, cold or heat is a reason not to do it outdoors."""
        return not {RAIN: self.rain_ok, COLD: self.cold_ok, HEAT: self.heat_ok}[weather]

    @property
    def is_doing(self) -> bool:
        return self.kind in DOING_KINDS

    @property
    def moves_body(self) -> bool:
        return self.kind in BODY_KINDS

    @property
    def fits_crisis(self) -> bool:
        """Rule 5 of domain 1.2: meant for that phase, and not asking much energy."""
        return "crisis" in self.phases and self.energy_demand in ("low", "medium")


@dataclass(frozen=True, slots=True)
class ExerciseTitle:
    """In both languages."""

    title_nl: str = ""
    title_en: str = ""

    def title(self, language: str) -> str:
        """In the asked language, else in the other: a coach's own exercise may have one only."""
        return _one_of(self.title_nl, self.title_en, language)


@dataclass(frozen=True, slots=True)
class ExerciseTexts(ExerciseTitle):
    """Words of an exercise in both languages. Cautions and the evidence note are for the coach only."""

    steps_nl: tuple[str, ...] = ()
    steps_en: tuple[str, ...] = ()
    caution_nl: str = ""
    caution_en: str = ""
    homework_nl: str = ""
    homework_en: str = ""
    evidence_nl: str = ""
    evidence_en: str = ""

    def steps(self, language: str) -> tuple[str, ...]:
        return _one_of(self.steps_nl, self.steps_en, language)

    def caution(self, language: str) -> str:
        return _one_of(self.caution_nl, self.caution_en, language)

    def home_line(self, language: str) -> str:
        return _one_of(self.homework_nl, self.homework_en, language)

    def evidence(self, language: str) -> str:
        return _one_of(self.evidence_nl, self.evidence_en, language)


def _one_of(nl: T, en: T, language: str) -> T:
    return (en or nl) if language == "en" else (nl or en)


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What the rules about exercises and plans may know of a client."""

    health_flags: frozenset[str] = frozenset()
    recovery_phase: str | None = None
    max_minutes: int | None = None


def reasons_of(every: Mapping[int, ExerciseFacts], ids: Iterable[int]) -> set[str]:
    """The reasons that these exercises serve; also of what the coach has hidden since: it was done."""
    return {reason for one in ids if one in every for reason in every[one].reasons}
