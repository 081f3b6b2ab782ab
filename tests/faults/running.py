"""The web processes as they really run, in a process group of their own, and people who write notes over HTTP."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as field_of
from html import unescape
from pathlib import Path
from threading import Event, Thread

import pytest
import requests

from planner import server
from tests.commands import ROOT
from tests.faults.practice import Practice, environment
from tests.hostile.shipped import command_of
from tests.local_server import free_port

PATIENCE_S = 60
"""Only ends a test that hangs."""


class Web:
    """Started at once; `started()` waits until it answers. `bind`: a door for the shipped proxy, to processes as their
    unit starts them."""

    def __init__(self, instance: Path, before: tuple[str, ...] = (), bind: str = "", **more: str) -> None:
        self.door = bind
        self.base = f"http://127.0.0.1:{free_port()}"
        self.log = instance.parent / "web.log"
        command = [*command_of("planner-web.service"), "--bind", bind]
        if not bind:
            where = self.base.removeprefix("http://")
            command = [sys.executable, "-m", "gunicorn", "-c", "python:planner.server", "--bind", where]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*before, *command],
                cwd=ROOT,
                env=environment(instance, **more),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def answers(self) -> bool:
        if self.door:
            return knocked(self.door)
        try:
            return requests.get(self.base + "/healthz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def started(self) -> Web:
        wait_until(lambda: self.all_answer() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        return self

    def all_answer(self) -> bool:
        """Not only the worker that was there first."""
        return self.answers() and len(self.workers()) == server.workers

    def workers(self) -> list[int]:
        """Process ids of those who answer."""
        tasks = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(one) for one in tasks.read_text().split()]

    def kill(self) -> None:
        """The whole group at once, as when the machine stops."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)


def knocked(door: str) -> bool:
    """Whether somebody answers at a door for the proxy: `unix:` and a path, or an address and a port."""
    path, (host, _, port) = door.removeprefix("unix:"), door.rpartition(":")
    with socket.socket(socket.AF_UNIX if path != door else socket.AF_INET) as line:
        line.settimeout(5)
        try:
            line.connect(path if path != door else (host, int(port)))
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n")
            return line.recv(100).startswith(b"HTTP/1.1 200")
        except OSError:
            return False


@contextmanager
def web(instance: Path, **more: str) -> Iterator[Web]:
    made = Web(instance, **more)
    try:
        yield made.started()
    finally:
        if made.process.poll() is None:
            made.kill()


def needs_strace() -> None:
    if shutil.which("strace") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have strace (Debian: strace)")
        pytest.skip("NO STRACE FOUND: this fault was not tried (Debian: apt install strace)")


@contextmanager
def injected(processes: list[int], fault: str) -> Iterator[None]:
    """The system refuses these processes something, as strace's `inject` says it, until the end of the block."""
    who = [word for one in processes for word in ("-p", str(one))]
    command = ["strace", "-f", "-o", "/dev/null", "-e", f"inject={fault}", *who]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        said = ""
        while not all(f"Process {one} attached" in said for one in processes):
            line = strace.stderr.readline()
            assert line, said
            said += line
        drain = Thread(target=strace.stderr.read)
        drain.start()
        try:
            yield
        finally:
            strace.terminate()
            drain.join()


