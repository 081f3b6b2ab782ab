"""What a job at scale is: work on a copy of a data set, in steps that are measured one by one, and the plainest way to
the same. Whatever makes a copy fit for it is not measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite

from bench.rounds import WrongAnswer
from bench.sets import NOW

CHUNK = 500


@dataclass(frozen=True)
class Bench:
    """What a job works with. `number`: of how many. `folder`: for what it makes."""

    planner: Any
    number: int
    database: Path
    folder: Path
    write: Callable[[Any], Any]
    """Makes the words of a message."""


@dataclass(frozen=True)
class Step:
    """`work`: gives of how many units it was, and raises WrongAnswer. `plain`: the plainest way to the same."""

    unit: str
    work: Callable[[], float]
    plain: Callable[[], object] | None = None


@dataclass
class Job:
    """`steps`: by name, in their order. `close`: when all is done."""

    steps: dict[str, Step]
    close: Callable[[], None] = field(default=lambda: None)


def must(found: object, expected: object) -> None:
    """Raises WrongAnswer."""
    if found != expected:
        raise WrongAnswer(f"{found} instead of {expected}")


def opened(file: Path, wait_s: int = 30) -> Any:
    """A connection of SQLite's own, without the planner, and as durable. `wait_s`: at most, for the writers' lock."""
    connection = sqlite.connect(file, isolation_level=None, timeout=wait_s)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    return connection


def one(connection: Any, sql: str, *values: object) -> Any:
    return connection.execute(sql, values).fetchone()[0]


def plan_ahead(bench: Bench, when: Callable[[int], datetime]) -> list[int]:
    """Of all walks the last ones are planned, so many as the job is of, each at its hour on the wall; nothing else is.
    Gives their ids."""
    connection = opened(bench.database)
    rows = connection.execute("SELECT id FROM walk ORDER BY starts_at DESC, id LIMIT ?", (bench.number,))
    ids = [row[0] for row in rows.fetchall()]
    must(len(ids), bench.number)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE walk SET status = 'cancelled' WHERE status = 'planned'")
    connection.executemany(
        "UPDATE walk SET status = 'planned', outcome = NULL, setting = 'outdoors', weather = NULL, "
        "starts_local = ?, starts_at = ?, changed_at = ? WHERE id = ?",
        [
            (_text(local), _text(local - timedelta(hours=1)), _text(NOW.replace(tzinfo=None)), walk)
            for number, walk in enumerate(ids)
            for local in [when(number)]
        ],
    )
    connection.execute("COMMIT")
    connection.close()
    return ids


def set_practices(bench: Bench, **settings: object) -> None:
    """The same for all practices."""
    connection = opened(bench.database)
    rows = connection.execute("SELECT id, settings FROM practice").fetchall()
    connection.execute("BEGIN IMMEDIATE")
    for number, kept in rows:
        values = (json.dumps(json.loads(kept) | settings), number)
        connection.execute("UPDATE practice SET settings = ? WHERE id = ?", values)
    connection.execute("COMMIT")
    connection.close()


def _text(at: datetime) -> str:
    """As SQLite keeps a moment."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
