"""The shipped toolkit: read once from the package, handed out as frozen values in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from planner.domain.exercises import ExerciseFacts, ExerciseTexts

FOLDER = Path(__file__).parents[2] / "toolkit"
Words = Mapping[str, str]
"""Language (nl, en) to words."""


@dataclass(frozen=True, slots=True)
class ShippedExercise:
    """One exercise as we ship it. `facts.id` is 0: the row in a practice's toolkit gives the number."""

    key: str
    facts: ExerciseFacts
    texts: ExerciseTexts


@dataclass(frozen=True, slots=True)
class Reference:
    """A study behind an evidence note. `checked`: document or memory."""

    cite: str
    doi: str | None
    checked: str


@dataclass(frozen=True, slots=True)
class ShippedToolkit:
    """`content_version` rises with each edition. `vocabulary`: reason, kind, place and caution, code to
    words."""

    content_version: int
    content_date: date
    exercises: tuple[ShippedExercise, ...]
    stop_rule: Words
    vocabulary: Mapping[str, Mapping[str, Words]]
    references: Mapping[str, Reference]

    def exercise(self, key: str) -> ShippedExercise:
        """Raises KeyError for a key we do not ship."""
        return _by_key()[key]


def read_demo() -> Any:
    """People and places of the example practice."""
    return read_yaml("../demo/practice.yaml")


def read_yaml(name: str) -> Any:
    """A data file of ours, read with the safe loader (the fast one where libyaml is there)."""
    import yaml  # read once: not every process does

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / name).read_text("utf-8"), Loader=loader)  # noqa: S506 - both are safe loaders


@lru_cache(maxsize=1)
def shipped_toolkit() -> ShippedToolkit:
    data = read_yaml("exercises.yaml")
    words = {name: entries for name, entries in data["vocabulary"].items() if _is_worded(entries)}
    return ShippedToolkit(
        data["content_version"],
        data["content_date"],
        tuple(_exercise(entry) for entry in data["exercises"]),
        MappingProxyType(data["stop_rule"]),
        MappingProxyType({name: MappingProxyType(entries) for name, entries in words.items()}),
        MappingProxyType({key: _reference(entry) for key, entry in data["references"].items()}),
    )


@lru_cache(maxsize=1)
def _by_key() -> Mapping[str, ShippedExercise]:
    return {exercise.key: exercise for exercise in shipped_toolkit().exercises}


def _is_worded(entries: Any) -> bool:
    return isinstance(entries, dict) and all(
        isinstance(words, dict) and words.keys() == {"nl", "en"} for words in entries.values()
    )


def _reference(entry: Mapping[str, Any]) -> Reference:
    return Reference(entry["cite"], entry["doi"], entry["checked"])


def _exercise(entry: Mapping[str, Any]) -> ShippedExercise:
    return ShippedExercise(entry["id"], _facts(entry), _texts(entry))


def _facts(entry: Mapping[str, Any]) -> ExerciseFacts:
    weather, evidence = entry["weather"], entry["evidence"]
    return ExerciseFacts(
        kind=entry["kind"],
        reasons=tuple(entry["reasons"]),
        minutes_min=entry["minutes"]["min"],
        minutes_max=entry["minutes"]["max"],
        places=tuple(entry["places"]),
        key=entry["id"],
        rain_ok=weather["rain_ok"],
        cold_ok=weather["cold_ok"],
        heat_ok=weather["heat_ok"],
        energy_demand=entry["energy_demand"],
        cognitive_load=entry["cognitive_load"],
        phases=tuple(entry["phases"]),
        cautions=tuple(entry["cautions"]),
        sensitive_title=entry["sensitive_title"],
        homework=entry["homework"],
        evidence_level=evidence["level"],
        evidence_direction=evidence["direction"],
        evidence_refs=tuple(evidence["refs"]),
    )


def _texts(entry: Mapping[str, Any]) -> ExerciseTexts:
    evidence = entry["evidence"]
    return ExerciseTexts(
        title_nl=entry["title_nl"],
        title_en=entry["title_en"],
        steps_nl=tuple(entry["steps_nl"]),
        steps_en=tuple(entry["steps_en"]),
        caution_nl=entry["caution_nl"],
        caution_en=entry["caution_en"],
        homework_nl=entry["homework_nl"] or "",
        homework_en=entry["homework_en"] or "",
        evidence_nl=evidence["note_nl"],
        evidence_en=evidence["note_en"],
    )
