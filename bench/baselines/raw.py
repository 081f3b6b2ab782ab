"""(a) The floor of the server: six kilobytes that are ready."""

from __future__ import annotations

from typing import Any

BODY = b"<!doctype html>" + b"x" * (6 * 1024 - 15)
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def app(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", HEADERS)
    return [BODY]
