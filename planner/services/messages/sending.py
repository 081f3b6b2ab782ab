"""Messages that are due leave, from whichever node comes first: the work of the jobs process.

At least once, and never twice from two nodes: a row is claimed for longer than one try can last. The walk is read when
the mail server is ready, and again right before the message goes. No transaction is open while the network is waited
for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select, update

from planner.domain.messages import (
    FAILED,
    HELD,
    SENT,
    WAITING,
    Facts,
    Text,
    Written,
    retry_after,
)
from planner.domain.needs import ALL_STAND_STILL, Mail, MailFailed, MailSender
from planner.models import EVERYONE, DatabaseBusy, Message, Walk
from planner.services.messages import outbox, outbox_rows
from planner.services.messages.outbox_letters import Letter, letter, letters
from planner.services.messages.outbox_rows import CLAIM_FOR
from planner.services.store import NotFound, Store

MOST_PER_PASS = 400
PASS_AT_MOST_S = 45.0
"""The weather waits behind us; then it is our turn again at once."""
BUSY_IN_A_ROW = 3
"""So often "not now", one after another, and it is about the server: the rest waits for the next pass."""
TRIES_TO_WRITE_DOWN = 3
MENDABLE = ("no_address", "no_link")
"""What the coach may still put right before the walk: such a message stands ready for them."""


@dataclass(frozen=True, slots=True)
class Post:
    """What messages leave with. `sender` None: no mail server is set. `base_url`: the public address, when links may
    stand in mails; else empty."""

    sender: MailSender | None
    write: Callable[[Facts], Text]
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours to send, until then."""

    message_id: int
    until: datetime


@dataclass(slots=True)
class _Try:
    """One message on its way: what it said when it was read last."""

    letter: Letter | None = None
    text: Text | None = None
    gone: bool = False
    """The claim is lost, or the client is: nothing to do."""
    before: tuple[bytes | None, int | None, str] | None = None
    """What the row held of an earlier try: sealed, told_sequence, kind."""
    problem: MailFailed | None = None
    sent: bool = False


def send_due(
    store: Store,
    post: Post,
    clock: Callable[[], datetime],
    go_on: Callable[[], bool] = lambda: True,
    most: int = MOST_PER_PASS,
) -> int:
    """Send what is due; gives how many left. A server that does not answer stops this pass, not the next. A pass that
    was too short for all has the next one come as soon as the others had their turn."""
    put_away(store, clock())
    began, sent, busy = time.monotonic(), 0, 0
    if post.sender is None:
        sift(store, clock(), post.base_url)
        return 0
    for _number in range(most):
        if time.monotonic() - began > PASS_AT_MOST_S:
            break
        claim = _claim(store, clock()) if go_on() else None
        if claim is None:
            return sent
        tried = _send(store, post, post.sender, claim, clock)
        sent += tried.sent
        kind = tried.problem.kind if tried.problem is not None else None
        busy = busy + 1 if kind == "busy" else 0
        if kind in ALL_STAND_STILL or busy == BUSY_IN_A_ROW:
            return sent
    with store.db.transaction(EVERYONE, clock()) as session:
        outbox_rows.wake(session)
    return sent


def put_away(store: Store, now: datetime) -> None:
    """What was not sent before its walk began is not sent any more."""
    begun = (
        select(Message.id)
        .join(Walk, (Walk.id == Message.walk_id) & (Walk.owner_id == Message.owner_id))
        .where(Message.state.in_((HELD, WAITING)), Walk.starts_at <= now)
    )
    with store.db.reading(EVERYONE) as session:
        ids = list(session.scalars(begun))
    if not ids:
        return
    with store.db.transaction(EVERYONE, now) as session:
        for row in session.scalars(select(Message).where(Message.id.in_(ids))):
            if row.state not in (HELD, WAITING) or outbox_rows.is_claimed(row, now):
                continue
            if row.attempts:
                row.state, row.changed_at = FAILED, now  # it stands in the log with its reason
            else:
                outbox_rows.drop(row, "past", now)


def sift(store: Store, now: datetime, base_url: str) -> None:
    """Without a mail server what is due waits for the coach; what is not true any more does not."""
    with store.db.reading(EVERYONE) as session:
        due = select(Message).where(Message.state == WAITING, Message.due_at <= now)
        rows = session.scalars(due).all()
        read = letters(store, session, rows, now, base_url)
        found = {row.id: one.why_not for row, one in zip(rows, read, strict=True)}
    over = {number: why_not for number, why_not in found.items() if why_not not in (None, *MENDABLE)}
    if not over:
        return
    with store.db.transaction(EVERYONE, now) as session:
        for row in session.scalars(select(Message).where(Message.id.in_(over), Message.state == WAITING)):
            outbox_rows.drop(row, over[row.id] or "", now)


def _claim(store: Store, now: datetime) -> Claim | None:
    """Take the message that is due longest."""
    with store.db.reading(EVERYONE) as session:  # most passes: nobody waits for the writers' lock
        if session.scalar(_due(now)) is None:
            return None
    with store.db.transaction(EVERYONE, now) as session:
        found = session.scalar(_due(now).with_for_update(skip_locked=True))
        if found is None:
            return None
        until = now + CLAIM_FOR
        session.execute(update(Message).where(Message.id == found).values(claimed_until=until))
        return Claim(found, until)


