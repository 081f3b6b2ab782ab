"""The power is cut at any moment: the database opens, is whole, and holds whatever was acknowledged."""

from __future__ import annotations

import random
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from tests.counting import count
from tests.databases import quick_folder
from tests.faults.power_cut import OnDisk, Recording, Truncate, Write, record, write_image
from tests.faults.practice import Practice
from tests.faults.running import needs_strace

IMAGES = 10_000
CONTROL = 1_000
SAVES = 120


def tried(recording: Recording, walk: int, number: int) -> tuple[int, int]:
    """(images that are no whole database, images that miss something acknowledged)."""
    damaged = lost = 0
    with quick_folder() as folder:
        for said, image in recording.images(number, random.Random(1)):
            whole, there = look(write_image(image, folder / "image"), walk)
            damaged += not whole
            lost += there < said
    return damaged, lost


def look(database: Path, walk: int) -> tuple[bool, int]:
    """Whether SQLite finds it whole, and how many times the note was saved."""
    connection = sqlite.connect(str(database))
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        now = (
            connection.execute("SELECT max(version) FROM note WHERE walk_id = ?", (walk,)).fetchone()[0] or 0
        )
        (before,) = connection.execute(
            "SELECT count(*) FROM note_revision WHERE walk_id = ?", (walk,)
        ).fetchone()
    except sqlite.DatabaseError:
        return False, 0
    finally:
        connection.close()
    return whole and before == max(now - 1, 0), now


def test_nothing_acknowledged_is_lost(quick_practice: Practice) -> None:
    needs_strace()
    recording = record(quick_practice, SAVES)
    assert recording.said == SAVES
    assert any(name == "planner.sqlite" for _, name, _ in recording.steps), "a checkpoint was among them"
    damaged, lost = tried(recording, quick_practice.walks[0], IMAGES)
    count("power cuts", IMAGES)
    count("power cuts that lost", damaged + lost)
    assert (damaged, lost) == (0, 0)


def test_with_less_care_it_would_be_lost(quick_practice: Practice) -> None:
    """The control: the same with synchronous=NORMAL loses what it acknowledged, and the rig sees it."""
    needs_strace()
    recording = record(quick_practice, SAVES, "NORMAL")
    damaged, lost = tried(recording, quick_practice.walks[0], CONTROL)
    count("power cuts with less care", CONTROL)
    count("power cuts with less care that lost", lost)
    assert damaged == 0
    assert lost > CONTROL / 10


def test_a_cut_keeps_what_was_synced() -> None:
    disk, chance = OnDisk(bytearray(b"abcd")), random.Random(3)
    disk.pending += [Write(6, b"xyz" * 500), Truncate(2)]
    seen = {bytes(disk.after_a_cut(chance)) for _ in range(200)}
    assert {b"abcd", b"ab"} <= seen and len(seen) > 5
    disk.sync()
    assert {bytes(disk.after_a_cut(chance)) for _ in range(20)} == {b"ab"}
