"""Reading the coaches' other calendars: work of the jobs process, safe to run from several nodes at once.

A calendar is claimed in the database before it is asked for. No transaction is open while the network is waited for.
Whatever goes wrong with one, what is known of it stays, and the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import Table, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from planner.domain.busy import (
    FARTHEST_LOOK,
    UNSURE,
    Busy,
    CalendarAccess,
    CalendarFailed,
    CalendarRead,
    CalendarSource,
    Held,
    Window,
    next_look,
    window_at,
)
from planner.domain.when import day_on
from planner.models import EVERYONE, Account, Base, BusyCalendar, BusyTime, Practice, new_id
from planner.services.calendars.busy_calendars import open_access
from planner.services.store import Store, settings_of

CLAIM_FOR = timedelta(minutes=5)
"""Longer than reading one can take."""
MOST_PER_PASS = 60
PASS_S = 45.0
"""After so long the rest waits for the next pass."""

_times: Table = Base.metadata.tables["busy_time"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A calendar that is ours to read, until `until`."""

    id: int
    owner_id: int
    coach_id: int
    kind: str
    access: CalendarAccess
    window: Window
    held: Held
    failures: int
    until: datetime


def read_due(
    store: Store, source: CalendarSource, now: datetime, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Read every calendar that is due, the longest waiting first; gives how many were asked for. `go_on` is asked
    between two of them."""
    began = time.monotonic()
    asked = 0
    while asked < MOST_PER_PASS and go_on():
        passed_s = time.monotonic() - began
        claim = _claim(store, now + timedelta(seconds=passed_s)) if passed_s < PASS_S else None
        if claim is None:
            break
        asked += 1
        try:
            read = source.read(claim.kind, claim.access, claim.window, claim.held)
        except CalendarFailed as failed:
            _keep_problem(store, claim, failed, now + timedelta(seconds=time.monotonic() - began))
        else:
            _keep(store, claim, read, now + timedelta(seconds=time.monotonic() - began))
    return asked


def _claim(store: Store, now: datetime) -> Claim | None:
    """Take the calendar that is due longest; None when none is."""
    gone = select(Account.coach_id).where(Account.disabled_at.is_not(None))
    # what lies further ahead than we ever set it was set by a clock that ran ahead: else it would stop, and say nothing
    come = or_(BusyCalendar.due_at <= now, BusyCalendar.due_at > now + FARTHEST_LOOK)
    due = and_(come, BusyCalendar.coach_id.not_in(gone))
    held = BusyCalendar.claimed_until
    free = or_(
        held.is_(None), held <= now, held > now + 2 * CLAIM_FOR
    )  # twice: clocks of nodes differ a little
    with store.db.reading(EVERYONE) as session:
        if session.scalar(select(BusyCalendar.id).where(due, free).limit(1)) is None:
            return None  # most passes: nobody waits for the writers' lock
    with store.db.transaction(EVERYONE, now) as session:
        row = session.scalar(select(BusyCalendar).where(due, free).order_by(BusyCalendar.due_at).limit(1))
        if row is None:
            return None
        until = now + CLAIM_FOR
        session.execute(update(BusyCalendar).where(BusyCalendar.id == row.id).values(claimed_until=until))
        return _claimed(store, session, row, until, now)


def _claimed(store: Store, session: Session, row: BusyCalendar, until: datetime, now: datetime) -> Claim:
    practice = session.scalars(select(Practice).where(Practice.id == row.owner_id)).one()
    zone = settings_of(practice).zone
    # once a day the whole is read, changed or not: the window goes on; and so is what has a problem
    same_day = row.read_at is not None and day_on(row.read_at, zone) == day_on(now, zone)
    held = Held(row.etag, row.last_modified) if same_day and row.problem is None else Held()
    access, window = open_access(store, practice, row), window_at(now, zone)
    return Claim(row.id, row.owner_id, row.coach_id, row.kind, access, window, held, row.failures, until)


def _keep(store: Store, claim: Claim, read: CalendarRead, now: datetime) -> None:
    values: dict[str, object] = {
        "read_at": now,
        "etag": read.held.etag,
        "last_modified": read.held.last_modified,
        "problem": UNSURE if read.unsure else None,
        "failures": 0,
        "due_at": next_look(now, 0, 0.0, _chance()),
        "claimed_until": None,
    }
    with store.db.transaction(EVERYONE, now) as session:
        if _is_ours(session, claim):
            session.execute(update(BusyCalendar).where(BusyCalendar.id == claim.id).values(values))
            if read.times is not None:
                _replace(session, claim, read.times)


def _keep_problem(store: Store, claim: Claim, failed: CalendarFailed, now: datetime) -> None:
    """What is known stays; the next look waits longer."""
    values: dict[str, object] = {
        "problem": failed.problem,
        "failures": claim.failures + 1,
        "due_at": next_look(now, claim.failures + 1, failed.retry_after_s, _chance()),
        "claimed_until": None,
    }
    with store.db.transaction(EVERYONE, now) as session:
        if _is_ours(session, claim):
            session.execute(update(BusyCalendar).where(BusyCalendar.id == claim.id).values(values))


def _is_ours(session: Session, claim: Claim) -> bool:
    """It may have been removed meanwhile, or our claim ended and another node has it."""
    until = session.scalar(select(BusyCalendar.claimed_until).where(BusyCalendar.id == claim.id))
    return until == claim.until


def _replace(session: Session, claim: Claim, times: Sequence[Busy]) -> None:
    """Only what changed is written: most readings bring the same."""
    rows = session.execute(
        select(BusyTime.id, BusyTime.starts_at, BusyTime.ends_at).where(BusyTime.calendar_id == claim.id)
    )
    known = {Busy(row.starts_at, row.ends_at): row.id for row in rows}
    wanted = set(times)
    gone = [row_id for one, row_id in known.items() if one not in wanted]
    new = [
        {
            "id": new_id(),
            "owner_id": claim.owner_id,
            "coach_id": claim.coach_id,
            "calendar_id": claim.id,
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
        }
        for one in times
        if one not in known
    ]
    for first in range(0, len(gone), 500):
        session.execute(delete(BusyTime).where(BusyTime.id.in_(gone[first : first + 500])))
    if new:
        session.connection().execute(insert(_times), new)


def _chance() -> float:
    return SystemRandom().random()
