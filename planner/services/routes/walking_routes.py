"""The practice's routes, to read: the library, one route with its places, and its file.

They are changed in `route_changes`, the places on them in `route_points`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain.geo import Segments
from planner.domain.routes import RouteFacts, RouteTexts, WaypointTexts, minutes_to_walk
from planner.models import Practice, Route, Scope, Waypoint
from planner.services.routes import route_lines
from planner.services.store import NotFound, SignedIn, Store, practice_of
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route in a list. `latitude`, `longitude`: where one meets, when known. `distance_m` is measured, or what the
    coach said of a route in words; `climb_m` only when the heights can be trusted; `points` of its line."""

    id: int
    name: str
    meeting_point: str
    latitude: float | None
    longitude: float | None
    distance_m: int | None
    climb_m: int | None
    points: int
    facts: RouteFacts
    has_line: bool
    archived: bool
    version: int

    @property
    def minutes(self) -> int | None:
        """Walking time at the default pace."""
        return minutes_to_walk(self.distance_m)


@dataclass(frozen=True, slots=True)
class RoutePoint:
    """A place on a route; without coordinates when nobody said where."""

    id: int
    kind: str
    name: str
    image: str
    latitude: float | None
    longitude: float | None
    nearest_road: str = ""


@dataclass(frozen=True, slots=True)
class OpenRoute(RouteRow):
    """`segments`: the line in few points, for drawing and for finding places along it; empty for a route in words.
    `notes` are for the coach only."""

    notes: str
    nearest_road: str
    segments: Segments
    waypoints: tuple[RoutePoint, ...]


_facts = msgspec.json.Decoder(RouteFacts)
_ROWS: Any = select(
    Route.id,
    Route.owner_id,
    Route.sealed,
    Route.facts,
    Route.latitude,
    Route.longitude,
    Route.distance_m,
    Route.climb_m,
    Route.points,
    Route.line.is_not(None).label("has_line"),
    Route.archived_at,
    Route.version,
)
_IN_USE = _ROWS.where(Route.archived_at.is_(None))
_WHOLE = _ROWS.add_columns(Route.outline).where(Route.id.in_(bindparam("route_ids", expanding=True)))
_OUTLINES = select(Route.id, Route.outline).where(Route.id.in_(bindparam("route_ids", expanding=True)))
_POINTS = (
    select(Waypoint)
    .where(Waypoint.route_id.in_(bindparam("route_ids", expanding=True)))
    .order_by(Waypoint.position)
)
_KINDS = select(Waypoint.route_id, Waypoint.kind).distinct()
_PLAIN = ("id", "latitude", "longitude", "distance_m", "climb_m", "points", "has_line", "version")


def listing(
    store: Store, session: Session, practice_key: bytes, archived: bool = False
) -> tuple[RouteRow, ...]:
    """The library by name. `archived`: the routes that were put away too."""
    query = _ROWS if archived else _IN_USE
    rows = [RouteRow(**_row(found, texts_of(store, practice_key, found))) for found in session.execute(query)]
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.id)))


def kinds_of_points(session: Session) -> dict[int, frozenset[str]]:
    """Route id to the kinds of places on it, for all routes at once."""
    found: dict[int, set[str]] = {}
    for row in session.execute(_KINDS):
        found.setdefault(row.route_id, set()).add(row.kind)
    return {route_id: frozenset(kinds) for route_id, kinds in found.items()}


@dataclass(frozen=True, slots=True)
class Found:
    """A library as it is looked at. `kinds`: of the places on each route. `in_use`, `away`: how many routes there are
    in all, and how many were put away."""

    routes: tuple[RouteRow, ...]
    lines: dict[int, Segments]
    kinds: dict[int, frozenset[str]]
    in_use: int
    away: int


Wanted = Callable[[RouteRow, frozenset[str]], bool]
"""Whether a route, with the kinds of places on it, is wanted."""


def open_route(store: Store, session: Session, route_id: int) -> OpenRoute:
    """One route with its places, put away or not. Raises NotFound."""
    found = open_routes(store, session, [route_id]).get(route_id)
    if found is None:
        raise NotFound
    return found


