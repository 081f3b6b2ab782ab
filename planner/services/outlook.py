"""What the day of a plan in the making brings: the weather at every route, and where the coach's other walks begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.exercises import OUTDOORS
from planner.domain.geo import Point
from planner.domain.plan_checks import RED
from planner.domain.practices import PracticeSettings
from planner.domain.route_needs import rough
from planner.domain.route_wish import Neighbour, Sky
from planner.domain.weather_values import Verdict
from planner.domain.when import TimeDoesNotExist, day_bounds, local_to_moment
from planner.services import forecasts
from planner.services import walk_queries as queries
from planner.services.forecasts import Board, Held, Spot
from planner.services.plan_desk import Desk, Draft
from planner.services.store import Store
from planner.services.walking_routes import RouteRow


@dataclass(frozen=True, slots=True)
class Outlook:
    """`verdict`: where the draft begins; None where weather does not count, or without a day. `held`: the forecast
    behind it. `sky`: the weather at each route."""

    verdict: Verdict | None = None
    held: Held | None = None
    sky: Mapping[int, Sky] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()


def outlook(store: Store, session: Session, desk: Desk, draft: Draft) -> Outlook:
    """One question for all forecasts, one for the other walks of that day."""
    starts_at = moment_of(draft.starts_local, desk.settings)
    if starts_at is None or draft.setting != OUTDOORS:
        return Outlook()
    spots = [spot_of(route) for route in desk.routes]
    board = forecasts.board(store, session, desk.settings, spots, desk.now)
    spot = spot_of(desk.route(draft.route_id))
    return Outlook(
        verdict=_verdict(board, desk, draft, starts_at, desk.route(draft.route_id)),
        held=board.held(spot),
        sky={route.id: _sky(board, desk, draft, starts_at, route) for route in desk.routes},
        neighbours=_neighbours(session, desk, draft, starts_at),
    )


def moment_of(starts_local: datetime | None, settings: PracticeSettings) -> datetime | None:
    try:
        return local_to_moment(starts_local, settings.zone) if starts_local else None
    except TimeDoesNotExist:
        return None


def spot_of(route: RouteRow | None) -> Spot | None:
    if route is None or route.latitude is None or route.longitude is None:
        return None
    return Spot(route.latitude, route.longitude)


def _verdict(board: Board, desk: Desk, draft: Draft, starts_at: datetime, route: RouteRow | None) -> Verdict:
    ends_at = starts_at + timedelta(minutes=draft.minutes)
    tags = route.facts.environment_tags if route else ()
    return board.verdict(spot_of(route), starts_at, ends_at, tags, health_flags=desk.facts.health_flags)


def _sky(board: Board, desk: Desk, draft: Draft, starts_at: datetime, route: RouteRow) -> Sky:
    verdict = _verdict(board, desk, draft, starts_at, route)
    return Sky(verdict.code == RED, rough(verdict, desk.walker.weather_wishes))


def _neighbours(session: Session, desk: Desk, draft: Draft, starts_at: datetime) -> tuple[Neighbour, ...]:
    assert draft.starts_local is not None
    from_at, until_at = day_bounds(draft.starts_local.date(), desk.settings.zone)
    ends_at, found = starts_at + timedelta(minutes=draft.minutes), []
    for row in session.execute(queries.PLACES, {"from_at": from_at, "until_at": until_at}):
        if desk.walk is None or row.id != desk.walk.id:
            over_at = row.starts_at + timedelta(minutes=row.minutes)
            gap = max(row.starts_at - ends_at, starts_at - over_at)
            found.append(Neighbour(Point(row.latitude, row.longitude), int(gap.total_seconds()) // 60))
    return tuple(found)