def _due(now: datetime) -> Select[int]:
    free = or_(
        Message.claimed_until.is_(None),
        Message.claimed_until <= now,
        Message.claimed_until > now + CLAIM_FOR,  # a clock that ran ahead: nobody holds it that long
    )
    return (
        select(Message.id)
        .where(Message.state == WAITING, Message.due_at <= now, free)
        .order_by(Message.due_at, Message.id)
        .limit(1)
    )


def _send(store: Store, post: Post, sender: MailSender, claim: Claim, clock: Callable[[], datetime]) -> _Try:
    """Try once, and write down what came of it."""
    tried = _Try()

    def mail() -> Mail | None:
        return _read(store, post, claim, tried, clock())

    if mail() is not None:
        try:
            tried.sent = sender.send(mail, lambda: _leaving(store, claim, tried, clock()))
        except MailFailed as problem:
            tried.problem = problem
    if not tried.gone:
        _write_down(store, claim, tried, clock)
    return tried


def _read(store: Store, post: Post, claim: Claim, tried: _Try, now: datetime) -> Mail | None:
    """The message as it must be said now; None when it must not be sent."""
    with store.db.reading(EVERYONE) as session:
        row = session.scalar(select(Message).where(Message.id == claim.message_id))
        try:
            ours = row is not None and row.state == WAITING and row.claimed_until == claim.until > now
            found = letter(store, session, row, now, post.base_url) if row is not None and ours else None
        except NotFound:
            found = None
    tried.letter, tried.gone = found, found is None
    if found is None or found.why_not is not None:
        return None
    tried.text = post.write(found.facts)
    number = f"message:{claim.message_id}:{found.facts.sequence}:{found.facts.kind}"
    return Mail(
        id=store.vault.lookup_digest("mail", number).hex()[:32],
        to=found.facts.to,
        from_name=found.facts.coach_first_name,
        reply_to=found.facts.coach_email,
        subject=tried.text.subject,
        text=tried.text.text,
        html=tried.text.html,
        language=found.facts.language,
        at=now,
    )


def _leaving(store: Store, claim: Claim, tried: _Try, now: datetime) -> None:
    """From here on it may have arrived, even when this process is killed before it hears the server's yes: so it is
    written down first. Raises DatabaseBusy, and then nothing leaves."""
    with store.db.transaction(EVERYONE, now) as session:
        row = session.scalar(select(Message).where(Message.id == claim.message_id))
        if row is not None and tried.letter is not None:
            tried.before = row.sealed, row.told_sequence, row.kind
            keep_written(store, row, tried.letter, tried.text)


def _write_down(store: Store, claim: Claim, tried: _Try, clock: Callable[[], datetime]) -> None:
    """A message that left is written down, if it takes a while: else it would leave twice."""
    for last in range(TRIES_TO_WRITE_DOWN, 0, -1):
        try:
            with store.db.transaction(EVERYONE, clock()) as session:
                row = session.scalar(select(Message).where(Message.id == claim.message_id))
                if row is not None and (tried.sent or row.claimed_until == claim.until):
                    _mark(store, row, tried, clock())
                    if row.walk_id is not None:
                        outbox.note_walk(store, session, row.walk_id, clock())
            return
        except DatabaseBusy:
            if last == 1 or not tried.sent:
                raise


def _mark(store: Store, row: Message, tried: _Try, now: datetime) -> None:
    found = tried.letter
    row.claimed_until, row.changed_at = None, now
    if tried.sent and found is not None:
        row.state, row.sent_at, row.problem = SENT, now, None
        keep_written(store, row, found, tried.text)
    elif tried.problem is not None:
        _mark_failed(row, tried, tried.problem, now)
    elif found is not None and found.why_not in MENDABLE:
        row.state = HELD
    elif found is not None and found.why_not is not None:
        outbox_rows.drop(row, found.why_not, now)


def _mark_failed(row: Message, tried: _Try, problem: MailFailed, now: datetime) -> None:
    row.attempts, row.problem = row.attempts + 1, problem.kind
    wait = retry_after(row.attempts)
    if problem.kind != "unsure" and tried.before is not None:  # it certainly did not arrive
        row.sealed, row.told_sequence, row.kind = tried.before
    if problem.lasting or wait is None:
        row.state = FAILED
    else:
        row.due_at = now + wait


def keep_written(store: Store, row: Message, found: Letter, text: Text | None) -> None:
    """What left, and to where. The secret of a link is not kept."""
    facts = found.facts
    said = text.text if text is not None else ""
    for secret in (facts.link, facts.video_url):
        said = said.replace(secret, "…") if secret else said
    row.kind, row.told_sequence = facts.kind, facts.sequence
    subject = text.subject if text is not None else ""
    outbox_rows.seal(
        store, found.key, row, Written(facts.about, facts.kind, facts.to, subject, said, facts.says)
    )
