"""When other people's calendar files say that somebody is busy: tables of events, and what is no calendar at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.busy import (
    Busy,
    BusyTimes,
    CalendarFailed,
    Window,
    blocks_on,
    joined,
    next_look,
    window_at,
)
from planner.formats import ical
from planner.formats.busy_ical import busy_times

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WINDOW = window_at(NOW, ZONE)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Voorbeeld//NL\r\n"
CUSTOM = (
    "BEGIN:VTIMEZONE\r\nTZID:Eigen zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0300\r\n"
    "TZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def event(*lines: str, uid: str = "1") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "END:VCALENDAR\r\n").encode()


def times(documents: list[bytes], window: Window = WINDOW) -> tuple[Busy, ...]:
    return busy_times(documents, window).times


def read(*parts: str, window: Window = WINDOW) -> list[str]:
    """What is busy, in UTC: 2026-12-01 09:00/10:00; with the day of the end where that is another one."""
    return [said(one) for one in times([calendar(*parts)], window)]


def said(one: Busy) -> str:
    day = "" if one.starts_at.date() == one.ends_at.date() else f"{one.ends_at:%m-%d} "
    return f"{one.starts_at:%Y-%m-%d %H:%M}/{day}{one.ends_at:%H:%M}"


AT_TEN = ("DTSTART;TZID=Europe/Amsterdam:20261201T100000", "DTEND;TZID=Europe/Amsterdam:20261201T110000")
TEN = ["2026-12-01 09:00/10:00"]
FROM_TEN_ON = ["2026-12-01 09:00/05-25 08:00"]
"""Until the end of the window."""
EVENTS: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "in the coach's zone": (AT_TEN, TEN),
    "in UTC": (("DTSTART:20261201T090000Z", "DTEND:20261201T100000Z"), TEN),
    "on the coach's clock": (("DTSTART:20261201T100000", "DTEND:20261201T110000"), TEN),
    "New York": (("DTSTART;TZID=America/New_York:20261201T040000", "DTEND;TZID=America/New_York:20261201T050000"), TEN),
    "a length": (("DTSTART:20261201T090000Z", "DURATION:PT1H"), TEN),
    "a name that Windows gives": (("DTSTART;TZID=W. Europe Standard Time:20261201T100000", "DURATION:PT1H"), TEN),
    "a zone that nobody knows": (("DTSTART;TZID=Nergens/Dorp:20261201T100000", "DURATION:PT1H"), TEN),
    "a zone that the file explains": (("DTSTART;TZID=Eigen zone:20261201T120000", "DURATION:PT1H"), TEN),
    "a line that is folded": (("DTSTART;TZID=Europe/\r\n Amsterdam:2026120\r\n 1T100000", "DURATION:PT1H"), TEN),
    "lower case": (("dtstart:20261201T090000Z", "dtend:20261201T100000Z"), TEN),
    "a day": (("DTSTART;VALUE=DATE:20261201",), ["2026-11-30 23:00/12-01 23:00"]),
    "three days": (("DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261204"), ["2026-11-30 23:00/12-03 23:00"]),
    "free": ((*AT_TEN, "TRANSP:TRANSPARENT"), []),
    "free, as Outlook says": ((*AT_TEN, "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
    "cancelled": ((*AT_TEN, "STATUS:CANCELLED"), []),
    "perhaps": ((*AT_TEN, "STATUS:TENTATIVE", "TRANSP:OPAQUE"), TEN),
    "no length": (("DTSTART:20261201T090000Z",), []),
    "over": (("DTSTART:20260901T090000Z", "DTEND:20260901T100000Z"), []),
    "far away": (("DTSTART:20280901T090000Z", "DTEND:20280901T100000Z"), []),
    "as long as the window": (
        ("DTSTART:20200101T090000Z", "DTEND:20500101T100000Z"), ["2026-11-16 08:00/05-25 08:00"]),
    "nonsense": (("DTSTART:straks",), []),
    "a day that is not there": (("DTSTART:20261399T090000Z", "DURATION:PT1H"), []),
    "an end that cannot be counted": (("DTSTART:20261201T090000Z", "DTEND:99991231T235959Z"), FROM_TEN_ON),
    "an end at the end of time, on a clock": (
        ("DTSTART;TZID=America/New_York:20261201T040000", "DTEND;TZID=America/New_York:99991231T235959"), FROM_TEN_ON),
    "a last day that cannot be counted": (
        ("DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:99991231"), ["2026-11-30 23:00/05-25 08:00"]),
    "every week, without an end": (
        ("DTSTART:20261201T090000Z", "DTEND:99991231T000000Z", "RRULE:FREQ=WEEKLY"), FROM_TEN_ON),
    "a length that cannot be counted": (("DTSTART:20261201T090000Z", "DURATION:P99999999999D"), FROM_TEN_ON),
    "a last day behind a parameter": (
        ("DTSTART:20261201T090000Z", 'DTEND;X-A="a:20200101":20261201T100000Z'), TEN),
    "a rule that is no rule, of what takes no time": (
        (*AT_TEN, "TRANSP:TRANSPARENT", "RRULE:FREQ=WEEKLY;UNTIL=banaan"), []),
    "until a day": (
        (*AT_TEN, "RRULE:FREQ=WEEKLY;UNTIL=20261209"), [*TEN, "2026-12-08 09:00/10:00"]),
    "every week, three times": (
        (*AT_TEN, "RRULE:FREQ=WEEKLY;COUNT=3"), [*TEN, "2026-12-08 09:00/10:00", "2026-12-15 09:00/10:00"]),
    "every week but one": (
        (*AT_TEN, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Amsterdam:20261208T100000"),
        [*TEN, "2026-12-15 09:00/10:00"]),
    "and once more": ((*AT_TEN, "RDATE;TZID=Europe/Amsterdam:20261203T120000"), [*TEN, "2026-12-03 11:00/12:00"]),
    "on the last Friday, in New York": (
        ("DTSTART;TZID=America/New_York:20260130T100000", "DURATION:PT1H",
         "RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270105T000000Z"),
        ["2026-11-27 15:00/16:00", "2026-12-25 15:00/16:00"]),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "busy"), EVENTS.values(), ids=EVENTS.keys())
def test_one_event(lines: tuple[str, ...], busy: list[str]) -> None:
    assert read(CUSTOM, event(*lines)) == busy


def test_one_that_cannot_be_read_leaves_the_others() -> None:
    bad = [event(*lines, uid=name) for name, (lines, busy) in EVENTS.items() if not busy]
    assert read(CUSTOM, *bad, event(*AT_TEN, uid="good")) == TEN


def test_one_of_a_series_is_moved_and_one_is_off() -> None:
    weekly = event(*AT_TEN, "RRULE:FREQ=WEEKLY;COUNT=4")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20261208T100000",
        "DTSTART:20261209T130000Z",
        "DTEND:20261209T140000Z",
    )
    off = event("RECURRENCE-ID;TZID=Europe/Amsterdam:20261215T100000", *AT_TEN, "STATUS:CANCELLED")
    assert read(weekly, moved, off) == [*TEN, "2026-12-09 13:00/14:00", "2026-12-22 09:00/10:00"]


def test_this_and_following() -> None:
    weekly = event(*AT_TEN, "RRULE:FREQ=WEEKLY;COUNT=3")
    later = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Amsterdam:20261208T100000",
        "DTSTART;TZID=Europe/Amsterdam:20261208T140000", "DTEND;TZID=Europe/Amsterdam:20261208T150000",
    )  # fmt: skip
    assert read(weekly, later) == [*TEN, "2026-12-08 13:00/14:00", "2026-12-15 13:00/14:00"]


@pytest.mark.parametrize(
    ("zone", "local", "hours"),
    [
        # Amsterdam changes on 25 October 2026 and 28 March 2027; New York on 1 November and 14 March
        (ZONE, "100000", {"1024": "08:00", "1025": "09:00", "0327": "09:00", "0328": "08:00"}),
        ("America/New_York", "100000", {"1031": "14:00", "1101": "15:00", "0313": "15:00", "0314": "14:00"}),
        ("Asia/Tokyo", "180000", {"1024": "09:00", "1025": "09:00", "0327": "09:00", "0328": "09:00"}),
    ],
)
def test_over_both_clock_changes_it_stays_at_its_own_hour(
    zone: str, local: str, hours: dict[str, str]
) -> None:
    window = window_at(datetime(2026, 10, 20, tzinfo=UTC), ZONE)
    daily = event(f"DTSTART;TZID={zone}:20260901T{local}", "DURATION:PT30M", "RRULE:FREQ=DAILY")
    found = {
        one.starts_at.strftime("%m%d"): one.starts_at.strftime("%H:%M")
        for one in times([calendar(daily)], window)
    }
    assert {day: found[day] for day in hours} == hours
    assert len(found) == len(times([calendar(daily)], window)) > 180


@pytest.mark.parametrize(("day", "hours"), [("20261025", 25), ("20270328", 23), ("20261201", 24)])
def test_a_day_is_a_day_of_the_coach(day: str, hours: int) -> None:
    window = window_at(datetime(2026, 10, 20, tzinfo=UTC), ZONE)
    (one,) = times([calendar(event(f"DTSTART;VALUE=DATE:{day}"))], window)
    assert one.ends_at - one.starts_at == timedelta(hours=hours)
    assert one.starts_at.astimezone(ZoneInfo(ZONE)).strftime("%Y%m%d %H") == f"{day} 00"
    (block,) = blocks_on([one], one.starts_at.astimezone(ZoneInfo(ZONE)).date(), ZONE)
    assert block.whole_day


def test_our_own_walks_that_come_back_are_left_out() -> None:
    """A coach's feed of ours in another calendar, or added here by mistake, would block every walk by itself."""
    start = datetime(2026, 12, 1, 10)
    ours = ical.WalkEvent("0123456789abcdef" * 2 + "@stapvoorstap", 0, start, 60, "Wandeling", NOW)
    assert times([ical.walks([ours], feed=True)], WINDOW) == ()
    other = ical.WalkEvent("van-een-ander@stapvoorstap", 0, start, 60, "Wandeling", NOW)
    assert len(times([ical.walks([other], feed=True)], WINDOW)) == 1


