"""Copies on either database: whole, verified, put back once, with nobody signed in."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from planner.models import EVERYONE, AuditEntry, Database
from planner.models.base import NEWEST_STEP
from planner.services.clients import clients
from planner.services.keeping import backup, housekeeping, upgrading
from planner.services.people import set_up, sign_in
from planner.services.store import Store
from planner.services.vault import Vault
from planner.settings import Settings
from tests.conftest import PASSWORD, World
from tests.factories import make_client
from tests.test_expanding import brought_to


@pytest.fixture
def empty(world: World, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an instance with the same keys and nothing in it, on the same kind of database."""
    instance = tmp_path / "elsewhere"
    url = make_url(world.settings.database_url)
    if url.get_backend_name() == "sqlite":
        yield replace(
            world.settings, instance=instance, database_url=f"sqlite:///{instance / 'planner.sqlite'}"
        )
        return
    name = f"{url.database}_elsewhere"
    server = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    there = url.set(database=name).render_as_string(hide_password=False)
    yield replace(world.settings, instance=instance, database_url=there)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def store_of(settings: Settings) -> Store:
    return Store(Database(settings.database_url), Vault(settings.data_key))


def test_put_back_and_lived_in_again(world: World, empty: Settings, tmp_path: Path) -> None:
    client = make_client(world, first_name="Sanne")
    copy = tmp_path / "kopie.zip"
    made = backup.make(world.settings, copy)
    assert made.rows["client"] == 1 and made.rows["coach"] == 3 and made.rows["sign_in"]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert backup.restore(empty, copy) == made
    there = store_of(empty)
    assert sign_in.who(there, world.tokens["anna"], world.now) is None, "nobody is still signed in"
    token = sign_in.sign_in(there, "anna@example.org", PASSWORD, "127.0.0.1", world.now)
    assert token is not None
    found = sign_in.who(there, token, world.now)
    assert found is not None
    assert clients.of_coach(there, found[0], client).name.first_name == "Sanne"
    there.db.dispose()


def test_not_over_somebody_who_lives_there(world: World, tmp_path: Path) -> None:
    copy = tmp_path / "kopie.zip"
    backup.make(world.settings, copy)
    with pytest.raises(backup.BackupRefused, match="al een praktijk"):
        backup.restore(world.settings, copy)
    assert world.browser("anna").get("/settings").status == 200


def test_over_a_start_without_a_coach(world: World, empty: Settings, tmp_path: Path) -> None:
    """Somebody ran `make run` first, and it still runs."""
    copy = tmp_path / "kopie.zip"
    backup.make(world.settings, copy)
    empty.instance.mkdir()
    upgrading.bring_up_to_date(empty)
    running = store_of(empty)
    assert set_up.first_setup_key(running, world.now) is not None
    backup.restore(empty, copy)
    assert set_up.has_coach(running)
    assert set_up.first_setup_key(running, world.now) is None
    housekeeping.sweep(running, world.now)  # it can be written
    running.db.dispose()


def test_another_key_opens_nothing_and_leaves_nothing(world: World, empty: Settings, tmp_path: Path) -> None:
    copy = tmp_path / "kopie.zip"
    backup.make(world.settings, copy)
    other = replace(empty, data_key=bytes(range(100, 132)))
    with pytest.raises(backup.BackupRefused, match=r"data\.key"):
        backup.restore(other, copy)
    assert upgrading.revision(empty) is None


def test_a_program_puts_back_what_it_copied_of_a_newer_database(
    world: World, empty: Settings, tmp_path: Path
) -> None:
    """It serves that database, so it makes the copy of each night."""
    copy = tmp_path / "kopie.zip"
    brought_to(world.settings.database_url, f"9999_from_{NEWEST_STEP}")
    backup.make(world.settings, copy)
    there = store_of(empty)
    world.rewire(store=there, settings=empty)
    done = world.app.test_cli_runner().invoke(args=["restore", str(copy)])
    assert done.exit_code == 0 and "Teruggezet" in done.output and "oudere versie" not in done.output
    with there.db.reading(EVERYONE) as session:
        assert session.scalar(select(AuditEntry.kind).where(AuditEntry.action == "restored")) == "backup"
    there.db.dispose()


@pytest.mark.parametrize("what", ["row", "day", "no seal"])
def test_what_somebody_changed_in_a_copy_is_not_put_back(
    world: World, empty: Settings, tmp_path: Path, what: str
) -> None:
    """Everything in it adds up: size and digest. But whoever did it had no key."""
    copy = tmp_path / "kopie.zip"
    backup.make(world.settings, copy)
    with zipfile.ZipFile(copy) as archive:
        manifest, name = json.loads(archive.read("manifest.json")), archive.namelist()[1]
        payload = archive.read(name)
    if what == "row":
        payload = payload[:-1] + bytes([payload[-1] ^ 1])
    elif what == "day":
        manifest["made_at"] = "2030-01-01T00:00:00+00:00"
    else:
        del manifest["seal"]
    manifest |= {"payload_bytes": len(payload), "payload_sha256": hashlib.sha256(payload).hexdigest()}
    with zipfile.ZipFile(copy, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr(name, payload)
    with pytest.raises(backup.BackupRefused, match="beschadigd"):
        backup.restore(empty, copy)
    assert upgrading.revision(empty) is None


def test_a_new_database_is_ours_alone(world: World, empty: Settings) -> None:
    """Also when a command makes it, in the shell of somebody whose files others may read."""
    if make_url(empty.database_url).get_backend_name() != "sqlite":
        pytest.skip("PostgreSQL keeps its own files")
    before = os.umask(0o022)
    try:
        empty.instance.mkdir()
        upgrading.bring_up_to_date(empty)
        new = store_of(empty)
        set_up.first_setup_key(new, world.now)
    finally:
        os.umask(before)
    made = list(empty.instance.glob("planner.sqlite*"))
    assert made and all(file.stat().st_mode & 0o077 == 0 for file in made)
    new.db.dispose()


def test_no_copy_that_our_key_does_not_open(world: World, tmp_path: Path) -> None:
    copy = tmp_path / "kopie.zip"
    with pytest.raises(backup.BackupRefused, match=r"data\.key"):
        backup.make(replace(world.settings, data_key=bytes(range(100, 132))), copy)
    assert not copy.exists()
    assert not list(tmp_path.glob(".*")), "nothing half is left"
