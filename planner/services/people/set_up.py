"""Set-up: the first coach with their practice, and coaches who are added to one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from planner.domain.practices import PracticeSettings
from planner.domain.roles import COACH, LEAD
from planner.models import Account, Coach, Practice, Scope, SetupKey, new_id
from planner.services.fixed_texts import TEXTS_VERSION
from planner.services.people import coaches, passwords, sign_in
from planner.services.store import SignedIn, Store
from planner.services.toolkit.toolkit import load_shipped
from planner.services.vault import Place

SETUP_KEY_LIFE = timedelta(days=2)


class KeyNotValid(Exception):
    """The set-up address is used, too old or unknown."""


class EmailTaken(Exception):
    """There is already a coach with this address."""


@dataclass(frozen=True, slots=True)
class NewCoach:
    """`password` may be None for a coach who will set it through a set-up address."""

    name: str
    email: str
    password: str | None
    language: str = "nl"
    contact: str = ""
    role: str = COACH


def has_coach(store: Store) -> bool:
    with store.db.unowned() as connection:
        return connection.execute(select(Account.coach_id).limit(1)).first() is not None


def first_setup_key(store: Store, now: datetime) -> str | None:
    """A new one-time key for the first coach, or None when there is a coach. Older ones stop working."""
    if has_coach(store):
        return None
    key = secrets.token_urlsafe(24)
    with store.db.unowned_write() as connection:
        connection.execute(delete(SetupKey).where(SetupKey.coach_id.is_(None)))
        connection.execute(
            insert(SetupKey).values(digest=sign_in.digest(key), expires_at=now + SETUP_KEY_LIFE)
        )
    return key


def key_for(store: Store, coach_id: int, owner_id: int, now: datetime) -> str:
    """A one-time set-up address for a coach who has no password yet."""
    key = secrets.token_urlsafe(24)
    with store.db.unowned_write() as connection:
        connection.execute(
            insert(SetupKey).values(
                digest=sign_in.digest(key),
                coach_id=coach_id,
                owner_id=owner_id,
                expires_at=now + SETUP_KEY_LIFE,
            )
        )
    return key


@dataclass(frozen=True, slots=True)
class OpenSetup:
    """A set-up address that works; `coach` when it is for one who was added already."""

    coach: SignedIn | None


def open_setup(store: Store, key: str, now: datetime) -> OpenSetup:
    """What a set-up address is for. Raises KeyNotValid."""
    with store.db.unowned() as connection:
        row = connection.execute(
            select(SetupKey.coach_id, SetupKey.owner_id, SetupKey.expires_at).where(
                SetupKey.digest == sign_in.digest(key)
            )
        ).first()
    if row is None or row.expires_at <= now:
        raise KeyNotValid
    if row.coach_id is None:
        if has_coach(store):
            raise KeyNotValid
        return OpenSetup(None)
    return OpenSetup(coaches.by_id(store, row.owner_id, row.coach_id))


def set_up(store: Store, key: str, new: NewCoach, now: datetime, agent: str = "") -> str:
    """Use a set-up address once: makes the first coach with a practice, or gives an added coach a password (name and
    address are known then, and stay). Gives the token of the browser that did, as `sign_in` does; `agent` as there.

    Raises KeyNotValid, or EmailTaken.
    """
    purpose = open_setup(store, key, now)
    password_hash = passwords.hashed(new.password or "")
    if purpose.coach is not None:
        scope = Scope(purpose.coach.owner_id, purpose.coach.id, "coach", purpose.coach.id)
        with store.db.transaction(scope, now) as session:
            _use_key(session, key)
            coach = session.scalar(select(Coach).where(Coach.id == purpose.coach.id))
            if coach is None:
                raise KeyNotValid
            coach.texts_version, coach.texts_seen_at, coach.language = TEXTS_VERSION, now, new.language
            session.execute(
                update(Account).where(Account.coach_id == coach.id).values(password_hash=password_hash)
            )
            session.execute(delete(SetupKey).where(SetupKey.coach_id == coach.id))
        return sign_in.begin(store, scope, now, agent)
    owner_id = new_id()
    with store.db.transaction(Scope(owner_id, None, "coach"), now) as session:
        _use_key(session, key)
        _make_practice(store, session, owner_id, new.contact, now)
        first = replace(new, role=LEAD)
        coach_id = make_coach(store, session, owner_id, first, password_hash, now, texts_seen=True)
    return sign_in.begin(store, Scope(owner_id, coach_id, "coach", coach_id), now, agent)


def add_coach(store: Store, new: NewCoach, now: datetime, practice_id: int | None = None) -> tuple[int, int]:
    """A coach from the command line, with a practice of their own, which they lead, unless one is named. Gives
    (practice, coach).

    Raises EmailTaken, or KeyError when there is no such practice.
    """
    password_hash = passwords.hashed(new.password) if new.password else None
    owner_id = practice_id or new_id()
    with store.db.transaction(Scope(owner_id, None, "cli"), now) as session:
        if practice_id is None:
            _make_practice(store, session, owner_id, new.contact, now)
            new = replace(new, role=LEAD)
        elif session.get(Practice, practice_id) is None:
            raise KeyError(practice_id)
        coach_id = make_coach(store, session, owner_id, new, password_hash, now, texts_seen=False)
    return owner_id, coach_id


def _use_key(session: Session, key: str) -> None:
    used = session.execute(delete(SetupKey).where(SetupKey.digest == sign_in.digest(key)))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise KeyNotValid


def _make_practice(store: Store, session: Session, owner_id: int, contact: str, now: datetime) -> None:
    wrapped = store.vault.new_key(owner_id)
    place = Place("practice", "contact_sealed", owner_id, owner_id)
    settings = msgspec.json.encode(PracticeSettings()).decode()
    sealed = store.vault.seal(wrapped, place, contact) if contact else None
    practice = Practice(
        id=owner_id, wrapped_key=wrapped, settings=settings, contact_sealed=sealed, created_at=now
    )
    session.add(practice)
    session.flush()
    load_shipped(store, session, practice, now)


def make_coach(
    store: Store,
    session: Session,
    owner_id: int,
    new: NewCoach,
    password_hash: str | None,
    now: datetime,
    *,
    texts_seen: bool,
) -> int:
    """A coach with an account in a practice, inside a transaction that does more. Raises EmailTaken."""
    email = sign_in.clean_email(new.email)
    email_digest = store.vault.lookup_digest("account", email)
    if session.get(Account, email_digest) is not None:
        raise EmailTaken
    coach_id = new_id()
    wrapped = session.scalar(select(Practice.wrapped_key).where(Practice.id == owner_id)) or b""
    coach = Coach(
        id=coach_id,
        owner_id=owner_id,
        name_sealed=store.vault.seal(wrapped, Place("coach", "name_sealed", coach_id, owner_id), new.name),
        email_sealed=store.vault.seal(wrapped, Place("coach", "email_sealed", coach_id, owner_id), email),
        language=new.language,
        role=new.role,
        created_at=now,
        texts_version=TEXTS_VERSION if texts_seen else None,
        texts_seen_at=now if texts_seen else None,
    )
    session.add(coach)
    session.flush()
    session.add(
        Account(email_digest=email_digest, coach_id=coach_id, owner_id=owner_id, password_hash=password_hash)
    )
    return coach_id
