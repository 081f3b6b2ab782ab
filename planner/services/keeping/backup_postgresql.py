"""Copies of a PostgreSQL database with its own pg_dump and pg_restore."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from planner.models import Base
from planner.models.base import NEWEST_STEP, PROGRAM
from planner.services.keeping.backup_values import DAMAGED, NEWEST_SEGMENT, NOT_PUT_BACK, BackupRefused, Facts

OUR_FUNCTIONS = """SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    AND proname LIKE 'planner\\_%'"""
"""What our tables refuse with; by our own names, as whoever keeps the database may have functions there too."""

EVERYONES = "-c app.owner=everyone"
"""A copy is of all practices: row-level security hides none of their rows from it."""


class PostgresCopies:
    def __init__(self, url: str) -> None:
        parts = make_url(url)
        # the password goes by the environment: command lines can be read by everybody on the machine
        self._password = parts.password
        self._address = parts.set(drivername="postgresql", password=None).render_as_string(
            hide_password=False
        )

    def copy(self, into: Path) -> Facts:
        """Dump and counts see the same moment, while others go on writing."""
        with self._connected() as live:
            live.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = live.execute("SELECT pg_export_snapshot()").fetchone()[0]
            self._run("pg_dump", "--format=custom", "--enable-row-security", "--no-owner", "--no-privileges",
                      f"--snapshot={snapshot}", f"--file={into}", f"--dbname={self._address}")  # fmt: skip
            return _facts(live)

    def has_coach(self) -> bool:
        with self._connected() as live:
            if live.execute("SELECT to_regclass('account')").fetchone()[0] is None:
                return False
            return bool(live.execute("SELECT EXISTS (SELECT 1 FROM account)").fetchone()[0])

    def verify(self, file: Path) -> Facts | None:
        """Only whether pg_restore can read it; the rows are counted once they are back."""
        self._run("pg_restore", "--list", str(file))
        return None

    def put(self, file: Path, expected: Facts) -> None:
        self._drop(expected)  # tables of a start without a coach
        with ExitStack() as undo:
            undo.callback(self._drop, expected)
            self._run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
                      f"--dbname={self._address}", str(file))  # fmt: skip
            with self._connected() as live:
                facts = _facts(live)
                if (facts.revision, facts.rows) != (expected.revision, expected.rows):
                    raise BackupRefused(DAMAGED)
                for table in NOT_PUT_BACK:
                    if table in expected.rows:
                        live.execute(_named("DELETE FROM {}", table))
            undo.pop_all()

    def _drop(self, expected: Facts) -> None:
        names = {*expected.rows, *Base.metadata.tables, "alembic_version"}
        with self._connected() as live:
            for name in sorted(names):
                live.execute(_named("DROP TABLE IF EXISTS {} CASCADE", name))
            for (name,) in live.execute(OUR_FUNCTIONS).fetchall():
                live.execute(_named("DROP FUNCTION {} CASCADE", name))

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        import psycopg  # with a file as database nobody needs it

        try:
            with psycopg.connect(
                self._address,
                password=self._password,
                autocommit=True,
                options=EVERYONES,
                application_name=PROGRAM + NEWEST_STEP,
            ) as connection:
                yield connection
        except psycopg.Error as error:
            raise BackupRefused(f"De database antwoordt niet goed: {str(error).splitlines()[0]}.") from error

    def _run(self, program: str, *arguments: str) -> None:
        environment = dict(os.environ) | ({"PGPASSWORD": self._password} if self._password else {})
        environment["PGOPTIONS"] = EVERYONES
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell
                [program, *arguments], env=environment, capture_output=True, text=True, check=False
            )
        except FileNotFoundError as error:
            raise BackupRefused(f"{program} is er niet. Installeer de PostgreSQL-programma's.") from error
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["?"])[0]
            raise BackupRefused(f"{program} is niet gelukt: {why}")


def _named(statement: str, name: str) -> Any:
    """With the name of a table or function in it, quoted."""
    from psycopg import sql

    return sql.SQL(statement).format(sql.Identifier(name))


def _facts(live: Any) -> Facts:
    found = live.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    tables = {name for (name,) in found}
    if not {"alembic_version", "practice"} <= tables:
        raise BackupRefused("In deze database staat geen praktijk van Stap voor stap.")
    names = sorted(tables - {"alembic_version"})
    rows = {name: live.execute(_named("SELECT count(*) FROM {}", name)).fetchone()[0] for name in names}
    keys = live.execute("SELECT id, wrapped_key FROM practice").fetchall()
    newest = live.execute(NEWEST_SEGMENT).fetchone() if "audit_segment" in tables else None
    return Facts(
        live.execute("SELECT version_num FROM alembic_version").fetchone()[0],
        rows,
        tuple((practice_id, bytes(wrapped)) for practice_id, wrapped in keys),
        newest[0] if newest else 0,
        bytes(newest[1]).hex() if newest else "",
    )
