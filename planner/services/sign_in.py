"""Signing in and out: browsers that are signed in, in the database, so that a copied cookie dies with the row."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from planner.models import Account, SignIn
from planner.services import coaches, passwords, throttle
from planner.services.store import SignedIn, Store

IDLE = timedelta(hours=8)  # a coach is outdoors all day
ABSOLUTE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def clean_email(email: str) -> str:
    return email.strip().lower()


def sign_in(store: Store, email: str, password: str, network: str, now: datetime) -> str | None:
    """A token for the cookie, or None for a wrong address or password. Raises throttle.TooManyTries."""
    email = clean_email(email)
    keys = throttle.keys(store, email, network)
    throttle.check(store, keys, now)
    email_digest = store.vault.lookup_digest("account", email)
    with store.db.unowned() as connection:
        row = connection.execute(
            select(Account.coach_id, Account.owner_id, Account.password_hash, Account.disabled_at).where(
                Account.email_digest == email_digest
            )
        ).first()
    right = passwords.matches(row.password_hash if row else None, password)
    if row is None or not right or row.disabled_at is not None:
        throttle.failed(store, keys, now)
        return None
    throttle.forget(store, keys)
    return begin(store, row.coach_id, row.owner_id, now)


def begin(store: Store, coach_id: int, owner_id: int | None, now: datetime) -> str:
    """A browser that is signed in from now on; gives its token."""
    with store.db.unowned_write() as connection:
        return _begin_in(connection, coach_id, owner_id, now)


def _begin_in(connection: Connection, coach_id: int, owner_id: int | None, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(SignIn).values(
            token_digest=digest(token),
            coach_id=coach_id,
            owner_id=owner_id,
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    )
    return token


def who(store: Store, token: str, now: datetime) -> tuple[SignedIn, bool] | None:
    """The coach behind a cookie's token, and whether its last-seen is due; None when it no longer counts."""
    with store.db.unowned() as connection:
        row = connection.execute(
            select(SignIn.coach_id, SignIn.owner_id, SignIn.seen_at, SignIn.expires_at).where(
                SignIn.token_digest == digest(token)
            )
        ).first()
    if row is None or row.expires_at <= now or row.seen_at + IDLE <= now:
        return None
    return coaches.by_id(store, row.owner_id, row.coach_id), now - row.seen_at >= SEEN_EVERY


def seen(store: Store, token: str, now: datetime) -> None:
    """Note that the browser was here. An update only: a row that was ended is never made again."""
    with store.db.unowned_write() as connection:
        connection.execute(update(SignIn).where(SignIn.token_digest == digest(token)).values(seen_at=now))


def sign_out(store: Store, token: str) -> None:
    with store.db.unowned_write() as connection:
        connection.execute(delete(SignIn).where(SignIn.token_digest == digest(token)))


def change_password(
    store: Store, coach: SignedIn, old: str, new: str, network: str, now: datetime
) -> str | None:
    """Change the password. Every signed-in browser ends, with every copy of its cookie; gives the token with which this
    one goes on. None when the old password is not right. Raises throttle.TooManyTries, as signing in does."""
    keys = throttle.keys(store, clean_email(coach.email), network)
    throttle.check(store, keys, now)
    with store.db.unowned() as connection:
        stored = connection.execute(
            select(Account.password_hash).where(Account.coach_id == coach.id)
        ).scalar()
    if not passwords.matches(stored, old):
        throttle.failed(store, keys, now)
        return None
    throttle.forget(store, keys)
    password_hash = passwords.hashed(new)
    with store.db.unowned_write() as connection:
        connection.execute(
            update(Account).where(Account.coach_id == coach.id).values(password_hash=password_hash)
        )
        connection.execute(delete(SignIn).where(SignIn.coach_id == coach.id))
        return _begin_in(connection, coach.id, coach.owner_id, now)
