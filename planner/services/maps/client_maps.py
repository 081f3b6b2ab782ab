"""What maps a client's link opens: the picture and the photo of a walk that stands on the page, and the tiles around
its routes. A link is no key to other maps, other walks or other routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.geo import Point
from planner.domain.map_picture import CLIENT
from planner.domain.tiles import Area, Tile, area_around, area_of
from planner.domain.walks import CANCELLED, OUTDOORS, PLANNED
from planner.models import Database, Route, Walk
from planner.services.clients.sharing import Opened
from planner.services.maps import route_photos, route_pictures
from planner.services.maps.route_photos import KeptPhoto
from planner.services.routes import route_lines, walking_routes
from planner.services.store import NotFound, Store
from planner.services.walks import walk_rows
from planner.services.walks.walk_rows import LONGEST, OpenWalk

AROUND_M = 4000.0
"""So far around a route a client may look on the big map."""
MOST_KNOWN = 5000
_known_areas: WeakKeyDictionary[Database, dict[tuple[int, int], Area | None]] = WeakKeyDictionary()
"""By route and its version."""


@dataclass(frozen=True, slots=True)
class MapsOfWalk:
    """`picture`: the digest of the map of its route, where there is one and the whole route is walked. `photo`: of
    where they meet."""

    picture: str | None = None
    photo: KeptPhoto | None = None
    is_loop: bool = False


def of_walk(
    store: Store, opened: Opened, walk_id: int, template: str, now: datetime, *, whole: bool
) -> MapsOfWalk:
    """For a walk that stands on the page; nothing for one without a route. `whole`: its map shows the walk."""
    with store.db.reading(opened.scope) as session:
        try:
            walk, route_id = _visible(store, session, opened, walk_id, now)
        except NotFound:
            return MapsOfWalk()
        route = walking_routes.gate(session, route_id)
        digest = None
        if whole:
            digest = route_pictures.known(session, [route_id], CLIENT, template).get(route_id)
        photo = _photo(store, session, route_id) if walk.meets_at_route else None
        return MapsOfWalk(digest, photo, walking_routes.facts_of(route.facts).is_loop)


def picture(
    store: Store, opened: Opened, walk_id: int, template: str, now: datetime, *, png: bool
) -> tuple[str, bytes]:
    """The map of a walk that stands on the page: its digest and its bytes. Raises NotFound."""
    with store.db.reading(opened.scope) as session:
        _, route_id = _visible(store, session, opened, walk_id, now)
        return route_pictures.content(session, route_id, CLIENT, template, png=png)


def photo(store: Store, opened: Opened, walk_id: int, now: datetime) -> tuple[str, bytes]:
    """The photo of where they meet: its revision and its bytes. Raises NotFound."""
    with store.db.reading(opened.scope) as session:
        walk, route_id = _visible(store, session, opened, walk_id, now)
        if not walk.meets_at_route or _photo(store, session, route_id) is None:
            raise NotFound
        return route_photos.content(store, session, route_id)


def _photo(store: Store, session: Session, route_id: int) -> KeptPhoto | None:
    """One that was made at another place leads nobody there."""
    found = route_photos.show(store, session, route_id)
    return None if found is None or found.elsewhere else found


def may_see(store: Store, opened: Opened, tile: Tile, now: datetime) -> bool:
    """Whether a tile lies by a route that the client is going to walk."""
    with store.db.reading(opened.scope) as session:
        return any(area.meets(area_of(tile)) for area in _areas(store, session, opened, now))


def _visible(
    store: Store, session: Session, opened: Opened, walk_id: int, now: datetime
) -> tuple[OpenWalk, int]:
    """The walk, while it is to come or under way, and its route. Raises NotFound."""
    walk = walk_rows.open_walk(store, session, walk_id, now)
    theirs = walk.client_id == opened.client_id and walk.status != CANCELLED and walk.ends_at > now
    if not theirs or walk.setting != OUTDOORS or walk.route_id is None:
        raise NotFound
    return walk, walk.route_id


def _areas(store: Store, session: Session, opened: Opened, now: datetime) -> Iterator[Area]:
    """Around the routes of the coming walks, each with where one meets. A map asks for many tiles: what is known of a
    route as it is now is remembered."""
    rows = session.execute(
        select(Walk.starts_at, Route.id, Route.version)
        .join(Route, Route.id == Walk.route_id)
        .where(
            Walk.client_id == opened.client_id,
            Walk.status == PLANNED,
            Walk.setting == OUTDOORS,
            Walk.starts_at > now - LONGEST,
        )
        .order_by(Walk.starts_at)
    )
    known = _known_areas.setdefault(store.db, {})
    for key in dict.fromkeys((row.id, row.version) for row in rows):
        if key not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[key] = _area_of(session, key[0])
        area = known[key]
        if area is not None:
            yield area


def _area_of(session: Session, route_id: int) -> Area | None:
    row = session.execute(
        select(Route.outline, Route.latitude, Route.longitude).where(Route.id == route_id)
    ).one()
    places = [point for line in route_lines.opened(row.outline) for point in line]
    if row.latitude is not None and row.longitude is not None:
        places.append(Point(row.latitude, row.longitude))
    area = area_around(places)
    return area.wider(AROUND_M) if area else None
