"""What was typed in a note and not saved yet: kept beside the note, never in it. A draft changes no walk, and tells
nobody anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.clients import QUOTES
from planner.domain.notes import DraftText
from planner.models import Note
from planner.services.clients import consents
from planner.services.notes import note_draft_rows, note_sent
from planner.services.notes.note_quotes import QUOTE_FIELD
from planner.services.store import SignedIn, Store, client_gate, walk_gate

MOST_FIELDS, MOST_CHARACTERS = 300, 100_000
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OpenDraft:
    fields: Pairs
    saved_at: datetime

    @property
    def stamp(self) -> str:
        """Tells this draft from a later one."""
        return self.saved_at.isoformat()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form. `about`: names of the filled fields that say something about health. `version`: of the
    note it began from. `draft_at`: of the draft that it opened with."""

    fields: Pairs
    about: tuple[str, ...]
    version: int | None = None
    form_id: str | None = None
    draft_at: str | None = None


class NotKept(Exception):
    """The note is closed, or this is more than a note can be."""


class OtherDraft(Exception):
    """Another form's draft lies there, and this form did not open with it."""

    def __init__(self, saved_at: datetime) -> None:
        super().__init__()
        self.saved_at = saved_at


def keep(store: Store, coach: SignedIn, walk_id: int, typed: Typed, now: datetime) -> bool:
    """Keep what stands in the form, instead of its own draft before it, or of the one that it opened with. False when
    nothing is kept: it comes late, after the same form was saved, or no draft of this client can be shown.
    Raises NotFound, NotKept, OtherDraft, or consents.NeedsConsent."""
    if len(typed.fields) > MOST_FIELDS or sum(len(text) for _name, text in typed.fields) > MOST_CHARACTERS:
        raise NotKept
    with store.db.transaction(coach.scope, now) as session:
        walk = walk_gate(session, walk_id)
        client = client_gate(session, walk.client_id)
        _ask_consent(session, client.id, typed)
        if _is_late(session, walk_id, typed) or not consents.has_health(session, client.id):
            return False
        row, ids = note_draft_rows.of_walk(session, walk_id), (typed.form_id, typed.draft_at)
        if row is not None and not note_draft_rows.belongs(store, session, row, *ids):
            raise OtherDraft(row.saved_at)
        row = row or note_draft_rows.new(session, walk)
        text = DraftText(typed.fields, typed.form_id or "")
        note_draft_rows.write(store, row, client.wrapped_key, text)
        row.version, row.saved_at = typed.version, now
        return True


def of_walk(store: Store, coach: SignedIn, walk_id: int) -> OpenDraft | None:
    """The draft of a walk's note; without consent for health it stays shut (P03)."""
    with store.db.reading(coach.scope) as session:
        row = note_draft_rows.of_walk(session, walk_id)
        if row is None or not consents.has_health(session, row.client_id):
            return None
        may_quote = consents.is_active(session, row.client_id, QUOTES)
        fields = note_draft_rows.read(store, session, row).fields
        shown = tuple(pair for pair in fields if may_quote or pair[0] != QUOTE_FIELD)
        return OpenDraft(shown, row.saved_at)


def discard(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> None:
    """Raises NotFound for a walk that is not there."""
    with store.db.transaction(coach.scope, now) as session:
        walk_gate(session, walk_id)
        note_draft_rows.forget(session, walk_id)


def _ask_consent(session: Session, client_id: int, typed: Typed) -> None:
    if typed.about and not consents.has_health(session, client_id):
        raise consents.NeedsConsent(typed.about)
    if QUOTE_FIELD in typed.about and not consents.is_active(session, client_id, QUOTES):
        raise consents.NeedsConsent((QUOTE_FIELD,))


def _is_late(session: Session, walk_id: int, typed: Typed) -> bool:
    """Whether the note was saved from this form since. Raises NotKept once it is closed."""
    note = session.scalar(select(Note).where(Note.walk_id == walk_id))
    if note is None:
        return False
    if note.closed_at is not None:
        raise NotKept
    return (
        note_sent.before(note_sent.row_of(session, typed.form_id)) is not None
        and typed.version != note.version
    )
