"""What a program that does not know a step can go on with: expand, then contract.

A step after 0011 is named by its number and the oldest one whose program may serve what it leaves, `0012_from_0011`.
The database is at that name, so a program reads there whether it may serve a database that is newer than itself. A step
that takes something away raises the second number: `0014_from_0013`, or `0014_from_0014` for nobody older.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect

NAME = re.compile(r"(\d{4})_from_(\d{4})")
GOES_ALONG = ("CASCADE", "SET NULL")
"""What a key of a new table or column does when an older program deletes the row it names."""


def number(revision: str) -> str:
    """Of a step: 0012 of `0012_from_0011`."""
    return revision[:4]


def oldest(revision: str) -> str:
    """The oldest step whose program may serve a database at this one. Steps up to 0011 have no such promise."""
    found = NAME.fullmatch(revision)
    return found[2] if found else revision


def may_serve(head: str, revision: str) -> bool:
    """Whether a program whose newest step is `head` may serve a database that a newer one brought to `revision`."""
    return oldest(revision) <= number(head) < number(revision) and NAME.fullmatch(revision) is not None


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as an older program meets it. `rules`: each constraint and unique index with what it is about."""

    columns: Mapping[str, tuple[str, bool, bool]]
    """Type, whether it may be empty, whether the database fills it."""
    rules: frozenset[tuple[str, tuple[str, ...]]]
    keys: tuple[tuple[tuple[str, ...], str, str], ...]
    """The columns of a foreign key, the table it names, and what it does when that row goes."""


def shapes(connection: Connection) -> dict[str, Shape]:
    """Every table, as the database tells it."""
    found = inspect(connection)
    columns, unique = found.get_multi_columns(), found.get_multi_unique_constraints()
    keys, checks, indexes = (
        found.get_multi_foreign_keys(),
        found.get_multi_check_constraints(),
        found.get_multi_indexes(),
    )
    return {
        name: Shape(
            {one["name"]: _column(one) for one in told},
            frozenset(
                [("unique", tuple(sorted(one["column_names"]))) for one in unique[schema, name]]
                + [("unique", _indexed(one)) for one in indexes[schema, name] if one["unique"]]
                + [("check", (str(one["sqltext"]),)) for one in checks[schema, name]]
                + [("key", tuple(sorted(one["constrained_columns"]))) for one in keys[schema, name]]
            ),
            tuple(
                (tuple(one["constrained_columns"]), one["referred_table"], _goes(one))
                for one in keys[schema, name]
            ),
        )
        for (schema, name), told in columns.items()
    }


def _column(told: Any) -> tuple[str, bool, bool]:
    return str(told["type"]), bool(told["nullable"]), told.get("default") is not None


def _indexed(told: Any) -> tuple[str, ...]:
    return tuple(sorted(str(one) for one in told["column_names"]))


def _goes(told: Any) -> str:
    return str(told.get("options", {}).get("ondelete") or "").upper()


def in_the_way(before: Mapping[str, Shape], after: Mapping[str, Shape]) -> list[str]:
    """What a program of before could stumble over, one line each."""
    return [line for name in before for line in _of_table(name, before[name], after.get(name))] + [
        f"{name} zou rijen van {other} vasthouden"
        for name in sorted(after)
        for columns, other, goes in after[name].keys
        if other in before and goes not in GOES_ALONG and _is_new(columns, before.get(name))
    ]


def _is_new(columns: tuple[str, ...], table: Shape | None) -> bool:
    """Of a key about what was there, _of_table speaks."""
    return table is None or table.columns.keys().isdisjoint(columns)


def _of_table(name: str, before: Shape, after: Shape | None) -> Iterator[str]:
    if after is None:
        yield f"{name} is weg"
        return
    for column, (kind, empty, filled) in before.columns.items():
        now = after.columns.get(column)
        if now is None:
            yield f"{name}.{column} is weg"
        elif now[0] != kind:
            yield f"{name}.{column} is van een ander type"
        elif (empty and not now[1]) or (filled and not now[2]):
            yield f"{name}.{column} moet gevuld zijn"
    for column in after.columns.keys() - before.columns.keys():
        _kind, empty, filled = after.columns[column]
        if not empty and not filled:
            yield f"{name}.{column} moet gevuld zijn"
    for kind, about in sorted(after.rules - before.rules):
        words = set(re.findall(r"\w+", " ".join(about)))
        if words & before.columns.keys():
            yield f"{name} heeft een nieuwe regel over wat er al was ({kind})"
