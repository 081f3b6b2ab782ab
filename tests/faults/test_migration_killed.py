"""The steps of the database, killed at any moment: afterwards it is the old one or the new one, never half of each; and
the steps can be done after all."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from planner.migrations import run
from tests.commands import ROOT
from tests.counting import count
from tests.databases import Databases
from tests.ground import Ground
from tests.test_migrations import schema

KILLS = 20
OLD = "0001"
PROGRAM = """
import sys
from planner.migrations import run
print("here", flush=True)
run.upgrade(sys.argv[1])
print("done", flush=True)
"""


def upgraded(url: str, after_s: float | None) -> tuple[bool, float]:
    """(Whether it came to its end, how long it took.) Killed after so many seconds."""
    with subprocess.Popen([sys.executable, "-c", PROGRAM, url], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        began = time.monotonic()
        if after_s is not None:
            threading.Timer(after_s, process.send_signal, (signal.SIGKILL,)).start()
        ended = process.stdout.readline() == b"done\n"
    return ended, time.monotonic() - began


def test_killed_at_any_moment(ground: Ground, databases: Databases, tmp_path: Path) -> None:
    if ground.world.store.db.engine.dialect.name != "sqlite":
        pytest.skip("what PostgreSQL does with a transaction is its own promise")
    ground.world.store.db.dispose()
    old = ground.world.settings.database_url
    run.downgrade(old, OLD)
    before = schema(old)
    whole = databases.fresh(like=old)
    ended, takes_s = upgraded(whole, None)
    after, chance, killed = schema(whole), random.Random(4), 0
    assert ended and after != before
    for _kill in range(KILLS):
        url = databases.fresh(like=old)
        ended, _ = upgraded(url, chance.uniform(0, takes_s))
        killed += not ended
        at = run.current(url)
        assert (at, schema(url)) in ((OLD, before), (run.head(), after)), "half of it"
        run.upgrade(url)
        assert (run.current(url), schema(url)) == (run.head(), after), "and it can be done after all"
        databases.drop(url)
        count("steps of the database killed", not ended)
    databases.drop(whole)
    assert killed, "at least one was in the middle of it"
