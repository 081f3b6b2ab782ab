"""Another password: changed by a coach who is signed in, or chosen anew at a one-time address by one who forgot it.

The second step stays as it is: whoever holds the mail of a coach still needs it to get in.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from planner.domain.letters import RESET
from planner.models import EVERYONE, Account, Base, ResetKey, ResetRequest, Scope, SignIn
from planner.services.messages import outbox_rows
from planner.services.people import coaches, email_change, letters, passwords, sign_in, throttle
from planner.services.people.letters import Said
from planner.services.people.sign_in import Origin, Wrong, clean_email, digest
from planner.services.people.throttle import TooManyTries
from planner.services.privacy import audit
from planner.services.store import NotFound, SignedIn, Store
from planner.services.weather import forecasts

LIFE = timedelta(minutes=30)
AT_ONCE = 20
PURPOSE = "throttle resets"
_requests: Table = Base.metadata.tables["reset_request"]


def change(
    store: Store, coach: SignedIn, token: str, old: str, new: str, origin: Origin, now: datetime
) -> str:
    """Change it. Every other browser is signed out; gives the new token of this one. Raises Wrong when the old password
    is not right, or throttle.TooManyTries."""
    keys = throttle.keys(store, clean_email(coach.email), origin.network, known=origin.known)
    throttle.check(store, keys, now)
    with store.db.unowned() as connection:
        stored = connection.execute(
            select(Account.password_hash).where(Account.coach_id == coach.id)
        ).scalar()
    if not passwords.matches(stored, old):
        throttle.failed(store, keys, now)
        raise Wrong(coach.scope)
    throttle.forget(store, keys)
    password_hash = passwords.hashed(new)
    with store.db.transaction(coach.scope, now) as session:
        _set_in(store, session, coach, password_hash, now)
        return sign_in.renew_alone_in(session, coach, token, now)


def _set_in(store: Store, session: Session, coach: SignedIn, password_hash: str, now: datetime) -> None:
    session.execute(update(Account).where(Account.coach_id == coach.id).values(password_hash=password_hash))
    session.execute(delete(ResetKey).where(ResetKey.coach_id == coach.id))
    letters.take_back_in(session, coach.id, RESET)
    email_change.end_in(session, coach.id)
    letters.put_in(store, session, (coach.owner_id, coach.id), "password", now)
    audit.security(session, coach.id, "password", "changed")


def ask(store: Store, email: str, network: str, now: datetime) -> None:
    """Put down that somebody forgot the password of this address, unless it was asked too often. The same work for
    every address: only the jobs look whose it is."""
    email = clean_email(email)
    counted = throttle.keys(store, email, network, PURPOSE)
    counted["address"] = store.vault.lookup_digest(PURPOSE, email)
    try:
        throttle.check(store, counted, now)
    except TooManyTries:
        return
    throttle.failed(store, counted, now)
    with store.db.unowned_write() as connection:
        values = {"digest": store.vault.lookup_digest("account", email), "asked_at": now, "due_at": now}
        adding = forecasts.insert_into(connection, _requests).values(**values)
        again = {"asked_at": adding.excluded.asked_at, "due_at": adding.excluded.due_at}
        connection.execute(adding.on_conflict_do_update(index_elements=["digest"], set_=again))
        forecasts.wake_in(connection, outbox_rows.MESSAGES)


def answer(store: Store, now: datetime) -> None:
    """Make the letters that were asked for (services/people/letters.py mails them); who is not known gets none."""
    with store.db.reading(EVERYONE) as session:
        due = session.execute(
            select(ResetRequest.digest, ResetRequest.asked_at)
            .where(ResetRequest.due_at <= now)
            .limit(AT_ONCE)
        ).all()
    for row in due:
        coach = _claim(store, row.digest, now)
        if coach is not None and now - row.asked_at <= LIFE:
            key_for(store, coach, now, mailed=True)


def _claim(store: Store, email_digest: bytes, now: datetime) -> SignedIn | None:
    """Take the question away; gives whose it is, if anybody's. Who was invited and has not begun has no password to
    forget: their way in is the invitation, which ends and can be withdrawn."""
    with store.db.transaction(EVERYONE, now) as session:
        gone = session.execute(delete(ResetRequest).where(ResetRequest.digest == email_digest))
        if gone.rowcount != 1:  # type: ignore[attr-defined]
            return None
        row = session.scalar(
            select(Account).where(
                Account.email_digest == email_digest,
                Account.disabled_at.is_(None),
                Account.password_hash.is_not(None),
            )
        )
        return coaches.open_in(store, session, row.coach_id) if row is not None else None


def coach_with(store: Store, email: str) -> SignedIn:
    """Raises NotFound when nobody signs in with this address."""
    with store.db.unowned() as connection:
        row = connection.execute(
            select(Account.coach_id, Account.owner_id).where(
                Account.email_digest == store.vault.lookup_digest("account", clean_email(email))
            )
        ).first()
    if row is None:
        raise NotFound
    return coaches.by_id(store, row.owner_id, row.coach_id)


def key_for(
    store: Store, coach: SignedIn, now: datetime, *, actor: str = "jobs", mailed: bool = False
) -> str:
    """The secret of a one-time address; an earlier one does not work any more. `mailed`: to the coach, by the jobs."""
    key = secrets.token_urlsafe(32)
    with store.db.transaction(Scope(coach.owner_id, coach.id, actor), now) as session:
        session.execute(delete(ResetKey).where(ResetKey.coach_id == coach.id))
        session.add(
            ResetKey(digest=digest(key), coach_id=coach.id, owner_id=coach.owner_id, expires_at=now + LIFE)
        )
        if mailed:
            said = Said(path=f"/reset/{key}")
            letters.put_in(store, session, (coach.owner_id, coach.id), RESET, now, said, LIFE)
        audit.security(session, coach.id, "reset", "created")
    return key


def open_key(store: Store, key: str, now: datetime) -> SignedIn:
    """Whose new password may be chosen here. Raises NotFound."""
    with store.db.unowned() as connection:
        row = connection.execute(
            select(ResetKey.coach_id, ResetKey.owner_id).where(
                ResetKey.digest == digest(key), ResetKey.expires_at > now
            )
        ).first()
    if row is None:
        raise NotFound
    return coaches.by_id(store, row.owner_id, row.coach_id)


def choose(store: Store, key: str, password: str, now: datetime) -> None:
    """Use the address once: this is the password now, and nobody is signed in any more. Raises NotFound."""
    coach = open_key(store, key, now)
    password_hash = passwords.hashed(password)
    with store.db.transaction(coach.scope, now) as session:
        used = session.execute(
            delete(ResetKey).where(ResetKey.digest == digest(key), ResetKey.expires_at > now)
        )
        if used.rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound
        _set_in(store, session, coach, password_hash, now)
        session.execute(delete(SignIn).where(SignIn.coach_id == coach.id))


def purge(store: Store, now: datetime) -> None:
    """Addresses and questions that do not count any more."""
    with store.db.unowned_write() as connection:
        connection.execute(delete(ResetKey).where(ResetKey.expires_at <= now))
        connection.execute(delete(ResetRequest).where(ResetRequest.asked_at <= now - LIFE))
