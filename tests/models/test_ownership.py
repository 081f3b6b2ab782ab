"""Whose rows a session sees: every way of reading that we know of, tried by Anna against a colleague and a stranger.

Ways that a service may use give exactly her own rows (no leak, no false refusal); the others are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Thread

import pytest
from sqlalchemy import and_, exists, func, literal, literal_column, select, text, true, union
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Bundle, Session, aliased, make_transient_to_detached
from sqlalchemy.orm.exc import ObjectDeletedError

from planner.models import EVERYONE, Base, Client, Coach, Forbidden, Note, Owned, Practice, Route, Scope, Walk
from planner.models.base import OwnedSession
from tests.ground import Ground

Way = Callable[[Session, Ground], Iterable[int]]
TABLE = Client.__table__


def _self_join(session: Session, _: Ground) -> Iterable[int]:
    other = aliased(Client)
    return session.scalars(select(other.id).select_from(Client).join(other, true()))


def _recursive(session: Session, _: Ground) -> Iterable[int]:
    steps = select(Client.id).cte("steps", recursive=True)
    steps = steps.union(select(Client.id).where(Client.id != steps.c.id))
    return session.scalars(select(steps.c.id))


def _deferred(session: Session, ground: Ground) -> Iterable[int]:
    found = [session.get(Route, file.route) for file in ground.files.values()]
    return [ground.own.client for route in found if route is not None and route.line][:1]


def _expired(session: Session, ground: Ground) -> Iterable[int]:
    client = session.get_one(Client, ground.own.client)
    session.expire(client)
    assert client.status == "active"
    session.refresh(client)
    return [client.id]


WAYS: dict[str, Way] = {
    "get": lambda s, g: [c.id for i in g.clients if (c := s.get(Client, i))],
    "get fresh": lambda s, g: [c.id for i in g.clients if (c := s.get(Client, i, populate_existing=True))],
    "query": lambda s, _: [c.id for c in s.query(Client)],
    "entities": lambda s, _: [c.id for c in s.scalars(select(Client))],
    "in pieces": lambda s, _: [c.id for c in s.scalars(select(Client).execution_options(yield_per=1))],
    "columns": lambda s, _: s.scalars(select(Client.id)),
    "bundle": lambda s, _: [row.b.id for row in s.execute(select(Bundle("b", Client.id, Client.status)))],
    "by key": lambda s, g: s.scalars(select(Client.id).where(Client.id.in_(g.clients))),
    "either": lambda s, _: s.scalars(select(Client.id).where(true() | (Client.status == "active"))),
    "alias": lambda s, _: s.scalars(select(aliased(Client).id)),
    "self join": _self_join,
    "exists": lambda s, _: s.scalars(select(Client.id).where(exists().where(Walk.client_id == Client.id))),
    "in subquery": lambda s, _: s.scalars(select(Note.client_id).where(Note.client_id.in_(select(Client.id)))),
    "subquery": lambda s, _: s.scalars(select(select(Client.id).subquery().c.id)),
    "alias of a subquery": lambda s, _: [c.id for c in s.scalars(select(aliased(Client, select(Client).subquery())))],
    "cte": lambda s, _: s.scalars(select(select(Client.id).cte().c.id)),
    "recursive cte": _recursive,
    "union": lambda s, _: s.scalars(union(select(Client.id), select(Client.id).where(Client.status == "active"))),
    "union of entities": lambda s, _: [c.id for c in s.query(Client).union(s.query(Client))],
    "join": lambda s, _: s.scalars(select(Client.id).join(Note, Note.client_id == Client.id)),
    "join on anything": lambda s, _: set(s.scalars(select(Client.id).select_from(Walk).join(Client, true()))),
    "outer join": lambda s, _: s.scalars(select(Client.id).outerjoin(Note, Note.client_id == Client.id)),
    "join from the practice": lambda s, _: s.scalars(
        select(Client.id).select_from(Practice).join(Client, Client.owner_id == Practice.id)
    ),
    "two tables": lambda s, _: s.scalars(select(Client.id).where(Note.client_id == Client.id).add_columns(Note.id)),
    "scalar subquery": lambda s, _: [s.scalar(select(select(func.max(Client.id)).scalar_subquery()))],
    "window": lambda s, _: s.scalars(
        select(func.first_value(Client.id).over(order_by=Client.id)).select_from(Client)
    ),
    "expired and refreshed": _expired,
    "deferred column": _deferred,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_coach_sees_exactly_their_own(ground: Ground, way: str) -> None:
    with ground.world.store.db.reading(ground.scope) as session:
        assert list(WAYS[way](session, ground)) == [ground.own.client]


@pytest.mark.parametrize("way", WAYS)
def test_in_a_transaction_too(ground: Ground, way: str) -> None:
    with ground.world.store.db.transaction(ground.scope, ground.world.now) as session:
        assert list(WAYS[way](session, ground)) == [ground.own.client]


def test_a_practice_sees_its_coaches_and_everyone_sees_all(ground: Ground) -> None:
    """And so the ways above do find rows of others when nothing holds them back."""
    db = ground.world.store.db
    with db.reading(Scope(ground.own.owner)) as session:
        found = set(session.scalars(select(Client.id)))
        assert found == {ground.own.client, ground.colleague.client}
    with db.reading(EVERYONE) as session:
        assert set(session.scalars(select(Client.id))) == set(ground.clients)


COUNTS: dict[str, Callable[[Session, Ground], int | None]] = {
    "count": lambda s, _: s.scalar(select(func.count()).select_from(Client)),
    "count of ids": lambda s, _: s.scalar(select(func.count(Client.id))),
    "query.count": lambda s, _: s.query(Client).count(),
    "sum of a subquery": lambda s, _: s.scalar(select(func.count()).select_from(select(Client.id).subquery())),
    "correlated": lambda s, g: s.scalar(
        select(
            select(func.count(Client.id)).where(Client.owner_id == Coach.owner_id).correlate(Coach).scalar_subquery()
        ).where(Coach.id == g.colleague.coach)
    ),
    "oracle": lambda s, g: sum(
        bool(s.scalar(select(literal(1)).where(exists().where(Client.id == client)))) for client in g.clients
    ),
    "by foreign keys": lambda s, g: s.scalar(
        select(func.count()).select_from(Note).where(Note.client_id.in_(g.clients))
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", COUNTS)
def test_numbers_tell_nothing_of_others(ground: Ground, way: str) -> None:
    with ground.world.store.db.reading(ground.scope) as session:
        assert COUNTS[way](session, ground) == 1


@pytest.mark.parametrize(
    "kind",
    sorted(
        (m.class_ for m in Base.registry.mappers if issubclass(m.class_, Owned)),
        key=lambda kind: kind.__name__,
    ),
)
def test_every_owned_table_is_held(ground: Ground, kind: type[Owned]) -> None:
    """Each table that somebody owns shows only rows of the scope, and of the coach where it has one."""
    with ground.world.store.db.reading(ground.scope) as session:
        found = list(session.scalars(select(kind)))
    assert {row.owner_id for row in found} <= {ground.own.owner}
    if hasattr(kind, "coach_id"):
        assert {row.coach_id for row in found} <= {ground.own.coach}


def _on_connection(session: Session, _: Ground) -> object:
    return session.connection().execute(select(Client.id))


def _on_the_engine(session: Session, ground: Ground) -> object:
    with ground.world.store.db.engine.connect() as connection:
        return connection.execute(select(Client.id)).all()


def _unowned(session: Session, ground: Ground) -> object:
    with ground.world.store.db.unowned() as connection:
        return connection.execute(select(Client.id)).all()


def _plain_session(session: Session, ground: Ground) -> object:
    with Session(ground.world.store.db.engine) as plain:
        return plain.scalars(select(Client.id)).all()


def _nested(session: Session, ground: Ground) -> object:
    with ground.world.store.db.reading(ground.world.coach("bram").scope) as other:
        return other.scalars(select(Client.id)).all()


def _rebound(session: Session, ground: Ground) -> object:
    session.info["scope"] = Scope(ground.stranger.owner)
    return session.scalars(select(Client.id)).all()


def _rebound_to_everyone(session: Session, ground: Ground) -> object:
    session.info["scope"] = EVERYONE
    return session.scalars(select(Client.id)).all()


def _elsewhere(session: Session, ground: Ground) -> object:
    found: list[object] = []
    failed: list[BaseException] = []

    def look() -> None:
        try:
            found.extend(session.scalars(select(Client.id)))
        except Forbidden as error:
            failed.append(error)

    thread = Thread(target=look)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found


REFUSED: dict[str, Callable[[Session, Ground], object]] = {
    "core": lambda s, _: s.execute(select(TABLE.c.id)).all(),
    "core of my practice": lambda s, g: s.execute(select(TABLE.c.id).where(TABLE.c.owner_id == g.own.owner)).all(),
    "core of a stranger": lambda s, g: s.execute(select(TABLE.c.id).where(TABLE.c.owner_id == g.stranger.owner)).all(),
    "core of a colleague": lambda s, g: s.execute(
        select(TABLE.c.id).where(TABLE.c.owner_id == g.own.owner, TABLE.c.coach_id == g.colleague.coach)
    ).all(),
    "a question without an entity": lambda s, g: s.scalar(
        select(literal(1)).where(exists().where(and_(Client.id == g.colleague.client, Client.status == "active")))
    ),
    "connection of the session": _on_connection,
    "driver sql": lambda s, _: s.connection().exec_driver_sql("SELECT id FROM client").all(),
    "connection of the engine": _on_the_engine,
    "connection for what nobody owns": _unowned,
    "another kind of session": _plain_session,
    "a session inside a session": _nested,
    "another scope in the session": _rebound,
    "every scope in the session": _rebound_to_everyone,
    "the session in another thread": _elsewhere,
    "text": lambda s, _: s.execute(text("SELECT id FROM client")).all(),
    "quoted text": lambda s, _: s.execute(text('SELECT id FROM "client"')).all(),
    "tight text": lambda s, _: s.execute(text('SELECT id FROM"client"')).all(),
    "text with a remark": lambda s, _: s.execute(text("SELECT id FROM/**/client")).all(),
    "text over lines": lambda s, _: s.execute(text("select id\nfrom\n\tclient")).all(),
    "text with another name": lambda s, _: s.execute(text("SELECT c.id FROM client c")).all(),
    "text with two tables": lambda s, _: s.execute(text("SELECT client.id FROM practice,client")).all(),
    "text in a text": lambda s, _: s.execute(text("WITH c AS (SELECT id FROM client) SELECT id FROM c")).all(),
    "text of a stranger": lambda s, g: s.execute(
        text("SELECT id FROM client WHERE client.owner_id = :o"), {"o": g.stranger.owner}
    ).all(),
    "text with every owner": lambda s, _: s.execute(
        text("SELECT id FROM client WHERE client.owner_id = client.owner_id")
    ).all(),
    "text as columns": lambda s, _: s.execute(text("SELECT id FROM client").columns(Client.id)).all(),
    "text as a table": lambda s, _: s.execute(select(text("id")).select_from(text("client"))).all(),
    "text as a column": lambda s, _: s.scalars(select(literal_column("(SELECT max(id) FROM client)"))).all(),
    "text into entities": lambda s, _: s.scalars(select(Client).from_statement(text("SELECT * FROM client"))).all(),
    "core into entities": lambda s, _: s.scalars(select(Client).from_statement(select(TABLE))).all(),
    "kept in a new table": lambda s, _: s.execute(text("CREATE TEMP TABLE mine AS SELECT * FROM client")),
}  # fmt: skip


@pytest.mark.parametrize("way", REFUSED)
def test_what_goes_past_the_criteria_is_refused(ground: Ground, way: str) -> None:
    with ground.world.store.db.reading(ground.scope) as session, pytest.raises(Forbidden):
        REFUSED[way](session, ground)


def test_names_of_the_database_hide_nothing(ground: Ground) -> None:
    """With the schema before it, and in each way of quoting the database knows."""
    sqlite = ground.world.store.db.engine.dialect.name == "sqlite"
    names = ("main.client", "[client]", "`client`") if sqlite else ("public.client", "ONLY client")
    with ground.world.store.db.reading(ground.scope) as session:
        for name in names:
            with pytest.raises(Forbidden):
                session.execute(text(f"SELECT id FROM {name}"))


@pytest.mark.parametrize("who", ["cor", "bram"])
def test_an_object_with_anothers_key_loads_nothing(ground: Ground, who: str) -> None:
    forged = Client(id=ground.files[who].client, owner_id=ground.own.owner, coach_id=ground.own.coach)
    make_transient_to_detached(forged)
    with ground.world.store.db.reading(ground.scope) as session:
        session.add(forged)
        with pytest.raises(InvalidRequestError):
            session.refresh(forged)
        session.expire(forged)
        with pytest.raises(ObjectDeletedError):
            _ = forged.status


def test_a_session_without_a_scope_refuses(ground: Ground) -> None:
    with OwnedSession(ground.world.store.db.engine) as session, pytest.raises(Forbidden):
        session.scalars(select(Client.id))


def test_a_session_that_is_over_refuses(ground: Ground) -> None:
    with ground.world.store.db.reading(ground.scope) as session:
        pass
    with pytest.raises(Forbidden):
        session.scalars(select(Client.id))


def test_two_coaches_at_the_same_time_never_mix(ground: Ground) -> None:
    """Statements are remembered with their criterion; the values in it must be each session's own."""
    wrong: list[object] = []

    def look(who: str) -> None:
        scope = ground.world.coach(who).scope
        for _ in range(60):
            with ground.world.store.db.reading(scope) as session:
                found = list(session.scalars(select(Client.id)))
                if found != [ground.files[who].client]:
                    wrong.append((who, found))

    threads = [Thread(target=look, args=(who,)) for who in ground.files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
