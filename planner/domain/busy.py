"""When a coach is busy elsewhere, as their other calendars say: only from when until when, never a title."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, Protocol, get_args

from planner.domain.when import day_bounds, moment_to_local

CalendarKind = Literal["ics", "caldav"]
ICS, CALDAV = CALENDAR_KINDS = get_args(CalendarKind)
"""ics: one file behind an address. caldav: an account, with all calendars in it."""
CalendarProblem = Literal[
    "unreachable", "refused", "login", "not_found", "throttled", "not_allowed", "redirected", "too_large",
    "not_a_calendar", "too_much", "no_calendars", "our_fault", "unsure_event",
]  # fmt: skip
"""unreachable: no answer in time, or it says 5xx. refused: it does not want us (403). login: name or password is wrong
(401). not_found: nothing at this address. throttled: 429. not_allowed: an address on a private network, or without
https. redirected: it points where we do not go. too_large: more bytes than we take. not_a_calendar: something else,
such as a page to sign in. too_much: more events, or more work, than we take. no_calendars: an account without any.
our_fault: our reader is broken, whatever the calendar. unsure_event: it was read, but for one that returns nobody can
tell when."""
UNSURE: CalendarProblem = "unsure_event"
CALENDAR_PROBLEMS: tuple[CalendarProblem, ...] = get_args(CalendarProblem)

MOST_CALENDARS = 10
"""So many calendars a coach."""
MOST_TIMES = 5_000
"""So many times of one calendar are kept, what overlaps counted as one."""
BACK, AHEAD = timedelta(days=7), timedelta(days=183)
"""What is read of a calendar: enough for the weeks that a coach plans in."""
LOOK_EVERY = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=12)
"""After many failures."""
FARTHEST_LOOK = 2 * LONGEST_WAIT
"""No next look is further away than this."""
FOR_GOOD: tuple[CalendarProblem, ...] = ("not_allowed",)
"""Trying again does not help: the coach has to give another address."""
UNREAD_AFTER = timedelta(days=1)
"""So long a calendar may fail before the coach is told outside its own page."""


@dataclass(frozen=True, slots=True)
class CalendarAccess:
    """How a calendar is reached: sealed, and never shown again in full. `name`: what the coach calls it. `user` and
    `password`: of a CalDAV account."""

    address: str = field(repr=False)
    name: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Busy:
    """Not free in [from, until), aware moments."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class BusyTimes:
    """What calendar files say; in order, joined. `unsure`: an event returns in a way that cannot be read. Its hours are
    busy on every day from its first on: rather too often than free without a word."""

    times: tuple[Busy, ...] = ()
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class BusyBlock:
    """The part of a busy time that falls on one day, in wall time. `busy_until`: 00:00 of the next day at most."""

    starts_local: datetime
    busy_until: datetime
    whole_day: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked of a calendar. `zone`: the coach's own, for days and for times that name no zone."""

    from_at: datetime
    until_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Held:
    """What the server said of the file that we hold; to be asked only whether it changed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """`times` None: not modified, what we hold is right. `unsure`: as in BusyTimes."""

    times: tuple[Busy, ...] | None
    held: Held = Held()
    unsure: bool = False


class CalendarFailed(Exception):
    """A calendar could not be read. `retry_after_s`: what the server asked us to wait."""

    def __init__(self, problem: CalendarProblem, retry_after_s: float = 0.0) -> None:
        super().__init__(problem)
        self.problem: CalendarProblem = problem
        self.retry_after_s = retry_after_s


class CalendarSource(Protocol):
    """Whatever reads calendars."""

    def read(self, kind: str, access: CalendarAccess, window: Window, held: Held) -> CalendarRead:
        """Ask once. Raises CalendarFailed, nothing else."""


def window_at(now: datetime, zone: str) -> Window:
    return Window(now - BACK, now + AHEAD, zone)


def joined(times: Iterable[Busy], window: Window) -> tuple[Busy, ...]:
    """Within the window, in order, what touches made one. Nothing is said of how many appointments it was."""
    found: list[Busy] = []
    for one in sorted(times, key=lambda one: one.starts_at):
        starts_at, ends_at = max(one.starts_at, window.from_at), min(one.ends_at, window.until_at)
        if starts_at >= ends_at:
            continue
        if found and starts_at <= found[-1].ends_at:
            found[-1] = Busy(found[-1].starts_at, max(found[-1].ends_at, ends_at))
        else:
            found.append(Busy(starts_at, ends_at))
    return tuple(found)


def blocks_on(times: Iterable[Busy], on: date, zone: str) -> tuple[BusyBlock, ...]:
    """What is busy on a day, in order; times of several calendars that touch are one block."""
    from_at, until_at = day_bounds(on, zone)
    return tuple(
        BusyBlock(
            moment_to_local(one.starts_at, zone),
            moment_to_local(one.ends_at, zone),
            (one.starts_at, one.ends_at) == (from_at, until_at),
        )
        for one in joined(times, Window(from_at, until_at, zone))
    )


def next_look(now: datetime, failures: int, asked_s: float, chance: float) -> datetime:
    """When to look again: after a quarter to half an hour, twice as long after each failure, and never sooner than the
    server asked. `chance`, from 0 to 1, keeps calendars from marching in step."""
    doublings = min(max(failures - 1, 0), 10)
    wait: timedelta = min(LOOK_EVERY * 2**doublings, LONGEST_WAIT) * (1 + chance)
    return now + max(wait, min(timedelta(seconds=asked_s), FARTHEST_LOOK))


def host_of(address: str) -> str:
    """The part of an address that may be shown again."""
    return address.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0].rsplit("@", 1)[-1]
