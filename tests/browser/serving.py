"""The planner as it really runs, in processes of its own, for a browser to look at."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.local_server import answers, free_port

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_S = 60
DEMO_NOW = "2026-11-23T09:00+01:00"
"""A Monday morning."""
EMAIL, PASSWORD = "demo@example.org", "wandelen-met-demo"
NOWHERE = "http://127.0.0.1:9/weatherapi"
"""Nobody answers there."""
NO_PATHS = "http://127.0.0.1:9"
"""Nor there; but the pages of loops are there."""
NO_TILES = "http://127.0.0.1:9/{z}/{x}/{y}.png"


@dataclass
class Served:
    """A planner that answers at `base`. `states` keeps what is found out once."""

    base: str
    instance: Path
    setup_address: str | None = None
    states: dict[str, Any] = field(default_factory=dict)


def environment(instance: Path, now: str = DEMO_NOW, **more: str) -> dict[str, str]:
    """Settings of a test planner; nothing of the outer environment's settings comes along."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    ours |= {"PLANNER_INSTANCE": str(instance), "PLANNER_ENV": "test", "PLANNER_NOW": now}
    ours |= {"PLANNER_MET_URL": NOWHERE, "PLANNER_ROUTER_URL": NO_PATHS, "PLANNER_TILE_URL": NO_TILES}
    return ours | {"PLANNER_CONTACT": "tests@example.org"} | more


def fill_demo(instance: Path, now: str = DEMO_NOW) -> Path:
    """Makes the example practice with the command a person would use."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(instance, now), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return instance


@contextmanager
def web_on_copy(template: Path, folder: Path, now: str = DEMO_NOW, **more: str) -> Iterator[Served]:
    """The web processes alone, on a copy of a filled instance: nothing changes but what the browser does. `more`:
    settings that are other ones."""
    instance = folder / "instance"
    shutil.copytree(template, instance)
    port = free_port()
    command = ["-m", "gunicorn", "-c", "python:planner.server", "--bind", f"127.0.0.1:{port}"]
    with _running(command, environment(instance, now, **more), folder / "log") as process:
        base = f"http://127.0.0.1:{port}"
        _await_answer(process, base, folder / "log")
        yield Served(base, instance)


@contextmanager
def launched(folder: Path, now: str, met_url: str, *, first: bool) -> Iterator[Served]:
    """Everything `make run` starts. On the first start of an instance, with the one-time address that it prints."""
    port, log = free_port(), folder / "log"
    settings = environment(folder / "instance", now, PLANNER_MET_URL=met_url, PORT=str(port))
    with _running(["-m", "planner.launcher"], settings, log) as process:
        base = f"http://127.0.0.1:{port}"
        _await_answer(process, base, log)
        yield Served(base, folder / "instance", _setup_address(process, log) if first else None)


@contextmanager
def _running(command: list[str], settings: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=settings, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_answer(process: subprocess.Popen[bytes], base: str, log: Path) -> None:
    up = answers(process, base + "/healthz", STARTS_WITHIN_S)
    assert up, f"the planner did not start:\n{log.read_text()[-3000:]}"


def _setup_address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The launcher prints it as soon as the port takes connections."""
    until_s = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until_s and process.poll() is None:
        found = re.search(r"http://\S+/setup/\S+", log.read_text())
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"no one-time address was printed:\n{log.read_text()[-3000:]}")
