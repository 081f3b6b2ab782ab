"""Other hours for walks that are planned already: several of them at once, on one agenda."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from planner.domain.free_time import HORIZON_DAYS
from planner.services import health_flags, slots
from planner.services.slots import Finder, WalkWish
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.walk_rows import spot_of, tags_of


def look_around(
    store: Store, session: Session, coach: SignedIn, rows: Collection[Row[Any]], now: datetime
) -> tuple[Finder, Mapping[int, frozenset[str]]]:
    """The agenda around these walks, to find other hours in; and where air counts, what their clients asked to be taken
    into account."""
    settings = settings_of(practice_of(session, coach.scope))
    days = [row.starts_local.date() for row in rows]
    first_on = slots.first_day(now, min(days), settings.zone)
    length = max((max(days) - first_on).days + slots.ASKED_BACK_DAYS + 1, HORIZON_DAYS)
    finder = slots.open_finder(
        store, session, settings, [spot_of(row) for row in rows], first_on, now, length
    )
    if not finder.board.says_air:
        return finder, {}
    return finder, health_flags.of_clients(store, session, {row.client_id for row in rows})


def wish_of(row: Row[Any], flags: frozenset[str]) -> WalkWish:
    """Another hour for a walk as it is planned."""
    return WalkWish(
        minutes=row.minutes,
        setting=row.setting,
        where=spot_of(row),
        tags=tags_of(row.route_facts),
        around=slots.around_of(row.route_facts),
        starts_local=row.starts_local,
        walk_id=row.id,
        health_flags=flags,
    )
