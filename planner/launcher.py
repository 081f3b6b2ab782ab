"""`make run`: refuses when unsafe, brings the database up to date, starts the web and jobs processes, stops both."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from planner.migrations import run as migrations
from planner.models import Database
from planner.services import accounts, backup, checks
from planner.services.store import Store
from planner.services.vault import Vault
from planner.settings import Settings, UnsafeSettings, from_environment

STOP_WITHIN_S = 25


def main() -> int:
    try:
        settings = from_environment()
        port = _port()
    except UnsafeSettings as unsafe:
        return _refuse(unsafe.problems)
    problems = settings.problems() or _port_problems(port)
    if problems:
        return _refuse(problems)
    bring_up_to_date(settings)
    store = Store(Database(settings.database_url), Vault(settings.data_key))
    problems = checks.keys_open_the_data(store)
    if problems:
        return _refuse(problems)
    key = accounts.first_setup_key(store, settings.now())
    store.db.dispose()
    address = f"http://127.0.0.1:{port}"
    say(f"Stap voor stap: {address}")
    if key:
        say(f"Begin hier, één keer (start here, once): {address}/setup/{key}")
    return _serve(settings, port)


def bring_up_to_date(settings: Settings) -> None:
    """Migrate when the database is behind; a copy is made first when there is something in it."""
    at = migrations.current(settings.database_url)
    if at == migrations.head():
        return
    if at is not None:
        copy = settings.instance / "backups" / f"before-{migrations.head()}-{settings.now():%Y%m%d%H%M%S}.zip"
        copy.parent.mkdir(mode=0o700, exist_ok=True)
        backup.make(settings, copy)
        say(f"Kopie gemaakt vóór de aanpassing van de database: {copy.name}")
    migrations.upgrade(settings.database_url)


def say(line: str) -> None:
    print(line, flush=True)


def _refuse(problems: list[str]) -> int:
    for line in problems:
        print(line, file=sys.stderr)
    return 1


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise UnsafeSettings(["PORT must be a number, for example 8000."])
    return int(text)


def _port_problems(port: int) -> list[str]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return [f"Port {port} is in use. Stop what runs there, or choose another: PORT=8123 make run"]
    return []


def _serve(settings: Settings, port: int) -> int:
    environment = {**os.environ, "PLANNER_INSTANCE": str(settings.instance)}
    environment.pop("PLANNER_NOW", None)
    if settings.clock_offset:
        environment["PLANNER_CLOCK_OFFSET_S"] = str(settings.clock_offset.total_seconds())
    here = Path(__file__).resolve().parent.parent
    commands = {
        "web": [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "python:planner.server",
            "--bind",
            f"127.0.0.1:{port}",
        ],
        "jobs": [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "--watch"],
    }
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)

    def start(name: str) -> subprocess.Popen[bytes]:
        # a group of its own: Ctrl-C reaches only us, and we stop both in order
        return subprocess.Popen(commands[name], env=environment, cwd=here, start_new_session=True)  # noqa: S603

    running = {name: start(name) for name in commands}
    code = _watch(running, start, lambda: stopping)
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
    return code


def _watch(
    running: dict[str, subprocess.Popen[bytes]],
    start: Callable[[str], subprocess.Popen[bytes]],
    stopping: Callable[[], bool],
) -> int:
    """Until asked to stop, or until the web process ends. Jobs that died are started again."""
    while not stopping():
        time.sleep(0.2)
        if running["web"].poll() is not None:
            return 0 if stopping() else 1
        if running["jobs"].poll() is not None and not stopping():
            time.sleep(1)
            running["jobs"] = start("jobs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
