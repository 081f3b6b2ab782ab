"""Planning for coaches, by the office: whom they walk with and how to reach them, and when and where. What the office
looks at is read without care (models/ownership.py); what it plans is carried out as the coach would do it, so that what
holds planning holds it here as well, and written down under the name of who planned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from planner.domain.clients import ClientName
from planner.domain.default_plan import default_parts
from planner.domain.finding import plain
from planner.domain.walks import PLANNED, PlannedPart, WalkDetails
from planner.models import Client, Walk
from planner.services.clients import clients
from planner.services.clients.clients import ACTIVE
from planner.services.people import coaches
from planner.services.privacy import audit
from planner.services.routes import walking_routes
from planner.services.routes.walking_routes import RouteRow
from planner.services.store import NotFound, SignedIn, Store, practice_of, settings_of
from planner.services.vault import Place
from planner.services.walks import walks
from planner.services.walks.colleague_agenda import WALKS, name_of
from planner.services.walks.walk_rows import open_walk
from planner.services.walks.walks import PlanResult, PlanWalk


@dataclass(frozen=True, slots=True)
class Contact:
    """All that the office opens of a client's details; the rest of that text is never read out."""

    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """The same of a walk."""

    meeting_point: str = ""
    video_url: str = ""


@dataclass(frozen=True, slots=True)
class OfficeClient:
    """`coach`: whose client it is, by name."""

    id: int
    name: ClientName
    coach_id: int
    coach: str
    status: str


@dataclass(frozen=True, slots=True)
class OfficeWalk:
    """When and where, with whom. `planned`: it can still be moved or cancelled."""

    id: int
    client: OfficeClient
    starts_local: datetime
    minutes: int
    setting: str
    status: str
    route_id: int | None
    spot: Spot
    version: int

    @property
    def planned(self) -> bool:
        return self.status == PLANNED


@dataclass(frozen=True, slots=True)
class WhenAndWhere:
    """As the office wants a walk. `keep_clash`, `seen` and `version`: as in walks.PlanWalk."""

    starts_local: datetime
    minutes: int
    setting: str
    route_id: int | None
    spot: Spot
    keep_clash: bool = False
    seen: frozenset[str] | None = None
    version: int | None = None


_CLIENTS = select(
    Client.id.label("client_id"), Client.coach_id, Client.status, Client.wrapped_key, Client.name_sealed
)
_COMING = WALKS.where(
    Walk.client_id == bindparam("client_id"), Walk.starts_at >= bindparam("now"), Walk.status == PLANNED
).order_by(Walk.starts_at, Walk.id)


def listing(store: Store, office: SignedIn, search: str = "") -> tuple[OfficeClient, ...]:
    """Active clients of all coaches, by name; with every word of the search in it."""
    with store.db.reading(office.planning_scope) as session:
        rows = session.execute(_CLIENTS.where(Client.status == ACTIVE)).all()
        found = _opened(store, session, rows)
    kept = (one for one in found if clients.matches(one.name, search))
    return tuple(sorted(kept, key=lambda one: (plain(one.name.full), one.id)))


@dataclass(frozen=True, slots=True)
class OfficePage:
    """One client, as the office sees it. `coming`: id and start of what is planned."""

    client: OfficeClient
    contact: Contact
    coming: tuple[tuple[int, datetime], ...]


def page(store: Store, office: SignedIn, client_id: int, now: datetime) -> OfficePage:
    """Raises NotFound."""
    with store.db.reading(office.planning_scope) as session:
        client = _client(store, session, client_id)
        row = session.execute(
            select(Client.wrapped_key, Client.details_sealed).where(Client.id == client_id)
        ).one()
        place = Place("client", "details_sealed", client_id, client_id)
        contact = store.vault.open(row.wrapped_key, place, row.details_sealed, Contact)
        coming = session.execute(_COMING, {"client_id": client_id, "now": now})
        return OfficePage(client, contact, tuple((walk.id, walk.starts_local) for walk in coming))


def saw(store: Store, office: SignedIn, client: OfficeClient, now: datetime) -> None:
    """Written down as for a coach who looks at a file."""
    audit.saw_clients(store, _in_place_of(store, office, client.coach_id), [client.id], now)


