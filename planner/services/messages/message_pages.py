"""What the coach's pages show of messages: ready, waiting for their hour, failed; and what left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from planner.domain.messages import (
    ANNOUNCEMENTS,
    COPIED,
    FAILED,
    HELD,
    LINK,
    PENDING,
    REMINDERS,
    SENT,
    WAITING,
    Facts,
)
from planner.models import Client, Message, Walk
from planner.services.clients import consents
from planner.services.messages import outbox_rows
from planner.services.messages.outbox_letters import LINK_CONSENT, letter, letters
from planner.services.messages.outbox_rows import new_row
from planner.services.store import SignedIn, Store, client_gate, walk_gate

MOST_IN_LOG = 200
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that has not left. `why_not`: a code when it could not leave now. `due`: its hour has come."""

    id: int
    kind: str
    state: str
    problem: str | None
    due_at: datetime
    due: bool
    walk_id: int | None
    client_id: int
    first_name: str
    why_not: str | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Board:
    """`ready`: for the coach to send; without a mail server also what is due. `later`: leaves by itself."""

    ready: tuple[Shown, ...]
    failed: tuple[Shown, ...]
    later: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    ready: int
    failed: int


@dataclass(frozen=True, slots=True)
class LinkMail:
    """A client's link by mail. `missing`: no_address, no_consent."""

    missing: tuple[str, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Logged:
    """A message that left, or did not arrive. `at`: when it left."""

    kind: str
    state: str
    problem: str | None
    at: datetime
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Log:
    client_id: int
    first_name: str
    lines: tuple[Logged, ...]
    coming: tuple[tuple[int, datetime], ...]
    """Walks to come: id and wall time."""
    soon: int
    """How many of those start within SOON."""
    may_remind: bool


_COUNTED = (
    select(Message.kind, Message.state, Message.walk_id, (Message.due_at <= bindparam("now")).label("due"))
    .outerjoin(Walk, Walk.id == Message.walk_id)
    .join(Client, Client.id == Message.client_id)
    .where(
        Message.state.in_(PENDING),
        or_(Client.mail_digest.is_(None), Client.mail_digest != b""),
        or_(Message.walk_id.is_(None), Walk.starts_at > bindparam("now")),
    )
)


_PENDING = (
    select(Message)
    .outerjoin(Walk, Walk.id == Message.walk_id)
    .where(Message.state.in_(PENDING), or_(Message.walk_id.is_(None), Walk.starts_at > bindparam("now")))
    .order_by(Walk.id.is_not(None), Walk.starts_at, Message.due_at, Message.id)
)
"""In the order of their walks, as the week is; what is about no walk comes first."""
_PENDING_OF_WALK = _PENDING.where(Message.walk_id == bindparam("walk_id"))


def board(store: Store, coach: SignedIn, now: datetime, base_url: str, *, mails: bool) -> Board:
    """All messages of this coach that have not left. `mails`: a mail server is set."""
    with store.db.reading(coach.scope) as session:
        rows = session.scalars(_PENDING, {"now": now})
        return _sorted(_shown(store, session, rows.all(), now, base_url), mails=mails)


def of_walk(
    store: Store, coach: SignedIn, walk_id: int, now: datetime, base_url: str, *, mails: bool
) -> Board:
    """The same, about one walk. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk_gate(session, walk_id)
        rows = session.scalars(_PENDING_OF_WALK, {"now": now, "walk_id": walk_id})
        return _sorted(_shown(store, session, rows.all(), now, base_url), mails=mails)


def counts(store: Store, coach: SignedIn, now: datetime, *, mails: bool) -> Counts:
    """How many messages ask for the coach: as many as the page of messages shows. Who has no address is reached in
    another way, and does not count."""
    with store.db.reading(coach.scope) as session:
        rows = session.execute(_COUNTED, {"now": now}).all()
    return Counts(len(_ready(rows, mails=mails)), sum(row.state == FAILED for row in rows))


def facts_of(store: Store, coach: SignedIn, message_id: int, now: datetime, base_url: str) -> Facts:
    """What one message would say now. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        return letter(store, session, outbox_rows.message_gate(session, message_id), now, base_url).facts


def link_mail(store: Store, coach: SignedIn, client_id: int, now: datetime, base_url: str) -> LinkMail:
    """What mailing a client's link would say, and what stands in the way. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = client_gate(session, client_id)
        facts = letter(store, session, new_row(client, LINK, WAITING, now, now), now, base_url).facts
        missing = [] if facts.to else ["no_address"]
        missing += [] if consents.is_active(session, client_id, LINK_CONSENT) else ["no_consent"]
        return LinkMail(tuple(missing), facts)


def log(store: Store, coach: SignedIn, client_id: int, now: datetime) -> Log:
    """What left to this client, newest first. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client = client_gate(session, client_id)
        to = outbox_rows.recipient(store, session, client_id)
        rows = session.scalars(
            select(Message)
            .where(Message.client_id == client_id, Message.state.in_((SENT, COPIED, FAILED)))
            .order_by(func.coalesce(Message.sent_at, Message.changed_at).desc(), Message.id)
            .limit(MOST_IN_LOG)
        )
        coming = session.execute(
            select(Walk.id, Walk.starts_local, Walk.starts_at)
            .where(Walk.client_id == client.id, Walk.starts_at > now, Walk.status == "planned")
            .order_by(Walk.starts_at)
        ).all()
        return Log(
            client.id,
            to.first_name,
            tuple(_logged(store, to.wrapped_key, row) for row in rows),
            tuple((row.id, row.starts_local) for row in coming),
            sum(row.starts_at <= now + SOON for row in coming),
            bool(to.email) and client.status == "active",
        )


def _logged(store: Store, key: bytes, row: Message) -> Logged:
    written = outbox_rows.opened(store, key, row)
    at = row.sent_at or row.changed_at
    return Logged(row.kind, row.state, row.problem, at, written.to, written.subject, written.text)


def _shown(
    store: Store, session: Session, rows: Sequence[Message], now: datetime, base_url: str
) -> tuple[Shown, ...]:
    found = []
    for row, one in zip(rows, letters(store, session, rows, now, base_url), strict=True):
        found.append(
            Shown(
                row.id,
                one.facts.kind,
                row.state,
                row.problem,
                row.due_at,
                row.due_at <= now,
                row.walk_id,
                row.client_id,
                one.first_name,
                one.why_not,
                one.facts,
            )
        )
    return tuple(found)


def _sorted(found: tuple[Shown, ...], *, mails: bool) -> Board:
    ready = _ready(found, mails=mails)
    failed = tuple(one for one in found if one.state == FAILED)
    later = tuple(one for one in found if one not in failed and not _for_coach(one, mails=mails))
    return Board(tuple(ready), failed, later)


def _ready(found: Iterable[Any], *, mails: bool) -> list[Any]:
    """What the coach is to send. What is announced by hand needs no reminder by hand beside it."""
    asked = [one for one in found if _for_coach(one, mails=mails)]
    announced = {one.walk_id for one in asked if one.kind in ANNOUNCEMENTS}
    return [one for one in asked if one.kind not in REMINDERS or one.walk_id not in announced]


def _for_coach(one: Any, *, mails: bool) -> bool:
    return one.state == HELD or (one.state == WAITING and one.due and not mails)
