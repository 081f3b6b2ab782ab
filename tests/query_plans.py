"""How a database would find what it is asked for: which questions read a whole table that grows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event, text

from planner.models import EVERYONE, Base, Owned
from planner.models.ownership import scoped
from tests.conftest import World

SMALL = frozenset(
    {"wake", "backup_run", "key_proof", "audit_segment", "setup_key", "reset_request", "link_request"}
)
"""Nobody's tables, with a handful of rows however many coaches there are."""
FOR_NOTHING = "1 != 1"
"""How a list without anything in it is written; nobody looks for it."""
Question = tuple[str, Any]


@contextmanager
def recorded(world: World) -> Iterator[dict[str, Question]]:
    """What is asked until the end of the block; every question once, with values it came with."""
    asked: dict[str, Question] = {}

    def listen(
        _connection: object, _cursor: object, sql: str, values: Any, _context: object, many: bool
    ) -> None:
        about_rows = sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
        if about_rows and not many and FOR_NOTHING not in sql:
            asked.setdefault(sql, (sql, values))

    event.listen(world.store.db.engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(world.store.db.engine, "before_cursor_execute", listen)


def whole_tables(world: World, asked: dict[str, Question]) -> set[tuple[str, str]]:
    """(table, question) of those that would read all of a table that grows."""
    with scoped(EVERYONE), world.store.db.engine.connect() as connection:
        explain = _of_sqlite if connection.dialect.name == "sqlite" else _of_postgresql
        if connection.dialect.name != "sqlite":
            connection.execute(
                text("SET LOCAL enable_seqscan = off")
            )  # else a small table is always read whole
        found = set()
        for sql, values in asked.values():
            found |= {(table, sql) for table in explain(connection, sql, values) if table in _growing()}
    return found


def past_other_owners(world: World, asked: dict[str, Question]) -> set[tuple[str, str]]:
    """(index, question) of those that would be led past the rows of other practices: of a coach's own questions every
    index begins with the owner. Only SQLite tells; the other weighs how many rows there are."""
    mappers = Base.registry.mappers
    found, owned = set(), {mapper.local_table.name for mapper in mappers if issubclass(mapper.class_, Owned)}
    with scoped(EVERYONE), world.store.db.engine.connect() as connection:
        for sql, values in asked.values() if connection.dialect.name == "sqlite" else ():
            names = _names(sql)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values):
                told = re.match(r"SEARCH (\w+) USING (?:COVERING )?INDEX (ix_\w+)", row[3])
                table = names.get(told[1], told[1]) if told else ""
                if told and table in owned and not told[2].startswith(f"ix_{table}_owner_id"):
                    found.add((told[2], sql))
    return found


def _growing() -> set[str]:
    return set(Base.metadata.tables) - SMALL


def _names(sql: str) -> dict[str, str]:
    """Alias to table."""
    return {alias: table for table, alias in re.findall(r'"?(\w+)"? AS "?(\w+)"?', sql)}


def _of_sqlite(connection: Connection, sql: str, values: Any) -> Iterator[str]:
    names = _names(sql)
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values):
        scan = re.match(r"SCAN (\w+)", row[3])
        if scan:
            yield names.get(scan[1], scan[1])


def _of_postgresql(connection: Connection, sql: str, values: Any) -> Iterator[str]:
    (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", values).scalars()
    yield from _scans(plan[0]["Plan"])


def _scans(node: dict[str, Any]) -> Iterator[str]:
    """A table read from end to end, be it along an index."""
    whole = node["Node Type"] == "Seq Scan"
    along = (
        node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
        and "Index Cond" not in node
    )
    if (whole or along) and "Relation Name" in node:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _scans(below)
