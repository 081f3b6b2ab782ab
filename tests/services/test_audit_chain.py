"""The audit log cannot be changed in silence: the database refuses; what was done all the same shows at its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

from planner.domain.audit_chain import Break, Head
from planner.models import EVERYONE, AuditEntry, AuditSegment
from planner.models.base import make_engine
from planner.models.ownership import scoped
from planner.services.keeping import checks, housekeeping
from planner.services.privacy import audit, audit_chain
from tests import makers
from tests.conftest import MONDAY, World

TABLES = ("audit_entry", "audit_segment")


def by_hand(world: World, *statements: str) -> None:
    """Past the planner, as somebody does who has the database."""
    engine = make_engine(world.settings.database_url)
    try:
        with scoped(EVERYONE), engine.connect().execution_options(write=True) as connection:
            for one in statements:
                connection.exec_driver_sql(one)
            connection.commit()
    finally:
        engine.dispose()


def past_the_guards(world: World, *statements: str) -> None:
    """The same by somebody who takes the database's own refusal away for a moment."""
    sqlite = world.store.db.engine.dialect.name == "sqlite"
    if not sqlite:
        off = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in TABLES]
        on = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in TABLES]
        by_hand(world, *off, *statements, *on)
        return
    with world.store.db.unowned() as connection:
        kept = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")).all()
    by_hand(
        world, *(f"DROP TRIGGER {name}" for name, _sql in kept), *statements, *(sql for _name, sql in kept)
    )


def found(world: World, *heads: Head) -> list[Break]:
    return list(audit_chain.problems(world.store, heads))


def head(world: World) -> Head:
    with world.store.db.reading(EVERYONE) as session:
        newest = session.scalars(select(AuditSegment).order_by(AuditSegment.first_seq.desc())).first()
        assert newest is not None
        return Head(world.now, newest.last_seq, newest.head)


@pytest.fixture
def lived_in(world: World) -> World:
    for name in ("Sanne", "Joris", "Els"):
        makers.make_walk(world, makers.make_client(world, name))
    assert found(world) == []
    return world


def test_who_writes_while_it_is_read_forged_nothing(lived_in: World) -> None:
    """The jobs look at night, on a database that others write in."""
    engine, before = lived_in.store.db.engine, head(lived_in).seq
    other = Thread(target=lambda: makers.make_client(lived_in, "Mark"))

    def write(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if "FROM audit_segment" in sql and other.ident is None:
            other.start()
            other.join()

    event.listen(engine, "after_cursor_execute", write)
    assert found(lived_in) == []
    event.remove(engine, "after_cursor_execute", write)
    assert head(lived_in).seq > before and found(lived_in) == []


REFUSED = {
    "a row changed": "UPDATE audit_entry SET action = 'saw'",
    "a row taken away": "DELETE FROM audit_entry WHERE seq = 3",
    "a segment taken away": "DELETE FROM audit_segment",
    "all": "DELETE FROM audit_entry",
}


@pytest.mark.parametrize("deed", REFUSED)
def test_the_database_refuses(lived_in: World, deed: str) -> None:
    with pytest.raises(DBAPIError, match="stays as it is"):
        by_hand(lived_in, REFUSED[deed])
    assert found(lived_in) == []


def test_postgresql_refuses_to_empty_it(lived_in: World) -> None:
    if lived_in.store.db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="stays as it is"):
        by_hand(lived_in, "TRUNCATE audit_entry")


LAST = "(SELECT max(seq) FROM audit_entry)"
COPY = (
    "INSERT INTO audit_entry (id, owner_id, at, actor, action, kind, object_id, seq, digest) "
    "SELECT 7, owner_id, at, actor, action, kind, object_id, {seq}, digest FROM audit_entry WHERE seq = 3"
)
TAMPERED: dict[str, tuple[tuple[str, ...], Callable[[int], list[tuple[str, int]]]]] = {
    "changed": (("UPDATE audit_entry SET object_id = 5 WHERE seq = 4",), lambda _: [("changed", 4)]),
    "client taken out": (
        (f"UPDATE audit_entry SET client_id = NULL WHERE seq = {LAST}",),
        lambda last: [("changed", last)],
    ),
    "taken out": (("DELETE FROM audit_entry WHERE seq = 4",), lambda _: [("missing", 4)]),
    "first taken out": (("DELETE FROM audit_entry WHERE seq = 1",), lambda _: [("missing", 1)]),
    "cut": ((f"DELETE FROM audit_entry WHERE seq = {LAST}",), lambda last: [("missing", last)]),
    "emptied": (("DELETE FROM audit_entry",), lambda _: [("missing", 1)]),
    "put in behind": ((COPY.format(seq=f"{LAST} + 1"),), lambda last: [("added", last + 1)]),
    "put in without a place": ((COPY.format(seq="NULL"),), lambda _: [("unchained", 0)]),
    "cut, and the segment set back": (
        (
            f"DELETE FROM audit_entry WHERE seq = {LAST}",
            "UPDATE audit_segment SET last_seq = last_seq - 1, head = (SELECT digest FROM audit_entry ORDER BY seq DESC"
            " LIMIT 1)",
        ),
        lambda _: [("segment", 1)],
    ),
    "let go of before its time": (
        ("UPDATE audit_segment SET state = 'purged'", "DELETE FROM audit_entry"),
        lambda _: [("segment", 1)],
    ),
    "two changed places": (
        (
            "UPDATE audit_entry SET seq = -1 WHERE seq = 5",
            "UPDATE audit_entry SET seq = 5 WHERE seq = 6",
            "UPDATE audit_entry SET seq = 6 WHERE seq = -1",
        ),
        lambda _: [("changed", 5), ("changed", 6), ("changed", 7)],
    ),
}


