"""The desk of a plan in the making: everything there is to choose from for one client, and what was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from planner.domain.clients import client_facts
from planner.domain.closed_hour import Closed, day_off
from planner.domain.exercise_wish import Chosen
from planner.domain.exercises import OUTDOORS, ClientFacts, ExerciseFacts
from planner.domain.geo import Point
from planner.domain.plan_parts import Parts
from planner.domain.practices import PracticeSettings
from planner.domain.reasons import LedgerLine, ledger
from planner.domain.route_fit import is_far_away
from planner.domain.route_needs import Walker, walker_of
from planner.domain.walks import CANCELLED
from planner.domain.when import day_on
from planner.services.calendars import public_holidays
from planner.services.clients import safety
from planner.services.clients.clients import OpenClient, open_client
from planner.services.notes import notes
from planner.services.routes import walking_routes
from planner.services.routes.walking_routes import RouteRow
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.toolkit import exercise_choices, toolkit
from planner.services.toolkit.toolkit import ToolkitExercise
from planner.services.walks import walk_focus, walk_rows
from planner.services.walks import walk_queries as queries
from planner.services.walks.walk_rows import OpenWalk, WalkRow

LOOKED_BACK = 12
"""So many of the client's walks are looked at for habits."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything around the plan of one client. `recent`: walks that were not cancelled, newest first, without `walk`
    (the one being changed): the newest planned ones, and `had`, those that took place. `starts`: of all the client's
    other walks. `like`: the walk to repeat. `plans`: walk id to its parts. `next_focus`: what the last note said to go
    on with. `held`: code of a safety answer that holds planning. `every`: facts of the whole toolkit, what is hidden
    too. `chosen`: what became of suggestions for this client; `suggested`: those that were made for `walk`. `walked`:
    route and day of each walk outdoors, newest first. `points`: route id to the kinds of places on it.
    `ledger`: how far each reason carried the last walks. `met`: the routes on which the coach walks with anybody,
    where some begin far from home."""

    client: OpenClient
    facts: ClientFacts
    settings: PracticeSettings
    routes: tuple[RouteRow, ...]
    exercises: tuple[ToolkitExercise, ...]
    recent: tuple[WalkRow, ...]
    had: tuple[WalkRow, ...]
    starts: tuple[datetime, ...]
    walk: OpenWalk | None
    like: OpenWalk | None
    plans: Mapping[int, Parts]
    worked: frozenset[int]
    home_step: str | None
    next_focus: str
    last_video_url: str
    held: str | None
    now: datetime
    every: Mapping[int, ExerciseFacts]
    chosen: Mapping[int, Chosen]
    suggested: tuple[int, ...]
    walked: tuple[tuple[int, datetime], ...]
    points: Mapping[int, frozenset[str]]
    ledger: tuple[LedgerLine, ...]
    met: frozenset[int]

    @property
    def by_id(self) -> dict[int, ToolkitExercise]:
        return {one.id: one for one in self.exercises}

    def titles(self, language: str) -> dict[int, str]:
        return {one.id: one.title(language) for one in self.exercises}

    def facts_of(self, ids: Iterable[int]) -> list[ExerciseFacts]:
        """The exercises with these ids, in that order; unknown ones left out."""
        by_id = self.by_id
        return [by_id[one].facts for one in ids if one in by_id]

    @property
    def walker(self) -> Walker:
        return walker_of(self.client.details, self.client.health)

    @property
    def today_on(self) -> date:
        return day_on(self.now, self.settings.zone)

    @property
    def off(self) -> frozenset[date]:
        """Days off, which are not proposed."""
        return public_holidays.days_off(self.settings, self.today_on)

    def off_on(self, on: date) -> Closed | None:
        """Why that day is off, where it is."""
        return day_off(self.settings, public_holidays.between(on, on), on)

    def route(self, route_id: int | None) -> RouteRow | None:
        return next((row for row in self.routes if row.id == route_id), None)

    def same_day(self, starts_local: datetime | None) -> datetime | None:
        """The first of the client's other walks on that day."""
        on = starts_local.date() if starts_local else None
        return min((one for one in self.starts if one.date() == on), default=None)

    def next_day(self, starts_local: datetime | None) -> datetime | None:
        """The first of the client's other walks on the day before or after."""
        near = (
            one for one in self.starts if starts_local and abs((one.date() - starts_local.date()).days) == 1
        )
        return min(near, default=None)

    def before(self, starts_local: datetime | None) -> list[WalkRow]:
        """The client's earlier walks, newest first."""
        return [row for row in self.recent if starts_local is None or row.starts_local < starts_local]

    def last_route_id(self, starts_local: datetime | None) -> int | None:
        """The route of the client's walk outdoors before this one; None when that had none."""
        outdoors = (row.route_id for row in self.before(starts_local) if row.setting == OUTDOORS)
        return next(outdoors, None)


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan in the making. `starts_local` None: no day and time chosen yet. `route_known`: the planner filled the
    route in, or the walk is to be as another one; what speaks against it stands with it."""

    starts_local: datetime | None
    minutes: int
    setting: str = OUTDOORS
    route_id: int | None = None
    parts: Parts = ()
    cautions_talked: frozenset[int] = frozenset()
    route_known: bool = False
    suggested: tuple[int, ...] = ()
    meeting_point: str = ""


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
        settings, routes = settings_of(practice), _routes(store, session, practice.wrapped_key, walk)
        rows = walk_rows.of_client(store, session, client.id, LOOKED_BACK)
        past = walk_rows.had(store, session, client.id, LOOKED_BACK, now)
        had = tuple(row for row in past if row.id != walk_id)
        recent = _newest_first((*rows, *had), walk_id)
        others = _others(session, client.id, walk_id)
        lines = notes.of_client(store, session, client, LOOKED_BACK)
        kit = toolkit.exercises(store, session, hidden=True)
        planned = set(walk.exercise_ids if walk else ()) | set(like.exercise_ids if like else ())
        return Desk(
            client=client,
            facts=client_facts(client.details, client.health),
            settings=settings,
            routes=routes,
            exercises=tuple(one for one in kit if not one.hidden or one.id in planned),
            recent=recent,
            had=had,
            starts=tuple(starts for _route, starts in others),
            walk=walk_focus.shown(client, walk) if walk else None,
            like=walk_focus.shown(client, like) if like and like.client_id == client.id else None,
            plans=walk_rows.parts_of(session, [row.id for row in recent]),
            worked=notes.worked_tools(lines),
            home_step=notes.last_home_step(lines, walk.starts_local if walk else None),
            next_focus=lines[0].content.next_focus if lines and walk is None else "",
            last_video_url=walk_rows.last_video_url(store, session, client.id, now),
            held=safety.holds_planning(store, session, client),
            now=now,
            every={one.id: one.facts for one in kit},
            chosen=exercise_choices.of_client(session, client.id),
            suggested=exercise_choices.of_walk(session, walk.id) if walk else (),
            walked=tuple((route, starts) for route, starts in others if route is not None),
            points=walking_routes.kinds_of_points(session),
            ledger=ledger([line.content.marks for line in lines]),
            met=_met_on(session, settings, routes),
        )


def _met_on(session: Session, settings: PracticeSettings, routes: Iterable[RouteRow]) -> frozenset[int]:
    """Asked only where a route begins far from home, or home is not known: else it does not matter."""
    home = (Point(settings.home_latitude, settings.home_longitude),)
    asked = not settings.home_is_known or any(is_far_away(route, home) for route in routes)
    return frozenset(session.scalars(queries.MET_ON)) if asked else frozenset()


def _newest_first(rows: Iterable[WalkRow], but_walk_id: int | None) -> tuple[WalkRow, ...]:
    """Each once, without the cancelled ones."""
    kept = {row.id: row for row in rows if row.status != CANCELLED and row.id != but_walk_id}
    return tuple(sorted(kept.values(), key=lambda row: (row.starts_at, -row.id), reverse=True))


def _others(session: Session, client_id: int, but_walk_id: int | None) -> list[tuple[int | None, datetime]]:
    """Route and start of each walk but this one."""
    found = session.execute(queries.STARTS_AND_ROUTES, {"client_id": client_id})
    return [(row.route_id, row.starts_local) for row in found if row.id != but_walk_id]


def _routes(
    store: Store, session: Session, practice_key: bytes, walk: OpenWalk | None
) -> tuple[RouteRow, ...]:
    """The library; a route put away only where the walk has it already."""
    rows = walking_routes.listing(store, session, practice_key, archived=True)
    kept = walk.route_id if walk else None
    return tuple(row for row in rows if not row.archived or row.id == kept)
