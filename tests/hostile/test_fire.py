"""After a fire, with what deploy/README.md says and nothing else: another machine, the sheet, a copy of the night."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from tests.hostile.shipped import DEPLOY, ROOT
from tests.test_cli import SECRET_WORDS, Instance, with_a_note

NOT_HERE = {"systemctl": "exit 0", "install": 'shift 4\nexec /usr/bin/install "$@"'}
"""There is no systemd here, and no user `planner` to give files to (the first four words say so)."""


def lines_after_a_fire() -> str:
    readme = (DEPLOY / "README.md").read_text()
    found = re.search(r"^## Another machine, or after a fire\n.*?^```\n(.*?)^```", readme, re.M | re.S)
    assert found
    return found[1]


def brought(before: Instance, folder: Path) -> None:
    """What was elsewhere when it burned: the copy of the night, the sheet, and a ledger in which somebody wrote who can
    write there."""
    folder.mkdir()
    (before.folder.parent / "sheet.txt").rename(folder / "sheet.txt")
    (copy,) = (before.folder / "backups").glob("night-*.zip")
    copy.rename(folder / "night-2026-11-23.zip")
    with closing(sqlite.connect(before.folder / "planner.sqlite")) as database:
        ((owner, client),) = database.execute("SELECT owner_id, id FROM client")
    (folder / "erased.ledger").write_text(f"{owner} {client} 2026-11-20T10:00:00+00:00\n")


def shell(lines: str, folder: Path, instance: Path) -> subprocess.CompletedProcess[str]:
    """As typed, but for where the planner and its data are."""
    programs = folder.parent / "programs"
    programs.mkdir()
    for name, does in NOT_HERE.items():
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    settings = folder.parent / "planner.env"
    settings.write_text(f"PLANNER_INSTANCE={instance}\nPLANNER_BASE_URL=https://wandelen.example.org\n")
    here = lines.replace("/var/lib/planner", str(instance)).replace("/opt/planner", str(ROOT))
    return subprocess.run(
        ["sh", "-e"],
        input=here,
        cwd=folder,
        env={"PATH": f"{programs}:{os.environ['PATH']}", "SETTINGS_FILE": str(settings)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_lines_after_a_fire_bring_everything_back(tmp_path: Path) -> None:
    before = Instance(tmp_path / "burned" / "instance")
    before.add_coach()
    note = with_a_note(before)
    sheet = str(before.folder.parent / "sheet.txt")
    before.fine("keys", "export", sheet)
    before.fine("keys", "verify", sheet)
    before.fine("jobs")
    brought(before, tmp_path / "brought")
    after = Instance(tmp_path / "var" / "planner")
    after.folder.mkdir(parents=True, mode=0o700)
    done = shell(lines_after_a_fire(), tmp_path / "brought", after.folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("Alles klopt.\n")
    assert SECRET_WORDS in after.browser().get(note).text
    assert not after.files & {"brought", "sheet.txt", "night-2026-11-23.zip"}
