"""Closed, except a short list: a new page is private without anyone thinking of it."""

from __future__ import annotations

from flask import Flask, abort, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from planner.services.people import sign_in
from planner.services.store import SignedIn
from planner.web import confirm, here, roles, signed_in

OPEN_ENDPOINTS = frozenset(
    {
        "static",
        "site.healthz",
        "site.robots",
        "site.help_page",
        "site.privacy",
        "site.licences",
        "account.login",
        "account.setup",
        "passkeys.to_use",
        "resets.ask",
        "resets.choose",
        "emails.confirm",
    }
)
"""Pages without sign-in."""
WITHOUT_SECOND_STEP = frozenset(
    {
        "account.logout",
        "security.overview",
        "security.second_step",
        "security.recovery_codes",
        "security.confirm",
        "passkeys.own",
        "passkeys.to_add",
    }
)
"""What a coach without a second step still reaches where one is compulsory: making one."""
HOME_PAGE = "agenda.week"
WITHOUT_COOKIE = ("personal.", "calendars.", "lost_link.")
"""Blueprints where no cookie counts: the secret in the address opens what is there, and each has a guard of its own."""


class SignInOver(Exception):
    """A change came from a browser whose sign-in is over: what was typed must not be lost."""


csrf = CSRFProtect()


def register(app: Flask) -> None:
    app.before_request(refuse_endless)
    app.before_request(
        refuse_other_sites
    )  # first: what it refuses gets no cookie, and no page to send it on with
    app.before_request(refuse_nameless)
    csrf.init_app(app)
    app.before_request(require_coach)


def refuse_endless() -> None:
    """Every browser says how much it sends. A body in pieces of unknown number is somebody who tries things."""
    if "Transfer-Encoding" in request.headers:
        abort(411)


def refuse_other_sites() -> None:
    """A change asked for by another site's page is never ours; nor by another program on this machine, whose port
    makes it the same site for a browser."""
    if changes() and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(400)


def refuse_nameless() -> None:
    """No browser sends a field without a name, and whoever reads a form counts on that."""
    if changes() and (None in request.form or None in request.files):
        abort(400)


def changes() -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS")


def is_open(endpoint: str | None) -> bool:
    return endpoint is None or endpoint in OPEN_ENDPOINTS or is_without_cookie(endpoint)


def is_without_cookie(endpoint: str | None) -> bool:
    return endpoint is not None and endpoint.startswith(WITHOUT_COOKIE)


def require_coach() -> BaseResponse | None:
    g.coach = None
    endpoint = request.endpoint
    if is_without_cookie(endpoint):
        return None
    token = signed_in.token()
    found = sign_in.who(here.store(), token, here.now()) if token else None
    if found is not None:
        g.coach, g.standing = found.coach, found
        if found.due:
            store, moment = here.store(), here.now()
            here.afterwards(lambda: sign_in.seen(store, token, moment))
        return _second_step_first(found) or _by_role(found.coach) or confirm.first()
    if is_open(endpoint):
        return None
    if token and changes():
        raise SignInOver
    where = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.login", next=where if where != "/" else None), 303)


def _second_step_first(found: sign_in.Found) -> BaseResponse | None:
    """Where the planner is on the internet, a password alone opens nothing (decision 2 of the security page)."""
    endpoint = request.endpoint
    if found.second or not here.planner().settings.secure:
        return None
    if is_open(endpoint) or endpoint in WITHOUT_SECOND_STEP:
        return None
    return redirect(url_for("security.overview"), 303)


def _by_role(coach: SignedIn) -> BaseResponse | None:
    """What is not for this role is not there; whoever has no week of their own begins elsewhere."""
    endpoint = request.endpoint
    if is_open(endpoint) or roles.may_open(coach.role, endpoint or "", changing=changes()):
        return None
    if endpoint != HOME_PAGE or coach.role not in roles.HOME:
        abort(404)
    return redirect(url_for(roles.HOME[coach.role]), 303)


def safe_next(target: str | None) -> str:
    """Where to go after signing in: an address of ours, or the week."""
    if not target or len(target) > 500 or target[0] != "/" or target[1:2] in ("/", "\\") or "\\" in target:
        return "/"
    if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in target):
        return "/"
    return target
