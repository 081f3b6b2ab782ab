"""A photo of the meeting point of a route: kept, shown, taken away. Sealed under the practice's key: somebody may stand
on it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.photos import PhotoRefused
from planner.models import RoutePhoto, new_id
from planner.services.store import NotFound, SignedIn, Store, practice_of
from planner.services.vault import Place
from planner.services.walking_routes import gate, practice_in

__all__ = [
    "KeptPhoto",
    "PhotoRefused",
    "content",
    "content_for",
    "describe",
    "of_coach",
    "put",
    "remove",
    "show",
]


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """`alt` in words of the coach; empty when they gave none."""

    route_id: int
    revision: str
    width: int
    height: int
    alt: str


_ROWS: Any = select(
    RoutePhoto.id,
    RoutePhoto.owner_id,
    RoutePhoto.route_id,
    RoutePhoto.revision,
    RoutePhoto.width,
    RoutePhoto.height,
    RoutePhoto.alt_sealed,
)


def put(store: Store, coach: SignedIn, route_id: int, photo: bytes, alt: str, now: datetime) -> None:
    """This photo, in the place of the one there was. Raises NotFound, PhotoRefused."""
    from planner.services.photo_making import made_small  # brings Pillow, for who adds one

    with store.db.reading(coach.scope) as session:
        gate(session, route_id)  # nobody else's route costs us the work
    small = made_small(photo)
    with store.db.transaction(coach.scope, now) as session:
        route, key = gate(session, route_id), practice_of(session, coach.scope).wrapped_key
        before = session.scalar(select(RoutePhoto).where(RoutePhoto.route_id == route_id))
        if before is not None:
            session.delete(before)
            session.flush()
        row = RoutePhoto(id=new_id(), owner_id=route.owner_id, route_id=route_id, added_at=now)
        row.revision, row.width, row.height = secrets.token_hex(6), small.width, small.height
        row.sealed = store.vault.seal(key, _place(row, "sealed"), small.content)
        row.alt_sealed = store.vault.seal(key, _place(row, "alt_sealed"), alt)
        session.add(row)


def describe(store: Store, coach: SignedIn, route_id: int, alt: str, now: datetime) -> None:
    """Other words for the photo that is there. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = session.scalar(select(RoutePhoto).where(RoutePhoto.route_id == route_id))
        if row is None:
            raise NotFound
        key = practice_of(session, coach.scope).wrapped_key
        row.alt_sealed = store.vault.seal(key, _place(row, "alt_sealed"), alt)


def remove(store: Store, coach: SignedIn, route_id: int, now: datetime) -> None:
    """Gone is gone, with every byte of it; there may be none. Raises NotFound for a route that is not there."""
    with store.db.transaction(coach.scope, now) as session:
        gate(session, route_id)
        row = session.scalar(select(RoutePhoto).where(RoutePhoto.route_id == route_id))
        if row is not None:
            session.delete(row)


def show(store: Store, session: Session, route_id: int) -> KeptPhoto | None:
    """What is known of it, without its bytes."""
    row = session.execute(_ROWS.where(RoutePhoto.route_id == route_id)).first()
    if row is None:
        return None
    key = practice_in(session).wrapped_key
    alt = store.vault.open(key, _place(row, "alt_sealed"), row.alt_sealed, str)
    return KeptPhoto(row.route_id, row.revision, row.width, row.height, alt)


def of_coach(store: Store, coach: SignedIn, route_id: int) -> KeptPhoto | None:
    with store.db.reading(coach.scope) as session:
        return show(store, session, route_id)


def content(store: Store, session: Session, route_id: int) -> tuple[str, bytes]:
    """Its revision and its bytes, a WebP. Raises NotFound."""
    row = session.execute(
        select(RoutePhoto.id, RoutePhoto.owner_id, RoutePhoto.revision, RoutePhoto.sealed).where(
            RoutePhoto.route_id == route_id
        )
    ).first()
    if row is None:
        raise NotFound
    key = practice_in(session).wrapped_key
    return row.revision, store.vault.open(key, _place(row, "sealed"), row.sealed, bytes)


def content_for(store: Store, coach: SignedIn, route_id: int) -> tuple[str, bytes]:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        return content(store, session, route_id)


def _place(row: Any, column: str) -> Place:
    return Place("route_photo", column, row.id, row.owner_id)
