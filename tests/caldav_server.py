"""A real CalDAV server on this machine: Radicale, with one account. And a calendar's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import requests
from radicale import Application, config

USER, PASSWORD = "anna", "een-sleutel-voor-de-agenda"
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Voorbeeld//NL\r\n"
MAKE = (
    '<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
    '<c:supported-calendar-component-set><c:comp name="{kind}"/></c:supported-calendar-component-set>'
    "</d:prop></d:set></c:mkcalendar>"
)


@dataclass
class Radicale:
    """`asked`: method and path of every question, with whether it carried a password."""

    base: str
    asked: list[tuple[str, str, bool]] = field(default_factory=list)

    @property
    def home(self) -> str:
        return f"{self.base}/{USER}/"

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
    """Running until the end of the block."""
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    settings = config.load()
    settings.update(
        {
            "auth": {"type": "htpasswd", "htpasswd_filename": str(folder / "users"), "htpasswd_encryption": "plain",
                     "delay": "0"},
            "storage": {"filesystem_folder": str(folder / "collections")},
            "logging": {"level": "critical"},
        },
        "tests",
    )  # fmt: skip
    application = Application(settings)
    made = Radicale("")

    def remembering(environ: dict[str, Any], start_response: Any) -> Any:
        made.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], "HTTP_AUTHORIZATION" in environ))
        return application(environ, start_response)

    with make_server("127.0.0.1", 0, remembering, handler_class=_Quiet) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        made.base = f"http://127.0.0.1:{server.server_port}"
        yield made
        server.shutdown()
        thread.join()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass
