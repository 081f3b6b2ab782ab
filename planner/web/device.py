"""What this one device may do, in a cookie of its own: it outlives signing out, and says nothing about anybody."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from planner.domain.clients import ClientName
from planner.domain.sharing import FIRST_NAME, INITIALS, name_in_title
from planner.web import here
from planner.web.forms import as_id

A_YEAR_S = 365 * 86_400
WAITING = ("waits", "lines")
"""Cookies in which the scripts say what was not sent yet."""
NAMES = (FIRST_NAME, INITIALS)
"""What a walk sheet may call a client."""


@dataclass(frozen=True, slots=True)
class Device:
    """`keeps`: the sheet and the note on the way may stay here without a network. `names`: how the sheet says whom one
    walks with."""

    keeps: bool = True
    names: str = FIRST_NAME

    def name_of(self, name: ClientName) -> str:
        return name_in_title(self.names, name.first_name, name.last_name)


def _cookie(name: str) -> str:
    return f"__Host-{name}" if here.planner().settings.secure else name


def current() -> Device:
    keeps, _, names = request.cookies.get(_cookie("device"), "").partition(".")
    return Device(keeps != "no", names if names in NAMES else FIRST_NAME)


def remember(response: Response, device: Device) -> None:
    said = f"{'yes' if device.keeps else 'no'}.{device.names}"
    secure = here.planner().settings.secure
    response.set_cookie(
        _cookie("device"), said, max_age=A_YEAR_S, secure=secure, httponly=True, samesite="Lax"
    )


def mark() -> str:
    """Tells coaches on one device apart without saying who they are; the same at every sign-in. Nobody: nothing."""
    coach = g.get("coach")
    return here.store().vault.lookup_digest("device", str(coach.id)).hex()[:16] if coach else ""


def waiting() -> tuple[int, ...]:
    """Walks whose note this coach wrote on this device and did not send yet, as a page says
    (static/js/kept_notes.js)."""
    said = _waits("waits").get(mark(), "")
    return tuple(walk_id for one in said.split("-") if (walk_id := as_id(one)) is not None)[:20]


def drawings() -> tuple[int | None, ...]:
    """Routes this coach drew on here and did not save yet (static/js/kept_lines.js); None: a new one."""
    said = _waits("lines").get(mark(), "").split("-")[:20]
    known = (one for one in map(as_id, said) if one is not None)
    return (*((None,) if "new" in said else ()), *known)


def others_wait() -> bool:
    """Whether a note or a drawing of another coach waits on this device."""
    return any(_waits(name).keys() - {mark()} for name in WAITING)


def has_lines() -> bool:
    """Whether anybody's drawing waits here: it has its end."""
    return bool(_waits("lines"))


def _waits(name: str) -> dict[str, str]:
    """Walks or routes by the mark of the coach: mark.5-7_mark.9."""
    parts = (one.partition(".") for one in request.cookies.get(_cookie(name), "").split("_"))
    return {whose: ids for whose, _, ids in parts if ids}


def has_copies() -> bool:
    """Whether walk sheets were kept on this device (static/js/copies.js)."""
    return bool(request.cookies.get(_cookie("copies")))


def forget_all(response: Response, *, but_drafts: bool = False) -> None:
    """Everything kept here goes, but what the coach chose for this device. While something of another coach waits here,
    the drafts stay: the next page's script takes away those of this coach. That the copies are gone is for that script
    to say, once it has taken them away: where that page never came, the next one brings it again."""
    but_drafts = but_drafts or others_wait()
    response.headers["Clear-Site-Data"] = '"cache"' if but_drafts else '"cache", "storage"'
    for name in () if but_drafts else (*WAITING, "copies"):
        response.delete_cookie(_cookie(name), secure=here.planner().settings.secure, samesite="Strict")
