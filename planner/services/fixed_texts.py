"""Fixed texts in both languages, each with its version and date: help, privacy, complaints, consent, emergency card,
screening. Read once from the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from planner.services.toolkit.toolkit_data import read_yaml, shipped_toolkit

TEXTS_VERSION = "2"
"""The edition of the texts a coach sees at set-up; the file says the same, and a test holds them together."""
HELP = ("when_therapy", "therapy_not_bad", "combining", "three_months", "complaints")
SETUP = ("privacy", "complaints")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text: perhaps a heading, sentences, and a list."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedText:
    code: str
    version: str
    dated_on: date
    language: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def plain(self) -> str:
        """As plain lines, for a field in which a coach makes it their own. Points start with a dash."""
        pieces = []
        for block in self.blocks:
            lines = [block.heading] if block.heading else []
            pieces.append("\n".join([*lines, *block.paragraphs, *(f"- {point}" for point in block.points)]))
        return "\n\n".join(pieces)


@dataclass(frozen=True, slots=True)
class CardLine:
    """`tel`: the number to dial, where there is one that is the same for everybody."""

    text: str
    tel: str | None


@dataclass(frozen=True, slots=True)
class EmergencyCard:
    """The same for everybody."""

    version: str
    dated_on: date
    title: str
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class QuestionText:
    code: str
    question: str
    action: str


@dataclass(frozen=True, slots=True)
class ScreeningTexts:
    """`levels` and `answers`: code to words. `questions`: by code, those this version asks."""

    version: str
    dated_on: date
    intro: str
    questions: Mapping[str, QuestionText]
    answers: Mapping[str, str]
    levels: Mapping[str, str]


@lru_cache(maxsize=1)
def _data() -> Any:
    return read_yaml("texts.yaml")


def _known(language: str) -> str:
    return "en" if language == "en" else "nl"


@lru_cache(maxsize=64)
def _as_shipped(code: str, language: str) -> FixedText:
    entry = _data()["texts"][code]
    words = entry[language]
    blocks = tuple(
        Block(block.get("heading", ""), tuple(block.get("paragraphs", ())), tuple(block.get("points", ())))
        for block in words["blocks"]
    )
    return FixedText(code, str(entry["version"]), entry["date"], language, words["title"], blocks)


def text(code: str, language: str, values: Mapping[str, str] | None = None) -> FixedText:
    """One text. `values`: coach, contact, processors; what is not given or empty has neutral words of its own.

    Raises KeyError for a code we do not have.
    """
    shipped = _as_shipped(code, _known(language))
    given = {name: value for name, value in (values or {}).items() if value}
    filling = {**_data()["placeholders"][_known(language)], **given}

    def filled(words: str) -> str:
        for name, value in filling.items():
            words = words.replace(f"{{{name}}}", value)
        return words

    blocks = tuple(
        Block(filled(block.heading), tuple(map(filled, block.paragraphs)), tuple(map(filled, block.points)))
        for block in shipped.blocks
    )
    return replace(shipped, title=filled(shipped.title), blocks=blocks)


def codes() -> tuple[str, ...]:
    """All texts there are."""
    return tuple(_data()["texts"])


def help_texts(language: str, values: Mapping[str, str] | None = None) -> tuple[FixedText, ...]:
    """The help page: when therapy, therapy is not bad, combining, three months, complaints."""
    return tuple(text(code, language, values) for code in HELP)


def coach_help(language: str) -> FixedText:
    """How the planner works, for whoever uses it; no client reads it."""
    return text("how_it_works", language)


def setup_texts(language: str, values: Mapping[str, str] | None = None) -> tuple[FixedText, ...]:
    """What a coach must have seen before the first client (P04): privacy and complaints."""
    return tuple(text(code, language, values) for code in SETUP)


def consent_text(language: str) -> FixedText:
    """What a client agrees to; its version is kept with the consent."""
    return text("consent_health", language)


def client_page_privacy(language: str) -> FixedText:
    """The short privacy text at the end of the client's page."""
    return text("client_page_privacy", language)


def emergency_coach(language: str) -> FixedText:
    """What the coach sees beside the card."""
    return text("emergency_coach", language)


def emergency_card(language: str) -> EmergencyCard:
    entry = _data()["emergency_card"]
    words = entry[_known(language)]
    lines = tuple(CardLine(line["text"], line["tel"]) for line in words["lines"])
    return EmergencyCard(str(entry["version"]), entry["date"], words["title"], lines)


def stop_rule(language: str) -> str:
    """Stands on every plan, walk sheet and client page."""
    return shipped_toolkit().stop_rule[_known(language)]


def screening_texts(language: str) -> ScreeningTexts:
    entry, language = _data()["screening"], _known(language)
    questions = {
        code: QuestionText(code, words[language]["question"], words[language]["action"])
        for code, words in entry["questions"].items()
    }
    return ScreeningTexts(
        str(entry["version"]),
        entry["date"],
        entry["intro"][language],
        questions,
        entry["answers"][language],
        entry["levels"][language],
    )
