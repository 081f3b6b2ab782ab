"""What every use case works with: the database and the vault, always together; and the gates to single objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.practices import PracticeSettings
from planner.models import Client, Database, DatabaseBusy, FormOnce, Practice, Scope, Walk
from planner.services.vault import Vault

__all__ = [
    "Conflict",
    "DatabaseBusy",
    "NotFound",
    "SignedIn",
    "Store",
    "client_gate",
    "handled_before",
    "practice_of",
    "remember_form",
    "settings_of",
    "walk_gate",
]


class NotFound(Exception):
    """Not there, or not yours: the same answer."""


class Conflict(Exception):
    """Somebody (perhaps you, in another tab) saved in between. Carries nothing; the caller shows both texts."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The coach behind a request."""

    id: int
    owner_id: int
    name: str
    email: str
    language: str
    phone: str = ""
    """The number clients may use."""

    @property
    def scope(self) -> Scope:
        return Scope(self.owner_id, self.id, "coach", self.id)

    @property
    def practice_scope(self) -> Scope:
        """For what touches colleagues' rows as well, such as a shared route."""
        return Scope(self.owner_id, None, "coach", self.id)

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def reached_at(self) -> str:
        """Whom a client calls or writes to: first name, and the number or else the e-mail."""
        return f"{self.first_name}: {self.phone or self.email}"


@dataclass(frozen=True, slots=True)
class Store:
    """`weather`: the service whose forecasts are asked for and read, as in PLANNER_WEATHER."""

    db: Database
    vault: Vault
    weather: str = "met-norway"

    def __post_init__(self) -> None:
        self.db.audit_key = self.vault.audit_key


_settings = msgspec.json.Decoder(PracticeSettings)


def practice_of(session: Session, scope: Scope) -> Practice:
    """The practice of this scope."""
    practice = session.scalar(select(Practice).where(Practice.id == scope.owner_id))
    if practice is None:
        raise NotFound
    return practice


def settings_of(practice: Practice) -> PracticeSettings:
    return _settings.decode(practice.settings)


def client_gate(session: Session, client_id: int) -> Client:
    """The client, if it is this coach's. Raises NotFound."""
    client = session.scalar(select(Client).where(Client.id == client_id))
    if client is None:
        raise NotFound
    return client


def walk_gate(session: Session, walk_id: int) -> Walk:
    """The row of a walk, if it is this coach's. Raises NotFound."""
    walk = session.scalar(select(Walk).where(Walk.id == walk_id))
    if walk is None:
        raise NotFound
    return walk


def handled_before(session: Session, form_id: str | None) -> str | None:
    """What the same form led to the first time it was sent, if it was."""
    if not form_id:
        return None
    row = session.scalar(select(FormOnce).where(FormOnce.form_id == form_id))
    return row.result if row else None


def remember_form(session: Session, scope: Scope, form_id: str | None, result: str, now: datetime) -> None:
    """Keep what this form led to, in the same transaction as the deed."""
    if form_id:
        session.add(FormOnce(owner_id=scope.owner_id, form_id=form_id, result=result, at=now))
