"""What a plan in the making comes to: weather, clock, route, warnings, suggestions, clashes. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain import route_fit
from planner.domain.exercises import OUTDOORS
from planner.domain.lengths import Outing, as_it_is
from planner.domain.plan_checks import MOST_SHOWN, Plan, PlanWarning, check, split, unsaid
from planner.domain.route_fit import RouteFit, RouteHindrance
from planner.domain.suggestion_why import Why, explained
from planner.domain.suggestions import Suggestion, fitting_exercises, weather_of
from planner.domain.timetable import timetable
from planner.domain.timing import WalkClock, walk_clock
from planner.domain.walks import exercise_ids, timed
from planner.domain.weather_rules import DARK_EARLY, darkness
from planner.domain.weather_values import Verdict
from planner.domain.when import moment_to_local
from planner.services.planning import in_the_way, plan_wishes, route_walks, walk_course
from planner.services.planning.in_the_way import NOTHING as FREE
from planner.services.planning.in_the_way import InTheWay
from planner.services.planning.outlook import NOTHING, Outlook, moment_of, outlook, spot_of
from planner.services.planning.plan_desk import Desk, Draft
from planner.services.planning.route_walks import WalkedWith
from planner.services.routes import walking_routes
from planner.services.routes.walking_routes import OpenRoute, RoutePoint
from planner.services.store import SignedIn, Store
from planner.services.weather import forecasts

SUGGESTED = 3
OTHER_ROUTES = 2


@dataclass(frozen=True, slots=True)
class Look:
    """What a draft comes to. `verdict` None: weather does not count, or there is no day yet. `pending`: the
    forecast is on its way; `may_ask`: nobody asked for it yet. `problem`: why there is none. `rest`: warnings after
    the three shown (decision 26), to which what is in the `way` counts. `route`: how the chosen one fits;
    `other_routes`: the best of the rest; `walked_with`: by route, with which other clients lately. `why`: exercise
    id to why it was suggested, for those that were. `points`: of the route."""

    verdict: Verdict | None
    pending: bool
    may_ask: bool
    problem: str | None
    clock: WalkClock
    shown: tuple[PlanWarning, ...]
    rest: tuple[PlanWarning, ...]
    suggestions: tuple[Suggestion, ...]
    way: InTheWay
    route: RouteFit | None
    other_routes: tuple[RouteFit, ...]
    walked_with: Mapping[int, tuple[WalkedWith, ...]]
    no_route: RouteHindrance | None
    why: Mapping[int, tuple[Why, ...]]
    points: tuple[RoutePoint, ...]


def look(
    store: Store,
    coach: SignedIn,
    desk: Desk,
    draft: Draft,
    *,
    known: Outlook = NOTHING,
    ask_weather: bool = False,
) -> Look:
    """Everything about a draft. `known`: what was looked up for its proposal. `ask_weather`: have the forecast of its
    place fetched when it is not there (a change, so only behind a POST)."""
    starts_at = moment_of(draft.starts_local, desk.settings)
    if ask_weather and starts_at is not None and draft.setting == OUTDOORS:
        with store.db.transaction(coach.scope, desk.now) as session:
            place, _guess = forecasts.place_of(spot_of(desk.route(draft.route_id)), desk.settings)
            until = starts_at + timedelta(minutes=draft.minutes)
            forecasts.want(store, session, [place], until, desk.now)
    with store.db.reading(coach.scope) as session:
        is_known = known.is_of(draft) and not ask_weather
        day = known if is_known else outlook(store, session, desk, draft)
        way = _in_the_way(store, session, desk, draft, starts_at)
        there = desk.route(draft.route_id) if draft.setting == OUTDOORS else None
        route = walking_routes.open_route(store, session, there.id) if there else None
    held, clock = day.held(desk, draft.route_id), _clock(desk, draft, route)
    verdict = day.verdicts.get(draft.route_id)
    routes = _routes(desk, draft, day)
    mine = next((fit for fit in routes if fit.route_id == draft.route_id), None)
    cons = {one.code for one in mine.cons} if mine is not None and draft.route_known else set()
    clashing = {clash.starts_local for clash in way.walks}
    warnings = unsaid(check(_plan(desk, draft, verdict, clock)), draft.cautions_talked, cons, clashing)
    shown, rest = split(warnings, MOST_SHOWN - len(way.walks) - len(way.busy))
    others = tuple(fit for fit in routes if fit is not mine and fit.fits)[:OTHER_ROUTES]
    named = [fit.route_id for fit in (*([mine] if mine else []), *others)]
    with store.db.reading(coach.scope) as session:
        walked_with = route_walks.with_others(store, session, named, desk.client.id, desk.now)
    return Look(
        verdict=verdict,
        pending=held is not None and held.pending,
        may_ask=held is not None and _may_ask(desk, held, starts_at),
        problem=held.problem if held is not None and held.forecast is None else None,
        clock=clock,
        shown=shown,
        rest=rest,
        suggestions=_suggestions(desk, draft, verdict),
        way=way,
        route=mine,
        other_routes=others,
        walked_with=walked_with,
        no_route=_no_route(desk, draft, day),
        why=_why(desk, draft, verdict),
        points=route.waypoints if route else (),
    )


def _may_ask(desk: Desk, held: forecasts.Held, starts_at: datetime | None) -> bool:
    """Whether asking could bring a forecast that is not there: within what the service looks ahead."""
    ahead = starts_at is not None and desk.now < starts_at < desk.now + forecasts.HORIZON
    return ahead and held.forecast is None and not held.pending and held.problem is None


def _routes(desk: Desk, draft: Draft, day: Outlook) -> tuple[RouteFit, ...]:
    """How each route fits this draft, best first."""
    if draft.setting != OUTDOORS:
        return ()
    still = plan_wishes.still_minutes(desk, draft, draft.parts)
    return route_fit.fitting_routes(desk.routes, plan_wishes.route_wish(desk, draft, day, still))


def _no_route(desk: Desk, draft: Draft, day: Outlook) -> RouteHindrance | None:
    """Set when not even without standing still any route that suits fits in the minutes, and the coach chose none."""
    chosen = draft.route_id is not None and not draft.route_known
    if draft.setting != OUTDOORS or chosen:
        return None
    return route_fit.hindrance(desk.routes, plan_wishes.route_wish(desk, draft, day, 0))


def _why(desk: Desk, draft: Draft, verdict: Verdict | None) -> dict[int, tuple[Why, ...]]:
    wish = plan_wishes.exercise_wish(desk, draft, verdict)
    told = explained(desk.facts_of(exercise_ids(draft.parts)), wish)
    return {one.id: why for one, why in told.items() if one.id in draft.suggested}


def _in_the_way(
    store: Store, session: Session, desk: Desk, draft: Draft, starts_at: datetime | None
) -> InTheWay:
    if starts_at is None:
        return FREE
    mine = {desk.walk.id} if desk.walk else ()
    return in_the_way.at(store, session, desk.settings, starts_at, draft.minutes, desk.now, mine)


def _clock(desk: Desk, draft: Draft, route: OpenRoute | None) -> WalkClock:
    """With what is wrong with its pins among the hints."""
    facts = {one.id: one.facts for one in desk.exercises}
    parts = timed(draft.parts, facts, draft.setting, walk_course.along_m(route))
    pace = desk.client.details.pace_kmh
    found = walk_clock(
        draft.minutes,
        parts,
        setting=draft.setting,
        distance_m=route.distance_m if route else None,
        pace_kmh=pace,
        green_share=route.facts.green_share if route else 1.0,
        phase=desk.facts.recovery_phase,
    )
    if draft.setting != OUTDOORS:
        hints = timetable(parts, available_min=found.available_min).hints
    else:
        as_planned = as_it_is(Outing(draft.minutes, walk_course.ground_of(route), parts, pace))
        hints = walk_course.table_of(as_planned, route, pace).hints
    return replace(found, hints=(*found.hints, *hints))


def _plan(desk: Desk, draft: Draft, verdict: Verdict | None, clock: WalkClock) -> Plan:
    """The draft as its checks see it."""
    before, route = desk.before(draft.starts_local), desk.route(draft.route_id)
    return Plan(
        setting=draft.setting,
        minutes=draft.minutes,
        exercises=tuple(desk.facts_of(exercise_ids(draft.parts))),
        client=desk.facts,
        verdict=verdict.code if verdict else None,
        weather=weather_of(reason.code for reason in verdict.reasons) if verdict else frozenset(),
        has_place=draft.route_id is not None or bool(draft.meeting_point),
        route_id=draft.route_id,
        route_trusted=route.facts.trusted if route else False,
        last_route_id=desk.last_route_id(draft.starts_local),
        last_settings=tuple(row.setting for row in before),
        hints=clock.hints,
        has_phone=bool(desk.client.details.phone),
        same_day_at=desk.same_day(draft.starts_local),
        next_day_at=desk.next_day(draft.starts_local),
        dark=darkness(verdict),
        sun_at=_sun_local(desk, verdict),
    )


def _sun_local(desk: Desk, verdict: Verdict | None) -> datetime | None:
    """When the sun is down, or for a walk before it gets light, when it is up."""
    sun = verdict.numbers if verdict else None
    at = sun and (sun.sunrise_at if darkness(verdict) == DARK_EARLY else sun.sunset_at)
    return moment_to_local(at, desk.settings.zone) if at else None


def _suggestions(desk: Desk, draft: Draft, verdict: Verdict | None) -> tuple[Suggestion, ...]:
    """What could be added to what is there, in the minutes that are left."""
    there = exercise_ids(draft.parts)
    wish = replace(
        plan_wishes.exercise_wish(desk, draft, verdict),
        beside=tuple(desk.facts_of(there)),
        spent_min=sum(part.minutes for part in draft.parts if part.exercise_id is not None),
    )
    facts = [one.facts for one in plan_wishes.proposable(desk) if one.id not in there]
    return fitting_exercises(facts, wish)[:SUGGESTED]
