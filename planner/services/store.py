"""What every use case works with: the database and the vault, always together; and the gates to single objects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain.practices import PracticeSettings
from planner.domain.roles import COACH, LEAD, OFFICE
from planner.models import Client, Database, DatabaseBusy, FormOnce, Practice, Scope, Walk
from planner.services.remembered import Remembered
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
    """Who is behind a request: a coach, or somebody of the office."""

    id: int
    owner_id: int
    name: str
    email: str
    language: str
    phone: str = ""
    """The number clients may use."""
    role: str = COACH
    """A code of domain.roles."""
    shared: frozenset[int] = frozenset()
    """Clients of colleagues that are shared with this coach now."""
    alone: bool = True
    """There is nobody else in the practice."""
    planned_by: int | None = None
    """Who plans for this coach, if somebody else does."""

    @property
    def scope(self) -> Scope:
        return Scope(
            self.owner_id, self.id, self._actor, self.planned_by or self.id, self.shared, self._cares
        )

    @property
    def own_scope(self) -> Scope:
        """For what only a client's own coach decides: not whoever it is shared with."""
        return replace(self.scope, shared=frozenset())

    @property
    def practice_scope(self) -> Scope:
        """For what touches colleagues' rows as well, such as a shared route."""
        return Scope(self.owner_id, None, self._actor, self.planned_by or self.id, care=self._cares)

    @property
    def planning_scope(self) -> Scope:
        """For looking at the whole practice as far as planning needs it."""
        return replace(self.practice_scope, care=False)

    @property
    def leads(self) -> bool:
        return self.role == LEAD

    @property
    def plans(self) -> bool:
        """Is of the office: plans for coaches, and is none."""
        return self.role == OFFICE

    @property
    def _cares(self) -> bool:
        return self.role != OFFICE

    @property
    def _actor(self) -> str:
        return OFFICE if self.planned_by is not None or self.plans else "coach"

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
    remembered: Remembered = field(default_factory=Remembered, repr=False, compare=False)
    """Answers this process made before."""

    def __post_init__(self) -> None:
        self.db.audit_key = self.vault.audit_key


_settings = msgspec.json.Decoder(PracticeSettings)
_PRACTICE = select(Practice).where(Practice.id == bindparam("practice_id"))
_CLIENT = select(Client).where(Client.id == bindparam("client_id"))
_WALK = select(Walk).where(Walk.id == bindparam("walk_id"))


def practice_of(session: Session, scope: Scope) -> Practice:
    """The practice of this scope; asked for once in an action."""
    found: dict[int | None, Practice] = session.info.setdefault("practices", {})
    if scope.owner_id not in found:
        practice = session.scalar(_PRACTICE, {"practice_id": scope.owner_id})
        if practice is None:
            raise NotFound
        found[scope.owner_id] = practice
    return found[scope.owner_id]


def settings_of(practice: Practice) -> PracticeSettings:
    return _decoded(practice.settings)


@lru_cache(maxsize=256)
def _decoded(settings: str) -> PracticeSettings:
    return _settings.decode(settings)


def client_gate(session: Session, client_id: int) -> Client:
    """The client, if it is this coach's. Raises NotFound."""
    client = session.scalar(_CLIENT, {"client_id": client_id})
    if client is None:
        raise NotFound
    return client


def walk_gate(session: Session, walk_id: int) -> Walk:
    """The row of a walk, if it is this coach's. Raises NotFound."""
    walk = session.scalar(_WALK, {"walk_id": walk_id})
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
