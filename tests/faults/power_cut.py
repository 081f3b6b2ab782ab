"""What a disk holds after a power cut: the writes of a program, recorded, and played back to a moment.

What was synced is there. Of what was not, each write is there, or not, or up to a point, or torn into sectors: a disk
promises no more. A disk that lies about syncing is not tried.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from tests.commands import ROOT
from tests.faults.practice import Practice, environment

SECTOR = 512
CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,unlink"
LINE = re.compile(
    r'(?:\d+ +)?(?P<call>\w+)\((?:\d+<(?P<file>[^>]*)>)?(?:, )?(?:"(?P<data>[^"]*)")?(?:, )?(?P<numbers>[\d, ]*)\)'
    r" += (?P<result>-?\d+)"
)


@dataclass(frozen=True)
class Write:
    at: int
    data: bytes


@dataclass(frozen=True)
class Truncate:
    size: int


@dataclass
class OnDisk:
    """A file: what is surely there, and what may be."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[Write | Truncate] = field(default_factory=list)

    def sync(self) -> None:
        for one in self.pending:
            apply(self.synced, one)
        self.pending.clear()

    def after_a_cut(self, chance: random.Random) -> bytearray:
        found, mood = bytearray(self.synced), chance.choice(("none", "all", "some", "some"))
        for one in self.pending:
            if mood != "none":
                apply(found, *(torn(one, chance) if mood == "some" else [one]))
        return found


def apply(data: bytearray, *changes: Write | Truncate) -> None:
    for one in changes:
        if isinstance(one, Truncate):
            del data[one.size :]
            continue
        data.extend(bytes(max(0, one.at - len(data))))
        data[one.at : one.at + len(one.data)] = one.data


def torn(one: Write | Truncate, chance: random.Random) -> list[Write | Truncate]:
    """What of this arrived."""
    fate = chance.random()
    if fate < 0.3:
        return []
    if fate < 0.6 or isinstance(one, Truncate):
        return [one]
    if fate < 0.8:
        return [Write(one.at, one.data[: chance.randrange(len(one.data) + 1)])]
    sectors = range(0, len(one.data), SECTOR)
    return [Write(one.at + n, one.data[n : n + SECTOR]) for n in sectors if chance.random() < 0.5]


Step = tuple[str, str, Write | Truncate | None]


@dataclass(frozen=True)
class Recording:
    """`steps`: what happened to which file, in order; a step on "said" is one more acknowledged change."""

    start: dict[str, bytes]
    steps: list[Step]

    @property
    def said(self) -> int:
        return sum(name == "said" for _, name, _ in self.steps)

    def images(self, number: int, chance: random.Random) -> Iterator[tuple[int, dict[str, bytearray]]]:
        """So many cuts: how many changes were acknowledged by then, and what the disk holds."""
        files = {name: OnDisk(bytearray(data)) for name, data in self.start.items()}
        moments, done, said = sorted(chance.randrange(len(self.steps)) for _ in range(number)), 0, 0
        for moment in moments:
            for call, name, change in self.steps[done:moment]:
                said += name == "said"
                _play(files, call, name, change)
            done = moment
            yield said, {name: one.after_a_cut(chance) for name, one in deepcopy(files).items()}


def _play(files: dict[str, OnDisk], call: str, name: str, change: Write | Truncate | None) -> None:
    if name == "said":
        return
    if call == "unlink":
        files.pop(name, None)
        return
    one = files.setdefault(name, OnDisk())
    if change is None:
        one.sync()
    else:
        one.pending.append(change)


def record(practice: Practice, times: int, *more: str) -> Recording:
    """The writes of a program that saves a note so many times. `more`: see tests/faults/note_writer.py."""
    folder, trace = practice.instance, practice.instance.parent / "trace"
    start = {one.name: one.read_bytes() for one in folder.glob("planner.sqlite*") if "-shm" not in one.name}
    strace = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    program = [sys.executable, "-m", "tests.faults.note_writer", str(practice.walks[0]), practice.token]
    done = subprocess.run(
        [*strace, *program, str(times), *more],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    with trace.open() as lines:
        steps = [step for line in lines if (step := _step(line, str(folder / "planner.sqlite")))]
    trace.unlink()
    return Recording(start, steps)


def _step(line: str, database: str) -> Step | None:
    """None for what is no business of ours."""
    found = LINE.match(line)
    if found is None:
        assert "unfinished" not in line and "resumed" not in line, "two threads write at once"
        return None
    call, data, numbers = found["call"], _bytes(found["data"] or ""), re.findall(r"\d+", found["numbers"])
    path = _bytes(found["file"] or "").decode() if found["file"] else data.decode(errors="replace")
    if call == "write" and path.startswith("pipe:"):
        return call, "said", None
    if not path.startswith(database) or path.endswith("-shm"):
        return None
    assert int(found["result"]) >= 0, line[:200]
    name = Path(path).name
    if call == "pwrite64":
        assert len(data) == int(numbers[0]) == int(found["result"])
        return call, name, Write(int(numbers[1]), data)
    if call == "ftruncate":
        return call, name, Truncate(int(numbers[0]))
    return call, name, None


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


def write_image(image: dict[str, bytearray], folder: Path) -> Path:
    """Lays the files in an empty folder; gives the database."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in image.items():
        (folder / name).write_bytes(data)
    return folder / "planner.sqlite"
