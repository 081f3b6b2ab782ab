"""Counts that the closing lines of a test run print: how much was really looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

COUNTS: Counter[str] = Counter()
NAMES = (
    "pages inspected",
    "pages in a browser",
    "owner matrix",
    "GPX samples read",
    "weather answers replayed",
    "addresses tried",
)


def count(name: str, number: int = 1) -> None:
    COUNTS[name] += number


@contextmanager
def questions(engine: Engine) -> Iterator[list[str]]:
    """Every question to the database meanwhile."""
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        asked.append(sql)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", listen)


class Closing:
    """Adds up the counts of all test processes and prints them at the end."""

    def pytest_sessionfinish(self, session: Any) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["counts"] = dict(COUNTS)

    def pytest_testnodedown(self, node: Any) -> None:
        COUNTS.update(getattr(node, "workeroutput", {}).get("counts", {}))

    def pytest_terminal_summary(self, terminalreporter: Any, config: Any) -> None:
        if COUNTS and not hasattr(config, "workerinput"):
            line = ", ".join(f"{name} {COUNTS[name]}" for name in NAMES if COUNTS[name])
            terminalreporter.write_line(f"On {config.getoption('--database')}: {line}")
