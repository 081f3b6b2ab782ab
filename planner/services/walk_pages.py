"""What the page of one walk shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from planner.domain.answers import AnswerContent
from planner.domain.timing import WalkClock, walk_clock
from planner.domain.walks import OUTDOORS, timed
from planner.services import answers, forecasts, toolkit, walk_rows, walking_routes
from planner.services.clients import OpenClient, open_client
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.toolkit import ToolkitExercise
from planner.services.walk_rows import OpenWalk
from planner.services.walking_routes import OpenRoute


@dataclass(frozen=True, slots=True)
class WalkPage:
    """`exercises`: those of the plan, by id. `pending`: the forecast is on its way. `problem`: why there is none.
    `said`: what stands of what the client answered."""

    walk: OpenWalk
    client: OpenClient
    exercises: Mapping[int, ToolkitExercise]
    route: OpenRoute | None
    clock: WalkClock
    over: bool
    pending: bool
    problem: str | None
    said: AnswerContent


def page(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> WalkPage:
    """One walk with its client, route, plan and weather. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id, now)
        client = open_client(store, session, walk.client_id)
        route = walking_routes.open_route(store, session, walk.route_id) if walk.route_id else None
        planned = set(walk.exercise_ids)
        kit = toolkit.exercises(store, session, hidden=True) if planned else ()
        exercises = {one.id: one for one in kit if one.id in planned}
        said = answers.of_walk(store, session, client, walk_id)
        held = None
        if walk.setting == OUTDOORS and walk.ends_at > now:
            spot = None
            if walk.latitude is not None and walk.longitude is not None:
                spot = forecasts.Spot(walk.latitude, walk.longitude)
            held = forecasts.held(store, session, spot, settings_of(practice_of(session, coach.scope)), now)
    return WalkPage(
        walk=walk,
        client=client,
        exercises=exercises,
        route=route,
        clock=_clock(walk, client, route, exercises),
        over=walk.ends_at <= now,
        pending=held is not None and held.pending,
        problem=held.problem if held is not None and held.forecast is None else None,
        said=said,
    )


def _clock(
    walk: OpenWalk, client: OpenClient, route: OpenRoute | None, exercises: Mapping[int, ToolkitExercise]
) -> WalkClock:
    facts = {number: one.facts for number, one in exercises.items()}
    return walk_clock(
        walk.minutes,
        timed(walk.parts, facts, walk.setting),
        setting=walk.setting,
        distance_m=route.distance_m if route else None,
        pace_kmh=client.details.pace_kmh,
        green_share=route.facts.green_share if route else 1.0,
        phase=client.health.recovery_phase if client.health else None,
    )
