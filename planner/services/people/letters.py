"""Letters to a coach about their own account: put down with the change they tell of, mailed by the jobs.

At least once, and never twice from two nodes: a letter is claimed for longer than one try can last, and gone when it
left. It is read when the mail server is ready, and again right before it goes. Where no mail server is set none leaves,
and they go when they are too late. No word about a client is ever in one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Select, delete, select, update
from sqlalchemy.orm import Session

from planner.domain.letters import NOTICES, WITH_LINK, Letter
from planner.domain.messages import Text
from planner.domain.needs import ALL_STAND_STILL, Mail, MailFailed, MailSender
from planner.domain.roles import LEAD
from planner.models import EVERYONE, Account, Coach, CoachLetter, Practice, new_id
from planner.services.messages import outbox_rows
from planner.services.people import coaches
from planner.services.store import SignedIn, Store
from planner.services.vault import CannotOpen, Place
from planner.services.weather import forecasts

NOTICE_LIFE = timedelta(days=1)
CLAIM_FOR = timedelta(minutes=5)
"""And so long until it is tried again."""
MOST_PER_PASS = 20
PASS_AT_MOST_S = 15.0
"""Clients' messages wait behind us."""

log = logging.getLogger(__name__)


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
class _Claim:
    """A letter that is ours to send, until then."""

    number: int
    until: datetime


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
    number = new_id()
    sealed = _sealed(store, session, number, owner_id, said) if said is not None else None
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


def put_in_for_leads(store: Store, session: Session, owner_id: int, kind: str, now: datetime) -> None:
    """To everybody who leads this practice."""
    leads = (
        select(Coach.id)
        .join(Account, Account.coach_id == Coach.id)
        .where(
            Coach.owner_id == owner_id,
            Coach.role == LEAD,
            Account.disabled_at.is_(None),
            Account.password_hash.is_not(None),
        )
    )
    for coach_id in session.scalars(leads).all():
        put_in(store, session, (owner_id, coach_id), kind, now)


def keep_address_in(store: Store, session: Session, coach: SignedIn) -> None:
    """What waits tells of what happened under the coach's address of now: it goes there, also when they take another.
    A letter with a link follows its coach."""
    waiting = (CoachLetter.coach_id == coach.id, CoachLetter.kind.in_(NOTICES), CoachLetter.sealed.is_(None))
    for row in session.scalars(select(CoachLetter).where(*waiting)).all():
        row.sealed = _sealed(store, session, row.id, row.owner_id, Said(coach.email))


def take_back_in(session: Session, coach_id: int, *kinds: str) -> None:
    """Those that did not leave yet do not leave any more."""
    session.execute(delete(CoachLetter).where(CoachLetter.coach_id == coach_id, CoachLetter.kind.in_(kinds)))


def waits_in(session: Session, coach_id: int, kind: str) -> bool:
    """Whether one is on its way."""
    there = (CoachLetter.coach_id == coach_id, CoachLetter.kind == kind)
    return session.scalar(select(CoachLetter.id).where(*there).limit(1)) is not None


def send_due(
    store: Store,
    letters: Letters,
    clock: Callable[[], datetime],
    go_on: Callable[[], bool] = lambda: True,
    at_most_s: float = PASS_AT_MOST_S,
) -> int:
    """Mail those that are due; gives how many left. A mail server that has a bad moment is asked again, one that does
    not answer stops this pass."""
    began, sent = time.monotonic(), 0
    if letters.sender is None:
        return 0
    for _number in range(MOST_PER_PASS):
        if not go_on() or time.monotonic() - began > at_most_s:
            break
        claim = _claim(store, clock(), links=bool(letters.base_url))
        if claim is None:
            break
        try:
            sent += _send(store, letters, letters.sender, claim, clock)
        except MailFailed as problem:
            if problem.kind in ALL_STAND_STILL:
                break
    return sent


def _claim(store: Store, now: datetime, *, links: bool) -> _Claim | None:
    """Take the one that is due longest: ours for a while. `links`: whether one with a link may leave."""
    due = _due(now, links=links)
    with store.db.unowned() as connection:  # most passes: nobody waits for the writers' lock
        if connection.execute(due).scalar() is None:
            return None
    with store.db.unowned_write() as connection:
        found = connection.execute(due.with_for_update(skip_locked=True)).scalar()
        if found is None:
            return None
        until = now + CLAIM_FOR
        connection.execute(update(CoachLetter).where(CoachLetter.id == found).values(due_at=until))
        return _Claim(found, until)


def _due(now: datetime, *, links: bool) -> Select[int]:
    due = (
        select(CoachLetter.id)
        .where(CoachLetter.due_at <= now, CoachLetter.until_at > now)
        .order_by(CoachLetter.due_at, CoachLetter.id)
        .limit(1)
    )
    return due if links else due.where(CoachLetter.kind.not_in(WITH_LINK))


def _send(
    store: Store, letters: Letters, sender: MailSender, claim: _Claim, clock: Callable[[], datetime]
) -> bool:
    """Try once. Raises MailFailed, for who tries others. One that nobody can read is put away."""

    def mail() -> Mail | None:
        return _read(store, letters, claim, clock())

    try:
        sent = mail() is not None and sender.send(mail, lambda: None)
    except CannotOpen:
        log.error("a letter to a coach does not open and is thrown away: %s", claim.number)
        _gone(store, claim.number)
        return False
    except MailFailed as problem:
        if problem.lasting:
            _gone(store, claim.number)
        raise
    if sent:
        _gone(store, claim.number)
    return sent


def _read(store: Store, letters: Letters, claim: _Claim, now: datetime) -> Mail | None:
    """The letter as it must be said now; None when it was taken back, is too late, or is not ours any more."""
    with store.db.reading(EVERYONE) as session:
        ours = (CoachLetter.id == claim.number, CoachLetter.due_at == claim.until, CoachLetter.until_at > now)
        row = session.scalar(select(CoachLetter).where(*ours)) if claim.until > now else None
        if row is None:
            return None
        said = Said() if row.sealed is None else _opened(store, session, row, row.sealed)
        coach = coaches.open_in(store, session, row.coach_id)
    link = f"{letters.base_url}{said.path}" if said.path else ""
    text = letters.write(Letter(row.kind, coach.language, row.created_at, row.until_at, link))
    to = said.to or coach.email
    return Mail(
        id=store.vault.lookup_digest("mail", f"letter:{row.id}").hex()[:32],
        to=to,
        from_name="Stap voor stap",
        reply_to=to,
        subject=text.subject,
        text=text.text,
        html=text.html,
        language=coach.language,
        at=now,
    )


def _gone(store: Store, number: int) -> None:
    with store.db.unowned_write() as connection:
        connection.execute(delete(CoachLetter).where(CoachLetter.id == number))


def purge_in(connection: Connection, now: datetime) -> None:
    """Those that are too late."""
    connection.execute(delete(CoachLetter).where(CoachLetter.until_at <= now))


def _sealed(store: Store, session: Session, number: int, owner_id: int, said: Said) -> bytes:
    return store.vault.seal(_key(session, owner_id), _place(number, owner_id), said)


def _opened(store: Store, session: Session, row: CoachLetter, sealed: bytes) -> Said:
    return store.vault.open(_key(session, row.owner_id), _place(row.id, row.owner_id), sealed, Said)


def _key(session: Session, owner_id: int) -> bytes:
    return session.scalar(select(Practice.wrapped_key).where(Practice.id == owner_id)) or b""


def _place(number: int, owner_id: int) -> Place:
    return Place("coach_letter", "sealed", number, owner_id)
