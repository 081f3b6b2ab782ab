"""How many threads of this process wait for the outside while somebody waits for their page: for a map's tiles and for
a path engine together, so that others are left for everything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

SEATS, WAITING = 2, 1
"""Of the four threads of a web process: so many may wait outside, so many shortly for a seat. One is always left."""
_seats, _queue = BoundedSemaphore(SEATS), BoundedSemaphore(WAITING)


@contextmanager
def seat(wait_s: float = 0.0) -> Iterator[bool]:
    """Whether this thread may wait outside; waits so long for a seat, where nobody else does."""
    got = _seats.acquire(blocking=False)
    if not got and wait_s and _queue.acquire(blocking=False):
        try:
            got = _seats.acquire(timeout=wait_s)
        finally:
            _queue.release()
    try:
        yield got
    finally:
        if got:
            _seats.release()
