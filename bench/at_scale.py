"""Jobs at scale, each in a process of its own on a copy of a data set, and what others notice meanwhile: how long a
page takes, asked over HTTP of a planner on that copy twenty times a second, and how long somebody who saves waits.

Of each job a tenth is done as well, on another copy: what a unit costs must not grow with how many there are.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from bench.large_keeping import copied
from bench.large_work import one, opened
from bench.load import answer
from bench.servers import Served, product
from bench.sets import FOLDER, environment, place_of
from bench.turns import ROOT, heard, told

NUMBER = 10_000
JOBS = ("watch", "messages", "retention", "backup")
WHOLE = ("backup",)
"""Of these there is no tenth: they are of the whole set."""
WARM_S, ALONE_S, PAGE_EVERY_S, SAVE_EVERY_S = 3.0, 10.0, 0.05, 0.1
SAVED_WITHIN_S = 600
"""A coach gives up after five seconds; this is to see how long it would have been."""


@dataclass(frozen=True)
class Large:
    """One step of a job. `units`: how many. `peak_mb`: memory of the process at most, of which `more_mb` came with the
    work. `alone_p99_ms`, `p99_ms`: a page, before and meanwhile. `saved_ms`: the longest wait of somebody who saves.
    `plain`: wall time ÷ that of the plainest way. `growth`: CPU time of a unit ÷ that in a tenth of the work."""

    unit: str
    units: float
    wall_s: float
    cpu_s: float
    peak_mb: float
    more_mb: float
    alone_p99_ms: float
    p99_ms: float
    saved_ms: float
    plain: float | None
    growth: float | None

    @property
    def unit_ms(self) -> float:
        return self.wall_s * 1000 / self.units


def at_scale(walks: int, number: int = NUMBER, jobs: Sequence[str] = JOBS) -> dict[str, Large]:
    """By step. Raises RuntimeError when a job stopped, as it does with a wrong answer."""
    found: dict[str, Large] = {}
    for job in jobs:
        few = {} if job in WHOLE else _a_tenth(job, walks, number // 10)
        with (
            _copy(walks) as folder,
            _work(job, number, walks, folder) as work,
            product(walks, _environment(walks, folder)) as server,
            _beside(folder, server) as others,
        ):
            found |= _steps(work, others, few)
    return found


def _steps(work: Work, others: Others, few: dict[str, float]) -> dict[str, Large]:
    time.sleep(WARM_S)  # the first pages of a server are slower
    alone, found = others.noticed(lambda: time.sleep(ALONE_S))[1], {}
    for name, unit, has_plain in work.steps:
        did, meanwhile = others.noticed(lambda step=name: work.do(step))  # type: ignore[misc]
        plain = others.noticed(lambda step=name: work.do(step, plain=True))[0] if has_plain else None  # type: ignore[misc]
        growth = did["cpu_s"] / did["units"] / few[name] if name in few else None
        found[name] = Large(
            unit, **did, alone_p99_ms=alone.p99_ms, p99_ms=meanwhile.p99_ms, saved_ms=meanwhile.saved_ms,
            plain=did["wall_s"] / plain["wall_s"] if plain else None, growth=growth,
        )  # fmt: skip
    return found


def _a_tenth(job: str, walks: int, number: int) -> dict[str, float]:
    """CPU seconds of a unit, by step."""
    with _copy(walks) as folder, _work(job, number, walks, folder) as work:
        done = {name: work.do(name) for name, _unit, _plain in work.steps}
    return {name: one["cpu_s"] / one["units"] for name, one in done.items()}


class Work:
    """A job in its process. `steps`: name, unit, and whether there is a plain way."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.steps: list[tuple[str, str, bool]] = heard(process)["steps"]

    def do(self, step: str, *, plain: bool = False) -> dict[str, Any]:
        return told(self._process, {"step": step, "plain": plain})


@contextmanager
def _work(job: str, number: int, walks: int, folder: Path) -> Iterator[Work]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.large_worker", job, str(number), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, cwd=ROOT,
        env=_without_settings() | _environment(walks, folder),
    )  # fmt: skip
    try:
        yield Work(process)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait()


@contextmanager
def _copy(walks: int) -> Iterator[Path]:
    """A folder with a copy of the data set, which stays as it is."""
    with TemporaryDirectory(prefix="at-scale-", dir=FOLDER) as name:
        copied(place_of(walks)[0], Path(name) / "set.sqlite")
        yield Path(name)


def _environment(walks: int, folder: Path) -> dict[str, str]:
    return environment(walks) | {
        "PLANNER_DATABASE_URL": f"sqlite:///{folder / 'set.sqlite'}",
        "PLANNER_INSTANCE": str(folder / "instance"),
    }


def _without_settings() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("PLANNER_")}


@dataclass(frozen=True)
class Noticed:
    p99_ms: float
    saved_ms: float


class Others:
    """Who reads a page, and who saves, at the same pace whatever else goes on."""

    def __init__(self, database: Path, server: Served) -> None:
        self._database, self._server = database, server
        self._stop, self._pages, self._saves = Event(), list[float](), list[float]()

    def noticed(self, work: Callable[[], Any]) -> tuple[Any, Noticed]:
        """What the work gives, and what they noticed from its begin to its end."""
        time.sleep(PAGE_EVERY_S * 2)
        pages, saves = len(self._pages), len(self._saves)
        given = work()
        time.sleep(PAGE_EVERY_S * 2)
        times = sorted(self._pages[pages:])
        return given, Noticed(times[len(times) * 99 // 100], max(self._saves[saves:], default=0.0))

    def read(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)
        self._at_pace(PAGE_EVERY_S, self._pages, lambda: answer(line, self._server.asked["agenda"]))

    def save(self) -> None:
        """Something that no answer is about: this is to wait for the lock and the disk."""
        connection = opened(self._database, wait_s=SAVED_WITHIN_S)
        which = one(connection, "SELECT min(id) FROM practice")

        def saved() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE practice SET version = version + 1 WHERE id = ?", (which,))
            connection.execute("COMMIT")

        self._at_pace(SAVE_EVERY_S, self._saves, saved)

    def _at_pace(self, every_s: float, took: list[float], act: Callable[[], object]) -> None:
        while not self._stop.is_set():
            before = time.perf_counter()
            act()
            took.append((time.perf_counter() - before) * 1000)
            self._stop.wait(max(0.0, every_s - (time.perf_counter() - before)))

    def stop(self) -> None:
        self._stop.set()


@contextmanager
def _beside(folder: Path, server: Served) -> Iterator[Others]:
    others = Others(folder / "set.sqlite", server)
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(others.read), threads.submit(others.save)]
        try:
            yield others
        finally:
            others.stop()
        for thread in both:
            thread.result()  # raises what went wrong there
