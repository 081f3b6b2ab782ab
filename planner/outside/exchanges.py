"""One exchange with the network: the only module that speaks HTTP. It brings requests, so whoever only knows the door
(planner/outside/http.py) does without it."""

from __future__ import annotations

import socket
import zlib
from http.cookiejar import DefaultCookiePolicy
from threading import local
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from planner.domain.needs import OutsideFailed
from planner.outside.http import Answer, Connect, Follow, Question, failed

MAX_HOPS = 3
_CHUNK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)


class Exchange:
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
