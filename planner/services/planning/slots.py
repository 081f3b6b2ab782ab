"""Better hours for a walk: the coach's agenda, the stored forecasts and daylight together.

A `Finder` is opened once and asked for many walks: quarters, free starts and verdicts are worked out once and shared.
It reads clear columns only and opens no sealed text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy.orm import Session

from planner.domain.closed_hour import Closed, closed, day_off, gone, outside_hours
from planner.domain.exercises import OUTDOORS
from planner.domain.free_time import (
    HORIZON_DAYS,
    LEAD,
    Around,
    Hindrance,
    Search,
    Start,
    Taken,
    blocked,
    quarters,
    walk_taken,
)
from planner.domain.practices import PracticeSettings
from planner.domain.slots import NO_HABITS, Asked, Habits, Proposal, Slot, Weighed, best, habits_of, weigh
from planner.domain.verdicts import Verdicts
from planner.domain.weather import Setting
from planner.domain.when import day_bounds, day_on, local_to_moment
from planner.services.calendars import busy_calendars, public_holidays
from planner.services.store import Store
from planner.services.walks import walk_queries as queries
from planner.services.walks import walk_rows
from planner.services.weather import forecasts
from planner.services.weather.forecasts import Board, Where

ASKED_BACK_DAYS = 7
"""For a day further on, the days before it are looked at too."""
HABITS_BACK = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class RouteAround:
    """The part of a route's facts that says how long it takes to get there and away."""

    minutes_before: int | None = None
    minutes_after: int | None = None


@dataclass(frozen=True, slots=True)
class WalkWish:
    """The walk to find an hour for. `starts_local`: when it is, or was asked; None: whenever. `whole_day`: only its
    day was asked. `walk_id`: it is planned already, and is not in its own way. `health_flags`: of who walks; they count
    for what air and pollen say."""

    minutes: int
    setting: str = OUTDOORS
    where: Where = None
    tags: frozenset[str] = frozenset()
    around: RouteAround = RouteAround()
    starts_local: datetime | None = None
    whole_day: bool = False
    walk_id: int | None = None
    health_flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """`asked`: the hour that was asked, with its weather. `hindrance`: why there is no other hour at all."""

    proposal: Proposal
    asked: Asked | None
    hindrance: Hindrance | None


_around = msgspec.json.Decoder(RouteAround)


def around_of(route_facts: str | None) -> RouteAround:
    return _around.decode(route_facts) if route_facts else RouteAround()


