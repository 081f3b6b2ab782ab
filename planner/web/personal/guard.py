"""The guard of a client's pages: the secret in the address opens them; no cookie counts, and nothing here sets one."""

from __future__ import annotations

import time
from collections import deque
from threading import Lock

from flask import Response, abort, current_app, g, make_response, render_template, request

from planner.services.clients import sharing
from planner.web import here
from planner.web.assets import client_css_hash
from planner.web.headers import policy
from planner.web.language import LANGUAGES

MARKER = "X-Planner-Page"
"""On an answer: `walks` is the client's page, `gone` says that the link has just ended. No other answer has it."""
ASKS = "X-Planner-Worker"
"""On a request: the page's own worker asks for the page once more, to keep it."""
PREVIEW_AGENTS = (
    "whatsapp", "telegrambot", "slackbot", "facebookexternalhit", "twitterbot", "linkedinbot", "discordbot",
    "skypeuripreview", "googlebot", "bingbot", "applebot", "google-safety", "microsoft office", "ms-office",
    "outlook-linkpreview", "proofpoint", "mimecast", "barracuda", "safelinks", "signal-link-preview", "preview",
    "spider", "crawler", "bot/",
)  # fmt: skip
FETCHED = frozenset(
    {
        "personal.calendar_file", "personal.calendar_feed", "personal.worker", "personal.tile", "personal.picture",
        "personal.picture_png", "personal.photo", "personal.walk_line",
    }
)  # fmt: skip
"""What programs fetch, the browser among them: no person's navigation, and still what they are for."""
FEEDS = frozenset({"personal.calendar_feed"})
"""What the token of a feed opens, and no other (decision 9)."""
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
    g.coach, g.language = None, request.accept_languages.best_match(LANGUAGES) or "nl"
    token = (request.view_args or {}).pop("token", "")
    kind = sharing.FEED if request.endpoint in FEEDS else sharing.PAGE
    opened = sharing.by_token(here.store(), token, here.now(), kind)
    if opened is None:
        count_guess()
        again = here.planner().settings.mails_links
        return personal_headers(make_response(render_template("personal/gone.html", again=again), 404))
    if request.method in ("GET", "HEAD") and request.endpoint not in FETCHED and by_machine():
        return personal_headers(make_response(render_template("personal/neutral.html")))
    chosen = request.args.get("lang")
    g.opened = opened
    g.language = chosen if chosen in LANGUAGES else opened.language
    return None


def count_guess() -> None:
    """A token that does not open: 429 after too many from one network address. One that opens is not held up by who
    guesses from the same network."""
    guesses, address = guesses_here(), request.remote_addr or ""
    if guesses.too_many(address):
        abort(429)
    guesses.count(address)


def by_machine() -> bool:
    """Whether this is no person's navigation: HEAD, a known preview or scanner agent, or a fetch that is no page and
    does not come from the page's own worker."""
    agent = request.headers.get("User-Agent", "").lower()
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    own = ASKS in request.headers and request.headers.get("Sec-Fetch-Site") == "same-origin"
    purpose = (request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")).lower()
    return (
        request.method == "HEAD"
        or any(name in agent for name in PREVIEW_AGENTS)
        or (mode != "navigate" and not own)
        or "prefetch" in purpose
        or "preview" in purpose
    )


def personal_csp() -> str:
    """The style of the page is inside it, allowed by its hash."""
    return policy(f"'self' {client_css_hash()}")


def personal_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = personal_csp()
    response.headers["Vary"] = f"Sec-Fetch-Mode, User-Agent, Accept-Language, {ASKS}"
    return response
