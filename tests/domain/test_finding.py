"""Finding a word in what was written."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.finding import CODED, Excerpt, excerpt, plain, start_of, texts_of
from planner.domain.notes import BoundaryMoment, NoPractice, NoteContent

TEXTS = ("Schouders zakten na tien minuten.", "Zei één keer néé tegen de Café-baas", "ﬁetsen in de STRAẞE")


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("zakten", "zakten"),
        ("ZAKTEN", "zakten"),
        ("een", "één"),
        ("één", "één"),
        ("nee keer", "néé"),
        ("keer nee schouders", "keer"),
        ("cafe", "Café"),
        ("fiets", "ﬁets"),
        ("strasse", "STRAẞE"),
    ],
)
def test_found_whatever_its_accents_and_capitals(sought: str, found: str) -> None:
    piece = excerpt(TEXTS, sought)
    assert piece is not None
    assert piece.found == found


@pytest.mark.parametrize("sought", ["", "  ", "\u0301", "zaktem", "rug", "zakten rug"])
def test_every_word_must_stand_there(sought: str) -> None:
    assert excerpt(TEXTS, sought) is None


def test_a_little_of_what_stands_around() -> None:
    text = "a" * 100 + " doel " + "b" * 100
    assert excerpt([text], "doel", around=3) == Excerpt("…aa ", "doel", " bb…")
    assert excerpt(["doel"], "doel") == Excerpt("", "doel", "")


def test_an_accent_of_its_own_belongs_to_its_letter() -> None:
    """As some phones write it: the letter, then the accent."""
    assert excerpt(["ze zei ne\u0301 tegen"], "ne") == Excerpt("ze zei ", "ne\u0301", " tegen")


@given(st.lists(st.text(max_size=30), max_size=3), st.text(min_size=1, max_size=8))
def test_what_is_shown_is_what_was_written(texts: list[str], sought: str) -> None:
    piece = excerpt(texts, sought, around=1000)
    if piece is None:
        assert not plain(sought).split() or any(
            all(word not in plain(text) for text in texts) for word in plain(sought).split()
        )
    else:
        assert piece.before + piece.found + piece.after in texts
        assert plain(sought).split()[0] in plain(piece.found)


def test_every_text_of_a_note_is_searched() -> None:
    """A field that is added takes part by itself."""
    note, sought = NoteContent(), []
    for one in fields(NoteContent):
        if one.default == "":
            note = replace(note, **{one.name: f"w{one.name}"})
            sought.append(f"w{one.name}")
    note = replace(note, boundary=BoundaryMoment("wrequest", 6, "wplace", "wlimit"))
    note = replace(note, no_practice=NoPractice("wsentence", "real_life", "wresult"), analysis_share="much")
    texts = texts_of(note)
    assert set(texts) == {*sought, "wrequest", "wplace", "wlimit", "wsentence", "wresult"}
    assert len(sought) >= 16
    assert set(CODED) <= {"analysis_share", "home_step_result", "setting"}


def test_how_it_begins() -> None:
    assert start_of([]) == ""
    assert start_of(["Rust.\nBij het bankje."]) == "Rust. Bij het bankje."
    assert start_of(["woord " * 40], most=20) == "woord woord woord…"
