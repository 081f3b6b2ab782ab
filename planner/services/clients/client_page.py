"""What a client sees behind their link: a narrow value, and nothing outside it ever reaches those templates.

The whitelist is domain.md 6.2. Past walks, notes, numbers, verdicts, other people: never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from sqlalchemy.orm import Session

from planner.domain.answers import asks_length
from planner.domain.course import Way
from planner.domain.exercises import ExerciseFacts
from planner.domain.geo import Point, coordinates, position_of
from planner.domain.lengths import NORMAL, Length
from planner.domain.walks import CANCELLED, PLANNED
from planner.domain.waypoints import PUBLIC
from planner.domain.weather import clothes
from planner.services.clients import clients, page_answers
from planner.services.clients.clients import OpenClient
from planner.services.clients.page_answers import Asked
from planner.services.clients.sharing import Opened
from planner.services.notes import notes
from planner.services.people import coaches
from planner.services.planning import walk_course
from planner.services.routes import walking_routes
from planner.services.routes.walking_routes import OpenRoute
from planner.services.store import Store, practice_of, settings_of
from planner.services.toolkit import toolkit
from planner.services.walks import walk_lengths, walk_rows
from planner.services.walks.walk_rows import OpenWalk

BY_THE_WAY_M = 100.0
"""A place farther from where they walk is not on this walk."""
OPEN_WORDS = 16
"""Of an exercise, a message and a step for home together, so that a full page stays within its 150."""


@dataclass(frozen=True, slots=True)
class SharedExercise:
    """Steps the client may see. The title is empty where it could say something about health, unless the coach turned
    titles on for this client."""

    title: str
    steps: tuple[str, ...]

    def open(self, other_words: int) -> int:
        """How many steps stand open beside so many words of the coach: as many as stay within a few words together.
        Without any there is at least one; with many there is none."""
        words = accumulate((len(step.split()) for step in self.steps), initial=other_words)
        fit = sum(total <= OPEN_WORDS for total in words) - 1
        return max(fit, 0 if other_words else 1)


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """Something that anybody finds on the way, for the big map: its kind only. What the coach calls it may say
    something about another client."""

    kind: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class SharedWeather:
    """Advice, not alarm."""

    temperature_c: float | None
    symbol: str | None
    clothes: tuple[str, ...]
    source: str | None
    as_of: datetime | None
    says_air: bool


@dataclass(frozen=True, slots=True)
class SharedWalk:
    """`way`: where they walk. `way_code`: of domain.lengths.WAYS. `is_whole`: the map of the route shows the walk.
    `calls_own_number`: the coach has the client's number."""

    id: int
    starts_local: datetime
    starts_at: datetime
    minutes: int
    status: str
    moved_from_local: datetime | None
    setting: str
    meeting_point: str
    latitude: float | None
    longitude: float | None
    route_name: str
    distance_m: int | None
    surface: str | None
    line_from: str | None
    way: Way
    way_code: str
    is_whole: bool
    weather: SharedWeather | None
    exercises: tuple[SharedExercise, ...]
    video_url: str
    message: str
    calls_own_number: bool
    places: tuple[SharedPlace, ...] = ()

    @property
    def on_a_map(self) -> bool:
        """Whether a map has something to show of it."""
        return self.setting == "outdoors" and (bool(self.coordinates) or any(self.way.line))

    @property
    def coordinates(self) -> str:
        """Empty when they are not known."""
        return coordinates(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class ClientPage:
    """`first_name` only when the client wants it there. `later`: after the next one, in order."""

    language: str
    first_name: str
    coach_first_name: str
    coach_phone: str
    coach_email: str
    notice_hours: int
    next: SharedWalk | None
    later: tuple[SharedWalk, ...]
    cancelled: tuple[SharedWalk, ...]
    home_step: str
    asked: Asked

    @property
    def own_words(self) -> int:
        """Of the coach's message and step for home: they always stand open."""
        return len(self.home_step.split()) + len(self.next.message.split() if self.next else ())


@dataclass(frozen=True, slots=True)
class Known:
    """What several walks share, read once: routes and exercises, by id."""

    routes: dict[int, OpenRoute]
    facts: dict[int, ExerciseFacts]


def page(store: Store, opened: Opened, language: str | None, now: datetime) -> ClientPage:
    """The page as it is now. `language`: when the reader chose another than the client's own."""
    with store.db.reading(opened.scope) as session:
        coach = coaches.open_in(store, session, opened.scope.coach_id or 0)
        client = clients.open_client(store, session, opened.client_id)
        language = language or client.language
        settings = settings_of(practice_of(session, opened.scope))
        rows = walk_rows.coming(store, session, client.id, now, cancelled=True)
        found = walk_rows.open_walks(store, session, [row.id for row in rows], now)
        opened_walks = [found[row.id] for row in rows]
        routes = {walk.route_id for walk in opened_walks if walk.route_id}
        known = Known(
            walking_routes.open_routes(store, session, routes),
            toolkit.facts_of(session, {one for walk in opened_walks for one in walk.exercise_ids}),
        )
        coming = [_shared(store, session, walk, client, language, known) for walk in opened_walks]
        planned = [walk for walk in coming if walk.status != CANCELLED]
        lines = notes.of_client(store, session, client, most=1)
        home = next((one.content.home_step for one in lines if one.content.show_home_step), "")
        return ClientPage(
            language,
            client.name.first_name if client.show_first_name else "",
            coach.first_name,
            coach.phone,
            coach.email,
            settings.notice_hours,
            planned[0] if planned else None,
            tuple(planned[1:]),
            tuple(walk for walk in coming if walk.status == CANCELLED),
            home,
            page_answers.asked(
                store,
                session,
                client,
                (row for row in rows if row.status == PLANNED),
                settings.notice_hours,
                now,
                _lengths(store, session, opened_walks, client, now),
            ),
        )


def _lengths(
    store: Store, session: Session, coming: list[OpenWalk], client: OpenClient, now: datetime
) -> dict[int, tuple[Length, ...]]:
    """What can be chosen for the next walk, where the coach turned that on."""
    walk = next((one for one in coming if one.status == PLANNED), None)
    if walk is None or not asks_length(client.page_asks, walk.setting, walk.starts_at, now):
        return {}
    return {walk.id: walk_lengths.offered(store, session, walk, client, now)}


def _shared(
    store: Store, session: Session, walk: OpenWalk, client: OpenClient, language: str, known: Known
) -> SharedWalk:
    route = known.routes[walk.route_id] if walk.route_id else None
    walked = walk_course.walked(store, session, walk, client, route, known.facts)
    route, length, way = walked.route, walked.length, walked.way
    distance_m = route.distance_m if route else None
    if length is not None and (route is not None or walk.length != NORMAL):
        distance_m = length.distance_m
    gone = length.falls_away if length and walk.length != NORMAL else ()  # as planned nothing is taken out
    return SharedWalk(
        id=walk.id,
        starts_local=walk.starts_local,
        starts_at=walk.starts_at,
        minutes=walk.minutes,
        status=walk.status,
        moved_from_local=walk.moved_from_local,
        setting=walk.setting,
        meeting_point=walk.meeting_point,
        latitude=walk.latitude if walk.meets_at_route else None,
        longitude=walk.longitude if walk.meets_at_route else None,
        route_name=route.name if route else walk.route_name,
        distance_m=distance_m,
        surface=route.facts.surface if route else None,
        line_from=route.facts.line_from if route else None,
        way=way,
        way_code=length.way if length else "as_planned",
        is_whole=walked.is_whole,
        weather=_weather(walk),
        exercises=_exercises(store, session, walk, gone, language, titles="titles" in client.page_asks),
        video_url=walk.details.video_url if walk.setting == "online" else "",
        message=walk.details.message,
        calls_own_number=bool(client.details.phone),
        places=_places(route, way),
    )


def _places(route: OpenRoute | None, way: Way) -> tuple[SharedPlace, ...]:
    return tuple(
        SharedPlace(one.kind, one.latitude, one.longitude)
        for one in (route.waypoints if route and any(way.line) else ())
        if one.kind in PUBLIC
        and one.latitude is not None
        and one.longitude is not None
        and position_of(way.line, Point(one.latitude, one.longitude)).aside_m <= BY_THE_WAY_M
    )


def _exercises(
    store: Store, session: Session, walk: OpenWalk, gone: tuple[int, ...], language: str, *, titles: bool
) -> tuple[SharedExercise, ...]:
    """Those the client may see, without what falls away at the length they chose."""
    ids = [one for one in walk.client_exercise_ids if one not in gone]
    if not ids:
        return ()
    kit = toolkit.these(store, session, ids)
    shown = [kit[one] for one in ids if one in kit]
    return tuple(
        SharedExercise(
            one.title(language) if titles or not one.facts.sensitive_title else "", one.steps(language)
        )
        for one in shown
    )


def _weather(walk: OpenWalk) -> SharedWeather | None:
    verdict = walk.verdict
    if verdict is None or walk.setting != "outdoors" or verdict.numbers.temperature_min_c is None:
        return None
    numbers = verdict.numbers
    return SharedWeather(
        numbers.temperature_max_c,
        numbers.symbol,
        clothes(verdict),
        verdict.source,
        verdict.as_of,
        verdict.says_air,
    )
