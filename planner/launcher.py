"""`make run`: refuses when unsafe, brings the database up to date, starts the web and jobs processes, stops both.

With `--prepare` it ends before it starts anything: where systemd starts the processes (deploy/), this comes first.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from planner.models import Database
from planner.services.keeping import checks, keys, upgrading
from planner.services.people import set_up
from planner.services.privacy import erasure
from planner.services.store import Store
from planner.services.vault import vault_of
from planner.settings import Settings, UnsafeSettings, from_environment

ROOT = Path(__file__).resolve().parent.parent
LOOK_EVERY_S = 0.2
STOP_WITHIN_S = 25
AGAIN_AFTER_S = (1.0, 30.0)
"""A jobs process that died is started again after the first; each time sooner after its start, twice as long."""
STEADY_AFTER_S = 60.0
PR_SET_PDEATHSIG = 1


def main(arguments: Sequence[str] = ()) -> int:
    os.umask(0o077)  # database, copies and keys are ours alone
    only_prepare = list(arguments) == ["--prepare"]
    try:
        settings = from_environment()
        port = 0 if only_prepare else _port()
        refuse(settings.problems() or _port_problems(port))
        copy = upgrading.bring_up_to_date(settings)
        setup_key = prepared(settings)
    except UnsafeSettings as unsafe:
        return _refused(unsafe.problems)
    except upgrading.UpgradeRefused as refused:
        return _refused([str(refused)])
    if copy:
        say(f"Kopie gemaakt vóór de aanpassing van de database: {copy}")
    if only_prepare:
        return 0  # its lines are kept in a log: the one-time address is asked for with `coach add`
    return _serve(settings, port, setup_key)


def say(line: str) -> None:
    print(line, flush=True)


def refuse(problems: list[str]) -> None:
    """Raises UnsafeSettings when there are any."""
    if problems:
        raise UnsafeSettings(problems)


def _refused(problems: list[str]) -> int:
    for line in problems:
        print(line, file=sys.stderr)
    return 1


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) < 65536:
        raise UnsafeSettings(["PORT moet een getal zijn, bijvoorbeeld 8000."])
    return int(text)


def _port_problems(port: int) -> list[str]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return [f"Poort {port} is bezet. Stop wat daar draait, of kies een andere: PORT=8123 make run"]
    return []


def prepared(settings: Settings) -> str | None:
    """What is to be done before anybody is served, such as erasing again whom a restore that was broken off brought
    back; gives a one-time key while there is no coach. Raises UnsafeSettings when our key does not open the data."""
    store = Store(Database(settings.database_url), vault_of(settings), settings.weather)
    try:
        refuse(checks.keys_open_the_data(store))
        keys.finish(store, settings, settings.now())
        erasure.agree(store, erasure.ledger_of(settings), settings.now())
        return set_up.first_setup_key(store, settings.now())
    except erasure.Unreadable as error:
        raise UnsafeSettings([str(error)]) from error
    finally:
        store.db.dispose()


def _environment(settings: Settings) -> dict[str, str]:
    """What our processes get: the same settings, whatever folder they start in, and one clock."""
    environment = {
        **os.environ,
        "PLANNER_INSTANCE": str(settings.instance),
        "PLANNER_DATABASE_URL": settings.database_url,
    }
    environment.pop("PLANNER_NOW", None)
    if settings.clock_offset:
        environment["PLANNER_CLOCK_OFFSET_S"] = str(settings.clock_offset.total_seconds())
    return environment


@dataclass
class Child:
    """A process of ours, in a group of its own: Ctrl-C reaches only us, and we stop all in order."""

    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    wait_s: float = AGAIN_AFTER_S[0]
    due_s: float = 0.0

    def start(self) -> None:
        self.started_s = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            self.command,
            env=self.environment,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the launcher has one thread
        )

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def start_again(self) -> None:
        """After a while that grows when it keeps dying young."""
        now_s = time.monotonic()
        if self.due_s == 0.0:
            steady = now_s - self.started_s > STEADY_AFTER_S
            self.wait_s = AGAIN_AFTER_S[0] if steady else min(2 * self.wait_s, AGAIN_AFTER_S[1])
            self.due_s = now_s + self.wait_s
        elif now_s >= self.due_s:
            self.due_s = 0.0
            self.start()


def _die_with_parent() -> None:
    """On Linux: when the launcher is killed outright, its processes are told to stop and leave the port free."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _serve(settings: Settings, port: int, setup_key: str | None) -> int:
    stopping = _stop_signals()
    environment = _environment(settings)
    gunicorn = ["-m", "gunicorn", "-c", "python:planner.server", "--bind", f"127.0.0.1:{port}"]
    web = Child([sys.executable, *gunicorn], environment)
    jobs = Child([sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "--watch"], environment)
    web.start()
    try:
        if _answers(web, port, stopping):
            _greet(settings.base_url or f"http://127.0.0.1:{port}", setup_key)
            jobs.start()
        return _watch(web, jobs, stopping)
    finally:
        _stop([web, jobs])


def _stop_signals() -> Callable[[], bool]:
    """Whether one of the usual ways to ask us to stop has been used."""
    asked = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, stop)
    return lambda: asked


def _answers(web: Child, port: int, stopping: Callable[[], bool]) -> bool:
    """Wait until the web process takes connections: who reads our line may follow it at once."""
    while not web.ended and not stopping():
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(LOOK_EVERY_S / 4)
    return False


def _greet(address: str, setup_key: str | None) -> None:
    say(f"Stap voor stap: {address}")
    if setup_key:
        say(f"Begin hier, één keer: {address}/setup/{setup_key}")


def _watch(web: Child, jobs: Child, stopping: Callable[[], bool]) -> int:
    """Until asked to stop, or until the web process ends. Jobs that died are started again."""
    while not stopping():
        if web.ended:
            return 1
        if jobs.ended:
            jobs.start_again()
        time.sleep(LOOK_EVERY_S)
    return 0


def _stop(children: list[Child]) -> None:
    """Ask all at once, give them the time of one; who does not listen is ended."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    until_s = time.monotonic() + STOP_WITHIN_S
    for process in running:
        try:
            process.wait(max(until_s - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
