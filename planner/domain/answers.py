"""What a client may answer behind the link, and what it says. Plain frozen values; answers are sealed as JSON, with a
default for every field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

COMING, CANNOT = "coming", "cannot"
ANSWERS = (COMING, CANNOT)
LENGTHS = ("short", "normal", "long")
SIGNS = ("energised", "usable", "body_change", "look_forward")
"""The four signs of the right match (domain.md H)."""
SIGN_ANSWERS = {"yes": 2, "a_bit": 1, "no": 0}
CHECK_IN = ("energy_week", "functioning_week")
"""Named as in the note, which takes them over: page and note together ask at most six numbers (decision 15)."""
CHECK_IN_BEFORE = timedelta(hours=48)
SIGNS_WITHIN = timedelta(days=7)
TALK_AT_MOST = 3

PAGE_ASKS = ("coming", "lengths", "check_in", "signs", "titles")
"""What a coach may turn on for a client: "I am coming", the three lengths, the check-in, the four signs, and the
titles of exercises that could say something about health."""


@dataclass(frozen=True, slots=True)
class AnswerContent:
    """`answered_at`: when the answer that stands was given first. `signs_done`: asked and sent, filled in or not."""

    answer: str = ""
    answered_at: datetime | None = None
    length: str = ""
    energy_week: int | None = None
    functioning_week: int | None = None
    energised: str | None = None
    usable: str | None = None
    body_change: str | None = None
    look_forward: str | None = None
    signs_done: bool = False

    @property
    def sum_of_signs(self) -> int | None:
        """0 to 8; None unless all four were answered."""
        given = [getattr(self, sign) for sign in SIGNS]
        return sum(SIGN_ANSWERS[one] for one in given) if all(given) else None


def match(sums: Sequence[int]) -> str:
    """`sums` in order of time. Two low ones in a row: time to talk about whether this fits (domain.md 3.5)."""
    if len(sums) < 2:
        return "unknown"
    return "talk" if max(sums[-2:]) <= TALK_AT_MOST else "ok"


def read_asks(text: str) -> frozenset[str]:
    return frozenset(text.split()) & frozenset(PAGE_ASKS)


def write_asks(asks: Iterable[str]) -> str:
    chosen = frozenset(asks)
    return " ".join(one for one in PAGE_ASKS if one in chosen)
