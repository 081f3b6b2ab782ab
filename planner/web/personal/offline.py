"""The worker that keeps a copy of the client's page on the phone (templates/personal/worker.js)."""

from __future__ import annotations

import hashlib

from flask import render_template
from flask_babel import gettext as _

from planner.web.assets import smaller
from planner.web.personal.guard import ASKS, MARKER, personal_csp

SCRIPT_TYPE = "text/javascript; charset=utf-8"


def _said() -> dict[str, str]:
    """What the worker says on its own page."""
    none = _("No internet.")
    unknown, later = (
        _("Your coach does not know it yet."),
        _("Go back and try again later. Calling or texting is fine too."),
    )
    return {
        "nothing": f"{none} {_('This page is not on your phone yet.')}",
        "not_sent": f"{none} {unknown} {later}",
        "no_map": f"{none} {_('The map cannot open now.')}",
        "not_now": f"{none} {_('This cannot open now.')}",
        "back": _("Back"),
    }


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
    text = smaller(
        render_template(
            "personal/worker.js",
            shell=render_template("personal/offline.html"),
            said=_said(),
            headers=headers,
            marker=MARKER,
            asks=ASKS,
        )
    )
    return f"// {hashlib.sha256(text.encode()).hexdigest()[:12]}\n{text}\n"
