"""One walk of a client's page on a big map: the line they walk, where they meet, and what anybody finds on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from planner.domain.geo import Point
from planner.formats.drawn import write_map
from planner.services.clients import client_page
from planner.services.clients.client_page import SharedPlace, SharedWalk
from planner.services.clients.sharing import Opened
from planner.services.routes.drawn_routes import meeting
from planner.services.store import NotFound, Store


def walk(store: Store, opened: Opened, walk_id: int, language: str, now: datetime) -> SharedWalk:
    """A coming walk of the page, where a map has something to show. Raises NotFound for any other."""
    page = client_page.page(store, opened, language, now)
    planned = [one for one in (page.next, *page.later) if one is not None]
    found = next((one for one in planned if one.id == walk_id), None)
    if found is None or not found.on_a_map:
        raise NotFound
    return found


def line_of(
    shared: SharedWalk, place_words: Callable[[SharedPlace], str], meeting_words: Callable[[str], str]
) -> bytes:
    """The same as GeoJSON."""
    meets = meeting(shared.latitude, shared.longitude, meeting_words(shared.meeting_point))
    places = [
        (Point(one.latitude, one.longitude), {"kind": one.kind, "words": place_words(one)})
        for one in shared.places
    ]
    return write_map(shared.way.line, [*meets, *places])
