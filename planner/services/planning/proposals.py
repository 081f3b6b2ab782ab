"""The proposal for a walk: day and time, length, route and exercises, each so that the page need not warn of it.

What the coach chose stays; only the rest is proposed, and proposed again when something else changes. Saves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from planner.domain import plan_start, route_fit
from planner.domain.exercises import OUTDOORS
from planner.domain.plan_parts import Parts, lay
from planner.domain.suggestions import fitting_exercises, suggested_next
from planner.domain.walks import exercise_ids
from planner.domain.weather_values import Verdict
from planner.services.planning import plan_wishes
from planner.services.planning.hour_proposal import Hour, HourWish, propose_hour
from planner.services.planning.outlook import NOTHING, Outlook, outlook
from planner.services.planning.plan_desk import Desk, Draft
from planner.services.store import SignedIn, Store

DAY, TIME, ROUTE, PARTS = "day", "time", "route", "parts"


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the form, and which of it is `open`: not chosen by the coach, so that it may be proposed."""

    open: frozenset[str]
    minutes: int
    setting: str = OUTDOORS
    on: date | None = None
    at: time | None = None
    route_id: int | None = None
    parts: Parts = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The plan to show. `hour` is None when the coach chose both day and time. `suggested`: the exercises the planner
    put in; None when the parts are the coach's. `day`: what was looked up for it."""

    on: date | None
    at: time | None
    route_id: int | None
    parts: Parts
    hour: Hour | None = None
    suggested: tuple[int, ...] | None = None
    day: Outlook = NOTHING

    @property
    def starts_local(self) -> datetime | None:
        return datetime.combine(self.on, self.at) if self.on is not None and self.at is not None else None


def length(desk: Desk, asked: int | None = None) -> int:
    """As long as last time, within what the client and the phase allow."""
    last = desk.had[0].planned_minutes if desk.had else None
    facts = desk.facts
    return asked or plan_start.length(last, facts.max_minutes, facts.recovery_phase, desk.settings)


def setting(desk: Desk) -> str:
    """As last time; after two walks that were not outdoors the page asks, it does not decide."""
    return desk.had[0].setting if desk.had else OUTDOORS


def propose(store: Store, coach: SignedIn, desk: Desk, given: Given) -> Proposal:
    """First a route for the length, then an hour for it; then the route and the exercises for that hour's weather."""
    plan = Proposal(given.on, given.at, given.route_id, given.parts)
    with store.db.reading(coach.scope) as session:
        if given.open & {DAY, TIME}:
            place = _with_route(desk, given, plan, NOTHING)
            plan = replace(_with_hour(store, session, desk, given, place), route_id=plan.route_id)
        day = outlook(store, session, desk, _draft(given, plan))
    plan = replace(_with_route(desk, given, plan, day), day=day)
    return _with_parts(desk, given, plan, day.verdicts.get(plan.route_id)) if PARTS in given.open else plan


def _draft(given: Given, plan: Proposal) -> Draft:
    return Draft(plan.starts_local, given.minutes, given.setting, plan.route_id, plan.parts)


def _with_hour(store: Store, session: Session, desk: Desk, given: Given, plan: Proposal) -> Proposal:
    on, at = None if DAY in given.open else given.on, None if TIME in given.open else given.at
    missing = (DAY not in given.open and on is None) or (TIME not in given.open and at is None)
    if missing:  # what was typed makes no sense yet: its sentence stands beside it
        return plan
    one_chosen = len(given.open & {DAY, TIME}) == 1
    wish = HourWish(
        given.minutes,
        given.setting,
        desk.route(plan.route_id),
        on,
        at,
        plan.starts_local if one_chosen else None,
    )
    hour = propose_hour(store, session, desk, wish)
    if hour.local is None:
        return replace(plan, on=on, at=at, hour=hour)
    return replace(plan, on=hour.local.date(), at=hour.local.time(), hour=hour)


def _with_route(desk: Desk, given: Given, plan: Proposal, day: Outlook) -> Proposal:
    """With the time the exercises stand still, when those are the coach's; else the exercises adapt to the route."""
    if ROUTE not in given.open:
        return plan
    if given.setting != OUTDOORS:
        return replace(plan, route_id=None)
    draft = _draft(given, plan)
    stills: tuple[int, ...] = (plan_wishes.still_minutes(desk, draft, given.parts),)
    if PARTS in given.open:
        usual = propose_parts(desk, replace(draft, route_id=None), day.verdicts.get(None))
        stills = (plan_wishes.still_minutes(desk, draft, usual), 0)
    found = [
        route_fit.proposed(
            route_fit.fitting_routes(desk.routes, plan_wishes.route_wish(desk, draft, day, still))
        )
        for still in stills
    ]
    ready = [fit for fit in found if fit is not None]
    best = next((fit for fit in ready if not fit.is_warned_of), next(iter(ready), None))
    return replace(plan, route_id=best.route_id if best else None)


def _with_parts(desk: Desk, given: Given, plan: Proposal, verdict: Verdict | None) -> Proposal:
    parts = propose_parts(desk, _draft(given, plan), verdict)
    ids = exercise_ids(parts)
    before = exercise_ids(given.parts)
    if ids == before:  # what the client may see was perhaps chosen already
        shown = {part.exercise_id for part in given.parts if part.for_client}
        parts = tuple(replace(part, for_client=part.exercise_id in shown) for part in parts)
    return replace(plan, parts=parts, suggested=ids)


def propose_parts(desk: Desk, draft: Draft, verdict: Verdict | None = None) -> Parts:
    """The default plan with the exercises that suit best then (decision 25). The client may see the first of them that
    says nothing about health."""
    wanted = plan_wishes.exercise_wish(desk, draft, verdict)
    facts = [one.facts for one in plan_wishes.proposable(desk)]
    chosen = [one.exercise for one in suggested_next(fitting_exercises(facts, wanted), wanted)]
    seen = [one.id for one in chosen if not one.sensitive_title][:1]
    return lay(draft.minutes, chosen, draft.setting, desk.facts.recovery_phase, seen)
