"""What the note's page shows around the form: the walk, its plan, and what was agreed last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.answers import CANNOT, AnswerContent
from planner.domain.clients import QUOTES
from planner.domain.notes import NoteContent
from planner.domain.timing import totals
from planner.domain.walks import outcome_of_cancel, timed
from planner.services.clients import answers, clients, consents
from planner.services.clients.clients import OpenClient
from planner.services.notes import note_addenda, note_wishes, notes
from planner.services.notes.note_addenda import Addendum
from planner.services.notes.note_wishes import NoteWishes
from planner.services.notes.notes import OpenNote
from planner.services.routes import walking_routes
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.toolkit import toolkit
from planner.services.toolkit.toolkit import ToolkitExercise
from planner.services.walks import walk_rows
from planner.services.walks.walk_rows import OpenWalk


@dataclass(frozen=True, slots=True)
class NotePage:
    """`done`: the exercises of the plan, in order. `previous_step`: the step for home to ask about.
    `said`: what stands of what the client answered beforehand; `said_off`: what it counts as that they could not come.
    `minutes`: walked and still, as planned; None without a plan. `wishes`: which parts the coach's notes ask, and
    their sentences. `quotable`: whether the client's words may be used elsewhere.
    """

    walk: OpenWalk
    client: OpenClient
    note: OpenNote | None
    done: tuple[ToolkitExercise, ...]
    toolkit: tuple[ToolkitExercise, ...]
    previous_step: str | None
    previous: NoteContent | None
    said: AnswerContent
    said_off: str | None
    minutes: tuple[int, int] | None
    wishes: NoteWishes
    addenda: tuple[Addendum, ...]
    quotable: bool


def page(store: Store, coach: SignedIn, walk_id: int) -> NotePage:
    """Everything for the note of a walk. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id)
        client = clients.open_client(store, session, walk.client_id)
        by_id = {exercise.id: exercise for exercise in toolkit.exercises(store, session, hidden=True)}
        lines = notes.of_client(store, session, client, most=12)
        said = answers.of_walk(store, session, client, walk_id)
        earlier = tuple(line for line in lines if line.starts_local < walk.starts_local)
        return NotePage(
            walk,
            client,
            notes.of_walk(store, session, client, walk_id),
            tuple(by_id[one] for one in dict.fromkeys(walk.exercise_ids) if one in by_id),
            tuple(one for one in by_id.values() if not one.hidden),
            notes.last_home_step(earlier),
            earlier[0].content if earlier else None,
            said,
            _said_off(walk, said, settings_of(practice_of(session, coach.scope)).notice_hours),
            _minutes(walk, by_id),
            note_wishes.read(store, session, coach),
            note_addenda.of_walk(store, session, client, walk_id),
            consents.is_active(session, client.id, QUOTES),
        )


def _minutes(walk: OpenWalk, exercises: Mapping[int, ToolkitExercise]) -> tuple[int, int] | None:
    """Walked and still, by the parts of the plan: on a bench, and with exercises that are done standing or sitting, one
    is still. Without parts nobody knows."""
    if not walk.parts:
        return None
    facts = {number: one.facts for number, one in exercises.items()}
    sums = totals(timed(walk.parts, facts, walk.setting))
    return sums.moving_min, sums.still_min


def _said_off(walk: OpenWalk, said: AnswerContent, notice_hours: int) -> str | None:
    if said.answer != CANNOT or said.answered_at is None:
        return None
    return outcome_of_cancel("client", walk.starts_at, said.answered_at, notice_hours)


@dataclass(frozen=True, slots=True)
class LogPage:
    """What writing down an unplanned walk needs. `routes`: (id, name)."""

    client: OpenClient
    toolkit: tuple[ToolkitExercise, ...]
    routes: tuple[tuple[int, str], ...]
    previous_step: str | None
    wishes: NoteWishes
    quotable: bool


def log_page(store: Store, coach: SignedIn, client_id: int) -> LogPage:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = clients.open_client(store, session, client_id)
        lines = notes.of_client(store, session, client, most=1)
        key = practice_of(session, coach.scope).wrapped_key
        routes = tuple((row.id, row.name) for row in walking_routes.listing(store, session, key))
        return LogPage(
            client,
            toolkit.exercises(store, session),
            routes,
            notes.last_home_step(lines),
            note_wishes.read(store, session, coach),
            consents.is_active(session, client.id, QUOTES),
        )
