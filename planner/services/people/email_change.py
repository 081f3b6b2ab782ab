"""Another e-mail address for a coach to sign in with: asked for after a fresh proof, told to the address there is, and
counted once the link in a mail to the new one is used. The second step stays as it is.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from planner.domain.letters import NEW_ADDRESS, RESET
from planner.models import Account, Coach, EmailChange, ResetKey, Scope
from planner.services.people import coaches, invitations, letters, throttle
from planner.services.people.letters import Said
from planner.services.people.set_up import EmailTaken
from planner.services.people.sign_in import Origin, clean_email, digest
from planner.services.privacy import audit
from planner.services.store import NotFound, SignedIn, Store, practice_of
from planner.services.vault import Place

LIFE = timedelta(days=1)
PURPOSE = "throttle addresses"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address that waits for its yes."""

    email: str
    until: datetime


def ask(store: Store, coach: SignedIn, email: str, origin: Origin, now: datetime) -> None:
    """Mail a link there. An address that signs in here already gets none, and nobody learns that. Raises
    throttle.TooManyTries."""
    email, key = clean_email(email), secrets.token_urlsafe(32)
    counted = throttle.keys(store, coach.email, origin.network, PURPOSE)
    counted["address"] = store.vault.lookup_digest(PURPOSE, email)
    throttle.check(store, counted, now)
    throttle.failed(store, counted, now)
    whose = (coach.owner_id, coach.id)
    with store.db.transaction(coach.scope, now) as session:
        session.execute(delete(EmailChange).where(EmailChange.coach_id == coach.id))
        wrapped = practice_of(session, coach.scope).wrapped_key
        session.add(
            EmailChange(
                digest=digest(key),
                coach_id=coach.id,
                owner_id=coach.owner_id,
                sealed=store.vault.seal(wrapped, _place(*whose), email),
                expires_at=now + LIFE,
            )
        )
        letters.put_in(store, session, whose, "email_asked", now)
        letters.take_back_in(session, coach.id, NEW_ADDRESS)
        if not _is_taken(store, session, email):
            letters.put_in(store, session, whose, NEW_ADDRESS, now, Said(email, f"/email/{key}"), LIFE)
        audit.security(session, coach.id, "email", "created")


def _is_taken(store: Store, session: Session, email: str) -> bool:
    return session.get(Account, store.vault.lookup_digest("account", email)) is not None


def waiting(store: Store, coach: SignedIn, now: datetime) -> Waiting | None:
    with store.db.reading(coach.scope) as session:
        there = (EmailChange.coach_id == coach.id, EmailChange.expires_at > now)
        row = session.scalar(select(EmailChange).where(*there))
        if row is None:
            return None
        wrapped = practice_of(session, coach.scope).wrapped_key
        email = store.vault.open(wrapped, _place(coach.owner_id, coach.id), row.sealed, str)
        return Waiting(email, row.expires_at)


def withdraw(store: Store, coach: SignedIn, now: datetime) -> None:
    """The link in the mail does not work any more; nothing happens when there is none."""
    with store.db.transaction(coach.scope, now) as session:
        end_in(session, coach.id)


def end_in(session: Session, coach_id: int) -> None:
    """The same in a transaction that does more: whoever takes another password or second step, or signs out every other
    browser, may do so because somebody else asked for that address."""
    gone = session.execute(delete(EmailChange).where(EmailChange.coach_id == coach_id))
    letters.take_back_in(session, coach_id, NEW_ADDRESS)
    if gone.rowcount:  # type: ignore[attr-defined]
        audit.security(session, coach_id, "email", "removed")


def open_key(store: Store, key: str, now: datetime) -> SignedIn:
    """Whose address changes here. Raises NotFound."""
    with store.db.unowned() as connection:
        row = connection.execute(
            select(EmailChange.coach_id, EmailChange.owner_id)
            .join(Account, Account.coach_id == EmailChange.coach_id)
            .where(
                EmailChange.digest == digest(key),
                EmailChange.expires_at > now,
                Account.disabled_at.is_(None),
            )
        ).first()
    if row is None:
        raise NotFound
    return coaches.by_id(store, row.owner_id, row.coach_id)


def confirm(store: Store, key: str, now: datetime) -> None:
    """Use the link once: this is the address now. Both addresses are told. Raises NotFound, or EmailTaken."""
    coach = open_key(store, key, now)
    found = waiting(store, coach, now)
    if found is None:
        raise NotFound
    with store.db.transaction(coach.scope, now) as session:
        used = session.execute(delete(EmailChange).where(EmailChange.digest == digest(key)))
        if used.rowcount != 1:  # type: ignore[attr-defined]
            raise NotFound
        _set_in(store, session, coach, found.email, now)


def change(store: Store, coach: SignedIn, email: str, now: datetime) -> bool:
    """At once, by whoever has the computer. Gives whether an address to begin at ended with it. Raises EmailTaken."""
    with store.db.transaction(Scope(coach.owner_id, coach.id, "cli"), now) as session:
        session.execute(delete(EmailChange).where(EmailChange.coach_id == coach.id))
        return _set_in(store, session, coach, clean_email(email), now)


def _set_in(store: Store, session: Session, coach: SignedIn, email: str, now: datetime) -> bool:
    """Links that went to the old address, or wait to go there, end too. What still waits to be told is told there.
    Gives whether one of them was an invitation."""
    if _is_taken(store, session, email):
        raise EmailTaken
    whose = (coach.owner_id, coach.id)
    was_invited = invitations.end_in(session, coach.id)
    wrapped = practice_of(session, coach.scope).wrapped_key
    sealed = store.vault.seal(wrapped, Place("coach", "email_sealed", coach.id, coach.owner_id), email)
    session.execute(
        update(Account)
        .where(Account.coach_id == coach.id)
        .values(email_digest=store.vault.lookup_digest("account", email))
    )
    row = session.scalar(select(Coach).where(Coach.id == coach.id))
    if row is None:
        raise NotFound
    row.email_sealed = sealed
    session.execute(delete(ResetKey).where(ResetKey.coach_id == coach.id))
    letters.take_back_in(session, coach.id, RESET, NEW_ADDRESS)
    letters.keep_address_in(store, session, coach)
    letters.put_in(store, session, whose, "email_changed", now, Said(coach.email))
    letters.put_in(store, session, whose, "email_changed", now)
    audit.security(session, coach.id, "email", "changed")
    return was_invited


def purge_in(connection: Connection, now: datetime) -> None:
    connection.execute(delete(EmailChange).where(EmailChange.expires_at <= now))


def _place(owner_id: int, coach_id: int) -> Place:
    return Place("email_change", "sealed", coach_id, owner_id)
