"""Counts: what the closing lines of a test run print, how much was really looked at; and the questions to a
database."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from types import FrameType

    from tests.conftest import World

COUNTS: Counter[str] = Counter()
NAMES = (
    "pages inspected",
    "pages in a browser",
    "owner matrix",
    "GPX samples read",
    "damaged route files read",
    "weather answers replayed",
    "addresses tried",
)

PROVEN = (
    "notes acknowledged {notes acknowledged}, lost {notes lost}",
    "servers killed {servers killed}",
    "power cuts {power cuts}, lost {power cuts that lost} (with less care {power cuts with less care that lost} of "
    "{power cuts with less care} lost)",
    "notes refused and given back {notes refused with their text}",
    "backups under writes {backups whole}",
    "two nodes, one killed: notes {notes over two nodes}, messages {messages over two nodes}, twice "
    "{messages that came twice}",
    "steps of the database killed {steps of the database killed}, while people write: notes "
    "{notes while the database grew}, lost 0",
    "changes of keys killed {changes of keys killed}",
    "jumps of the clock {jumps of the clock}, left twice 0",
    "roles tried {roles tried}, let in 0",
    "odd requests {odd requests}, faults 0",
    "over HTTP {requests over HTTP} of {addresses over HTTP} addresses, faults 0",
    "odd texts {odd texts}",
    "route files mutated {route files mutated}",
    "calendars read alike by two programs {calendars read twice}",
    "guesses at a link {guesses at a link}, opened 0",
    "sqlmap {addresses given to sqlmap} addresses, wapiti {wapiti runs} run, holes 0",
    "through the proxy: smuggling {smuggling tried}, slow {slow connections}, observatory {points of the observatory}",
    "secrets looked for {secrets looked for} in {files looked through} files, found 0",
)
"""The closing line of `make prove`; printed only when everything passed, so what must be nothing is nothing."""


def count(name: str, number: int = 1) -> None:
    COUNTS[name] += number


@contextmanager
def questions(world: World) -> Iterator[list[str]]:
    """What the database is asked until the end of the block, statement by statement."""
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, sql: str, *_more: object) -> None:
        asked.append(sql)

    event.listen(world.store.db.engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(world.store.db.engine, "before_cursor_execute", listen)


@contextmanager
def work_inside(*names: str) -> Iterator[Counter[str]]:
    """How often these functions are called: by name in all, and by `name inside` while the writers' lock is held."""
    called: Counter[str] = Counter()
    holding: set[int] = set()

    def look(frame: FrameType, event: str, _argument: object) -> None:
        name = frame.f_code.co_name
        if name == "transaction" and event == "return":  # once as it begins, once as it ends
            holding.symmetric_difference_update({id(frame)})
        elif name in names and event == "call":
            called[name] += 1
            called[f"{name} inside"] += bool(holding)

    sys.setprofile(look)
    try:
        yield called
    finally:
        sys.setprofile(None)


class Closing:
    """Adds up the counts of all test processes and prints them at the end."""

    def pytest_sessionfinish(self, session: Any) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["counts"] = dict(COUNTS)

    def pytest_testnodedown(self, node: Any) -> None:
        COUNTS.update(getattr(node, "workeroutput", {}).get("counts", {}))

    def pytest_terminal_summary(self, terminalreporter: Any, exitstatus: int, config: Any) -> None:
        if COUNTS and not hasattr(config, "workerinput"):
            line = ", ".join(f"{name} {COUNTS[name]}" for name in NAMES if COUNTS[name])
            terminalreporter.write_line(f"On {config.getoption('--database')}: {line}")
        if config.getoption("--deep") and exitstatus == 0 and not hasattr(config, "workerinput"):
            skipped = len(terminalreporter.stats.get("skipped", ()))
            terminalreporter.write_line(f"Proven: {proven()} · tests skipped {skipped}")


def proven() -> str:
    """The figures of what was tried, with a point between the thousands."""
    figures = {name: f"{number:,}".replace(",", ".") for name, number in COUNTS.items()}
    tried = [part for part in PROVEN if COUNTS[re.findall(r"\{([^}]+)\}", part)[0]]]
    return " · ".join(
        re.sub(r"\{([^}]+)\}", lambda found: figures.get(found[1], "0"), part) for part in tried
    )
