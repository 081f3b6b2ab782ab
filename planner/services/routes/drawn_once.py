"""A drawing that is sent again: its answer was lost, or it was drawn on since. The same drawing is one deed;
another one takes its place as long as nobody else touched the route."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import FormOnce, Route, Scope
from planner.services import once
from planner.services.routes import route_points
from planner.services.store import Store, remember_form

DEED = "draw"


@dataclass(frozen=True, slots=True)
class DrawnOnce:
    """What a form led to. `points`: the places as they were then. `adds`: places were new in it."""

    route: int
    version: int
    content: str
    points: str
    adds: bool = False

    def untouched(self, store: Store, session: Session, row: Route) -> bool:
        """Nobody saved the route since, nor its places."""
        return (row.id, row.version, points_now(store, session, row)) == (
            self.route,
            self.version,
            self.points,
        )


_drawn = msgspec.json.Decoder(DrawnOnce)


def points_now(store: Store, session: Session, row: Route) -> str:
    """Tells the places of a route apart from what they were."""
    session.flush()
    found = route_points.points_of(session, row.id)
    known = [(one.id, one.position, one.kind, one.latitude, one.longitude, one.sealed) for one in found]
    return once.digest_of(store, *known)


def before(store: Store, session: Session, form_id: str | None) -> DrawnOnce | None:
    row = _row(session, once.key_of(store, DEED, form_id))
    return _drawn.decode(row.result) if row else None


def remember(
    store: Store, session: Session, scope: Scope, form_id: str | None, drawn: DrawnOnce, now: datetime
) -> None:
    """Inside the transaction of the deed; the last one counts."""
    key, result = once.key_of(store, DEED, form_id), msgspec.json.encode(drawn).decode()
    row = _row(session, key)
    if row is None:
        remember_form(session, scope, key, result, now)
    else:
        row.result, row.at = result, now


def _row(session: Session, key: str | None) -> FormOnce | None:
    return session.scalar(select(FormOnce).where(FormOnce.form_id == key)) if key else None
