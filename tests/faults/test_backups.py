"""Copies while people write: each whole, with all that was acknowledged before it began; and one lived in again."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import requests

from planner.services.keeping import backup
from tests.commands import ROOT
from tests.conftest import PASSWORD
from tests.counting import count
from tests.faults.practice import EMAIL, WRITERS, Practice, environment, settings_of
from tests.faults.running import Browser, Writer, field, wait_until, web, writing

COPIES = 50
DRILL_S = 60


def elsewhere(practice: Practice, folder: Path) -> Practice:
    """An empty instance with the same keys."""
    folder.mkdir()
    for key in ("data.key", "secret.key"):
        shutil.copy2(practice.instance / key, folder / key)
    return replace(practice, instance=folder)


def test_copies_while_people_write(quick_practice: Practice, tmp_path: Path) -> None:
    settings = settings_of(quick_practice.instance)
    writers = [Writer(quick_practice, number) for number in range(WRITERS)]
    made: list[tuple[Path, set[str]]] = []
    with web(quick_practice.instance) as server, writing(writers, server.base):
        for number in range(COPIES):
            least = sum(len(one.kept) for one in writers)
            wait_until(lambda least=least: sum(len(one.kept) for one in writers) > least)
            before = {text for one in writers for text in list(one.kept)}
            made.append((tmp_path / f"{number}.zip", before))
            backup.make(settings, made[-1][0])
    for number, (copy, acknowledged) in enumerate(made):
        there = elsewhere(quick_practice, tmp_path / f"instance{number}")
        backup.restore(settings_of(there.instance), copy)
        assert there.is_whole()
        lost = acknowledged - there.texts()
        assert not lost
        count("backups whole")
        shutil.rmtree(there.instance)


def flask(instance: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=environment(instance),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_drill(quick_practice: Practice, tmp_path: Path) -> None:
    """With the commands a coach has: from the newest copy to a note that can be read, within a minute."""
    writer, copy = Writer(quick_practice, 0), tmp_path / "copy.zip"
    with web(quick_practice.instance) as server, writer.browser(server.base) as browser:
        browser.look()
        writer.write_once(browser)
        flask(quick_practice.instance, "backup", str(copy))
    began, there = time.monotonic(), elsewhere(quick_practice, tmp_path / "elsewhere")
    flask(there.instance, "restore", str(copy))
    with web(there.instance) as server:
        with Browser(server.base, there.cookie, there.walks[0]) as old:
            away = old.http.get(old.address, allow_redirects=False)
            assert away.status_code == 303, "nobody is still signed in"
        with requests.Session() as anna:
            anna.trust_env = False
            token = field(anna.get(server.base + "/login").text, "csrf_token")
            said = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
            assert anna.post(server.base + "/login", said, allow_redirects=False).status_code == 303
            assert writer.kept[0] in anna.get(f"{server.base}/walks/{there.walks[0]}/note").text
    assert time.monotonic() - began < DRILL_S