def test_nothing_but_times_is_read() -> None:
    """Titles, alarms, tasks and what only programs understand: in the way of nothing, whatever is in them."""
    noise = event(
        *AT_TEN, "SUMMARY:Huisarts", "DESCRIPTION:BEGIN:VEVENT", "ATTENDEE;CN=\"x:y\":mailto:a@b", "GEO:geen",
        "BEGIN:VALARM", "TRIGGER:-P1D", "DTSTART:20261205T090000Z", "STATUS:CANCELLED", "END:VALARM", "X-A;B=:::",
    )  # fmt: skip
    task = "BEGIN:VTODO\r\nUID:9\r\nDTSTART:20261206T090000Z\r\nDUE:20261206T100000Z\r\nEND:VTODO\r\n"
    assert read(noise, task) == TEN
    odd = calendar(noise, task).replace(b"Huisarts", b"\xff\xfe\x00 caf\xe9")
    assert [said(one) for one in times([odd], WINDOW)] == TEN


def test_overlapping_appointments_are_one_time() -> None:
    some = [event(f"DTSTART:20261201T09{m:02}00Z", "DURATION:PT30M", uid=str(m)) for m in (0, 20, 40)]
    assert read(*some) == ["2026-12-01 09:00/10:10"]


def test_the_same_uid_in_another_calendar_is_another_appointment() -> None:
    other = calendar(event("DTSTART:20261202T090000Z", "DURATION:PT1H"))
    found = times([calendar(event(*AT_TEN)), other], WINDOW)
    assert [said(one) for one in found] == [*TEN, "2026-12-02 09:00/10:00"]


