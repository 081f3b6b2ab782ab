"""One client's notes read through: searched, and what returns in them: moments at a limit, lines of saying no."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from planner.domain.finding import Excerpt, excerpt, start_of, texts_of
from planner.domain.notes import BoundaryMoment, NoPractice, NoteContent
from planner.services.clients.clients import OpenClient, open_client
from planner.services.notes import note_addenda, notes
from planner.services.store import SignedIn, Store
from planner.services.toolkit import toolkit

NO_MOMENT, NO_LINE = BoundaryMoment(), NoPractice()
Told = Callable[[NoteContent], Iterable[str]]
"""Words for what a note says in codes."""


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note in which something was found, or of which this is how it begins."""

    walk_id: int
    starts_local: datetime
    outcome: str | None
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Search:
    """`any`: whether this client has notes that can be read. `found`: newest first."""

    client: OpenClient
    any: bool
    found: tuple[FoundNote, ...]


@dataclass(frozen=True, slots=True)
class PastMoment:
    """Something that returns in the notes, with the walk it was on."""

    walk_id: int
    starts_local: datetime
    boundary: BoundaryMoment
    no_practice: NoPractice


@dataclass(frozen=True, slots=True)
class Moments:
    """Both histories of a client, newest first."""

    client: OpenClient
    boundaries: tuple[PastMoment, ...]
    no_practices: tuple[PastMoment, ...]


def search(store: Store, coach: SignedIn, client_id: int, sought: str, told: Told) -> Search:
    """The notes with every word of the search in them or under them; all notes for an empty one. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = open_client(store, session, client_id)
        lines = notes.of_client(store, session, client)
        titles = toolkit.titles(store, session, coach.language)
        added: dict[int, list[str]] = {}
        for one in note_addenda.of_client(store, session, client):
            added.setdefault(one.walk_id, []).append(one.text)
    found = []
    for line in lines:
        texts = (*texts_of(line.content), *added.get(line.walk_id, ()))
        done = (*(one.exercise_id for one in line.content.practised), line.content.tool_exercise_id)
        coded = (*(titles[one] for one in done if one in titles), *told(line.content))
        piece = excerpt((*texts, *coded), sought) if sought else Excerpt(start_of((*texts, *coded)), "", "")
        if piece is not None:
            found.append(FoundNote(line.walk_id, line.starts_local, line.outcome, piece))
    return Search(client, bool(lines), tuple(found))


def moments(store: Store, coach: SignedIn, client_id: int) -> Moments:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = open_client(store, session, client_id)
        lines = notes.of_client(store, session, client)
    past = [
        PastMoment(line.walk_id, line.starts_local, line.content.boundary, line.content.no_practice)
        for line in lines
    ]
    return Moments(
        client,
        tuple(one for one in past if one.boundary != NO_MOMENT),
        tuple(one for one in past if one.no_practice != NO_LINE),
    )
