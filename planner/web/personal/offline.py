"""The worker that keeps a copy of the client's page on the phone (templates/personal/worker.js)."""

from __future__ import annotations

import hashlib

from flask import render_template

from planner.web.assets import smaller
from planner.web.personal.guard import ASKS, MARKER, personal_csp

SCRIPT_TYPE = "text/javascript; charset=utf-8"


def worker_script() -> str:
    """The same for every client who reads this page's language. Its first line is a hash of the rest: a browser takes
    a worker over as soon as a byte of it is another."""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": personal_csp(),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    offline, not_sent = render_template("personal/offline.html"), render_template("personal/not_sent.html")
    text = smaller(
        render_template(
            "personal/worker.js",
            offline=offline,
            not_sent=not_sent,
            headers=headers,
            marker=MARKER,
            asks=ASKS,
        )
    )
    return f"// {hashlib.sha256(text.encode()).hexdigest()[:12]}\n{text}\n"
