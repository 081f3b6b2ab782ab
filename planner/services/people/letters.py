"""Letters to a coach about their own account: put down with the change they tell of, mailed by the jobs.

At least once: a letter is claimed for longer than one try can last, and gone when it left. Where no mail server is set
none leaves, and they go when they are too late. No word about a client is ever in one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from planner.domain.letters import Letter
from planner.domain.messages import Text
from planner.domain.needs import Mail, MailFailed, MailSender
from planner.models import EVERYONE, CoachLetter, Practice, new_id
from planner.services.messages import outbox_rows
from planner.services.people import coaches
from planner.services.store import SignedIn, Store
from planner.services.vault import Place
from planner.services.weather import forecasts

NOTICE_LIFE = timedelta(days=1)
CLAIM_FOR = AGAIN_AFTER = timedelta(minutes=5)
AT_ONCE = 20


class Said(msgspec.Struct, frozen=True):
    """What is sealed with a letter. `to`: another address than the coach's; `path`: of the link in it."""

    to: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Letters:
    """What they leave with. `write`: the words. `base_url`: empty when no link may be mailed."""

    sender: MailSender | None
    write: Callable[[Letter], Text]
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class _Ours:
    """A letter that is ours to send."""

    id: int
    kind: str
    at: datetime
    coach: SignedIn
    said: Said


def put_in(
    store: Store,
    session: Session,
    whose: tuple[int, int],
    kind: str,
    now: datetime,
    said: Said | None = None,
    life: timedelta = NOTICE_LIFE,
) -> None:
    """Have one mailed when this transaction is kept. `whose`: practice and coach. One with a link takes the place of an
    earlier one of its kind."""
    owner_id, coach_id = whose
    number, sealed = new_id(), None
    if said is not None:
        wrapped = session.scalar(select(Practice.wrapped_key).where(Practice.id == owner_id)) or b""
        sealed = store.vault.seal(wrapped, _place(number, owner_id), said)
    if said is not None and said.path:
        take_back_in(session, coach_id, kind)
    session.add(
        CoachLetter(
            id=number,
            coach_id=coach_id,
            owner_id=owner_id,
            kind=kind,
            sealed=sealed,
            created_at=now,
            due_at=now,
            until_at=now + life,
        )
    )
    forecasts.wake(session, outbox_rows.MESSAGES)


def take_back_in(session: Session, coach_id: int, kind: str) -> None:
    """One that did not leave yet does not leave any more."""
    session.execute(delete(CoachLetter).where(CoachLetter.coach_id == coach_id, CoachLetter.kind == kind))


def waits_in(session: Session, coach_id: int, kind: str) -> bool:
    """Whether one is on its way."""
    there = (CoachLetter.coach_id == coach_id, CoachLetter.kind == kind)
    return session.scalar(select(CoachLetter.id).where(*there).limit(1)) is not None


def send_due(store: Store, letters: Letters, now: datetime) -> int:
    """Mail those that are due; gives how many left. A mail server that has a bad moment is asked again."""
    if letters.sender is None:
        return 0
    with store.db.unowned() as connection:
        due = connection.execute(
            select(CoachLetter.id)
            .where(CoachLetter.due_at <= now, CoachLetter.until_at > now)
            .order_by(CoachLetter.created_at)
            .limit(AT_ONCE)
        ).scalars()
        numbers = list(due)
    return sum(_send(store, letters, letters.sender, number, now) for number in numbers)


def _send(store: Store, letters: Letters, sender: MailSender, number: int, now: datetime) -> bool:
    ours = _claim(store, number, now)
    if ours is None or (ours.said.path and not letters.base_url):
        return False
    mail = _mail(store, letters, ours, now)
    try:
        sent = sender.send(lambda: mail, lambda: None)
    except MailFailed as problem:
        if problem.lasting:
            _gone(store, number)
        return False
    _gone(store, number)
    return sent


def _mail(store: Store, letters: Letters, ours: _Ours, now: datetime) -> Mail:
    coach, to = ours.coach, ours.said.to or ours.coach.email
    link = f"{letters.base_url}{ours.said.path}" if ours.said.path else ""
    text = letters.write(Letter(ours.kind, coach.language, ours.at, link))
    return Mail(
        id=store.vault.lookup_digest("mail", f"letter:{ours.id}").hex()[:32],
        to=to,
        from_name="Stap voor stap",
        reply_to=to,
        subject=text.subject,
        text=text.text,
        html=text.html,
        language=coach.language,
        at=now,
    )


def _claim(store: Store, number: int, now: datetime) -> _Ours | None:
    """Ours for a while; None when another node has it, or it is gone."""
    with store.db.transaction(EVERYONE, now) as session:
        row = session.scalar(
            select(CoachLetter).where(
                CoachLetter.id == number, CoachLetter.due_at <= now, CoachLetter.until_at > now
            )
        )
        if row is None:
            return None
        session.execute(update(CoachLetter).where(CoachLetter.id == number).values(due_at=now + CLAIM_FOR))
        said = Said()
        if row.sealed is not None:
            wrapped = session.scalar(select(Practice.wrapped_key).where(Practice.id == row.owner_id)) or b""
            said = store.vault.open(wrapped, _place(number, row.owner_id), row.sealed, Said)
        return _Ours(number, row.kind, row.created_at, coaches.open_in(store, session, row.coach_id), said)


def _gone(store: Store, number: int) -> None:
    with store.db.unowned_write() as connection:
        connection.execute(delete(CoachLetter).where(CoachLetter.id == number))


def purge_in(connection: Connection, now: datetime) -> None:
    """Those that are too late."""
    connection.execute(delete(CoachLetter).where(CoachLetter.until_at <= now))


def _place(number: int, owner_id: int) -> Place:
    return Place("coach_letter", "sealed", number, owner_id)
