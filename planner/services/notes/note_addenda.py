"""What is written under a note after it was closed: with its moment, and never changed any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.notes import AddedText
from planner.models import Note, NoteAddendum, new_id
from planner.services.clients import consents
from planner.services.clients.clients import OpenClient
from planner.services.store import (
    SignedIn,
    Store,
    client_gate,
    handled_before,
    remember_form,
    walk_gate,
)
from planner.services.vault import Place


class NoteOpen(Exception):
    """The note is not closed: what is to be said is written in it."""


@dataclass(frozen=True, slots=True)
class Addendum:
    """Something written later. `written_at`: when."""

    walk_id: int
    written_at: datetime
    text: str


def add(
    store: Store, coach: SignedIn, walk_id: int, text: str, now: datetime, form_id: str | None = None
) -> None:
    """Write this under a closed note. The same form twice writes it once.

    Raises NotFound, NoteOpen, or NeedsConsent: it is about a client as much as the note is.
    """
    with store.db.transaction(coach.scope, now) as session:
        walk = walk_gate(session, walk_id)
        client = client_gate(session, walk.client_id)
        if not consents.has_health(session, client.id):
            raise consents.NeedsConsent(("text",))
        if session.scalar(select(Note.closed_at).where(Note.walk_id == walk_id)) is None:
            raise NoteOpen
        if handled_before(session, form_id) is not None:
            return
        row = NoteAddendum(id=new_id(), owner_id=walk.owner_id, coach_id=walk.coach_id, client_id=client.id)
        row.walk_id, row.written_at = walk_id, now
        place = Place("note_addendum", "sealed", row.id, client.id)
        row.sealed = store.vault.seal(client.wrapped_key, place, AddedText(text))
        session.add(row)
        remember_form(session, coach.scope, form_id, str(row.id), now)


def of_walk(store: Store, session: Session, client: OpenClient, walk_id: int) -> tuple[Addendum, ...]:
    """Under the note of this walk, oldest first."""
    return tuple(one for one in of_client(store, session, client) if one.walk_id == walk_id)


def of_client(store: Store, session: Session, client: OpenClient) -> tuple[Addendum, ...]:
    """Under any note of this client, oldest first. Without consent for health they stay shut: none (P03)."""
    if not client.health_consent:
        return ()
    rows = session.scalars(
        select(NoteAddendum)
        .where(NoteAddendum.client_id == client.id)
        .order_by(NoteAddendum.written_at, NoteAddendum.id)
    )
    return tuple(Addendum(row.walk_id, row.written_at, _text(store, client, row)) for row in rows)


def _text(store: Store, client: OpenClient, row: NoteAddendum) -> str:
    place = Place("note_addendum", "sealed", row.id, client.id)
    return store.vault.open(client.wrapped_key, place, row.sealed, AddedText).text
