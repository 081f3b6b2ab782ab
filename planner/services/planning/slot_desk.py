"""The page with better hours: for whom and for which walk (the desk), and what was found (the look). Saves nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from planner.domain import plan_start
from planner.domain.clients import client_facts
from planner.domain.closed_hour import Closed, day_off, no_hours
from planner.domain.exercises import OUTDOORS
from planner.domain.practices import PracticeSettings
from planner.domain.slots import NO_HABITS, Habits, Proposal
from planner.domain.walks import PLANNED
from planner.domain.when import day_on
from planner.services.calendars import public_holidays
from planner.services.clients import answers
from planner.services.clients.clients import OpenClient, open_client
from planner.services.planning import other_days, slots
from planner.services.planning.slots import Answer, RouteAround, WalkWish
from planner.services.routes import walking_routes
from planner.services.routes.walking_routes import RouteRow
from planner.services.store import NotFound, SignedIn, Store, practice_of, settings_of
from planner.services.walks import walk_queries as queries
from planner.services.walks import walk_rows
from planner.services.walks.walk_rows import OpenWalk, WalkRow
from planner.services.weather import forecasts
from planner.services.weather.forecasts import Held, Spot

LOOKED_BACK = 6


@dataclass(frozen=True, slots=True)
class SlotDesk:
    """`walk`: the one that another hour is sought for, if it is planned already. `last`: the client's walks that
    took place, newest first. `route_id`, `minutes`: as that walk, else as last time. `cannot`: the client said that
    they cannot come to that walk."""

    client: OpenClient
    walk: OpenWalk | None
    last: tuple[WalkRow, ...]
    routes: tuple[RouteRow, ...]
    habits: Habits
    settings: PracticeSettings
    route_id: int | None
    minutes: int
    now: datetime
    cannot: bool = False

    def route(self, route_id: int | None) -> RouteRow | None:
        return next((row for row in self.routes if row.id == route_id), None)

    @property
    def setting(self) -> str:
        return self.walk.setting if self.walk else OUTDOORS

    @property
    def usual_time(self) -> time:
        return self.last[0].starts_local.time() if self.last else plan_start.USUAL_TIMES[0]


@dataclass(frozen=True, slots=True)
class SlotLook:
    """What was found. `held`: the forecast of the place, None where weather does not count. `says_air`: with air
    quality or pollen in it. `same_day`: another walk of this client on the day that was asked. `cannot`: hours instead
    of the one that the client cannot come to; `other_days`: all of them on other days. `day_closed`: why the day that
    was asked cannot be."""

    answer: Answer
    held: Held | None
    says_air: bool
    same_day: datetime | None = None
    cannot: bool = False
    other_days: bool = False
    day_closed: Closed | None = None

    @property
    def pending(self) -> bool:
        """Asked for, and not there yet."""
        return self.held is not None and self.held.pending

    @property
    def may_ask(self) -> bool:
        """Nobody asked for this place yet, or what is held is too old to be shown."""
        held = self.held
        return held is not None and held.forecast is None and not held.pending and held.problem is None


def open_desk(
    store: Store,
    coach: SignedIn,
    now: datetime,
    *,
    client_id: int | None,
    walk_id: int | None,
    route_id: int | None,
) -> SlotDesk:
    """For a client, or for a walk that is planned. Raises NotFound, also for a route that is not there."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id) if walk_id else None
        client = open_client(store, session, walk.client_id if walk else client_id or 0)
        practice = practice_of(session, coach.scope)
        settings = settings_of(practice)
        past = walk_rows.had(store, session, client.id, LOOKED_BACK, now)
        last = tuple(row for row in past if row.id != walk_id)
        every = walking_routes.listing(store, session, practice.wrapped_key, archived=True)
        routes = tuple(row for row in every if not row.archived or (walk and row.id == walk.route_id))
        there = {row.id for row in routes}
        if route_id is not None and route_id not in there:
            raise NotFound
        return SlotDesk(
            client=client,
            walk=walk,
            last=last,
            routes=routes,
            habits=slots.habits(session, [client.id], now).get(client.id, NO_HABITS),
            settings=settings,
            route_id=_route(walk, last, there),
            minutes=walk.minutes if walk else _length(client, last, settings),
            now=now,
            cannot=walk is not None
            and walk.status == PLANNED
            and walk.id in answers.cannot_come(store, session, [walk.id]),
        )


