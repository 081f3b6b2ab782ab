"""Three coaches with a full file each: Anna and Cor in one practice, Bram in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.answers import PAGE_ASKS
from planner.domain.notes import BoundaryMoment, NoPractice
from planner.domain.privacy import REGISTERS
from planner.models import EVERYONE, Base, Scope, Waypoint
from planner.services.clients import passing_on, safety
from planner.services.people import colleagues
from planner.services.people.colleagues import Colleague
from tests import makers, mapping

if TYPE_CHECKING:
    from tests.conftest import World


@dataclass(frozen=True)
class File:
    """What one coach has: a row in every table about clients, a route with a place, an own exercise. `link`, `feed` and
    `calendar`: paths of the client's page and feed, and of the coach's own feed. `other_calendar`: one of the coach's
    that is read along. `review` and `measure`: a talk that was held, and a score somebody else took. `sentence`: one
    they often write. `coming`: a walk that is still to come, as the client's page shows it. `request`: what the client
    asked about their data. `processing`, `processor`, `breach`: a line of each register of the practice. `access`: of a
    colleague to the client, ended meanwhile; 0 for who has no colleague. `colleague`: somebody they invited; 0 for who
    cannot."""

    client: int
    walk: int
    route: int
    point: int
    exercise: int
    link: str
    message: int
    coach: int
    owner: int
    feed: str = ""
    calendar: str = ""
    other_calendar: int = 0
    review: int = 0
    measure: int = 0
    sentence: int = 0
    coming: int = 0
    request: int = 0
    processing: int = 0
    processor: int = 0
    breach: int = 0
    access: int = 0
    colleague: int = 0


@dataclass
class Ground:
    """The three files, and Anna's view of them."""

    world: World
    files: dict[str, File]

    @property
    def own(self) -> File:
        return self.files["anna"]

    @property
    def colleague(self) -> File:
        return self.files["cor"]

    @property
    def stranger(self) -> File:
        return self.files["bram"]

    @property
    def scope(self) -> Scope:
        return self.world.coach("anna").scope

    @property
    def clients(self) -> list[int]:
        return [file.client for file in self.files.values()]

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table, as a session that may see everything reads it."""
        with self.world.store.db.reading(EVERYONE) as session:
            return {
                table.name: [
                    tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
                ]
                for table in Base.metadata.sorted_tables
            }


def canary(who: str) -> str:
    """A word that stands in every text of this coach's file, and nowhere else."""
    return f"Kanarie{who}"


def fill(world: World, who: str) -> File:
    """A client with consent, a walk with an exercise, an answer and a note, safety questions, a review, a score of
    somebody else, a link and a feed; a route and a place on it; an exercise, a feed and another calendar of one's own;
    a message that left. Every text holds the canary."""
    coach, word = world.coach(who), canary(who)
    client = makers.make_client(
        world, f"Cliënt van {who} {word}", who=who, last_name=word, email=f"{word}@example.org", phone="06 12345678",
        emergency_contact=word, coach_notes=word, help_question=word, goal=f"om tien uur naar buiten {word}",
        who_else_helps=word, themes_own=word, show_first_name=True, page_asks=frozenset(PAGE_ASKS),
    )  # fmt: skip
    route = makers.make_route(
        world, f"Route van {who} {word}", who=who, line=True, meeting_point=word, notes=word
    )
    makers.make_point(world, route, word, who=who)
    mapping.make_photo(world, route, word, who=who)
    mapping.make_pictures(world)
    with world.store.db.reading(coach.scope) as session:
        point = session.scalars(select(Waypoint.id).where(Waypoint.route_id == route)).one()
    exercise = makers.make_exercise(world, word, who=who)
    walk = makers.make_walk(
        world, client, who=who, route_id=route, exercises=(exercise,), for_client=True, meeting_point=word,
        focus=word, message=word, suggested=(exercise,),
    )  # fmt: skip
    coming = makers.make_walk(world, client, "2026-12-08T10:00", who=who, route_id=route, meeting_point=word)
    message = makers.make_sent_message(world, walk, word, who=who)
    link = makers.make_link(world, client, who=who)
    makers.answer(world, link, walk, "coming", length="short", energy_week=4, functioning_week=5)
    makers.make_note(
        world, walk, who=who, felt_text=word, insight_text=word, home_step=word, show_home_step=True, tool_text=word,
        next_focus=word, movement_text=word, boundary=BoundaryMoment(word, 6, word, word), client_words=word,
        no_practice=NoPractice(word, "real_life", word), head_says=word, body_does=word, breakthrough_text=word,
        metaphor_text=word, parked_for_therapist=word,
    )  # fmt: skip
    sentence = makers.make_sentence(world, word, who=who)
    safety.ask(world.store, coach, client, {"S3": "no"}, world.now, world.now.date())
    feed, calendar = makers.make_feed(world, client, who=who), makers.make_calendar(world, who=who)
    other = makers.make_other_calendar(world, word, who=who)
    review = makers.make_review(world, client, who=who, agreed=word, next_step=word)
    measure = makers.make_measure(world, client, who=who, name=word)
    request = makers.make_request(world, client, word, who=who)
    lines = [makers.make_register_line(world, kind, word, who=who) for kind in REGISTERS]
    access = makers.make_access(world, client, word, who=who) if coaches_beside(world, who) else 0
    if access:
        passing_on.end(world.store, coach, client, access, world.now)
    colleague = makers.invite(world, who=who, email=f"{word}.new@example.org") if coach.leads else 0
    return File(
        client, walk, route, point, exercise, link, message, coach.id, coach.owner_id, feed, calendar, other,
        review, measure, sentence, coming, request, *lines, access, colleague,
    )  # fmt: skip


def coaches_beside(world: World, who: str) -> tuple[Colleague, ...]:
    return colleagues.others(world.store, world.coach(who), world.now)