@pytest.mark.parametrize("deed", TAMPERED)
def test_what_was_done_all_the_same_shows_at_its_place(lived_in: World, deed: str) -> None:
    statements, expected = TAMPERED[deed]
    last = head(lived_in).seq
    past_the_guards(lived_in, *statements)
    assert [(one.code, one.seq) for one in found(lived_in)] == expected(last)
    lines = checks.everything(lived_in.store, lived_in.settings)
    assert any("logregel" in line or "logboek" in line for line in lines), lines


def test_a_guard_that_is_gone_shows(lived_in: World) -> None:
    on = "" if lived_in.store.db.engine.dialect.name == "sqlite" else " ON audit_entry"
    by_hand(lived_in, f"DROP TRIGGER audit_entry_delete{on}")
    assert [one.code for one in found(lived_in)] == ["unguarded"]


def test_an_older_database_does_not_know_what_a_backup_knows(lived_in: World) -> None:
    """Cut with the segment of then: within the database nothing shows, a backup remembers."""
    then = head(lived_in)
    assert found(lived_in, then) == []
    assert found(lived_in, Head(then.at, then.seq, b"other")) == [Break("other_head", then.seq)]
    assert found(lived_in, Head(then.at, then.seq + 1, then.digest)) == [Break("other_head", then.seq + 1)]


def test_months_are_closed_and_let_go_of_whole(lived_in: World) -> None:
    """After twelve months; the chain goes on, and what a backup knew of what is gone need not be found."""
    world, then = lived_in, head(lived_in)
    for months in (1, 2):
        world.set_clock(MONDAY + timedelta(days=31 * months))
        makers.make_client(world, "Later")
    months = segments(world)
    assert [(month, state) for month, state, _rows in months] == [
        ("2026-11", "closed"), ("2026-12", "closed"), ("2027-01", "open"),
    ]  # fmt: skip
    assert found(world, then) == []
    world.set_clock("2027-11-30T12:00")
    housekeeping.sweep(world.store, world.now)
    assert [state for _month, state, _rows in segments(world)] == ["closed", "closed", "closed"]
    world.set_clock("2027-12-01T12:00")
    housekeeping.sweep(world.store, world.now)
    states = [(month, state, rows > 0) for month, state, rows in segments(world)]
    assert states == [("2026-11", "purged", False), ("2026-12", "closed", True), ("2027-01", "closed", True)]
    assert found(world, then) == []
    makers.make_client(world, "Nog later")
    assert found(world) == [] and len(segments(world)) == 4


def segments(world: World) -> list[tuple[str, str, int]]:
    """Month, state and the rows that are there."""
    with world.store.db.reading(EVERYONE) as session:
        lines = []
        for one in session.scalars(select(AuditSegment).order_by(AuditSegment.first_seq)):
            rows = AuditEntry.seq.between(one.first_seq, one.last_seq)
            lines.append(
                (one.month, one.state, session.scalar(select(func.count(AuditEntry.id)).where(rows)) or 0)
            )
        return lines


def test_a_clock_that_goes_back_breaks_nothing(lived_in: World) -> None:
    lived_in.set_clock(MONDAY - timedelta(days=90))
    makers.make_client(lived_in, "Eerder")
    assert found(lived_in) == [] and len(segments(lived_in)) == 1


def test_rows_of_before_the_chain_are_taken_in_once(lived_in: World) -> None:
    """As `make run` does after the database was brought up to date; what somebody puts in later is not."""
    loose = "UPDATE audit_entry SET seq = NULL, digest = NULL"
    past_the_guards(lived_in, loose, "DELETE FROM audit_segment")
    assert [one.code for one in found(lived_in)] == ["unchained"]
    audit_chain.take_in(lived_in.store, lived_in.now)
    assert found(lived_in) == []
    past_the_guards(lived_in, COPY.format(seq="NULL"))
    audit_chain.take_in(lived_in.store, lived_in.now)
    assert [one.code for one in found(lived_in)] == ["unchained"]


def test_an_action_that_fails_leaves_no_gap(lived_in: World) -> None:
    store, coach = lived_in.store, lived_in.coach()
    with pytest.raises(ZeroDivisionError), store.db.transaction(coach.scope, lived_in.now) as session:
        audit.deed(session, "exported", "client", 1, 1)
        session.flush()
        _ = 1 / 0
    makers.make_client(lived_in)
    assert found(lived_in) == []
