"""What a note said before it was changed, for 30 days."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from planner.domain.notes import NoteContent
from planner.models import Note, NoteRevision, new_id
from planner.services.store import Store
from planner.services.vault import Place

KEPT = timedelta(days=30)


def keep(store: Store, session: Session, key: bytes, note: Note, now: datetime) -> None:
    """Before the note changes: its text as it is."""
    row = NoteRevision(id=new_id(), owner_id=note.owner_id, coach_id=note.coach_id, client_id=note.client_id)
    row.walk_id, row.version = note.walk_id, note.version
    row.saved_at, row.replaced_at = note.changed_at, now
    text = store.vault.open(key, Place("note", "sealed", note.id, note.client_id), note.sealed, NoteContent)
    row.sealed = store.vault.seal(key, place(row), text)
    session.add(row)


def place(row: NoteRevision) -> Place:
    return Place("note_revision", "sealed", row.id, row.client_id)


def purge(session: Session, now: datetime) -> None:
    session.execute(delete(NoteRevision).where(NoteRevision.replaced_at <= now - KEPT))
