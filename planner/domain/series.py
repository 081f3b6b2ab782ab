"""Walks that come again every so many weeks, until a day: which days those are, and what a change does to the later
ones. No walk repeats by itself (G7): a series is asked for, and has an end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from planner.domain.busy import Busy
from planner.domain.free_time import why_off
from planner.domain.practices import PracticeSettings
from planner.domain.when import TimeDoesNotExist, local_to_moment

MOST_WEEKS = 8
MOST_WALKS = 26
USUAL_WEEKS = 2
USUAL_LENGTH = timedelta(weeks=12)
SKIPS = ("holiday", "day_off", "no_such_time", "walk", "busy")
"""Why a day of a series is left out. walk: there is one already; busy: another calendar says so."""

ONE, FOLLOWING = "one", "following"
WHICH = (ONE, FOLLOWING)
"""What a change is for: this walk, or the later ones of its series too."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often, and the last day on which one may fall."""

    every_weeks: int
    until_on: date


@dataclass(frozen=True, slots=True)
class Turn:
    """One of the starts of a series, on the wall. `skipped`: a code of SKIPS when it is left out."""

    starts_local: datetime
    skipped: str | None = None


def looked(repeat: Repeat, turns: Iterable[Turn]) -> str:
    """What a page showed: the wish, and in short the days that would be made of it. For a form to carry."""
    made = ",".join(turn.starts_local.isoformat() for turn in turns if not turn.skipped)
    return f"{repeat.every_weeks}/{repeat.until_on}/{sha256(made.encode()).hexdigest()[:16]}"


def other_days(seen: str, repeat: Repeat, turns: Iterable[Turn]) -> bool:
    """Whether the wish of `seen` makes other days by now. Of another wish no days were seen."""
    now = looked(repeat, turns)
    return now != seen and now.rpartition("/")[0] == seen.rpartition("/")[0]


def starts_after(last_local: datetime, repeat: Repeat) -> Iterator[datetime]:
    """The starts after the last one there is: the same weekday and wall time, whatever the clocks do meanwhile. At most
    MOST_WALKS."""
    for number in range(1, MOST_WALKS + 1):
        start = last_local + timedelta(weeks=repeat.every_weeks * number)
        if start.date() > repeat.until_on:
            return
        yield start


def turns(
    last_local: datetime, repeat: Repeat, settings: PracticeSettings, holidays: Collection[date]
) -> tuple[Turn, ...]:
    """The starts after the last one, days off and public holidays left out with the reason."""
    found = starts_after(last_local, repeat)
    return tuple(Turn(start, _why_skipped(start, settings, holidays)) for start in found)


def _why_skipped(start: datetime, settings: PracticeSettings, holidays: Collection[date]) -> str | None:
    try:
        local_to_moment(start, settings.zone)
    except TimeDoesNotExist:
        return "no_such_time"
    return why_off(settings, holidays, start.date())


def without_taken(
    turns: Iterable[Turn], length: timedelta, zone: str, walked: Sequence[Busy], busy: Sequence[Busy]
) -> tuple[Turn, ...]:
    """The same turns; those at which there is another walk, or something in another calendar, left out too."""

    def why(turn: Turn) -> str | None:
        if turn.skipped:
            return turn.skipped
        starts_at = local_to_moment(turn.starts_local, zone)
        for code, times in (("walk", walked), ("busy", busy)):
            if any(one.starts_at < starts_at + length and starts_at < one.ends_at for one in times):
                return code
        return None

    return tuple(replace(turn, skipped=why(turn)) for turn in turns)


def usual_weeks(walked: Iterable[datetime]) -> int:
    """How often to propose: as far apart as the last two walks were, in whole weeks. `walked`: newest first."""
    days = [moment.date() for moment in walked][:2]
    apart = round((days[0] - days[1]).days / 7) if len(days) == 2 else USUAL_WEEKS
    return apart if 1 <= apart <= MOST_WEEKS else USUAL_WEEKS


def shifted(start: datetime, before: datetime, after: datetime) -> datetime:
    """Where a later walk goes when this one goes from `before` to `after`: as many days on, and the time of day moved
    by as much on the wall."""
    return start + (after - before)
