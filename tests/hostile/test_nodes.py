"""The shipped proxy before several nodes: who gets what when one is away, unwell, or goes in the middle of a request.
The nodes are stand-ins that count. Real ones: tests/faults/test_two_nodes.py."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests

from tests.faults.running import wait_until
from tests.hostile.shipped import line_to, proxied
from tests.local_server import free_port
from tests.test_over_tls import Visitor

CHECKED_WITHIN_S = 3
"""Every two seconds the proxy asks how a node is."""
BODIES = 24


class Node(ThreadingHTTPServer):
    """Answers with the digest of what it took. `hangs_up`: takes a request and closes the line instead."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.taken: list[str] = []
        self.checks: list[tuple[str, str]] = []
        self.well, self.hangs_up = True, False
        super().__init__(("127.0.0.1", port), _Answering)
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Node

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/healthz":
            self.server.checks.append((self.headers["Host"], self.headers["X-Forwarded-Proto"]))
            self._say(200 if self.server.well else 503, b"")
            return
        self.server.taken.append(self.command)
        if self.server.hangs_up:
            self.close_connection = True
        else:
            self._say(200, sha256(body).hexdigest().encode())

    do_GET = do_HEAD = do_POST = do_DELETE = _answer

    def _say(self, status: int, text: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def fronted(folder: Path, ports: list[int], *nodes: Node) -> Iterator[Visitor]:
    """A browser before the proxy, once these nodes are known to be well."""
    upstream = " ".join(f"127.0.0.1:{port}" for port in ports)
    with proxied(folder, free_port(), upstream) as (proxy, _plain), ExitStack() as stack:
        for node in nodes:
            stack.callback(node.stop)
        visitor = Visitor(proxy)
        stack.callback(visitor.http.close)
        wait_until(lambda: all(node.checks for node in nodes), 20)
        wait_until(lambda: _told(visitor), 20)
        for node in nodes:
            node.taken.clear()
        yield visitor


@pytest.mark.parametrize("method", ["POST", "DELETE", "GET", "HEAD"])
def test_what_may_have_been_taken_is_sent_again_only_when_it_reads(tmp_path: Path, method: str) -> None:
    """Two nodes, one of which takes what comes and dies of it."""
    ports = [free_port(), free_port()]
    well, dying = nodes = [Node(port) for port in ports]
    dying.hangs_up = True
    reads = method in ("GET", "HEAD")
    with fronted(tmp_path, ports, *nodes) as visitor:
        seen = []
        for _ in range(BODIES):
            data = None if reads else b"a=b"
            answer = visitor.http.request(method, visitor.proxy.base + "/x", data=data, timeout=60)
            seen.append(answer.status_code)
            assert answer.status_code == 200 or "De planner is er even niet" in answer.text
    lost = len(dying.taken)
    assert lost, "it was in the middle of one"
    assert lost <= 3, "and gets no more after three"
    assert len(well.taken) == BODIES - (0 if reads else lost)
    assert seen.count(200) == len(well.taken) and set(seen) <= {200, 502}
    assert reads == (set(seen) == {200})


def test_who_is_away_is_passed_by_and_every_body_comes_whole(tmp_path: Path) -> None:
    """It was there a moment ago: each request that meets a closed door goes to the other, with its own body."""
    ports = [free_port(), free_port()]
    stays, goes = Node(ports[0]), Node(ports[1])
    with fronted(tmp_path, ports, stays, goes) as visitor, ThreadPoolExecutor(8) as many:
        goes.stop()
        bodies = [os.urandom(1000 + 40_000 * number) for number in range(BODIES)]
        answers = list(many.map(lambda body: visitor.http.post(visitor.proxy.base, body, timeout=60), bodies))
    assert [one.status_code for one in answers] == [200] * BODIES
    assert [one.text for one in answers] == [sha256(body).hexdigest() for body in bodies]
    assert len(stays.taken) == BODIES


def test_who_says_it_is_not_well_gets_nothing_until_it_is(tmp_path: Path) -> None:
    """It is asked by the name and the line that the planner insists on."""
    ports = [free_port(), free_port()]
    well, unwell = nodes = [Node(port) for port in ports]
    with fronted(tmp_path, ports, *nodes) as visitor:
        unwell.well = False
        time.sleep(CHECKED_WITHIN_S)
        taken = len(unwell.taken)
        assert {visitor.post("/", {"a": "b"}).status_code for _ in range(BODIES)} == {200}
        assert len(unwell.taken) == taken
        unwell.well, well.well = True, False
        time.sleep(CHECKED_WITHIN_S)
        assert visitor.post("/", {"a": "b"}).status_code == 200
        assert len(unwell.taken) == taken + 1
    assert set(well.checks) == {("localhost", "https")}


def test_with_nobody_there_a_form_waits_ten_seconds(tmp_path: Path) -> None:
    """A restart is a pause for who sends something as well; longer is told, always in the same way."""
    port = free_port()
    with proxied(tmp_path, free_port(), f"127.0.0.1:{port}") as (proxy, _plain):
        visitor = Visitor(proxy)
        told: list[requests.Response] = []
        wait_until(lambda: _told(visitor, told), 30)
        assert (told[0].status_code, told[0].headers["Retry-After"]) == (502, "30")
        with ThreadPoolExecutor() as beside:
            sent = beside.submit(visitor.post, "/", {"a": "b"})
            time.sleep(2)
            assert not sent.done()
            node = Node(port)
            assert sent.result().status_code == 200
        node.stop()
        assert node.taken == ["POST"]
        visitor.http.close()


def test_half_a_request_reaches_nobody(tmp_path: Path) -> None:
    """Whoever sends it goes away in the middle."""
    port = free_port()
    node = Node(port)
    with fronted(tmp_path, [port], node) as visitor:
        for _ in range(3):
            with line_to(visitor.proxy) as line:
                line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        assert visitor.post("/", {"a": "b"}).status_code == 200
        time.sleep(0.5)
        assert node.taken == ["POST"]


def _told(visitor: Visitor, told: list[requests.Response] | None = None) -> bool:
    """Whether the proxy is there, and what it said."""
    try:
        answer = visitor.post("/", {"a": "b"})
    except requests.ConnectionError:
        return False
    if told is not None:
        told.append(answer)
    return True
