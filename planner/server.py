"""How gunicorn serves the planner (read with `gunicorn -c python:planner.server`).

Two preloaded, warmed, frozen processes with four threads each. The engine is disposed before the fork, so that no two
processes share a connection.
"""

from __future__ import annotations

import gc
import logging
import re
import struct
import sys
import time
from contextlib import suppress
from functools import partial
from importlib import import_module
from selectors import EVENT_READ
from socket import SO_RCVTIMEO, SOL_SOCKET, socket
from typing import Any

from flask import Flask
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from planner.services import fixed_texts
from planner.services.toolkit.toolkit_data import shipped_toolkit

SILENT_FOR_S = 10
"""So long a connection may stay silent in the middle of what it says."""
TAKES_IN_FOR_S = 3
"""What a browser, or the proxy, has at hand is here by then."""
PAGES_USE = (
    "holidays",
    "icalendar",
    "segno",
    "planner.outside.exchanges",
    "planner.services.people.passkey_answers",
)
"""Days off by law, calendars, the QR of a link, tiles and loops, passkeys. Commands do without them, so no import at
start brings them. Pages use them: brought before the fork they are there once for all processes, and nobody waits for
them."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """Threads are for connections that speak.

    The base gives every new connection a thread and lets it wait five seconds there, so that eight silent ones (a
    browser opens them ahead) stop everything. Here a new connection waits beside the others, without a thread.
    """

    def accept(self, listener: socket) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # the other process took it, or it is gone already
        client.setsockopt(SOL_SOCKET, SO_RCVTIMEO, struct.pack("ll", SILENT_FOR_S, 0))
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + SILENT_FOR_S
        self.nr_conns += 1
        self.pending_conns.append(connection)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, connection))

    def handle_exit(self, sig: int, frame: Any) -> None:
        """A stop does not wait for who says nothing."""
        super().handle_exit(sig, frame)
        self.method_queue.defer(self._close_silent)

    def _close_silent(self) -> None:
        for connection in self.pending_conns:
            connection.timeout = 0.0
        self.murder_pending()


class Masked(logging.Formatter):
    """A line of the log without secrets: a request that cannot be read is logged as it came, with its address. After
    its question mark stands what somebody looked for, such as a word in a client's notes."""

    SECRET = re.compile(
        r"(?<=/s/)[^/\s'\"]+|(?<=/calendar/)[^/\s'\"]+|(?<=/setup/)[^/\s'\"]+|(?<=/reset/)[^/\s'\"]+|"
        r"(?<=/email/)[^/\s'\"]+|"
        r"(?<=\?).+|[A-Za-z0-9_-]{40,}"
    )

    def format(self, record: logging.LogRecord) -> str:
        return self.SECRET.sub("…", super().format(record))


class Log(Logger):  # type: ignore[misc]
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Masked(self.error_fmt, self.datefmt))


wsgi_app = "wsgi:app"
preload_app = True
workers = 2
worker_class = Worker
threads = 4
timeout = 30
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
accesslog = None  # it would hold the links of clients
logger_class = Log
forwarded_allow_ips = ""  # nobody's headers are believed here; in secure mode the application reads one hop
# over a unix socket gunicorn believes everybody: a visitor's SCRIPT_NAME would begin each link
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Before the fork: templates, words and what pages use are made ready once, stay out of the collector's way and are
    shared."""
    app: Flask = server.app.callable
    settings = app.extensions["planner"].settings
    if not settings.keys_are_kept:  # what is written under them nobody could ever read
        sys.exit(
            "Er zijn nog geen sleutels. Start met make run, of doe eerst: python -m planner.launcher --prepare"
        )
    for module in PAGES_USE:
        import_module(module)
    shipped_toolkit()
    fixed_texts.codes()
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    for language in ("nl", "en"):
        app.test_client().get("/login", headers={"Accept-Language": language})
    gc.collect()
    gc.freeze()


def post_request(_worker: Any, request: Any, _environ: Any, _answer: Any) -> None:
    """Who is told early that something is too large is still sending it. A line that is closed on them would take the
    answer away with it, so the rest is taken in first."""
    until_s = time.monotonic() + TAKES_IN_FOR_S
    with suppress(OSError):
        while time.monotonic() < until_s and request.body.read(65536):
            pass


def pre_fork(server: Any, _worker: Any) -> None:
    server.app.callable.extensions["planner"].store.db.dispose()
