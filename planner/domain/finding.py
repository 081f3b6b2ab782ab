"""Finding a word in what was written: without accents or capitals, in any order, with some of what is around it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields

from planner.domain.notes import BoundaryMoment, NoPractice, NoteContent

AROUND = 60
"""Letters shown on either side of what was found."""
CODED = frozenset({"analysis_share", "home_step_result", "setting"})
"""Fields that hold a code, not words."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text: `found` as it was written, and what stands around it."""

    before: str
    found: str
    after: str


def plain(text: str) -> str:
    """Small letters without accents, to compare by."""
    if text.isascii():  # most texts, and nothing to take apart
        return text.lower()
    return "".join(piece for _, piece in _pieces(text))


def excerpt(texts: Iterable[str], search: str, around: int = AROUND) -> Excerpt | None:
    """The first place where a word of the search stands, when every word of it stands somewhere in these texts. A
    search of nothing finds nothing."""
    sought, listed = plain(search).split(), tuple(texts)
    whole = [plain(text) for text in listed]
    if not sought or not all(any(word in text for text in whole) for word in sought):
        return None
    text, within = next(pair for pair in zip(listed, whole, strict=True) if sought[0] in pair[1])
    return _cut(text, within.index(sought[0]), len(sought[0]), around)


def start_of(texts: Iterable[str], most: int = 2 * AROUND) -> str:
    """How the first of these texts begins; "" when there is none."""
    text = " ".join(next(iter(texts), "").split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"


def texts_of(note: NoteContent) -> tuple[str, ...]:
    """Every text in a note, in the order of its fields."""
    return tuple(text for text in _texts(note) if text.strip())


def _texts(value: NoteContent | BoundaryMoment | NoPractice) -> Iterable[str]:
    for one in fields(value):
        held = getattr(value, one.name)
        if isinstance(held, str) and one.name not in CODED:
            yield held
        elif isinstance(held, BoundaryMoment | NoPractice):
            yield from _texts(held)


def _cut(text: str, at: int, length: int, around: int) -> Excerpt:
    """`at` and `length` count plain letters; what is shown are the written ones behind them."""
    places = [place for place, piece in _pieces(text) for _ in piece]
    first, last = places[at], places[at + length - 1] + 1
    while last < len(text) and unicodedata.combining(text[last]):
        last += 1
    start, end = max(0, first - around), min(len(text), last + around)
    before = ("…" if start else "") + text[start:first]
    return Excerpt(before, text[first:last], text[last:end] + ("…" if end < len(text) else ""))


def _pieces(text: str) -> Iterable[tuple[int, str]]:
    """Each letter's place, with the plain letters it stands for: none for an accent alone, two for a sharp s."""
    for place, letter in enumerate(text):
        spread = unicodedata.normalize("NFKD", letter.casefold())
        yield place, "".join(one for one in spread if not unicodedata.combining(one))
