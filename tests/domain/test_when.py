"""Local time over both clock changes, ISO weeks and months. Figures checked against security.md 3.18."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import when
from planner.domain.when import IsoWeek, NotAWeek, TimeDoesNotExist, parse_week, week_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("2026-12-01T10:00", "2026-12-01T09:00+00:00"),
        ("2026-07-01T10:00", "2026-07-01T08:00+00:00"),
        ("2027-03-28T01:59", "2027-03-28T00:59+00:00"),
        ("2027-03-28T03:00", "2027-03-28T01:00+00:00"),
        ("2027-10-31T02:30", "2027-10-31T00:30+00:00"),  # the first of two
        ("2027-10-31T03:00", "2027-10-31T02:00+00:00"),
    ],
)
def test_local_to_moment(wall: str, moment: str) -> None:
    assert when.local_to_moment(local(wall)) == datetime.fromisoformat(moment)
    assert when.moment_to_local(datetime.fromisoformat(moment)) == local(wall)


@pytest.mark.parametrize("wall", ["2026-03-29T02:30", "2027-03-28T02:00", "2027-03-28T02:59:59"])
def test_a_time_that_the_clock_skips_is_refused(wall: str) -> None:
    with pytest.raises(TimeDoesNotExist) as caught:
        when.local_to_moment(local(wall))
    assert caught.value.local == local(wall)
    assert caught.value.zone == "Europe/Amsterdam"
    assert not when.exists(local(wall))


def test_the_hour_that_comes_twice_means_the_first_whatever_fold_says() -> None:
    twice = local("2027-10-31T02:30")
    assert when.local_to_moment(twice) == when.local_to_moment(twice.replace(fold=1))
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert when.moment_to_local(second) == twice
    assert when.moment_to_local(second).fold == 0


def test_a_walk_keeps_its_real_length_over_the_change() -> None:
    # 01:30 to 03:30 on the autumn night is three hours, not two
    assert when.ends_local(local("2027-10-31T01:30"), 180) == local("2027-10-31T03:30")
    assert when.ends_local(local("2027-03-28T01:30"), 60) == local("2027-03-28T03:30")


def test_ten_o_clock_stays_ten_o_clock_over_a_change() -> None:
    before = local("2027-03-22T10:00")
    after = before + timedelta(days=7)
    assert after == local("2027-03-29T10:00")
    assert when.local_to_moment(after) - when.local_to_moment(before) == timedelta(days=7, hours=-1)


@pytest.mark.parametrize(("on", "hours"), [("2027-03-28", 23), ("2027-10-31", 25), ("2027-06-01", 24)])
def test_a_local_day_has_its_own_length(on: str, hours: int) -> None:
    starts, ends = when.day_bounds(date.fromisoformat(on))
    assert ends - starts == timedelta(hours=hours)
    assert when.day_on(starts) == date.fromisoformat(on)
    assert when.day_on(ends - timedelta(seconds=1)) == date.fromisoformat(on)


def test_zones_are_not_mixed_up() -> None:
    aware = datetime(2026, 12, 1, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="no zone"):
        when.local_to_moment(aware)
    with pytest.raises(ValueError, match="has a zone"):
        when.moment_to_local(aware.replace(tzinfo=None))


@given(moments)
def test_a_moment_comes_back_unless_its_hour_comes_twice(moment: datetime) -> None:
    wall = when.moment_to_local(moment)
    back = when.local_to_moment(wall)
    assert back == moment or (when.moment_to_local(back) == wall and moment - back == timedelta(hours=1))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
def test_every_wall_time_exists_or_is_refused(wall: datetime) -> None:
    try:
        moment = when.local_to_moment(wall)
    except TimeDoesNotExist:
        assert wall.month == 3
        assert wall.hour == 2
    else:
        assert moment.tzinfo is UTC
        assert moment.astimezone(AMSTERDAM).replace(tzinfo=None) == wall


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W48", "2026-11-23"),
        ("2026W48", "2026-11-23"),
        ("2026-W01", "2025-12-29"),
        ("2026-W53", "2026-12-28"),
        ("2027-W01", "2027-01-04"),
    ],
)
def test_parse_week(text: str, monday: str) -> None:
    week = parse_week(text)
    assert week.monday == date.fromisoformat(monday)
    assert len(week.days) == 7
    assert all(week_of(day) == week for day in week.days)
    assert parse_week(str(week)) == week


@pytest.mark.parametrize(
    "text",
    ["", "2026-W00", "2025-W53", "2026-W54", "2026-48", "26-W48", "0001-W01", "٢٠٢٦-W48", "2026-W48; x", "-"],
)
def test_what_is_not_a_week(text: str) -> None:
    with pytest.raises(NotAWeek):
        parse_week(text)


def test_weeks_follow_each_other_over_the_new_year() -> None:
    assert IsoWeek(2026, 53).next == IsoWeek(2027, 1)
    assert IsoWeek(2027, 1).previous == IsoWeek(2026, 53)
    assert IsoWeek(2025, 52).next == IsoWeek(2026, 1)


def test_the_week_of_a_clock_change_is_an_hour_shorter() -> None:
    starts, ends = parse_week("2027-W12").bounds()
    assert ends - starts == timedelta(days=7, hours=-1)


@pytest.mark.parametrize(
    ("start", "three", "six"),
    [  # domain.md 3.4, due_dates
        ("2025-11-30", "2026-02-28", "2026-05-30"),
        ("2026-01-12", "2026-04-12", "2026-07-12"),
        ("2026-01-31", "2026-04-30", "2026-07-31"),
        ("2023-11-30", "2024-02-29", "2024-05-30"),
    ],
)
def test_add_months(start: str, three: str, six: str) -> None:
    assert when.add_months(date.fromisoformat(start), 3).isoformat() == three
    assert when.add_months(date.fromisoformat(start), 6).isoformat() == six


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2026-01-12", "2026-04-11", 2),
        ("2026-01-12", "2026-04-12", 3),
        ("2025-11-30", "2026-02-28", 3),
        ("2026-05-01", "2026-04-01", 0),
        ("2026-05-01", "2026-05-01", 0),
    ],
)
def test_whole_months(since: str, until: str, months: int) -> None:
    assert when.whole_months(date.fromisoformat(since), date.fromisoformat(until)) == months


@given(days, st.integers(0, 240))
def test_so_many_months_on_is_so_many_whole_months(start: date, months: int) -> None:
    assert when.whole_months(start, when.add_months(start, months)) == months
