"""How much shorter a walk is offered on a storm day: the short one of its route, else about half."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from planner.domain.lengths import SHORT, Length, Outing, lengths
from planner.domain.storm import shorter
from planner.domain.walks import OUTDOORS
from planner.services.clients.clients import OpenClient
from planner.services.planning import walk_course
from planner.services.routes import walking_routes
from planner.services.store import Store
from planner.services.toolkit import toolkit
from planner.services.walks.walk_rows import OpenWalk


@dataclass(frozen=True, slots=True)
class Shorter:
    """`length`: how its measured route is walked then; None: the coach may choose other minutes."""

    minutes: int
    length: Length | None = None


def shorter_of(
    store: Store, session: Session, walks: Collection[OpenWalk], clients: Mapping[int, OpenClient]
) -> dict[int, Shorter]:
    """By walk; without those that are as short as they may be. What is not outdoors is told by the clock."""
    routes = walking_routes.open_routes(store, session, {walk.route_id for walk in walks if walk.route_id})
    facts = toolkit.facts_of(session, {one for walk in walks for one in walk.exercise_ids})
    library, found = walk_course.library(session), dict[int, Shorter]()
    for walk in walks:
        route = routes.get(walk.route_id or 0)
        if walk.setting != OUTDOORS or route is None or route.distance_m is None:
            minutes = shorter(walk.minutes)
            short = Shorter(minutes) if minutes is not None else None
        else:
            client = clients[walk.client_id]
            short = _on_route(
                walk_course.outing_of(session, walk, client, route, facts, library=library), walk
            )
        if short is not None:
            found[walk.id] = short
    return found


def _on_route(outing: Outing, walk: OpenWalk) -> Shorter | None:
    found = lengths(outing)
    short = next((one for one in found if one.code == SHORT and one.minutes < walk.minutes), None)
    return Shorter(short.minutes, short) if short is not None else None
