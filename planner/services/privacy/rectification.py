"""Correcting what stands in a note (GDPR article 16, P11): the right text takes the place of the wrong one, also in a
note that is closed. Kept is which was corrected, and when; what stood there is nowhere any more, so its earlier texts
and its draft go too (decision 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.clients import HEALTH
from planner.domain.notes import AddedText, NoteContent
from planner.models import Client, Correction, Note, NoteAddendum, NoteDraft, NoteRevision, new_id
from planner.services.clients import consents
from planner.services.clients.clients import OpenClient, open_client
from planner.services.notes import note_quotes
from planner.services.privacy.portability import NUMBERS
from planner.services.store import Conflict, NotFound, SignedIn, Store, client_gate, walk_gate
from planner.services.vault import Place
from planner.services.walks import walk_rows
from planner.services.walks.walk_rows import OpenWalk

TOUCHED = ("note", "note_addendum", "note_revision", "note_draft")
Values = Mapping[str, Any]
"""A place in a note to what stands there: "felt_text", "boundary.limit"; an addendum by its number."""


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """`texts`, `numbers`: what the note says, by place. `addenda`: what was added later, by number. `corrected_at`: of
    this note, newest first. Nothing of all that where there is no note."""

    walk: OpenWalk
    client: OpenClient
    version: int
    texts: dict[str, str]
    numbers: dict[str, int]
    addenda: dict[int, str]
    corrected_at: tuple[datetime, ...]


def page(store: Store, coach: SignedIn, walk_id: int) -> CorrectionPage:
    """Raises NotFound, or NeedsConsent: without it notes stay shut (P03)."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id)
        client = open_client(store, session, walk.client_id)
        if not client.health_consent:
            raise consents.NeedsConsent((HEALTH,))
        row = client_gate(session, walk.client_id)
        note = _note(session, walk_id)
        if note is None:
            return CorrectionPage(walk, client, 0, {}, {}, {}, ())
        (content,) = note_quotes.readable(session, client.id, [_content(store, row, note)])
        addenda = _addenda(session, walk_id)
        return CorrectionPage(
            walk,
            client,
            note.version,
            {name: text for name, text in _texts(content) if text},
            {name: value for name in NUMBERS if (value := getattr(content, name)) is not None},
            {one.id: _added(store, row, one).text for one in addenda},
            _corrected_at(session, [note.id, *(one.id for one in addenda)]),
        )


def _corrected_at(session: Session, ids: list[int]) -> tuple[datetime, ...]:
    """Newest first."""
    found = select(Correction.corrected_at).where(Correction.object_id.in_(ids))
    return tuple(session.scalars(found.order_by(Correction.corrected_at.desc())))


def correct(
    store: Store,
    coach: SignedIn,
    walk_id: int,
    values: Values,
    addenda: Mapping[int, str],
    version: int,
    now: datetime,
) -> bool:
    """Put these in their places. False when nothing was different.

    Raises NotFound, NeedsConsent, or Conflict when the note was saved since `version`.
    """
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, walk_gate(session, walk_id).client_id)
        if not consents.has_health(session, client.id):
            raise consents.NeedsConsent((HEALTH,))
        note = _note(session, walk_id)
        if note is None:
            raise NotFound
        if note.version != version:
            raise Conflict
        changed: list[Note | NoteAddendum] = [
            *_correct_note(store, client, note, values, now),
            *_correct_addenda(store, session, client, walk_id, addenda),
        ]
        for row in changed:
            session.add(_correction(client, row, now))
        if changed:
            _forget(session, walk_id)
    if changed:
        store.db.forget_bytes(*TOUCHED)
    return bool(changed)


def _correct_note(store: Store, client: Client, note: Note, values: Values, now: datetime) -> Iterator[Note]:
    before = _content(store, client, note)
    content = _with(before, values)
    if content != before:
        note.sealed = store.vault.seal(client.wrapped_key, _place(note), content)
        note.version, note.changed_at = note.version + 1, now
        yield note


def _correct_addenda(
    store: Store, session: Session, client: Client, walk_id: int, texts: Mapping[int, str]
) -> Iterator[NoteAddendum]:
    for row in _addenda(session, walk_id):
        text = texts.get(row.id)
        if text and text != _added(store, client, row).text:
            row.sealed = store.vault.seal(client.wrapped_key, _place(row), AddedText(text))
            yield row


def _correction(client: Client, row: Note | NoteAddendum, now: datetime) -> Correction:
    made = Correction(id=new_id(), owner_id=client.owner_id, coach_id=client.coach_id, client_id=client.id)
    made.kind, made.object_id, made.corrected_at = row.__tablename__, row.id, now
    return made


def _forget(session: Session, walk_id: int) -> None:
    for kind in (NoteRevision, NoteDraft):
        for row in session.scalars(select(kind).where(kind.walk_id == walk_id)).all():
            session.delete(row)


def _texts(content: Any) -> Iterator[tuple[str, str]]:
    """Every text of a note, or of what lies in it, by its place. Words begin as ""; a code begins as None."""
    for one in fields(content):
        value = getattr(content, one.name)
        if is_dataclass(value):
            yield from ((f"{one.name}.{name}", text) for name, text in _texts(value))
        elif isinstance(one.default, str):
            yield one.name, value


def _with(content: NoteContent, values: Values) -> NoteContent:
    for name, value in values.items():
        outer, _, inner = name.partition(".")
        if inner:
            content = replace(content, **{outer: replace(getattr(content, outer), **{inner: value})})
        else:
            content = replace(content, **{outer: value})
    return content


def _note(session: Session, walk_id: int) -> Note | None:
    return session.scalar(select(Note).where(Note.walk_id == walk_id))


def _addenda(session: Session, walk_id: int) -> list[NoteAddendum]:
    rows = select(NoteAddendum).where(NoteAddendum.walk_id == walk_id)
    return list(session.scalars(rows.order_by(NoteAddendum.written_at, NoteAddendum.id)))


def _content(store: Store, client: Client, note: Note) -> NoteContent:
    return store.vault.open(client.wrapped_key, _place(note), note.sealed, NoteContent)


def _added(store: Store, client: Client, row: NoteAddendum) -> AddedText:
    return store.vault.open(client.wrapped_key, _place(row), row.sealed, AddedText)


def _place(row: Note | NoteAddendum) -> Place:
    return Place(row.__tablename__, "sealed", row.id, row.client_id)
