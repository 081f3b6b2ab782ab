"""Other hours for walks that are planned already: several of them at once, on one agenda."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from planner.domain.free_time import HORIZON_DAYS
from planner.domain.slots import NO_HABITS, Habits, Slot
from planner.services.clients import health_flags
from planner.services.planning import slots
from planner.services.planning.slots import Finder, WalkWish
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.walks.walk_rows import spot_of, tags_of


@dataclass(frozen=True, slots=True)
class Around:
    """The agenda around some walks, to find other hours in; by client where air counts what they asked to be taken into
    account, and when they are used to walk."""

    finder: Finder
    flags: Mapping[int, frozenset[str]]
    habits: Mapping[int, Habits]

    def hours(self, rows: Iterable[Row[Any]]) -> dict[int, tuple[Slot, ...]]:
        """By walk, best first. They choose in this order: the first hour of one is offered to no other."""
        found = {}
        for row in rows:
            wish = wish_of(row, self.flags.get(row.client_id, frozenset()))
            answer = self.finder.answer(wish, self.habits.get(row.client_id, NO_HABITS))
            found[row.id] = answer.proposal.slots
            if found[row.id]:
                self.finder.reserve(wish, found[row.id][0].start.at)
        return found


def look_around(
    store: Store, session: Session, coach: SignedIn, rows: Collection[Row[Any]], now: datetime
) -> Around:
    """Around at least one walk."""
    settings = settings_of(practice_of(session, coach.scope))
    days = [row.starts_local.date() for row in rows]
    first_on = slots.first_day(now, min(days), settings.zone)
    length = max((max(days) - first_on).days + slots.ASKED_BACK_DAYS + 1, HORIZON_DAYS)
    finder = slots.open_finder(
        store, session, settings, [spot_of(row) for row in rows], first_on, now, length
    )
    clients = {row.client_id for row in rows}
    flags = health_flags.of_clients(store, session, clients) if finder.board.says_air else {}
    return Around(finder, flags, slots.habits(session, clients, now))


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
