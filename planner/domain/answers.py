"""What a client may answer behind the link, and what it says. Plain frozen values; answers are sealed as JSON, with a
default for every field."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from planner.domain.exercises import OUTDOORS

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
    """`answered_at`: when the answer that stands was given first. `signs_done`: asked and sent, filled in or not.
    `setting`: that of the walk when it was answered; empty in what was kept before this was. `checked_in_at`: when the
    numbers of the week were sent last, filled in or not."""

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
    setting: str = ""
    checked_in_at: datetime | None = None

    @property
    def sum_of_signs(self) -> int | None:
        """0 to 8; None unless all four were answered."""
        given = [getattr(self, sign) for sign in SIGNS]
        return sum(SIGN_ANSWERS[one] for one in given) if all(given) else None

    @property
    def signs(self) -> dict[str, Any]:
        """The four signs with what was answered, in their order."""
        return {sign: getattr(self, sign) for sign in SIGNS}

    @property
    def checked_in(self) -> bool:
        return any(getattr(self, name) is not None for name in CHECK_IN)


NOTHING = AnswerContent()
NO_HEALTH: dict[str, Any] = dict.fromkeys((*CHECK_IN, *SIGNS))


def standing(content: AnswerContent, about_at: datetime, starts_at: datetime, setting: str) -> AnswerContent:
    """What still counts of an answer given when the walk started at `about_at`. Once it starts at another time, only
    the four signs do: they are about the walk, whenever it was. In another setting at the same time, whether they come
    is open again: who cannot walk may still be able to call."""
    if about_at != starts_at:
        return replace(NOTHING, **content.signs, signs_done=content.signs_done)
    if content.setting not in ("", setting):
        return replace(content, answer="", answered_at=None, setting="")
    return content


def without_health(content: AnswerContent) -> AnswerContent:
    """What may be used of an answer without consent for health (P01, P03)."""
    return replace(content, **NO_HEALTH)


def may_say(answer: str, asks: Container[str], stands: AnswerContent) -> bool:
    """ "I cannot come" always. "I am coming" where the coach turned it on, or to take back what was said about this
    time."""
    return answer == CANNOT or (answer == COMING and (COMING in asks or bool(stands.answer)))


def asks_length(asks: Container[str], setting: str, starts_at: datetime, now: datetime) -> bool:
    """Whether the client may choose how long to walk: outdoors, until the start."""
    return "lengths" in asks and setting == OUTDOORS and now < starts_at


def asks_check_in(asks: Container[str], starts_at: datetime, now: datetime, *, consented: bool) -> bool:
    """Whether the numbers of the past week are asked now: before the walk, and only under consent for health."""
    return consented and "check_in" in asks and timedelta() <= starts_at - now <= CHECK_IN_BEFORE


def asks_signs(asks: Container[str], ends_at: datetime, now: datetime, *, consented: bool) -> bool:
    """Whether the four signs are asked now, of a walk that was walked."""
    return consented and "signs" in asks and now - ends_at <= SIGNS_WITHIN


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
