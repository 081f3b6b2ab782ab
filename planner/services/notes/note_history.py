"""The earlier texts of a note: shown, and put back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from planner.domain.clients import QUOTES
from planner.domain.notes import NoteContent
from planner.models import Note, NoteRevision
from planner.services.clients import clients, consents
from planner.services.clients.clients import OpenClient
from planner.services.messages import outbox
from planner.services.notes import note_quotes, note_revisions
from planner.services.notes.notes import NoteClosed
from planner.services.store import NotFound, SignedIn, Store, client_gate, walk_gate
from planner.services.toolkit import toolkit
from planner.services.toolkit.toolkit import ToolkitExercise
from planner.services.vault import Place
from planner.services.walks import walk_rows
from planner.services.walks.walk_rows import OpenWalk


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier text: when it was saved, and when another took its place."""

    version: int
    content: NoteContent
    saved_at: datetime
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`earlier`: newest first. Without consent for health they stay shut: none (P03)."""

    walk: OpenWalk
    client: OpenClient
    toolkit: tuple[ToolkitExercise, ...]
    earlier: tuple[Earlier, ...]
    closed: bool


def page(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> HistoryPage:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id)
        client = clients.open_client(store, session, walk.client_id)
        note = session.scalar(select(Note).where(Note.walk_id == walk_id))
        wanted = (
            select(NoteRevision)
            .where(NoteRevision.walk_id == walk_id, NoteRevision.replaced_at > now - note_revisions.KEPT)
            .order_by(NoteRevision.version.desc())
        )
        rows = session.scalars(wanted).all() if client.health_consent else ()
        key, place = client.wrapped_key, note_revisions.place
        opened = [store.vault.open(key, place(row), row.sealed, NoteContent) for row in rows]
        contents = note_quotes.readable(session, client.id, opened)
        earlier = tuple(
            Earlier(row.version, content, row.saved_at, row.replaced_at)
            for row, content in zip(rows, contents, strict=True)
        )
        kit = toolkit.exercises(store, session, hidden=True)
        return HistoryPage(walk, client, kit, earlier, note is not None and note.closed_at is not None)


def put_back(store: Store, coach: SignedIn, walk_id: int, version: int, now: datetime) -> None:
    """An earlier text becomes the note's text again, as a new version; what stood there is an earlier text then. The
    walk itself stays as it is, and so does what may be quoted, unless the client agrees to that.

    Raises NotFound, NoteClosed, or consents.NeedsConsent.
    """
    with store.db.transaction(coach.scope, now) as session:
        walk = walk_gate(session, walk_id)
        client = client_gate(session, walk.client_id)
        note = session.scalar(select(Note).where(Note.walk_id == walk_id))
        row = session.scalar(
            select(NoteRevision).where(NoteRevision.walk_id == walk_id, NoteRevision.version == version)
        )
        if note is None or row is None:
            raise NotFound
        if note.closed_at is not None:
            raise NoteClosed
        key = client.wrapped_key
        content = store.vault.open(key, note_revisions.place(row), row.sealed, NoteContent)
        if content.filled and not consents.has_health(session, client.id):
            raise consents.NeedsConsent(content.filled)
        place = Place("note", "sealed", note.id, note.client_id)
        if not consents.is_active(session, client.id, QUOTES):
            kept = store.vault.open(key, place, note.sealed, NoteContent)
            content = replace(content, client_quote=kept.client_quote)
        note_revisions.keep(store, session, key, note, now)
        note.sealed = store.vault.seal(key, place, content)
        note.version, note.changed_at = note.version + 1, now
        outbox.note_walk(store, session, walk_id, now)
