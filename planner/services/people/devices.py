"""The browsers a coach is signed in with: which there are, and ending them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from planner.models import Account, SignIn
from planner.services.people import email_change, sign_in, throttle
from planner.services.privacy import audit
from planner.services.store import NotFound, SignedIn, Store


@dataclass(frozen=True, slots=True)
class Device:
    """One of them. `name`: what a form calls it; nothing can be done with it but ending it."""

    name: str
    agent: str
    since: datetime
    seen_at: datetime
    here: bool


def listing(store: Store, coach: SignedIn, token: str, now: datetime) -> list[Device]:
    """Those that are signed in now, this one first, then the one seen last."""
    with store.db.unowned() as connection:
        rows = connection.execute(
            select(
                SignIn.token_digest, SignIn.agent, SignIn.created_at, SignIn.seen_at, SignIn.expires_at
            ).where(SignIn.coach_id == coach.id, SignIn.seen_at > now - sign_in.IDLE, SignIn.expires_at > now)
        ).all()
    mine = sign_in.digest(token)
    found = [
        Device(
            _name(row.token_digest), row.agent or "", row.created_at, row.seen_at, row.token_digest == mine
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.here, one.seen_at), reverse=True)


def _name(token_digest: bytes) -> str:
    return hashlib.sha256(b"device" + token_digest).hexdigest()[:24]


def end(store: Store, coach: SignedIn, name: str, now: datetime) -> None:
    """Sign one out. Raises NotFound when it is not this coach's, or ended already."""
    with store.db.transaction(coach.scope, now) as session:
        digests = session.scalars(select(SignIn.token_digest).where(SignIn.coach_id == coach.id)).all()
        found = next((one for one in digests if _name(one) == name), None)
        if found is None:
            raise NotFound
        session.execute(delete(SignIn).where(SignIn.token_digest == found, SignIn.coach_id == coach.id))
        audit.security(session, coach.id, "device", "removed")


def end_others(store: Store, coach: SignedIn, token: str, now: datetime) -> None:
    """Sign out every browser but this one; what one of them may have asked for, another address, ends too."""
    with store.db.transaction(coach.scope, now) as session:
        others = (SignIn.coach_id == coach.id, SignIn.token_digest != sign_in.digest(token))
        session.execute(delete(SignIn).where(*others))
        email_change.end_in(session, coach.id)
        audit.security(session, coach.id, "device", "removed")


def known_here(store: Store, email: str, marks: str) -> str:
    """The one of these marks that is of whoever signs in with this address; "" when there is none."""
    if not marks:
        return ""
    key = store.vault.lookup_digest("account", sign_in.clean_email(email))
    with store.db.unowned() as connection:
        coach_id = connection.execute(select(Account.coach_id).where(Account.email_digest == key)).scalar()
    return throttle.known_mark(store, coach_id, marks) if coach_id is not None else ""


def remembers(store: Store, coach: SignedIn, marks: str) -> str:
    """What this browser keeps so that it is known the next time: the marks it had, and one for this coach."""
    if throttle.known_mark(store, coach.id, marks):
        return marks
    kept = [mark for mark in marks.split(" ") if mark][: throttle.MOST_MARKS - 1]
    return " ".join([throttle.new_mark(store, coach.id), *kept])
