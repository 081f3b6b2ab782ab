"""The row of a draft: which form it is of, sealed and opened, and when it goes. Inside a transaction that does more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.domain.notes import DraftText
from planner.models import Client, NoteDraft, Walk, new_id
from planner.services.store import Store
from planner.services.vault import Place

KEPT = timedelta(days=30)


def of_walk(session: Session, walk_id: int) -> NoteDraft | None:
    """The one draft that a walk has."""
    return session.scalar(select(NoteDraft).where(NoteDraft.walk_id == walk_id))


def new(session: Session, walk: Walk) -> NoteDraft:
    """Empty still."""
    row = NoteDraft(
        id=new_id(),
        owner_id=walk.owner_id,
        coach_id=walk.coach_id,
        client_id=walk.client_id,
        walk_id=walk.id,
    )
    session.add(row)
    return row


def write(store: Store, row: NoteDraft, wrapped_key: bytes, text: DraftText) -> None:
    row.sealed = store.vault.seal(wrapped_key, _place(row), text)


def read(store: Store, session: Session, row: NoteDraft) -> DraftText:
    key = session.scalars(select(Client.wrapped_key).where(Client.id == row.client_id)).one()
    return store.vault.open(key, _place(row), row.sealed, DraftText)


def belongs(
    store: Store, session: Session, row: NoteDraft, form_id: str | None, draft_at: str | None
) -> bool:
    """Whether a draft is of this form, or the one that it opened with. What comes without the id of a form is a
    script's: its drafts go on from one another, and from nothing else."""
    return (form_id or "") == read(store, session, row).form_id or draft_at == row.saved_at.isoformat()


def served(store: Store, session: Session, walk: Walk, form_id: str | None, draft_at: str | None) -> None:
    """A form was saved: its own draft goes, and the one that it opened with. What was typed elsewhere stays."""
    row = of_walk(session, walk.id)
    if row is not None and belongs(store, session, row, form_id, draft_at):
        forget(session, walk.id)


def forget(session: Session, walk_id: int) -> None:
    session.execute(delete(NoteDraft).where(NoteDraft.walk_id == walk_id))


def purge(session: Session, now: datetime) -> None:
    session.execute(delete(NoteDraft).where(NoteDraft.saved_at <= now - KEPT))


def _place(row: NoteDraft) -> Place:
    return Place("note_draft", "sealed", row.id, row.client_id)
