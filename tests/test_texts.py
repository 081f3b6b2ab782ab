"""The shipped toolkit and the fixed texts: complete in both languages, with version and date, in plain words."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
import yaml

from planner.domain import exercises, screening
from planner.domain.reasons import REASONS
from planner.services import fixed_texts
from planner.services.fixed_texts import FixedText
from planner.services.toolkit.toolkit_data import ShippedExercise, shipped_toolkit

LANGUAGES = ("nl", "en")
TEXTS = [fixed_texts.text(code, language) for code in fixed_texts.codes() for language in LANGUAGES]
EXERCISES = shipped_toolkit().exercises


def sentences(text: FixedText) -> list[str]:
    pieces = [text.title]
    for block in text.blocks:
        pieces += [*([block.heading] if block.heading else []), *block.paragraphs, *block.points]
    return pieces


def shape(text: FixedText) -> list[tuple[bool, int, int]]:
    return [(bool(block.heading), len(block.paragraphs), len(block.points)) for block in text.blocks]


def test_the_texts_we_need_are_there() -> None:
    assert set(fixed_texts.codes()) >= {
        "when_therapy", "therapy_not_bad", "combining", "three_months", "complaints",
        "privacy", "client_page_privacy", "consent_health", "emergency_coach",
    }  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{text.code}-{text.language}")
def test_a_text_is_whole(text: FixedText) -> None:
    assert re.fullmatch(r"[0-9]+", text.version)
    assert isinstance(text.dated_on, date)
    assert all(piece.strip() == piece and piece for piece in sentences(text))
    assert all(
        re.search(r"[.:;?]$", piece) for block in text.blocks for piece in (*block.paragraphs, *block.points)
    )
    assert "{" not in text.plain, "nothing is left to fill in"
    assert text.plain.count("\n- ") + text.plain.startswith("- ") == sum(
        len(block.points) for block in text.blocks
    )


@pytest.mark.parametrize("code", fixed_texts.codes())
def test_both_languages_say_as_much(code: str) -> None:
    dutch, english = fixed_texts.text(code, "nl"), fixed_texts.text(code, "en")
    assert shape(dutch) == shape(english)
    assert (dutch.version, dutch.dated_on) == (english.version, english.dated_on)
    assert not set(sentences(dutch)) & set(sentences(english)), "a sentence was not translated"


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{text.code}-{text.language}")
def test_plain_words(text: FixedText) -> None:
    """B1: short sentences, je and jij, no exclamation marks, no blame."""
    for piece in sentences(text):
        assert "!" not in piece
        assert not re.search(r"\b(u|uw|helaas|ongeldig|invalid)\b", piece)
        for sentence in re.split(r"(?<=[.?:;])\s", piece):
            assert len(sentence.split()) <= 26, sentence


def test_the_version_of_the_edition_is_the_one_in_the_file() -> None:
    path = Path(fixed_texts.__file__).parent.parent / "toolkit" / "texts.yaml"
    assert str(yaml.safe_load(path.read_text("utf-8"))["version"]) == fixed_texts.TEXTS_VERSION
    assert len(fixed_texts.TEXTS_VERSION) <= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_coach_fills_in_stands_in_the_text(language: str) -> None:
    values = {"coach": "Anna Vos", "contact": "06 1234", "processors": ""}
    privacy, complaints = fixed_texts.setup_texts(language, values)
    assert (privacy.code, complaints.code) == ("privacy", "complaints")
    assert "Anna Vos" in privacy.plain
    assert "06 1234" in privacy.plain
    assert "06 1234" in complaints.plain
    assert "Anna Vos" not in fixed_texts.text("privacy", language).plain


def test_braces_in_a_name_are_just_a_name() -> None:
    assert "{contact.x} {0}" in fixed_texts.text("complaints", "nl", {"contact": "{contact.x} {0}"}).plain


@pytest.mark.parametrize(
    ("language", "needed"),
    [
        ("nl", ("verantwoordelijk", "Waarvoor", "artikel 6", "artikel 9", "Hoe lang", "rechten", "intrekken",
                "Autoriteit Persoonsgegevens", "server", "binnen een maand", "35 dagen", "collega", "kantoor")),
        ("en", ("responsible", "What for", "article 6", "article 9", "How long", "rights", "withdraw",
                "data protection authority", "server", "within a month", "35 days", "colleague", "office")),
    ],
)  # fmt: skip
def test_the_privacy_text_has_what_article_13_asks(language: str, needed: tuple[str, ...]) -> None:
    plain = fixed_texts.text("privacy", language).plain
    assert [words for words in needed if words not in plain] == []


def test_the_help_page_names_the_five_where_therapy_is_the_better_place() -> None:
    help_page = fixed_texts.help_texts("nl")
    assert [text.code for text in help_page] == list(fixed_texts.HELP)
    points = help_page[0].blocks[0].points
    assert len(points) == 5
    for word, point in zip(("trauma", "verloor", "relatie", "angst", "patronen"), points, strict=True):
        assert word in point


def test_an_unknown_language_is_dutch_and_an_unknown_text_is_an_error() -> None:
    assert fixed_texts.text("privacy", "de") == fixed_texts.text("privacy", "nl")
    with pytest.raises(KeyError):
        fixed_texts.text("nothing", "nl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_emergency_card(language: str) -> None:
    card = fixed_texts.emergency_card(language)
    assert [line.tel for line in card.lines] == ["112", "113", None]
    for line in card.lines:
        assert line.tel is None or line.tel in line.text
    assert "113.nl" in card.lines[1].text
    assert card.version
    assert isinstance(card.dated_on, date)
    extras = fixed_texts.emergency_coach(language).plain
    assert "020-311 38 88" in extras
    assert "0800-2000" in extras
    assert "020-311" not in " ".join(line.text for line in card.lines), (
        "what is for the coach is not on the card"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_screening_has_words_for_every_code(language: str) -> None:
    texts = fixed_texts.screening_texts(language)
    assert set(texts.questions) == set(screening.ASKED)
    assert set(texts.answers) == set(screening.ANSWERS)
    assert set(texts.levels) == set(screening.LEVELS)
    assert texts.intro
    for question in texts.questions.values():
        assert question.question.endswith("?")
        assert question.action.endswith(".")
    assert "112" in texts.questions["S1"].action
    assert "112" in texts.questions["S2"].action
    assert "113" in texts.questions["S1"].action
    assert "0800-2000" in texts.questions["S5"].action


def test_screening_texts_differ_between_languages() -> None:
    dutch, english = fixed_texts.screening_texts("nl"), fixed_texts.screening_texts("en")
    assert (dutch.version, dutch.dated_on) == (english.version, english.dated_on)
    for code in screening.ASKED:
        assert dutch.questions[code].question != english.questions[code].question
        assert dutch.questions[code].action != english.questions[code].action


def test_the_toolkit_is_whole() -> None:
    toolkit = shipped_toolkit()
    assert len(EXERCISES) == 30
    assert len({exercise.key for exercise in EXERCISES}) == 30
    assert toolkit.content_version >= 1
    assert isinstance(toolkit.content_date, date)
    assert toolkit.exercise("five-senses").key == "five-senses"
    with pytest.raises(KeyError):
        toolkit.exercise("nothing")
    assert all(fixed_texts.stop_rule(language) for language in LANGUAGES)
    assert fixed_texts.stop_rule("nl") != fixed_texts.stop_rule("en")


@pytest.mark.parametrize("shipped", EXERCISES, ids=lambda shipped: shipped.key)
def test_an_exercise_uses_only_codes_we_know(shipped: ShippedExercise) -> None:
    facts = shipped.facts
    assert facts.key == shipped.key
    assert facts.id == 0
    assert facts.kind in exercises.KINDS
    assert facts.reasons
    assert set(facts.reasons) <= set(REASONS)
    assert facts.places
    assert set(facts.places) <= set(exercises.PLACES)
    assert facts.phases
    assert set(facts.phases) <= set(exercises.PHASES)
    assert set(facts.cautions) <= set(exercises.CAUTIONS)
    assert {facts.energy_demand, facts.cognitive_load} <= set(exercises.DEMANDS)
    assert facts.evidence_level in exercises.EVIDENCE_LEVELS
    assert facts.evidence_direction in exercises.EVIDENCE_DIRECTIONS
    assert set(facts.evidence_refs) <= set(shipped_toolkit().references)
    assert 0 < facts.minutes_min <= facts.minutes_max <= 30


@pytest.mark.parametrize("shipped", EXERCISES, ids=lambda shipped: shipped.key)
def test_an_exercise_speaks_both_languages(shipped: ShippedExercise) -> None:
    texts = shipped.texts
    for field in fields(texts):
        if field.name.startswith("homework") and not shipped.facts.homework:
            assert getattr(texts, field.name) == ""
        else:
            assert getattr(texts, field.name), field.name
    assert len(texts.steps_nl) == len(texts.steps_en)
    assert all(4 <= len(texts.steps(language)) <= 6 for language in LANGUAGES)
    assert texts.title("nl") == texts.title_nl
    assert texts.title("en") == texts.title_en


def test_every_breathing_exercise_has_a_line_for_home() -> None:
    """F4."""
    breathing = [shipped for shipped in EXERCISES if shipped.facts.kind == "breathing"]
    assert breathing
    assert all(shipped.texts.home_line(language) for shipped in breathing for language in LANGUAGES)


def test_the_vocabulary_has_words_for_every_code() -> None:
    vocabulary = shipped_toolkit().vocabulary
    for name, codes in (
        ("reason", REASONS),
        ("kind", exercises.KINDS),
        ("place", exercises.PLACES),
        ("caution", exercises.CAUTIONS),
    ):
        assert set(vocabulary[name]) == set(codes), name
        assert all(words["nl"] and words["en"] for words in vocabulary[name].values())


def test_an_own_exercise_in_one_language_shows_in_both() -> None:
    own = exercises.ExerciseTexts(title_nl="Rondje om de eik", steps_nl=("Loop om de eik.",))
    assert own.title("en") == "Rondje om de eik"
    assert own.steps("en") == ("Loop om de eik.",)
    assert exercises.ExerciseTexts(title_en="Round the oak").title("nl") == "Round the oak"
