"""The server is killed outright: what it said it kept is there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
import requests

from planner.models.base import make_engine
from tests.commands import ROOT
from tests.counting import count
from tests.faults.practice import WRITERS, Practice, environment
from tests.faults.running import Web, Writer, wait_until, web, writing
from tests.models.test_transactions import writing as holding

ROUNDS, ONCE = 100, 1
BARE_ROUNDS = 300
COMES_BACK_S = 10
"""Two is what it takes on a quiet machine."""
IS_TAKEN_S = 0.5
"""By then a worker has the request; one that had not would be refused, and the test fails."""


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    return ROUNDS if request.config.getoption("--deep") else ONCE


@pytest.mark.quick
def test_no_acknowledged_note_is_lost_when_everything_is_killed(
    quick_practice: Practice, rounds: int
) -> None:
    """Six people write; the processes die together, at any moment, and start again."""
    practice, chance = quick_practice, random.Random(8)
    writers = [Writer(practice, number) for number in range(WRITERS)]
    for _round in range(rounds):
        server = Web(practice.instance).started()
        before = sum(len(one.kept) for one in writers)
        with writing(writers, server.base):
            wait_until(
                lambda least=before: (
                    all(one.kept for one in writers)
                    and sum(len(one.kept) for one in writers) > least + WRITERS
                )
            )
            time.sleep(chance.uniform(0, 0.7))
            server.kill()
        count("servers killed")
    kept = {text for one in writers for text in one.kept}
    lost = kept - practice.texts()
    count("notes acknowledged", len(kept))
    count("notes lost", len(lost))
    assert not lost
    assert practice.is_whole()


def test_a_note_that_was_never_kept_would_be_missed(quick_practice: Practice) -> None:
    """The comparison compares."""
    assert {"never written"} - quick_practice.texts()


def test_no_acknowledged_change_is_lost_when_a_bare_writer_is_killed(
    quick_practice: Practice,
) -> None:
    """Without a server around it: killed in the middle of whatever it was doing."""
    practice, chance, kept = quick_practice, random.Random(9), 0
    command = [sys.executable, "-m", "tests.faults.note_writer", str(practice.walks[0]), practice.token]
    for _round in range(BARE_ROUNDS):
        with subprocess.Popen(
            command, cwd=ROOT, env=environment(practice.instance), stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            told = [process.stdout.readline()]
            threading.Timer(chance.uniform(0.01, 0.5), process.kill).start()
            told += process.stdout.readlines()
        kept = max(kept, int([line for line in told if line.endswith(b"\n")][-1]))
        there = note_versions(practice)
        assert there == list(range(1, len(there) + 1)) and len(there) >= kept
        count("writers killed")
    count("changes acknowledged", kept)
    assert practice.is_whole()


def note_versions(practice: Practice) -> list[int]:
    """Of the first walk's note: those that were, and the one that is."""
    engine = make_engine(f"sqlite:///{practice.database}")
    sql = "SELECT version FROM {} WHERE walk_id = {}"
    with engine.connect() as connection:
        rows = [
            row[0]
            for table in ("note_revision", "note")
            for row in connection.exec_driver_sql(sql.format(table, practice.walks[0]))
        ]
    engine.dispose()
    return sorted(rows)


def test_a_worker_that_is_killed_is_not_missed(quick_practice: Practice) -> None:
    with web(quick_practice.instance) as server, Writer(quick_practice, 0).browser(server.base) as browser:
        browser.look()
        for worker in server.workers():
            os.kill(worker, signal.SIGKILL)
        began = time.monotonic()
        wait_until(server.answers)
        browser.look()
        assert time.monotonic() - began < COMES_BACK_S
        count("workers killed")


def test_what_was_asked_is_answered_before_it_stops(quick_practice: Practice) -> None:
    """Told to stop while a note waits for another writer: the note is saved, and told so, and then it stops."""
    held_s, answers = 3.0, []
    other = make_engine(f"sqlite:///{quick_practice.database}")
    with web(quick_practice.instance) as server, Writer(quick_practice, 0).browser(server.base) as browser:
        browser.look()

        def save() -> None:
            answers.append(browser.send("op de valreep"))

        saver = threading.Thread(target=save)
        with holding(other) as connection:
            connection.exec_driver_sql("UPDATE practice SET version = version")
            saver.start()
            time.sleep(IS_TAKEN_S)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(held_s)
            assert server.process.poll() is None and not answers
        saver.join()
        assert server.process.wait(30) == 0
    other.dispose()
    assert [one.status_code for one in answers] == [303]
    assert "op de valreep" in quick_practice.texts()


def test_a_database_held_by_another_program(quick_practice: Practice) -> None:
    """Ten seconds long: who saves waits, then gets the text back, and can send it when it is over."""
    other = make_engine(f"sqlite:///{quick_practice.database}")
    writer = Writer(quick_practice, 0)
    with web(quick_practice.instance) as server, writer.browser(server.base) as browser:
        browser.look()
        browser.look()  # on the same line: what the first has to write comes before it
        with holding(other) as connection:
            connection.exec_driver_sql("UPDATE practice SET version = version")
            began = time.monotonic()
            while time.monotonic() < began + 10:
                asked = time.monotonic()
                assert writer.write_once(browser).status_code == 503
                assert time.monotonic() - asked > 4
                assert requests.get(server.base + "/login", timeout=2).status_code == 200
        assert writer.write_once(browser).status_code == 303
    other.dispose()
    assert set(writer.kept) <= quick_practice.texts()
