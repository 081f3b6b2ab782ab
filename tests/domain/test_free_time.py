"""When a walk could start: tables of cases, and both clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.free_time import (
    HINDRANCES,
    Around,
    Hindrance,
    Search,
    Start,
    Taken,
    blocked,
    free,
    in_daylight,
    is_off,
    quarters,
    walk_taken,
)
from planner.domain.practices import BlockedHours, DaysOff, PracticeSettings, WorkingHours
from planner.domain.when import local_to_moment
from tests.domain.weather_makers import UTRECHT

TUESDAY = date(2026, 11, 24)
KINGS_DAY = date(2027, 4, 27)
EVERY_DAY = tuple(WorkingHours(day, "09:00", "17:00") for day in range(7))
WEEK = PracticeSettings(working_hours=EVERY_DAY)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def at(hour: int, minute: int = 0, on: date = TUESDAY) -> datetime:
    """A Dutch wall time as a moment."""
    return local_to_moment(datetime.combine(on, time(hour, minute)))


def shown(starts: tuple[Start, ...]) -> list[str]:
    return [f"{start.local:%H:%M}" for start in starts]


def one_day(
    hours: tuple[str, str] = ("09:00", "17:00"), on: date = TUESDAY, **more: object
) -> PracticeSettings:
    settings = PracticeSettings(working_hours=(WorkingHours(on.weekday(), *hours),))
    return replace(settings, **more)  # type: ignore[arg-type]


def search(settings: PracticeSettings, **more: object) -> Search:
    found = Search(quarters(settings, (), TUESDAY, 1), Around(), (), LONG_AGO, UTRECHT, settings.zone)
    return replace(found, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hours", "first", "last", "count"),
    [
        (("09:00", "10:00"), "09:00", "09:45", 4),
        (("09:10", "10:00"), "09:15", "09:45", 3),
        (("09:00", "09:40"), "09:00", "09:30", 3),
        (("23:00", "23:59"), "23:00", "23:45", 4),
    ],
)
def test_quarters_of_the_clock(hours: tuple[str, str], first: str, last: str, count: int) -> None:
    found = shown(quarters(one_day(hours), (), TUESDAY, 7))
    assert (found[0], found[-1], len(found)) == (first, last, count)


@pytest.mark.parametrize(
    ("settings", "free_on"),
    [
        (WEEK, True),
        (replace(WEEK, days_off=(DaysOff(TUESDAY, TUESDAY),)), False),
        (replace(WEEK, days_off=(DaysOff(date(2026, 11, 20), date(2026, 11, 30)),)), False),
        (replace(WEEK, days_off=(DaysOff(date(2026, 11, 25), date(2026, 11, 30)),)), True),
    ],
)
def test_days_off(settings: PracticeSettings, free_on: bool) -> None:
    assert is_off(settings, (), TUESDAY) is not free_on
    assert bool(quarters(settings, (), TUESDAY, 1)) is free_on


def test_holidays_are_off_unless_the_coach_works_then() -> None:
    assert quarters(WEEK, {KINGS_DAY}, KINGS_DAY, 1) == ()
    assert quarters(replace(WEEK, holidays_off=False), {KINGS_DAY}, KINGS_DAY, 1)


@pytest.mark.parametrize(
    ("around", "taken", "expected"),
    [
        (Around(), (), ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45", "11:00", "11:15"]),
        # a walk 10:00-10:30 with nothing around it: one may end when it starts, and start when it ends
        (Around(), (Taken(at(10), at(10, 30)),), ["09:00", "09:15", "10:30", "10:45", "11:00", "11:15"]),
        # the walk's own quarter around it
        (Around(), (walk_taken(at(10), 30, Around(15, 15), 1),), ["09:00", "10:45", "11:00", "11:15"]),
        # and the new walk's: before and after differ
        (Around(0, 15), (walk_taken(at(10), 30, Around(0, 0), 1),), ["09:00", "10:30", "10:45", "11:00", "11:15"]),
        (Around(15, 0), (walk_taken(at(10), 30, Around(0, 0), 1),), ["09:00", "09:15", "10:45", "11:00", "11:15"]),
        (Around(15, 15), (walk_taken(at(10), 30, Around(15, 15), 1),), ["11:00", "11:15"]),
        # two that overlap count as one
        (Around(), (Taken(at(8), at(10)), Taken(at(9), at(11))), ["11:00", "11:15"]),
    ],
)  # fmt: skip
def test_around_what_is_planned(around: Around, taken: tuple[Taken, ...], expected: list[str]) -> None:
    starts = quarters(one_day(("09:00", "12:00")), (), TUESDAY, 1)
    assert shown(free(starts, 45, around, taken, LONG_AGO)) == expected


def test_not_before_one_can_get_ready() -> None:
    starts = quarters(one_day(("09:00", "12:00")), (), TUESDAY, 1)
    assert shown(free(starts, 45, Around(), (), at(10, 50))) == ["11:00", "11:15"]


def test_blocked_by_hand() -> None:
    settings = one_day(
        blocked_hours=(
            BlockedHours("09:00", "11:00", on=TUESDAY),
            BlockedHours("12:00", "16:00", weekday=TUESDAY.weekday()),
            BlockedHours("16:00", "17:00", weekday=(TUESDAY.weekday() + 1) % 7),
        )
    )
    starts, taken = quarters(settings, (), TUESDAY, 1), blocked(settings, TUESDAY, 1)
    assert shown(free(starts, 60, Around(), taken, LONG_AGO)) == ["11:00", "16:00"]
    assert shown(free(starts, 45, Around(5, 5), taken, LONG_AGO)) == ["16:15"]


def test_daylight_is_from_sunrise_to_dusk() -> None:
    """Utrecht, 21 December: sunrise 08:46, dusk 17:11."""
    on = date(2026, 12, 21)
    starts = quarters(one_day(("07:00", "19:00"), on), (), on, 1)
    lit = [start for start in starts if in_daylight(UTRECHT, start, 40, "Europe/Amsterdam")]
    assert (shown(tuple(lit))[0], shown(tuple(lit))[-1]) == ("09:00", "16:30")


ROUND_THE_CLOCK = PracticeSettings(
    working_hours=tuple(WorkingHours(day, "00:00", "23:59") for day in range(7))
)


@pytest.mark.parametrize(
    ("on", "count", "without"),
    [
        (date(2027, 3, 28), 92, ["02:00", "02:15", "02:30", "02:45"]),  # spring: an hour less
        (date(2026, 10, 25), 96, []),  # autumn: the hour that comes twice is a start once
        (TUESDAY, 96, []),
    ],
)
def test_both_clock_changes(on: date, count: int, without: list[str]) -> None:
    starts = quarters(ROUND_THE_CLOCK, (), on, 1)
    locals_ = [start.local for start in starts]
    assert len(starts) == len(set(locals_)) == count
    assert not {f"{local:%H:%M}" for local in locals_} & set(without)
    assert all(start.at == local_to_moment(start.local) for start in starts)
    assert [start.at for start in starts] == sorted(start.at for start in starts)


def test_a_walk_over_the_change_ends_by_real_minutes() -> None:
    """28 March 2027: from 01:30, 60 minutes end at 03:30 on the clock."""
    on = date(2027, 3, 28)
    starts = quarters(one_day(("01:30", "03:20"), on), (), on, 1)
    assert shown(free(starts, 60, Around(), (), LONG_AGO)) == []
    starts = quarters(one_day(("01:30", "03:30"), on), (), on, 1)
    assert shown(free(starts, 60, Around(), (), LONG_AGO)) == ["01:30"]


def test_blocked_in_the_hour_that_comes_twice_is_blocked_both_times() -> None:
    on = date(2026, 10, 25)
    settings = replace(ROUND_THE_CLOCK, blocked_hours=(BlockedHours("02:00", "02:30", on=on),))
    (taken,) = blocked(settings, on, 1)
    assert taken.until_at - taken.from_at == timedelta(minutes=90)


MINUTES = st.integers(20, 90)
TAKEN = st.lists(
    st.tuples(st.integers(0, 14 * 96), st.integers(1, 12)).map(
        lambda one: Taken(
            at(0) + one[0] * timedelta(minutes=15), at(0) + (one[0] + one[1]) * timedelta(minutes=15)
        )
    ),
    max_size=12,
)


@given(MINUTES, st.integers(0, 60), st.integers(0, 60), TAKEN)
def test_what_is_free_touches_nothing_else(minutes: int, before: int, after: int, taken: list[Taken]) -> None:
    """And nothing that is free is left out: against the plain rule."""
    starts = quarters(WEEK, (), TUESDAY)
    found = free(starts, minutes, Around(before, after), taken, LONG_AGO)
    expected = [
        start
        for start in starts
        if start.at + timedelta(minutes=minutes) <= start.day_ends_at
        and not any(
            one.from_at < start.at + timedelta(minutes=minutes + after)
            and start.at - timedelta(minutes=before) < one.until_at
            for one in taken
        )
    ]
    assert list(found) == expected


@pytest.mark.parametrize(
    ("found", "minutes", "said"),
    [
        (search(PracticeSettings(working_hours=())), 45, Hindrance("no_hours", 45)),
        (search(one_day(days_off=(DaysOff(TUESDAY, TUESDAY),))), 45, Hindrance("days_off", 45)),
        (search(WEEK, not_before=at(18)), 45, Hindrance("days_off", 45)),
        (search(one_day(("10:00", "10:30"))), 45, Hindrance("hours_short", 45, 30)),
        (search(one_day(("16:30", "19:00"))), 90, Hindrance("daylight_short", 90, 45)),
        (search(one_day(("19:00", "22:00"))), 45, Hindrance("daylight_short", 45, 0)),
        (search(one_day(("19:00", "22:00")), place=None), 45, Hindrance("weather", 45)),
        (search(one_day(("10:00", "12:00")), taken=(Taken(at(11), at(12)),)), 90, Hindrance("busy", 90, 60)),
        (
            search(one_day(("10:00", "12:00")), taken=(Taken(at(11), at(12)),), around=Around(0, 20)),
            90,
            Hindrance("busy", 90, 40),
        ),
        (search(WEEK, taken=(Taken(at(0), at(23)),)), 45, Hindrance("busy", 45, 0)),
        (search(WEEK), 45, Hindrance("weather", 45)),
    ],
)
def test_what_stands_in_the_way_and_by_how_much(found: Search, minutes: int, said: Hindrance) -> None:
    why = found.hindrance(minutes, has_hours=said.code != "no_hours")
    assert replace(why, light_local=None) == said
    assert why.over_min == (None if said.fits_min is None else minutes - said.fits_min)
    assert (why.light_local is not None) == ((said.code, said.fits_min) == ("daylight_short", 0))
    assert said.code in HINDRANCES
