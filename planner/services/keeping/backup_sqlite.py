"""Copies of an SQLite database: VACUUM INTO for a consistent one, SQLite's own backup to put one back in one step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.engine import make_url

from planner.services.keeping.backup_values import NEWEST_SEGMENT, NOT_PUT_BACK, BackupRefused, Facts

BUSY_S = 20.0


class SqliteCopies:
    def __init__(self, url: str) -> None:
        self._file = Path(make_url(url).database or "")

    def copy(self, into: Path) -> Facts:
        if not self._file.exists():
            raise BackupRefused("Er is nog geen database. Start eerst met make run.")
        with _connected(self._file) as live:
            live.execute("VACUUM INTO ?", (str(into),))
        return self._facts(into)

    def has_coach(self) -> bool:
        if not self._file.exists():
            return False
        with _connected(self._file) as live:
            return "account" in _tables(live) and bool(
                live.execute("SELECT EXISTS (SELECT 1 FROM account)").fetchone()[0]
            )

    def verify(self, file: Path) -> Facts | None:
        return self._facts(file)

    def put(self, file: Path, expected: Facts) -> None:
        """SQLite's backup writes the target in one transaction: also a server that has it open sees old or new."""
        with ExitStack() as undo:
            if not self._file.exists():
                undo.callback(self._remove)
            with _connected(file) as copy, _connected(self._file) as target:
                for table in NOT_PUT_BACK:
                    if table in expected.rows:
                        copy.execute(f"DELETE FROM {table}")  # noqa: S608 - a fixed name
                copy.backup(target)
            self._file.chmod(0o600)
            sync_folder(self._file.parent)
            undo.pop_all()

    def _remove(self) -> None:
        for left in self._file.parent.glob(self._file.name + "*"):
            left.unlink()

    def _facts(self, file: Path) -> Facts:
        with _connected(file) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupRefused("De database is beschadigd. Kijk met: .venv/bin/flask --app wsgi check")
            if copy.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupRefused("De database klopt niet: een rij wijst naar iets dat er niet meer is.")
            tables = _tables(copy)
            if not {"alembic_version", "practice"} <= tables:
                raise BackupRefused("In deze database staat geen praktijk van Stap voor stap.")
            count = "SELECT count(*) FROM "
            names = sorted(tables - {"alembic_version"})
            return Facts(
                revision=copy.execute("SELECT version_num FROM alembic_version").fetchone()[0],
                rows={name: copy.execute(f'{count}"{name}"').fetchone()[0] for name in names},
                wrapped_keys=tuple(copy.execute("SELECT id, wrapped_key FROM practice").fetchall()),
                **_audit(copy, tables),
            )


def _tables(connection: Any) -> set[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return {name for (name,) in found}


def _audit(connection: Any, tables: set[str]) -> dict[str, Any]:
    """How far the log goes."""
    found = connection.execute(NEWEST_SEGMENT).fetchone() if "audit_segment" in tables else None
    return {"audit_seq": found[0], "audit_head": found[1].hex()} if found else {}


@contextmanager
def _connected(file: Path) -> Iterator[Any]:
    """A connection of its own; SQLite's complaints become one line."""
    try:
        connection = sqlite.connect(
            f"file:{quote(str(file))}", uri=True, timeout=BUSY_S, isolation_level=None
        )
        try:
            connection.execute("PRAGMA trusted_schema=OFF")
            yield connection
        finally:
            connection.close()
    except sqlite.Error as error:
        raise BackupRefused(f"De database antwoordt niet goed: {error}.") from error


def sync_folder(folder: Path) -> None:
    """A new name in a folder is only there after a power cut when the folder itself was written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
