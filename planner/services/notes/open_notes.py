"""Notes that wait for the coach: still to write, or begun and not closed. One rule for every page that lists them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.services.store import Store
from planner.services.walks import walk_rows
from planner.services.walks.walk_rows import WalkRow

BACK = timedelta(days=42)
"""An older walk without a note is not asked for any more."""
MOST = 50


def unwritten(
    store: Store, session: Session, now: datetime, client_id: int | None = None
) -> tuple[WalkRow, ...]:
    """Walks that are over and have no note, newest first; of all clients, or of one."""
    return walk_rows.unwritten(store, session, now - BACK, now, MOST, client_id)


def begun(store: Store, session: Session, now: datetime) -> tuple[WalkRow, ...]:
    """Walks whose note was saved and is not closed, newest first."""
    return walk_rows.begun_notes(store, session, now - BACK, now, MOST)
