"""The database: naming, column types, ids, and the two ways in: `reading()` and `transaction()`.

Only this module commits. One writer at a time, from its first read on (BEGIN IMMEDIATE on SQLite, a lock of the
transaction on PostgreSQL), so that read-then-write never meets a half-changed world; whoever waits longer than
BUSY_TIMEOUT_MS gets `DatabaseBusy`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, DateTime, Engine, Integer, MetaData, create_engine, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from planner.models.ownership import Scope, guard_sessions, guard_sql, owner_setting, scoped

BUSY_TIMEOUT_MS = 5000
GIVE_WAY_S = 0.1
"""Who waits for SQLite looks again that often at least."""
WRITERS_LOCK = 5091
"""Any number: the name of the writers' lock on PostgreSQL."""
NEWEST_STEP = "0011"
"""The number of the step of planner.migrations that the tables here are at."""
PROGRAM = "planner "
"""Before that number, our name at PostgreSQL: there it is seen who is connected."""
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL loses acknowledged notes at a power cut
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cache_size=-65536",
)


class DatabaseBusy(Exception):
    """Another writer holds the database, or the disk is full: nothing was changed, try again."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Refuses one without zone; stored as UTC and given back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], datetime | None]:
        """One call for each, as they are read by the hundred."""
        return _written_as_utc if dialect.name == "sqlite" else _as_utc


def _written_as_utc(value: str | None) -> datetime | None:
    """SQLite keeps a moment as text."""
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _as_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")


def new_id() -> int:
    """A random id of 63 bits, made before INSERT so that a sealed text can be bound to its row."""
    return secrets.randbits(63) or 1


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}

    def __repr__(self) -> str:  # never a value of a person in a log
        return f"<{type(self).__name__}>"


class HasId:
    """The random primary key."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id, autoincrement=False)


class OwnedSession(Session):
    """The only kind of session: every listener about owners and audit hangs on it. Never a class below it, such as a
    sessionmaker makes: SQLAlchemy brings a new class its listeners at the first use, and a thread that comes in between
    finds none."""


guard_sessions(OwnedSession)


class Database:
    """One engine and the ways in. Sessions live as long as one action and know whose rows they may see."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.audit_key: bytes | None = None
        """Of the audit chain. A Store brings it, as database and vault go together."""
        guard_sql(self.engine, Base)

    def _session(self, info: dict[str, Any]) -> Session:
        return OwnedSession(self.engine, expire_on_commit=False, info=info)

    @contextmanager
    def reading(self, scope: Scope, *, as_at_first: bool = False) -> Iterator[Session]:
        """A session that only reads, within what the scope may see. `as_at_first`: each question sees the database as
        the first one did, for who holds one answer against another. On SQLite that is always so."""
        with scoped(scope), self._session({"scope": scope}) as session:
            if as_at_first and self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
            if session.new or session.dirty or session.deleted:
                raise RuntimeError("a change was made while reading")

    @contextmanager
    def transaction(self, scope: Scope, now: datetime) -> Iterator[Session]:
        """One action: everything in it is kept, or nothing is. No password hashing and no network in here.
        `now` dates the audit rows.

        Raises DatabaseBusy when the lock does not come or the disk refuses.
        """
        info = {"scope": scope, "now": now, "audit_key": self.audit_key}
        with scoped(scope), self._session(info) as session:
            try:
                session.connection(execution_options={"write": True})
                yield session
                session.commit()
            except OperationalError as error:
                session.rollback()
                raise DatabaseBusy from error
            except BaseException:
                session.rollback()
                raise

    def give_way(self) -> None:
        """Between two transactions of one long work: who waits for the writers' lock gets it. SQLite has no queue for
        it, so whoever takes it again at once keeps all others waiting to the end; PostgreSQL has one."""
        if self.engine.dialect.name == "sqlite":
            time.sleep(GIVE_WAY_S)

    @contextmanager
    def unowned(self) -> Iterator[Connection]:
        """A short connection for the few tables nobody owns (sign-in, link digests, throttle), read before any
        owner is known."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def unowned_write(self) -> Iterator[Connection]:
        """The same, for a change; committed at the end."""
        try:
            with self.engine.connect().execution_options(write=True) as connection:
                yield connection
                connection.commit()
        except OperationalError as error:
            raise DatabaseBusy from error

    def forget_bytes(self, *tables: str) -> None:
        """What was deleted from these tables leaves the files too. SQLite overwrites what is deleted (secure_delete),
        but the write-ahead log still has it; PostgreSQL keeps dead rows until the table is written anew. Does nothing
        while others stand in the way: whoever must be sure asks again later."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                return
            connection.exec_driver_sql(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
            for table in tables:
                with suppress(OperationalError):
                    connection.exec_driver_sql(f'VACUUM FULL "{table}"')
            connection.exec_driver_sql("RESET lock_timeout")

    def dispose(self) -> None:
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """The engine for a database address; `hide_parameters` keeps values out of error texts."""
    if make_url(url).get_backend_name() != "sqlite":
        name = {"application_name": PROGRAM + NEWEST_STEP}
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=name)
        configure_postgresql(engine)
        return engine
    import pysqlite3.dbapi2

    engine = create_engine(url, module=pysqlite3.dbapi2, hide_parameters=True, connect_args={"timeout": 5})
    configure_sqlite(engine)
    return engine


def configure_postgresql(engine: Engine) -> None:
    """Every transaction says whose rows it is about: row-level security shows no others."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT set_config('app.owner', %s, true)", (owner_setting(),))
        if connection.get_execution_options().get("write"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")


def configure_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None  # we say BEGIN ourselves; then DDL is transactional too
        for pragma in PRAGMAS:
            dbapi.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write") else "BEGIN")
