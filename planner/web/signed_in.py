"""The browser of this request and its sign-in: its cookie, where it comes from, and the site its passkeys belong to."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.people import devices, sign_in, throttle
from planner.services.people.passkeys import Site
from planner.services.people.sign_in import Half, Origin
from planner.web import here
from planner.web.account.agents import agent_of

TOKEN, HALF = "token", "half"  # names in the session cookie
A_YEAR_S = 365 * 86_400


def token() -> str:
    return str(session.get(TOKEN) or "")


def agent() -> str:
    return agent_of(request.user_agent.string)


def origin(email: str) -> Origin:
    """Where this request comes from, for somebody who says to be this one."""
    known = devices.known_here(here.store(), email, _marks())
    return Origin(request.remote_addr or "", known, agent())


def is_known(coach_id: int | None) -> bool:
    """Whether this coach signed in from here before."""
    return bool(throttle.known_mark(here.store(), coach_id or 0, _marks()))


def _cookie() -> str:
    return "__Host-known" if here.planner().settings.secure else "known"


def _marks() -> str:
    return request.cookies.get(_cookie(), "")[:500]


def welcome(new: str, target: str) -> Response:
    """Signed in from here on; the next time this device is known."""
    session.clear()
    session[TOKEN] = new
    response = redirect(target, 303)
    found = sign_in.who(here.store(), new, here.now())
    if found is not None:
        marks = devices.remembers(here.store(), found.coach, _marks())
        secure = here.planner().settings.secure
        response.set_cookie(_cookie(), marks, max_age=A_YEAR_S, secure=secure, httponly=True, samesite="Lax")
    return response


def note_failure(wrong: sign_in.Wrong) -> None:
    """When the answer has left."""
    store, now = here.store(), here.now()
    here.afterwards(lambda: sign_in.note_failure(store, wrong, now))


def renew(new: str) -> None:
    """The same browser with another token; forms that stand open elsewhere still count."""
    session[TOKEN] = new


def too_many(wait: throttle.TooManyTries) -> str:
    minutes = -(-wait.wait_s // 60)
    return str(_("Too many tries. Wait %(minutes)s minutes and try again.", minutes=minutes))


def keep_half(half: Half) -> None:
    session[HALF] = [half.coach_id, half.owner_id, half.at_s, half.mark]


def half() -> Half | None:
    """The first step, when it was done in this browser."""
    kept = session.get(HALF)
    return Half(*kept) if isinstance(kept, list) and len(kept) == 4 else None


def drop_half() -> None:
    session.pop(HALF, None)


def site() -> Site | None:
    """None where browsers make no passkeys: at an address of numbers, such as 127.0.0.1."""
    settings = here.planner().settings
    if settings.secure:
        parts = urlsplit(settings.base_url or "")
        return Site(parts.hostname or "", f"https://{parts.netloc.lower().removesuffix(':443')}")
    name = request.host.partition(":")[0]
    return Site(name, f"http://{request.host}") if name == "localhost" else None
