"""Local time of the practice: wall time and moments, the two clock changes, ISO weeks, months.

A planned walk is a wall time (`_local`, naive) with a zone name, so that 10:00 stays 10:00 over a clock
change; a moment (`_at`) is aware and in UTC. Two moments are always compared in UTC: subtracting wall times
ignores the change.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "Europe/Amsterdam"
HALF_A_YEAR_DAYS = 183
FIRST_YEAR, LAST_YEAR = 1970, 2999  # weeks outside these are typing errors
_WEEK = re.compile(r"([0-9]{4})-?W([0-9]{2})", re.ASCII)


class TimeDoesNotExist(Exception):
    """The clock skips this wall time: 28 March 2027 02:30 in Amsterdam."""

    def __init__(self, local: datetime, zone: str) -> None:
        super().__init__(f"{local:%Y-%m-%d %H:%M} does not exist in {zone}")
        self.local = local
        self.zone = zone


class NotAWeek(Exception):
    """The text is not an ISO week such as 2026-W48."""


def local_to_moment(local: datetime, zone: str = ZONE) -> datetime:
    """The moment of a wall time, aware and in UTC. Raises TimeDoesNotExist in the hour that spring skips.

    In the hour that autumn has twice the first one is meant (fold 0), whatever fold `local` carries: a form
    cannot say which, and the first keeps a walk before what follows it.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall time has no zone")
    first = local.replace(fold=0)
    moment = first.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment_to_local(moment, zone) != first:
        raise TimeDoesNotExist(local, zone)
    return moment


def moment_to_local(moment: datetime, zone: str = ZONE) -> datetime:
    """The wall time (naive, fold 0) of a moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment has a zone")
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def exists(local: datetime, zone: str = ZONE) -> bool:
    """Whether the clock ever shows this wall time."""
    try:
        local_to_moment(local, zone)
    except TimeDoesNotExist:
        return False
    return True


def ends_local(starts_local: datetime, duration_min: int, zone: str = ZONE) -> datetime:
    """Wall time at which something of so many real minutes ends."""
    return moment_to_local(local_to_moment(starts_local, zone) + timedelta(minutes=duration_min), zone)


def day_on(moment: datetime, zone: str = ZONE) -> date:
    """The local day of a moment."""
    return moment_to_local(moment, zone).date()


def day_bounds(on: date, zone: str = ZONE) -> tuple[datetime, datetime]:
    """First moment of a local day and of the next: 23, 24 or 25 hours apart."""
    midnight = datetime.combine(on, time())
    return local_to_moment(midnight, zone), local_to_moment(midnight + timedelta(days=1), zone)


def without_year(today: date) -> tuple[date, date]:
    """The first and the last day that may be named without a year: a reader of today takes the nearest of that name."""
    half = timedelta(days=HALF_A_YEAR_DAYS)
    return today - half, today + half


def add_months(on: date, months: int) -> date:
    """The same day so many calendar months on, clamped to the last day of that month."""
    year, month0 = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month0 + 1, min(on.day, monthrange(year, month0 + 1)[1]))


def whole_months(since_on: date, until_on: date) -> int:
    """Whole calendar months between two days; 0 when `until_on` is earlier."""
    months = (until_on.year - since_on.year) * 12 + until_on.month - since_on.month
    if add_months(since_on, months) > until_on:
        months -= 1
    return max(months, 0)


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """A week of ISO 8601: Monday to Sunday; week 1 holds the first Thursday of the year."""

    year: int
    week: int

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=number) for number in range(7))

    @property
    def previous(self) -> IsoWeek:
        return self.moved(-1)

    @property
    def next(self) -> IsoWeek:
        return self.moved(1)

    def moved(self, weeks: int) -> IsoWeek:
        return week_of(self.monday + timedelta(weeks=weeks))

    def bounds(self, zone: str = ZONE) -> tuple[datetime, datetime]:
        """First moment of the week and of the next one, in UTC."""
        return day_bounds(self.monday, zone)[0], day_bounds(self.next.monday, zone)[0]


def week_of(on: date) -> IsoWeek:
    year, week, _ = on.isocalendar()
    return IsoWeek(year, week)


def parse_week(text: str) -> IsoWeek:
    """Reads '2026-W48'. Raises NotAWeek, also for a week 53 in a year that has none."""
    match = _WEEK.fullmatch(text.strip())
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise NotAWeek(text)
    found = IsoWeek(int(match[1]), int(match[2]))
    try:
        found.monday  # noqa: B018 - reading it is the check
    except ValueError as error:
        raise NotAWeek(text) from error
    return found
