"""The only way to the network: one exchange with limits: total time, size, where it may lead.

Nothing personal goes out: no cookies, no proxies or .netrc of the machine. `Door` is for the services we chose, and
says who asks; planner/outside/open_door.py is for addresses that a coach chose.
"""

from __future__ import annotations

import socket
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from threading import Thread, local
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from planner.domain.needs import OutsideFailed, OutsideKind

PRODUCT = "StapVoorStap/1.0"
DEADLINE_S = 10.0
MAX_BYTES = 2_000_000
MAX_HOPS = 3
_CHUNK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)
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
    made = _Exchange(question, follow, deadline_s, max_bytes, connect)
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


class _Exchange:
    """One question and its answer, redirects included, with a session of its own: nothing is left behind."""

    def __init__(
        self, question: Question, follow: Follow, deadline_s: float, max_bytes: int, connect: Connect | None
    ) -> None:
        self._question, self._next, self._connect = question, follow, connect
        self._deadline_s, self._max_bytes = deadline_s, max_bytes
        self._sockets: list[socket.socket] = []
        self.answer: Answer | None = None
        self.failure: OutsideFailed | None = None

    def run(self) -> None:
        try:
            with self._session() as session:
                self.answer = self._follow(session)
        except OutsideFailed as problem:
            self.failure = problem
        except (
            requests.RequestException,
            HTTPError,
            OSError,
            ValueError,
        ):  # ValueError: a name that cannot be one
            self.failure = failed("unreachable")  # the text of the cause may hold the address: it stays here
        finally:
            for guard in self._sockets:
                guard.close()

    def abandon(self) -> None:
        """Shut the connection under the thread that waits on it."""
        for guard in tuple(self._sockets):
            try:
                guard.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself meanwhile

    def _session(self) -> requests.Session:
        session = _Session()
        session.trust_env = False
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.headers.clear()
        for scheme in ("https://", "http://"):
            session.mount(scheme, _GuardedAdapter(self._sockets, self._connect))
        return session

    def _follow(self, session: requests.Session) -> Answer:
        asked = self._question
        for _ in range(MAX_HOPS + 1):
            with session.request(
                asked.method,
                asked.url,
                data=asked.body,
                headers=dict(asked.headers),
                timeout=self._deadline_s,
                stream=True,
                allow_redirects=False,
            ) as response:
                if response.status_code not in _REDIRECTS or "Location" not in response.headers:
                    named = {name.lower(): value for name, value in response.headers.items()}
                    body = _body(response, self._max_bytes)
                    return Answer(response.status_code, named, body, asked.url)
                asked = self._next(asked, response.headers["Location"], response.status_code)
        raise failed("redirected")


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


def _body(response: requests.Response, max_bytes: int) -> bytes:
    """The whole body, unpacked, or too_large; the limit holds for what arrives and for what it unpacks to."""
    raw = bytearray()
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        raw += chunk
        if len(raw) > max_bytes:
            raise failed("too_large")
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return bytes(raw)
    if encoding not in ("gzip", "x-gzip"):
        raise failed("garbage")
    return _gunzip(bytes(raw), max_bytes)


def _gunzip(raw: bytes, max_bytes: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(raw, max_bytes + 1)
    except zlib.error:
        raise failed("garbage") from None
    if len(body) > max_bytes:
        raise failed("too_large")
    if raw and not unpacker.eof:
        raise failed("garbage")  # cut off on its way
    return body


_here = local()


def _guarded(made: socket.socket) -> socket.socket:
    """Keep a second handle of a socket: shutting it shuts the connection, in the TLS handshake as well.

    Needed because a server that drips resets the timeout of every read.
    """
    _here.sockets.append(made.dup())
    return made


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """We follow redirects ourselves; the base would look at the target even when told not to follow."""


# a door with rules of its own makes the connection; else urllib3 does
class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        own: Connect | None = _here.connect
        return _guarded(own(self.host, self.port, self.timeout, True) if own else super()._new_conn())


class _Tls(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        own: Connect | None = _here.connect
        return _guarded(own(self.host, self.port, self.timeout, False) if own else super()._new_conn())


class _GuardedAdapter(HTTPAdapter):
    """Puts a handle of each connection it opens in `sockets`; whoever made the list closes them."""

    def __init__(self, sockets: list[socket.socket], connect: Connect | None) -> None:
        super().__init__()
        self._sockets, self._connect = sockets, connect

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """As the base does, with connections of our own kind; for the thread that calls."""
        _here.sockets, _here.connect = self._sockets, self._connect
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _Tls if pool.scheme == "https" else _Plain
        return pool
