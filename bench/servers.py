"""Servers of their own: the product as it is shipped, and the baselines under the same server, workers and threads."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.calling import session_cookie
from bench.load import Asked, entered
from bench.sets import FOLDER, SECRET_KEY, environment, people
from bench.turns import ROOT, peer_program
from tests.local_server import answers, free_port

STARTS_WITHIN_S = 60
AS_SHIPPED = (
    "--preload",
    "--workers",
    "2",
    "--worker-class",
    "gthread",
    "--threads",
    "4",
    "--log-level",
    "error",
)
PATHS = {
    "agenda": "/",
    "dossier": "/clients/{client}",
    "walk": "/walks/{coming_walk}",
    "client page": "{page}",
    "coach feed": "{coach_feed}",
}
"""What a day at a practice asks, for memory."""


@dataclass
class Served:
    """A server that answers. `asked`: by page, what is sent to it."""

    process: subprocess.Popen[bytes]
    port: int
    asked: dict[str, Asked] = field(default_factory=dict)

    def pss_mb(self) -> float:
        """Of the process that started it and of its workers; what they share counts once."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(_pss_kb(pid) for pid in (str(self.process.pid), *children)) / 1000


def _pss_kb(pid: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def served(name: str) -> Iterator[Served]:
    """The product on a data set, as `product:1000`, or a baseline."""
    with product(int(name.split(":")[1])) if name.startswith("product") else _baseline(name) as found:
        yield found


@contextmanager
def product(walks: int, settings: dict[str, str] | None = None) -> Iterator[Served]:
    """As it is shipped. `settings`: of a copy of this data set."""
    settings = settings or environment(walks)
    with _running(sys.executable, ["-c", "python:planner.server"], settings, "/healthz") as found:
        one = people(walks)[0]
        cookie = f"session={session_cookie(one.token, SECRET_KEY)}"
        found.asked = {page: Asked(path.format(**vars(one)), cookie) for page, path in PATHS.items()}
        feed = entered(found.port, found.asked["coach feed"])
        found.asked["coach feed again"] = Asked(
            one.coach_feed, cookie, {"If-None-Match": feed.headers["etag"]}
        )
        yield found


@contextmanager
def _baseline(name: str) -> Iterator[Served]:
    modules = {"by hand": "by_hand", "django": "django_like"}
    program = peer_program() if name == "peer" else sys.executable
    settings = {"BENCH_DATA": str(FOLDER)} | ({"BENCH_PEER": "1"} if name == "peer" else {})
    app = f"bench.baselines.{modules.get(name, name)}:app"
    door, path = _door_and_page(name)
    with _running(program, [*AS_SHIPPED, app], settings, door) as found:
        found.asked = {"agenda": Asked(path, entered(found.port, Asked(door)).cookie)}
        yield found


def _door_and_page(name: str) -> tuple[str, str]:
    """Where one signs in, if anywhere, and the week."""
    if name == "peer":
        return (FOLDER / "peer-link.txt").read_text().strip(), "/walks/"
    return ("/login/1", "/week?week=1") if name in ("ordinary", "django") else ("/week?coach=1&week=1",) * 2


@contextmanager
def _running(program: str, arguments: list[str], settings: dict[str, str], first: str) -> Iterator[Served]:
    port, kept = (
        free_port(),
        {name: text for name, text in os.environ.items() if not name.startswith("PLANNER_")},
    )
    command = [program, "-m", "gunicorn", *arguments, "--bind", f"127.0.0.1:{port}"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, "PYTHONWARNINGS": "ignore", **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if not answers(process, f"http://127.0.0.1:{port}{first}", STARTS_WITHIN_S):
                log.seek(0)
                raise RuntimeError(log.read().decode(errors="replace")[-2000:])
            yield Served(process, port)
        finally:
            process.terminate()
            process.wait()
