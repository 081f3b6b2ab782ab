"""Commands in processes of their own, as a person runs them. To load all there is takes longer than most commands do:
one process loads it, and every command is a copy of that one, with its own environment, input, output and exit code."""

from __future__ import annotations

import atexit
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FLASK = ("flask", "--app", "wsgi")
KEY = bytes(range(32))
INPUT, OUTPUT, ERRORS = range(3)


class Done(NamedTuple):
    code: int
    stdout: str
    stderr: str


def run(command: Sequence[str], settings: dict[str, str], folder: Path, stdin: str = "") -> Done:
    """A module and its arguments, as after `python -m`. `settings`: all PLANNER_ variables it is to see. What it reads
    and says lies in `folder` meanwhile."""
    files = [folder / name for name in ("input", "output", "errors")]
    files[INPUT].write_text(stdin)
    ready, asked = _loaded()
    print(json.dumps([command, settings, [str(file) for file in files]]), file=asked, flush=True)
    return Done(int(ready.readline()), files[OUTPUT].read_text(), files[ERRORS].read_text())


def run_cold(command: Sequence[str], settings: dict[str, str]) -> Done:
    """The same from the very beginning: what a shell starts."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def environment(settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "FLASK_"))}
    return kept | settings


@cache
def _loaded() -> tuple[IO[str], IO[str]]:
    """Its answers, and where it is asked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.commands"],
        cwd=ROOT,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    assert process.stdin is not None and process.stdout is not None
    return process.stdout, process.stdin


def _serve() -> None:
    from planner import create_app
    from planner.settings import Settings

    create_app(Settings(Path("/nowhere"), "sqlite://", environment="test", secret_key=KEY, data_key=KEY))
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            _become(*json.loads(line))
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(command: list[str], settings: dict[str, str], files: list[str]) -> None:
    """The command. Does not come back."""
    flags = [os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT | os.O_TRUNC] * 2]
    for number, (name, how) in enumerate(zip(files, flags, strict=True)):
        os.dup2(os.open(name, how), number)
    sys.stdin = os.fdopen(INPUT, encoding="utf-8")
    os.environ |= settings
    sys.argv = list(command)
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    sys.exit(0)


if __name__ == "__main__":
    _serve()
