"""The door to the network, against servers that behave, misbehave and lie."""

from __future__ import annotations

import gzip
import threading
import urllib.request
import zlib
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from planner.domain.needs import OutsideFailed
from planner.outside.http import MAX_BYTES, Door
from planner.outside.open_door import OpenDoor, public_or_home
from tests.outside.raw_server import WHOLE, Behaviour, drip, send, serving, silence
from tests.outside.test_mail import certificate

CONTACT = "coach@example.org"


def door(deadline_s: float = 10.0, contact: str | None = CONTACT) -> Door:
    return Door(lambda: contact, deadline_s)


def refusal(url: str, through: Door | None = None) -> str:
    with pytest.raises(OutsideFailed) as raised:
        (through or door()).get(url)
    assert raised.value.retry_after_s >= 30
    assert not [thread for thread in threading.enumerate() if thread.name == "outside"]
    return raised.value.kind


def test_it_says_who_asks_and_takes_gzip_and_keeps_no_cookie(httpserver: HTTPServer) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        packed = gzip.compress(b'{"a": 1}')
        return Response(packed, headers={"Content-Encoding": "gzip", "Set-Cookie": "a=b", "X-Odd": "yes"})

    httpserver.expect_request("/x").respond_with_handler(answer)
    got = door().get(httpserver.url_for("/x?lat=52.09"), {"If-Modified-Since": "yesterday"})
    door().get(httpserver.url_for("/x"))
    assert (got.status, got.body, got.headers["x-odd"]) == (200, b'{"a": 1}', "yes")
    assert seen[0].headers["User-Agent"] == "StapVoorStap/1.0 coach@example.org"
    assert "gzip" in seen[0].headers["Accept-Encoding"]
    assert seen[0].headers["If-Modified-Since"] == "yesterday"
    assert "Cookie" not in seen[1].headers
    assert "Authorization" not in seen[0].headers


@pytest.mark.parametrize("contact", [None, "", "  ", "a\r\nX-Evil: 1", "coach@voorbeeld.néderland"])
def test_without_a_usable_contact_nothing_is_called(httpserver: HTTPServer, contact: str | None) -> None:
    assert refusal(httpserver.url_for("/x"), door(contact=contact)) == "not_configured"
    assert httpserver.log == []


@pytest.mark.parametrize(
    "url",
    [
        "http://api.met.no/x",
        "http://127.0.0.1.example.org/x",
        "http://localhost.example.org/x",
        "http://192.168.1.1/x",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "https://me:pw@api.met.no/x",
        "http://me@127.0.0.1/x",
        "https:///x",
    ],
)
def test_only_https_or_this_machine(url: str) -> None:
    assert refusal(url) == "not_configured"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """12.3.1: of a service that we chose, and of a calendar that a coach chose. Nothing is asked there."""
    serving, trusting = certificate(tmp_path, "127.0.0.1")
    server = HTTPServer(host="127.0.0.1", ssl_context=serving)
    server.expect_request("/x").respond_with_data("{}")
    server.start()
    try:
        url = server.url_for("/x")
        assert refusal(url) == "unreachable"
        with pytest.raises(OutsideFailed, match="unreachable"):
            OpenDoor(public_or_home).ask(url)
        assert server.log == []
        with urllib.request.urlopen(url, context=trusting, timeout=10) as answer:
            assert answer.status == 200, "who trusts it gets an answer"
    finally:
        server.stop()


