"""A process that has just begun, and several threads that ask at once: each of them stands behind the walls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from planner.models import Database, Scope
from planner.models.base import OwnedSession

ROOT = Path(__file__).resolve().parents[2]
TRIES = 60
RACE = """
import os, sys, threading
from sqlalchemy import select
from planner.models import Base, Client, Database, Scope
from planner.models.base import make_engine

url = f"sqlite:///{sys.argv[1]}"
Base.metadata.create_all(make_engine(url))
database = Database(url)

def ask(together, found):
    together.wait()
    try:
        with database.reading(Scope(1, 2)) as session:
            found.append(list(session.scalars(select(Client.id))))
    except Exception as fault:
        found.append(fault)

bad = 0
for _ in range(int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        sys.setswitchinterval(1e-6)
        together, found = threading.Barrier(4), []
        threads = [threading.Thread(target=ask, args=(together, found)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os._exit(0 if found == [[]] * 4 else 1)
    bad += os.waitpid(child, 0)[1] != 0
print(bad)
"""


def test_no_thread_is_before_the_walls(tmp_path: Path) -> None:
    """SQLAlchemy gives a class of sessions its listeners at the first use of it, and not behind a lock."""
    command = [sys.executable, "-c", RACE, str(tmp_path / "db"), str(TRIES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("0", 0), done.stderr[-2000:]


def test_the_listeners_stand_at_the_class_that_is_used() -> None:
    """So there is no first use: they came with the import."""
    database = Database("sqlite://")
    with database.reading(Scope(1)) as session:
        assert type(session) is OwnedSession