def wait_until(what: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


class Writer:
    """Anna in a browser of her own, who writes the note of one walk again and again, each time another text.
    `kept`: what was acknowledged; `refused`: what came back with the page that says so; `unsure`: what the proxy had no
    answer to."""

    def __init__(self, practice: Practice, number: int, certificate: str = "") -> None:
        self.number, self.walk, self.cookie = number, practice.walks[number], practice.cookie
        self.certificate = certificate
        self.written = 0
        self.kept: list[str] = []
        self.refused: list[str] = []
        self.unsure: list[str] = []
        self.fault: AssertionError | None = None

    def browser(self, base: str) -> Browser:
        return Browser(base, self.cookie, self.walk, self.certificate)

    def write(self, base: str, over: Callable[[], bool], long: int = 0) -> None:
        """Until it is over, or nobody answers any more."""
        with self.browser(base) as browser:
            try:
                browser.look()
                while not over():
                    self.write_once(browser, long)
            except requests.RequestException:
                return
            except AssertionError as fault:
                self.fault = fault

    def is_well(self) -> bool:
        """Raises what went wrong, where somebody waits for it."""
        if self.fault is not None:
            raise self.fault
        return True

    def write_once(self, browser: Browser, long: int = 0) -> requests.Response:
        self.written += 1
        text = f"w{self.number} t{self.written}." + "x" * long
        answer = browser.send(text)
        if answer.status_code == 303:
            self.kept.append(text)
            browser.version += 1
        elif answer.status_code == 503:
            assert text in answer.text, "what was typed comes back"
            self.refused.append(text)
        elif answer.status_code == 502:
            self.unsure.append(text)
            browser.look()
        else:
            assert answer.status_code == 409, answer.text[:2000]  # it was kept, and nobody could say so
            browser.look()
        return answer


def session_with(cookie: str, certificate: str = "") -> requests.Session:
    """Somebody who is signed in. `certificate`: of the proxy before the planner."""
    http = requests.Session()
    http.trust_env = False
    if certificate:
        http.verify = certificate
        http.cookies.set(
            "__Host-session", cookie, domain="localhost.local", secure=True
        )  # so the jar calls it
    else:
        http.cookies.set("session", cookie, domain="127.0.0.1")
    return http


@dataclass
class Looks:
    """What somebody saw who only reads. A status of 0: nobody answered."""

    seen: set[int] = field_of(default_factory=set)
    longest_s: float = 0.0
    pages: int = 0

    def look(self, http: requests.Session, address: str) -> None:
        began = time.monotonic()
        try:
            self.seen.add(http.get(address, timeout=PATIENCE_S, allow_redirects=False).status_code)
        except requests.RequestException:
            self.seen.add(0)
        self.longest_s = max(self.longest_s, time.monotonic() - began)
        self.pages += 1


@contextmanager
def looking(http: requests.Session, addresses: list[str]) -> Iterator[Looks]:
    """Somebody reads these again and again, until the end of the block."""
    over, found = Event(), Looks()

    def look() -> None:
        with http:
            while not over.is_set():
                for address in addresses:
                    found.look(http, address)

    thread = Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join(2 * PATIENCE_S)


class Browser:
    """One session, on the note of one walk."""

    def __init__(self, base: str, cookie: str, walk: int, certificate: str = "") -> None:
        self.address = f"{base}/walks/{walk}/note"
        self.http = session_with(cookie, certificate)
        self.version, self.csrf = 0, ""

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def look(self) -> str:
        page = self.http.get(self.address, timeout=PATIENCE_S, allow_redirects=False)
        assert page.status_code == 200, page.status_code
        self.csrf, self.version = field(page.text, "csrf_token"), int(field(page.text, "version") or "0")
        return page.text

    def send(self, text: str) -> requests.Response:
        sent = {"csrf_token": self.csrf, "outcome": "walked", "insight_text": text}
        sent["version"] = str(self.version or "")
        return self.http.post(self.address, sent, timeout=PATIENCE_S, allow_redirects=False)


def field(page: str, name: str) -> str:
    """What stands in a hidden field."""
    (tag,) = set(re.findall(rf'<input[^>]*name="{name}"[^>]*>', page))
    found = re.search(r'value="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


@contextmanager
def writing(writers: list[Writer], base: str, long: int = 0) -> Iterator[None]:
    """All of them write, until the end of the block or until nobody answers."""
    over = Event()
    threads = [Thread(target=one.write, args=(base, over.is_set, long)) for one in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
    assert all(one.is_well() for one in writers)
