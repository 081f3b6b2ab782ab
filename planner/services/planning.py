"""What planning a walk looks at: what there is to choose from (the desk), and what a plan in the making comes to (the
look). Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain import reasons
from planner.domain.clients import client_facts
from planner.domain.exercises import OUTDOORS, ClientFacts, ExerciseFacts
from planner.domain.lengths import Outing, as_it_is
from planner.domain.plan_checks import Plan, PlanWarning, check, split
from planner.domain.plan_parts import Parts, lay
from planner.domain.practices import PracticeSettings
from planner.domain.suggestions import Suggestion, Wish, fitting_exercises, suggested_next, weather_of
from planner.domain.timetable import timetable
from planner.domain.timing import WalkClock, walk_clock
from planner.domain.walks import CANCELLED, Clash, exercise_ids, timed
from planner.domain.weather_values import Verdict
from planner.domain.when import TimeDoesNotExist, local_to_moment
from planner.services import forecasts, notes, safety, toolkit, walk_course, walk_rows, walking_routes, walks
from planner.services.clients import OpenClient, open_client
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.toolkit import ToolkitExercise
from planner.services.walk_rows import OpenWalk, WalkRow
from planner.services.walking_routes import OpenRoute, RoutePoint, RouteRow

LOOKED_BACK = 12
"""So many of the client's walks are looked at for habits."""
SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything around the plan of one client. `recent`: walks that were not cancelled, newest first, without `walk`
    (the one being changed). `like`: the walk to repeat. `plans`: walk id to its parts.
    `next_focus`: what the last note said to go on with. `held`: code of a safety answer that holds planning."""

    client: OpenClient
    facts: ClientFacts
    settings: PracticeSettings
    routes: tuple[RouteRow, ...]
    exercises: tuple[ToolkitExercise, ...]
    recent: tuple[WalkRow, ...]
    walk: OpenWalk | None
    like: OpenWalk | None
    plans: Mapping[int, Parts]
    worked: frozenset[int]
    home_step: str | None
    next_focus: str
    last_video_url: str
    held: str | None
    now: datetime

    @property
    def by_id(self) -> dict[int, ToolkitExercise]:
        return {one.id: one for one in self.exercises}

    def titles(self, language: str) -> dict[int, str]:
        return {one.id: one.title(language) for one in self.exercises}

    def facts_of(self, ids: Iterable[int]) -> list[ExerciseFacts]:
        """The exercises with these ids, in that order; unknown ones left out."""
        by_id = self.by_id
        return [by_id[one].facts for one in ids if one in by_id]

    def route(self, route_id: int | None) -> RouteRow | None:
        return next((row for row in self.routes if row.id == route_id), None)

    def before(self, starts_local: datetime | None) -> list[WalkRow]:
        """The client's earlier walks, newest first."""
        return [row for row in self.recent if starts_local is None or row.starts_local < starts_local]


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan in the making. `starts_local` None: no day and time chosen yet."""

    starts_local: datetime | None
    minutes: int
    setting: str = OUTDOORS
    route_id: int | None = None
    parts: Parts = ()
    cautions_talked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """What a draft comes to. `verdict` None: weather does not count, or there is no day yet. `pending`: the forecast is
    on its way. `problem`: why there is none. `rest`: warnings after the three shown (decision 26). `points`: of
    the route."""

    verdict: Verdict | None
    pending: bool
    problem: str | None
    clock: WalkClock
    shown: tuple[PlanWarning, ...]
    rest: tuple[PlanWarning, ...]
    suggestions: tuple[Suggestion, ...]
    clashes: tuple[Clash, ...]
    points: tuple[RoutePoint, ...]


def open_desk(
    store: Store,
    coach: SignedIn,
    client_id: int | None,
    now: datetime,
    *,
    walk_id: int | None = None,
    like_id: int | None = None,
) -> Desk:
    """For a new walk of this client, or for changing one. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id) if walk_id else None
        client = open_client(store, session, walk.client_id if walk else client_id or 0)
        like = walk_rows.open_walk(store, session, like_id) if like_id else None
        practice = practice_of(session, coach.scope)
        rows = walk_rows.of_client(store, session, client.id, LOOKED_BACK)
        recent = tuple(row for row in rows if row.status != CANCELLED and row.id != walk_id)
        lines = notes.of_client(store, session, client, LOOKED_BACK)
        kit = toolkit.exercises(store, session, hidden=True)
        planned = set(walk.exercise_ids if walk else ()) | set(like.exercise_ids if like else ())
        return Desk(
            client=client,
            facts=client_facts(client.details, client.health),
            settings=settings_of(practice),
            routes=_routes(store, session, practice.wrapped_key, walk),
            exercises=tuple(one for one in kit if not one.hidden or one.id in planned),
            recent=recent,
            walk=walk,
            like=like if like and like.client_id == client.id else None,
            plans=walk_rows.parts_of(session, [row.id for row in recent]),
            worked=notes.worked_tools(lines),
            home_step=notes.last_home_step(lines, walk.starts_local if walk else None),
            next_focus=lines[0].content.next_focus if lines and walk is None else "",
            last_video_url=walk_rows.last_video_url(store, session, client.id),
            held=safety.holds_planning(store, session, client),
            now=now,
        )


def _routes(
    store: Store, session: Session, practice_key: bytes, walk: OpenWalk | None
) -> tuple[RouteRow, ...]:
    """The library; a route put away only where the walk has it already."""
    rows = walking_routes.listing(store, session, practice_key, archived=True)
    kept = walk.route_id if walk else None
    return tuple(row for row in rows if not row.archived or row.id == kept)


