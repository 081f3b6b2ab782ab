"""What a view works with in this request: the store, the clock, the coach."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, after_this_request, current_app, g

from planner.services.maps.tiles import Tiles
from planner.services.people import practices
from planner.services.privacy import audit
from planner.services.routes.loops import PathDesk
from planner.services.store import DatabaseBusy, SignedIn, Store
from planner.settings import Settings


@dataclass(frozen=True, slots=True)
class Planner:
    """What the application was wired with."""

    store: Store
    settings: Settings
    tiles_of: Callable[[Store, Settings], Tiles]
    paths: PathDesk | None = None
    """Only with a path engine of the practice's own."""


def planner() -> Planner:
    found: Planner = current_app.extensions["planner"]
    return found


def store() -> Store:
    return planner().store


def tiles() -> Tiles:
    """The map's tiles, through us."""
    return planner().tiles_of(store(), planner().settings)


def now() -> datetime:
    """This request's moment: the same for everything in it. Aware, UTC."""
    if "now" not in g:
        g.now = planner().settings.now()
    moment: datetime = g.now
    return moment


def coach() -> SignedIn:
    """The signed-in coach. Only for pages behind the guard."""
    found: SignedIn = g.coach
    return found


def local_now() -> datetime:
    """This request's moment on the wall of the practice. Only for pages behind the guard."""
    if "local_now" not in g:
        g.local_now = practices.local_now(store(), coach(), now())
    local: datetime = g.local_now
    return local


def today() -> date:
    """The practice's own day, which may be another than that of this machine."""
    return local_now().date()


def saw(*client_ids: int) -> None:
    """Note, after the answer has left, that the coach looked at these clients' files."""
    if client_ids:
        kept, moment, who = store(), now(), coach()
        afterwards(lambda: audit.saw_clients(kept, who, client_ids, moment))


def afterwards(action: Callable[[], None]) -> None:
    """Do something small when the answer has left. When the database is busy then, it is left out, with what comes
    after it: the person already has their page, the next one tries again, and somebody else waits for this process."""
    waiting: list[Callable[[], None]] | None = g.get("afterwards")
    if waiting is not None:
        waiting.append(action)
        return
    g.afterwards = all_of_them = [action]

    def quietly() -> None:
        with suppress(DatabaseBusy):
            for one in all_of_them:
                one()

    def when_answered(response: Response) -> Response:
        response.call_on_close(quietly)
        return response

    after_this_request(when_answered)
