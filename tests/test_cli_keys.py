"""The commands about keys: a sheet that is written, typed over, put back; new keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from planner import key_settings, launcher
from planner.models import EVERYONE, AuditEntry
from planner.services.store import Store
from planner.services.vault import vault_of
from planner.settings import UnsafeSettings
from tests import makers
from tests.conftest import World


@pytest.fixture
def here(world: World) -> World:
    """With its keys in files."""
    for name, key in (("secret.key", world.settings.secret_key), ("data.key", world.settings.data_key)):
        key_settings.write_private(world.settings.instance / name, key_settings.text_of(key))
    planner = world.app.extensions["planner"]
    store = Store(planner.store.db, vault_of(planner.settings))
    world.app.extensions["planner"] = replace(planner, store=store)
    return world


def run(world: World, *words: str | Path, stdin: str = "") -> tuple[int, str]:
    done = world.app.test_cli_runner().invoke(args=[str(word) for word in words], input=stdin)
    return done.exit_code, done.output


def test_a_sheet_is_written_verified_and_put_back(here: World, tmp_path: Path) -> None:
    sheet = tmp_path / "blad.txt"
    code, said = run(here, "keys", "export", sheet)
    assert code == 0 and sheet.stat().st_mode & 0o777 == 0o600, said
    assert run(here, "keys", "export", sheet)[0] == 1, "never over a file"
    text = sheet.read_text()
    assert run(here, "keys", "verify", "-", stdin="\n".join(text.lower().splitlines()[3:]))[0] == 0
    assert run(here, "keys", "verify", sheet)[0] == 0
    line = next(line for line in text.splitlines() if line.startswith("  3  "))
    spoiled = line[:-1] + ("2" if line[-1] == "7" else "7")
    code, said = run(here, "keys", "verify", "-", stdin=text.replace(line, spoiled))
    assert code == 1 and "Regel 3" in said
    assert "geen gegevenssleutel" in run(here, "keys", "verify", "-", stdin="niets")[1]
    assert "kan niet gelezen worden" in run(here, "keys", "verify", tmp_path / "weg")[1]
    assert run(here, "keys", "import", sheet)[0] == 0, "the same key"
    kinds = {(one.action, one.kind) for one in entries(here)}
    assert {("exported", "data_key"), ("used", "data_key")} <= kinds


def entries(world: World) -> list[AuditEntry]:
    with world.store.db.reading(EVERYONE) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.actor == "cli")))


def test_new_keys_by_command(here: World, tmp_path: Path) -> None:
    client = makers.make_client(here, "Sanne")
    before = (here.settings.instance / "data.key").read_text()
    code, said = run(here, "keys", "rotate")
    assert code == 0 and "nieuwe sleutel" in said
    assert (here.settings.instance / "data.key").read_text() != before
    assert (here.settings.instance / "data.key.old").read_text() == before
    assert "Sanne" in here.browser("anna").get(f"/clients/{client}").h1
    code, said = run(here, "check")
    assert code == 0 and "sleutels zijn gewisseld" in said
    assert run(here, "keys", "rotate")[0] == 1


def test_a_backup_by_hand_stands_in_the_log(here: World, tmp_path: Path) -> None:
    assert run(here, "backup", tmp_path / "kopie.zip")[0] == 0
    assert ("exported", "backup") in {(one.action, one.kind) for one in entries(here)}


def test_keys_from_the_environment_are_changed_there(here: World) -> None:
    planner = here.app.extensions["planner"]
    here.app.extensions["planner"] = replace(planner, settings=replace(planner.settings, keys_in_files=False))
    code, said = run(here, "keys", "rotate")
    assert code == 1 and "omgeving" in said


def test_nothing_starts_with_a_key_that_does_not_fit(world: World) -> None:
    wrong = replace(world.settings, data_key=bytes(range(100, 132)))
    with pytest.raises(UnsafeSettings, match="sleutel past niet"):
        launcher.prepared(wrong)
    assert launcher.prepared(world.settings) is None, "there is a coach"
