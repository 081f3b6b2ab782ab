"""A real CalDAV server on this machine: Radicale, with one account. And a calendar's words."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

USER, PASSWORD = "anna", "een-sleutel-voor-de-agenda"
STARTS_WITHIN_S = 30
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Voorbeeld//NL\r\n"
SETTINGS = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = critical
"""
MAKE = (
    '<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
    '<c:supported-calendar-component-set><c:comp name="{kind}"/></c:supported-calendar-component-set>'
    "</d:prop></d:set></c:mkcalendar>"
)


@dataclass(frozen=True)
class Radicale:
    """The server at `base`, with what it keeps in `folder`."""

    base: str
    folder: Path

    @property
    def home(self) -> str:
        return f"{self.base}/{USER}/"

    @property
    def kept(self) -> dict[str, bytes]:
        """Every appointment and calendar that it keeps."""
        files = sorted((self.folder / "collections").rglob("*"))
        return {
            str(path): path.read_bytes() for path in files if path.is_file() and ".cache" not in str(path)
        }

    def make(self, name: str, kind: str = "VEVENT") -> None:
        """A calendar of the account."""
        self._send("MKCALENDAR", f"{name}/", MAKE.format(kind=kind))

    def put(self, name: str, *events: str, uid: str = "1") -> None:
        """Appointments, as a phone puts them there."""
        self._send("PUT", f"{name}/{uid}.ics", f"{HEAD}{''.join(events)}END:VCALENDAR\r\n")

    def _send(self, method: str, path: str, body: str) -> None:
        answer = requests.request(
            method, self.home + path, data=body.encode(), auth=(USER, PASSWORD), timeout=10
        )
        assert answer.status_code in (200, 201), answer.text


def event(*lines: str, uid: str = "1") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT", ""])


def calendar(*events: str) -> bytes:
    return f"{HEAD}{''.join(events)}END:VCALENDAR\r\n".encode()


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """Running until the end of the block. In a process of its own: it changes how all XML of its process is written."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    (folder / "settings").write_text(SETTINGS.format(port=port, folder=folder))
    command = [sys.executable, "-m", "radicale", "--config", str(folder / "settings")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        made = Radicale(f"http://127.0.0.1:{port}", folder)
        _await_answer(made.base, process)
        yield made
    finally:
        process.terminate()
        process.wait(30)


def _await_answer(base: str, process: subprocess.Popen[bytes]) -> None:
    until_s = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until_s and process.poll() is None:
        try:
            requests.get(base, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("the CalDAV server did not start")