def test_proxies_and_netrc_of_the_machine_are_not_used(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    httpserver.expect_request("/x").respond_with_data("{}")
    assert door().get(httpserver.url_for("/x")).body == b"{}"


def test_any_status_is_an_answer(httpserver: HTTPServer) -> None:
    for status in (203, 304, 400, 403, 429, 500):
        httpserver.expect_ordered_request("/x").respond_with_data("", status=status)
    assert [door().get(httpserver.url_for("/x")).status for _ in range(6)] == [203, 304, 400, 403, 429, 500]


def test_a_redirect_on_the_same_host_is_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_data(
        "", status=301, headers={"Location": "/new", "Set-Cookie": "a=b"}
    )
    httpserver.expect_request("/new").respond_with_data("{}")
    got = door().get(httpserver.url_for("/old"))
    assert (got.status, got.body) == (200, b"{}")
    assert "Cookie" not in httpserver.log[1][0].headers


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "//evil.example/x",
        "http://127.0.0.1:1/x",
        "http://localhost:1/x",
        "http://localhost@evil.example/",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_elsewhere_is_refused(httpserver: HTTPServer, location: str) -> None:
    httpserver.expect_request("/x").respond_with_data("", status=302, headers={"Location": location})
    assert refusal(httpserver.url_for("/x")) == "redirected"
    assert len(httpserver.log) == 1


def test_a_redirect_to_no_address_at_all_is_refused() -> None:
    with serving(send(b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n")) as url:
        assert refusal(url) == "redirected"


def test_redirects_in_a_circle_end(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/x").respond_with_data("", status=302, headers={"Location": "/x"})
    assert refusal(httpserver.url_for("/x")) == "redirected"
    assert len(httpserver.log) == 4


def test_the_largest_body_is_taken_and_one_byte_more_is_not(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/fits").respond_with_data(b"x" * MAX_BYTES)
    httpserver.expect_request("/more").respond_with_data(b"x" * (MAX_BYTES + 1))
    httpserver.expect_request("/three").respond_with_data(b"x" * 3_000_000)
    assert len(door().get(httpserver.url_for("/fits")).body) == MAX_BYTES
    assert refusal(httpserver.url_for("/more")) == "too_large"
    assert refusal(httpserver.url_for("/three")) == "too_large"


def test_a_small_body_that_unpacks_to_fifty_megabytes_is_refused(httpserver: HTTPServer) -> None:
    packed = gzip.compress(b" " * 50_000_000, mtime=0)
    assert len(packed) < MAX_BYTES
    httpserver.expect_request("/x").respond_with_data(packed, headers={"Content-Encoding": "gzip"})
    assert refusal(httpserver.url_for("/x")) == "too_large"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(b"x" * 10_000, mtime=0)[:-12]),
        ("br", b"anything"),
        ("deflate", zlib.compress(b"{}")),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_garbage(
    httpserver: HTTPServer, encoding: str, body: bytes
) -> None:
    httpserver.expect_request("/x").respond_with_data(body, headers={"Content-Encoding": encoding})
    assert refusal(httpserver.url_for("/x")) == "garbage"


BROKEN: dict[str, Behaviour] = {
    "silence": silence,
    "headers that drip": drip(
        b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 300 + b"\r\nContent-Length: 2\r\n\r\n{}"
    ),
    "a body that drips": drip(WHOLE.replace(b"Content-Length: 2", b"Content-Length: 302") + b" " * 300),
    "half a body": send(WHOLE.replace(b"Content-Length: 2", b"Content-Length: 2000")),
    "half a chunk": send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"),
    "a chunk without a size": send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n{}"),
    "a closed door": send(b""),
    "not HTTP": send(b"220 mail.example.org ESMTP\r\n"),
    "an endless header": send(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000),
}


@pytest.mark.parametrize("behaviour", BROKEN.values(), ids=BROKEN.keys())
def test_an_answer_that_never_comes_whole_is_unreachable(behaviour: Behaviour) -> None:
    with serving(behaviour) as url:
        assert refusal(url, door(deadline_s=0.6)) == "unreachable"


def test_silence_in_the_handshake_is_unreachable() -> None:
    with serving(silence) as url:
        assert refusal(url.replace("http:", "https:"), door(deadline_s=0.6)) == "unreachable"


def test_the_same_drip_is_an_answer_when_there_is_time_for_it() -> None:
    with serving(drip(WHOLE)) as url:
        assert door(deadline_s=20).get(url).body == b"{}"


def test_nobody_there_is_unreachable() -> None:
    with serving(silence) as url:
        pass
    assert refusal(url) == "unreachable"
