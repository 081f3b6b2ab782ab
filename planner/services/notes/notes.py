"""The note after a walk: saved at once, never overwritten in silence, closed when it is complete."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain.clients import HEALTH, QUOTES
from planner.domain.notes import NoteContent, may_close, may_reopen, status_after
from planner.domain.walks import CANCELLED, DONE
from planner.models import Client, Note, NoteAddendum, Walk, new_id
from planner.services.clients import consents
from planner.services.clients.clients import OpenClient
from planner.services.messages import outbox
from planner.services.notes import note_draft_rows, note_quotes, note_revisions, note_sent
from planner.services.store import Conflict, NotFound, SignedIn, Store, client_gate, walk_gate
from planner.services.vault import Place
from planner.services.walks.walk_queries import of_its_walk


@dataclass(frozen=True, slots=True)
class OpenNote:
    content: NoteContent
    version: int
    changed_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note among a client's notes. `created_at`: when it was first saved."""

    walk_id: int
    starts_local: datetime
    outcome: str | None
    content: NoteContent
    closed: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SaveNote:
    """`version` is the one the form was opened with; None for a first note. `seen_status`: of the walk, as the form saw
    it; empty when it does not say. `undo_cancel`: a cancelled walk did go on after all. `agrees`: the
    client says yes now to keeping something about health. `shut`: for want of which consents the form could not show
    what lies there."""

    outcome: str | None
    content: NoteContent
    version: int | None = None
    close: bool = False
    seen_status: str = ""
    undo_cancel: bool = False
    agrees: bool = False
    shut: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to. `incomplete`: kept, but not closed, for want of how it went or of a tool for today."""

    version: int
    closed: bool
    incomplete: bool = False


class WalkCancelled(Exception):
    """The walk was cancelled since the form was opened, and the form would undo that without knowing."""


class UndoesCancel(Exception):
    """The walk is cancelled, and nobody said in so many words that it went on after all."""


class NoteClosed(Exception):
    """The note is closed: what is still to be said is written under it."""


def save(
    store: Store,
    coach: SignedIn,
    walk_id: int,
    command: SaveNote,
    now: datetime,
    form_id: str | None = None,
    draft_at: str | None = None,
) -> Saved:
    """Keep the note and what it says about the walk. The same form again changes nothing; one that was written on in
    the meantime goes on from what it led to. Its draft has served then; `draft_at`: of the one that it opened with.

    Raises Conflict when the note changed since the form was opened, WalkCancelled, UndoesCancel,
    NoteClosed, consents.NeedsConsent, or its note_quotes.NeedsQuoteConsent.
    """
    with store.db.transaction(coach.scope, now) as session:
        walk = walk_gate(session, walk_id)
        note = session.scalar(select(Note).where(Note.walk_id == walk.id))
        said = (command.outcome, command.close, command.content)
        sent = note_sent.Sent(walk.id, note_sent.digest(store, walk.id, said))
        form = note_sent.row_of(session, form_id)
        before = note_sent.before(form)
        note_draft_rows.served(store, session, walk, form_id, draft_at)
        if note is not None and before is not None and before.walk_id == walk.id:
            if before.digest == sent.digest:
                return Saved(note.version, note.closed_at is not None)
            if before.version == note.version:
                command = replace(command, version=note.version)
        saved = save_in(store, session, walk, command, now, note)
        note_sent.remember(session, coach.scope, form_id, form, replace(sent, version=saved.version), now)
        return saved


def save_in(
    store: Store, session: Session, walk: Walk, command: SaveNote, now: datetime, note: Note | None = None
) -> Saved:
    """The same, inside a transaction that does more. `note`: the one that the walk has."""
    _refuse_outcome(walk, command)
    client = client_gate(session, walk.client_id)
    was_open = consents.has_health(session, client.id)
    if command.agrees:
        consents.agree_in(store, session, client, now)
    if command.content.filled and not (was_open or command.agrees):
        raise consents.NeedsConsent(command.content.filled)
    quotable = note_quotes.hold_to_consent(session, client.id, command.content)
    if note is not None:
        open_now = {purpose for purpose, is_open in ((HEALTH, was_open), (QUOTES, quotable)) if is_open}
        kept = _content(store, client.wrapped_key, note)
        command = _with_what_was_hidden(command, kept, open_now - command.shut)
    if note is not None and not _says_the_same(store, client, walk, note, command):
        _refuse_stale(note, command)
    elif note is not None:
        return _closed_if_asked(note, command, now)
    else:
        note = Note(id=new_id(), owner_id=walk.owner_id, coach_id=walk.coach_id, client_id=client.id)
        note.walk_id, note.created_at, note.version = walk.id, now, 0
        session.add(note)
    if note.version:
        note_revisions.keep(store, session, client.wrapped_key, note, now)
    note.sealed = store.vault.seal(client.wrapped_key, _place(note), command.content)
    note.version, note.changed_at = note.version + 1, now
    _mark_walk(walk, command.outcome, now)
    outbox.note_walk(store, session, walk.id, now)
    return _closed_if_asked(note, command, now)


def _with_what_was_hidden(command: SaveNote, kept: NoteContent, seen: Collection[str]) -> SaveNote:
    """A form that could not show what lies there, for want of consent, does not empty it; what it says under a yes
    that came since is laid over it. `seen`: under which consents it could."""
    said = command.content
    if HEALTH not in seen:
        said = replace(kept, **{name: getattr(said, name) for name in said.filled})
    if QUOTES not in seen:
        said = replace(said, client_quote=command.content.client_quote or kept.client_quote)
    return replace(command, content=said)


def _closed_if_asked(note: Note, command: SaveNote, now: datetime) -> Saved:
    complete = may_close(command.outcome, command.content)
    if command.close and complete and note.closed_at is None:
        note.closed_at = now
    return Saved(note.version, note.closed_at is not None, incomplete=command.close and not complete)


def _says_the_same(store: Store, client: Client, walk: Walk, note: Note, command: SaveNote) -> bool:
    """Whether this is what is kept already, outcome and all: the same form sent again, say."""
    kept = _content(store, client.wrapped_key, note)
    return kept == command.content and command.outcome in (None, walk.outcome)


def _refuse_stale(note: Note, command: SaveNote) -> None:
    if note.closed_at is not None:
        raise NoteClosed
    if command.version != note.version:
        raise Conflict


def _refuse_outcome(walk: Walk, command: SaveNote) -> None:
    """Whoever saw that it is cancelled says in so many words that it went on; a form that says not what it saw, such
    as a script's, is taken at its word."""
    if walk.status != CANCELLED or command.outcome in (None, walk.outcome) or not command.seen_status:
        return
    if status_after(command.outcome or "") != DONE:
        return
    if command.seen_status != CANCELLED:
        raise WalkCancelled
    if not command.undo_cancel:
        raise UndoesCancel


