"""What is in the way of a time: the coach's other walks, and what stands in their other calendars.

Days off and blocked hours are no obstacle: they say what is proposed, not what a coach may plan.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.busy import Busy, BusyBlock, blocks_on
from planner.domain.practices import PracticeSettings
from planner.domain.walks import CANCELLED, Clash, clashes
from planner.domain.when import day_on
from planner.services.calendars import busy_calendars
from planner.services.store import Store
from planner.services.walks import walk_queries as queries
from planner.services.walks import walk_rows


@dataclass(frozen=True, slots=True)
class InTheWay:
    """`walks`: with whom the coach walks then, cancelled ones aside. `busy`: what other calendars say."""

    walks: tuple[Clash, ...] = ()
    busy: tuple[BusyBlock, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.walks or self.busy)

    @property
    def marks(self) -> frozenset[str]:
        """What tells one from another: a coach who keeps both agrees to what was named, not to what came since."""
        walks = (f"{one.walk_id}:{one.starts_local:%Y-%m-%dT%H:%M}" for one in self.walks)
        busy = (f"{one.starts_local:%Y-%m-%dT%H:%M}/{one.busy_until:%Y-%m-%dT%H:%M}" for one in self.busy)
        return frozenset((*walks, *busy))

    def and_(self, other: InTheWay) -> InTheWay:
        """Both; a block that is in the way of two walks is one."""
        return InTheWay(
            tuple(dict.fromkeys((*self.walks, *other.walks))), tuple(dict.fromkeys((*self.busy, *other.busy)))
        )


NOTHING = InTheWay()


@dataclass(frozen=True, slots=True)
class Taken:
    """The same, without a name: whoever asks may not know it, or does not need it."""

    walked: tuple[Busy, ...]
    busy: tuple[Busy, ...]


def at(
    store: Store,
    session: Session,
    settings: PracticeSettings,
    starts_at: datetime,
    minutes: int,
    now: datetime,
    but: Collection[int] = (),
) -> InTheWay:
    """What meets a walk at that time. `but`: walks that do not count, such as the walk itself. Other calendars count
    for a walk that is still to come."""
    ends_at = starts_at + timedelta(minutes=minutes)
    walks = tuple(
        Clash(row.id, row.client_id, row.client_first_name, row.starts_local, row.minutes)
        for row in walk_rows.between(store, session, starts_at - walk_rows.LONGEST, ends_at)
        if row.id not in but
        and row.status != CANCELLED
        and clashes(starts_at, minutes, row.starts_at, row.minutes)
    )
    busy = busy_calendars.between(session, starts_at, ends_at) if ends_at > now else ()
    return InTheWay(walks, blocks_on(busy, day_on(starts_at, settings.zone), settings.zone))


def during(session: Session, from_at: datetime, until_at: datetime) -> Taken:
    """What takes time in [from, until); clear columns only, and as many questions for half a year as for an hour."""
    window = {"from_at": from_at - walk_rows.LONGEST, "until_at": until_at}
    walked = (
        Busy(row.starts_at, row.starts_at + timedelta(minutes=row.minutes))
        for row in session.execute(queries.AGENDA, window)
    )
    return Taken(
        tuple(one for one in walked if one.ends_at > from_at),
        busy_calendars.between(session, from_at, until_at),
    )
