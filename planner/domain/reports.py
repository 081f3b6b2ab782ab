"""The report for the talk at three and six months, and the one for whoever pays: what may stand in them.

Figures are told plainly, first and now. No verdict, no trend word, and nothing about what caused a change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from planner.domain import reviews
from planner.domain.reviews import Measurement

REPORT_PARTS = ("goal", "numbers", "worked", "steps", "own_words", "parked", "agreements")
"""What the coach can put in, in this order. The walks themselves always stand there."""
USUAL_PARTS = ("goal", "numbers", "worked", "steps", "agreements")
"""Ticked to begin with: the client's own words and what waits for a therapist only when the coach says so."""
MOST_LINES = 5
"""Of each list, so that it stays one page."""
LINES_OF_ALL = 3
"""Of each list when everything is ticked."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure since the start: the average of the first answers and of the last ones, 0 to 10."""

    measure: str
    first: float
    now: float


def figures(start: date | None, today: date, told: Iterable[Measurement]) -> tuple[Figure, ...]:
    """Of each measure that has enough answers at the start and lately, by the windows of the three-month review."""
    if start is None:
        return ()
    known, found = list(told), []
    for measure in reviews.MEASURES:
        first, now = reviews.windows(start, today, reviews.points(measure, known))
        if min(len(first), len(now)) >= reviews.MIN_POINTS:
            found.append(Figure(measure, sum(first) / len(first), sum(now) / len(now)))
    return tuple(found)


def most_lines(parts: Collection[str]) -> int:
    """How many lines a list may have beside the other parts."""
    return LINES_OF_ALL if set(REPORT_PARTS) <= set(parts) else MOST_LINES


def latest(texts: Iterable[str]) -> tuple[str, ...]:
    """The newest of these that say something, each once. `texts`: newest first."""
    said = dict.fromkeys(text.strip() for text in texts if text.strip())
    return tuple(said)[:MOST_LINES]