NO_CALENDARS = {
    "nothing": b"", "a page to sign in": b"<!DOCTYPE html><title>Inloggen</title>", "json": b'{"a": 1}',
    "cut off": calendar(event(*AT_TEN))[:-30], "another order": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
    "more ends than beginnings": calendar() + b"END:VCALENDAR\r\n", "an event alone": event(*AT_TEN).encode(),
    "UTF-16": calendar(event(*AT_TEN)).decode().encode("utf-16"), "zeros": bytes(1000),
    "a card": b"BEGIN:VCARD\r\nEND:VCARD\r\n",
    "deep": b"BEGIN:VCALENDAR\r\n" * 100_000,
    "a zone that is a folder": calendar(event("DTSTART;TZID=Europe:20261201T100000", "DURATION:PT1H")),
}  # fmt: skip


@pytest.mark.parametrize("document", NO_CALENDARS.values(), ids=NO_CALENDARS.keys())
def test_what_is_no_calendar(document: bytes) -> None:
    with pytest.raises(CalendarFailed) as raised:
        times([document], WINDOW)
    assert raised.value.problem == "not_a_calendar"


RULES = (
    "FREQ=DAILY;COUNT=99999999999999999999", "FREQ=DAILY;UNTIL=99999999T999999Z", "FREQ=WEEKLY;UNTIL=banaan",
    "FREQ=WEEKLY;BYDAY=99XX;WKST=ZZ", "FREQ=YEARLY;BYSETPOS=999;BYDAY=MO", "FREQ=SOMETIMES", "COUNT=3",
    "FREQ=DAILY;INTERVAL=99999999999999999999", "FREQ=WEEKLY;COUNT=-1", "FREQ=WEEKLY;COUNT=0",
)  # fmt: skip


def on_days(first: date, *around: tuple[str, str]) -> list[str]:
    """Each of these hours in UTC on every day from the first on, until the window ends; one of them through winter."""
    days = (first + timedelta(days=number) for number in range(400))
    return [f"{day} {start}/{end}" for day in days for start, end in around if day < date(2027, 3, 1)]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_cannot_be_read_is_no_free_time(rule: str) -> None:
    """Its hours are busy on every day from its first on; what else is there stays as it is."""
    odd = event(*AT_TEN, f"RRULE:{rule}", "EXDATE;TZID=Europe/Amsterdam:20261202T100000")
    good = event("DTSTART:20261120T120000Z", "DTEND:20261120T130000Z", uid="good")
    found = busy_times([calendar(odd, good)], WINDOW)
    assert found.unsure
    daily = on_days(date(2026, 12, 1), ("09:00", "10:00"))
    assert [said(one) for one in found.times][: len(daily) + 1] == ["2026-11-20 12:00/13:00", *daily]
    assert found.times[-1].ends_at > WINDOW.until_at - timedelta(days=2)


