"""A browser without a network: asks a WSGI application, keeps its cookies, and says what the answer cost."""

from __future__ import annotations

import http.cookies
import io
import re
import sys
import time
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

_FIELD = re.compile(r"<(?:input|button)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z_-]+)(?:="([^"]*)")?')


def session_cookie(token: str, secret_key: bytes) -> str:
    """What a browser sends that is signed in."""
    from flask import Flask
    from flask.sessions import SecureCookieSessionInterface

    signing = Flask("bench")
    signing.secret_key = secret_key
    signer = SecureCookieSessionInterface().get_signing_serializer(signing)
    assert signer is not None
    return str(signer.dumps({"token": token}))


@dataclass(frozen=True)
class Answer:
    """`cpu_s`, `wall_s`: of the answer and of what is done after it has left."""

    status: int
    headers: dict[str, str]
    body: bytes
    cpu_s: float
    wall_s: float

    def fields(self) -> dict[str, str]:
        """The hidden fields and ticked choices on this page."""
        found = {}
        for tag in _FIELD.findall(self.body.decode()):
            given = dict(_ATTRIBUTE.findall(tag))
            kind = given.get("type", "text")
            if "name" in given and (
                kind == "hidden" or (kind in ("radio", "checkbox") and "checked" in given)
            ):
                found[given["name"]] = unescape(given["value"])
        return found


class Browser:
    def __init__(self, app: Any) -> None:
        self._app = app
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, **fields: str) -> Answer:
        return self._ask("POST", path, urlencode(fields).encode(), {})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        environ = self._environ(method, path, body, headers)
        told: dict[str, Any] = {}

        def start(status: str, sent: list[tuple[str, str]], _failure: object = None) -> None:
            told["status"], told["headers"] = status, sent

        wall, cpu = time.perf_counter(), time.process_time()
        answer = self._app(environ, start)
        read = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        for name, value in told["headers"]:
            if name.lower() == "set-cookie":
                self.cookies |= {one.key: one.value for one in http.cookies.SimpleCookie(value).values()}
        return Answer(int(told["status"][:3]), dict(told["headers"]), read, cpu, wall)

    def _environ(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        where, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": where,
            "QUERY_STRING": query,
            "RAW_URI": path,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_USER_AGENT": "bench",
            "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_LANGUAGE": "nl",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
