"""Two versions of a text, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.differences import GONE, MOST_WORDS, NEW, SAME, Piece, pieces

TEXTS = st.text(alphabet="ab \n", max_size=60)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ()),
        ("moe", "moe", (Piece(SAME, "moe"),)),
        ("moe", "", (Piece(GONE, "moe"),)),
        ("heel moe", "heel blij", (Piece(SAME, "heel "), Piece(GONE, "moe"), Piece(NEW, "blij"))),
    ],
)
def test_pieces(old: str, new: str, expected: tuple[Piece, ...]) -> None:
    assert pieces(old, new) == expected


@given(TEXTS, TEXTS)
def test_both_texts_are_in_it_whole(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(one.text for one in found if one.kind != NEW) == old
    assert "".join(one.text for one in found if one.kind != GONE) == new


def test_long_texts_are_not_compared_for_ever() -> None:
    long = "a " * MOST_WORDS
    assert [one.kind for one in pieces(long, f"b {long}")] == [GONE, NEW]
