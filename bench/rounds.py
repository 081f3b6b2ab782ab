"""Two ways to the same answer, in turns: the median of their ratios, which says more than times on a busy machine."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Compared:
    """CPU time in milliseconds, medians; `ratio` is the median of each round's own, `low` and `high` its span."""

    ours_ms: float
    other_ms: float
    ratio: float
    low: float
    high: float


def in_turns(ours: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS) -> Compared:
    """Ours and the other, then the other and ours, and so on. Raises WrongAnswer when they do not agree."""
    mine, theirs = [], []
    for number in range(rounds):
        if number % 2:
            there, here = _timed(other), _timed(ours)
        else:
            here, there = _timed(ours), _timed(other)
        if here[1] != there[1]:
            raise WrongAnswer
        mine.append(here[0])
        theirs.append(there[0])
    ratios = [here / there for here, there in zip(mine, theirs, strict=True)]
    return Compared(median(mine), median(theirs), median(ratios), min(ratios), max(ratios))


class WrongAnswer(Exception):
    """What is quick is not right."""


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    gc.collect()
    began = time.process_time()
    answer = work()
    return (time.process_time() - began) * 1000, answer
