"""The four reasons: their order, what was planned for them lately, and how far they carried the walks.

Marks are 0 to 3 and mean how far a reason carried a walk. Nothing here is a score of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

MOVEMENT, PRACTICE, FEELING, ENVIRONMENT = "movement", "practice", "feeling", "environment"
REASONS = (MOVEMENT, PRACTICE, FEELING, ENVIRONMENT)
MIN_MARK, MAX_MARK = 0, 3
COVERAGE_WALKS = 4

Marks = Mapping[str, int | None]
"""Reason to mark; a reason that was not asked is None or absent."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One reason over many walks. `walks` counts only those where a mark was given."""

    reason: str
    total: int
    walks: int

    @property
    def average(self) -> float | None:
        """Mean mark of the walks that have one; None when none has. Never zero for want of an answer."""
        return self.total / self.walks if self.walks else None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Over many walks, of one client or of all of a coach's. `lines`: the four in their order. `walks`: those that say
    something."""

    lines: tuple[LedgerLine, ...]
    walks: int

    @property
    def carried(self) -> str | None:
        """The reason with the highest average; None when two share it, or fewer than two have a mark."""
        return _only(self._averages, max) if len(self._averages) > 1 else None

    @property
    def least(self) -> str | None:
        """The reason with the lowest average; None when two share it, or one has no mark at all."""
        return _only(self._averages, min) if len(self._averages) == len(self.lines) else None

    @property
    def _averages(self) -> dict[str, float]:
        return {line.reason: line.average for line in self.lines if line.average is not None}


def book(marks: Iterable[Marks]) -> Ledger:
    """The ledger of these walks; one without marks counts nowhere. Raises ValueError on a mark outside 0 to 3."""
    given = [one for one in marks if any(mark is not None for mark in one.values())]
    return Ledger(ledger(given), len(given))


def _only(averages: Mapping[str, float], end: Callable[[Iterable[float]], float]) -> str | None:
    """The one reason at that end, the highest or the lowest."""
    there = [reason for reason, average in averages.items() if average == end(averages.values())]
    return there[0] if len(there) == 1 else None


def coverage(planned: Sequence[Collection[str]]) -> dict[str, int]:
    """Per reason, in how many of the last four walks something was planned for it (domain 1.2, rule 6).

    `planned`: for each walk, oldest first, the reasons its items serve.
    """
    last = planned[-COVERAGE_WALKS:]
    return {reason: sum(reason in walk for walk in last) for reason in REASONS}


def ledger(marks: Sequence[Marks]) -> tuple[LedgerLine, ...]:
    """The four reasons in order, each with its total and the number of walks that say something about it.

    A walk without a mark counts for nothing, not for zero. Raises ValueError on a mark outside 0 to 3.
    """
    return tuple(_line(reason, [walk.get(reason) for walk in marks]) for reason in REASONS)


def _line(reason: str, marks: Sequence[int | None]) -> LedgerLine:
    given = [mark for mark in marks if mark is not None]
    if any(not MIN_MARK <= mark <= MAX_MARK for mark in given):
        raise ValueError(f"a mark is {MIN_MARK} to {MAX_MARK}")
    return LedgerLine(reason, sum(given), len(given))


def by_need(covered: Mapping[str, int], lines: Sequence[LedgerLine] = ()) -> tuple[str, ...]:
    """All four reasons, least served first.

    First by coverage. Reasons with the same coverage go by their average mark, lowest first, but only when
    all of them have one: an unknown average is neither high nor low. What is still equal keeps the fixed
    order.
    """
    averages = {line.reason: line.average for line in lines}
    ordered = sorted(REASONS, key=lambda reason: covered.get(reason, 0))
    result: list[str] = []
    for _, equal in groupby(ordered, key=lambda reason: covered.get(reason, 0)):
        group = list(equal)
        known = {reason: average for reason in group if (average := averages.get(reason)) is not None}
        result += sorted(group, key=known.__getitem__) if len(known) == len(group) else group
    return tuple(result)


def least_served(covered: Mapping[str, int], lines: Sequence[LedgerLine] = ()) -> str:
    """The reason that the next walk should serve first."""
    return by_need(covered, lines)[0]
