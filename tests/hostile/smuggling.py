"""Requests that a proxy and a server might read in two ways, each hiding a second one. `POISON` is what hides."""

from __future__ import annotations

import re
import socket

HOST = b"Host: localhost\r\n"
POISON = b"GET /healthz?hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def post(*lines: bytes, body: bytes = POISON) -> bytes:
    head = b"".join(line + b"\r\n" for line in lines)
    return b"POST /login HTTP/1.1\r\n" + HOST + FORM + head + b"\r\n" + body


def chunked(size: bytes, *, te: bytes = b"Transfer-Encoding: chunked", end: bytes = b"\r\n") -> bytes:
    return post(te, body=size + end + b"a=b" + end + b"0" + end + end + POISON)


TWO = b"Content-Length: %d" % len(POISON)
CASES: dict[str, bytes] = {
    "CL.TE": post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + POISON),
    "TE.CL": post(
        b"Transfer-Encoding: chunked", b"Content-Length: 4", body=b"5c\r\n" + POISON + b"\r\n0\r\n\r\n"
    ),
    "TE.TE": post(
        b"Content-Length: 5",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: x",
        body=b"0\r\n\r\n" + POISON,
    ),
    "chunked twice": chunked(b"3", te=b"Transfer-Encoding: chunked, chunked"),
    "chunked not last": chunked(b"3", te=b"Transfer-Encoding: chunked, identity"),
    "xchunked": post(b"Content-Length: 5", b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + POISON),
    "a tab before chunked": post(
        b"Content-Length: 5", b"Transfer-Encoding:\tchunked", body=b"0\r\n\r\n" + POISON
    ),
    "a space before the colon": post(b"Content-Length : 5", TWO),
    "TE with a space before the colon": post(
        b"Content-Length: 5", b"Transfer-Encoding : chunked", body=b"0\r\n\r\n" + POISON
    ),
    "two lengths": post(b"Content-Length: 0", TWO),
    "two lengths, the other first": post(TWO, b"Content-Length: 0"),
    "two lengths in a list": post(b"Content-Length: 0, %d" % len(POISON)),
    "a length with a plus": post(b"Content-Length: +0"),
    "a negative length": post(b"Content-Length: -1"),
    "a hexadecimal length": post(b"Content-Length: 0x0"),
    "a length with a space in it": post(b"Content-Length: 0 0"),
    "bare line feeds in the head": b"POST /login HTTP/1.1\nHost: localhost\nContent-Length: 0\n\n" + POISON,
    "a bare line feed in a value": post(b"X: a\nContent-Length: 0", TWO),
    "a bare carriage return": post(b"X: a\rContent-Length: 0", TWO),
    "a folded line": post(b"X: a\r\n Content-Length: 0", TWO),
    "a folded coding": post(
        b"Content-Length: 5", b"Transfer-Encoding:\r\n chunked", body=b"0\r\n\r\n" + POISON
    ),
    "nothing before the colon": post(b": a", b"Content-Length: 0"),
    "no colon": post(b"Content-Length 0", b"X"),
    "a nul in a value": post(b"X: a\0b", b"Content-Length: 0"),
    "a chunk extension with a line feed": chunked(b"3;a\nb"),
    "a chunk extension with a carriage return": chunked(b"3;a\rb"),
    "a chunk size with a plus": chunked(b"+3"),
    "a chunk size with an underscore": chunked(b"0_3"),
    "a chunk size of 0x": chunked(b"0x3"),
    "a chunk size too large": chunked(b"fffffffffffffffff3"),
    "chunks ended by line feeds": chunked(b"3", end=b"\n"),
    "a chunk longer than it says": post(
        b"Transfer-Encoding: chunked", body=b"1\r\nabcd\r\n0\r\n\r\n" + POISON
    ),
    "two hosts": b"GET /login HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "no host": b"GET /login HTTP/1.1\r\n\r\n",
    "an address with another host": b"GET http://evil.example/login HTTP/1.1\r\n" + HOST + b"\r\n",
    "a body with a GET": b"GET /login HTTP/1.1\r\n" + HOST + TWO + b"\r\n\r\n" + POISON,
    "a line of spaces": b"GET  /login  HTTP/1.1\r\n" + HOST + b"\r\n",
    "version 2 in words": b"GET /login HTTP/2.0\r\n" + HOST + b"\r\n",
    "the start of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + POISON,
    "asking for h2c": b"GET /login HTTP/1.1\r\n"
    + HOST
    + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    "a header that hides itself": post(b"Connection: Content-Length", TWO),
    "an expectation": post(b"Expect: 100-continue", TWO),
}


def answers_to(line: socket.socket, request: bytes) -> tuple[list[int], bytes]:
    """The statuses that come back, until the other side is done or says nothing for a while."""
    line.sendall(request)
    said = b""
    try:
        while piece := line.recv(65536):
            said += piece
            if len(said) > 1_000_000:
                break
    except (TimeoutError, ConnectionError):
        pass
    statuses = [int(one) for one in re.findall(rb"(?:^|\n|>|\})HTTP/1\.[01] (\d{3}) ", said)]
    return [one for one in statuses if one != 100], said
