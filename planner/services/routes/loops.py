"""Asking a path engine for loops, and for the way between two points. Bounded in questions and in time.

The coach waits for the answer, on a page they asked for; the engine stands on the practice's own ground. One request at
a time per process looks for loops, so that an engine that says nothing never stops the other pages; and when it said
nothing, nobody waits for it again for half a minute.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from planner.domain.geo import Line, Point, distance_m
from planner.domain.loops import (
    BETWEEN,
    CLOSE_ENOUGH,
    MOST_LOOPS,
    START_WITHIN_M,
    Hindrance,
    Loop,
    LoopWish,
    again,
    chosen,
    looped,
    other_minutes,
    starts_there,
    tries,
)
from planner.domain.needs import OutsideFailed, PathFinder
from planner.services.maps.seats import seat

MOST_ASKED = 24
"""A Valhalla answers so many in a quarter of a second; a slower engine is held by the time."""
MOST_S = 4.0
"""After that nothing more is asked; the last question may take the door's own limit longer."""
MOST_FAILURES = 3
PAUSE_S = 30.0
"""So long an engine that did not answer is not asked."""
MOST_BETWEEN_M = 20_000.0
"""The way between two points farther apart is no stretch of a walk."""


class Busy(Exception):
    """Somebody else is being answered. Shortly again."""


class Silent(Exception):
    """The engine gives no answer that can be used."""


class NoPath(Exception):
    """There is no way on foot, as far as the engine knows."""


@dataclass(frozen=True, slots=True)
class FoundLoops:
    """At most three, the best first; or none, and what stands in the way.
    `other_minutes`: how long a loop there could be."""

    loops: tuple[Loop, ...]
    hindrance: Hindrance | None = None
    other_minutes: int | None = None


@dataclass(slots=True)
class PathDesk:
    """The engine, and who is being answered in this process. `clock`: seconds that only go on."""

    finder: PathFinder
    clock: Callable[[], float] = time.monotonic
    _loops: Lock = field(default_factory=Lock)
    _paths: Lock = field(default_factory=Lock)
    _not_before: float = float("-inf")

    def loops(self, wish: LoopWish) -> FoundLoops:
        """Loops of about so many minutes. Raises Busy or Silent."""
        with self._alone(self._loops):
            search = _Search(self.finder, wish, self.clock)
            try:
                return search.found()
            finally:
                if search.unreachable:
                    self._rest()

    def path(self, one: Point, other: Point) -> Line:
        """The way on foot from one point to another. Raises Busy, Silent or NoPath."""
        if distance_m(one, other) > MOST_BETWEEN_M:
            raise NoPath
        with self._alone(self._paths):
            try:
                line = self.finder.path((one, other))
            except OutsideFailed as problem:
                if problem.kind == "unreachable":
                    self._rest()
                raise (NoPath if problem.kind == "not_covered" else Silent) from None
        if distance_m(line[0], one) > START_WITHIN_M or distance_m(line[-1], other) > START_WITHIN_M:
            raise NoPath
        return line

    def _rest(self) -> None:
        self._not_before = self.clock() + PAUSE_S

    @contextmanager
    def _alone(self, lock: Lock) -> Iterator[None]:
        """Raises Silent while the engine is left alone, Busy while somebody else waits for it."""
        if self.clock() < self._not_before:
            raise Silent
        if not lock.acquire(blocking=False):
            raise Busy
        try:
            with seat() as seated:
                if not seated:
                    raise Busy
                yield
        finally:
            lock.release()


class _Search:
    """One round of questions: first every direction once, then again where the length was off."""

    def __init__(self, finder: PathFinder, wish: LoopWish, clock: Callable[[], float]) -> None:
        self._finder, self._wish, self._clock = finder, wish, clock
        self._until = clock() + MOST_S
        self._loops: list[Loop] = []
        self._ways = 0
        """How many answers began by the start at all."""
        self._failures = 0
        self.unreachable = False

    def found(self) -> FoundLoops:
        todo, spare = deque(tries(self._wish)), deque(tries(self._wish, BETWEEN))
        for _ in range(MOST_ASKED):
            if self._is_over() or not (todo or spare):
                break
            asked = (todo or spare).popleft()
            metres = self._ask(asked.places(self._wish.start))
            then = again(asked, metres, self._wish)
            if then is not None:
                todo.append(then)
        return self._answer()

    def _is_over(self) -> bool:
        enough = len(chosen(self._loops, self._wish, CLOSE_ENOUGH)) == MOST_LOOPS
        return enough or self._failures >= MOST_FAILURES or self._clock() >= self._until

    def _ask(self, places: tuple[Point, ...]) -> float:
        """How long the loop is that came back, 0 when none came."""
        try:
            line = self._finder.path(places)
        except OutsideFailed as problem:
            if problem.kind == "unreachable":
                self._failures, self.unreachable = MOST_FAILURES, True
            elif problem.kind != "not_covered":
                self._failures += 1
            return 0
        if not starts_there(line, self._wish.start):
            return 0
        self._ways += 1
        loop = looped(line)
        if loop is None:
            return 0
        self._loops.append(loop)
        return loop.length_m

    def _answer(self) -> FoundLoops:
        best = chosen(self._loops, self._wish)
        if best:
            return FoundLoops(best)
        if self._failures >= MOST_FAILURES:
            raise Silent
        minutes = other_minutes(self._loops, self._wish)
        if minutes is not None:
            return FoundLoops((), "other_minutes", minutes)
        return FoundLoops((), "same_way" if self._ways else "no_path")
