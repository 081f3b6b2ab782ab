"""Manners of every answer: the same headers whatever the status, and no change on another's word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from planner.services.store import DatabaseBusy
from tests.address_book import Address, addresses, csrf, scratch
from tests.conftest import MONDAY, World
from tests.ground import Ground
from tests.page_client import Page

POSTS = [one for one in addresses(scratch()) if "POST" in one.methods]
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
CSP = (
    "default-src 'none'",
    "script-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


def wrong_password(world: World, times: int) -> Page:
    browser = world.browser()
    for _ in range(times):
        page = browser.get("/login").submit(email="anna@example.org", password="nee nee nee nee")
    return page


def faulty(world: World, error: Exception) -> Page:
    """What somebody signed in gets from a page that fails."""

    def fail() -> str:
        raise error

    world = world.on_its_own()
    world.app.add_url_rule("/fails", "fails", fail)
    return world.browser("anna").get("/fails")


def signed_out(world: World) -> Page:
    """A form that was open for so long that the sign-in is over."""
    browser = world.browser("anna")
    token = csrf(browser)
    world.set_clock(MONDAY + timedelta(hours=9))
    return browser.post("/settings", {"csrf_token": token})


def large(world: World) -> Page:
    browser = world.browser("anna")
    return browser.post("/settings", {"csrf_token": csrf(browser), "text": "x" * 1_100_000})


NAMELESS = b"--x\r\nContent-Disposition: form-data%s\r\n\r\nx\r\n--x--\r\n"


def nameless(world: World, part: bytes) -> Page:
    """A field, or a file, that has no name: no browser sends that."""
    body = {"content_type": "multipart/form-data; boundary=x", "data": NAMELESS % part}
    return world.browser("anna").open("POST", "/settings/keys", **body)


ANSWERS: dict[str, tuple[int, Callable[[World], Page]]] = {
    "a page": (200, lambda w: w.browser("anna").get("/")),
    "an open page": (200, lambda w: w.browser().get("/help")),
    "a file": (200, lambda w: w.browser().get("/static/0/css/app.css")),
    "go elsewhere": (303, lambda w: w.browser().get("/")),
    "no proof": (400, lambda w: w.browser("anna").post("/settings")),
    "a field without a name": (400, lambda w: nameless(w, b"")),
    "a file without a name": (400, lambda w: nameless(w, b'; filename="sheet"')),
    "signed out": (403, signed_out),
    "not there": (404, lambda w: w.browser("anna").get("/clients/1")),
    "no such address": (404, lambda w: w.browser().get("/nowhere")),
    "not this way": (405, lambda w: w.browser("anna").get("/logout")),
    "endless": (411, lambda w: w.browser("anna").post("/", headers={"Transfer-Encoding": "chunked"})),
    "too large": (413, large),
    "refused": (422, lambda w: wrong_password(w, 1)),
    "too often": (429, lambda w: wrong_password(w, 7)),
    "our fault": (500, lambda w: faulty(w, ZeroDivisionError("Kanariefout"))),
    "busy": (503, lambda w: faulty(w, DatabaseBusy())),
    "a closed link": (404, lambda w: w.browser().get("/s/none/")),
    "a closed feed": (404, lambda w: w.browser().get("/s/none/calendar.ics")),
    "a closed calendar": (404, lambda w: w.browser().get("/calendar/none.ics")),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_headers_whatever_the_status(world: World, kind: str) -> None:
    status, ask = ANSWERS[kind]
    page = ask(world)
    headers = page.response.headers
    assert page.status == status
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    for part in CSP:
        assert part in headers["Content-Security-Policy"], part
    assert "geolocation=()" in headers["Permissions-Policy"]
    personal = kind.startswith("a closed")
    assert headers["Referrer-Policy"] == ("no-referrer" if personal else "same-origin")
    assert (headers.get("X-Robots-Tag") is not None) == personal
    if kind != "a file":
        assert headers["Cache-Control"] == "no-store"
    assert "Kanariefout" not in page.text
    assert "Traceback" not in page.text


SHOWN = {
    "text/html", "text/css", "text/javascript", "text/plain", "image/png", "image/jpeg", "image/webp",
    "application/json", "application/geo+json",
}  # fmt: skip
"""What a browser may show: pages, what we ship, and pictures that we drew anew."""


def test_what_is_to_be_kept_is_saved_and_not_shown(ground: Ground) -> None:
    """3.2.1: a file of somebody's is never a page of ours, and no browser guesses what it is."""
    saved = set()
    for address in (one for one in addresses(scratch()) if "GET" in one.methods):
        browser = ground.world.browser(None if address.is_personal else "anna")
        answer = browser.http.get(address.filled(ground.own))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if answer.mimetype not in SHOWN:
            saved.add(answer.mimetype)
            assert answer.headers["Content-Disposition"].startswith("attachment"), address.line
    export = f"/clients/{ground.own.client}/export"
    taken = ground.world.browser("anna").get(export).submit(export).response
    assert taken.headers["Content-Disposition"].startswith("attachment")
    saved.add(taken.mimetype)
    assert saved == {"application/gpx+xml", "application/zip", "text/calendar"}


@pytest.mark.parametrize("address", POSTS, ids=[one.path for one in POSTS])
def test_no_change_on_anothers_word(ground: Ground, address: Address) -> None:
    """A field of nobody, a damaged one, somebody else's; and a right one sent from another site's page."""
    browser, before = ground.world.browser("anna"), ground.dump()
    path, token = address.filled(ground.own), csrf(browser)
    if not address.is_personal:
        for wrong in ("", "x" + token, csrf(ground.world.browser("bram"))):
            assert browser.post(path, {"csrf_token": wrong}).status == 400, wrong
    for site in ("cross-site", "same-site"):
        answer = browser.post(path, {"csrf_token": token}, headers={"Sec-Fetch-Site": site})
        assert answer.status == 400, site
    assert ground.dump() == before