def open_one(store: Store, office: SignedIn, walk_id: int) -> OfficeWalk:
    """Raises NotFound."""
    with store.db.reading(office.planning_scope) as session:
        row = session.execute(
            WALKS.add_columns(Walk.sealed, Walk.route_id, Walk.version).where(Walk.id == walk_id)
        ).first()
        if row is None:
            raise NotFound
        place = Place("walk", "sealed", row.id, row.client_id)
        return OfficeWalk(
            row.id,
            _client(store, session, row.client_id),
            row.starts_local,
            row.minutes,
            row.setting,
            row.status,
            row.route_id,
            store.vault.open(row.wrapped_key, place, row.sealed, Spot),
            row.version,
        )


def routes(store: Store, office: SignedIn) -> tuple[RouteRow, ...]:
    """The library, to choose from."""
    with store.db.reading(office.planning_scope) as session:
        practice = practice_of(session, office.planning_scope)
        return walking_routes.listing(store, session, practice.wrapped_key)


def default_minutes(store: Store, office: SignedIn) -> int:
    with store.db.reading(office.planning_scope) as session:
        return settings_of(practice_of(session, office.planning_scope)).default_minutes


def plan(
    store: Store,
    office: SignedIn,
    client: OfficeClient,
    wanted: WhenAndWhere,
    now: datetime,
    form_id: str | None = None,
) -> PlanResult:
    """A new walk, with the plan that every walk begins with; its coach fills it. Raises NotFound, or
    TimeDoesNotExist."""
    coach = _in_place_of(store, office, client.coach_id)
    parts = default_parts(wanted.minutes, setting=wanted.setting)
    command = PlanWalk(
        client.id,
        wanted.starts_local,
        wanted.minutes,
        wanted.setting,
        wanted.route_id,
        tuple(PlannedPart(part.segment, part.minutes) for part in parts),
        WalkDetails(wanted.spot.meeting_point, video_url=wanted.spot.video_url),
        wanted.keep_clash,
        seen=wanted.seen,
    )
    return walks.plan(store, coach, command, now, form_id)


def move(store: Store, office: SignedIn, walk: OfficeWalk, wanted: WhenAndWhere, now: datetime) -> PlanResult:
    """Another time or place; what else is planned in the walk stays. Raises NotFound, TimeDoesNotExist or Conflict."""
    if not walk.planned:
        raise NotFound
    coach = _in_place_of(store, office, walk.client.coach_id)
    with store.db.transaction(coach.scope, now) as session:
        kept = open_walk(store, session, walk.id)
        spot = wanted.spot
        command = PlanWalk(
            kept.client_id,
            wanted.starts_local,
            wanted.minutes,
            wanted.setting,
            wanted.route_id,
            kept.parts,
            replace(kept.details, meeting_point=spot.meeting_point, video_url=spot.video_url),
            wanted.keep_clash,
            wanted.version,
            seen=wanted.seen,
        )
        return walks.change_in(store, session, coach, walk.id, command, now)


def cancel(store: Store, office: SignedIn, walk: OfficeWalk, reason: str, now: datetime) -> None:
    """Raises NotFound."""
    if not walk.planned:
        raise NotFound
    walks.cancel(store, _in_place_of(store, office, walk.client.coach_id), walk.id, reason, now)


def _in_place_of(store: Store, office: SignedIn, coach_id: int) -> SignedIn:
    """The coach whose walk it is, as far as what is reached goes; written down under who plans."""
    if not office.plans:
        raise NotFound
    return replace(coaches.by_id(store, office.owner_id, coach_id), planned_by=office.id)


def _client(store: Store, session: Session, client_id: int) -> OfficeClient:
    found = _opened(store, session, session.execute(_CLIENTS.where(Client.id == client_id)).all())
    if not found:
        raise NotFound
    return found[0]


def _opened(store: Store, session: Session, rows: Any) -> list[OfficeClient]:
    there = coaches.open_these(store, session, {row.coach_id for row in rows})
    return [_one(store, row, there[row.coach_id].name) for row in rows]


def _one(store: Store, row: Row[Any], coach: str) -> OfficeClient:
    return OfficeClient(row.client_id, name_of(store, row), row.coach_id, coach, row.status)
