"""New keys, and the process is killed at any moment: every text opens before, in between and after."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time

from planner import key_settings
from planner.services.clients import clients
from planner.services.keeping import checks, keys
from planner.services.privacy import audit_chain
from tests.commands import ROOT
from tests.counting import count
from tests.faults.practice import Practice, environment

KILLS, TRIES = 6, 60
"""Some come to their end before they are killed."""
PROGRAM = """
from planner import create_app
from planner.services.keeping import keys
app = create_app()
planner = app.extensions["planner"]
print("here", flush=True)
keys.rotate(planner.store, planner.settings, planner.settings.now())
print("done", flush=True)
"""


def rotated(practice: Practice, after_s: float | None) -> tuple[bool, float]:
    """(Whether it came to its end, how long it took.) Killed after so many seconds."""
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(practice.instance), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        began = time.monotonic()
        if after_s is not None:
            threading.Timer(after_s, process.send_signal, (signal.SIGKILL,)).start()
        ended = process.stdout.readline() == b"done\n"
    return ended, time.monotonic() - began


def test_new_keys_killed_at_any_moment(quick_practice: Practice) -> None:
    ended, takes_s = rotated(quick_practice, None)
    assert ended
    opens(quick_practice)
    chance, killed = random.Random(7), 0
    for _try in range(TRIES):
        key_settings.forget_old_key(quick_practice.instance)
        ended, took_s = rotated(quick_practice, chance.uniform(0, takes_s))
        takes_s = min(takes_s, took_s) if ended else takes_s  # the first is the slowest
        killed += not ended
        opens(quick_practice)
        if killed == KILLS:
            break
    count("changes of keys killed", killed)
    assert killed == KILLS, "in the middle of it"


def opens(practice: Practice) -> None:
    """As a planner finds it that starts now; and once it has gone on with what was broken off."""
    for _turn in range(2):
        with practice.opened() as world:
            assert checks.keys_open_the_data(world.store) == []
            with world.store.db.reading(world.coach().scope) as session:
                found = {line.first_name for line in clients.listing_in(world.store, session)}
            assert found == {f"Cliënt {n}" for n in range(len(practice.walks))}
            keys.finish(world.store, world.settings, world.now)
            assert list(audit_chain.problems(world.store)) == []
