"""A client shared by a colleague: reached in every way of reading and writing, and nothing else of that colleague."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlalchemy.orm import Session

from planner.models import Base, Client, CoachOwned, Forbidden, Note, Scope, Walk
from tests import makers
from tests.ground import Ground
from tests.models.test_ownership import WAYS
from tests.models.test_ownership_writes import new_note

KINDS = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, CoachOwned)]


@pytest.fixture
def scope(ground: Ground) -> Scope:
    """Cor's, with whom Anna shares her client."""
    return replace(ground.world.coach("cor").scope, shared=frozenset({ground.own.client}))


def test_every_way_of_reading_reaches_both_and_no_more(ground: Ground, scope: Scope) -> None:
    both = {ground.own.client, ground.colleague.client}
    with ground.world.store.db.reading(scope) as session:
        found = {
            way: set(read(session, ground)) for way, read in WAYS.items() if way != "expired and refreshed"
        }
    assert all(some <= both for some in found.values()), found
    for way in (
        "get",
        "entities",
        "columns",
        "alias",
        "exists",
        "cte",
        "union",
        "join",
        "outer join",
        "self join",
    ):
        assert found[way] == both, way


def test_a_refreshed_row_is_held_too(ground: Ground, scope: Scope) -> None:
    with ground.world.store.db.reading(scope) as session:
        client = session.get_one(Client, ground.own.client)
        session.expire(client)
        assert client.status == "active"
        session.refresh(client)


def test_what_is_of_the_colleague_alone_stays_there(ground: Ground, scope: Scope) -> None:
    """Each table under a client shows those of both; a calendar, a feed and a sentence are nobody else's."""
    with ground.world.store.db.reading(scope) as session:
        found = {kind: {row.coach_id for row in session.scalars(select(kind))} for kind in KINDS}
    with ground.world.store.db.reading(Scope(ground.own.owner)) as session:
        there = {kind: {row.coach_id for row in session.scalars(select(kind))} for kind in KINDS}
    alone = {kind for kind in KINDS if kind.client_key is None}
    assert {kind.__name__ for kind in alone} == {"BusyCalendar", "BusyTime", "CoachFeed", "Snippet"}
    assert all(found[kind] == {ground.colleague.coach} < there[kind] for kind in alone)
    assert all(found[kind] == there[kind] for kind in KINDS if kind not in alone)


def test_the_next_session_has_its_own(ground: Ground, scope: Scope) -> None:
    """Statements are remembered; the clients in them are not."""
    other, own = makers.make_client(ground.world), ground.own.client
    for shared in ({own}, set(), {other}, {own, other}, {own}, {ground.stranger.client}):
        with ground.world.store.db.reading(replace(scope, shared=frozenset(shared))) as session:
            found = set(session.scalars(select(Client.id)))
            assert found == (shared | {ground.colleague.client}) - {ground.stranger.client}
            walked = set(session.scalars(select(Walk.client_id)))
            assert walked == found - {other}


@pytest.mark.parametrize("first", [True, False])
def test_a_statement_that_is_built_once_shows_each_what_they_may_see(ground: Ground, first: bool) -> None:
    """For whoever plans without what is about health, for whoever coaches with it; whoever comes first."""
    coach, clients = ground.world.coach(), select(Client).where(Client.id == ground.own.client)
    for care in (first, not first):
        scope = coach.practice_scope if care else coach.planning_scope
        with ground.world.store.db.reading(scope) as session:
            client = session.scalars(clients).one()
            if care:
                assert client.health_sealed is not None
            else:
                with pytest.raises(InvalidRequestError):
                    _ = client.health_sealed


def _change(session: Session, ground: Ground) -> None:
    session.get_one(Walk, ground.own.walk).minutes = 55


def _add(session: Session, ground: Ground) -> None:
    session.delete(session.scalars(select(Note).where(Note.walk_id == ground.own.walk)).one())
    session.flush()
    session.add(new_note(ground.own, ground))


def _remove_client(session: Session, ground: Ground) -> None:
    session.delete(session.get_one(Client, ground.own.client))


def _take_client(session: Session, ground: Ground) -> None:
    session.get_one(Client, ground.own.client).coach_id = ground.colleague.coach


def _take_note(session: Session, ground: Ground) -> None:
    session.add(new_note(ground.own, ground, coach_id=ground.colleague.coach))


MAY: dict[str, Callable[[Session, Ground], None]] = {"change": _change, "add": _add}
MAY_NOT: dict[str, tuple[Callable[[Session, Ground], None], type[Exception]]] = {
    "remove the client": (_remove_client, Forbidden),
    "take the client": (_take_client, Forbidden),
    "add under another coach": (_take_note, IntegrityError),
}


@pytest.mark.parametrize("deed", MAY)
def test_the_colleague_works_on(ground: Ground, scope: Scope, deed: str) -> None:
    with ground.world.store.db.transaction(scope, ground.world.now) as session:
        MAY[deed](session, ground)


@pytest.mark.parametrize("deed", MAY_NOT)
def test_the_client_stays_with_their_coach(ground: Ground, scope: Scope, deed: str) -> None:
    act, refused = MAY_NOT[deed]
    before = ground.dump()
    with pytest.raises(refused), ground.world.store.db.transaction(scope, ground.world.now) as session:
        act(session, ground)
        session.flush()
    assert ground.dump() == before


def test_who_only_plans_writes_nothing_under_a_client(ground: Ground) -> None:
    scope = replace(Scope(ground.own.owner), care=False)
    with pytest.raises(Forbidden), ground.world.store.db.transaction(scope, ground.world.now) as session:
        session.add(new_note(ground.own, ground))
        session.flush()
