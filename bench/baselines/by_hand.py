"""(a2) The floor of a page with data: WSGI, sqlite3 and f-strings by hand, every text escaped."""

from __future__ import annotations

import sqlite3
import threading
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from bench.baselines.week import SQL, bounds, path, text

_LAYOUT = (Path(__file__).parent / "templates" / "base.html").read_text()
HEAD, TAIL = _LAYOUT.split("{% block main %}{% endblock %}")
HEAD = HEAD.replace("{% block who %}{% endblock %}", "") + "<h1>Week</h1>\n<table>\n<tbody>\n"
TAIL = "</tbody>\n</table>\n" + TAIL
_local = threading.local()


def _database() -> sqlite3.Connection:
    if not hasattr(_local, "database"):
        _local.database = sqlite3.connect(path(), isolation_level=None)
    found: sqlite3.Connection = _local.database
    return found


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    asked = parse_qs(environ["QUERY_STRING"])
    first, last = bounds(int(asked["week"][0]))
    out = [HEAD]
    found = _database().execute(SQL, (int(asked["coach"][0]), text(first), text(last)))
    for key, at, minutes, title, place, status, weather, name in found:
        out.append(
            f'<tr class="{escape(status)}"><td><time>{at}</time></td>'
            f'<td><a href="/client/{key}">{escape(name)}</a></td>'
            f'<td><a href="/walk/{key}">{escape(title)}</a></td><td>{escape(place)}</td><td>{minutes} min</td>'
            f"<td>{escape(weather)}</td></tr>\n"
        )
    out.append(TAIL)
    body = "".join(out).encode()
    start_response(
        "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    )
    return [body]
