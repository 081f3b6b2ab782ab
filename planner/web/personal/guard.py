"""The guard of a client's pages: the secret in the address opens them; no cookie counts, and nothing here sets one."""

from __future__ import annotations

import time
from collections import deque
from threading import Lock

from flask import Response, abort, current_app, g, make_response, render_template, request

from planner.services import client_page, sharing
from planner.web import here
from planner.web.assets import client_css_hash
from planner.web.headers import CSP
from planner.web.language import LANGUAGES

MARKER = "X-Planner-Page"
PREVIEW_AGENTS = (
    "whatsapp", "telegrambot", "slackbot", "facebookexternalhit", "twitterbot", "linkedinbot", "discordbot",
    "skypeuripreview", "googlebot", "bingbot", "applebot", "google-safety", "microsoft office", "ms-office",
    "outlook-linkpreview", "proofpoint", "mimecast", "barracuda", "safelinks", "signal-link-preview", "preview",
    "spider", "crawler", "bot/",
)  # fmt: skip
GUESSES, WINDOW_S = 30, 60.0


class Guesses:
    """Wrong tokens per network address in the last minute, in memory: enough against guessing, kept nowhere."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}
        self._lock = Lock()

    def too_many(self, address: str) -> bool:
        with self._lock:
            return len(self._recent(address)) >= GUESSES

    def count(self, address: str) -> None:
        with self._lock:
            if len(self._seen) > 10_000:
                self._seen.clear()
            self._seen.setdefault(address, deque()).append(time.monotonic())

    def _recent(self, address: str) -> deque[float]:
        times = self._seen.get(address, deque())
        while times and times[0] < time.monotonic() - WINDOW_S:
            times.popleft()
        return times


def guesses_here() -> Guesses:
    """The counts of this application: each process its own, and each application in a test."""
    found: Guesses = current_app.extensions.setdefault("guesses", Guesses())
    return found


def open_link() -> Response | None:
    """Before every page under /s/: who this is for, or the one answer for every link that does not open."""
    address = request.remote_addr or ""
    g.coach, g.language = None, request.accept_languages.best_match(LANGUAGES) or "nl"
    token = (request.view_args or {}).pop("token", "")
    opened = sharing.by_token(here.store(), token, here.now())
    if opened is None:
        guesses = guesses_here()
        if guesses.too_many(address):  # a link that opens is not held up by who guesses from the same network
            abort(429)
        guesses.count(address)
        return personal_headers(
            make_response(
                render_template("personal/gone.html", again=here.planner().settings.mails_links), 404
            )
        )
    if request.method in ("GET", "HEAD") and by_machine():
        return personal_headers(make_response(render_template("personal/neutral.html")))
    chosen = request.args.get("lang")
    g.opened = opened
    g.language = chosen if chosen in LANGUAGES else client_page.language_of(here.store(), opened)
    return None


def by_machine() -> bool:
    """Whether this is no person's navigation: HEAD, a known preview or scanner agent, or a fetch that is no page."""
    agent = request.headers.get("User-Agent", "").lower()
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    purpose = (request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")).lower()
    return (
        request.method == "HEAD"
        or any(name in agent for name in PREVIEW_AGENTS)
        or mode != "navigate"
        or "prefetch" in purpose
        or "preview" in purpose
    )


def personal_headers(response: Response) -> Response:
    """The style of the page is inside it, allowed by its hash."""
    response.headers["Content-Security-Policy"] = CSP.format(style=f"'self' {client_css_hash()}")
    response.headers["Vary"] = "Sec-Fetch-Mode, User-Agent, Accept-Language"
    return response
