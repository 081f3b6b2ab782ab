"""Who walked a route, and when. With names, so for a coach's own pages only: nothing that a client sees, a message, a
feed or what a phone keeps is made of it. A coach reads the walks of their own clients."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from planner.domain.clients import ClientName
from planner.domain.geo import Point, distance_m
from planner.domain.messages import SAME_PLACE_M
from planner.domain.notes import WALKED
from planner.domain.walks import CANCELLED, OUTDOORS, PLANNED
from planner.models import Client, Walk
from planner.services.routes import walking_routes
from planner.services.routes.walking_routes import OpenRoute
from planner.services.store import SignedIn, Store
from planner.services.vault import Place
from planner.services.walks import walk_rows

LATELY = timedelta(weeks=6)
MOST_OTHERS = 3
MOST_WALKS = 6

_TOOK_PLACE = (
    Walk.starts_at < bindparam("now"),
    Walk.setting == OUTDOORS,
    Walk.status != CANCELLED,
    or_(Walk.outcome.is_(None), Walk.outcome == WALKED),
)
_NAME: tuple[Any, ...] = (Client.id.label("client_id"), Client.wrapped_key, Client.name_sealed)
_OF_ROUTE = (
    select(Walk.starts_local, *_NAME)
    .join(Client, Client.id == Walk.client_id)
    .where(Walk.route_id == bindparam("route_id"), *_TOOK_PLACE)
    .order_by(Walk.starts_at.desc(), Walk.id)
    .limit(MOST_WALKS)
)
_last = func.max(Walk.starts_local).label("starts_local")
_OTHERS = (
    select(Walk.route_id, _last, *_NAME)
    .join(Client, Client.id == Walk.client_id)
    .where(
        Walk.route_id.in_(bindparam("route_ids", expanding=True)),
        Walk.client_id != bindparam("client_id"),
        Walk.starts_at >= bindparam("from_at"),
        *_TOOK_PLACE,
    )
    .group_by(Walk.route_id, Client.id, Client.wrapped_key, Client.name_sealed)
    .order_by(_last.desc(), Client.id)
)


@dataclass(frozen=True, slots=True)
class WalkedWith:
    """With which client, and when."""

    client_id: int
    first_name: str
    starts_local: datetime


def walked(store: Store, session: Session, route_id: int, now: datetime) -> tuple[WalkedWith, ...]:
    """This coach's last walks on a route, newest first."""
    return _opened(store, session.execute(_OF_ROUTE, {"route_id": route_id, "now": now}))


def begin_elsewhere(store: Store, coach: SignedIn, before: OpenRoute, now: datetime) -> int:
    """How many coming walks of the practice begin where this route begins now, where that is another place than it was
    `before` and its words are the same. Raises NotFound."""
    coming = select(Walk.id).where(
        Walk.route_id == before.id, Walk.status == PLANNED, Walk.setting == OUTDOORS, Walk.starts_at > now
    )
    with store.db.reading(coach.practice_scope) as session:
        route = walking_routes.open_route(store, session, before.id)
        if not route.meeting_point or route.meeting_point != before.meeting_point:
            return 0
        if not _apart(before, route):
            return 0
        found = walk_rows.open_walks(store, session, session.scalars(coming).all())
        return sum(one.meets_at_route for one in found.values())


def _apart(before: OpenRoute, now_is: OpenRoute) -> bool:
    if None in (before.latitude, before.longitude, now_is.latitude, now_is.longitude):
        return False
    old, new = (Point(one.latitude or 0.0, one.longitude or 0.0) for one in (before, now_is))
    return distance_m(old, new) > SAME_PLACE_M


def with_others(
    store: Store, session: Session, route_ids: Collection[int], client_id: int, now: datetime
) -> dict[int, tuple[WalkedWith, ...]]:
    """By route: with which others this coach walked there lately, each once, newest first."""
    if not route_ids:
        return {}
    asked = {"route_ids": list(route_ids), "client_id": client_id, "from_at": now - LATELY, "now": now}
    by_route: dict[int, list[Row[Any]]] = {}
    for row in session.execute(_OTHERS, asked):
        by_route.setdefault(row.route_id, []).append(row)
    return {route_id: _opened(store, rows[:MOST_OTHERS]) for route_id, rows in by_route.items()}


def _opened(store: Store, rows: Iterable[Row[Any]]) -> tuple[WalkedWith, ...]:
    found = []
    for row in rows:
        place = Place("client", "name_sealed", row.client_id, row.client_id)
        name = store.vault.open(row.wrapped_key, place, row.name_sealed, ClientName)
        found.append(WalkedWith(row.client_id, name.first_name, row.starts_local))
    return tuple(found)
