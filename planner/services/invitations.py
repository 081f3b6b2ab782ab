"""Inviting a colleague: a one-time address that is shown to copy and can be mailed, for a few days or until it is
withdrawn. The colleague chooses a password there (services/set_up.py)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from planner.domain.needs import Mail, MailFailed
from planner.models import EVERYONE, Coach, Practice, SetupKey
from planner.services import audit, coaches, colleagues, forecasts, outbox_rows, set_up
from planner.services.colleagues import INVITED, Colleague
from planner.services.new_password import Letters
from planner.services.set_up import SETUP_KEY_LIFE, NewCoach
from planner.services.sign_in import digest
from planner.services.store import NotFound, SignedIn, Store
from planner.services.vault import Place

AGAIN_AFTER = timedelta(minutes=5)
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Invitation:
    """`key`: the secret of its address; empty when that does not work any more. `mailing`: it is on its way."""

    colleague: Colleague
    key: str
    expires_at: datetime | None
    mailing: bool


def invite(store: Store, lead: SignedIn, new: NewCoach, now: datetime) -> int:
    """A colleague who can begin at a one-time address; gives their id. Raises NotFound, or set_up.EmailTaken."""
    with store.db.transaction(colleagues.must_lead(lead).practice_scope, now) as session:
        coach_id = set_up.make_coach(store, session, lead.owner_id, new, None, now, texts_seen=False)
        _make_key(store, session, lead.owner_id, coach_id, now)
        audit.security(session, coach_id, "setup_key", "created")
        return coach_id


def open_one(store: Store, lead: SignedIn, colleague_id: int, now: datetime) -> Invitation:
    """Raises NotFound, also for who has begun already."""
    one = _invited(colleagues.listing(store, colleagues.must_lead(lead), now), colleague_id)
    with store.db.reading(lead.planning_scope) as session:
        row = session.execute(
            select(SetupKey.sealed, SetupKey.expires_at, SetupKey.mail_at, Practice.wrapped_key)
            .join(Practice, Practice.id == SetupKey.owner_id)
            .where(SetupKey.coach_id == one.id, SetupKey.expires_at > now, SetupKey.sealed.is_not(None))
        ).first()
    if row is None:
        return Invitation(one, "", one.invited_until, mailing=False)
    key = store.vault.open(row.wrapped_key, _place(one.id, lead.owner_id), row.sealed, str)
    return Invitation(one, key, row.expires_at, row.mail_at is not None)


def renew(store: Store, lead: SignedIn, colleague_id: int, now: datetime) -> None:
    """Another address; the one before does not work any more. Raises NotFound."""
    with store.db.transaction(colleagues.must_lead(lead).practice_scope, now) as session:
        one = _invited(colleagues.people(store, session, lead, now), colleague_id)
        _make_key(store, session, lead.owner_id, one.id, now)
        audit.security(session, one.id, "setup_key", "created")


def withdraw(store: Store, lead: SignedIn, colleague_id: int, now: datetime) -> None:
    """As if nobody was invited. Raises NotFound, also for who has begun already."""
    with store.db.transaction(colleagues.must_lead(lead).practice_scope, now) as session:
        one = _invited(colleagues.people(store, session, lead, now), colleague_id)
        row = session.scalar(select(Coach).where(Coach.id == one.id))
        session.delete(row)
        audit.security(session, one.id, "setup_key", "removed")


def ask_mail(store: Store, lead: SignedIn, colleague_id: int, now: datetime) -> None:
    """Have it mailed by the jobs. Raises NotFound."""
    with store.db.transaction(colleagues.must_lead(lead).practice_scope, now) as session:
        one = _invited(colleagues.people(store, session, lead, now), colleague_id)
        there = (SetupKey.coach_id == one.id, SetupKey.expires_at > now, SetupKey.sealed.is_not(None))
        session.execute(update(SetupKey).where(*there).values(mail_at=now))
        forecasts.wake(session, outbox_rows.MESSAGES)


def send_due(store: Store, letters: Letters, now: datetime) -> int:
    """Mail the invitations that were asked for; gives how many left."""
    with store.db.unowned() as connection:
        due = connection.execute(
            select(SetupKey.coach_id, SetupKey.owner_id)
            .where(SetupKey.mail_at <= now, SetupKey.expires_at > now, SetupKey.sealed.is_not(None))
            .limit(AT_ONCE)
        ).all()
    return sum(_mail(store, letters, row.coach_id, row.owner_id, now) for row in due)


def _mail(store: Store, letters: Letters, coach_id: int, owner_id: int, now: datetime) -> bool:
    key = _claim(store, coach_id, owner_id, now)
    if not key or letters.sender is None or not letters.base_url:
        return False
    to = coaches.by_id(store, owner_id, coach_id)
    text = letters.write(to.language, f"{letters.base_url}/setup/{key}")
    mail = Mail(
        id=store.vault.lookup_digest("mail", f"setup:{key}").hex()[:32],
        to=to.email,
        from_name="Stap voor stap",
        reply_to=to.email,
        subject=text.subject,
        text=text.text,
        html=text.html,
        language=to.language,
        at=now,
    )
    try:
        return letters.sender.send(lambda: mail, lambda: None)
    except MailFailed as problem:
        if not problem.lasting:
            with store.db.unowned_write() as connection:
                again = update(SetupKey).where(SetupKey.digest == digest(key))
                connection.execute(again.values(mail_at=now + AGAIN_AFTER))
        return False


def _claim(store: Store, coach_id: int, owner_id: int, now: datetime) -> str:
    """Take the wish away; gives the secret, or nothing when it is gone."""
    with store.db.transaction(EVERYONE, now) as session:
        row = session.execute(
            select(SetupKey.digest, SetupKey.sealed, Practice.wrapped_key)
            .join(Practice, Practice.id == SetupKey.owner_id)
            .where(SetupKey.coach_id == coach_id, SetupKey.mail_at <= now, SetupKey.expires_at > now)
        ).first()
        if row is None or row.sealed is None:
            return ""
        session.execute(update(SetupKey).where(SetupKey.digest == row.digest).values(mail_at=None))
        return store.vault.open(row.wrapped_key, _place(coach_id, owner_id), row.sealed, str)


def _invited(found: tuple[Colleague, ...], colleague_id: int) -> Colleague:
    one = colleagues.pick(found, colleague_id)
    if one.standing != INVITED:
        raise NotFound
    return one


def _make_key(store: Store, session: Session, owner_id: int, coach_id: int, now: datetime) -> None:
    key = secrets.token_urlsafe(24)
    wrapped = session.scalar(select(Practice.wrapped_key).where(Practice.id == owner_id)) or b""
    session.execute(delete(SetupKey).where(SetupKey.coach_id == coach_id))
    session.add(
        SetupKey(
            digest=digest(key),
            coach_id=coach_id,
            owner_id=owner_id,
            expires_at=now + SETUP_KEY_LIFE,
            sealed=store.vault.seal(wrapped, _place(coach_id, owner_id), key),
        )
    )


def _place(coach_id: int, owner_id: int) -> Place:
    return Place("setup_key", "sealed", coach_id, owner_id)
