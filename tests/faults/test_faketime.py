"""The clock of the machine itself jumps while the planner runs (faketime): over both nights on which it is changed, a
year on and a year back. Everybody goes on being answered, what ended stays ended, and no letter leaves twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import requests

from tests.commands import ROOT
from tests.conftest import PASSWORD
from tests.counting import count
from tests.faults.practice import EMAIL, Practice, environment
from tests.faults.running import Web
from tests.hostile.shipped import needs
from tests.mail_server import running

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), Path("/nowhere"))
JUMPS = {
    "an hour before the clock goes ahead": "2027-03-28 00:59:50",
    "over it": "2027-03-28 01:00:05",
    "an hour before it goes back": "2027-10-31 00:59:50",
    "over it, too": "2027-10-31 01:00:05",
    "a leap day": "2028-02-29 12:00:00",
}
"""In UTC, one after the other."""


class Clock:
    """Of every process that is started with `settings`: it is read anew each time."""

    def __init__(self, folder: Path) -> None:
        if not LIBRARY.exists():
            needs("faketime", "faketime")
            pytest.skip(
                "NO LIBFAKETIME FOUND: the clock of the machine did not jump (Debian: apt install faketime)"
            )
        self.file = folder / "clock"
        self.put_on("+0")

    def put_on(self, moment: str) -> None:
        draft = self.file.with_suffix(".draft")
        draft.write_text(f"{moment}\n")
        draft.replace(self.file)

    @property
    def settings(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "0",
            "TZ": "UTC",
        }


def shifted(moment: str) -> str:
    """As seconds beside the real clock, so that time goes on from there."""
    there = datetime.fromisoformat(f"{moment}+00:00").timestamp()
    return f"{there - datetime.now().timestamp():+.0f}"


@contextmanager
def served(practice: Practice, clock: Clock) -> Iterator[Web]:
    server = Web(practice.instance, **clock.settings)
    try:
        yield server.started()
    finally:
        if server.process.poll() is None:
            server.kill()


def statuses(server: Web, cookie: str) -> tuple[int, int]:
    """(of a page for everybody, of one that wants a coach)."""
    with requests.Session() as http:
        http.trust_env = False
        http.cookies.set("session", cookie, domain="127.0.0.1")
        found = [
            http.get(server.base + path, timeout=30, allow_redirects=False) for path in ("/login", "/account")
        ]
    return 200 if found[0].status_code in (200, 303) else found[0].status_code, found[1].status_code


def test_the_server_goes_on(quick_practice: Practice, tmp_path: Path) -> None:
    """A sign-in ends by its hours, as far as the clock says; what counted before it went wrong counts again after."""
    clock = Clock(tmp_path)
    with served(quick_practice, clock) as server:
        assert statuses(server, quick_practice.cookie) == (200, 200)
        for moment in JUMPS.values():
            clock.put_on(shifted(moment))
            assert statuses(server, quick_practice.cookie) == (200, 303)
            count("jumps of the clock")
        for back, coach in ((f"-{365 * 86_400}", 303), ("-3600", 303), ("+0", 200)):
            clock.put_on(back)
            assert statuses(server, quick_practice.cookie) == (200, coach), (
                "nobody is in before they signed in"
            )
            count("jumps of the clock")
        assert server.all_answer()
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()
    assert quick_practice.is_whole()


def passes(practice: Practice, clock: Clock, **more: str) -> subprocess.CompletedProcess[str]:
    """One pass of all periodic work."""
    settings = environment(practice.instance, **clock.settings, **more)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs"]
    return subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=300, check=False
    )


def test_nothing_leaves_twice(quick_practice: Practice, tmp_path: Path) -> None:
    """A letter that left at one hour does not leave again, whatever hour it becomes."""
    clock, server = Clock(tmp_path), running()
    mail = {"PLANNER_SMTP_URL": f"smtp://127.0.0.1:{server.address.port}", "PLANNER_MAIL_FROM": EMAIL}
    nowhere = {
        "PLANNER_MET_URL": "http://127.0.0.1:9/weatherapi",
        "PLANNER_TILE_URL": "http://127.0.0.1:9/{z}/{x}/{y}",
    }
    sign_in_once(quick_practice)
    try:
        for moment in (None, *JUMPS.values(), None):
            clock.put_on(shifted(moment) if moment else "+0")
            done = passes(quick_practice, clock, **mail, **nowhere)
            assert "Traceback" not in done.stderr, done.stderr[-3000:]
            count("jumps of the clock")
        clock.put_on(f"-{365 * 86_400}")
        assert "Traceback" not in passes(quick_practice, clock, **mail, **nowhere).stderr
    finally:
        server.stop()
    left = [one["Message-ID"] for one in server.box.taken]
    assert len(left) == len(set(left)) == 1, left
    assert quick_practice.is_whole()


def sign_in_once(practice: Practice) -> None:
    """On a device that nobody knows: of that a letter tells."""
    with practice.opened() as world:
        page = world.browser().get("/login").submit(email=EMAIL, password=PASSWORD)
        assert page.status == 200