class Finder:
    """Looks through one coach's days from `first_on` on. Made by `open_finder`."""

    def __init__(
        self,
        settings: PracticeSettings,
        board: Board,
        first_on: date,
        walks: Iterable[Taken],
        days: int = HORIZON_DAYS,
        lead: timedelta = LEAD,
    ) -> None:
        last_on = first_on + timedelta(days=days - 1)
        self.settings, self.board, self._lead = settings, board, lead
        self._air_matters = board.says_air
        self.first_on, self.last_on = first_on, last_on
        self._holidays = public_holidays.between(first_on, last_on)
        self._starts = quarters(settings, self._holidays, first_on, days)
        self._taken = (*walks, *blocked(settings, first_on, days))
        self._open: dict[object, tuple[Start, ...]] = {}
        self._verdicts: dict[object, Verdicts] = {}
        self._weighed: dict[object, dict[datetime, Weighed]] = {}

    def over(self, first_on: date, days: int) -> Finder:
        """The same agenda and weather, looked through on these days of it alone."""
        part = copy(self)
        part.first_on, part.last_on = first_on, first_on + timedelta(days=days - 1)
        part._starts = tuple(one for one in self._starts if first_on <= one.local.date() <= part.last_on)
        part._open = {}
        return part

    def answer(self, wish: WalkWish, habits: Habits = NO_HABITS) -> Answer:
        """The best other hours for this walk. Raises TimeDoesNotExist for a time that was asked and is not there."""
        search = self._search(wish)
        found, asked = self._best(wish, habits, search)
        hindrance = None if found.slots else self._hindrance(search, wish, found, asked)
        return Answer(found, asked, hindrance)

    def hours(self, wish: WalkWish, habits: Habits = NO_HABITS) -> tuple[Slot, ...]:
        """The same hours, for who does not ask why there are none. Raises TimeDoesNotExist."""
        return self._best(wish, habits, self._search(wish))[0].slots

    def _best(self, wish: WalkWish, habits: Habits, search: Search) -> tuple[Proposal, Asked | None]:
        starts = self._free(wish, search)
        asked_at = local_to_moment(wish.starts_local, self.settings.zone) if wish.starts_local else None
        asked = None if asked_at is None or wish.whole_day else self._asked(wish, asked_at, search)
        weighed = self._weigh(wish, (start.at for start in starts))
        return best(zip(starts, weighed, strict=True), asked_at, asked, habits), asked

    def of_day(self, wish: WalkWish, habits: Habits = NO_HABITS) -> tuple[Slot, ...]:
        """The best hours of the wish's own day, near its time. Raises TimeDoesNotExist."""
        assert wish.starts_local is not None
        on, asked_at = wish.starts_local.date(), local_to_moment(wish.starts_local, self.settings.zone)
        starts = [one for one in self._free(wish, self._search(wish)) if one.local.date() == on]
        weighed = self._weigh(wish, (start.at for start in starts))
        return best(zip(starts, weighed, strict=True), asked_at, None, habits).slots

    def at(self, wish: WalkWish, *, offered: bool = False) -> Asked | None:
        """The hour that was asked, with its weather. Open when it is free and by daylight, also outside working hours
        and between quarters: whoever walked then before may do so again. `offered`: it was not asked, we offer it, so
        that it must be far enough ahead. None without an hour. Raises TimeDoesNotExist."""
        if wish.starts_local is None:
            return None
        at = local_to_moment(wish.starts_local, self.settings.zone)
        search, start = self._search(wish), _start(wish.starts_local, at)
        why = gone(search, start, self.board.now, offered=offered) or closed(search, start, wish.minutes)
        return Asked(wish.starts_local, at, self._weigh(wish, [at])[0], why is None, why)

    def reserve(self, wish: WalkWish, start_at: datetime) -> None:
        """Give this hour to that walk: no other walk is offered it from now on."""
        taken = walk_taken(start_at, wish.minutes, around_in(self.settings, wish.around), wish.walk_id)
        self._taken = (*self._taken, taken)
        self._open.clear()

    def _hindrance(
        self, search: Search, wish: WalkWish, found: Proposal, asked: Asked | None
    ) -> Hindrance | None:
        """Why there is no other hour; nothing to say where the hour that was asked has the best weather."""
        why = search.hindrance(wish.minutes, has_hours=bool(self.settings.working_hours))
        known = asked is not None and asked.weighed.verdict.code != "unknown"
        return None if found.asked_is_best and known and why.code == "weather" else why

    def _free(self, wish: WalkWish, search: Search) -> tuple[Start, ...]:
        """The open starts of all days, worked out once for what is alike."""
        mine = wish.walk_id if self._is_mine(wish.walk_id) else None
        key = (wish.minutes, search.around, mine, search.place)
        if (starts := self._open.get(key)) is None:
            starts = self._open[key] = search.free(wish.minutes)
        return starts

    def _is_mine(self, walk_id: int | None) -> bool:
        return walk_id is not None and any(one.walk_id == walk_id for one in self._taken)

    def _search(self, wish: WalkWish) -> Search:
        around = around_in(self.settings, wish.around)
        taken = tuple(one for one in self._taken if one.walk_id is None or one.walk_id != wish.walk_id)
        place = self.board.held(wish.where).place if wish.setting == OUTDOORS else None
        return Search(self._starts, around, taken, self.board.now + self._lead, place, self.settings.zone)

    def _asked(self, wish: WalkWish, asked_at: datetime, search: Search) -> Asked:
        assert wish.starts_local is not None
        local, why = wish.starts_local, None
        if wish.walk_id is None:
            why = self._closed(search, _start(local, asked_at), wish.minutes)
        return Asked(local, asked_at, self._weigh(wish, [asked_at])[0], why is None, why)

    def _closed(self, search: Search, start: Start, minutes: int) -> Closed | None:
        return (
            gone(search, start, self.board.now)
            or day_off(self.settings, self._holidays, start.local.date())
            or closed(search, start, minutes)
            or outside_hours(self.settings, start.local, minutes)
        )

    def _weigh(self, wish: WalkWish, starts: Iterable[datetime]) -> list[Weighed]:
        """Once for each place, surroundings, length and start, and for who minds the air."""
        flags = wish.health_flags if self._air_matters else frozenset()
        there = (wish.setting, wish.where, wish.tags, flags)
        if (verdicts := self._verdicts.get(there)) is None:
            case = self.board.case(wish.where, wish.tags, _setting(wish.setting), flags)
            verdicts = self._verdicts[there] = Verdicts(case)
        known = self._weighed.setdefault((*there, wish.minutes), {})
        length, limits, found = timedelta(minutes=wish.minutes), self.board.limits, []
        for start_at in starts:
            if (weighed := known.get(start_at)) is None:
                verdict = verdicts.on(start_at, start_at + length)
                weighed = known[start_at] = weigh(verdict, limits, wish.tags)
            found.append(weighed)
        return found


