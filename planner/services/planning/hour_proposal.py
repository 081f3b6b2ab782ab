"""Which day and time a new walk is proposed for: as the client usually walks, unless another hour about then is
better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from planner.domain import plan_start
from planner.domain.closed_hour import Closed
from planner.domain.free_time import HORIZON_DAYS, Hindrance
from planner.domain.slot_gains import Gain, gains
from planner.domain.slots import NO_HABITS, Asked
from planner.domain.usual_hour import beats, is_fine
from planner.domain.when import TimeDoesNotExist
from planner.services.planning import slots
from planner.services.planning.outlook import spot_of
from planner.services.planning.plan_desk import Desk
from planner.services.planning.slots import Finder, RouteAround, WalkWish
from planner.services.routes.walking_routes import RouteRow
from planner.services.store import Store

SOONER, LATER = timedelta(days=3), timedelta(days=4)
"""So far from the usual day another one is looked for first."""


@dataclass(frozen=True, slots=True)
class Hour:
    """`local` None: there is no hour, because of `hindrance`. `gains`: what is good about it, or better than
    `instead_of`, the usual hour or the one that was shown. `closed`: why it cannot be that one."""

    local: datetime | None
    gains: tuple[Gain, ...] = ()
    instead_of: datetime | None = None
    hindrance: Hindrance | None = None
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class HourWish:
    """`on`, `at`: what the coach chose of it; None: nothing yet. `shown`: what the coach sees, of which one of the two
    was chosen: it stays unless it cannot be."""

    minutes: int
    setting: str
    route: RouteRow | None
    on: date | None = None
    at: time | None = None
    shown: datetime | None = None


def propose_hour(store: Store, session: Session, desk: Desk, wish: HourWish) -> Hour:
    """The usual hour when it is free and its weather good, or no better hour is near. Otherwise the best one about
    then; on the day, or at the time, that the coach chose. On a day that is over a walk is written down: the usual
    time."""
    usual = usual_start(desk, wish)
    if usual.date() < desk.today_on:
        return Hour(usual)
    if wish.on is not None and desk.off_on(wish.on):
        return Hour(usual)
    look = _Looking(store, session, desk, wish, usual)
    return look.as_usual() or look.nearby() or look.anywhere() or look.none()


def usual_start(desk: Desk, wish: HourWish) -> datetime:
    """What is shown already; else on the weekday and at the time of the last walk; of the one that is repeated, where
    there is one."""
    if wish.shown is not None:
        return wish.shown
    recent = [row.starts_local for row in desk.recent]
    if desk.like is not None:
        last = desk.like.starts_local
        on = plan_start.next_free_week(last.date(), desk.today_on, _taken(desk) | desk.off)
        return datetime.combine(wish.on or on, wish.at or last.time())
    days = plan_start.days(recent, desk.today_on, desk.settings, desk.off)
    tomorrow = desk.today_on + timedelta(days=1)
    first = plan_start.first_day(recent, desk.today_on, desk.off) or next(iter(days), tomorrow)
    at = recent[0].time().replace(second=0, microsecond=0) if recent else plan_start.USUAL_TIMES[0]
    return datetime.combine(wish.on or first, wish.at or at)


def _taken(desk: Desk) -> frozenset[date]:
    """The days this client walks on already, and those next to them."""
    return plan_start.around(starts.date() for starts in desk.starts)


class _Looking:
    """One search: the same wish on several days."""

    def __init__(self, store: Store, session: Session, desk: Desk, wish: HourWish, usual: datetime) -> None:
        self._store, self._session, self._desk, self._wish, self._about = store, session, desk, wish, usual
        self._not_on = desk.off | _taken(desk)
        facts = wish.route.facts if wish.route else None
        self._walk = WalkWish(
            minutes=wish.minutes,
            setting=wish.setting,
            where=spot_of(wish.route),
            tags=facts.surroundings if facts else frozenset(),
            around=RouteAround(facts.minutes_before, facts.minutes_after) if facts else RouteAround(),
            starts_local=usual,
            health_flags=desk.facts.health_flags,
        )
        self._habits = slots.habits(session, [desk.client.id], desk.now).get(desk.client.id, NO_HABITS)
        self._offered = wish.at is None and wish.shown is None
        tomorrow = desk.today_on + timedelta(days=1)
        first = wish.on or max(tomorrow, usual.date() - SOONER)
        self._days = 1 if wish.on else max(1, (usual.date() + LATER - first).days + 1)
        self._agenda = self._read(first, usual.date())
        self._finder = self._over(first, self._days)
        self._asked = self._at(usual)

    def _read(self, first_on: date, usual_on: date) -> Finder:
        """One reading for all searches: of the chosen day, or from today until the last day that may be looked at."""
        if self._wish.on is None and usual_on <= self._desk.today_on + timedelta(days=2 * HORIZON_DAYS):
            first_on = self._desk.today_on
        last_on = max(first_on + timedelta(days=HORIZON_DAYS), usual_on + LATER)
        return self._open(first_on, 1 if self._wish.on is not None else (last_on - first_on).days + 1)

    def _over(self, first_on: date, days: int) -> Finder:
        """These days of what was read; what lies beyond it is read by itself."""
        agenda, last_on = self._agenda, first_on + timedelta(days=days - 1)
        if agenda.first_on <= first_on and last_on <= agenda.last_on:
            return agenda.over(first_on, days)
        return self._open(first_on, days)

    def _open(self, first_on: date, days: int) -> Finder:
        desk = self._desk
        return slots.open_finder(
            self._store, self._session, desk.settings, [self._walk.where], first_on, desk.now, days
        )

    def _at(self, local: datetime) -> Asked | None:
        try:
            return self._finder.at(replace(self._walk, starts_local=local), offered=self._offered)
        except TimeDoesNotExist:
            return None

    def _usual(self) -> Asked | None:
        """The usual hour, if it can be walked. What nobody walked before must lie in working hours too."""
        asked = self._asked
        if asked is None or not asked.is_open or not self._may(asked.local.date()):
            return None
        if self._wish.at is None and self._nothing_is_usual():
            known = self._finder.answer(self._walk).asked
            return asked if known is not None and known.is_open else None
        return asked

    def as_usual(self) -> Hour | None:
        """Free, and with nothing to mind about the weather, or no weather yet."""
        asked = self._usual()
        if asked is None or not is_fine(asked.weighed, shown=self._wish.shown is not None):
            return None
        return Hour(asked.local, self._good(asked))

    def nearby(self) -> Hour | None:
        """Better than usual: on the same day if it is good then, else in the days around it; as usual when nothing is
        better there."""
        better = self._at_its_time() if self._wish.at else chain(self._same_day(), self._slots(self._finder))
        mine, usual = next(better, None), self._usual()
        shown, weighed = self._wish.shown is not None, usual.weighed if usual else None
        if mine is not None and beats(mine.weighed, weighed, shown=shown):
            return self._instead(mine)
        return Hour(usual.local, self._good(usual)) if usual else None

    def anywhere(self) -> Hour | None:
        """Within two weeks, where the coach chose no day."""
        if self._wish.on is not None or self._wish.at is not None:
            return None
        mine = next(self._slots(self._over(self._desk.today_on + timedelta(days=1), HORIZON_DAYS)), None)
        return self._instead(mine) if mine else None

    def none(self) -> Hour:
        """What stands in the way. What was chosen stays, with the usual time or day."""
        asked, closed = replace(self._walk, starts_local=None), self._asked.closed if self._asked else None
        if self._wish.at is not None and closed is not None:
            return Hour(self._about, instead_of=self._about, closed=closed)
        chosen = self._about if self._wish.on is not None else None
        return Hour(chosen, hindrance=self._finder.answer(asked, self._habits).hindrance)

    def _may(self, on: date) -> bool:
        """The coach's own day always; else not a day off, nor one on or next to which this client walks already."""
        return self._wish.on is not None or on not in self._not_on

    def _slots(self, finder: Finder) -> Iterator[Asked]:
        """The better hours, best first."""
        wish = self._walk if self._asked is not None else replace(self._walk, starts_local=None)
        for slot in finder.hours(wish, self._habits):
            if self._may(slot.start.local.date()) and (found := self._at(slot.start.local)):
                yield found

    def _same_day(self) -> Iterator[Asked]:
        """Nobody goes on another day for a little less wind."""
        for one in self._slots(self._over(self._about.date(), 1)):
            if is_fine(one.weighed):
                yield one

    def _at_its_time(self) -> Iterator[Asked]:
        """The chosen time on the days around the usual one: the best weather, then the nearest day."""
        first = self._finder.first_on
        days = [first + timedelta(days=number) for number in range(self._days)]
        starts = [datetime.combine(day, self._wish.at or time()) for day in days if self._may(day)]
        yield from sorted(self._open_ones(starts), key=self._distance)

    def _open_ones(self, starts: Iterable[datetime]) -> Iterator[Asked]:
        for local in starts:
            found = self._at(local)
            if found is not None and found.is_open and found.weighed.verdict.code != "move":
                yield found

    def _distance(self, one: Asked) -> tuple[object, ...]:
        return (*one.weighed.weight, abs(one.local - self._about), one.local)

    def _good(self, asked: Asked) -> tuple[Gain, ...]:
        return gains(asked.local, asked.weighed.verdict, None, self._habits)

    def _instead(self, mine: Asked) -> Hour:
        asked = self._asked
        if asked is None or (self._nothing_is_usual() and self._wish.shown is None):
            return Hour(mine.local, self._good(mine))
        if asked.closed is not None:
            return Hour(mine.local, self._good(mine), asked.local, closed=asked.closed)
        told = gains(mine.local, mine.weighed.verdict, asked, self._habits)
        return Hour(mine.local, told, asked.local)

    def _nothing_is_usual(self) -> bool:
        """Without a walk before it nothing is usual."""
        return not self._desk.recent and self._desk.like is None
