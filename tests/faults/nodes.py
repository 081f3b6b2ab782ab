"""Machines that serve one practice on one PostgreSQL."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.commands import ROOT
from tests.faults.practice import Practice, environment
from tests.faults.running import Web


class Node:
    """A machine: web processes and a jobs process, with a folder of its own and the keys of the practice. `bind`: a
    door for the shipped proxy, to web processes as their unit starts them."""

    def __init__(self, folder: Path, practice: Practice, bind: str = "", **more: str) -> None:
        shutil.copytree(practice.instance, folder / "instance")
        self.instance, self.more = folder / "instance", dict(practice.more) | more
        self.web = Web(self.instance, bind=bind, **self.more).started()
        with (folder / "jobs.log").open("ab") as out:
            self.jobs = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "--watch"],
                cwd=ROOT,
                env=environment(self.instance, **self.more),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def base(self) -> str:
        return self.web.base

    def kill(self) -> None:
        """All of it at once, as when the machine stops."""
        os.killpg(self.jobs.pid, signal.SIGKILL)
        self.web.kill()
        self.jobs.wait()

    def stop(self) -> None:
        if self.web.process.poll() is None:
            self.kill()


@contextmanager
def nodes(practice: Practice, folder: Path, *binds: str, **more: str) -> Iterator[tuple[Node, Node]]:
    with ExitStack() as stack:
        made = []
        for name, bind in zip(("first", "second"), binds or ("", ""), strict=True):
            node = Node(folder / name, practice, bind, **more)
            stack.callback(node.stop)
            made.append(node)
        yield made[0], made[1]