def _mark_walk(walk: Walk, outcome: str | None, now: datetime) -> None:
    if outcome is None or outcome == walk.outcome:
        return
    status = status_after(outcome)
    if status != walk.status and CANCELLED in (status, walk.status):
        walk.sequence += 1  # calendars must hear of it
    walk.outcome, walk.status, walk.changed_at = outcome, status, now
    walk.version += 1


def reopen(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> None:
    """Undo a closing that was a slip: shortly after it, and while nothing was written under the note.

    Raises NotFound, or NoteClosed when it is closed for good.
    """
    with store.db.transaction(coach.scope, now) as session:
        walk_gate(session, walk_id)
        note = session.scalar(select(Note).where(Note.walk_id == walk_id))
        if note is None:
            raise NotFound
        if note.closed_at is None:
            return
        added = session.scalar(select(NoteAddendum.id).where(NoteAddendum.walk_id == walk_id).limit(1))
        if added is not None or not may_reopen(note.closed_at, now):
            raise NoteClosed
        note.closed_at = None
        note.version += 1


def of_walk(store: Store, session: Session, client: OpenClient, walk_id: int) -> OpenNote | None:
    """The note of a client's walk; None when there is none yet. Without consent for health what is in it stays shut."""
    note = session.scalar(select(Note).where(Note.walk_id == walk_id))
    if note is None:
        return None
    content = NoteContent()
    if client.health_consent:
        (content,) = note_quotes.readable(session, client.id, [_content(store, client.wrapped_key, note)])
    return OpenNote(content, note.version, note.changed_at, note.closed_at)


_OF_CLIENT = (
    select(
        Note.id, Note.walk_id, Note.sealed, Note.closed_at, Note.created_at, Walk.starts_local, Walk.outcome
    )
    .join(Walk, of_its_walk(Note))
    .where(Note.client_id == bindparam("client_id"), Walk.client_id == bindparam("client_id"))
    .order_by(Walk.starts_at.desc())
)
_NEWEST_OF_CLIENT = _OF_CLIENT.limit(bindparam("most"))


def of_client(
    store: Store, session: Session, client: OpenClient, most: int | None = None
) -> tuple[NoteLine, ...]:
    """A client's notes, newest first. Without consent for health they stay shut: none (P03)."""
    if not client.health_consent:
        return ()
    asked = _OF_CLIENT if most is None else _NEWEST_OF_CLIENT
    rows = session.execute(asked, {"client_id": client.id, "most": most}).all()
    opened = [
        store.vault.open(
            client.wrapped_key, Place("note", "sealed", row.id, client.id), row.sealed, NoteContent
        )
        for row in rows
    ]
    return tuple(
        NoteLine(
            row.walk_id, row.starts_local, row.outcome, content, row.closed_at is not None, row.created_at
        )
        for row, content in zip(rows, note_quotes.readable(session, client.id, opened), strict=True)
    )


def last_home_step(notes: tuple[NoteLine, ...], before_local: datetime | None = None) -> str | None:
    """The step for home that is still to be asked about: of the newest note before this walk that has one."""
    for line in notes:
        if before_local is not None and line.starts_local >= before_local:
            continue
        return line.content.home_step or None
    return None


def worked_tools(notes: tuple[NoteLine, ...]) -> frozenset[int]:
    """Exercises that worked for this client at least once."""
    return frozenset(
        done.exercise_id
        for line in notes
        for done in line.content.practised
        if done.worked in ("yes", "a_bit")
    )


def _content(store: Store, key: bytes, note: Note) -> NoteContent:
    return store.vault.open(key, _place(note), note.sealed, NoteContent)


def _place(note: Note) -> Place:
    return Place("note", "sealed", note.id, note.client_id)
