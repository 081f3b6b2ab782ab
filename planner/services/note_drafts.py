"""What was typed in a note and not saved yet: kept beside the note, never in it. A draft changes no walk, and tells
nobody anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.domain.clients import QUOTES
from planner.domain.notes import DraftText
from planner.models import Client, Note, NoteDraft, Walk, new_id
from planner.services import consents, note_sent
from planner.services.note_quotes import QUOTE_FIELD
from planner.services.store import SignedIn, Store, client_gate, walk_gate
from planner.services.vault import Place

KEPT = timedelta(days=30)
MOST_FIELDS, MOST_CHARACTERS = 300, 100_000
FORM_ID = "form_id"
PLAIN = frozenset({"outcome", "version", "close", "draft_at", "parts", "insert_into", "seen_status"})
"""Fields that say nothing about health."""
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OpenDraft:
    fields: Pairs
    saved_at: datetime

    @property
    def stamp(self) -> str:
        """Tells this draft from a later one."""
        return self.saved_at.isoformat()


class NotKept(Exception):
    """The note is closed, or this is more than a note can be."""


class OtherDraft(Exception):
    """Another form's draft lies there, and this form did not open with it."""

    def __init__(self, saved_at: datetime) -> None:
        super().__init__()
        self.saved_at = saved_at


def keep(
    store: Store,
    coach: SignedIn,
    walk_id: int,
    typed: Pairs,
    now: datetime,
    *,
    version: int | None = None,
    form_id: str | None = None,
    draft_at: str | None = None,
) -> bool:
    """Keep what stands in the form, instead of its own draft before it, or of the one that it opened with (`draft_at`).
    False when nothing is kept: it comes late, after the same form was saved, or no draft of this client can be shown.
    Raises NotFound, NotKept, OtherDraft, or consents.NeedsConsent."""
    if len(typed) > MOST_FIELDS or sum(len(text) for _name, text in typed) > MOST_CHARACTERS:
        raise NotKept
    with store.db.transaction(coach.scope, now) as session:
        walk = walk_gate(session, walk_id)
        client = client_gate(session, walk.client_id)
        about = tuple(name for name, text in typed if text and name not in PLAIN)
        if about and not consents.has_health(session, client.id):
            raise consents.NeedsConsent(about)
        if QUOTE_FIELD in about and not consents.is_active(session, client.id, QUOTES):
            raise consents.NeedsConsent((QUOTE_FIELD,))
        note = session.scalar(select(Note).where(Note.walk_id == walk_id))
        if note is not None and note.closed_at is not None:
            raise NotKept
        sent = note_sent.before(session, form_id)
        if note is not None and sent is not None and version != note.version:
            return False
        if not consents.has_health(session, client.id):
            return False
        row = _row(session, walk_id)
        if row is not None and not _belongs(store, session, row, form_id, draft_at):
            raise OtherDraft(row.saved_at)
        if row is None:
            row = NoteDraft(
                id=new_id(),
                owner_id=walk.owner_id,
                coach_id=walk.coach_id,
                client_id=client.id,
                walk_id=walk_id,
            )
            session.add(row)
        text = DraftText((*typed, (FORM_ID, form_id or "")))
        row.sealed = store.vault.seal(client.wrapped_key, _place(row), text)
        row.version, row.saved_at = version, now
        return True


def of_walk(store: Store, coach: SignedIn, walk_id: int) -> OpenDraft | None:
    """The draft of a walk's note; without consent for health it stays shut (P03)."""
    with store.db.reading(coach.scope) as session:
        row = _row(session, walk_id)
        if row is None or not consents.has_health(session, row.client_id):
            return None
        hidden = {FORM_ID} if consents.is_active(session, row.client_id, QUOTES) else {FORM_ID, QUOTE_FIELD}
        fields = _fields(store, session, row)
        return OpenDraft(tuple(pair for pair in fields if pair[0] not in hidden), row.saved_at)


def served(store: Store, session: Session, walk: Walk, form_id: str | None, draft_at: str | None) -> None:
    """A form was saved: its own draft goes, and the one that it opened with. What was typed elsewhere stays."""
    row = _row(session, walk.id)
    if row is not None and _belongs(store, session, row, form_id, draft_at):
        forget(session, walk.id)


def _belongs(
    store: Store, session: Session, row: NoteDraft, form_id: str | None, draft_at: str | None
) -> bool:
    """Whether a draft is of this form, or the one that it opened with."""
    own = form_id and (FORM_ID, form_id) in _fields(store, session, row)
    return bool(own) or draft_at == row.saved_at.isoformat()


def discard(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> None:
    """Raises NotFound for a walk that is not there."""
    with store.db.transaction(coach.scope, now) as session:
        walk_gate(session, walk_id)
        forget(session, walk_id)


def forget(session: Session, walk_id: int) -> None:
    """Inside a transaction that does more."""
    session.execute(delete(NoteDraft).where(NoteDraft.walk_id == walk_id))


def purge(session: Session, now: datetime) -> None:
    session.execute(delete(NoteDraft).where(NoteDraft.saved_at <= now - KEPT))


def _row(session: Session, walk_id: int) -> NoteDraft | None:
    return session.scalar(select(NoteDraft).where(NoteDraft.walk_id == walk_id))


def _fields(store: Store, session: Session, row: NoteDraft) -> Pairs:
    key = session.scalars(select(Client.wrapped_key).where(Client.id == row.client_id)).one()
    return store.vault.open(key, _place(row), row.sealed, DraftText).fields


def _place(row: NoteDraft) -> Place:
    return Place("note_draft", "sealed", row.id, row.client_id)
