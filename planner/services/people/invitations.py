"""Inviting a colleague: a one-time address that is shown to copy and can be mailed, for a few days or until it is
withdrawn. The colleague chooses a password there (services/people/set_up.py)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planner.domain.letters import INVITATION
from planner.models import Coach, Practice, SetupKey
from planner.services.people import colleagues, letters, set_up
from planner.services.people.colleagues import INVITED, Colleague
from planner.services.people.letters import Said
from planner.services.people.set_up import SETUP_KEY_LIFE, NewCoach
from planner.services.people.sign_in import digest
from planner.services.privacy import audit
from planner.services.store import NotFound, SignedIn, Store
from planner.services.vault import Place


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
    with store.db.reading(colleagues.must_lead(lead).planning_scope) as session:
        return _read(store, session, lead, colleague_id, now)


def _read(store: Store, session: Session, lead: SignedIn, colleague_id: int, now: datetime) -> Invitation:
    one = _invited(colleagues.people(store, session, lead, now), colleague_id)
    row = session.execute(
        select(SetupKey.sealed, SetupKey.expires_at, Practice.wrapped_key)
        .join(Practice, Practice.id == SetupKey.owner_id)
        .where(SetupKey.coach_id == one.id, SetupKey.expires_at > now, SetupKey.sealed.is_not(None))
    ).first()
    if row is None:
        return Invitation(one, "", one.invited_until, mailing=False)
    key = store.vault.open(row.wrapped_key, _place(one.id, lead.owner_id), row.sealed, str)
    return Invitation(one, key, row.expires_at, letters.waits_in(session, one.id, INVITATION))


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
    """Have it mailed (services/people/letters.py), as long as its address works. Raises NotFound."""
    with store.db.transaction(colleagues.must_lead(lead).practice_scope, now) as session:
        found = _read(store, session, lead, colleague_id, now)
        if not found.key or found.expires_at is None:
            return
        said = Said(path=f"/setup/{found.key}")
        whose = (lead.owner_id, colleague_id)
        letters.put_in(store, session, whose, INVITATION, now, said, found.expires_at - now)


def _invited(found: tuple[Colleague, ...], colleague_id: int) -> Colleague:
    one = colleagues.pick(found, colleague_id)
    if one.standing != INVITED:
        raise NotFound
    return one


def _make_key(store: Store, session: Session, owner_id: int, coach_id: int, now: datetime) -> None:
    key = secrets.token_urlsafe(24)
    wrapped = session.scalar(select(Practice.wrapped_key).where(Practice.id == owner_id)) or b""
    end_in(session, coach_id)
    session.add(
        SetupKey(
            digest=digest(key),
            coach_id=coach_id,
            owner_id=owner_id,
            expires_at=now + SETUP_KEY_LIFE,
            sealed=store.vault.seal(wrapped, _place(coach_id, owner_id), key),
        )
    )


def end_in(session: Session, coach_id: int) -> bool:
    """The address that was given does not work any more, and is not mailed any more. Whether there was one."""
    gone = session.execute(delete(SetupKey).where(SetupKey.coach_id == coach_id))
    letters.take_back_in(session, coach_id, INVITATION)
    return bool(gone.rowcount)  # type: ignore[attr-defined]


def _place(coach_id: int, owner_id: int) -> Place:
    return Place("setup_key", "sealed", coach_id, owner_id)
