"""How a coach wants the note: which parts it asks beyond the eight taps, and the sentences they often write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.notes import SnippetText, read_parts, write_parts
from planner.models import Coach, Practice, Snippet, new_id
from planner.services.store import NotFound, SignedIn, Store, handled_before, practice_of, remember_form
from planner.services.vault import Place

MOST_SENTENCES = 50


class TooManySentences(Exception):
    """There are MOST_SENTENCES already."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One that the coach keeps."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class NoteWishes:
    """`parts`: codes of domain.notes.NOTE_PARTS in their order. `sentences`: oldest first."""

    parts: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def of_coach(store: Store, coach: SignedIn) -> NoteWishes:
    with store.db.reading(coach.scope) as session:
        return read(store, session, coach)


def read(store: Store, session: Session, coach: SignedIn) -> NoteWishes:
    """The same, inside a session that does more."""
    practice = practice_of(session, coach.scope)
    kept = session.scalar(select(Coach.note_parts).where(Coach.id == coach.id))
    sentences = tuple(Sentence(row.id, _text(store, practice, row)) for row in _rows(session))
    return NoteWishes(read_parts(kept), sentences)


def choose_parts(store: Store, coach: SignedIn, parts: Iterable[str], now: datetime) -> None:
    """From now on the note asks these."""
    with store.db.transaction(coach.scope, now) as session:
        row = session.scalar(select(Coach).where(Coach.id == coach.id))
        if row is None:
            raise NotFound
        row.note_parts = write_parts(parts)


def add_sentence(store: Store, coach: SignedIn, text: str, now: datetime, form_id: str | None = None) -> None:
    """Keep a sentence. One that is there already, or the same form again, changes nothing. Raises TooManySentences."""
    with store.db.transaction(coach.scope, now) as session:
        practice = practice_of(session, coach.scope)
        kept = {_text(store, practice, row) for row in _rows(session)}
        if handled_before(session, form_id) is not None or text in kept:
            return
        if len(kept) >= MOST_SENTENCES:
            raise TooManySentences
        row = Snippet(id=new_id(), owner_id=coach.owner_id, coach_id=coach.id, created_at=now)
        row.sealed = store.vault.seal(practice.wrapped_key, _place(row.id, practice.id), SnippetText(text))
        session.add(row)
        remember_form(session, coach.scope, form_id, str(row.id), now)


def remove_sentence(store: Store, coach: SignedIn, sentence_id: int, now: datetime) -> None:
    """Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = session.scalar(select(Snippet).where(Snippet.id == sentence_id))
        if row is None:
            raise NotFound
        session.delete(row)


def _rows(session: Session) -> list[Snippet]:
    return list(session.scalars(select(Snippet).order_by(Snippet.created_at, Snippet.id)))


def _text(store: Store, practice: Practice, row: Snippet) -> str:
    return store.vault.open(practice.wrapped_key, _place(row.id, practice.id), row.sealed, SnippetText).text


def _place(row_id: int, practice_id: int) -> Place:
    return Place("snippet", "sealed", row_id, practice_id)
