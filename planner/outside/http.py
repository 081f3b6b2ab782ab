"""The only way to the network: one exchange with limits: total time, size, where it may lead.

Nothing personal goes out: no cookies, no proxies or .netrc of the machine. `Door` is for the services we chose, and
says who asks; planner/outside/open_door.py is for addresses that a coach chose.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from planner.domain.needs import OutsideFailed, OutsideKind

PRODUCT = "StapVoorStap/1.0"
DEADLINE_S = 10.0
MAX_BYTES = 2_000_000
_PAUSE_S: dict[OutsideKind, float] = {"unreachable": 30, "not_configured": 60}
_PAUSE_ELSE_S = 1800.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Any status, but never a redirect. `headers` by lower-case name; `body` decoded; `url`: where it came from."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent. `headers` may hold a password: not shown."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    method: str = "GET"
    body: bytes | None = None


Follow = Callable[[Question, str, int], Question]
"""What to ask after a redirect: the question before, the address it named, the status. Raises OutsideFailed."""
Connect = Callable[[str, int, Any, bool], socket.socket]
"""A connection to a host and port, with a timeout for each step; the last argument: without TLS. Raises OSError, or
OutsideFailed."""


@dataclass(frozen=True, slots=True)
class Door:
    """`contact` is asked at each call: the coach may give one after we started. Without it nothing is called."""

    contact: Callable[[], str | None]
    deadline_s: float = DEADLINE_S
    max_bytes: int = MAX_BYTES

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """GET within the limits. Raises OutsideFailed when there is no whole answer; any status is an answer."""
        question = Question(url, self._headers(headers or {}))
        _check(urlsplit(url))
        return exchange(question, _same_host, self.deadline_s, self.max_bytes)

    def _headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        contact = (self.contact() or "").strip()
        if not contact or not contact.isascii() or not contact.isprintable():
            raise failed("not_configured")
        # gzip only: that we unpack ourselves, within a limit
        ours = {
            "User-Agent": f"{PRODUCT} {contact}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        return {**ours, **extra}


def failed(kind: OutsideKind) -> OutsideFailed:
    """The error with its usual pause; whoever knows the service better gives another."""
    return OutsideFailed(kind, _PAUSE_S.get(kind, _PAUSE_ELSE_S))


def exchange(
    question: Question, follow: Follow, deadline_s: float, max_bytes: int, connect: Connect | None = None
) -> Answer:
    """One question and its answer. Raises OutsideFailed when there is no whole answer; any status is an answer.

    The exchange runs beside us: name look-up, handshake, headers and body together get `deadline_s`, whatever
    the other side drips. After that its socket is shut, which ends the thread too.
    """
    from planner.outside.exchanges import Exchange  # brings requests, for who really asks

    made = Exchange(question, follow, deadline_s, max_bytes, connect)
    thread = Thread(target=made.run, name="outside", daemon=True)
    thread.start()
    thread.join(deadline_s)
    if thread.is_alive():
        made.abandon()
        thread.join(0.5)
        raise failed("unreachable")
    if made.answer is None:
        raise made.failure or failed("unreachable")
    return made.answer


def _check(url: SplitResult) -> None:
    """https only, except to this machine; never a name or password in an address."""
    if url.username is not None or not url.hostname:
        raise failed("not_configured")
    if url.scheme != "https" and not (url.scheme == "http" and _is_loopback(url.hostname)):
        raise failed("not_configured")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _same_host(asked: Question, location: str, _status: int) -> Question:
    try:
        target = urljoin(asked.url, location)
        old, new = urlsplit(asked.url), urlsplit(target)
    except ValueError:
        raise failed("redirected") from None
    if (old.scheme, old.netloc) != (new.scheme, new.netloc):
        raise failed("redirected")
    return replace(asked, url=target)
