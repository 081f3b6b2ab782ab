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
from planner.domain.weather_rules import GUSTS_FELT_SOONER, darkness
from planner.domain.weather_values import Verdict
from planner.domain.when import TimeDoesNotExist, day_bounds, local_to_moment
from planner.services.planning.plan_desk import Desk, Draft
from planner.services.routes.walking_routes import RouteRow
from planner.services.store import Store
from planner.services.walks import walk_queries as queries
from planner.services.weather import forecasts
from planner.services.weather.forecasts import Board, Held, Spot


@dataclass(frozen=True, slots=True)
class Outlook:
    """`verdicts`: at each route, by its id, and without one (None); empty where weather does not count, or without a
    day. `board`: the forecasts behind them. `sky`: what it means for choosing a route.
    `about`: start, minutes and setting of the walk it was made for."""

    verdicts: Mapping[int | None, Verdict] = field(default_factory=dict)
    board: Board | None = None
    sky: Mapping[int, Sky] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()
    about: tuple[datetime | None, int, str] | None = None

    def is_of(self, draft: Draft) -> bool:
        """Whether it was made for this start, length and setting: nothing else of a draft matters to it."""
        return self.about == _about(draft)

    def held(self, desk: Desk, route_id: int | None) -> Held | None:
        """The forecast of the place where this route begins."""
        return self.board.held(spot_of(desk.route(route_id))) if self.board else None


NOTHING = Outlook()


def outlook(store: Store, session: Session, desk: Desk, draft: Draft) -> Outlook:
    """One question for all forecasts, one for the other walks of that day; its own route does not matter."""
    starts_at = moment_of(draft.starts_local, desk.settings)
    if starts_at is None or draft.setting != OUTDOORS:
        return NOTHING
    neighbours = _neighbours(session, desk, draft, starts_at)
    if starts_at + timedelta(minutes=draft.minutes) <= desk.now:  # over: no forecast is to come
        return Outlook(neighbours=neighbours, about=_about(draft))
    spots = [spot_of(route) for route in desk.routes]
    board = forecasts.board(store, session, desk.settings, spots, desk.now)
    verdicts = _verdicts(board, desk, draft, starts_at)
    wishes = desk.client.details.weather_wishes
    return Outlook(
        verdicts=verdicts,
        board=board,
        sky={
            route_id: Sky(verdict.code == RED, darkness(verdict) is not None, rough(verdict, wishes))
            for route_id, verdict in verdicts.items()
            if route_id is not None
        },
        neighbours=neighbours,
        about=_about(draft),
    )


def _about(draft: Draft) -> tuple[datetime | None, int, str]:
    return draft.starts_local, draft.minutes, draft.setting


def moment_of(starts_local: datetime | None, settings: PracticeSettings) -> datetime | None:
    try:
        return local_to_moment(starts_local, settings.zone) if starts_local else None
    except TimeDoesNotExist:
        return None


def spot_of(route: RouteRow | None) -> Spot | None:
    if route is None or route.latitude is None or route.longitude is None:
        return None
    return Spot(route.latitude, route.longitude)


def _verdicts(board: Board, desk: Desk, draft: Draft, starts_at: datetime) -> dict[int | None, Verdict]:
    """Worked out once for all routes that begin in the same place and lie in the same surroundings, for the wind."""
    ends_at = starts_at + timedelta(minutes=draft.minutes)
    found: dict[tuple[Spot | None, frozenset[str]], Verdict] = {}

    def at(route: RouteRow | None) -> Verdict:
        spot, tags = spot_of(route), route.facts.surroundings if route else frozenset()
        near = board.held(spot).place if spot else None
        key = (Spot(near.latitude, near.longitude) if near else None, tags & GUSTS_FELT_SOONER)
        if key not in found:
            found[key] = board.verdict(spot, starts_at, ends_at, tags, health_flags=desk.facts.health_flags)
        return found[key]

    return {None: at(None)} | {route.id: at(route) for route in desk.routes}


def _neighbours(session: Session, desk: Desk, draft: Draft, starts_at: datetime) -> tuple[Neighbour, ...]:
    """With others: two walks with the same client need no way between them to be told."""
    assert draft.starts_local is not None
    from_at, until_at = day_bounds(draft.starts_local.date(), desk.settings.zone)
    ends_at, found = starts_at + timedelta(minutes=draft.minutes), []
    for row in session.execute(queries.PLACES, {"from_at": from_at, "until_at": until_at}):
        if row.client_id != desk.client.id:
            over_at = row.starts_at + timedelta(minutes=row.minutes)
            gap = max(row.starts_at - ends_at, starts_at - over_at)
            found.append(Neighbour(Point(row.latitude, row.longitude), int(gap.total_seconds()) // 60))
    return tuple(found)