def _start(local: datetime, at: datetime) -> Start:
    """An hour in no working day."""
    return Start(local, at, at + timedelta(days=1))


def _setting(text: str) -> Setting:
    return "outdoors" if text == OUTDOORS else "indoors"


def around_in(settings: PracticeSettings, own: RouteAround) -> Around:
    """A meeting place's own minutes, else the practice's."""
    before, after = own.minutes_before, own.minutes_after
    return Around(
        settings.minutes_before if before is None else before,
        settings.minutes_after if after is None else after,
    )


def first_day(now: datetime, asked_on: date | None, zone: str) -> date:
    """Where to begin looking: today, or a week before a day that is further away."""
    today_on = day_on(now, zone)
    return max(today_on, asked_on - timedelta(days=ASKED_BACK_DAYS)) if asked_on else today_on


def open_finder(
    store: Store,
    session: Session,
    settings: PracticeSettings,
    wheres: Collection[Where],
    first_on: date,
    now: datetime,
    days: int = HORIZON_DAYS,
    lead: timedelta = LEAD,
) -> Finder:
    """The agenda of the session's coach over these days, with what other calendars say, and the forecasts of these
    places. `lead`: no sooner hour is offered."""
    from_at = day_bounds(first_on, settings.zone)[0] - walk_rows.LONGEST
    until_at = day_bounds(first_on + timedelta(days=days), settings.zone)[0] + walk_rows.LONGEST
    walks = [
        walk_taken(row.starts_at, row.minutes, around_in(settings, around_of(row.route_facts)), row.id)
        for row in session.execute(queries.AGENDA, {"from_at": from_at, "until_at": until_at})
    ]
    busy = [Taken(one.starts_at, one.ends_at) for one in busy_calendars.between(session, from_at, until_at)]
    board = forecasts.board(store, session, settings, wheres, now)
    return Finder(settings, board, first_on, (*walks, *busy), days, lead)


def habits(session: Session, client_ids: Collection[int], now: datetime) -> dict[int, Habits]:
    """When these clients usually walk, from their last walks."""
    asked = {"client_ids": list(client_ids), "from_at": now - HABITS_BACK}
    walked: dict[int, list[datetime]] = {}
    for row in session.execute(queries.WALKED_WHEN, asked):
        walked.setdefault(row.client_id, []).append(row.starts_local)
    return {client_id: habits_of(times) for client_id, times in walked.items()}
