"""Whoever has the database, and not the keys, gets nothing sealed and nothing forgotten: not by a start of the planner,
not by a row that says so, and not by emptying all."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from planner import launcher, scheduler
from planner.migrations import run as migrations
from planner.models import EVERYONE, AuditEntry
from planner.services.keeping import audit_check, backup, checks, keys, put_back, upgrading
from planner.settings import Settings
from tests import makers
from tests.conftest import World
from tests.services.test_audit_chain import by_hand, found, past_the_guards
from tests.services.test_backup import empty, store_of  # noqa: F401
from tests.services.test_backup_nights import make_due
from tests.web.planning import sign_in_again

LOOSE = ("DELETE FROM audit_segment", "UPDATE audit_entry SET seq = NULL, digest = NULL, actor = 'jobs'")
RESTORED = (
    "INSERT INTO audit_entry (id, owner_id, at, actor, action, kind, object_id) "
    "SELECT 7, owner_id, at, 'cli', 'restored', 'backup', owner_id FROM audit_entry ORDER BY at DESC LIMIT 1"
)


def codes(world: World) -> list[str]:
    return [one.code for one in found(world)]


def test_a_start_seals_nothing_that_was_forged(world: World) -> None:
    makers.make_client(world, "Sanne")
    past_the_guards(world, "DELETE FROM audit_entry WHERE kind = 'client'", *LOOSE, RESTORED)
    upgrading.bring_up_to_date(world.settings)
    launcher.prepared(world.settings)
    assert codes(world) == ["unchained"]


@pytest.mark.parametrize("looked_at", [False, True])
def test_the_upgrade_that_brings_the_chain_takes_in_what_was_there(world: World, looked_at: bool) -> None:
    """Not where a night found a chain already: somebody took the whole database back to before it."""
    makers.make_client(world, "Sanne")
    with world.store.db.reading(EVERYONE) as session:
        rows = len(session.scalars(select(AuditEntry.id)).all())
    if looked_at:
        audit_check.check_due(world.store, world.settings, world.now)
    world.store.db.dispose()
    migrations.downgrade(world.settings.database_url, "0006")
    assert upgrading.bring_up_to_date(world.settings) is not None
    with world.store.db.reading(EVERYONE) as session:
        taken_in = select(AuditEntry.seq).where(AuditEntry.seq.is_not(None)).order_by(AuditEntry.seq)
        assert session.scalars(taken_in).all() == [*range(1, 1 if looked_at else rows + 1)]
    assert codes(world) == (["unchained"] if looked_at else [])


def test_a_taking_in_that_was_broken_off_goes_on_at_the_next_start(world: World) -> None:
    makers.make_client(world, "Sanne")
    world.store.db.dispose()
    migrations.downgrade(world.settings.database_url, "0006")

    def stop(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith("SELECT audit_segment.first_seq"):
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            upgrading.bring_up_to_date(world.settings)
    finally:
        event.remove(Engine, "before_cursor_execute", stop)
    assert codes(world) == ["unchained"]
    for _again in range(2):
        assert upgrading.bring_up_to_date(world.settings) is None
        assert codes(world) == []


def test_a_row_does_not_make_backups_forgotten(world: World) -> None:
    """The log begun anew, with the deed of a restore in it: the copy of the night still knows what was."""
    makers.make_client(world, "Sanne")
    make_due(world)
    past_the_guards(world, "DELETE FROM audit_entry", "DELETE FROM audit_segment")
    world.set_clock(world.now + timedelta(hours=1))
    keys.note(world.store, None, "restored", "backup", world.now)
    (line,) = audit_check.problems(world.store, world.settings)
    assert "reservekopie kent logregel" in line


def test_what_was_put_back_is_noted_beside_the_keys(
    world: World,
    empty: Settings,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Later copies of the installation that broke are no proof against it; what was put back itself is."""
    makers.make_client(world, "Sanne")
    copy = tmp_path / "kopie.zip"
    backup.make(world.settings, copy)
    makers.make_client(world, "Joris")
    make_due(world)
    shutil.copytree(world.settings.backups, empty.backups)
    backup.restore(empty, copy)
    there = store_of(empty)
    file = empty.instance / put_back.FILE
    try:
        assert file.stat().st_mode & 0o777 == 0o600
        assert audit_check.problems(there, empty) == []
        at, seq, digest, mark = file.read_text().split()
        assert int(seq) > 0
        file.write_text(f"{at} {int(seq) - 1} {digest} {mark}\n")
        (line,) = audit_check.problems(there, empty)
        assert "reservekopie kent logregel" in line, "of somebody without the key nothing is believed"
    finally:
        there.db.dispose()


def test_who_looked_before_the_restore_says_nothing_after_it(
    world: World,
    empty: Settings,  # noqa: F811
    tmp_path: Path,
) -> None:
    """The node that puts it back by itself, another when it has the note of that: each remembers a night and a backup
    of the database that is gone."""
    other = replace(empty, instance=tmp_path / "another node")
    copy = tmp_path / "kopie.zip"
    backup.make(world.settings, copy)
    makers.make_client(world, "Joris")
    make_due(world)
    for node in (empty, other):
        shutil.copytree(world.settings.backups, node.backups)
        audit_check.check_due(world.store, node, world.now)
        assert put_back.of_the_night(node) is not None
    backup.restore(empty, copy)
    there = store_of(empty)
    try:
        assert audit_check.problems(there, empty) == []
        assert any("Een eerdere nacht" in line for line in audit_check.problems(there, other))
        shutil.copy(empty.instance / put_back.FILE, other.instance)
        assert audit_check.problems(there, other) == []
    finally:
        there.db.dispose()


