"""An event with a line that nobody can read never becomes free time: it stays busy, or the calendar says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.busy import Busy, BusyTimes, CalendarFailed
from planner.formats.busy_ical import busy_times
from tests.formats.test_busy_ical import AT_TEN, WINDOW, calendar, event

WEEKLY = (*AT_TEN, "RRULE:FREQ=WEEKLY;BYDAY=TU")
SURE, UNSURE, REFUSED = "sure", "unsure", "refused"
LINES = {
    "EXDATE:": SURE, "EXDATE;TZID=Europe/Amsterdam:": SURE, "EXDATE:20261208T090000Z,": SURE, "EXDATE:xx": SURE,
    "EXDATE;TZID=Europe/Amsterdam:20261208100000": SURE, "EXDATE;VALUE=PERIOD:20261208T090000Z/PT1H": SURE,
    "EXDATE:202 1208T090000Z": SURE, "EXDATE;;:20261208T090000Z": SURE, "EXDATE": SURE,
    "SEQUENCE:": SURE, "SEQUENCE:1.0": SURE, "SEQUENCE:x": SURE, "SEQUENCE:" + "9" * 5000: SURE,
    "STATUS": SURE, "TRANSP:": SURE, "RDATE:": SURE, "DURATION:xx": SURE,
    "RECURRENCE-ID:": UNSURE, "RECURRENCE-ID:xx": UNSURE, "RECURRENCE-ID;RANGE=LATER:20261208T090000Z": UNSURE,
    "EXDATE:20261399T090000Z": UNSURE, "RRULE": UNSURE,
    "RDATE:20261203T090000Z,": REFUSED,
}  # fmt: skip
RULES = {
    "FREQ=WEEKLY;UNTIL=202 0201T000000Z": UNSURE, "FREQ=WEEKLY;UNTIL=20270201 T000000Z": UNSURE,
    "FREQ=WEEKLY;BYMONTH=13": UNSURE, "FREQ=WEEKLY;INTERVAL=0": UNSURE, "FREQ=WEEKLY;INTERVAL=1_0": UNSURE,
    "FREQ=WEEKLY;FREQ=YEARLY": UNSURE, "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261222;": SURE,
}  # fmt: skip


def found(*lines: str) -> tuple[str, BusyTimes]:
    try:
        times = busy_times([calendar(event(*lines))], WINDOW)
    except CalendarFailed:
        return REFUSED, BusyTimes()
    return UNSURE if times.unsure else SURE, times


def is_busy_wherever(clean: BusyTimes, other: BusyTimes) -> bool:
    return all(
        any(busy.starts_at <= one.starts_at and one.ends_at <= busy.ends_at for busy in other.times)
        for one in clean.times
    )


@pytest.mark.parametrize(("line", "said"), LINES.items(), ids=[line[:40] for line in LINES])
def test_a_line_that_cannot_be_read_frees_nothing(line: str, said: str) -> None:
    how, times = found(*WEEKLY, line)
    assert how == said
    assert how == REFUSED or is_busy_wherever(found(*WEEKLY)[1], times)


@pytest.mark.parametrize(("rule", "said"), RULES.items())
def test_a_rule_with_a_part_that_cannot_be(rule: str, said: str) -> None:
    how, times = found(*AT_TEN, f"RRULE:{rule}")
    assert how == said
    assert is_busy_wherever(found(*AT_TEN, "RRULE:FREQ=WEEKLY;UNTIL=20261222T235959Z")[1], times)


def test_until_its_own_day_it_is_there_once() -> None:
    assert found(*WEEKLY[:2], "RRULE:FREQ=WEEKLY;UNTIL=20261201") == found(*AT_TEN)


def test_a_length_that_cannot_be_read_is_said() -> None:
    for lines in (("DTEND:straks",), ("DTEND:202 1201T100000Z",), ("DURATION:",)):
        assert found(AT_TEN[0], *lines)[0] == REFUSED


def test_a_moved_one_of_which_nobody_knows_which() -> None:
    """The series stays as it is, and the moved one is busy too."""
    moved = event("RECURRENCE-ID:ooit", "DTSTART:20261209T130000Z", "DTEND:20261209T140000Z")
    times = busy_times([calendar(event(*WEEKLY), moved)], WINDOW)
    assert times.unsure
    assert is_busy_wherever(found(*WEEKLY)[1], times)
    at = datetime.fromisoformat("2026-12-09T13:00Z")
    assert is_busy_wherever(BusyTimes((Busy(at, at + timedelta(hours=1)),)), times)


WHOLE = (
    *AT_TEN, "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;UNTIL=20270201T000000Z",
    "EXDATE;TZID=Europe/Amsterdam:20261208T100000", "RDATE;TZID=Europe/Amsterdam:20261203T120000",
    "SEQUENCE:1", "TRANSP:OPAQUE", "STATUS:CONFIRMED",
)  # fmt: skip
CLEAN = found(*WHOLE)


@given(
    st.integers(1, len(WHOLE) - 1), st.integers(0, 60), st.text(";,=:XZT-+_ é\x00", max_size=3), st.booleans()
)
def test_one_garbled_line_is_never_free_time(which: int, at: int, put_in: str, takes_one: bool) -> None:
    lines = list(WHOLE)
    head, _, value = lines[which].rpartition(":")
    at = min(at, len(value))
    lines[which] = f"{head}:{value[:at]}{put_in}{value[at + takes_one :]}"
    how, times = found(*lines)
    assert how == REFUSED or is_busy_wherever(CLEAN[1], times), lines[which]
