"""All that the page of a route shows, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from planner.domain.map_picture import PAGE
from planner.domain.profile import Profile, profile_of
from planner.models import Route
from planner.services.maps import route_photos, route_pictures
from planner.services.maps.route_photos import KeptPhoto
from planner.services.planning import route_walks
from planner.services.planning.route_walks import WalkedWith
from planner.services.routes import route_lines, walking_routes
from planner.services.routes.walking_routes import OpenRoute
from planner.services.store import SignedIn, Store


@dataclass(frozen=True, slots=True)
class RouteSeen:
    """`walked`: this coach's last walks on it, newest first. `heights`: measured over all of its points; None when they
    cannot be trusted. `picture`: the digest of its map, while there is one of the route as it is."""

    route: OpenRoute
    walked: tuple[WalkedWith, ...]
    heights: Profile | None
    picture: str | None
    photo: KeptPhoto | None


def seen(store: Store, coach: SignedIn, route_id: int, template: str, now: datetime) -> RouteSeen:
    """`template`: of the tiles that maps are made of. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        route = walking_routes.open_route(store, session, route_id)
        walked = route_walks.walked(store, session, route_id, now)
        line = route_lines.opened(session.scalar(select(Route.line).where(Route.id == route_id)))
        picture = route_pictures.known(session, [route_id], PAGE, template).get(route_id)
        photo = route_photos.show(store, session, route_id)
    return RouteSeen(route, walked, profile_of(line) if line else None, picture, photo)
