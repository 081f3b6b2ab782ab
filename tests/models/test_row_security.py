"""Row-level security on PostgreSQL: with every wall of ours gone, the database itself shows one practice only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from planner.migrations import row_security
from planner.models import Base, Owned
from planner.models.base import make_engine
from planner.models.ownership import Owner
from tests.ground import Ground

OWNED = {
    mapper.local_table.name: mapper.class_  # type: ignore[attr-defined]
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Owned | Owner)
}


@pytest.fixture
def raw(ground: Ground) -> Iterator[Connection]:
    """The planner's own role, past everything in Python."""
    engine = make_engine(ground.world.settings.database_url)
    if engine.dialect.name != "postgresql":
        engine.dispose()
        pytest.skip("only PostgreSQL has it")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def whose(raw: Connection, owner: object) -> None:
    raw.execute(text("SELECT set_config('app.owner', :owner, true)"), {"owner": str(owner)})


def counted(raw: Connection) -> dict[str, int]:
    return {name: raw.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in OWNED}


def test_every_owned_table_has_a_policy_and_no_other(raw: Connection) -> None:
    held = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    assert set(raw.execute(text(held)).scalars()) == OWNED.keys()
    assert set(raw.execute(text("SELECT tablename FROM pg_policies")).scalars()) == OWNED.keys()
    assert not row_security.UNOWNED & OWNED.keys()


def test_the_planners_role_is_held_to_it(raw: Connection) -> None:
    role = raw.execute(text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")).one()
    assert tuple(role) == (False, False)


def test_nobodys_and_anothers_rows_are_not_there(raw: Connection, ground: Ground) -> None:
    assert not any(counted(raw).values()), "without a word about whose"
    whose(raw, 7)
    assert not any(counted(raw).values())
    whose(raw, "everyone")
    all_rows = counted(raw)
    assert all_rows["client"] == 3
    whose(raw, ground.stranger.owner)
    some = counted(raw)
    assert some["client"] == some["practice"] == 1
    assert all(0 <= some[name] <= number for name, number in all_rows.items())
    found = raw.execute(text("SELECT count(*) FROM note WHERE client_id = :id"), {"id": ground.own.client})
    assert found.scalar_one() == 0


def test_nothing_is_changed_for_another(raw: Connection, ground: Ground) -> None:
    whose(raw, ground.stranger.owner)
    assert raw.execute(text("UPDATE client SET status = 'ended' WHERE status = 'active'")).rowcount == 1
    assert raw.execute(text("DELETE FROM note WHERE owner_id = :o"), {"o": ground.own.owner}).rowcount == 0
    with pytest.raises(ProgrammingError, match="row-level security"):
        raw.execute(text("UPDATE client SET owner_id = :o"), {"o": ground.own.owner})


def test_the_word_holds_for_one_transaction(raw: Connection) -> None:
    """A connection that goes back to the pool takes it along to nobody."""
    whose(raw, "everyone")
    assert counted(raw)["client"] == 3
    raw.rollback()
    assert counted(raw)["client"] == 0
