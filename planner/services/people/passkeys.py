"""Passkeys: keys on a device of the coach that sign in by themselves, with its lock as the second step.

The questions are not kept: each is random bytes with the hour, signed by us. What is kept is that one was answered, so
that no answer counts twice. Who answered must have unlocked the device, and a counter that went back is refused: then
there are two of this key.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from planner.models import Account, Base, Passkey, Practice, Scope, UsedChallenge, new_id
from planner.services.privacy import audit
from planner.services.store import NotFound, SignedIn, Store
from planner.services.vault import Place
from planner.services.weather import forecasts

LIFE = timedelta(minutes=10)
MOST = 20
NONCE = 16
_used: Table = Base.metadata.tables["used_challenge"]


class Refused(Exception):
    """The answer is not one of this coach's keys to a question of ours, or it was used before."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the keys belong: the name browsers bind them to, and the address of our pages."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Key:
    """One that is kept."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


def listing(store: Store, coach: SignedIn) -> list[Key]:
    with store.db.reading(coach.scope) as session:
        wrapped = _wrapped(session, coach)
        rows = session.scalars(
            select(Passkey).where(Passkey.coach_id == coach.id).order_by(Passkey.created_at, Passkey.id)
        )
        return [
            Key(
                row.id,
                store.vault.open(wrapped, _place(coach, row.id), row.name_sealed, str),
                row.created_at,
                row.used_at,
            )
            for row in rows
        ]


def _wrapped(session: Session, coach: SignedIn) -> bytes:
    found = session.scalar(select(Practice.wrapped_key).where(Practice.id == coach.owner_id))
    if found is None:
        raise NotFound
    return found


def _place(coach: SignedIn, key_id: int) -> Place:
    return Place("passkey", "name_sealed", key_id, coach.owner_id)


def to_add(store: Store, coach: SignedIn, site: Site, now: datetime) -> dict[str, Any]:
    """What the browser is asked to make a key with."""
    from planner.services.people import passkey_answers  # brings webauthn, for who uses a key

    with store.db.unowned() as connection:
        known = connection.execute(
            select(Passkey.credential_id).where(Passkey.coach_id == coach.id)
        ).scalars()
        who = passkey_answers.Who(_handle(store, coach.id), coach.email, coach.name)
        return passkey_answers.asked_to_add(site.host, who, _question(store, _adding(coach), now), known)


def to_use(store: Store, site: Site, now: datetime) -> dict[str, Any]:
    """What the browser is asked to sign: whichever key of ours is there."""
    from planner.services.people import passkey_answers

    return passkey_answers.asked_to_use(site.host, _question(store, "use", now))


def add_in(
    store: Store, session: Session, coach: SignedIn, site: Site, answer: str, name: str, now: datetime
) -> None:
    """Keep a key that was made. Raises Refused."""
    from planner.services.people import passkey_answers

    try:
        given = passkey_answers.read_added(answer)
        question = _our_question(store, passkey_answers.challenge_of(given), _adding(coach), now)
        made = passkey_answers.verified_added(given, question, site.host, site.origin)
    except passkey_answers.UNREADABLE as error:
        raise Refused from error
    _use_once_in(session, question, now)
    same = session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id))
    ours = session.scalars(select(Passkey.id).where(Passkey.coach_id == coach.id)).all()
    if same is not None or len(ours) >= MOST:
        raise Refused
    number = new_id()
    session.add(
        Passkey(
            id=number,
            credential_id=made.credential_id,
            coach_id=coach.id,
            owner_id=coach.owner_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name_sealed=store.vault.seal(_wrapped(session, coach), _place(coach, number), name),
            created_at=now,
        )
    )
    audit.security(session, coach.id, "passkey", "created")


def remove_in(session: Session, coach: SignedIn, key_id: int) -> None:
    """Raises NotFound when it is not this coach's."""
    gone = session.execute(delete(Passkey).where(Passkey.id == key_id, Passkey.coach_id == coach.id))
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    audit.security(session, coach.id, "passkey", "removed")


def use(store: Store, site: Site, answer: str, now: datetime) -> Scope:
    """The coach whose key answered, once. Raises Refused."""
    from planner.services.people import passkey_answers

    try:
        given = passkey_answers.read_used(answer)
        question = _our_question(store, passkey_answers.challenge_of(given), "use", now)
        row = _known(store, given.raw_id)
        kept = passkey_answers.Kept(row.public_key, row.sign_count)
        done = passkey_answers.verified_used(given, question, site.host, site.origin, kept)
    except passkey_answers.UNREADABLE as error:
        raise Refused from error
    handle = given.response.user_handle
    if handle is not None and not compare_digest(handle, _handle(store, row.coach_id)):
        raise Refused
    scope = Scope(row.owner_id, row.coach_id, "coach", row.coach_id)
    with store.db.transaction(scope, now) as session:
        _use_once_in(session, question, now)
        _count_in(session, row.id, done.new_sign_count, now)
    return scope


def _known(store: Store, credential_id: bytes) -> Any:
    with store.db.unowned() as connection:
        row = connection.execute(
            select(Passkey.id, Passkey.coach_id, Passkey.owner_id, Passkey.public_key, Passkey.sign_count)
            .join(Account, Account.coach_id == Passkey.coach_id)
            .where(Passkey.credential_id == credential_id, Account.disabled_at.is_(None))
        ).first()
    if row is None:
        raise Refused
    return row


def _count_in(session: Session, key_id: int, count: int, now: datetime) -> None:
    """Only forward; a key that does not count stays at nought."""
    forward = Passkey.sign_count < count if count else Passkey.sign_count == 0
    moved = session.execute(
        update(Passkey).where(Passkey.id == key_id, forward).values(sign_count=count, used_at=now)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused


def _use_once_in(session: Session, question: bytes, now: datetime) -> None:
    connection = session.connection()
    values = {"digest": hashlib.sha256(question).digest(), "expires_at": now + LIFE}
    adding = forecasts.insert_into(connection, _used).values(**values).on_conflict_do_nothing()
    if connection.execute(adding.returning(_used.c.digest)).first() is None:
        raise Refused


def purge_in(connection: Any, now: datetime) -> None:
    """Questions that would not count any more."""
    connection.execute(delete(UsedChallenge).where(UsedChallenge.expires_at <= now))


def _adding(coach: SignedIn) -> str:
    return f"add {coach.id}"


def _handle(store: Store, coach_id: int) -> bytes:
    """What a key calls the coach: it says nothing to others."""
    return store.vault.lookup_digest("passkey handle", str(coach_id))


def _question(store: Store, purpose: str, now: datetime) -> bytes:
    start = secrets.token_bytes(NONCE) + int(now.timestamp()).to_bytes(8, "big")
    return start + store.vault.lookup_digest("passkey question", f"{purpose}|{start.hex()}")


def _our_question(store: Store, found: bytes, purpose: str, now: datetime) -> bytes:
    """The question an answer is to, if it is one of ours, for this purpose and not too old. Raises ValueError."""
    start, signed = found[: NONCE + 8], found[NONCE + 8 :]
    right = store.vault.lookup_digest("passkey question", f"{purpose}|{start.hex()}")
    age_s = now.timestamp() - int.from_bytes(start[NONCE:], "big")
    if not compare_digest(signed, right) or not -1 <= age_s <= LIFE.total_seconds():
        raise ValueError("not a question of ours")
    return found
