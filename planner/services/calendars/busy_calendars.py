"""The coach's other calendars: added, looked at, removed; and when they say that the coach is busy.

Address, name and password are sealed under the practice's key and never leave here again: the page shows the host. To
change one is to remove it and add it anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from planner.domain.busy import (
    FOR_GOOD,
    MOST_CALENDARS,
    UNREAD_AFTER,
    UNSURE,
    Busy,
    CalendarAccess,
    host_of,
)
from planner.models import BusyCalendar, BusyTime, Practice, new_id
from planner.services.store import NotFound, SignedIn, Store, practice_of
from planner.services.vault import Place
from planner.services.weather import forecasts

CALENDARS = "calendars"
"""The wake row of the jobs."""


_FAILING = (
    select(BusyCalendar)
    .where(
        BusyCalendar.problem.is_not(None),
        or_(
            BusyCalendar.read_at.is_(None),
            BusyCalendar.read_at < bindparam("lately"),
            BusyCalendar.problem == UNSURE,
        ),
    )
    .order_by(BusyCalendar.created_at, BusyCalendar.id)
)
_BETWEEN = (
    select(BusyTime.starts_at, BusyTime.ends_at)
    .where(BusyTime.ends_at > bindparam("from_at"), BusyTime.starts_at < bindparam("until_at"))
    .order_by(BusyTime.starts_at, BusyTime.ends_at)
)


class TooManyCalendars(Exception):
    """There are MOST_CALENDARS already."""


class CalendarKnown(Exception):
    """This calendar is there already."""


class NameKnown(Exception):
    """Another calendar has this name: nobody could tell them apart."""


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar as the coach sees it. `read_at` None: not read yet. `reads`: it is being looked at, or will be at
    once. `times`: how many times are known from now on."""

    id: int
    kind: str
    name: str
    host: str
    read_at: datetime | None
    problem: str | None
    reads: bool
    times: int

    @property
    def unsure(self) -> bool:
        """It was read, but for an event that returns nobody can tell when."""
        return self.problem == UNSURE

    @property
    def for_good(self) -> bool:
        """Trying again does not help."""
        return self.problem in FOR_GOOD


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the coach calls the calendars to look at, the oldest first. `unread`: they fail, and were not read for a
    day or never. `unsure`: as in CalendarLine."""

    unread: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


def listing(store: Store, coach: SignedIn, now: datetime) -> tuple[CalendarLine, ...]:
    """The oldest first."""
    with store.db.reading(coach.scope) as session:
        practice = practice_of(session, coach.scope)
        counted = select(BusyTime.calendar_id, func.count()).where(BusyTime.ends_at > now)
        times = {row[0]: row[1] for row in session.execute(counted.group_by(BusyTime.calendar_id))}
        return tuple(_line(store, practice, row, times.get(row.id, 0), now) for row in _rows(session))


def trouble(store: Store, coach: SignedIn, now: datetime) -> Trouble:
    """What is to be said of them outside their own page."""
    with store.db.reading(coach.scope) as session:
        rows = session.scalars(_FAILING, {"lately": now - UNREAD_AFTER}).all()
        if not rows:
            return Trouble()
        practice = practice_of(session, coach.scope)
        found = [(row.problem == UNSURE, open_access(store, practice, row)) for row in rows]
    names = [(unsure, access.name or host_of(access.address)) for unsure, access in found]
    return Trouble(
        tuple(name for unsure, name in names if not unsure), tuple(name for unsure, name in names if unsure)
    )


def add(store: Store, coach: SignedIn, kind: str, access: CalendarAccess, now: datetime) -> None:
    """Keep it and have it read at once. Raises TooManyCalendars, CalendarKnown or NameKnown."""
    with store.db.transaction(coach.scope, now) as session:
        practice = practice_of(session, coach.scope)
        rows = _rows(session)
        known = [open_access(store, practice, row) for row in rows]
        if (access.address, access.user) in {(one.address, one.user) for one in known}:
            raise CalendarKnown
        if access.name and access.name.casefold() in {one.name.casefold() for one in known}:
            raise NameKnown
        if len(rows) >= MOST_CALENDARS:
            raise TooManyCalendars
        row = BusyCalendar(id=new_id(), owner_id=coach.owner_id, coach_id=coach.id, kind=kind)
        row.sealed = store.vault.seal(practice.wrapped_key, _place(row.id, practice.id), access)
        row.due_at, row.created_at, row.failures = now, now, 0
        session.add(row)
        forecasts.wake(session, CALENDARS)


def look_now(store: Store, coach: SignedIn, calendar_id: int, now: datetime) -> bool:
    """Have it read at once. False while its server wants to be left alone. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = _gate(session, calendar_id)
        if row.problem == "throttled" and row.due_at > now:
            return False
        row.due_at = min(row.due_at, now)
        forecasts.wake(session, CALENDARS)
        return True


def remove(store: Store, coach: SignedIn, calendar_id: int, now: datetime) -> None:
    """Its times go with it. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        session.delete(_gate(session, calendar_id))


def open_access(store: Store, practice: Practice, row: BusyCalendar) -> CalendarAccess:
    place = _place(row.id, practice.id)
    return store.vault.open(practice.wrapped_key, place, row.sealed, CalendarAccess)


def between(session: Session, from_at: datetime, until_at: datetime) -> tuple[Busy, ...]:
    """When the session's coach is busy elsewhere, of all calendars; earliest first, and they may overlap."""
    found = session.execute(_BETWEEN, {"from_at": from_at, "until_at": until_at})
    return tuple(Busy(row.starts_at, row.ends_at) for row in found)


def _rows(session: Session) -> list[BusyCalendar]:
    return list(session.scalars(select(BusyCalendar).order_by(BusyCalendar.created_at, BusyCalendar.id)))


def _gate(session: Session, calendar_id: int) -> BusyCalendar:
    row = session.scalar(select(BusyCalendar).where(BusyCalendar.id == calendar_id))
    if row is None:
        raise NotFound
    return row


def _place(row_id: int, practice_id: int) -> Place:
    return Place("busy_calendar", "sealed", row_id, practice_id)


def _line(store: Store, practice: Practice, row: BusyCalendar, times: int, now: datetime) -> CalendarLine:
    access = open_access(store, practice, row)
    return CalendarLine(
        id=row.id,
        kind=row.kind,
        name=access.name,
        host=host_of(access.address),
        read_at=row.read_at,
        problem=row.problem,
        reads=row.due_at <= now,
        times=times,
    )
