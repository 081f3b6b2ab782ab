"""What a coach does about signing in: second step, passkeys, recovery codes, proving again that it is them.

Each change that takes a key away or brings one in signs every other browser out and renews the token of this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import Account, RecoveryCode
from planner.services.people import (
    email_change,
    letters,
    passkeys,
    passwords,
    recovery,
    second_factor,
    sign_in,
    throttle,
)
from planner.services.people.passkeys import Site
from planner.services.people.second_factor import Offer
from planner.services.people.sign_in import CODES, Origin, Wrong
from planner.services.privacy import audit
from planner.services.store import SignedIn, Store, practice_of
from planner.services.vault import Place


class OnlyOne(Exception):
    """Where a second step is compulsory, the last one stays until there is another."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The new token of this browser; and recovery codes, when they were made on the way: shown once."""

    token: str
    codes: tuple[str, ...] = ()


def turn_on_totp(
    store: Store, coach: SignedIn, token: str, offer: Offer, code: str, now: datetime
) -> Changed:
    """Codes of this app from now on. Raises Wrong when the code is not of the key that was offered."""
    with store.db.transaction(coach.scope, now) as session:
        if not second_factor.turn_on_in(store, session, coach, offer, code, now):
            raise Wrong
        return _changed_in(store, session, coach, token, now)


def turn_off_totp(store: Store, coach: SignedIn, token: str, now: datetime, *, compulsory: bool) -> Changed:
    """Raises OnlyOne."""
    if compulsory and not second_factor.state_of(store, coach).passkeys:
        raise OnlyOne
    with store.db.transaction(coach.scope, now) as session:
        second_factor.turn_off_in(session, coach.id)
        return _changed_in(store, session, coach, token, now)


def add_passkey(
    store: Store, coach: SignedIn, token: str, site: Site, answer: str, name: str, now: datetime
) -> Changed:
    """Raises passkeys.Refused."""
    with store.db.transaction(coach.scope, now) as session:
        passkeys.add_in(store, session, coach, site, answer, name, now)
        return _changed_in(store, session, coach, token, now)


def remove_passkey(
    store: Store, coach: SignedIn, token: str, key_id: int, now: datetime, *, compulsory: bool
) -> Changed:
    """Raises OnlyOne, or NotFound when it is not this coach's."""
    state = second_factor.state_of(store, coach)
    with store.db.transaction(coach.scope, now) as session:
        passkeys.remove_in(session, coach, key_id)
        if compulsory and not state.totp and state.passkeys == 1:
            raise OnlyOne
        return _changed_in(store, session, coach, token, now)


def new_codes(store: Store, coach: SignedIn, token: str, now: datetime) -> Changed:
    """Ten new recovery codes; the old ones do not count any more."""
    with store.db.transaction(coach.scope, now) as session:
        codes = recovery.make_in(store, session, coach.id)
        letters.put_in(store, session, (coach.owner_id, coach.id), "second_step", now)
        return Changed(sign_in.renew_in(session, token, now), codes)


def _changed_in(store: Store, session: Session, coach: SignedIn, token: str, now: datetime) -> Changed:
    """What goes with a change: recovery codes as long as there is a second step, and only this browser goes on."""
    session.flush()
    email_change.end_in(session, coach.id)
    letters.put_in(store, session, (coach.owner_id, coach.id), "second_step", now)
    new = sign_in.renew_alone_in(session, coach, token, now)
    if not _is_on(session, coach):
        recovery.forget_in(session, coach.id)
        return Changed(new)
    has = session.scalar(select(RecoveryCode.digest).where(RecoveryCode.coach_id == coach.id).limit(1))
    return Changed(new, () if has else recovery.make_in(store, session, coach.id))


def _is_on(session: Session, coach: SignedIn) -> bool:
    return bool(session.scalar(select(second_factor.IS_ON).where(Account.coach_id == coach.id)))


@dataclass(frozen=True, slots=True)
class Proof:
    """One of three: the password, a code, or the answer of a passkey."""

    password: str = ""
    code: str = ""
    answer: str = ""


def prove(
    store: Store, coach: SignedIn, token: str, proof: Proof, site: Site | None, origin: Origin, now: datetime
) -> str:
    """It is still this coach: gives the new token of this browser. Raises Wrong, or throttle.TooManyTries."""
    keys = throttle.keys(store, coach.email, origin.network, CODES, origin.known)
    throttle.check(store, keys, now)
    if not _holds(store, coach, proof, site, now):
        throttle.failed(store, keys, now)
        raise Wrong(coach.scope)
    throttle.forget(store, keys)
    with store.db.transaction(coach.scope, now) as session:
        audit.security(session, coach.id, "sign_in", "changed")
        return sign_in.renew_in(session, token, now)


def _holds(store: Store, coach: SignedIn, proof: Proof, site: Site | None, now: datetime) -> bool:
    if proof.answer:
        try:
            return site is not None and passkeys.use(store, site, proof.answer, now) == coach.scope
        except passkeys.Refused:
            return False
    if proof.code:
        return second_factor.spend(store, coach.scope, proof.code, now)
    with store.db.unowned() as connection:
        stored = connection.execute(
            select(Account.password_hash).where(Account.coach_id == coach.id)
        ).scalar()
    return passwords.matches(stored, proof.password)


def seal_for(store: Store, coach: SignedIn, place: Place, said: list[str]) -> bytes:
    """For a cookie of this coach: nobody else reads it."""
    return store.vault.seal(_key_of(store, coach), place, said)


def open_for(store: Store, coach: SignedIn, place: Place, sealed: bytes) -> list[str]:
    """What `seal_for` sealed. Raises CannotOpen."""
    return store.vault.open(_key_of(store, coach), place, sealed, list[str])


def _key_of(store: Store, coach: SignedIn) -> bytes:
    with store.db.reading(coach.scope) as session:
        return practice_of(session, coach.scope).wrapped_key