def _route(walk: OpenWalk | None, last: tuple[WalkRow, ...], there: set[int]) -> int | None:
    if walk is not None:
        return walk.route_id
    before = next((row.route_id for row in last if row.setting == OUTDOORS), None)
    return before if before in there else None


def _length(client: OpenClient, last: tuple[WalkRow, ...], settings: PracticeSettings) -> int:
    facts = client_facts(client.details, client.health)
    before = last[0].planned_minutes if last else None
    return plan_start.length(before, facts.max_minutes, facts.recovery_phase, settings)


def wish(
    desk: SlotDesk,
    minutes: int,
    route_id: int | None,
    starts_local: datetime | None,
    *,
    whole_day: bool = False,
) -> WalkWish:
    """The walk that is asked, as the search reads it."""
    route = desk.route(route_id)
    facts = route.facts if route else None
    return WalkWish(
        minutes=minutes,
        setting=desk.setting,
        where=_spot(route),
        tags=facts.surroundings if facts else frozenset(),
        around=RouteAround(facts.minutes_before, facts.minutes_after) if facts else RouteAround(),
        starts_local=starts_local,
        whole_day=whole_day,
        walk_id=desk.walk.id if desk.walk else None,
        health_flags=client_facts(desk.client.details, desk.client.health).health_flags,
    )


def _spot(route: RouteRow | None) -> Spot | None:
    if route is None or route.latitude is None or route.longitude is None:
        return None
    return Spot(route.latitude, route.longitude)


def look(store: Store, coach: SignedIn, desk: SlotDesk, asked: WalkWish) -> SlotLook:
    """The best hours for what is asked: on other days, while that is the hour that the client cannot come to; on
    its own day only when there is none. Raises TimeDoesNotExist."""
    walk = desk.walk
    if not desk.cannot or walk is None or asked.whole_day or asked.starts_local != walk.starts_local:
        return _look(store, coach, desk, asked)
    found = _look(store, coach, desk, replace(asked, whole_day=True))
    with store.db.reading(coach.scope) as session:
        walked_on = {local.date() for local in _other_starts(session, desk)}
        there = other_days.hours(store, session, desk.settings, asked, walked_on, desk.habits, desk.now)
    answer = Answer(Proposal(there), None, None) if there else found.answer
    return replace(found, answer=answer, same_day=None, day_closed=None, cannot=True, other_days=bool(there))


def _look(store: Store, coach: SignedIn, desk: SlotDesk, asked: WalkWish) -> SlotLook:
    asked_on = asked.starts_local.date() if asked.starts_local else None
    first_on = slots.first_day(desk.now, asked_on, desk.settings.zone)
    with store.db.reading(coach.scope) as session:
        finder = slots.open_finder(store, session, desk.settings, [asked.where], first_on, desk.now)
        same_day = _same_day(session, desk, asked_on)
    held = finder.board.held(asked.where) if asked.setting == OUTDOORS else None
    day_closed = _day_closed(desk, asked_on) if asked_on and asked.whole_day else None
    answer = finder.answer(asked, desk.habits)
    return SlotLook(answer, held, finder.board.says_air, same_day, day_closed=day_closed)


def _day_closed(desk: SlotDesk, on: date) -> Closed | None:
    """Why none of the hours is on that day, where no hour of it could be."""
    if on < day_on(desk.now, desk.settings.zone):
        return Closed("over", on)
    return day_off(desk.settings, public_holidays.between(on, on), on) or no_hours(desk.settings, on)


def _same_day(session: Session, desk: SlotDesk, on: date | None) -> datetime | None:
    return min((local for local in _other_starts(session, desk) if local.date() == on), default=None)


def _other_starts(session: Session, desk: SlotDesk) -> list[datetime]:
    """Of this client's other walks."""
    found = session.execute(queries.STARTS_AND_ROUTES, {"client_id": desk.client.id})
    mine = desk.walk.id if desk.walk else None
    return [row.starts_local for row in found if row.id != mine]


def ask_weather(store: Store, coach: SignedIn, desk: SlotDesk, asked: WalkWish) -> None:
    """Have the forecast of this place fetched when it is not there; the jobs do it at once."""
    with store.db.transaction(coach.scope, desk.now) as session:
        if asked.setting == OUTDOORS:
            place, _guess = forecasts.place_of(asked.where, desk.settings)
            forecasts.want(store, session, [place], desk.now + forecasts.LOOKED_AT_FOR, desk.now)
