"""Bringing the database up to date, in one transaction, without losing a row.

On SQLite a rebuilt table drops the old one, and with foreign keys on that would delete its children in silence. So they
are off before BEGIN (inside a transaction the switch does nothing), and afterwards the keys are checked and the rows
counted: fewer rows than before, in a table that is still there, undoes everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from planner.migrations import expanding
from planner.models.base import BUSY_TIMEOUT_MS, PROGRAM, WRITERS_LOCK

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

# Alembic is imported where it works: every web process reads this module, and none of them changes a database.
FOLDER = Path(__file__).parent
TABLE_TIMEOUT_MS = 500
"""Less than PostgreSQL's deadlock_timeout: it is we who step back, not who reads."""
TRIES, AGAIN_AFTER_S = 60, 1.0
IN_THE_WAY = {"55P03", "40P01"}
"""lock_not_available, deadlock_detected."""


class MigrationRefused(Exception):
    """The new database would have lost something, or an older program could not go on; nothing was changed. Says which
    in a part of a sentence."""


class OthersServe(Exception):
    """On another machine a program is running that cannot work with the new database; nothing was changed."""


def _config(connection: Connection | None = None, folder: Path = FOLDER) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    return config


def _steps() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def head() -> str:
    """The revision this code expects."""
    return _steps().get_current_head() or ""


def is_known(revision: str) -> bool:
    """Whether this code has a revision; a database of a newer program is at one it does not have."""
    return any(step.revision == revision for step in _steps().walk_revisions())


def serves(revision: str) -> bool:
    """Whether this program can work with a database at this revision: its own, or a newer one that says so."""
    newest = head()
    return revision == newest or expanding.may_serve(newest, revision)


def current(url: str) -> str | None:
    """The revision a database is at; None for an empty one."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def upgrade(url: str, target: str = "head", folder: Path = FOLDER) -> None:
    """To `target`, or not at all. Raises MigrationRefused when rows would be lost. `folder`: where the steps are;
    another one is for tests."""
    from alembic import command

    _run(url, folder, lambda config: command.upgrade(config, target), lossless=True)


def downgrade(url: str, target: str, folder: Path = FOLDER) -> None:
    """Back to `target`: for tests of the steps; it may drop tables that came later."""
    from alembic import command

    _run(url, folder, lambda config: command.downgrade(config, target), lossless=False)


def _run(url: str, folder: Path, step: Callable[[Config], None], *, lossless: bool) -> None:
    engine = _engine(url).execution_options(write=True)
    try:
        for left in reversed(range(TRIES)):
            try:
                with engine.begin() as connection:
                    _take_turn(connection)
                    _step(connection, folder, step, lossless=lossless)
                return
            except OperationalError as error:
                if not left or getattr(error.orig, "sqlstate", None) not in IN_THE_WAY:
                    raise
                time.sleep(AGAIN_AFTER_S)
    finally:
        engine.dispose()


def _take_turn(connection: Connection) -> None:
    """SQLite did so at BEGIN IMMEDIATE."""
    if connection.dialect.name != "postgresql":
        return
    # else row-level security hides the rows, and none would be lost
    connection.execute(text("SELECT set_config('app.owner', 'everyone', true)"))
    connection.execute(text(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})"))
    connection.execute(text(f"SET LOCAL lock_timeout = {TABLE_TIMEOUT_MS}"))


def _step(connection: Connection, folder: Path, step: Callable[[Config], None], *, lossless: bool) -> None:
    at, rows, shapes = _revision(connection), _counts(connection), expanding.shapes(connection)
    step(_config(connection, folder))
    _check(connection, rows if lossless else {})
    to = _revision(connection)
    if not lossless or at is None or to is None or at == to:
        return
    if expanding.oldest(to) > expanding.number(at):
        _nobody_older_serves(connection, expanding.oldest(to))
    elif found := expanding.in_the_way(shapes, expanding.shapes(connection)):
        raise MigrationRefused(f"een ouder programma kan daarna niet verder: {'; '.join(found)}")


def _revision(connection: Connection) -> str | None:
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _nobody_older_serves(connection: Connection, oldest: str) -> None:
    """Each program says its newest step to PostgreSQL; those of before there was such a name say nothing."""
    if connection.dialect.name != "postgresql":
        return
    asked = text(
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
        " AND pid <> pg_backend_pid()"
    )
    names = connection.execute(asked).scalars().all()
    if any(not name or (name.startswith(PROGRAM) and name.removeprefix(PROGRAM) < oldest) for name in names):
        raise OthersServe


def _engine(url: str) -> Engine:
    """An engine of its own: no ownership guard, foreign keys off, and BEGIN said by us so that DDL is undone too."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, connect_args={"application_name": "planner steps"})
    import pysqlite3.dbapi2

    engine = create_engine(url, module=pysqlite3.dbapi2)

    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF", "busy_timeout=5000"):
            dbapi.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _counts(connection: Connection) -> dict[str, int]:
    quoted = connection.dialect.identifier_preparer.quote
    tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    return {
        name: connection.execute(text(f"SELECT count(*) FROM {quoted(name)}")).scalar_one()  # noqa: S608
        for name in tables
    }


def _check(connection: Connection, before: dict[str, int]) -> None:
    after = _counts(connection)
    fewer = [name for name, count in before.items() if name in after and after[name] < count]
    if fewer:
        raise MigrationRefused(f"er zouden rijen verdwijnen uit {', '.join(fewer)}")
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise MigrationRefused("een rij zou wijzen naar iets dat er niet meer is")
