"""The rows of the outbox themselves: found, dropped, woken. What they should say is decided in outbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from planner.domain.clients import HEALTH, ClientDetails, ClientName
from planner.domain.messages import (
    CANCELLATION,
    DROPPED,
    HELD,
    LEFT,
    LINK,
    PENDING,
    SETTLED,
    WAITING,
    WEATHER,
    Told,
    Written,
)
from planner.models import Client, Consent, Message, Walk, new_id
from planner.services.store import NotFound, Store
from planner.services.vault import Place
from planner.services.walks.walk_queries import of_its_walk
from planner.services.weather import forecasts

CLAIM_FOR = timedelta(seconds=90)
"""Longer than one try can last."""
MESSAGES = "messages"
"""The wake row the jobs process looks at."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A client as somebody to write to: nothing about health. `hears`: messages go to them at all; not while they are
    paused, nor after they took back their consent."""

    id: int
    owner_id: int
    first_name: str
    email: str
    language: str
    hears: bool
    show_first_name: bool
    reminders: bool
    mails_by_itself: bool
    wrapped_key: bytes
    has_phone: bool


def recipient(store: Store, session: Session, client_id: int) -> Recipient:
    """Raises NotFound."""
    found = recipients(store, session, [client_id]).get(client_id)
    if found is None:
        raise NotFound
    return found


def recipients(store: Store, session: Session, client_ids: Collection[int]) -> dict[int, Recipient]:
    """Those of these clients whom the session reaches."""
    gone = _took_back(session, client_ids)
    rows = session.scalars(select(Client).where(Client.id.in_(client_ids)))
    return {row.id: _recipient(store, row, agrees=row.id not in gone) for row in rows}


def _recipient(store: Store, row: Client, *, agrees: bool) -> Recipient:
    open_, key = store.vault.open, row.wrapped_key
    name = open_(key, Place("client", "name_sealed", row.id, row.id), row.name_sealed, ClientName)
    details = open_(key, Place("client", "details_sealed", row.id, row.id), row.details_sealed, ClientDetails)
    return Recipient(
        row.id,
        row.owner_id,
        name.first_name,
        details.email,
        row.language,
        row.status == "active" and agrees,
        row.show_first_name,
        row.reminders,
        row.mails_by_itself,
        key,
        bool(details.phone),
    )


def _took_back(session: Session, client_ids: Collection[int]) -> frozenset[int]:
    """Those of these clients who took back their yes about health and did not give it again."""
    given = select(Consent.client_id, Consent.withdrawn_at).join(
        Client, and_(Client.owner_id == Consent.owner_id, Client.id == Consent.client_id)
    )
    of_these = (Client.id.in_(client_ids), Consent.purpose == HEALTH, Consent.given_at.is_not(None))
    rows = session.execute(given.where(*of_these)).all()
    return frozenset(row.client_id for row in rows) - {
        row.client_id for row in rows if row.withdrawn_at is None
    }


def mail_digest(store: Store, email: str) -> bytes:
    """What finds a client by their address without storing it in clear; empty when there is none."""
    clean = email.strip().lower()
    return store.vault.lookup_digest("client mail", clean) if clean else b""


def message_gate(session: Session, message_id: int) -> Message:
    """The message, if it is to a client of this coach. Raises NotFound."""
    row = session.scalar(select(Message).where(Message.id == message_id))
    if row is None:
        raise NotFound
    return row


def of_walk(session: Session, walk_id: int) -> tuple[Message, ...]:
    """All that was ever prepared about a walk, oldest first."""
    return of_walks(session, [walk_id]).get(walk_id, ())


def of_walks(session: Session, walk_ids: Collection[int]) -> dict[int, tuple[Message, ...]]:
    """The same, by walk, for those of these walks that have any."""
    found: dict[int, list[Message]] = {}
    rows = select(Message).join(Walk, of_its_walk(Message)).where(Walk.id.in_(walk_ids))
    for row in session.scalars(rows.order_by(Message.created_at, Message.id)):
        found.setdefault(row.walk_id or 0, []).append(row)
    return {walk_id: tuple(messages) for walk_id, messages in found.items()}


def new_row(client: Client | Walk, kind: str, state: str, due_at: datetime, now: datetime) -> Message:
    """A message to this client, or to the client of this walk. Not yet in a session."""
    row = Message(id=new_id(), owner_id=client.owner_id, coach_id=client.coach_id, kind=kind, state=state)
    row.client_id = client.client_id if isinstance(client, Walk) else client.id
    row.walk_id = client.id if isinstance(client, Walk) else None
    row.by_hand = False
    row.due_at, row.attempts, row.created_at, row.changed_at = due_at, 0, now, now
    return row


def put(row: Message, state: str, due_at: datetime, now: datetime) -> None:
    """To a pending state, as if it was never tried."""
    row.state, row.due_at, row.attempts, row.problem = state, due_at, 0, None
    row.claimed_until, row.changed_at = None, now


def drop(row: Message, reason: str, now: datetime) -> None:
    """`reason`: a code of domain.messages.REASONS."""
    row.state, row.problem, row.claimed_until, row.changed_at = DROPPED, reason, None, now


def is_claimed(row: Message, now: datetime) -> bool:
    """Whether some node is sending it right now. A claim further ahead than one can be is of a clock that ran ahead."""
    until = row.claimed_until
    return row.state == WAITING and until is not None and now < until <= now + CLAIM_FOR


def hush(session: Session, client_id: int, now: datetime) -> None:
    """Nothing goes to this client by itself any more. That a walk is off the coach may still tell."""
    rows = session.scalars(select(Message).where(Message.client_id == client_id, Message.state.in_(PENDING)))
    for row in rows:
        if row.kind == CANCELLATION:
            put(row, HELD, now, now)
        else:
            drop(row, "not_active", now)


def link_waits(session: Session, client_id: int) -> bool:
    """Whether this client's link is about to leave."""
    return (
        session.scalar(
            select(Message.id).where(
                Message.client_id == client_id, Message.kind == LINK, Message.state == WAITING
            )
        )
        is not None
    )


def wake(session: Session) -> None:
    """Something may leave now."""
    forecasts.wake(session, MESSAGES)


def seal(store: Store, key: bytes, row: Message, written: Written) -> None:
    row.sealed = store.vault.seal(key, _place(row), written)


def opened(store: Store, key: bytes, row: Message) -> Written:
    """What left; of a row that has something sealed."""
    if row.sealed is None:
        return Written()
    return store.vault.open(key, _place(row), row.sealed, Written)


def told_last(store: Store, key: bytes, rows: Iterable[Message], name_for_place: str = "") -> Told | None:
    """What the client heard last about when and where a walk is. A message that has something sealed and never got its
    answer, waiting or dropped since, may have arrived; what the coach declined, and what the client chose, counts as
    known. What was said of the weather does not count here. `name_for_place`: see WalkRow; as a place it is none."""
    told = [row for row in rows if row.sealed is not None and row.kind != WEATHER]
    if not told:
        return None
    last = max(told, key=lambda row: (row.told_sequence or 0, row.sent_at or row.changed_at))
    written = opened(store, key, last)
    if written.about is None:
        return None
    about = written.about
    if name_for_place and about.place == name_for_place:
        about = replace(about, place="")
    sure = last.state in LEFT or last.problem in SETTLED
    return Told(about, written.kind, last.sent_at if last.state in LEFT else None, sure)


def _place(row: Message) -> Place:
    return Place("message", "sealed", row.id, row.client_id)