def open_routes(store: Store, session: Session, route_ids: Collection[int]) -> dict[int, OpenRoute]:
    """Those of these routes that are this practice's, with their places."""
    asked = {"route_ids": list(route_ids)}
    rows = session.execute(_WHOLE, asked).all()
    if not rows:
        return {}
    key, points = practice_in(session).wrapped_key, dict[int, list[Waypoint]]()
    for point in session.scalars(_POINTS, asked):
        points.setdefault(point.route_id, []).append(point)
    return {row.id: _opened(store, key, row, points.get(row.id, ())) for row in rows}


def _opened(store: Store, key: bytes, found: Any, points: Iterable[Waypoint]) -> OpenRoute:
    texts = texts_of(store, key, found)
    return OpenRoute(
        **_row(found, texts),
        notes=texts.notes,
        nearest_road=texts.nearest_road,
        segments=route_lines.opened(found.outline),
        waypoints=tuple(opened_point(store, key, point) for point in points),
    )


def show(store: Store, coach: SignedIn, route_id: int) -> OpenRoute:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        return open_route(store, session, route_id)


def exists(store: Store, coach: SignedIn, route_id: int) -> bool:
    """Whether the practice has such a route."""
    with store.db.reading(coach.scope) as session:
        return session.scalar(select(Route.id).where(Route.id == route_id)) is not None


def found(store: Store, coach: SignedIn, wanted: Wanted, *, archived: bool = False) -> Found:
    """What the library shows: the routes that are wanted, with their lines in few points. As many queries for two
    hundred routes as for one."""
    with store.db.reading(coach.scope) as session:
        every = listing(store, session, practice_of(session, coach.scope).wrapped_key, archived=True)
        kinds = kinds_of_points(session)
        routes = tuple(
            row for row in every if row.archived == archived and wanted(row, kinds.get(row.id, frozenset()))
        )
        rows = session.execute(_OUTLINES, {"route_ids": [row.id for row in routes if row.has_line]})
        lines = {row.id: route_lines.opened(row.outline) for row in rows}
    away = sum(row.archived for row in every)
    return Found(
        routes, lines, {row.id: kinds.get(row.id, frozenset()) for row in routes}, len(every) - away, away
    )


# What changing needs too


def practice_in(session: Session) -> Practice:
    """The practice whose rows this session may see."""
    scope: Scope = session.info["scope"]
    return practice_of(session, scope)


def route_place(route_id: int, owner_id: int) -> Place:
    return Place("route", "sealed", route_id, owner_id)


def point_place(point_id: int, owner_id: int) -> Place:
    return Place("waypoint", "sealed", point_id, owner_id)


def gate(session: Session, route_id: int) -> Route:
    """The route, if it is this practice's. Raises NotFound."""
    row = session.scalar(select(Route).where(Route.id == route_id))
    if row is None:
        raise NotFound
    return row


def texts_of(store: Store, practice_key: bytes, found: Any) -> RouteTexts:
    """The words of a route row, or of the columns of one."""
    return store.vault.open(practice_key, route_place(found.id, found.owner_id), found.sealed, RouteTexts)


def facts_of(stored: str) -> RouteFacts:
    facts: RouteFacts = _facts.decode(stored)
    return facts


def opened_point(store: Store, practice_key: bytes, row: Waypoint) -> RoutePoint:
    texts = store.vault.open(practice_key, point_place(row.id, row.owner_id), row.sealed, WaypointTexts)
    return RoutePoint(
        row.id, row.kind, texts.name, texts.image, row.latitude, row.longitude, texts.nearest_road
    )


def _row(found: Any, texts: RouteTexts) -> dict[str, Any]:
    """The values of a RouteRow."""
    plain = {name: getattr(found, name) for name in _PLAIN}
    return {
        **plain,
        "name": texts.name,
        "meeting_point": texts.meeting_point,
        "facts": facts_of(found.facts),
        "archived": found.archived_at is not None,
    }
