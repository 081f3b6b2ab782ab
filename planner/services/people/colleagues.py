"""The people of a practice: who there is, and what whoever leads it does about them: role, closing, opening again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from planner.domain import roles
from planner.domain.roles import COACH, LEAD, OFFICE, ROLES
from planner.models import (
    Account,
    Client,
    ClientAccess,
    Coach,
    CoachLetter,
    EmailChange,
    ResetKey,
    SetupKey,
    SignIn,
)
from planner.services.people import coaches
from planner.services.privacy import audit
from planner.services.store import NotFound, SignedIn, Store

ACTIVE, INVITED, CLOSED = STANDINGS = ("active", "invited", "closed")


class NotPossible(Exception):
    """Something about a colleague that cannot be; `why`: a code of domain.roles."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Colleague:
    """`standing`: a code of STANDINGS. `clients`: how many are theirs. `invited_until`: as long as the address of the
    invitation works; None when it does not."""

    id: int
    name: str
    email: str
    role: str
    standing: str
    clients: int
    oneself: bool
    invited_until: datetime | None

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def coaches(self) -> bool:
        """Can have clients now."""
        return self.standing == ACTIVE and self.role != OFFICE


_PEOPLE = select(Coach.id, Coach.role, Account.password_hash, Account.disabled_at).join(
    Account, Account.coach_id == Coach.id
)


def listing(store: Store, coach: SignedIn, now: datetime) -> tuple[Colleague, ...]:
    """Everybody of the practice: oneself first, then by name, closed accounts last."""
    with store.db.reading(coach.planning_scope) as session:
        return people(store, session, coach, now)


def people(store: Store, session: Session, coach: SignedIn, now: datetime) -> tuple[Colleague, ...]:
    """The same, inside a session that reaches the whole practice."""
    rows = {row.id: row for row in session.execute(_PEOPLE)}
    opened = coaches.open_these(store, session, rows)
    counted = Counter(dict(_numbers(session)))
    keys = select(SetupKey.coach_id, func.max(SetupKey.expires_at)).where(SetupKey.expires_at > now)
    invited = {row[0]: row[1] for row in session.execute(keys.group_by(SetupKey.coach_id))}
    found = [
        Colleague(
            one.id,
            one.name,
            one.email,
            one.role,
            _standing(rows[one.id]),
            counted[one.id],
            one.id == coach.id,
            invited.get(one.id),
        )
        for one in opened.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.standing == CLOSED, not one.oneself, one.name, one.id)))


def _numbers(session: Session) -> list[tuple[int, int]]:
    counted = session.execute(select(Client.coach_id, func.count(Client.id)).group_by(Client.coach_id))
    return [(row[0], row[1]) for row in counted]


def _standing(row: Any) -> str:
    if row.disabled_at is not None:
        return CLOSED
    return ACTIVE if row.password_hash is not None else INVITED


def others(store: Store, coach: SignedIn, now: datetime) -> tuple[Colleague, ...]:
    """Colleagues who can have a client."""
    return tuple(one for one in listing(store, coach, now) if one.coaches and not one.oneself)


def one_of(store: Store, lead: SignedIn, colleague_id: int, now: datetime) -> Colleague:
    """One of the practice, for whoever leads it. Raises NotFound."""
    return pick(listing(store, must_lead(lead), now), colleague_id)


def pick(found: tuple[Colleague, ...], colleague_id: int) -> Colleague:
    """Raises NotFound."""
    one = next((one for one in found if one.id == colleague_id), None)
    if one is None:
        raise NotFound
    return one


def must_lead(coach: SignedIn) -> SignedIn:
    """Raises NotFound: for others there is no such thing."""
    if not coach.leads:
        raise NotFound
    return coach


def set_role(store: Store, lead: SignedIn, colleague_id: int, role: str, now: datetime) -> None:
    """Raises NotFound, or NotPossible."""
    if role not in ROLES:
        raise ValueError(f"no such role: {role}")
    with store.db.transaction(must_lead(lead).practice_scope, now) as session:
        found = people(store, session, lead, now)
        one = pick(found, colleague_id)
        why = roles.why_not_role(role, old=one.role, other_leads=other_leads(found, one), clients=one.clients)
        if why is not None:
            raise NotPossible(why)
        row = session.scalar(select(Coach).where(Coach.id == one.id))
        if row is not None and row.role != role:
            row.role = role
            if role == OFFICE:
                _end_shares(session, one.id, now)
            audit.security(session, one.id, "role", "changed")


def other_leads(found: tuple[Colleague, ...], one: Colleague) -> int:
    """How many others look after the practice and can sign in."""
    return sum(each.role == LEAD and each.standing == ACTIVE for each in found if each.id != one.id)


def close(store: Store, lead: SignedIn, colleague_id: int, now: datetime) -> None:
    """Nobody signs in with this account any more, and nobody is signed in; an invitation is withdrawn instead. Raises
    NotFound, or NotPossible."""
    with store.db.transaction(must_lead(lead).practice_scope, now) as session:
        found = people(store, session, lead, now)
        one = pick(found, colleague_id)
        if one.standing != ACTIVE:
            return
        why = roles.why_not_closed(
            one.role, other_leads=other_leads(found, one), clients=one.clients, oneself=one.oneself
        )
        if why is not None:
            raise NotPossible(why)
        session.execute(update(Account).where(Account.coach_id == one.id).values(disabled_at=now))
        for kind in (SignIn, ResetKey, SetupKey, EmailChange, CoachLetter):
            session.execute(delete(kind).where(kind.coach_id == one.id))
        _end_shares(session, one.id, now)
        audit.security(session, one.id, "account", "removed")


def _end_shares(session: Session, reader_id: int, now: datetime) -> None:
    """Whoever coaches nobody any more reaches no client of a colleague, also not when they coach again."""
    for access in session.scalars(
        select(ClientAccess).where(ClientAccess.reader_id == reader_id, ClientAccess.ended_at.is_(None))
    ):
        access.ended_at = now


def reopen(store: Store, lead: SignedIn, colleague_id: int, now: datetime) -> None:
    """The account works again, with the password and the second step it had. Raises NotFound."""
    with store.db.transaction(must_lead(lead).practice_scope, now) as session:
        one = pick(people(store, session, lead, now), colleague_id)
        if one.standing == CLOSED:
            session.execute(update(Account).where(Account.coach_id == one.id).values(disabled_at=None))
            audit.security(session, one.id, "account", "created")


__all__ = [
    "ACTIVE", "CLOSED", "COACH", "INVITED", "LEAD", "OFFICE", "STANDINGS", "Colleague", "NotPossible", "close",
    "listing", "must_lead", "one_of", "other_leads", "others", "people", "pick", "reopen", "set_role",
]  # fmt: skip
