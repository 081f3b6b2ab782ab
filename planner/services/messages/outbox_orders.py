"""What the coach does with messages: send, leave out, sent by hand, a reminder once more, the link by mail."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.messages import COPIED, LINK, PENDING, REMINDER, WAITING, Text
from planner.models import Message
from planner.services.messages import outbox, outbox_rows
from planner.services.messages.outbox_letters import Letter, letter
from planner.services.messages.outbox_rows import is_claimed, message_gate, new_row, put
from planner.services.messages.sending import keep_written
from planner.services.store import SignedIn, Store, client_gate, walk_gate

DONE, CHANGED, GONE = "done", "changed", "gone"
"""What an order came to. changed: what the coach looked at is not what it is now. gone: it is not needed any more, or
it is on its way already. Else a code of domain.messages.REASONS: why it cannot leave."""


PRESSED_TWICE = timedelta(minutes=1)


def send(
    store: Store, coach: SignedIn, message_id: int, seen: int | None, base_url: str, now: datetime
) -> str:
    """Let a message leave; also one that failed. `seen`: the sequence of the walk in the
    text that the coach looked at, if known. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = message_gate(session, message_id)
        found = _ready(store, session, row, seen, base_url, now)
        if isinstance(found, str):
            return found
        if found.why_not is not None:
            return found.why_not
        put(row, WAITING, now, now)
        outbox_rows.wake(session)
        return DONE


def decline(store: Store, coach: SignedIn, message_id: int, now: datetime) -> str:
    """The client need not hear this: they know. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = message_gate(session, message_id)
        found = _ready(store, session, row, None, "", now)
        if isinstance(found, str):
            return found
        if row.walk_id is not None:
            keep_written(store, row, found, None)
        outbox_rows.drop(row, "declined", now)
        return DONE


def sent_by_hand(
    store: Store, coach: SignedIn, message_id: int, seen: int | None, text: Text, base_url: str, now: datetime
) -> str:
    """The coach sent this text in their own way. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = message_gate(session, message_id)
        found = _ready(store, session, row, seen, base_url, now)
        if isinstance(found, str):
            return found
        keep_written(store, row, found, text)
        row.state, row.sent_at, row.changed_at, row.problem = COPIED, now, now, None
        if row.walk_id is not None:
            outbox.note_walk(store, session, row.walk_id, now)
        return DONE


def remind(store: Store, coach: SignedIn, walk_id: int, base_url: str, now: datetime) -> str:
    """A reminder now, whatever was told before. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        walk = walk_gate(session, walk_id)
        row = new_row(walk, REMINDER, WAITING, now, now)
        row.by_hand, row.told_sequence = True, walk.sequence
        why_not = letter(store, session, row, now, base_url).why_not
        if why_not is not None:
            return why_not
        lately = now - PRESSED_TWICE
        if any(
            one.kind == REMINDER
            and one.by_hand
            and (one.state == WAITING or (one.sent_at or lately) > lately)
            for one in outbox_rows.of_walk(session, walk_id)
        ):
            return DONE
        session.add(row)
        outbox_rows.wake(session)
        return DONE


def mail_link(store: Store, coach: SignedIn, client_id: int, base_url: str, now: datetime) -> str:
    """The client's link by mail. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        return queue_link(store, session, client_id, base_url, now)


def queue_link(store: Store, session: Session, client_id: int, base_url: str, now: datetime) -> str:
    """The same, inside a transaction that does more. One that waits already is enough."""
    client = client_gate(session, client_id)
    row = new_row(client, LINK, WAITING, now, now)
    why_not = letter(store, session, row, now, base_url).why_not
    if why_not is not None:
        return why_not
    if not outbox_rows.link_waits(session, client_id):
        session.add(row)
        outbox_rows.wake(session)
    return DONE


def _ready(
    store: Store, session: Session, row: Message, seen: int | None, base_url: str, now: datetime
) -> Letter | str:
    if row.state not in PENDING or is_claimed(row, now):
        return GONE
    found = letter(store, session, row, now, base_url)
    if seen is not None and row.walk_id is not None and seen != found.facts.sequence:
        return CHANGED
    if found.why_not in ("past", "cancelled", "known", "outdated"):
        return GONE
    return found
