"""What a page with a map shows beside it, worked out once for its template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from planner.domain.geo import coordinates
from planner.services.clients.client_page import SharedPlace, SharedWalk
from planner.services.routes.drawn_routes import Words
from planner.services.routes.walking_routes import OpenRoute, RoutePoint, RouteRow
from planner.web.maps.ground import Ground, reach
from planner.web.personal.maps import map_link
from planner.web.wording import word


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place in the list under a map. `at`: its coordinates as text."""

    number: int | None
    words: str
    at: str


@dataclass(frozen=True, slots=True)
class MapPage:
    """`line`: the address of what is drawn; `ground`: what lies under it. `app`: opens the phone's own map app where
    one meets. `has_something`: there is a line or a place to draw. `line_from`: whose paths the line was made of."""

    line: str
    ground: Ground
    places: tuple[MapPlace, ...]
    meeting_point: str
    at: str
    app: str
    has_something: bool
    line_from: str | None = None

    @property
    def reach(self) -> str:
        return reach()


def of_route(route: OpenRoute, line: str, ground: Ground) -> MapPage:
    known = [(number, one) for number, one in enumerate(route.waypoints, 1) if one.latitude is not None]
    return MapPage(
        line=line,
        ground=ground,
        places=tuple(
            MapPlace(number, place_words(one), coordinates(one.latitude, one.longitude))
            for number, one in known
        ),
        meeting_point=route.meeting_point,
        at=coordinates(route.latitude, route.longitude),
        app=app_link(route.latitude, route.longitude),
        has_something=bool(known) or route.has_line or route.latitude is not None,
        line_from=route.facts.line_from,
    )


def of_library(routes: Iterable[RouteRow], lines: str, ground: Ground) -> MapPage:
    """All routes: their names stand in the list below."""
    line_from = next((route.facts.line_from for route in routes if route.facts.line_from), None)
    return MapPage(lines, ground, (), "", "", "", has_something=True, line_from=line_from)


def of_drawing(route: OpenRoute | None, line: str, ground: Ground) -> MapPage:
    line_from = route.facts.line_from if route else None
    return MapPage(line, ground, (), "", "", "", has_something=True, line_from=line_from)


def of_walk(walk: SharedWalk, line: str, ground: Ground) -> MapPage:
    return MapPage(
        line=line,
        ground=ground,
        places=tuple(MapPlace(None, kind_words(one), "") for one in walk.places),
        meeting_point=walk.meeting_point,
        at=walk.coordinates,
        app=app_link(walk.latitude, walk.longitude),
        has_something=True,
        line_from=walk.line_from,
    )


def place_words(place: RoutePoint) -> str:
    """For the coach: a bench by its kind; with what they call it, when that was said."""
    return f"{kind_words(place)}: {place.name}" if place.name else kind_words(place)


def kind_words(place: RoutePoint | SharedPlace) -> str:
    """All that a client reads of a place."""
    return str(word("waypoint", place.kind))


def meeting_words(meeting_point: str) -> str:
    return f"{_('Here you meet')}: {meeting_point}" if meeting_point else _("Here you meet")


WORDS = Words(place_words, meeting_words)


def app_link(latitude: float | None, longitude: float | None) -> str:
    """Opens the phone's own map app there; empty where no place is known."""
    if latitude is None or longitude is None:
        return ""
    return map_link(latitude, longitude, request.headers.get("User-Agent", ""))
