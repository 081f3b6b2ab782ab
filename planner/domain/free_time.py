"""When a coach could start a walk: quarters of working hours, without days off, blocked hours and what is planned.

Working hours are wall times; everything that is compared is a moment in UTC, so that both clock changes come out right:
a wall time that the clock skips is no start, one that it shows twice is a start once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sized
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

from planner.domain.daylight import daylight, is_dark
from planner.domain.places import Place
from planner.domain.practices import PracticeSettings
from planner.domain.when import TimeDoesNotExist, local_to_moment, moment_to_local

QUARTER = timedelta(minutes=15)
HORIZON_DAYS = 14
"""So many days are looked through."""
LEAD = timedelta(hours=3)
"""No sooner hour is offered: whoever is to come along needs time to know of it. A coach who types one may have it."""


@dataclass(frozen=True, slots=True)
class Start:
    """A quarter in working hours: wall time, moment, and the moment at which that working day ends."""

    local: datetime
    at: datetime
    day_ends_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """Minutes that are kept free before and after a walk: travel and breathing."""

    before_min: int = 0
    after_min: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Not free in [from, until). `walk_id`: the walk that takes it, its own time around it included."""

    from_at: datetime
    until_at: datetime
    walk_id: int | None = None


HOLIDAY, DAY_OFF = "holiday", "day_off"


def why_off(settings: PracticeSettings, holidays: Collection[date], on: date) -> str | None:
    """HOLIDAY for a public holiday where those are free, DAY_OFF for one by hand; None for a day with work."""
    if settings.holidays_off and on in holidays:
        return HOLIDAY
    by_hand = any(days.first_on <= on <= days.last_on for days in settings.days_off)
    return DAY_OFF if by_hand else None


def is_off(settings: PracticeSettings, holidays: Collection[date], on: date) -> bool:
    return why_off(settings, holidays, on) is not None


def quarters(
    settings: PracticeSettings, holidays: Collection[date], first_on: date, days: int = HORIZON_DAYS
) -> tuple[Start, ...]:
    """Every quarter of the clock in the working hours of these days, earliest first."""
    found: list[Start] = []
    for on in _days(first_on, days):
        if not is_off(settings, holidays, on):
            for hours in settings.working_hours:
                if hours.weekday == on.weekday():
                    found += _quarters_of(on, hours.starts, hours.ends, settings.zone)
    return tuple(sorted(found, key=lambda start: start.at))


def _days(first_on: date, days: int) -> Iterator[date]:
    return (first_on + timedelta(days=number) for number in range(days))


@lru_cache(maxsize=2048)
def _quarters_of(on: date, starts: str, ends: str, zone: str) -> tuple[Start, ...]:
    """Remembered: every search of every coach goes through the same hours, and asking the zone for each takes longer
    than the search."""
    found: list[Start] = []
    midnight = datetime.combine(on, time())
    first, last = (datetime.combine(on, time.fromisoformat(text)) for text in (starts, ends))
    ends_at = _border(last, zone)
    local = midnight + ceil((first - midnight) / QUARTER) * QUARTER
    while local < last:
        with suppress(TimeDoesNotExist):
            found.append(Start(local, local_to_moment(local, zone), ends_at))
        local += QUARTER
    return tuple(found)


