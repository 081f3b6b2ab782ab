"""Two nodes on one database, as two machines would be: one is killed under load, and nobody loses or gets anything
twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from planner.models import Throttle
from tests import mail_server
from tests.commands import ROOT
from tests.counting import count
from tests.databases import PostgresDatabases, postgres_programs, postgres_server
from tests.faults.practice import EMAIL, Practice, environment, found_practice
from tests.faults.running import Web, Writer, field, wait_until, writing
from tests.makers import make_client, make_walk

LOAD_S = 60
"""In all: with both nodes, with one that is left, and with both again."""
WALKS = 150
TRIES = 12


class Node:
    """A machine: web processes and a jobs process, with a folder of its own and the keys of the practice."""

    def __init__(self, folder: Path, practice: Practice) -> None:
        shutil.copytree(practice.instance, folder / "instance")
        self.instance, self.more = folder / "instance", dict(practice.more)
        self.web = Web(self.instance, **self.more).started()
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


@pytest.fixture
def mail() -> Iterator[mail_server.Server]:
    server = mail_server.running()
    yield server
    server.stop()


@pytest.fixture
def shared(tmp_path: Path, mail: mail_server.Server) -> Iterator[Practice]:
    """A practice in PostgreSQL, with a mail server."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("NO POSTGRESQL FOUND: two nodes were not tried (Debian: apt install postgresql)")
    with postgres_server(programs) as server:
        databases = PostgresDatabases(server)
        databases.make_template(lambda _url: None)
        more = {
            "PLANNER_DATABASE_URL": databases.fresh(),
            "PLANNER_SMTP_URL": f"smtp://127.0.0.1:{mail.controller.port}",
            "PLANNER_MAIL_FROM": EMAIL,
        }
        yield found_practice(tmp_path / "practice" / "instance", **more)


@contextmanager
def nodes(practice: Practice, folder: Path) -> Iterator[tuple[Node, Node]]:
    with ExitStack() as stack:
        made = []
        for name in ("first", "second"):
            node = Node(folder / name, practice)
            stack.callback(node.stop)
            made.append(node)
        yield made[0], made[1]


def owe_messages(practice: Practice, number: int) -> None:
    """So many mails that may go, each about a walk of its own."""
    with practice.opened() as world:
        sanne = make_client(world, "Sanne", email="sanne@example.org")
        tomorrow = (world.now + timedelta(days=2)).replace(
            tzinfo=None, hour=10, minute=0, second=0, microsecond=0
        )
        for day in range(number):
            make_walk(world, sanne, tomorrow + timedelta(days=day))
        said = mail_server.say_yes(world)
        assert len(said) == number


def test_one_of_two_nodes_is_killed_under_load(
    shared: Practice, mail: mail_server.Server, tmp_path: Path
) -> None:
    """People write on both; the first stops in the middle and comes back. What was acknowledged is kept, and each
    message came once."""
    writers = [Writer(shared, number) for number in range(len(shared.walks))]
    half = len(writers) // 2
    with nodes(shared, tmp_path) as (first, second):
        owe_messages(shared, WALKS)
        with writing(writers[:half], first.base), writing(writers[half:], second.base):
            wait_until(lambda: len(mail.box.taken) >= WALKS // 4)
            time.sleep(LOAD_S / 3)
            first.kill()
        with writing(writers, second.base):
            time.sleep(LOAD_S / 3)
        again = Node(tmp_path / "again", shared)
        try:
            with writing(writers[:half], again.base), writing(writers[half:], second.base):
                time.sleep(LOAD_S / 3)
            wait_until(lambda: len(set(mail.box.ids)) >= WALKS, 300)
        finally:
            again.stop()
    kept = {text for one in writers for text in one.kept}
    lost = kept - shared.texts()
    times = Counter(mail.box.ids)
    count("notes over two nodes", len(kept))
    count("messages over two nodes", len(times))
    count("messages that came twice", sum(times.values()) - len(times))
    assert all(one.kept for one in writers)
    assert not lost
    assert (len(times), set(times.values())) == (WALKS, {1})


def test_who_is_refused_at_one_is_refused_at_the_other(shared: Practice, tmp_path: Path) -> None:
    """Guesses are counted in the database, and so are sessions: signed out at one is signed out at the other."""
    with nodes(shared, tmp_path) as (first, second):
        bases = (first.base, second.base)
        answers = [wrong_password(bases[number % 2]) for number in range(TRIES)]
        assert set(answers) == {422, 429}
        with shared.opened() as world, world.store.db.unowned() as connection:
            assert connection.execute(select(func.max(Throttle.failures))).scalar() == answers.count(422)
        with requests.Session() as browser:
            browser.cookies.set("session", shared.cookie, domain="127.0.0.1")
            for base in bases:
                assert browser.get(base + "/clients/", allow_redirects=False, timeout=30).status_code == 200
            page = browser.get(first.base + "/account", timeout=30)
            csrf = field(page.text, "csrf_token")
            kept = browser.cookies.get_dict()
            out = browser.post(
                first.base + "/logout", {"csrf_token": csrf}, allow_redirects=False, timeout=30
            )
            assert out.status_code == 303
        for base in bases:
            answer = requests.get(base + "/clients/", cookies=kept, allow_redirects=False, timeout=30)
            assert (answer.status_code, answer.headers["Location"].startswith("/login")) == (303, True)


def wrong_password(base: str) -> int:
    with requests.Session() as browser:
        csrf = field(browser.get(base + "/login", timeout=30).text, "csrf_token")
        form = {"csrf_token": csrf, "email": EMAIL, "password": "nee nee nee nee"}
        return browser.post(base + "/login", form, timeout=30).status_code
