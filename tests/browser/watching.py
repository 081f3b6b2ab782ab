"""Looks over the shoulder of every page: what a browser complains about fails the test that opened the page."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

TELL = "addEventListener('securitypolicyviolation', e => tellViolation(e.violatedDirective + ' ' + e.blockedURI))"
STATUS_LINE = "Failed to load resource: the server responded with a status of"
"""Chromium's console line for an answer of 400 and up; those are judged by themselves, with their address."""

NO_NETWORK = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
"""The same, while the test has taken the network away."""
NO_GROUND = re.compile(r"/tiles/[0-9]+/[0-9]+/[0-9]+$")
"""A piece of a map that is not there now (503); the page says so in words."""
NO_FAULTS = ("net::ERR_ABORTED", "net::ERR_INTERNET_DISCONNECTED")
"""The browser itself goes on to something else; the test took the network away."""
LATE_ICON = re.compile(r"/img/favicon\.svg$")
PASSED_ON = "net::ERR_FAILED"
"""The icon of a tab is fetched after everything else, so a test may take the network away while it is under way; where
a worker stands between, the browser calls that by this name. Nothing else is under way by then."""


@dataclass
class Watch:
    """What went wrong in the pages of one test. `hosts`: the only ones a page may speak to."""

    hosts: set[str]
    faults: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    pages: int = 0
    _expected: set[int] = field(default_factory=set)
    _met: set[int] = field(default_factory=set)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Within this block a page, or what a page asks, may come with one of these statuses; one must."""
        met = self._met = set[int]()
        self._expected = set(statuses)
        try:
            yield
        finally:
            self._expected = set()
        assert met, f"no page came with status {statuses}"

    def attach(self, context: BrowserContext) -> None:
        context.expose_binding("tellViolation", lambda _source, text: self.faults.append(f"policy: {text}"))
        context.add_init_script(TELL)
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_failed)
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob"):
            return
        self.visited.add(parts.netloc)
        if parts.netloc not in self.hosts:
            self.faults.append(f"another host: {request.url}")

    def _on_failed(self, request: Request) -> None:
        if request.failure == PASSED_ON and LATE_ICON.search(request.url):
            return
        if request.failure not in NO_FAULTS:
            self.faults.append(f"failed: {request.url} ({request.failure})")

    def _on_response(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        self.pages += is_page
        passed_on = response.request.service_worker is not None  # the same answer, on its way to the page
        asked = is_page or response.request.resource_type == "fetch"  # by a person, or by the page itself
        if (asked or passed_on) and response.status in self._expected:
            self._met.add(response.status)
        elif response.status == 503 and NO_GROUND.search(urlsplit(response.url).path):
            return
        elif response.status >= 400:
            self.faults.append(f"status {response.status}: {response.request.method} {response.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text.endswith(PASSED_ON) and LATE_ICON.search(message.location["url"]):
            return
        if message.type == "error" and not message.text.startswith((STATUS_LINE, NO_NETWORK)):
            self.faults.append(f"console: {message.text}")


def comes_true(page: Page, asked: str, arg: Any = None, within_s: float = 10) -> None:
    """Waits until what is asked of the page says yes. `page.wait_for_function` takes any promise for a yes."""
    until = time.monotonic() + within_s
    while not page.evaluate(asked, arg):
        assert time.monotonic() < until, f"it did not come true: {asked}"
        page.wait_for_timeout(20)
