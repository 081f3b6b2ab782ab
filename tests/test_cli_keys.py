"""The commands about keys: a sheet that is written, typed over, put back; new keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from planner import launcher
from planner.models import EVERYONE, AuditEntry
from planner.settings import UnsafeSettings
from tests import makers
from tests.conftest import World


def run(world: World, *words: str | Path, stdin: str = "") -> tuple[int, str]:
    done = world.app.test_cli_runner().invoke(args=[str(word) for word in words], input=stdin)
    return done.exit_code, done.output


def test_a_sheet_is_written_verified_and_put_back(keyed: World, tmp_path: Path) -> None:
    sheet = tmp_path / "blad.txt"
    code, said = run(keyed, "keys", "export", sheet)
    assert code == 0 and sheet.stat().st_mode & 0o777 == 0o600, said
    assert run(keyed, "keys", "export", sheet)[0] == 1, "never over a file"
    text = sheet.read_text()
    assert run(keyed, "keys", "verify", "-", stdin="\n".join(text.lower().splitlines()[3:]))[0] == 0
    assert run(keyed, "keys", "verify", sheet)[0] == 0
    line = next(line for line in text.splitlines() if line.startswith("  3  "))
    spoiled = line[:-1] + ("2" if line[-1] == "7" else "7")
    code, said = run(keyed, "keys", "verify", "-", stdin=text.replace(line, spoiled))
    assert code == 1 and "Regel 3" in said
    assert "geen gegevenssleutel" in run(keyed, "keys", "verify", "-", stdin="niets")[1]
    assert "kan niet gelezen worden" in run(keyed, "keys", "verify", tmp_path / "weg")[1]
    assert run(keyed, "keys", "import", sheet)[0] == 0, "the same key"
    kinds = {(one.action, one.kind) for one in entries(keyed)}
    assert {("exported", "data_key"), ("used", "data_key")} <= kinds


def test_a_backups_key_that_waits_for_its_sheet_is_not_written_over(keyed: World, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ons.txt", tmp_path / "hun.txt"
    run(keyed, "keys", "export", ours)
    pending = keyed.settings.instance / "backup.key"
    before = pending.read_text()
    pending.unlink()
    run(keyed, "keys", "export", theirs)
    pending.write_text(before)
    code, said = run(keyed, "keys", "import", theirs)
    assert code == 1 and "backup.key" in said
    assert pending.read_text() == before
    assert run(keyed, "keys", "import", ours)[0] == 0


def entries(world: World) -> list[AuditEntry]:
    with world.store.db.reading(EVERYONE) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.actor == "cli")))


def test_new_keys_by_command(keyed: World, tmp_path: Path) -> None:
    client = makers.make_client(keyed, "Sanne")
    before = (keyed.settings.instance / "data.key").read_text()
    code, said = run(keyed, "keys", "rotate")
    assert code == 0 and "nieuwe sleutel" in said
    assert (keyed.settings.instance / "data.key").read_text() != before
    assert (keyed.settings.instance / "data.key.old").read_text() == before
    assert "Sanne" in keyed.browser("anna").get(f"/clients/{client}").h1
    code, said = run(keyed, "check")
    assert code == 0 and "sleutels zijn gewisseld" in said
    assert run(keyed, "keys", "rotate")[0] == 1


def test_a_backup_by_hand_stands_in_the_log(keyed: World, tmp_path: Path) -> None:
    assert run(keyed, "backup", tmp_path / "kopie.zip")[0] == 0
    assert ("exported", "backup") in {(one.action, one.kind) for one in entries(keyed)}


def test_keys_from_the_environment_are_changed_there(keyed: World) -> None:
    keyed.rewire(settings=replace(keyed.settings, keys_in_files=False))
    code, said = run(keyed, "keys", "rotate")
    assert code == 1 and "omgeving" in said


def test_nothing_starts_with_a_key_that_does_not_fit(world: World) -> None:
    wrong = replace(world.settings, data_key=bytes(range(100, 132)))
    with pytest.raises(UnsafeSettings, match="sleutel past niet"):
        launcher.prepared(wrong)
    assert launcher.prepared(world.settings) is None, "there is a coach"
