"""Whose rows a session changes: nothing of a colleague or a stranger, whatever the code tries."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, literal, select, text, update
from sqlalchemy.exc import IntegrityError, InvalidRequestError, PendingRollbackError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from planner.models import (
    EVERYONE,
    BusyCalendar,
    BusyTime,
    Client,
    Coach,
    CoachFeed,
    CoachOwned,
    Forbidden,
    Note,
    PlanItem,
    Practice,
    Route,
    Scope,
    Snippet,
    Walk,
    new_id,
)
from tests.ground import File, Ground

Deed = Callable[[Session, Ground], object]
TABLE = Client.__table__
CODE = sorted((Path(__file__).resolve().parents[2] / "planner").rglob("*.py"))

OF_THE_COACH = (CoachFeed, BusyCalendar, BusyTime, Snippet)
"""They stay when a client goes to a colleague."""


def new_route(owner: int | None, ground: Ground, **given: object) -> Route:
    fresh = Route(id=new_id(), owner_id=owner, sealed=b"-", facts="{}", created_at=ground.world.now)
    for name, value in given.items():
        setattr(fresh, name, value)
    return fresh


def new_walk(owner: int, coach: int, client: int, ground: Ground, **given: object) -> Walk:
    now = ground.world.now
    walk = Walk(id=new_id(), owner_id=owner, coach_id=coach, client_id=client, zone="Europe/Amsterdam")
    walk.starts_local, walk.starts_at, walk.minutes = now.replace(tzinfo=None), now, 40
    walk.setting, walk.sealed, walk.created_at, walk.changed_at = "outdoors", b"-", now, now
    for name, value in given.items():
        setattr(walk, name, value)
    return walk


def new_note(file: File, ground: Ground, **given: object) -> Note:
    now = ground.world.now
    note = Note(id=new_id(), owner_id=file.owner, coach_id=file.coach, client_id=file.client, sealed=b"-")
    note.walk_id, note.created_at, note.changed_at = file.walk, now, now
    for name, value in given.items():
        setattr(note, name, value)
    return note


def _give(name: str, value: Callable[[Ground], int]) -> Deed:
    def deed(session: Session, ground: Ground) -> None:
        setattr(session.get_one(Client, ground.own.client), name, value(ground))
        session.flush()

    return deed


def _add(row: Callable[[Ground], object]) -> Deed:
    def deed(session: Session, ground: Ground) -> None:
        session.add(row(ground))
        session.flush()

    return deed


FORBIDDEN: dict[str, Deed] = {
    "give to a stranger": _give("owner_id", lambda g: g.stranger.owner),
    "give to a colleague": _give("coach_id", lambda g: g.colleague.coach),
    "add for a stranger": _add(lambda g: new_route(g.stranger.owner, g)),
    "add for a colleague": _add(lambda g: new_note(g.colleague, g)),
    "another practice": _add(
        lambda g: Practice(id=g.stranger.owner, wrapped_key=b"", settings="{}", created_at=g.world.now)
    ),
    "insert": lambda s, g: s.execute(insert(Route).values(id=new_id(), owner_id=g.stranger.owner)),
    "core insert": lambda s, g: s.execute(insert(Route.__table__).values(id=new_id(), owner_id=g.stranger.owner)),
    "insert from select": lambda s, g: s.execute(
        insert(Route.__table__).from_select(["id", "owner_id"], select(literal(new_id()), Client.owner_id))
    ),
    "core update": lambda s, _: s.execute(update(TABLE).values(status="ended")),
    "core update of a stranger": lambda s, g: s.execute(
        update(TABLE).where(TABLE.c.owner_id == g.stranger.owner).values(status="ended")
    ),
    "core delete": lambda s, _: s.execute(delete(TABLE)),
    "update by keys": lambda s, g: s.execute(update(Client), [{"id": i, "status": "ended"} for i in g.clients]),
    "bulk update": lambda s, g: s.bulk_update_mappings(
        Client.__mapper__, [{"id": i, "status": "ended"} for i in g.clients]
    ),
    "bulk insert": lambda s, g: s.bulk_insert_mappings(
        Route.__mapper__,
        [{"id": new_id(), "owner_id": g.stranger.owner, "sealed": b"", "facts": "", "created_at": g.world.now}],
    ),
    "bulk save": lambda s, g: s.bulk_save_objects([new_route(g.stranger.owner, g)]),
    "text update": lambda s, _: s.execute(text("UPDATE client SET status = 'ended'")),
    "text delete": lambda s, _: s.execute(text("DELETE FROM client")),
    "text insert": lambda s, _: s.execute(text("INSERT INTO form_once (owner_id, form_id) VALUES (1, 'a')")),
    "driver": lambda s, _: s.connection().exec_driver_sql("UPDATE client SET status = 'ended'"),
}  # fmt: skip


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_refused_and_nothing_changed(ground: Ground, deed: str) -> None:
    before = ground.dump()
    with (
        pytest.raises(Forbidden),
        ground.world.store.db.transaction(ground.scope, ground.world.now) as session,
    ):
        FORBIDDEN[deed](session, ground)
    assert ground.dump() == before


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_a_refusal_that_is_swallowed_keeps_the_walls_up(ground: Ground, deed: str) -> None:
    with (
        suppress(PendingRollbackError),  # some leave a session that does nothing more at all
        ground.world.store.db.transaction(ground.scope, ground.world.now) as session,
    ):
        with pytest.raises(Forbidden):
            FORBIDDEN[deed](session, ground)
        session.expunge_all()
        with pytest.raises((Forbidden, PendingRollbackError)):
            session.execute(text("SELECT id FROM client"))


REACHES_NOTHING: dict[str, Deed] = {
    "update all": lambda s, _: s.execute(update(Client).values(status="paused")),
    "update by key": lambda s, g: s.execute(
        update(Client).where(Client.id.in_(g.clients)).values(status="paused")
    ),
    "update through a subquery": lambda s, g: s.execute(
        update(Client).where(Client.id.in_(select(Walk.client_id))).values(status="paused")
    ),
    "query.update": lambda s, _: s.query(Client).update({"status": "paused"}),
    "delete all": lambda s, _: s.execute(delete(Note)),
    "delete by key": lambda s, g: s.execute(delete(Client).where(Client.id.in_(g.clients))),
    "query.delete": lambda s, _: s.query(PlanItem).delete(),
}


@pytest.mark.parametrize("deed", REACHES_NOTHING)
def test_by_criteria_only_the_own_rows(ground: Ground, deed: str) -> None:
    before = _foreign(ground)
    with ground.world.store.db.transaction(ground.scope, ground.world.now) as session:
        REACHES_NOTHING[deed](session, ground)
    assert _foreign(ground) == before
    with ground.world.store.db.reading(ground.scope) as session:
        changed = session.scalar(select(Client.status)) != "active" or not session.scalar(select(Note.id))
        assert changed or not session.scalar(select(PlanItem.id)), "the own rows are reached"


def _foreign(ground: Ground) -> list[tuple[object, ...]]:
    """Every row about a client of the colleague and the stranger."""
    with ground.world.store.db.reading(EVERYONE) as session:
        kinds = [m.class_ for m in Client.registry.mappers if issubclass(m.class_, CoachOwned)]
        return [
            tuple(row)
            for kind in kinds
            for row in session.execute(
                select(kind.__table__).where(kind.coach_id != ground.own.coach).order_by(kind.id)  # type: ignore[attr-defined]
            )
        ]


@pytest.mark.parametrize("who", ["cor", "bram"])
def test_an_object_with_anothers_key_is_not_overwritten(ground: Ground, who: str) -> None:
    """Merging looks the key up, does not find it, and then cannot insert it either."""
    before = _foreign(ground)
    forged = Client(id=ground.files[who].client, wrapped_key=b"", name_sealed=b"", details_sealed=b"")
    forged.owner_id, forged.coach_id, forged.created_at = ground.own.owner, ground.own.coach, ground.world.now
    with (
        pytest.raises((IntegrityError, InvalidRequestError, StaleDataError)),
        ground.world.store.db.transaction(ground.scope, ground.world.now) as session,
    ):
        session.merge(forged)
        session.flush()
    assert _foreign(ground) == before


HANGS_ON_ANOTHER: dict[str, Callable[[Ground], object]] = {
    "a note on a colleague's client": lambda g: new_note(
        g.own, g, client_id=g.colleague.client, walk_id=g.colleague.walk
    ),
    "a note on a stranger's walk": lambda g: new_note(g.own, g, walk_id=g.stranger.walk),
    "a walk of a colleague's client": lambda g: new_walk(g.own.owner, g.own.coach, g.colleague.client, g),
    "a walk of a stranger's client": lambda g: new_walk(g.own.owner, g.own.coach, g.stranger.client, g),
    "a walk on a stranger's route": lambda g: new_walk(
        g.own.owner, g.own.coach, g.own.client, g, route_id=g.stranger.route
    ),
    "a stranger's exercise": lambda g: PlanItem(
        owner_id=g.own.owner, coach_id=g.own.coach, client_id=g.own.client, walk_id=g.own.walk, position=9,
        segment="exercise", minutes=5, exercise_id=g.stranger.exercise,
    ),
}  # fmt: skip


@pytest.mark.parametrize("scope", ["coach", "everyone"])
@pytest.mark.parametrize("what", HANGS_ON_ANOTHER)
def test_the_schema_refuses_what_hangs_on_anothers(ground: Ground, what: str, scope: str) -> None:
    """Composite keys: even where the code may reach everything."""
    before = ground.dump()
    chosen = ground.scope if scope == "coach" else EVERYONE
    with (
        pytest.raises(IntegrityError),
        ground.world.store.db.transaction(chosen, ground.world.now) as session,
    ):
        session.add(HANGS_ON_ANOTHER[what](ground))
        session.flush()
    assert ground.dump() == before


def test_a_client_who_is_handed_over_takes_everything_along(ground: Ground) -> None:
    """One row is changed; the database carries the rest (ON UPDATE CASCADE)."""
    own, cor = ground.own, ground.world.coach("cor")
    now = ground.world.now + timedelta(minutes=1)
    with ground.world.store.db.transaction(Scope(own.owner), now) as session:
        session.get_one(Client, own.client).coach_id = cor.id
    with ground.world.store.db.reading(ground.scope) as session:
        for mapper in Client.registry.mappers:
            if issubclass(mapper.class_, CoachOwned) and mapper.class_ not in OF_THE_COACH:
                assert session.scalars(select(mapper.class_)).all() == [], mapper.class_
    with ground.world.store.db.reading(cor.scope) as session:
        assert session.scalar(select(Note.coach_id).where(Note.client_id == own.client)) == cor.id
        assert set(session.scalars(select(Walk.id))) == {
            own.walk,
            own.coming,
            ground.colleague.walk,
            ground.colleague.coming,
        }
        assert session.scalar(select(PlanItem.coach_id).where(PlanItem.client_id == own.client)) == cor.id


def test_a_client_is_not_handed_to_another_practice(ground: Ground) -> None:
    with (
        pytest.raises(IntegrityError),
        ground.world.store.db.transaction(EVERYONE, ground.world.now) as session,
    ):
        session.get_one(Client, ground.own.client).coach_id = ground.stranger.coach
        session.flush()


def test_a_new_row_gets_its_owner(ground: Ground) -> None:
    with ground.world.store.db.transaction(ground.scope, ground.world.now) as session:
        session.add(route := new_route(None, ground))
        session.flush()
        assert route.owner_id == ground.own.owner
        assert session.scalar(select(Coach.id).where(Coach.id == ground.own.coach)), "and reading goes on"


def test_reading_changes_nothing(ground: Ground) -> None:
    before = ground.dump()
    for flush in (False, True):
        with pytest.raises(RuntimeError), ground.world.store.db.reading(ground.scope) as session:
            session.get_one(Client, ground.own.client).status = "ended"
            if flush:
                session.flush()
    assert ground.dump() == before


def test_no_code_of_ours_goes_below_the_walls() -> None:
    """What no listener can see: forged objects and the driver itself."""
    pattern = re.compile(r"make_transient|raw_connection|driver_connection|dbapi_connection|\.cursor\(")
    assert pattern.search("engine.raw_connection()")
    assert not [path.name for path in CODE if pattern.search(path.read_text())]
