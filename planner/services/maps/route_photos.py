"""A photo of the meeting point of a route: kept, shown, taken away. Sealed under the practice's key: somebody may stand
on it. It goes with the place it was made at: when one meets elsewhere, only the coach sees it until they say more."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.photos import PhotoRefused, PhotoWords, Spot
from planner.models import Route, RoutePhoto, new_id
from planner.services.routes.route_rows import meeting_at
from planner.services.routes.walking_routes import gate, practice_in
from planner.services.store import NotFound, SignedIn, Store, practice_of
from planner.services.vault import Place

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
    "stays_at",
]


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """`alt` in words of the coach; empty when they gave none. `elsewhere`: one meets at another place now than when it
    was made."""

    route_id: int
    revision: str
    width: int
    height: int
    alt: str
    elsewhere: bool = False


_WORDS: Any = PhotoWords | str
"""One that was added before its place was kept has its words only."""


def put(store: Store, coach: SignedIn, route_id: int, photo: bytes, alt: str, now: datetime) -> None:
    """This photo, in the place of the one there was. Raises NotFound, PhotoRefused."""
    from planner.services.maps.photo_making import made_small  # brings Pillow, for who adds one

    with store.db.reading(coach.scope) as session:
        gate(session, route_id)  # nobody else's route costs us the work
    small = made_small(photo)
    with store.db.transaction(coach.scope, now) as session:
        route, practice = gate(session, route_id), practice_of(session, coach.scope)
        key = practice.wrapped_key
        before = session.scalar(select(RoutePhoto).where(RoutePhoto.route_id == route_id))
        if before is not None:
            session.delete(before)
            session.flush()
        row = RoutePhoto(id=new_id(), owner_id=route.owner_id, route_id=route_id, added_at=now)
        row.revision, row.width, row.height = secrets.token_hex(6), small.width, small.height
        row.sealed = store.vault.seal(key, _place(row, "sealed"), small.content)
        _say(store, key, row, PhotoWords(alt, Spot(*meeting_at(store, practice, route))))
        session.add(row)


def describe(store: Store, coach: SignedIn, route_id: int, alt: str, now: datetime) -> None:
    """Words for the photo that is there, and that it shows where one meets now. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        route, practice = gate(session, route_id), practice_of(session, coach.scope)
        row = session.scalar(select(RoutePhoto).where(RoutePhoto.route_id == route_id))
        if row is None:
            raise NotFound
        _say(store, practice.wrapped_key, row, PhotoWords(alt, Spot(*meeting_at(store, practice, route))))


def stays_at(store: Store, session: Session, route_id: int, before: Spot) -> None:
    """One meets elsewhere from now on. A photo that does not say yet where it was made was made at the old place."""
    row = session.scalar(select(RoutePhoto).where(RoutePhoto.route_id == route_id))
    if row is None:
        return
    key = practice_in(session).wrapped_key
    said = store.vault.open(key, _place(row, "alt_sealed"), row.alt_sealed, _WORDS)
    if isinstance(said, str):
        _say(store, key, row, PhotoWords(said, before))


def remove(store: Store, coach: SignedIn, route_id: int, now: datetime) -> None:
    """Gone is gone, with every byte of it; there may be none. Raises NotFound for a route that is not there."""
    with store.db.transaction(coach.scope, now) as session:
        gate(session, route_id)
        row = session.scalar(select(RoutePhoto).where(RoutePhoto.route_id == route_id))
        if row is not None:
            session.delete(row)


def show(store: Store, session: Session, route_id: int) -> KeptPhoto | None:
    """What is known of it, without its bytes."""
    found = session.execute(
        select(RoutePhoto, Route)
        .join(Route, (Route.id == RoutePhoto.route_id) & (Route.owner_id == RoutePhoto.owner_id))
        .where(RoutePhoto.route_id == route_id)
    ).first()
    if found is None:
        return None
    (row, route), practice = found, practice_in(session)
    said = store.vault.open(practice.wrapped_key, _place(row, "alt_sealed"), row.alt_sealed, _WORDS)
    alt, elsewhere = said, False
    if isinstance(said, PhotoWords):
        alt, elsewhere = said.alt, not said.made_at.is_by(Spot(*meeting_at(store, practice, route)))
    return KeptPhoto(row.route_id, row.revision, row.width, row.height, alt, elsewhere)


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


def _say(store: Store, key: bytes, row: RoutePhoto, said: PhotoWords) -> None:
    row.alt_sealed = store.vault.seal(key, _place(row, "alt_sealed"), said)


def _place(row: Any, column: str) -> Place:
    return Place("route_photo", column, row.id, row.owner_id)
