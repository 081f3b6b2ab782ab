"""How many tiles one link may ask for: far more than somebody looks at, and no way to empty a server of maps."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from flask import current_app

MOST, WINDOW_S = 600, 600.0
"""Of each process, so of all together somewhat more."""
MOST_LINKS = 10_000


class LinkTiles:
    """Counts in memory, kept nowhere. `clock`: seconds that only go on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[int, tuple[float, int]] = {}
        self._lock = Lock()

    def wait_s(self, client_id: int) -> float:
        """Count one tile; gives how long to wait when it is one too many, else 0."""
        with self._lock:
            if len(self._seen) > MOST_LINKS:
                self._seen.clear()
            began, count = self._seen.get(client_id, (self._clock(), 0))
            left_s = began + WINDOW_S - self._clock()
            if left_s <= 0:
                began, count, left_s = self._clock(), 0, WINDOW_S
            if count >= MOST:
                return left_s
            self._seen[client_id] = (began, count + 1)
            return 0.0


def link_tiles() -> LinkTiles:
    """The counts of this application: each process its own, and each application in a test."""
    found: LinkTiles = current_app.extensions.setdefault("link_tiles", LinkTiles())
    return found
