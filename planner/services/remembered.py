"""Answers that were made before, kept in the memory of this process for as long as what they are made of is the same.

An answer is found by whose it is and by its revision together, and a revision is made of what the database says at this
moment. So nothing stale is found, and nothing of somebody else. Nothing is written anywhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

MOST_BYTES = 8_000_000


class Remembered:
    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._answers: OrderedDict[Hashable, tuple[str, bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, whose: Hashable, revision: str, make: Callable[[], bytes]) -> bytes:
        """The answer of this revision. Of each owner only the newest is kept; what was not asked for longest goes
        first."""
        with self._lock:
            found = self._answers.get(whose)
            if found is not None and found[0] == revision:
                self._answers.move_to_end(whose)
                return found[1]
        made = make()
        with self._lock:
            self._drop(whose)
            if len(made) <= self._most_bytes:
                self._answers[whose] = (revision, made)
                self._bytes += len(made)
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._answers)))
        return made

    def forget(self) -> None:
        """Everything: when something in it must not be kept any more. It is made again when somebody asks."""
        with self._lock:
            self._answers.clear()
            self._bytes = 0

    def _drop(self, whose: Hashable) -> None:
        gone = self._answers.pop(whose, None)
        if gone is not None:
            self._bytes -= len(gone[1])
