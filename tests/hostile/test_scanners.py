"""Two programs that look for holes, signed in: sqlmap at the fields that reach a query, wapiti along the pages. What
they find is counted and must be nothing. Each is shown to find something where there is something."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, urlsplit

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import select

from planner.models import EVERYONE, Walk
from tests.counting import count
from tests.faults.practice import Practice, found_practice
from tests.faults.running import Browser, Web, web
from tests.hostile.shipped import needs
from tests.local_server import Quiet, in_a_thread

ASKED = (
    "/clients/?q=Jan",
    "/?week=2026-W48",
    "/slots?client={client}&minutes=30",
    "/routes/?q=bos&surface=paved",
    "/clients/{client}/notes?q=wandelen",
    "/clients/{client}/log?before=9",
    "/toolkit/?search=adem",
    "/walks/new?client={client}&date=2026-12-01&time=10:00",
)
"""Addresses whose questions reach the database."""
SCAN_S = 60
LOUD = re.compile(r"is vulnerable|appears to be .*injectable|sqlmap identified the following injection", re.I)
MODULES = "sql,xss,permanentxss,file,exec,redirect,crlf,xxe,ssrf"
WAPITI = """
import fnmatch, re
from wapitiCore.net import crawler
crawler.wildcard_translate = lambda pattern: re.compile(fnmatch.translate(pattern))
from wapitiCore.main.wapiti import wapiti_main
wapiti_main()
"""
"""Debian's 3.0.4 with what it says of Python 3.11 put right: it cannot leave an address out otherwise."""
KEPT_OUT = ("logout*", "account*", "clients/*/erase*", "settings/keys*", "settings/copies*")
"""What ends the session, or fetches what is large."""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    return found_practice(tmp_path_factory.mktemp("scanned") / "instance")


@pytest.fixture(scope="module")
def served(practice: Practice) -> Iterator[Web]:
    with web(practice.instance) as server:
        yield server


def client_of(practice: Practice) -> int:
    with practice.opened() as world, world.store.db.reading(EVERYONE) as session:
        return session.scalars(select(Walk.client_id)).first() or 0


def sqlmap(url: str, folder: Path, *more: str) -> str:
    """What it says of this address."""
    needs("sqlmap", "sqlmap")
    quiet = ("--batch", "--disable-coloring", "--flush-session", "--threads=2", "--retries=0", "--timeout=10")
    narrow = ("--technique=BEU", "--level=3", "--risk=2", "--dbms=sqlite")
    command = ["sqlmap", "-u", url, *quiet, *narrow, "--output-dir", str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=folder)
    return done.stdout + done.stderr


@pytest.mark.parametrize("asked", ASKED)
def test_sqlmap_finds_nothing(practice: Practice, served: Web, tmp_path: Path, asked: str) -> None:
    url = served.base + asked.format(client=client_of(practice))
    said = sqlmap(url, tmp_path, f"--cookie=session={practice.cookie}")
    assert "do not appear to be injectable" in said, said[-3000:]
    assert not LOUD.search(said), said[-3000:]
    count("addresses given to sqlmap")


def test_sqlmap_finds_nothing_in_a_note(practice: Practice, served: Web, tmp_path: Path) -> None:
    """A form that is saved, with its proof."""
    address = f"{served.base}/walks/{practice.walks[0]}/note"
    with Browser(served.base, practice.cookie, practice.walks[0]) as browser:
        browser.look()
        data = f"csrf_token={browser.csrf}&outcome=walked&version={browser.version or ''}&insight_text=x"
    said = sqlmap(
        address,
        tmp_path,
        f"--cookie=session={practice.cookie}",
        f"--data={data}",
        "-p",
        "outcome,insight_text",
    )
    assert "do not appear to be injectable" in said, said[-3000:]
    assert not LOUD.search(said)
    count("addresses given to sqlmap")


class _Leaky(Quiet):
    """Puts what it is asked into a statement, and into its page."""

    def do_GET(self: BaseHTTPRequestHandler) -> None:
        asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True).get("q", ["1"])[0]
        connection = sqlite.connect(":memory:")
        connection.execute("CREATE TABLE walk (id INTEGER, place TEXT)")
        connection.executemany("INSERT INTO walk VALUES (?, ?)", [(n, f"place {n}") for n in range(9)])
        try:
            rows = connection.execute(f"SELECT place FROM walk WHERE id = {asked}").fetchall()
        except sqlite.Error as error:
            rows = [(f"SQLite error: {error}",)]
        page = f'<html><body><a href="/?q=1">a</a><p>{rows}</p><p>{asked}</p></body></html>'
        self.answer(200, {"Content-Type": "text/html"}, page.encode())  # type: ignore[attr-defined]


def test_they_would_find_a_hole(tmp_path: Path) -> None:
    """The control."""
    with in_a_thread(_Leaky, Event()) as base:
        assert LOUD.search(sqlmap(f"{base}/?q=1", tmp_path))
        assert wapiti(base, tmp_path, 30)


def wapiti(base: str, folder: Path, seconds: int, *more: str) -> list[str]:
    """Which holes it reports, each with where."""
    needs("wapiti", "wapiti")
    report = folder / "report.json"
    command = [
        "/usr/bin/python3",
        "-c",
        WAPITI,
        "-u",
        f"{base}/",
        "-m",
        MODULES,
        "-d",
        "3",
        "--max-scan-time",
        str(seconds),
    ]
    command += [
        "--max-attack-time",
        "20",
        "--flush-session",
        "--no-bugreport",
        "--store-session",
        str(folder),
    ]
    command += ["-f", "json", "-o", str(report), "-v", "0", *more]
    for address in KEPT_OUT:
        command += ["-x", f"{base}/{address}"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 300, check=False, cwd=folder
    )
    assert report.exists(), (done.stdout + done.stderr)[-3000:]
    found = json.loads(report.read_text())
    holes = {**found["vulnerabilities"], **found["anomalies"]}
    return [f"{kind}: {one['method']} {one['path']}" for kind, ones in holes.items() for one in ones]


def test_wapiti_finds_nothing(practice: Practice, served: Web, tmp_path: Path) -> None:
    cookie = f"Cookie: session={practice.cookie}"
    assert wapiti(served.base, tmp_path, SCAN_S, "-H", cookie) == []
    count("wapiti runs")