def wish(desk: Desk, draft: Draft, verdict: Verdict | None = None) -> Wish:
    """What the exercises of this draft must fit."""
    done = [exercise_ids(desk.plans.get(row.id, ())) for row in desk.before(draft.starts_local)]
    served = [{reason for one in desk.facts_of(ids) for reason in one.reasons} for ids in reversed(done)]
    weather = weather_of(reason.code for reason in verdict.reasons) if verdict else frozenset()
    return Wish(
        setting=draft.setting,
        minutes=draft.minutes,
        client=desk.facts,
        weather=weather,
        need=reasons.by_need(reasons.coverage(served)),
        worked=desk.worked,
        lately=frozenset(done[0]) if done else frozenset(),
    )


def proposed_parts(desk: Desk, draft: Draft) -> Parts:
    """The default plan with the exercises that suit best now (decision 25). The client may see the first of them that
    says nothing about health."""
    wanted = wish(desk, draft)
    facts = [one.facts for one in _proposable(desk)]
    chosen = [one.exercise for one in suggested_next(fitting_exercises(facts, wanted), wanted)]
    seen = [one.id for one in chosen if not one.sensitive_title][:1]
    return lay(draft.minutes, chosen, draft.setting, desk.facts.recovery_phase, seen)


def _proposable(desk: Desk) -> list[ToolkitExercise]:
    """Not what the coach hid; and nothing that asks much energy as long as the client's phase is not known."""
    careful = desk.facts.recovery_phase is None
    return [
        one
        for one in desk.exercises
        if not one.hidden and not (careful and one.facts.energy_demand == "high")
    ]


def look(store: Store, coach: SignedIn, desk: Desk, draft: Draft, *, ask_weather: bool = False) -> Look:
    """Weather, clock, warnings, suggestions and clashes of a draft. `ask_weather`: have the forecast of its place
    fetched when it is not there (a change, so only behind a POST)."""
    starts_at = _moment(draft, desk.settings)
    if ask_weather and starts_at is not None and draft.setting == OUTDOORS:
        with store.db.transaction(coach.scope, desk.now) as session:
            place, _guess = forecasts.place_of(_spot(desk, draft), desk.settings)
            until = starts_at + timedelta(minutes=draft.minutes)
            forecasts.want(store, session, [place], until, desk.now)
    with store.db.reading(coach.scope) as session:
        verdict, held = _weather(store, session, desk, draft, starts_at)
        found = _clashes(store, session, desk, draft, starts_at)
        there = desk.route(draft.route_id) if draft.setting == OUTDOORS else None
        route = walking_routes.open_route(store, session, there.id) if there else None
    clock = _clock(desk, draft, route)
    shown, rest = split(_warnings(desk, draft, verdict, clock))
    return Look(
        verdict=verdict,
        pending=held is not None and held.pending and bool(verdict),
        problem=held.problem if held is not None and held.forecast is None else None,
        clock=clock,
        shown=shown,
        rest=rest,
        suggestions=_suggestions(desk, draft, verdict),
        clashes=found,
        points=route.waypoints if route else (),
    )


def _moment(draft: Draft, settings: PracticeSettings) -> datetime | None:
    try:
        return local_to_moment(draft.starts_local, settings.zone) if draft.starts_local else None
    except TimeDoesNotExist:
        return None


def _spot(desk: Desk, draft: Draft) -> forecasts.Spot | None:
    route = desk.route(draft.route_id)
    if route is None or route.latitude is None or route.longitude is None:
        return None
    return forecasts.Spot(route.latitude, route.longitude)


def _weather(
    store: Store, session: Session, desk: Desk, draft: Draft, starts_at: datetime | None
) -> tuple[Verdict | None, forecasts.Held | None]:
    if starts_at is None or draft.setting != OUTDOORS:
        return None, None
    spot, route = _spot(desk, draft), desk.route(draft.route_id)
    board = forecasts.board(store, session, desk.settings, [spot], desk.now)
    ends_at = starts_at + timedelta(minutes=draft.minutes)
    tags = route.facts.environment_tags if route else ()
    verdict = board.verdict(spot, starts_at, ends_at, tags, health_flags=desk.facts.health_flags)
    return verdict, board.held(spot)


def _clashes(
    store: Store, session: Session, desk: Desk, draft: Draft, starts_at: datetime | None
) -> tuple[Clash, ...]:
    if starts_at is None:
        return ()
    return walks.clashes_of(store, session, starts_at, draft.minutes, desk.walk.id if desk.walk else None)


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


def _warnings(desk: Desk, draft: Draft, verdict: Verdict | None, clock: WalkClock) -> list[PlanWarning]:
    before, route = desk.before(draft.starts_local), desk.route(draft.route_id)
    last_outdoors = next((row for row in before if row.setting == OUTDOORS), None)
    plan = Plan(
        setting=draft.setting,
        minutes=draft.minutes,
        exercises=tuple(desk.facts_of(exercise_ids(draft.parts))),
        client=desk.facts,
        verdict=verdict.code if verdict else None,
        weather=weather_of(reason.code for reason in verdict.reasons) if verdict else frozenset(),
        route_id=draft.route_id,
        route_trusted=route.facts.trusted if route else False,
        last_route_id=last_outdoors.route_id if last_outdoors else None,
        last_settings=tuple(row.setting for row in before),
        hints=clock.hints,
    )
    talked = draft.cautions_talked
    return [one for one in check(plan) if one.code != "caution" or one.exercise_id not in talked]


def _suggestions(desk: Desk, draft: Draft, verdict: Verdict | None) -> tuple[Suggestion, ...]:
    there = exercise_ids(draft.parts)
    facts = [one.facts for one in _proposable(desk) if one.id not in there]
    return fitting_exercises(facts, wish(desk, draft, verdict))[:SUGGESTED]
