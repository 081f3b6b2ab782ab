"""Everything of ours that a client reads: short sentences, no shouting, nothing that counts against them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from planner.services import fixed_texts
from planner.services.toolkit.toolkit_data import shipped_toolkit
from tests.source_texts import source_texts

ROOT = Path(__file__).resolve().parent.parent
MOST_WORDS, MEAN_WORDS = 12, 9
LANGUAGES = ("nl", "en")
OURS = (
    "templates/personal", "web/personal", "web/sharing/printed", "web/wording_answers", "templates/mail",
    "web/messages/writing", "templates/reports/paper", "templates/privacy/file", "privacy/wording_export",
)  # fmt: skip
BLAMES = r"!|\b(helaas|ongeldig|invalid|gemist|missed|te laat|too late|vergeten|forgot|moet|must|u|uw)\b"


def sentences(text: str) -> list[str]:
    """A placeholder is one word."""
    plain = re.sub(r"%\(\w+\)[sd]", "x", text)
    return [one for one in re.split(r"(?<=[.?!:;])\s+", plain) if one]


def page_texts(language: str) -> list[str]:
    """What the templates and views of the client's page say."""
    found = [
        one for one in source_texts() if any(part in where for where, _ in one.locations for part in OURS)
    ]
    with (ROOT / f"planner/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        words = read_po(file, locale=language)
    texts = []
    for one in found:
        message = words.get(one.id if isinstance(one.id, str) else one.id[0])
        assert message is not None, one.id
        texts += [message.string] if isinstance(message.string, str) else list(message.string)
    return texts


def fixed(language: str) -> list[str]:
    """The emergency card, the stop rule, the privacy text and the steps of every shipped exercise."""
    texts = [line.text for line in fixed_texts.emergency_card(language).lines]
    texts += [fixed_texts.stop_rule(language)]
    texts += [line for block in fixed_texts.client_page_privacy(language).blocks for line in block.paragraphs]
    return texts + [step for one in shipped_toolkit().exercises for step in one.texts.steps(language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_sentences(language: str) -> None:
    found = [one for text in (*page_texts(language), *fixed(language)) for one in sentences(text)]
    assert len(found) > 150
    too_long = {one for one in found if len(one.split()) > MOST_WORDS}
    assert not too_long
    assert sum(len(one.split()) for one in found) / len(found) <= MEAN_WORDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_kind_words(language: str) -> None:
    texts = page_texts(language)
    assert len(texts) > 40
    assert not [text for text in texts if re.search(BLAMES, text, re.IGNORECASE)]


def test_the_measure_measures() -> None:
    assert sentences("Een twee. Drie %(a)s vier?") == ["Een twee.", "Drie x vier?"]
    assert re.search(BLAMES, "Je bent te laat.", re.IGNORECASE)
