"""Which days a series has, and where a change takes the later ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.busy import Busy
from planner.domain.practices import DaysOff, PracticeSettings
from planner.domain.series import (
    MOST_WALKS,
    Repeat,
    Turn,
    looked,
    other_days,
    shifted,
    starts_after,
    turns,
    usual_weeks,
    without_taken,
)
from planner.domain.when import local_to_moment

TUESDAY = datetime(2026, 12, 1, 10)
WALL = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@given(WALL, st.integers(1, 8), st.integers(0, 400))
def test_the_same_weekday_and_time_on_the_wall(last: datetime, weeks: int, days: int) -> None:
    until_on = last.date() + timedelta(days=days)
    found = list(starts_after(last, Repeat(weeks, until_on)))
    assert len(found) == min(MOST_WALKS, days // (7 * weeks))
    assert {(one.weekday(), one.time()) for one in found} <= {(last.weekday(), last.time())}
    assert all(last < one and one.date() <= until_on for one in found)


@pytest.mark.parametrize("last", [datetime(2027, 3, 23, 10), datetime(2026, 10, 20, 10)])
def test_ten_o_clock_stays_ten_o_clock_over_both_clock_changes(last: datetime) -> None:
    moments = [
        local_to_moment(one) for one in starts_after(last, Repeat(1, last.date() + timedelta(weeks=2)))
    ]
    assert [moment.astimezone(ZoneInfo("Europe/Amsterdam")).hour for moment in moments] == [10, 10]
    assert moments[0].hour != local_to_moment(last).hour, "another hour in UTC"


def test_days_off_are_left_out_with_the_reason() -> None:
    settings = PracticeSettings(days_off=(DaysOff(date(2026, 12, 8), date(2026, 12, 9)),))
    found = turns(TUESDAY, Repeat(1, date(2026, 12, 29)), settings, [date(2026, 12, 22)])
    assert [turn.skipped for turn in found] == ["day_off", None, "holiday", None]
    working = turns(
        TUESDAY, Repeat(3, date(2026, 12, 29)), PracticeSettings(holidays_off=False), [date(2026, 12, 22)]
    )
    assert [turn.skipped for turn in working] == [None]


def test_an_hour_that_the_clock_skips_is_left_out() -> None:
    (turn,) = turns(datetime(2027, 3, 21, 2, 30), Repeat(1, date(2027, 3, 28)), PracticeSettings(), [])
    assert turn.skipped == "no_such_time"


@pytest.mark.parametrize(
    ("starts", "ends", "taken"),
    [
        ("09:00", "10:00", False),
        ("09:00", "10:01", True),
        ("10:10", "10:20", True),
        ("10:39", "11:00", True),
        ("10:40", "11:00", False),
        ("00:00", "23:59", True),
    ],
)
def test_one_may_start_when_another_ends(starts: str, ends: str, taken: bool) -> None:
    def at(clock: str) -> datetime:
        return local_to_moment(datetime.fromisoformat(f"2026-12-08T{clock}"))

    there = (Busy(at(starts), at(ends)),)
    turns = (Turn(TUESDAY), Turn(TUESDAY + timedelta(weeks=1)))
    for code, walked, busy in (("walk", there, ()), ("busy", (), there), ("walk", there, there)):
        found = without_taken(turns, timedelta(minutes=40), "Europe/Amsterdam", walked, busy)
        assert [turn.skipped for turn in found] == [None, code if taken else None]


def test_a_day_off_stays_a_day_off() -> None:
    always = (Busy(local_to_moment(TUESDAY), local_to_moment(TUESDAY + timedelta(days=1))),)
    turns = (Turn(TUESDAY, "holiday"),)
    assert without_taken(turns, timedelta(minutes=40), "Europe/Amsterdam", always, always) == turns


@pytest.mark.parametrize(
    ("walked", "weeks"),
    [
        ([], 2),
        ([TUESDAY], 2),
        ([TUESDAY, TUESDAY - timedelta(days=7)], 1),
        ([TUESDAY, TUESDAY - timedelta(days=20)], 3),
        ([TUESDAY, TUESDAY - timedelta(hours=2)], 2),
        ([TUESDAY, TUESDAY - timedelta(days=200)], 2),
    ],
)
def test_as_far_apart_as_the_last_two(walked: list[datetime], weeks: int) -> None:
    assert usual_weeks(walked) == weeks


@given(WALL, WALL, WALL)
def test_what_moves_back_is_where_it_was(start: datetime, before: datetime, after: datetime) -> None:
    assert shifted(shifted(start, before, after), after, before) == start
    assert shifted(before, before, after) == after


@pytest.mark.parametrize(
    ("repeat", "found", "other"),
    [
        (Repeat(1, date(2026, 12, 15)), [Turn(TUESDAY), Turn(TUESDAY + timedelta(weeks=1))], False),
        (Repeat(1, date(2026, 12, 15)), [Turn(TUESDAY), Turn(TUESDAY + timedelta(weeks=1), "walk")], True),
        (Repeat(1, date(2026, 12, 15)), [Turn(TUESDAY)], True),
        (Repeat(1, date(2026, 12, 15)), [Turn(TUESDAY.replace(hour=9)), Turn(TUESDAY)], True),
        (Repeat(2, date(2026, 12, 15)), [Turn(TUESDAY)], False),
        (Repeat(1, date(2026, 12, 22)), [Turn(TUESDAY)], False),
    ],
    ids=["the same", "one left out", "one gone", "another hour", "another wish", "another end"],
)
def test_other_days_than_were_seen(repeat: Repeat, found: list[Turn], other: bool) -> None:
    days = [Turn(TUESDAY), Turn(TUESDAY + timedelta(weeks=1)), Turn(TUESDAY + timedelta(weeks=2), "holiday")]
    seen = looked(Repeat(1, date(2026, 12, 15)), days)
    assert other_days(seen, repeat, found) == other
    assert not other_days("", repeat, found), "nothing was seen"
