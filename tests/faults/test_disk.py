"""A disk that is full, and one that fails to sync: nothing is acknowledged that is not kept, and what was typed comes
back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.counting import count
from tests.faults.conftest import copied
from tests.faults.practice import WRITERS, Practice
from tests.faults.running import Web, Writer, injected, needs_strace, wait_until, web, writing

LONG = 3000
REFUSED = 300


@dataclass(frozen=True)
class SmallDisk:
    """`room`: makes it larger."""

    folder: Path
    room: Callable[[], None]


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk | None]:
    """Three megabytes in memory; None when this machine does not let us mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    larger = ["mount", "-o", "remount,size=64m", str(folder)]
    try:
        yield SmallDisk(folder, lambda: subprocess.run(larger, check=True) and None)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def refusals(writers: list[Writer]) -> int:
    return sum(len(one.refused) for one in writers if one.is_well())


def acknowledged(writers: list[Writer]) -> set[str]:
    return {text for one in writers for text in one.kept}


def settle(practice: Practice, server: Web, writers: list[Writer]) -> None:
    """Afterwards everybody can write again, and all that was said to be kept is there."""
    before = [len(one.kept) for one in writers]
    with writing(writers, server.base):
        wait_until(lambda: all(len(one.kept) > least for one, least in zip(writers, before, strict=True)))
    assert server.stop() == 0
    lost = acknowledged(writers) - practice.texts()
    count("notes acknowledged", len(acknowledged(writers)))
    count("notes lost", len(lost))
    count("notes refused with their text", refusals(writers))
    assert not lost
    assert practice.is_whole()


def test_a_full_disk(first_practice: Practice, tmp_path: Path) -> None:
    """Six people write until nothing fits, and go on; then there is room again."""
    writers = [Writer(first_practice, number) for number in range(WRITERS)]
    with small_disk(tmp_path / "small") as disk, ExitStack() as fault:
        practice = copied(first_practice, disk.folder if disk else tmp_path)
        with web(practice.instance) as server:
            if disk is None:
                needs_strace()
                fault.enter_context(injected(server.workers(), "pwrite64:error=ENOSPC:when=200+"))
            with writing(writers, server.base, long=LONG):
                wait_until(lambda: refusals(writers) >= REFUSED, 300)
            if disk:
                disk.room()
            fault.close()
            settle(practice, server, writers)


def test_a_disk_that_fails_to_sync(quick_practice: Practice) -> None:
    """Every third time: that one is not acknowledged."""
    needs_strace()
    writers = [Writer(quick_practice, number) for number in range(WRITERS)]
    with web(quick_practice.instance) as server:
        with (
            injected(server.workers(), "fsync,fdatasync:error=EIO:when=2+3"),
            writing(writers, server.base),
        ):
            wait_until(lambda: refusals(writers) >= REFUSED, 300)
        settle(quick_practice, server, writers)
    refused = {text for one in writers for text in one.refused}
    assert refused - quick_practice.texts(), "the control: taken for saves, they would be missed"
