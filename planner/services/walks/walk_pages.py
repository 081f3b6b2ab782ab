"""What the page of one walk shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.domain.answers import AnswerContent
from planner.domain.geo import Point, coordinates
from planner.domain.lengths import Length
from planner.domain.plan_checks import TIME_OVER, PlanWarning
from planner.domain.timing import WalkClock
from planner.domain.walked_plan import WalkedPart, walked_plan
from planner.domain.walks import OUTDOORS, PLANNED
from planner.domain.when import day_bounds, day_on, moment_to_local
from planner.services.clients import answers
from planner.services.clients.clients import OpenClient, open_client
from planner.services.planning import walk_course
from planner.services.planning.walk_course import OnTheClock
from planner.services.routes import walking_routes
from planner.services.routes.walking_routes import OpenRoute, RoutePoint
from planner.services.store import NotFound, SignedIn, Store, practice_of, settings_of, walk_gate
from planner.services.toolkit import toolkit
from planner.services.toolkit.toolkit import ToolkitExercise
from planner.services.walks import walk_focus, walk_lengths, walk_rows
from planner.services.walks.walk_rows import OpenWalk
from planner.services.weather import forecasts


@dataclass(frozen=True, slots=True)
class WalkPage:
    """`exercises`: those of the plan, by id. `pending`: the forecast is on its way. `problem`: why there is none.
    `said`: what stands of what the client answered. `on_the_clock`: minute by minute, at the length it has now.
    `may_be`: the lengths it may be given."""

    walk: OpenWalk
    client: OpenClient
    exercises: Mapping[int, ToolkitExercise]
    route: OpenRoute | None
    clock: WalkClock
    on_the_clock: OnTheClock
    over: bool
    pending: bool
    problem: str | None
    said: AnswerContent
    may_be: tuple[Length, ...] = ()

    @property
    def plan(self) -> tuple[WalkedPart, ...]:
        """As it is walked."""
        return walked_plan(self.walk.parts, self.on_the_clock.timetable)

    @property
    def pin_warnings(self) -> list[PlanWarning]:
        """What is wrong with what is pinned."""
        return [
            PlanWarning(hint.code, numbers=hint.numbers, exercise_ids=hint.exercise_ids)
            for hint in self.on_the_clock.timetable.hints
        ]

    @property
    def time_over(self) -> PlanWarning | None:
        """That the way and the plan take longer than the walk, in numbers only: names of exercises stand elsewhere."""
        found = next((hint for hint in self.clock.hints if hint.code == TIME_OVER), None)
        if found is None:
            return None
        return PlanWarning(
            TIME_OVER, numbers={n: found.numbers[n] for n in ("needed_min", "buffer_min", "over_min")}
        )

    @property
    def turn_at(self) -> Point | None:
        """Where on the line of the route one turns round, for a walk out and back."""
        return self.on_the_clock.walked.way.turn

    def title_of(self, language: str) -> dict[int, str]:
        return {number: one.title(language) for number, one in self.exercises.items()}

    def ends(self, minutes: int) -> datetime:
        """What the clock on the wall says so many minutes after the start."""
        return moment_to_local(self.walk.starts_at + timedelta(minutes=minutes), self.walk.zone)

    def titles(self, exercise_ids: Iterable[int], language: str) -> list[str]:
        return [self.exercises[one].title(language) for one in exercise_ids if one in self.exercises]

    @property
    def start(self) -> str:
        """Where they meet, as coordinates; empty when nobody knows."""
        route = self.on_the_clock.route if self.walk.meets_at_route else None
        return coordinates(route.latitude, route.longitude) if route else ""

    @property
    def places(self) -> list[tuple[int, RoutePoint, str]]:
        """The places on the route, with their number on the drawing and their coordinates."""
        points = self.on_the_clock.points.values()
        return [(n, point, coordinates(point.latitude, point.longitude)) for n, point in enumerate(points, 1)]


def page(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> WalkPage:
    """One walk with its client, route, plan and weather. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id, now)
        client = open_client(store, session, walk.client_id)
        walk = walk_focus.shown(client, walk)
        route = walking_routes.open_route(store, session, walk.route_id) if walk.route_id else None
        exercises = toolkit.these(store, session, walk.exercise_ids)
        facts = {number: one.facts for number, one in exercises.items()}
        on_the_clock = walk_course.on_the_clock(store, session, walk, client, route, facts)
        said = answers.of_walk(store, session, client, walk_id)
        may_be = walk_lengths.possible(session, walk, on_the_clock.lengths, now)
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
        clock=walk_course.clock_of(walk, client, on_the_clock, facts),
        on_the_clock=on_the_clock,
        over=walk.ends_at <= now,
        pending=held is not None and held.pending,
        problem=held.problem if held is not None and held.forecast is None else None,
        said=said,
        may_be=may_be,
    )


def client_of(store: Store, coach: SignedIn, walk_id: int) -> int:
    """Whose walk it is. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        return walk_gate(session, walk_id).client_id


def exists(store: Store, coach: SignedIn, walk_id: int) -> bool:
    """Whether this coach has such a walk."""
    try:
        client_of(store, coach, walk_id)
    except NotFound:
        return False
    return True


def of_today(store: Store, coach: SignedIn, now: datetime) -> int | None:
    """Today's walk that is going on or comes next, else the last one that still wants its note."""
    with store.db.reading(coach.scope) as session:
        zone = settings_of(practice_of(session, coach.scope)).zone
        first, last = day_bounds(day_on(now, zone), zone)
        rows = walk_rows.between(store, session, first, last, now)
    going = [row for row in rows if row.status == PLANNED and row.ends_at > now]
    return next((row.id for row in going or [row for row in rows if row.awaits_note(now)][-1:]), None)
