"""Whose rows a session may see and change: in one place, for every query.

Four walls: a criterion on every ORM read, a check at every flush, composite foreign keys in the schema, and a
tripwire on every SQL string. A session without a scope refuses. The practice owns every row (`owner_id`);
rows about a client also carry their coach (`coach_id`), and a coach reaches only their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
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


def _scope_of(session: Session) -> Scope:
    scope = session.info.get("scope")
    if not isinstance(scope, Scope):
        raise Forbidden("session has no scope")
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
    owner, coach = scope.owner_id, scope.coach_id
    if state.is_column_load:  # loader criteria do not reach refresh() and expired attributes
        cls: Any = state.bind_mapper.class_ if state.bind_mapper else object
        statement: Any = state.statement
        if issubclass(cls, Owned):
            statement = statement.where(cls.owner_id == owner)
        if coach is not None and issubclass(cls, CoachOwned):
            statement = statement.where(cls.coach_id == coach)
        state.statement = statement
        return
    options = [with_loader_criteria(Owned, lambda c: c.owner_id == owner, include_aliases=True)]
    if coach is not None:
        options.append(with_loader_criteria(CoachOwned, lambda c: c.coach_id == coach, include_aliases=True))
    state.statement = state.statement.options(*options)


def _check_flush(session: Session, _context: Any, _instances: Any) -> None:
    scope = _scope_of(session)
    _flushing.set(True)
    if scope.owner_id is None:
        return
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, Owned):
            _hold(row, "owner_id", scope.owner_id, fresh=row in session.new)
        if isinstance(row, CoachOwned) and scope.coach_id is not None:
            _hold(row, "coach_id", scope.coach_id, fresh=row in session.new)


def _hold(row: Owned, name: str, allowed: int, *, fresh: bool) -> None:
    if fresh and getattr(row, name) is None:
        setattr(row, name, allowed)
    before = inspect(row).attrs[name].history.deleted or ()
    if getattr(row, name) != allowed or any(value != allowed for value in before):
        raise Forbidden("foreign write")


def guard_sql(engine: Engine, base: type[DeclarativeBase]) -> None:
    """The tripwire: any SQL that names an owned table must hold it to its owner. The second wall, not the first."""
    pattern: list[re.Pattern[str]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _look(_conn: Any, _cursor: Any, sql: str, _params: Any, _context: Any, _many: bool) -> None:
        scope = _scope.get()
        if (scope is not None and scope.owner_id is None) or _flushing.get():
            return
        if sql.lstrip()[:6].upper() in ("PRAGMA", "CREATE"):
            return
        if not pattern:  # the mappers are complete by the first statement
            pattern.append(_owned_tables(base))
        for table, alias in pattern[0].findall(sql):
            if scope is None:
                raise Forbidden(f"{table} outside any scope")
            if not re.search(rf'\b"?{alias or table}"?\.owner_id\s*(?:=|IN)', sql):
                raise Forbidden(f"{table} read or written without its owner")


def _owned_tables(base: type[DeclarativeBase]) -> re.Pattern[str]:
    names = "|".join(
        sorted(m.local_table.name for m in base.registry.mappers if issubclass(m.class_, Owned))  # type: ignore[attr-defined]
    )
    return re.compile(
        rf'(?:\bFROM|\bJOIN|\bUPDATE|\bINTO|,)\s+\(?"?({names})"?\b(?!\.)(?:\s+AS\s+"?(\w+)"?)?', re.I
    )
