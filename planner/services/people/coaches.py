"""Coaches as themselves: who they are, their language and number, and the contact for the weather service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from planner.models import EVERYONE, Account, ClientAccess, Coach, Practice, Scope
from planner.services.store import SignedIn, Store
from planner.services.vault import Place

_THESE = (
    select(
        Coach.id, Coach.owner_id, Coach.name_sealed, Coach.email_sealed, Coach.phone_sealed, Coach.language, Coach.role,
        Practice.wrapped_key,
    )
    .join(Practice, Practice.id == Coach.owner_id)
    .where(Coach.id.in_(bindparam("coach_ids", expanding=True)))
)  # fmt: skip
_other = aliased(Coach)
_WITH_OTHERS = _THESE.add_columns(
    exists()
    .where(_other.id != Coach.id, Account.coach_id == _other.id, Account.disabled_at.is_(None))
    .label("has_colleagues")
)
_SHARED = select(ClientAccess.client_id).where(
    ClientAccess.reader_id == bindparam("coach_id"),
    ClientAccess.from_at <= bindparam("now"),
    ClientAccess.until_at > bindparam("now"),
    ClientAccess.ended_at.is_(None),
)


def by_id(store: Store, owner_id: int, coach_id: int, now: datetime | None = None) -> SignedIn:
    """A coach of this practice, opened. With `now`: also whom they work with, and which clients are shared with them
    at that moment."""
    with store.db.reading(Scope(owner_id)) as session:
        if now is None:
            return open_in(store, session, coach_id)
        row = session.execute(_WITH_OTHERS, {"coach_ids": [coach_id]}).one()
        coach = _opened(store, row)
        if not row.has_colleagues:
            return coach
        return replace(coach, alone=False, shared=_shared(session, coach_id, now))


def _shared(session: Session, coach_id: int, now: datetime) -> frozenset[int]:
    return frozenset(session.scalars(_SHARED, {"coach_id": coach_id, "now": now}))


def open_in(store: Store, session: Session, coach_id: int) -> SignedIn:
    """The same, inside a session that does more."""
    return open_these(store, session, [coach_id])[coach_id]


def open_these(store: Store, session: Session, coach_ids: Iterable[int]) -> dict[int, SignedIn]:
    """Those of these coaches whom the session reaches."""
    return {row.id: _opened(store, row) for row in session.execute(_THESE, {"coach_ids": list(coach_ids)})}


def _opened(store: Store, coach: Any) -> SignedIn:
    def text(column: str, sealed: bytes | None) -> str:
        place = Place("coach", column, coach.id, coach.owner_id)
        return "" if sealed is None else store.vault.open(coach.wrapped_key, place, sealed, str)

    name, email = text("name_sealed", coach.name_sealed), text("email_sealed", coach.email_sealed)
    phone = text("phone_sealed", coach.phone_sealed)
    return SignedIn(coach.id, coach.owner_id, name, email, coach.language, phone, coach.role)


def set_profile(store: Store, coach: SignedIn, language: str, phone: str, now: datetime) -> None:
    """The coach's language, and the number that clients see."""
    with store.db.transaction(coach.scope, now) as session:
        row, wrapped = session.execute(
            select(Coach, Practice.wrapped_key)
            .join(Practice, Practice.id == Coach.owner_id)
            .where(Coach.id == coach.id)
        ).one()
        row.language = language
        place = Place("coach", "phone_sealed", coach.id, coach.owner_id)
        row.phone_sealed = store.vault.seal(wrapped, place, phone) if phone else None


def weather_contact(store: Store) -> str | None:
    """The e-mail the first coach gave for the weather service's User-Agent."""
    with store.db.reading(EVERYONE) as session:
        practice = session.scalar(
            select(Practice)
            .where(Practice.contact_sealed.is_not(None))
            .order_by(Practice.created_at)
            .limit(1)
        )
        if practice is None or practice.contact_sealed is None:
            return None
        place = Place("practice", "contact_sealed", practice.id, practice.id)
        return store.vault.open(practice.wrapped_key, place, practice.contact_sealed, str)
