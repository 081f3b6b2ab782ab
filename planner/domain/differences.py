"""How two versions of a text differ, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
MOST_WORDS = 2000
"""Comparing takes the square of it; longer texts stand beside each other as a whole."""
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind`: in both, only in the old text, or only in the new one."""

    kind: str
    text: str


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Both texts as one row: what is the same or new makes the new text, what is the same or gone the old one."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return _said(Piece(GONE, old), Piece(NEW, new))
    found: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece(SAME, "".join(before[a:b])))
        else:
            found += [Piece(GONE, "".join(before[a:b])), Piece(NEW, "".join(after[c:d]))]
    return _said(*found)


def _said(*found: Piece) -> tuple[Piece, ...]:
    return tuple(one for one in found if one.text)
