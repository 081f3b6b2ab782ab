"""What a client supplied themselves, for another program to read (GDPR article 20): contact, wishes, what they told,
their numbers and their own words. Nothing that the coach saw, thought or wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from planner.domain.answers import NOTHING, AnswerContent
from planner.domain.clients import ClientDetails, ClientName, HealthDetails
from planner.domain.notes import NoteContent
from planner.domain.progress import Measure

NUMBERS = (
    "energy_week", "functioning_week", "energy_before", "energy_after", "tension_before", "tension_after",
)  # fmt: skip
Scale = int | None


@dataclass(frozen=True, slots=True)
class Contact:
    email: str
    phone: str
    emergency_contact: str


@dataclass(frozen=True, slots=True)
class Wishes:
    pace_kmh: float
    max_minutes: int | None
    environment_likes: tuple[str, ...]
    environment_avoid: tuple[str, ...]
    weather_wishes: tuple[str, ...]
    acquaintances: str | None


@dataclass(frozen=True, slots=True)
class GivenConsent:
    purpose: str
    text_version: str
    given_at: datetime | None
    refused_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class SafetyAnswer:
    """Only where an answer is kept at all (P06)."""

    asked_on: date
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Appointment:
    starts_local: datetime
    zone: str
    minutes: int
    setting: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """0 to 10 as the client said them around a walk."""

    on: date
    energy_week: Scale
    functioning_week: Scale
    energy_before: Scale
    energy_after: Scale
    tension_before: Scale
    tension_after: Scale


@dataclass(frozen=True, slots=True)
class OwnWords:
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """Answered behind the client's own link."""

    about: datetime
    content: AnswerContent


@dataclass(frozen=True, slots=True)
class PortableFile:
    format: Literal["stap-voor-stap portable"]
    version: Literal[1]
    made_on: date
    name: ClientName
    language: Literal["nl", "en"]
    contact: Contact
    wishes: Wishes
    health: HealthDetails | None
    consents: tuple[GivenConsent, ...]
    safety_answers: tuple[SafetyAnswer, ...]
    appointments: tuple[Appointment, ...]
    numbers: tuple[Numbers, ...]
    own_words: tuple[OwnWords, ...]
    answers: tuple[PageAnswer, ...]
    scores: tuple[Measure, ...]

    def as_json(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1)


def schema() -> bytes:
    """JSON Schema of the file."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(PortableFile)), indent=1)


def supplied(tables: dict[str, list[dict[str, Any]]], today: date) -> PortableFile:
    """`tables`: as the whole file has them, opened."""
    (client,) = tables["client"]
    details: ClientDetails = client["details_sealed"]
    days = {walk["id"]: walk["starts_local"].date() for walk in tables["walk"]}
    notes = [(days[note["walk_id"]], note["sealed"]) for note in tables["note"]]
    return PortableFile(
        "stap-voor-stap portable",
        1,
        today,
        client["name_sealed"],
        client["language"],
        Contact(details.email, details.phone, details.emergency_contact),
        _wishes(details),
        client["health_sealed"],
        tuple(GivenConsent(**_taken(GivenConsent, row)) for row in tables["consent"]),
        tuple(_safety_answers(tables["screening"])),
        tuple(Appointment(**_taken(Appointment, row)) for row in tables["walk"]),
        tuple(_numbers(notes)),
        tuple(_own_words(notes)),
        tuple(
            PageAnswer(row["about_at"], row["sealed"])
            for row in tables["walk_answer"]
            if row["sealed"] != NOTHING
        ),
        tuple(row["sealed"] for row in tables["external_measure"]),
    )


def _taken(kind: type, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]


def _wishes(details: ClientDetails) -> Wishes:
    return Wishes(**{name: getattr(details, name) for name in Wishes.__dataclass_fields__})


def _safety_answers(rows: Iterable[dict[str, Any]]) -> Iterator[SafetyAnswer]:
    for record in (row["sealed"] for row in rows):
        for line in record.lines:
            if line.answer is not None:
                yield SafetyAnswer(record.asked_on, line.code, line.answer)


def _numbers(notes: Iterable[tuple[date, NoteContent]]) -> Iterator[Numbers]:
    for on, content in notes:
        told = {name: getattr(content, name) for name in NUMBERS}
        if any(value is not None for value in told.values()):
            yield Numbers(on, **told)


def _own_words(notes: Iterable[tuple[date, NoteContent]]) -> Iterator[OwnWords]:
    for on, content in notes:
        yield from (OwnWords(on, text) for text in (content.client_words, content.client_quote) if text)