def _border(local: datetime, zone: str, *, last: bool = False) -> datetime:
    """The moment of a wall time that is only a border; where the clock skips it, the change itself, about. `last`: the
    second time, in the hour that autumn has twice."""
    return local.replace(fold=int(last), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def blocked(settings: PracticeSettings, first_on: date, days: int = HORIZON_DAYS) -> tuple[Taken, ...]:
    """The hours blocked by hand in these days."""
    return tuple(
        Taken(
            _border(datetime.combine(on, time.fromisoformat(hours.starts)), settings.zone),
            _border(datetime.combine(on, time.fromisoformat(hours.ends)), settings.zone, last=True),
        )
        for on in _days(first_on, days)
        for hours in settings.blocked_hours
        if hours.on == on or (hours.on is None and hours.weekday == on.weekday())
    )


def walk_taken(starts_at: datetime, minutes: int, around: Around, walk_id: int | None) -> Taken:
    """What an existing walk takes of the agenda."""
    return Taken(
        starts_at - timedelta(minutes=around.before_min),
        starts_at + timedelta(minutes=minutes + around.after_min),
        walk_id,
    )


def free(
    starts: Iterable[Start],
    minutes: int,
    around: Around,
    taken: Iterable[Taken],
    not_before: datetime,
) -> tuple[Start, ...]:
    """The starts at which a walk of so many minutes fits, with its own time around it. `starts`: earliest first."""
    busy = joined(taken)
    before, after = timedelta(minutes=around.before_min), timedelta(minutes=around.after_min)
    length, found, which = timedelta(minutes=minutes), [], 0
    for start in starts:
        ends_at = start.at + length
        if start.at < not_before or ends_at > start.day_ends_at:
            continue
        while which < len(busy) and busy[which].until_at <= start.at - before:
            which += 1
        if which == len(busy) or busy[which].from_at >= ends_at + after:
            found.append(start)
    return tuple(found)


def joined(taken: Iterable[Taken]) -> list[Taken]:
    """In order, without overlap."""
    found: list[Taken] = []
    for one in sorted(taken, key=lambda one: one.from_at):
        if found and one.from_at <= found[-1].until_at:
            found[-1] = Taken(found[-1].from_at, max(found[-1].until_at, one.until_at))
        elif one.from_at < one.until_at:
            found.append(one)
    return found


def in_daylight(place: Place, start: Start, minutes: int, zone: str) -> bool:
    """From sunrise, and over by civil dusk: the verdict calls anything later dark."""
    sun = daylight(place, start.local.date(), zone)
    ends_at = start.at + timedelta(minutes=minutes)
    if sun.sunrise_at is None or sun.dusk_at is None:
        return not (is_dark(place, start.at) or is_dark(place, ends_at))
    return sun.sunrise_at <= start.at and ends_at <= sun.dusk_at


HINDRANCES = ("no_hours", "days_off", "hours_short", "daylight_short", "busy", "weather")
"""What can leave no hour at all, in the order in which it is looked for."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Which wish stands in the way. `fits_min`: the longest walk that it leaves room for; None where length is not
    what is wrong. `light_local`: from when until when there is light on the first day, where none of the working hours
    has any."""

    code: str
    wanted_min: int
    fits_min: int | None = None
    light_local: tuple[datetime, datetime] | None = None

    @property
    def over_min(self) -> int | None:
        """By how much the walk is too long."""
        return None if self.fits_min is None else self.wanted_min - self.fits_min


@dataclass(frozen=True, slots=True)
class Search:
    """One look through an agenda. `starts`: the quarters of the days looked at. `place` None: daylight does not
    count (indoors, online, by phone)."""

    starts: tuple[Start, ...]
    around: Around
    taken: tuple[Taken, ...]
    not_before: datetime
    place: Place | None
    zone: str

    def in_hours(self, minutes: int) -> tuple[Start, ...]:
        return free(self.starts, minutes, Around(), (), self.not_before)

    def lit(self, starts: Iterable[Start], minutes: int) -> tuple[Start, ...]:
        if self.place is None:
            return tuple(starts)
        place = self.place
        return tuple(start for start in starts if in_daylight(place, start, minutes, self.zone))

    def free(self, minutes: int) -> tuple[Start, ...]:
        """Free, in working hours and by daylight."""
        return self.lit(free(self.starts, minutes, self.around, self.taken, self.not_before), minutes)

    def hindrance(self, minutes: int, *, has_hours: bool) -> Hindrance:
        """What leaves no hour; the weather when the agenda and the sun would."""
        if not has_hours:
            return Hindrance("no_hours", minutes)
        if not self.in_hours(0):
            return Hindrance("days_off", minutes)
        rooms: tuple[tuple[str, Callable[[int], Sized]], ...] = (
            ("hours_short", self.in_hours),
            ("daylight_short", lambda length: self.lit(self.in_hours(length), length)),
            ("busy", self.free),
        )
        for code, room in rooms:
            if not room(minutes):
                shorter = range(minutes - 5, 0, -5)
                fits = next((length for length in shorter if room(length)), 0)
                light = None if fits or code != "daylight_short" else self._light()
                return Hindrance(code, minutes, fits, light)
        return Hindrance("weather", minutes)

    def _light(self) -> tuple[datetime, datetime] | None:
        """From sunrise until civil dusk on the first day, on the wall."""
        sun = daylight(self.place, self.starts[0].local.date(), self.zone) if self.place else None
        if sun is None or sun.sunrise_at is None or sun.dusk_at is None:
            return None
        return moment_to_local(sun.sunrise_at, self.zone), moment_to_local(sun.dusk_at, self.zone)
