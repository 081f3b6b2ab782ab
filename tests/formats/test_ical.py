"""Calendar files: read back with icalendar, and with a small reader of our own that knows nothing of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import when
from planner.formats.ical import WalkEvent, one_walk, walks

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CHANGED_AT = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
WALK = WalkEvent(
    uid="4711@stap-voor-stap",
    sequence=3,
    starts_local=datetime(2026, 12, 1, 10),
    minutes=45,
    summary="Wandeling",
    last_modified_at=CHANGED_AT,
    location="Parkeerplaats bij de schaapskooi, De Bilt",
    latitude=52.1,
    longitude=5.18,
)
words = st.text(st.characters(codec="utf-8"), max_size=120)


@dataclass(frozen=True)
class Line:
    name: str
    params: dict[str, str]
    value: str


def read_lines(content: bytes) -> list[Line]:
    """RFC 5545 3.1 by hand: CRLF, folding, at most 75 octets a line, name;params:value."""
    assert content.endswith(b"\r\n")
    physical = content[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical)
    assert not any(b"\r" in line or b"\n" in line for line in physical)
    unfolded = content[:-2].replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    lines = []
    for line in unfolded:
        head, _, value = line.partition(":")
        name, *params = head.split(";")
        lines.append(Line(name, dict(param.split("=", 1) for param in params), value))
    return lines


def unescaped(value: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda match: "\n" if match[1] in "nN" else match[1], value)


def component(lines: list[Line], name: str) -> list[Line]:
    names = [(line.name, line.value) for line in lines]
    return lines[names.index(("BEGIN", name)) + 1 : names.index(("END", name))]


def value_of(lines: list[Line], name: str) -> str:
    (found,) = [line.value for line in lines if line.name == name]
    return found


def event_of(content: bytes) -> Any:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


def test_one_walk_line_by_line() -> None:
    lines = read_lines(one_walk(WALK))
    assert [(line.name, line.value) for line in lines[:4]] == [
        ("BEGIN", "VCALENDAR"),
        ("PRODID", "-//Stap voor stap//Wandelingen//NL"),
        ("VERSION", "2.0"),
        ("CALSCALE", "GREGORIAN"),
    ]
    assert [(line.name, line.params, line.value) for line in component(lines, "VEVENT")] == [
        ("UID", {}, "4711@stap-voor-stap"),
        ("SEQUENCE", {}, "3"),
        ("DTSTAMP", {}, "20261122T201500Z"),
        ("LAST-MODIFIED", {}, "20261122T201500Z"),
        ("DTSTART", {"TZID": "Europe/Amsterdam"}, "20261201T100000"),
        ("DTEND", {"TZID": "Europe/Amsterdam"}, "20261201T104500"),
        ("STATUS", {}, "CONFIRMED"),
        ("TRANSP", {}, "OPAQUE"),
        ("CLASS", {}, "PRIVATE"),
        ("SUMMARY", {}, "Wandeling"),
        ("LOCATION", {}, "Parkeerplaats bij de schaapskooi\\, De Bilt"),
        ("GEO", {}, "52.1;5.18"),
    ]
    names = {line.name for line in lines}
    assert not names & {"METHOD", "ORGANIZER", "ATTENDEE", "VALARM", "URL", "DESCRIPTION"}


def test_the_zone_rules_are_those_of_amsterdam() -> None:
    lines = component(read_lines(one_walk(WALK)), "VTIMEZONE")
    assert lines[0] == Line("TZID", {}, "Europe/Amsterdam")
    rules = {
        kind: {line.name: line.value for line in component(lines, kind)} for kind in ("DAYLIGHT", "STANDARD")
    }
    assert rules["DAYLIGHT"]["TZOFFSETTO"] == rules["STANDARD"]["TZOFFSETFROM"] == "+0200"
    assert rules["DAYLIGHT"]["TZOFFSETFROM"] == rules["STANDARD"]["TZOFFSETTO"] == "+0100"
    assert set(rules["DAYLIGHT"]["RRULE"].split(";")) == {"FREQ=YEARLY", "BYMONTH=3", "BYDAY=-1SU"}
    assert set(rules["STANDARD"]["RRULE"].split(";")) == {"FREQ=YEARLY", "BYMONTH=10", "BYDAY=-1SU"}


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)))
def test_a_reader_that_only_knows_our_rules_gets_the_right_moment(wall: datetime) -> None:
    """Works the rules out by hand, without any zone table."""
    wall = wall.replace(second=0, microsecond=0)
    if not when.exists(wall) or when.ends_local(wall, 60) == wall:  # never, or twice
        return
    lines = component(read_lines(one_walk(replace(WALK, starts_local=wall))), "VTIMEZONE")
    changes = []
    for kind in ("DAYLIGHT", "STANDARD"):
        rule = {line.name: line.value for line in component(lines, kind)}
        month = int(rule["RRULE"].split("BYMONTH=")[1].split(";")[0])
        last = datetime(wall.year, month, 31, int(rule["DTSTART"][9:11]))
        changes.append((last - timedelta(days=(last.weekday() + 1) % 7), int(rule["TZOFFSETTO"][:3])))
    (to_summer, summer), (to_winter, winter) = changes
    offset = summer if to_summer <= wall < to_winter else winter
    assert (wall - timedelta(hours=offset)).replace(tzinfo=UTC) == when.local_to_moment(wall)


@pytest.mark.parametrize(
    ("starts", "minutes", "starts_at", "ends_at"),
    [
        ("2026-12-01T10:00", 45, "2026-12-01T09:00Z", "2026-12-01T09:45Z"),
        ("2027-03-27T10:00", 45, "2027-03-27T09:00Z", "2027-03-27T09:45Z"),
        ("2027-03-28T10:00", 45, "2027-03-28T08:00Z", "2027-03-28T08:45Z"),
        ("2027-10-30T10:00", 45, "2027-10-30T08:00Z", "2027-10-30T08:45Z"),
        ("2027-10-31T10:00", 45, "2027-10-31T09:00Z", "2027-10-31T09:45Z"),
        ("2026-12-31T23:30", 60, "2026-12-31T22:30Z", "2026-12-31T23:30Z"),
        # right over the change itself
        ("2027-03-28T01:30", 60, "2027-03-28T00:30Z", "2027-03-28T01:30Z"),
        ("2027-10-31T01:30", 120, "2027-10-30T23:30Z", "2027-10-31T01:30Z"),
        ("2027-10-31T02:30", 60, "2027-10-31T00:30Z", "2027-10-31T01:30Z"),
    ],
)
def test_start_and_end_over_both_clock_changes(
    starts: str, minutes: int, starts_at: str, ends_at: str
) -> None:
    content = one_walk(replace(WALK, starts_local=datetime.fromisoformat(starts), minutes=minutes))
    event = event_of(content)
    start = event["dtstart"].dt
    assert start.replace(tzinfo=AMSTERDAM).astimezone(UTC) == datetime.fromisoformat(starts_at)
    lines = component(read_lines(content), "VEVENT")
    assert value_of(lines, "DTSTART") == datetime.fromisoformat(starts).strftime("%Y%m%dT%H%M%S")
    if "dtend" in event:
        assert event["dtend"].dt.replace(tzinfo=AMSTERDAM).astimezone(UTC) == datetime.fromisoformat(ends_at)
    else:
        real = datetime.fromisoformat(ends_at) - datetime.fromisoformat(starts_at)
        assert event["duration"].dt == real == timedelta(minutes=minutes)


def test_a_cancelled_walk_keeps_its_uid_and_says_so() -> None:
    event = event_of(one_walk(replace(WALK, cancelled=True, sequence=4)))
    assert str(event["uid"]) == WALK.uid
    assert int(event["sequence"]) == 4
    assert str(event["status"]) == "CANCELLED"
    assert str(event["transp"]) == "TRANSPARENT"


def test_the_same_walk_gives_the_same_bytes() -> None:
    assert one_walk(WALK) == one_walk(replace(WALK))


def test_many_walks_share_one_zone_block() -> None:
    content = walks([replace(WALK, uid=str(number)) for number in range(5)], name="Wandelingen")
    lines = read_lines(content)
    assert sum(line == Line("BEGIN", {}, "VTIMEZONE") for line in lines) == 1
    assert [line.value for line in lines if line.name == "UID"] == ["0", "1", "2", "3", "4"]
    assert value_of(lines, "X-WR-CALNAME") == "Wandelingen"


def test_no_walks_is_a_calendar_too() -> None:
    assert not icalendar.Calendar.from_ical(walks([])).walk("VEVENT")


def test_another_zone_brings_its_own_rules() -> None:
    event = replace(WALK, zone="Europe/London")
    calendar = icalendar.Calendar.from_ical(one_walk(event))
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Europe/London"
    assert zone.to_tz().utcoffset(WALK.starts_local) == timedelta(0)


@given(words, words, words)
def test_any_words_come_back_and_add_no_line(summary: str, location: str, description: str) -> None:
    content = one_walk(replace(WALK, summary=f"W{summary}", location=location, description=description))
    lines = read_lines(content)
    allowed = {"SUMMARY", "LOCATION", "DESCRIPTION"}
    usual = [line.name for line in read_lines(one_walk(WALK)) if line.name not in allowed]
    assert [line.name for line in lines if line.name not in allowed] == usual
    event = event_of(content)
    assert str(event["summary"]) == unescaped(value_of(lines, "SUMMARY")).strip()
    shown = "".join(char for char in f"W{summary}" if char.isprintable())
    assert re.sub(r"\s", "", str(event["summary"])) == re.sub(r"\s", "", shown)


@pytest.mark.parametrize(
    "nasty",
    [
        "Bos\r\nATTENDEE:mailto:x@example.org",
        "Bos\nEND:VEVENT\nBEGIN:VEVENT",
        "Bos\x00\x07\x0b\x0c\x1c\x85\u2028\u2029",
        "Bos \ud800 half",
        "komma, punt; streep\\ en dubbele: punt",
        "é" * 200,
        "👣" * 60,
    ],
)
def test_nasty_words_stay_words(nasty: str) -> None:
    for field in ("summary", "location", "description", "uid", "url"):
        content = one_walk(replace(WALK, **{field: nasty}))
        names = [line.name for line in component(read_lines(content), "VEVENT")]
        assert len(names) == len(set(names)), field
        assert "ATTENDEE" not in names
        assert len(icalendar.Calendar.from_ical(content).walk("VEVENT")) == 1


def test_lines_in_a_description_are_kept() -> None:
    event = event_of(one_walk(replace(WALK, description="Eerste regel\nTweede, met komma; en\\streep")))
    assert str(event["description"]) == "Eerste regel\nTweede, met komma; en\\streep"


def test_a_very_long_text_is_cut() -> None:
    assert len(str(event_of(one_walk(replace(WALK, description="a" * 9000)))["description"])) == 2000


def test_half_a_place_is_no_place() -> None:
    assert "geo" not in event_of(one_walk(replace(WALK, longitude=None)))


def test_a_time_that_does_not_exist_has_no_calendar() -> None:
    with pytest.raises(when.TimeDoesNotExist):
        one_walk(replace(WALK, starts_local=datetime(2027, 3, 28, 2, 30)))
