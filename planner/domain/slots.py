"""Better hours: of the starts that are open, the few best, each with what is better about it.

Ranked by verdict, number of reasons, how far from the limits (rain first), how far from what was asked, and the days
and times this client usually walks; where no weather is known at all, spread over the days. An hour with advice to move
is never proposed, nor one worse than what was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from planner.domain.closed_hour import Closed
from planner.domain.free_time import Start
from planner.domain.slot_gains import Gain, gains
from planner.domain.weather_limits import Limits
from planner.domain.weather_rules import BADNESS, GUSTS_FELT_SOONER
from planner.domain.weather_values import Verdict, WeatherNumbers

MOST_SLOTS = 5
APART = timedelta(minutes=60)
HOUR = timedelta(hours=1)
BANDS = 4
"""Under a limit, only a quarter of it makes a difference: nobody walks at another hour for 0.1 mm of rain."""
MOST_BANDS = 40
MARGIN_C = 10.0
"""So far from a limit of temperature it no longer matters."""
HABIT_WALKS = 4
"""So many of the last walks say when a client usually walks."""
ABOUT_MIN = 60
"""About the usual time."""


class Weight(NamedTuple):
    """How good the weather is; lower is better. Compared in this order."""

    badness: int
    reasons: int
    rain_band: int
    other_band: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """A verdict with its weight."""

    verdict: Verdict
    weight: Weight


@dataclass(frozen=True, slots=True)
class Habits:
    """When a client usually walks: weekdays (0 is Monday) and minutes of the day. Empty: nobody knows."""

    weekdays: frozenset[int] = frozenset()
    minutes: tuple[int, ...] = ()

    def usual_day(self, local: datetime) -> bool:
        return local.weekday() in self.weekdays

    def usual_time(self, local: datetime) -> bool:
        at = local.hour * 60 + local.minute
        return any(abs(at - usual) <= ABOUT_MIN for usual in self.minutes)

    def off_time_min(self, local: datetime) -> int:
        """Minutes from the nearest usual time; 0 when nobody knows one."""
        at = local.hour * 60 + local.minute
        return min((abs(at - usual) for usual in self.minutes), default=0)

    def strangeness(self, local: datetime) -> int:
        """0: a usual day and time. 2: neither."""
        return 2 - self.usual_day(local) - self.usual_time(local)


NO_HABITS = Habits()


@dataclass(frozen=True, slots=True)
class Asked:
    """The day and time that were asked. `weighed` is the weather then; `is_open`: it could be walked then as far as
    the agenda goes, so that another hour must be at least as good; `closed` says why not."""

    local: datetime
    at: datetime
    weighed: Weighed
    is_open: bool = True
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A proposed start with its weather, and what is better about it."""

    start: Start
    verdict: Verdict
    gains: tuple[Gain, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Best first. `asked_is_best`: what was asked is open, and no other hour has better weather; `slots` are then as
    good."""

    slots: tuple[Slot, ...]
    asked_is_best: bool = False


def habits_of(walked: Sequence[datetime]) -> Habits:
    """From the wall times of a client's walks, newest first."""
    last = walked[:HABIT_WALKS]
    return Habits(
        frozenset(local.weekday() for local in last), tuple(local.hour * 60 + local.minute for local in last)
    )


def weigh(verdict: Verdict, limits: Limits, surroundings: frozenset[str] = frozenset()) -> Weighed:
    """How a verdict compares with others for the same walk."""
    rain, others = _shares(verdict.numbers, limits, surroundings)
    weight = Weight(
        BADNESS[verdict.code],
        len(verdict.reasons),
        _band(rain),
        max((_band(one) for one in others), default=0),
    )
    return Weighed(verdict, weight)


def _band(share: float) -> int:
    return min(max(int(share * BANDS), 0), MOST_BANDS)


def _shares(
    numbers: WeatherNumbers, limits: Limits, surroundings: frozenset[str]
) -> tuple[float, list[float]]:
    """How much of each limit is used up, 1 at the limit: rain, and the rest."""
    block_mm = numbers.rain_mm if (numbers.rain_span_h or 0) > 1 else None
    rain_mm = max(numbers.rain_worst_hour_mm or 0.0, block_mm or 0.0)
    gust_kmh = limits.gust_adapt_kmh
    if surroundings & GUSTS_FELT_SOONER:
        gust_kmh = min(gust_kmh, limits.gust_trees_adapt_kmh)
    chill = numbers.wind_chill_min_c
    felt_c = numbers.temperature_min_c if chill is None else chill
    used: list[float | None] = [
        _share(numbers.gust_kmh, gust_kmh),
        _share(numbers.fog_pct, limits.fog_adapt_pct),
        None if felt_c is None else 1 - (felt_c - limits.wind_chill_adapt_c) / MARGIN_C,
        None
        if numbers.temperature_max_c is None
        else 1 - (limits.heat_adapt_c - numbers.temperature_max_c) / MARGIN_C,
    ]
    return _share(rain_mm, limits.rain_adapt_mm_h) or 0.0, [one for one in used if one is not None]


def _share(value: float | None, limit: float) -> float | None:
    if value is None:
        return None
    return value / limit if limit > 0 else float(value > 0)


def best(
    candidates: Iterable[tuple[Start, Weighed]],
    asked_for: datetime | None,
    asked: Asked | None = None,
    habits: Habits = NO_HABITS,
) -> Proposal:
    """At most five of the open starts, at least an hour apart. `asked_for`: the moment to stay near to, if any."""
    fit = [one for one in candidates if one[1].verdict.code != "move"]
    asked_is_best = False
    if asked is not None:
        fit = [one for one in fit if one[0].at != asked.at]
        if asked.is_open:
            fit, asked_is_best = _not_worse(fit, asked)

    unknown = all(weighed.verdict.code == "unknown" for _start, weighed in fit)
    ranked = (_over_days if unknown else _ranked)(fit, asked_for, habits)
    slots = [
        Slot(start, weighed.verdict, gains(start.local, weighed.verdict, asked, habits))
        for start, weighed in _apart(ranked)
    ]
    return Proposal(tuple(slots), asked_is_best)


def _not_worse(fit: list[tuple[Start, Weighed]], asked: Asked) -> tuple[list[tuple[Start, Weighed]], bool]:
    """What is better; without any, what is as good and at another hour."""
    weight = asked.weighed.weight
    better = [one for one in fit if one[1].weight < weight]
    if better:
        return better, False
    same = [one for one in fit if one[1].weight[:2] <= weight[:2] and abs(one[0].at - asked.at) >= APART]
    return same, True


def _ranked(
    fit: list[tuple[Start, Weighed]], asked_for: datetime | None, habits: Habits
) -> Iterator[tuple[Start, Weighed]]:
    """By weather; what is equally good is only put in order when its turn comes."""

    def weight(one: tuple[Start, Weighed]) -> Weight:
        return one[1].weight

    def nearness(one: tuple[Start, Weighed]) -> tuple[object, ...]:
        start = one[0]
        away = abs(start.at - asked_for) if asked_for is not None else timedelta(0)
        return away // HOUR, habits.strangeness(start.local), away, start.at

    for _weight, equal in groupby(sorted(fit, key=weight), key=weight):
        yield from sorted(equal, key=nearness)


def _over_days(
    fit: list[tuple[Start, Weighed]], asked_for: datetime | None, habits: Habits
) -> list[tuple[Start, Weighed]]:
    """First one of the day that was asked, if there is one; then about the asked or usual time, one start of each day
    before a second of any, the asked or usual day first."""

    def of_asked_day(start: Start) -> bool:
        return asked_for is not None and (start.local + (asked_for - start.at)).date() == start.local.date()

    def off_time(start: Start) -> timedelta:
        if asked_for is None:
            return timedelta(minutes=habits.off_time_min(start.local))
        days = timedelta(days=round((start.at - asked_for) / timedelta(days=1)))
        return abs(start.at - asked_for - days)

    def off_day(start: Start) -> object:
        return abs(start.at - asked_for) if asked_for is not None else not habits.usual_day(start.local)

    days: dict[date, list[tuple[Start, Weighed]]] = {}
    for one in sorted(fit, key=lambda one: (off_time(one[0]), one[0].at)):
        days.setdefault(one[0].local.date(), []).append(one)
    turns = [(turn, one) for kept in days.values() for turn, one in enumerate(_apart(kept))]
    turns.sort(
        key=lambda each: (
            each[0] > 0 or not of_asked_day(each[1][0]),
            off_time(each[1][0]) > timedelta(minutes=ABOUT_MIN),
            each[0],
            off_day(each[1][0]),
            off_time(each[1][0]),
            each[1][0].at,
        )
    )
    return [one for _turn, one in turns]


def _apart(ranked: Iterable[tuple[Start, Weighed]]) -> list[tuple[Start, Weighed]]:
    found: list[tuple[Start, Weighed]] = []
    for one in ranked:
        if all(abs(one[0].at - kept[0].at) >= APART for kept in found):
            found.append(one)
            if len(found) == MOST_SLOTS:
                break
    return found
