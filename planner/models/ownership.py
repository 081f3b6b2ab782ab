"""Whose rows a session may see and change: in one place, for every query.

Four walls: a criterion on every ORM read, a check at every flush, composite foreign keys in the schema, and a
tripwire on every SQL string. A session without a scope refuses, and so does one outside its own action. The
practice owns every row (`owner_id`); rows about a client also carry their coach (`coach_id`), and a coach reaches
only their own, and those of clients that a colleague shares with them. On PostgreSQL row-level security stands behind
it, by owner (planner/migrations/row_security.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, ColumnElement, Engine, Integer, bindparam, event, inspect, or_
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    defer,
    mapped_column,
    with_loader_criteria,
)

_BigId = BigInteger().with_variant(Integer, "sqlite")


class Forbidden(Exception):
    """Code tried to reach rows outside its scope. A fault of ours, never a normal answer."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a session may reach. `owner_id` None means every owner: migrations, jobs, the erase ledger; never a
    request. `coach_id` None means every coach of the practice. `shared`: clients of colleagues that this coach reaches
    as well, for now. `care` False: only what planning needs, for whoever plans and does not coach; every other table,
    and what clients say about their health, is refused."""

    owner_id: int | None
    coach_id: int | None = None
    actor: str = "coach"
    actor_id: int | None = None
    shared: frozenset[int] = frozenset()
    care: bool = True


EVERYONE = Scope(owner_id=None, actor="jobs")


class Owned:
    """A row of a practice. `for_planning`: a session without care may read it, but for the columns that are `kept_out`.
    Closed unless said."""

    for_planning: ClassVar[bool] = False
    kept_out: ClassVar[tuple[str, ...]] = ()
    owner_id: Mapped[int] = mapped_column(_BigId)


class CoachOwned(Owned):
    """A row about a client: only that client's coach reaches it. `client_key`: the column that says which client;
    None where it is of the coach alone, and never shared."""

    client_key: ClassVar[str | None] = None
    coach_id: Mapped[int] = mapped_column(_BigId)


class Owner:
    """The practice itself: its id is the owner."""

    for_planning: ClassVar[bool] = True
    kept_out: ClassVar[tuple[str, ...]] = ()
    id: Mapped[int] = mapped_column(_BigId, primary_key=True, autoincrement=False)


_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
_flushing: ContextVar[bool] = ContextVar("flushing", default=False)


def owner_setting() -> str:
    """Whose rows the database itself may show to the session that is open: an id, everyone's, or nobody's."""
    scope = _scope.get()
    if scope is None:
        return ""
    return "everyone" if scope.owner_id is None else str(scope.owner_id)


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
        if scope.coach_id is not None and issubclass(cls, CoachOwned):
            statement = statement.where(_of_coach(cls, scope.coach_id, scope.shared))
        state.statement = statement
        return
    state.statement = _narrowed(state, scope)


_Kind = tuple[bool, bool]
"""Whether a coach is held to, and whether with clients of colleagues as well."""
_narrow: WeakKeyDictionary[Any, dict[tuple[_Kind, bool], Any]] = WeakKeyDictionary()
"""A statement that is built once is narrowed once for each kind of scope."""


def _narrowed(state: ORMExecuteState, scope: Scope) -> Any:
    kind = (scope.coach_id is not None, bool(scope.shared))
    kept = _narrow.setdefault(state.statement, {})
    if (kind, scope.care) not in kept:
        left_out = () if scope.care else _left_out(state)
        kept[kind, scope.care] = state.statement.options(*_criteria(kind), *left_out)
    return kept[kind, scope.care]


def _now(read: Callable[[Scope], Any]) -> Callable[[], Any]:
    """A value of the scope that is open when a statement is executed, not of the one it was made in."""

    def value() -> Any:
        scope = _scope.get()
        if scope is None or scope.owner_id is None:
            raise Forbidden("an owned table outside its scope")
        return read(scope)

    return value


_OWNER: Any = bindparam("scope_owner", callable_=_now(lambda scope: scope.owner_id), type_=_BigId)
_COACH: Any = bindparam("scope_coach", callable_=_now(lambda scope: scope.coach_id), type_=_BigId)
_SHARED: Any = bindparam(
    "scope_shared", callable_=_now(lambda scope: sorted(scope.shared)), type_=_BigId, expanding=True
)


@cache
def _criteria(kind: _Kind) -> tuple[Any, ...]:
    """The options that narrow every entity of a statement, whoever it is executed for."""
    options = [
        with_loader_criteria(Owned, lambda c: c.owner_id == _OWNER, include_aliases=True),
        with_loader_criteria(Owner, lambda c: c.id == _OWNER, include_aliases=True),
    ]
    of_coach, with_shared = kind
    if of_coach and not with_shared:
        options.append(with_loader_criteria(CoachOwned, lambda c: c.coach_id == _COACH, include_aliases=True))
    elif of_coach:
        wide: dict[str | None, Callable[[Any], Any]] = {
            None: lambda c: c.coach_id == _COACH,
            "id": lambda c: or_(c.coach_id == _COACH, c.id.in_(_SHARED)),
            "client_id": lambda c: or_(c.coach_id == _COACH, c.client_id.in_(_SHARED)),
        }
        options += [
            with_loader_criteria(of_it, wide[of_it.client_key], include_aliases=True)
            for of_it in _mapped(CoachOwned)
        ]
    return tuple(options)


def _of_coach(cls: type[Any], coach: int, shared: frozenset[int]) -> ColumnElement[bool]:
    """What narrows a table to the rows that a coach reaches: their own, and those of clients shared with them."""
    own: ColumnElement[bool] = cls.coach_id == coach
    if not shared or cls.client_key is None:
        return own
    return or_(own, getattr(cls, cls.client_key).in_(sorted(shared)))


def _mapped(base: type[Any]) -> Iterator[type[Any]]:
    for cls in base.__subclasses__():
        if inspect(cls, raiseerr=False) is not None:
            yield cls
        yield from _mapped(cls)


def _left_out(state: ORMExecuteState) -> Iterator[Any]:
    """Who may not read a column gets the row without it, and a fault at whoever asks for it after all."""
    for told in state.statement.column_descriptions if state.is_select else ():  # type: ignore[attr-defined]
        kind = told.get("entity")
        if kind is not None and told.get("expr") is kind:
            for name in getattr(kind, "kept_out", ()):
                yield defer(getattr(kind, name), raiseload=True)


def _columns_of(cls: type[Any], scope: Scope) -> list[tuple[str, int | None]]:
    """The columns that say which practice a row is of, with what the scope allows there."""
    found = [("owner_id", scope.owner_id)] if issubclass(cls, Owned) else []
    return found + ([("id", scope.owner_id)] if issubclass(cls, Owner) else [])


def _check_flush(session: Session, _context: Any, _instances: Any) -> None:
    scope = _scope_of(session)
    if scope.owner_id is not None:
        for row in [*session.new, *session.dirty, *session.deleted]:
            for name, allowed in _columns_of(type(row), scope):
                _hold(row, name, allowed, fresh=row in session.new)
            if isinstance(row, CoachOwned) and not scope.care:
                raise Forbidden("a write without care")
            if isinstance(row, CoachOwned) and scope.coach_id is not None:
                _hold_to_coach(session, row, scope)
    _flushing.set(True)


def _hold_to_coach(session: Session, row: CoachOwned, scope: Scope) -> None:
    """A row of one's own, or under a client that is shared: that one stays with its coach, and cannot be removed."""
    client = getattr(row, row.client_key) if row.client_key else None
    if client not in scope.shared:
        _hold(row, "coach_id", scope.coach_id, fresh=row in session.new)
    elif row.client_key == "id" and row in session.deleted:
        raise Forbidden("a colleague's client")
    else:  # the composite key to the client refuses another coach in a new row
        _hold(row, "coach_id", row.coach_id, fresh=False)


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
    beyond_planning: bool = False


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
        if not scope.care and found.beyond_planning:
            raise Forbidden("a table of care, or a column")
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
            any(not cls.for_planning or _names_any(sql, cls.kept_out) for cls, _name in used),
        )

    return read


def _names_any(sql: str, columns: tuple[str, ...]) -> bool:
    """Whether one of these columns is named, or all of the table's."""
    if columns and "*" in sql.replace("(*)", ""):
        return True
    return any(re.search(rf"(?<!\w){name}(?!\w)", sql, re.IGNORECASE) for name in columns)


def _held(sql: str, table: str, column: str) -> bool:
    """Whether this column of the table is compared with a value that is bound."""
    return re.search(rf'(?<!\w)"?{table}"?\.{column}\s*=\s*(?:\?|%\()', sql) is not None