@pytest.mark.parametrize(
    "lines",
    [
        (*AT_TEN, "RRULE:FREQ=HOURLY;INTERVAL=99999999999999999999"),
        (*AT_TEN, "RRULE:FREQ=SOMETIMES;BYHOUR=15"),
        (*AT_TEN, "RRULE:FREQ=DAILY;BYMINUTE=x"),
        (*AT_TEN, "RDATE:ooit"),
        ("DTSTART:straks", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;UNTIL=banaan"),
        ("DTSTART:20261201T090000Z", "DTEND:straks", "RRULE:FREQ=WEEKLY;UNTIL=banaan"),
    ],
)
def test_where_not_even_the_hour_is_known_nothing_is_read(lines: tuple[str, ...]) -> None:
    with pytest.raises(CalendarFailed) as raised:
        read(event(*lines))
    assert raised.value.problem == "not_a_calendar"


def test_a_rule_that_can_be_read_is_sure() -> None:
    assert not busy_times([calendar(event(*AT_TEN, "RRULE:FREQ=WEEKLY;COUNT=3"))], WINDOW).unsure
    free = event(*AT_TEN, "TRANSP:TRANSPARENT", "RRULE:FREQ=WEEKLY;UNTIL=banaan")
    assert busy_times([calendar(free)], WINDOW) == BusyTimes()


def test_an_empty_calendar_is_one() -> None:
    assert times([calendar()], WINDOW) == ()
    assert times([b"\xef\xbb\xbf\r\n" + calendar(event(*AT_TEN)).replace(b"\r\n", b"\n")], WINDOW) != ()


TOO_MUCH = {
    "every second": event(*AT_TEN, "RRULE:FREQ=SECONDLY"),
    "every minute": event(*AT_TEN, "RRULE:FREQ=minutely;COUNT=1000000"),
    "more times than a person has": event(
        "DTSTART:20261120T090000Z", "DURATION:PT1M", "RRULE:FREQ=HOURLY;BYMINUTE=0,20,40"
    ),
    "more events than a person has": "".join(
        event("DTSTART:20261201T090000Z", "DURATION:PT1H", uid=str(n)) for n in range(20_001)
    ),
}  # fmt: skip


@pytest.mark.parametrize("part", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_too_much(part: str) -> None:
    with pytest.raises(CalendarFailed) as raised:
        read(part)
    assert raised.value.problem == "too_much"


MOMENTS = st.datetimes(datetime(2026, 11, 10), datetime(2027, 6, 10)).map(lambda at: at.replace(tzinfo=UTC))


@given(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=30), MOMENTS)
def test_joined_keeps_what_is_busy(pairs: list[tuple[datetime, datetime]], at: datetime) -> None:
    times = [Busy(*sorted(pair)) for pair in pairs]
    found = joined(times, WINDOW)
    inside = WINDOW.from_at <= at < WINDOW.until_at
    assert any(one.starts_at <= at < one.ends_at for one in found) == (
        inside and any(one.starts_at <= at < one.ends_at for one in times)
    )
    assert all(one.starts_at < one.ends_at for one in found)
    assert all(one.ends_at < other.starts_at for one, other in pairwise(found))
    days = {(NOW + timedelta(days=n)).date() for n in range(-10, 200)}
    blocks = [block for on in days for block in blocks_on(found, on, ZONE)]
    local = at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    if ZoneInfo(ZONE).utcoffset(local) == ZoneInfo(ZONE).utcoffset(local - timedelta(hours=3)):
        assert any(b.starts_local <= local < b.busy_until for b in blocks) == any(
            one.starts_at <= at < one.ends_at for one in found
        )


@given(st.integers(0, 50), st.floats(0, 1e9), st.floats(0, 1))
def test_the_next_look(failures: int, asked_s: float, chance: float) -> None:
    """Never sooner than a quarter, never later than a day, later after a failure, and not before the server asked."""
    wait = next_look(NOW, failures, asked_s, chance) - NOW
    assert timedelta(minutes=15) <= wait <= timedelta(hours=24)
    assert wait >= min(timedelta(seconds=asked_s), timedelta(hours=24))
    if failures <= 1 and asked_s < 900:
        assert wait <= timedelta(minutes=30)
    assert next_look(NOW, failures + 1, asked_s, chance) - NOW >= wait
