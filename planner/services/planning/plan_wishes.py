"""What a draft asks of exercises and of a route, put together from the desk."""

from __future__ import annotations

from planner.domain import reasons
from planner.domain.exercise_wish import Wish, in_a_row
from planner.domain.exercises import reasons_of
from planner.domain.geo import Point
from planner.domain.plan_parts import Parts
from planner.domain.practices import BUFFER_MINUTES
from planner.domain.route_fit import is_far_away
from planner.domain.route_wish import RouteWish
from planner.domain.suggestions import weather_of
from planner.domain.timing import totals, walking_minutes
from planner.domain.walks import exercise_ids, timed
from planner.domain.weather_values import Verdict
from planner.services.planning.outlook import Outlook
from planner.services.planning.plan_desk import Desk, Draft
from planner.services.toolkit.toolkit import ToolkitExercise


def exercise_wish(desk: Desk, draft: Draft, verdict: Verdict | None = None) -> Wish:
    """What the exercises of this draft must fit. Of the walks before it: what was served in those that took place
    (domain 1.2 rule 6), and what came in each, the planned ones too, for variety."""
    before = desk.before(draft.starts_local)
    plans = {row.id: exercise_ids(desk.plans.get(row.id, ())) for row in before}
    done = [plans[row.id] for row in desk.had if row.id in plans]
    covered = reasons.coverage([reasons_of(desk.every, ids) for ids in reversed(done)])
    return Wish(
        setting=draft.setting,
        minutes=draft.minutes,
        client=desk.facts,
        weather=weather_of(reason.code for reason in verdict.reasons) if verdict else frozenset(),
        need=reasons.by_need(covered, desk.ledger),
        covered=covered,
        counted=min(len(done), reasons.COVERAGE_WALKS),
        worked=desk.worked,
        in_a_row=in_a_row([*plans.values()]),
        chosen=desk.chosen,
        still_room_min=_still_room(desk, draft),
        benches=_has_bench(desk, draft.route_id),
    )


def _has_bench(desk: Desk, route_id: int | None) -> bool:
    route = desk.route(route_id)
    return (
        route is None
        or "benches" in route.facts.accessibility
        or ("bench" in desk.points.get(route.id, frozenset()))
    )


def _still_room(desk: Desk, draft: Draft) -> int | None:
    """Minutes that the route leaves for standing and sitting; None without a measured route."""
    route = desk.route(draft.route_id)
    if route is None or route.distance_m is None:
        return None
    walking = walking_minutes(route.distance_m, desk.client.details.pace_kmh)
    return int(draft.minutes - BUFFER_MINUTES - walking)


def still_minutes(desk: Desk, draft: Draft, parts: Parts) -> int:
    return totals(timed(parts, desk.every, draft.setting)).still_min


def route_wish(desk: Desk, draft: Draft, day: Outlook, still_min: int) -> RouteWish:
    """What the route of this draft must fit. A walk with the same client later than it does not count as walked."""
    at = draft.starts_local
    days_ago: dict[int, int] = {}
    for route_id, walked_local in desk.walked:
        if at is None:
            days_ago.setdefault(route_id, max(0, (desk.today_on - walked_local.date()).days))
        elif walked_local < at:
            days_ago.setdefault(route_id, (at.date() - walked_local.date()).days)
    quiet = {route.id: route.facts.quiet_when(at) for route in desk.routes} if at else {}
    return RouteWish(
        minutes=draft.minutes,
        walker=desk.walker,
        still_min=still_min,
        quiet={route_id: known for route_id, known in quiet.items() if known is not None},
        days_ago=days_ago,
        last_route_id=desk.last_route_id(at),
        sky=day.sky,
        neighbours=day.neighbours,
        points=desk.points,
        known_places=known_places(desk),
    )


def known_places(desk: Desk) -> tuple[Point, ...]:
    """Home, and where the routes begin on which anybody was met or will be. Nothing as long as home was never said and
    nobody was met near what stands in for it: then nobody knows what is far."""
    home = Point(desk.settings.home_latitude, desk.settings.home_longitude)
    met = [route for route in desk.routes if route.id in desk.met]
    if not desk.settings.home_is_known and all(is_far_away(route, (home,)) for route in met):
        return ()
    return home, *dict.fromkeys(
        Point(one.latitude, one.longitude)
        for one in met
        if one.latitude is not None and one.longitude is not None
    )


def proposable(desk: Desk) -> list[ToolkitExercise]:
    """Not what the coach hid; and nothing that asks much energy as long as the client's phase is not known."""
    careful = desk.facts.recovery_phase is None
    return [
        one
        for one in desk.exercises
        if not one.hidden and not (careful and one.facts.energy_demand == "high")
    ]
