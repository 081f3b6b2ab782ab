"""The tile client against a server that does everything wrong, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from planner.domain.needs import OutsideFailed, TileSource
from planner.domain.tiles import Tile
from planner.outside.http import Door
from planner.outside.tiles import TILE_BYTES, TemplateTiles
from tests.mapping import plain_tile
from tests.outside.raw_server import Behaviour, drip, send, serving, silence
from tests.tile_server import PATH, TileServer, a_tile, tile_server

TILE = Tile(14, 8424, 5405)
PNG = plain_tile()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(PNG) + PNG


@pytest.fixture
def server() -> Iterator[TileServer]:
    with tile_server() as made:
        yield made


def source(template: str, contact: str | None = "coach@example.org", deadline_s: float = 3.0) -> TileSource:
    return TemplateTiles(Door(lambda: contact, deadline_s, TILE_BYTES), template)


def trouble(tiles: TileSource) -> tuple[str, float]:
    with pytest.raises(OutsideFailed) as raised:
        tiles.fetch(TILE)
    return raised.value.kind, raised.value.retry_after_s


def test_it_says_who_asks_and_nothing_else(server: TileServer) -> None:
    assert source(server.template).fetch(TILE) == PNG
    [(path, headers)] = server.asked
    assert path == "/14/8424/5405.png"
    assert headers["user-agent"] == "StapVoorStap/1.0 coach@example.org"
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_three_kinds_of_picture(server: TileServer, kind: str) -> None:
    server.answer = lambda _path: a_tile(kind)
    assert source(server.template).fetch(TILE) == plain_tile(kind=kind.upper())


HTML = b"<!doctype html><title>Sign in to this network</title>"
WRONG: dict[str, tuple[tuple[int, dict[str, str], bytes], str, float]] = {
    "it does not want us": ((403, {}, b""), "refused", 3600),
    "who are you": ((401, {}, b""), "refused", 3600),
    "not there": ((404, {}, b"no"), "not_covered", 86_400),
    "gone": ((410, {}, b"no"), "not_covered", 86_400),
    "too often": ((429, {}, b""), "throttled", 600),
    "too often, and for how long": ((429, {"Retry-After": "1800"}, b""), "throttled", 1800),
    "too often, for ever": ((429, {"Retry-After": "9999999"}, b""), "throttled", 3600),
    "too often, in words": ((429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, b""), "throttled", 600),
    "its fault": ((500, {}, b"oops"), "failing", 60),
    "busy": ((503, {"Retry-After": "300"}, b""), "failing", 300),
    "asked wrongly": ((400, {}, b""), "bad_request", 3600),
    "nothing in it": ((204, {}, b""), "garbage", 120),
    "a page": ((200, {"Content-Type": "text/html"}, HTML), "garbage", 120),
    "a page that says it is a picture": ((200, {"Content-Type": "image/png"}, HTML), "garbage", 120),
    "a picture that says it is a page": ((200, {"Content-Type": "text/html"}, PNG), "garbage", 120),
    "a drawing": ((200, {"Content-Type": "image/svg+xml"}, b"<svg/>"), "garbage", 120),
    "no type": ((200, {}, PNG), "garbage", 120),
    "empty": ((200, {"Content-Type": "image/png"}, b""), "garbage", 120),
    "too large": ((200, {"Content-Type": "image/png"}, PNG + b"x" * TILE_BYTES), "too_large", 120),
    "elsewhere": ((302, {"Location": "http://127.0.0.2:1/14/1/1.png"}, b""), "redirected", 600),
    "elsewhere, by name": ((301, {"Location": "https://tiles.example.org/1.png"}, b""), "redirected", 600),
    "round and round": ((302, {"Location": "/14/8424/5405.png"}, b""), "redirected", 600),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_a_server_can_do_wrong(server: TileServer, case: str) -> None:
    answer, kind, pause_s = WRONG[case]
    server.answer = lambda _path: answer
    assert trouble(source(server.template)) == (kind, pause_s)


def test_it_may_point_elsewhere_on_itself(server: TileServer) -> None:
    moved = (302, {"Location": "/new/1.png"}, b"")
    server.answer = lambda path: a_tile() if path.startswith("/new") else moved
    assert source(server.template).fetch(TILE) == PNG


RAW: dict[str, Behaviour] = {
    "silence": silence,
    "a drop at a time": drip(WHOLE),
    "half a body": send(WHOLE[:-40]),
    "half a head": send(HEAD[:30]),
    "nothing": send(b""),
    "noise": send(b"\x00\xff" * 50),
}


@pytest.mark.parametrize("case", RAW)
def test_below_http(case: str) -> None:
    with serving(RAW[case]) as base:
        began = time.monotonic()
        found = trouble(source(base + PATH, deadline_s=0.3))
        assert found == ("unreachable", 30) or (case == "half a head" and found == ("garbage", 120)), found
        assert time.monotonic() - began < 1.5


NOT_ASKED: dict[str, Callable[[str], TileSource]] = {
    "nobody said who asks": lambda base: source(base + PATH, contact=None),
    "plain http to the world": lambda _: source("http://tiles.example.org" + PATH),
}


@pytest.mark.parametrize("case", NOT_ASKED)
def test_not_even_asked(server: TileServer, case: str) -> None:
    assert trouble(NOT_ASKED[case](server.base)) == ("not_configured", 60)
    assert server.asked == []


def test_nobody_there() -> None:
    assert trouble(source("http://127.0.0.1:9" + PATH)) == ("unreachable", 30)
