"""The copies of the night: one, whole, for the drawer alone once the sheet fits, gone after 35 days; and told of."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from planner.cli_keys import text_of
from planner.domain.backups import night_of
from planner.models import Database
from planner.models.base import make_engine
from planner.models.ownership import EVERYONE, scoped
from planner.services.clients import clients
from planner.services.keeping import audit_check, backup, backup_nights, checks, keys
from planner.services.keeping.backup_values import FORMAT, IN_CLEAR
from planner.services.privacy import audit_chain
from planner.services.store import Store
from planner.services.vault import vault_of
from planner.settings import Settings
from tests import makers
from tests.conftest import MONDAY, World
from tests.services.test_audit_chain import past_the_guards
from tests.services.test_backup import empty  # noqa: F401 - a fixture


def make_due(world: World) -> backup.Manifest | None:
    return backup_nights.make_due(world.store, world.settings, world.now)


def files(world: World) -> list[str]:
    return sorted(one.name for one in world.settings.backups.glob("*"))


def status(world: World) -> backup_nights.Status:
    return backup_nights.status(world.store, world.settings, world.now)


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        ("2026-11-23T02:29+01:00", "2026-11-22"),
        ("2026-11-23T02:31+01:00", "2026-11-23"),
        ("2026-10-25T02:45+01:00", "2026-10-25"),
        ("2026-03-29T03:15+02:00", "2026-03-29"),
        ("2026-11-23T23:59+01:00", "2026-11-23"),
    ],
)
def test_which_night_it_is(moment: str, night: str) -> None:
    assert night_of(datetime.fromisoformat(moment)).isoformat() == night


def test_one_a_night_and_as_soon_as_somebody_is_awake(world: World) -> None:
    assert status(world).stale and status(world).made_at is None
    made = make_due(world)
    assert made is not None and made.rows["coach"] == 3 and make_due(world) is None
    assert files(world) == ["night-2026-11-23.zip"]
    assert (world.settings.backups / files(world)[0]).stat().st_mode & 0o777 == 0o600
    for moment, due in (("2026-11-24T02:00", False), ("2026-11-24T02:40", True), ("2026-11-24T20:00", False)):
        world.set_clock(moment)
        assert (make_due(world) is not None) == due, moment
    told = status(world)
    assert not told.stale and (told.kept, told.problem) == (2, "") and told.rows and told.bytes
    world.set_clock("2026-11-26T23:00")
    assert status(world).stale


def test_of_several_nodes_one_makes_it(world: World) -> None:
    """Another has claimed it; when that one was killed, it is taken over after an hour."""
    night = night_of(world.now).isoformat()
    assert backup_nights._claimed(world.store, night, world.now)
    assert make_due(world) is None
    world.set_clock(MONDAY + timedelta(minutes=61))
    assert make_due(world) is not None


def test_what_went_wrong_is_told_and_tried_again(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.settings.backups.write_text("a file in the way")
    assert make_due(world) is None
    assert status(world).problem and status(world).stale and "no backup this night" in caplog.text
    assert any("reservekopie" in line for line in checks.notices(world.store, world.settings))
    world.settings.backups.unlink()
    world.set_clock(MONDAY + timedelta(minutes=61))
    assert make_due(world) is not None
    assert status(world).problem == "" and checks.notices(world.store, world.settings) == []


def test_p08_no_copy_is_older_than_35_days(world: World) -> None:
    """Those of the night and those from before a change of the database; what is not ours stays."""
    make_due(world)
    folder = world.settings.backups
    backup.make(world.settings, folder / "before-0099-20261123.zip", by_itself=True)
    (folder / "brief.txt").write_text("Beste allemaal")
    with zipfile.ZipFile(folder / "foto's.zip", "w") as archive:
        archive.writestr("foto.jpg", b"x")
    world.set_clock(MONDAY + timedelta(days=34, hours=23))
    make_due(world)
    assert len(files(world)) == 5
    world.set_clock(MONDAY + timedelta(days=36))
    make_due(world)
    assert files(world) == ["brief.txt", "foto's.zip", "night-2026-12-28.zip", "night-2026-12-29.zip"]
    assert status(world).kept == 2


@pytest.fixture
def sheet(world: World) -> str:
    made = keys.make_sheet(world.store, world.settings, None, world.now)
    return text_of(made, "23-11-2026")


def test_the_drill_with_the_sheet_alone(
    world: World,
    empty: Settings,  # noqa: F811
    sheet: str,
    tmp_path: Path,
) -> None:
    """From a copy of the night and the paper to a client whose name can be read; nothing on this computer opens it."""
    client = makers.make_client(world, "Sanne")
    make_due(world)
    copy = world.settings.backups / "night-2026-11-23.zip"
    assert manifest_of(copy)["opens_with"], "until the sheet was shown to fit, the data key opens it"
    keys.verify(world.store, world.settings, sheet, None, world.now)
    world.set_clock(MONDAY + timedelta(days=1))
    make_due(world)
    copy = world.settings.backups / "night-2026-11-24.zip"
    assert not manifest_of(copy)["opens_with"] and manifest_of(copy)["audit_seq"]
    with pytest.raises(backup.BackupRefused, match="blad uit de la"):
        backup.restore(empty, copy)
    other = sheet.replace("AGE-", "GEA-")
    with pytest.raises(backup.BackupRefused, match="blad uit de la"):
        backup.restore(empty, copy, other)
    backup.restore(empty, copy, sheet)
    there = Store(Database(empty.database_url), vault_of(empty))
    assert name_of(there, world, client) == "Sanne"
    assert audit_check.problems(there, world.settings) == []
    there.db.dispose()


def manifest_of(copy: Path) -> dict[str, object]:
    with zipfile.ZipFile(copy) as archive:
        found: dict[str, object] = json.loads(archive.read("manifest.json"))
        return found


def name_of(store: Store, world: World, client: int) -> str:
    return clients.of_coach(store, world.coach(), client).name.first_name


def test_nobody_elses_key_opens_it(world: World, sheet: str) -> None:
    make_due(world)
    with zipfile.ZipFile(world.settings.backups / "night-2026-11-23.zip") as archive:
        (name,) = [one for one in archive.namelist() if one != "manifest.json"]
        sealed = archive.read(name)
    assert sealed.startswith(b"age-encryption.org/v1")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [x25519.Identity.generate()])


def test_a_backup_remembers_a_log_that_was_cut(world: World) -> None:
    """With the segment of an hour before, so that within the database nothing shows."""
    makers.make_client(world)
    before = "SELECT last_seq, head, seal FROM audit_segment"
    engine = make_engine(world.settings.database_url)
    with scoped(EVERYONE), engine.connect() as connection:
        seq, head, seal = connection.exec_driver_sql(before).one()
    engine.dispose()
    makers.make_client(world)
    make_due(world)
    assert checks.everything(world.store, world.settings) == []
    then = f"last_seq = {seq}, head = {blob(world, head)}, seal = {blob(world, seal)}"
    past_the_guards(world, f"DELETE FROM audit_entry WHERE seq > {seq}", f"UPDATE audit_segment SET {then}")
    assert list(audit_chain.problems(world.store)) == []
    (line,) = checks.everything(world.store, world.settings)
    assert "reservekopie kent logregel" in line


def blob(world: World, value: bytes) -> str:
    sqlite = world.store.db.engine.dialect.name == "sqlite"
    return f"X'{bytes(value).hex()}'" if sqlite else f"'\\x{bytes(value).hex()}'::bytea"


def test_a_copy_of_before_they_were_encrypted_is_put_back(
    world: World,
    empty: Settings,  # noqa: F811
    tmp_path: Path,
) -> None:
    client = makers.make_client(world, "Sanne")
    copy, folder = tmp_path / "kopie.zip", tmp_path / "plain"
    made = backup.make(world.settings, copy)
    folder.mkdir()
    payload_name, engine = backup._ENGINES[made.database]
    engine(world.settings.database_url).copy(folder / payload_name)
    size, digest = backup.backup_archive.measured(folder / payload_name)
    old = replace(made, format=IN_CLEAR, opens_with="", audit_seq=0, audit_head="")
    old = replace(old, payload_bytes=size, payload_sha256=digest)
    old = replace(old, seal=backup._seal(old, world.settings))
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as archive:
        kept = {name: getattr(old, name) for name in old.__dataclass_fields__}
        kept = {
            n: v for n, v in kept.items() if n not in ("recipient", "opens_with", "audit_seq", "audit_head")
        }
        archive.writestr("manifest.json", json.dumps(kept))
        archive.write(folder / payload_name, payload_name)
    assert made.format == FORMAT
    backup.restore(empty, copy)
    there = Store(Database(empty.database_url), vault_of(empty))
    assert name_of(there, world, client) == "Sanne"
    there.db.dispose()
