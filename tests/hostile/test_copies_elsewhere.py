"""The copies that go to another place (deploy/copy-elsewhere), and what lies there already."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile.shipped import DEPLOY, needs

NOBODY = 65534
NIGHT = "night-2026-11-23.zip"
MEMORY = Path("/dev/shm")
"""A second disk, by its number."""


@dataclass(frozen=True)
class Places:
    """`kept`: the folder of the copies here. `disk`: the other disk, as it is mounted."""

    kept: Path
    disk: Path

    def copied(self, **more: str) -> subprocess.CompletedProcess[str]:
        """As somebody who is not root and may not read everything."""
        return subprocess.run(
            [str(self.kept.parent.parent / "copy-elsewhere")],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"]}
            | {"PLANNER_INSTANCE": str(self.kept.parent), "PLANNER_COPY_TO": str(self.disk)}
            | more,
            timeout=120,
            **({"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}),
        )

    def refused(self, **more: str) -> str:
        done = self.copied(**more)
        assert done.returncode == 1, done.stderr
        return done.stderr


def theirs(folder: Path) -> Path:
    if os.geteuid() == 0:
        shutil.chown(folder, NOBODY, NOBODY)
    return folder


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


@pytest.fixture
def places() -> Iterator[Places]:
    """Not in the folders of a test, which are closed to others."""
    needs("rsync", "rsync")
    with (
        tempfile.TemporaryDirectory() as here,
        tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as disk,
    ):
        if Path(here).stat().st_dev == Path(disk).stat().st_dev:
            pytest.skip("NO SECOND DISK FOUND: copying to it was not tried (there is no /dev/shm)")
        made = Places(Path(here) / "instance" / "backups", theirs(Path(disk)))
        made.kept.mkdir(parents=True)
        shutil.copy(DEPLOY / "copy-elsewhere", here)
        (made.kept / NIGHT).write_bytes(b"sealed")
        (made.kept.parent / "erased.ledger").write_text("1 2 now\n")
        for one in (Path(here), made.kept.parent, made.kept, made.kept / NIGHT):
            theirs(one)
        yield made


def test_copies_go_to_another_place_and_old_ones_from_it(places: Places) -> None:
    for old in ("night-2026-10-01.zip", "before-0009-20261001000000.zip"):
        (places.disk / old).write_bytes(b"past its days")
    done = places.copied()
    assert (done.returncode, done.stderr) == (0, "")
    assert names(places.disk) == {NIGHT, "erased.ledger"}
    assert (places.disk / NIGHT).stat().st_mode & 0o777 == 0o600
    assert names(places.kept) == {NIGHT}


def test_what_others_keep_there_stays(places: Places) -> None:
    """A new disk has a folder that nobody but root may read; somebody put a picture there, and a folder of copies."""
    (places.disk / "lost+found").mkdir(mode=0o700 if os.geteuid() == 0 else 0)
    (places.disk / "holiday.jpg").write_bytes(b"the sea")
    (places.disk / "older").mkdir()
    (places.disk / "older" / "night-2020-01-01.zip").write_bytes(b"theirs")
    before = names(places.disk)
    done = places.copied()
    assert (done.returncode, done.stderr) == (0, "")
    assert names(places.disk) == before | {NIGHT, "erased.ledger"}
    assert names(places.disk / "older") == {"night-2020-01-01.zip"}


def test_who_was_erased_stays_so_there(places: Places) -> None:
    """Ours goes before the one among the copies; where there is none here, theirs stays."""
    (places.kept / "erased.ledger").write_text("somebody else wrote here\n")
    assert places.copied().returncode == 0
    assert (places.disk / "erased.ledger").read_text() == "1 2 now\n"
    for one in (places.kept, places.kept.parent):
        (one / "erased.ledger").unlink()
    assert places.copied().returncode == 0
    assert (places.disk / "erased.ledger").read_text() == "1 2 now\n"


def test_a_disk_that_is_not_mounted_gets_nothing(places: Places) -> None:
    """Its empty folder is there without it, on the disk of this computer."""
    empty = places.kept.parent.parent / "mnt"
    empty.mkdir()
    theirs(empty)
    assert "same disk" in places.refused(PLANNER_COPY_TO=str(empty))
    assert names(empty) == set()
    assert "same disk" in places.refused(PLANNER_COPY_TO=str(places.kept))
    assert "Is the other disk connected" in places.refused(PLANNER_COPY_TO="/nowhere/at/all")
    assert "from the first / on" in places.refused(PLANNER_COPY_TO="mnt")
    places.disk.chmod(0o500)
    assert "may not write in" in places.refused()


def test_an_empty_folder_empties_no_other_place(places: Places) -> None:
    """Nor does one whose last copy is old."""
    assert places.copied().returncode == 0
    before = names(places.disk)
    os.utime(places.kept / NIGHT, (0, time.time() - 4 * 24 * 3600))
    assert "no copy of the last two days" in places.refused()
    (places.kept / NIGHT).unlink()
    assert "no copy of the last two days" in places.refused()
    assert names(places.disk) == before