def test_what_cannot_be_noted_is_not_put_back(
    world: World,
    empty: Settings,  # noqa: F811
    tmp_path: Path,
) -> None:
    """Or who was erased since would be back, and the older copies would say that the log is wrong."""
    copy = tmp_path / "kopie.zip"
    backup.make(world.settings, copy)
    (empty.instance / put_back.FILE).mkdir(parents=True)
    with pytest.raises(backup.BackupRefused):
        backup.restore(empty, copy)
    assert upgrading.revision(empty) is None


def test_what_was_not_put_back_is_not_noted(
    world: World,
    empty: Settings,  # noqa: F811
    tmp_path: Path,
) -> None:
    copy, missing = tmp_path / "kopie.zip", tmp_path / "nowhere" / "planner.sqlite"
    backup.make(world.settings, copy)
    if world.store.db.engine.dialect.name != "sqlite":
        pytest.skip("a database in a folder that is not there is a file")
    with pytest.raises((backup.BackupRefused, OSError)):
        backup.restore(replace(empty, database_url=f"sqlite:///{missing}"), copy)
    assert not (empty.instance / put_back.FILE).exists()


def test_a_log_begun_anew_shows_without_a_backup(world: World) -> None:
    makers.make_client(world, "Sanne")
    past_the_guards(world, "DELETE FROM audit_entry", "DELETE FROM audit_segment")
    assert codes(world) == ["begun"]
    world.set_clock(world.now + timedelta(hours=1))
    makers.make_client(world, "Joris")
    assert codes(world) == ["begun"]


def test_a_log_begun_anew_with_its_practice_shows_the_next_night(world: World) -> None:
    """No backup, and the day on which the practice began moved along: how far the log went stands beside the keys."""
    makers.make_client(world, "Sanne")
    audit_check.check_due(world.store, world.settings, world.now)
    world.set_clock(world.now + timedelta(days=1))
    past_the_guards(world, "DELETE FROM audit_entry", "DELETE FROM audit_segment")
    keys.note(world.store, None, "used", keys.KIND, world.now)
    by_hand(world, "UPDATE practice SET created_at = (SELECT max(at) FROM audit_entry)")
    assert codes(world) == [], "the log itself holds"
    (line,) = audit_check.problems(world.store, world.settings)
    assert "Een eerdere nacht" in line
    audit_check.check_due(world.store, world.settings, world.now)
    assert audit_check.found_at_night(world.settings) == [line]
    for days, lines in ((33, [line]), (3, [line]), (1, [])):
        world.set_clock(world.now + timedelta(days=days))
        audit_check.check_due(world.store, world.settings, world.now)
        assert audit_check.found_at_night(world.settings) == lines, "as long as a backup would know it"


def test_what_a_night_knew_is_believed_of_ourselves_only(world: World) -> None:
    makers.make_client(world, "Sanne")
    audit_check.check_due(world.store, world.settings, world.now)
    file = world.settings.instance / put_back.NIGHT
    assert file.stat().st_mode & 0o777 == 0o600
    at, seq, digest, mark = file.read_text().split()
    file.write_text(f"{at} {int(seq) + 1} {digest} {mark}\n")
    assert put_back.of_the_night(world.settings) is None
    shutil.copy(file, world.settings.instance / put_back.FILE)
    file.write_text(f"{at} {seq} {digest} {mark}\n")
    shutil.copy(file, world.settings.instance / put_back.FILE)
    assert put_back.last(world.settings) is None, "a night is no backup that was put back"
    assert put_back.of_the_night(world.settings) is not None


def test_a_guard_that_guards_nothing_shows(world: World) -> None:
    if world.store.db.engine.dialect.name == "sqlite":
        idle = (
            "DROP TRIGGER audit_entry_update",
            "CREATE TRIGGER audit_entry_update AFTER UPDATE ON audit_entry BEGIN SELECT 1; END",
        )
    else:
        idle = (
            "CREATE OR REPLACE FUNCTION planner_audit_entry_update() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NEW; END $$",
        )
    by_hand(world, *idle)
    assert codes(world) == ["unguarded"]


def test_the_jobs_look_once_a_night_and_the_coach_is_told(world: World) -> None:
    makers.make_client(world, "Sanne")
    jobs = scheduler.jobs_for(world.store, world.settings, lambda _facts: None)  # type: ignore[arg-type, return-value]

    def found_at_night() -> list[str]:
        audit_check.check_due(world.store, world.settings, world.now)
        return audit_check.found_at_night(world.settings)

    assert scheduler._backup_pass(jobs) and not found_at_night()
    past_the_guards(world, "UPDATE audit_entry SET object_id = 5 WHERE seq = 4")
    assert not found_at_night(), "once a night is often enough"
    world.set_clock(world.now + timedelta(days=1))
    (line,) = found_at_night()
    assert "logregel 4" in line and any(line in one for one in checks.notices(world.store, world.settings))
    coach = sign_in_again(world)
    assert all("klopt niet" in coach.get(path).main for path in ("/settings", "/settings/copies"))
