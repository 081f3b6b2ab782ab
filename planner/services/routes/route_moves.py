"""What follows when one meets on a route at another place than before: walks and their messages hear of it, and its
photo stays with the old place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.photos import Spot
from planner.models import Practice, Route
from planner.services.maps import route_photos
from planner.services.routes.route_rows import meeting_at
from planner.services.store import Store
from planner.services.walks import walks


def after(
    store: Store,
    session: Session,
    practice: Practice,
    row: Route,
    before: tuple[str, float | None, float | None],
    now: datetime,
) -> None:
    """`before`: where one met (route_rows.meeting_at) before this change."""
    if meeting_at(store, practice, row) != before:
        route_photos.stays_at(store, session, row.id, Spot(*before))
        walks.route_moved(store, session, row.id, now)
