"""Whose rows a session may see and change: in one place, for every query.

Four walls: a criterion on every ORM read, a check at every flush, composite foreign keys in the schema, and a
tripwire on every SQL string. A session without a scope refuses, and so does one outside its own action. The
practice owns every row (`owner_id`); rows about a client also carry their coach (`coach_id`), and a coach reaches
only their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Engine, Integer, event, inspect
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    with_loader_criteria,
)

_BigId = BigInteger().with_variant(Integer, "sqlite")


class Forbidden(Exception):
    """Code tried to reach rows outside its scope. A fault of ours, never a normal answer."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a session may reach. `owner_id` None means every owner: migrations, jobs, the erase ledger; never a
    request. `coach_id` None means every coach of the practice."""

    owner_id: int | None
    coach_id: int | None = None
    actor: str = "coach"
    actor_id: int | None = None


EVERYONE = Scope(owner_id=None, actor="jobs")


class Owned:
    """A row of a practice."""

    owner_id: Mapped[int] = mapped_column(_BigId)


class CoachOwned(Owned):
    """A row about a client: only that client's coach reaches it."""

    coach_id: Mapped[int] = mapped_column(_BigId)


class Owner:
    """The practice itself: its id is the owner."""

    id: Mapped[int] = mapped_column(_BigId, primary_key=True, autoincrement=False)


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
_flushing: ContextVar[bool] = ContextVar("flushing", default=False)


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """The scope the tripwire holds SQL against, for as long as one session lives."""
    if _scope.get() is not None:
        raise Forbidden("a session inside a session")
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)
        _flushing.set(False)


def _scope_of(session: Session) -> Scope:
    """The scope a session was made with; it holds nowhere but in its own action."""
    scope = session.info.get("scope")
    if not isinstance(scope, Scope):
        raise Forbidden("session has no scope")
    if scope is not _scope.get():
        raise Forbidden("session outside its own action, or with another scope")
    return scope


def guard_sessions(factory: type[Session]) -> None:
    event.listen(factory, "do_orm_execute", _add_criteria)
    event.listen(factory, "before_flush", _check_flush)
    for name in ("after_flush", "after_rollback", "after_commit"):
        event.listen(factory, name, lambda *_: _flushing.set(False))


def _add_criteria(state: ORMExecuteState) -> None:
    scope = _scope_of(state.session)
    if scope.owner_id is None:
        return
    if state.is_insert or isinstance(state.parameters, list | tuple):
        raise Forbidden("bulk insert or update by key")
    if state.is_column_load:  # loader criteria do not reach refresh() and expired attributes
        cls: Any = state.bind_mapper.class_ if state.bind_mapper else object
        statement: Any = state.statement
        for name, allowed in _columns_of(cls, scope):
            statement = statement.where(getattr(cls, name) == allowed)
        state.statement = statement
        return
    state.statement = state.statement.options(*_criteria(scope.owner_id, scope.coach_id))


@lru_cache(maxsize=256)
def _criteria(owner: int, coach: int | None) -> tuple[Any, ...]:
    """The options that narrow every entity of a statement."""
    options = [
        with_loader_criteria(Owned, lambda c: c.owner_id == owner, include_aliases=True),
        with_loader_criteria(Owner, lambda c: c.id == owner, include_aliases=True),
    ]
    if coach is not None:
        options.append(with_loader_criteria(CoachOwned, lambda c: c.coach_id == coach, include_aliases=True))
    return tuple(options)


def _columns_of(cls: type[Any], scope: Scope) -> list[tuple[str, int | None]]:
    """The columns that say whose a row is, with what the scope allows there."""
    found = [("owner_id", scope.owner_id)] if issubclass(cls, Owned) else []
    found += [("id", scope.owner_id)] if issubclass(cls, Owner) else []
    return found + ([("coach_id", scope.coach_id)] if scope.coach_id and issubclass(cls, CoachOwned) else [])


def _check_flush(session: Session, _context: Any, _instances: Any) -> None:
    scope = _scope_of(session)
    if scope.owner_id is not None:
        for row in [*session.new, *session.dirty, *session.deleted]:
            for name, allowed in _columns_of(type(row), scope):
                _hold(row, name, allowed, fresh=row in session.new)
    _flushing.set(True)


def _hold(row: Any, name: str, allowed: int | None, *, fresh: bool) -> None:
    if fresh and getattr(row, name) is None:
        setattr(row, name, allowed)
    before = inspect(row).attrs[name].history.deleted or ()
    if getattr(row, name) != allowed or any(value != allowed for value in before):
        raise Forbidden("foreign write")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What SQL does with owned tables. Loose: named, but not held to a value that is bound."""

    names_owned: bool = False
    names_of_coach: bool = False
    loose: bool = False
    loose_of_coach: bool = False


def guard_sql(engine: Engine, base: type[DeclarativeBase]) -> None:
    """The tripwire: any SQL that names an owned table must hold it to its owner (and coach), and the value bound must
    be ours. The second wall, not the first: it reads SQL by a pattern."""
    readers: list[Callable[[str], _Reading]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _look(_conn: Any, _cursor: Any, sql: str, params: Any, _context: Any, _many: bool) -> None:
        scope = _scope.get()
        if (scope is not None and scope.owner_id is None) or _flushing.get():
            return
        if not readers:  # the mappers are complete by the first statement
            readers.append(_reader(base))
        found = readers[0](sql)
        if not found.names_owned:
            return
        if scope is None:
            raise Forbidden("an owned table outside any scope")
        bound = params.values() if isinstance(params, Mapping) else params
        if found.loose or scope.owner_id not in bound:
            raise Forbidden("an owned table without its owner")
        coach = scope.coach_id if found.names_of_coach else None
        if coach is not None and (found.loose_of_coach or coach not in bound):
            raise Forbidden("a table about clients without its coach")


def _reader(base: type[DeclarativeBase]) -> Callable[[str], _Reading]:
    """Reads SQL, once per string."""
    owned = {
        mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]
        for mapper in base.registry.mappers
        if issubclass(mapper.class_, Owned | Owner)
    }
    names = "|".join(sorted(owned))
    table = re.compile(
        rf'(?<!\w)({names})(?!\w)(?!["`\]]?\s*\.)["`\]]?(?:\s+AS\s+["`\[]?(\w+))?', re.IGNORECASE
    )

    @lru_cache(maxsize=1000)
    def read(sql: str) -> _Reading:
        if sql.lstrip()[:6].upper() in ("PRAGMA", "VACUUM"):  # about tables, never about rows
            return _Reading()
        used = [(owned[name.lower()], alias or name) for name, alias in table.findall(sql)]
        of_coach = [name for cls, name in used if issubclass(cls, CoachOwned)]
        return _Reading(
            bool(used),
            bool(of_coach),
            not all(_held(sql, name, "id" if issubclass(cls, Owner) else "owner_id") for cls, name in used),
            not all(_held(sql, name, "coach_id") for name in of_coach),
        )

    return read


def _held(sql: str, table: str, column: str) -> bool:
    """Whether this column of the table is compared with a value that is bound."""
    return re.search(rf'(?<!\w)"?{table}"?\.{column}\s*=\s*(?:\?|%\()', sql) is not None
