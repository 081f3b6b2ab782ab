"""How much shorter a walk is offered on a storm day: the short one of its route, else about half."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from planner.domain.lengths import SHORT, Length, lengths
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


def shorter_of(store: Store, session: Session, walk: OpenWalk, client: OpenClient) -> Shorter | None:
    """None for a walk that is as short as it may be, on this route. What is not outdoors is told by the clock."""
    route = walking_routes.open_route(store, session, walk.route_id) if walk.route_id else None
    if walk.setting != OUTDOORS or route is None or route.distance_m is None:
        minutes = shorter(walk.minutes)
        return Shorter(minutes) if minutes is not None else None
    facts = toolkit.facts_of(session, walk.exercise_ids)
    found = lengths(walk_course.outing_of(session, walk, client, route, facts))
    short = next((one for one in found if one.code == SHORT and one.minutes < walk.minutes), None)
    return Shorter(short.minutes, short) if short is not None else None
