"""Other people's calendar files (RFC 5545): when somebody is busy, and nothing else.

Titles, places, descriptions, guests and alarms are thrown away before anything is read. What is left is expanded by
recurring-ical-events. Rules of ours: an event takes time unless it is cancelled or free (TRANSP, and Outlook's own
mark); a day is a day of the coach's zone, and so is a time that names no zone or one that nobody knows. A length that
runs through the night of a clock change is wall time, so an hour more or less.

A rule of a hostile file can keep the library at work for ever, so whoever reads what comes from outside does that in
a process of its own, with limits (planner/outside/apart.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from planner.domain.busy import MOST_TIMES, Busy, BusyTimes, CalendarFailed, Window, joined
from planner.formats.busy_lines import name_of, plain
from planner.formats.ical import UID_OF_OURS

if TYPE_CHECKING:
    from icalendar import Calendar

MOST_EVENTS = 20_000
"""Of so many events that are not over; more is no calendar of a person."""
MOST_DEPTH = 8
Span = tuple[date | datetime, date | datetime]
_EVENT_LINES = frozenset(
    {
        "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "STATUS",
        "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS",
    }
)  # fmt: skip
_ZONE_LINES = frozenset({"TZID", "DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"})
_REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID", "DURATION")
_DAY = re.compile(r"(?<=:)\s*([0-9]{8})(?=[^:]*$)")
"""In the value, which is after the last colon: a parameter in quotes may hold one too."""
_LONG = re.compile(r"[0-9]{5,}(?=[WD])", re.IGNORECASE)
_TOO_OFTEN = re.compile(r"FREQ=(?:SECONDLY|MINUTELY)", re.IGNORECASE)
_OTHER_HOURS = re.compile(r"HOURLY|BYHOUR|BYMINUTE|BYSECOND", re.IGNORECASE)
_AROUND = timedelta(days=2)
"""More than any two zones differ."""
_STUMBLES = (
    ValueError, LookupError, AttributeError, TypeError, ArithmeticError, RecursionError, AssertionError, OSError,
)  # fmt: skip
"""What the libraries say of a broken file (OSError: a zone that names a folder). Only their calls are guarded, so that
a fault of ours is not taken for one of the file."""


def busy_times(documents: Sequence[bytes], window: Window) -> BusyTimes:
    """When these calendar files say that somebody is busy, within the window.

    Each is read by itself: in another calendar the same UID may be another appointment. Raises CalendarFailed:
    not_a_calendar, or too_much; anything else is a fault of ours.
    """
    kept = [list(_essence(document, window)) for document in documents]
    if sum(map(len, kept)) > MOST_EVENTS:
        raise CalendarFailed("too_much")
    calendars = [_parsed(parts) for parts in kept if parts]
    unsure = [event for calendar in calendars for event in _unreadable(calendar)]
    for event in unsure:
        _return_daily(event)
    expanded = [_expanded(calendar, window) for calendar in calendars]
    spans = (span for spans, _ in expanded for span in spans)
    found = joined((Busy(_moment(first, window), _moment(last, window)) for first, last in spans), window)
    if len(found) > MOST_TIMES:
        raise CalendarFailed("too_much")
    return BusyTimes(found, bool(unsure) or any(is_unsure for _, is_unsure in expanded))


def _parsed(parts: Iterable[str]) -> Calendar:
    from icalendar import Calendar  # only who reads a calendar pays for it

    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", *parts, "END:VCALENDAR", ""])
    try:
        return Calendar.from_ical(text)
    except _STUMBLES as error:
        raise CalendarFailed("not_a_calendar") from error


def _expanded(calendar: Calendar, window: Window) -> tuple[list[Span], bool]:
    """What is busy, and whether some of it stands where nobody knows."""
    try:
        return _spans(calendar, window), False
    except _STUMBLES:
        found = [_alone(events, window) for events in _by_uid(calendar)]
    return [span for spans, _ in found for span in spans], any(is_unsure for _, is_unsure in found)


def _alone(events: Sequence[Any], window: Window) -> tuple[list[Span], bool]:
    """A series by itself: the others stay, and this one is on all days when it cannot be worked out."""
    timed = [event for event in events if not _has_no_time(event)]
    try:
        return _spans(_calendar_of(timed), window), False
    except _STUMBLES:
        unsure = [event for event in timed if _takes_time(event)]
    for event in unsure:
        _return_daily(event)
    try:
        return _spans(_calendar_of(unsure), window), bool(unsure)
    except _STUMBLES as error:
        raise CalendarFailed("not_a_calendar") from error


def _has_no_time(event: Any) -> bool:
    """It never begins, or ends before it does: it takes no time wherever it is."""
    if "DTSTART" not in event or "DTSTART" in _broken(event):
        return True
    try:
        return "DTEND" in event and "DTEND" not in _broken(event) and event["DTEND"].dt < event["DTSTART"].dt
    except TypeError:  # a day and a moment
        return False


def _calendar_of(events: Iterable[Any]) -> Calendar:
    from icalendar import Calendar

    made = Calendar()
    for event in events:
        made.add_component(event)
    return made


def _by_uid(calendar: Calendar) -> Iterable[list[Any]]:
    groups: dict[str, list[Any]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        groups.setdefault(str(event.get("UID", number)), []).append(event)
    return groups.values()


def _spans(calendar: Calendar, window: Window) -> list[Span]:
    from recurring_ical_events import CalendarQuery

    events = CalendarQuery(calendar).between(window.from_at - _AROUND, window.until_at + _AROUND)
    return [(event["DTSTART"].dt, event["DTEND"].dt) for event in events if _takes_time(event)]


def _unreadable(calendar: Calendar) -> Iterator[Any]:
    """Events that return nobody knows when: the library would leave them out in silence."""
    return (event for event in calendar.walk("VEVENT") if _takes_time(event) and not _is_readable(event))


def _is_readable(event: Any) -> bool:
    from dateutil.rrule import rrulestr

    rules = event.get("RRULE", [])
    try:
        if _broken(event) & {"RRULE", "RDATE"} or (_has_start(event) and _end_is_unknown(event)):
            return False
        for rule in rules if isinstance(rules, list) else [rules]:
            if min(rule.get("COUNT", [1])) < 1:
                return False
            rrulestr(rule.to_ical().decode(), dtstart=datetime(2000, 1, 1), ignoretz=True)  # noqa: DTZ001
    except _STUMBLES:
        return False
    return True


def _broken(event: Any) -> set[str]:
    return {name for name, _error in event.errors}


def _has_start(event: Any) -> bool:
    return "DTSTART" in event and "DTSTART" not in _broken(event)


def _end_is_unknown(event: Any) -> bool:
    return "DTEND" in _broken(event) or ("DTEND" not in event and "DURATION" in _broken(event))


def _return_daily(event: Any) -> None:
    """Whatever its rule meant to say, it is at its own hour on some of the days from its first on: so on all of them.
    What was left out or ends is not known either, nor which one of a series it is. Raises CalendarFailed where not even
    the hour is known."""
    other_hours = _OTHER_HOURS.search(str(event.get("RRULE", ""))) or "RDATE" in _broken(event)
    if not _has_start(event) or _end_is_unknown(event) or other_hours:
        raise CalendarFailed("not_a_calendar")
    for name in ("RRULE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"):
        event.pop(name, None)
    event["UID"] = f"unsure-{id(event)}"
    event.add("RRULE", {"FREQ": "DAILY"})


def _takes_time(event: Any) -> bool:
    return (
        str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE"
    )


def _moment(when: date | datetime, window: Window) -> datetime:
    """A moment in UTC. A day begins at midnight of the coach; a time without a zone is on the coach's clock."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    if when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(window.zone))
    try:
        return when.astimezone(UTC)
    except OverflowError as error:  # the last day there is, or the first
        raise CalendarFailed("not_a_calendar") from error


def _essence(document: bytes, window: Window) -> Iterator[str]:
    """The zones and the events of a file that may still matter, with only the lines that say when."""
    # what says when is plain ASCII, whatever the rest is written in
    text = document.decode("utf-8-sig", errors="replace").lstrip()
    if text[:15].upper() != "BEGIN:VCALENDAR":
        raise CalendarFailed("not_a_calendar")
    for name, lines in _components(_unfolded(text)):
        if name == "VTIMEZONE" or _matters(lines, window):
            yield "\r\n".join(lines if name == "VTIMEZONE" else _clamped(plain(lines), window))


def _clamped(lines: Sequence[str], window: Window) -> list[str]:
    """An event that ends in a year that cannot be counted ends after the window: the library would leave it out, and
    the coach would be free."""
    until_day = f"{window.until_at + _AROUND:%Y%m%d}"
    begun = any(name_of(line) == "DTSTART" and _day(line) <= until_day for line in lines)
    return [_clamped_line(line, until_day) if begun else line for line in lines]


def _clamped_line(line: str, until_day: str) -> str:
    name = name_of(line)
    if name == "DTEND" and _day(line) > until_day:
        return _DAY.sub(until_day, line)
    return _LONG.sub("9999", line) if name == "DURATION" else line


def _day(line: str) -> str:
    """The day that a line names, as 20261201; empty when it names none."""
    found = _DAY.search(line)
    return found[1] if found else ""


def _unfolded(text: str) -> Iterator[str]:
    """Content lines; a line that begins with a blank goes on where the last one stopped."""
    kept: list[str] = []
    for line in re.split(r"\r\n|\r|\n", text):
        if line[:1] in (" ", "\t") and kept:
            kept.append(line[1:])
            continue
        if kept:
            yield "".join(kept)
        kept = [line]
    yield "".join(kept)


def _components(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Each zone and event directly in a calendar. Raises CalendarFailed for a file that does not end as it began."""
    inside: list[str] = []
    kept: list[str] = []
    for line in lines:
        name = name_of(line)
        if name == "BEGIN":
            inside.append(line.split(":", 1)[-1].strip().upper())
            if len(inside) > MOST_DEPTH:
                raise CalendarFailed("not_a_calendar")
        if _is_kept(inside, name):
            kept.append(line)
        if name == "END":
            ended = inside.pop() if inside else ""
            if ended != line.split(":", 1)[-1].strip().upper():
                raise CalendarFailed("not_a_calendar")
            if len(inside) == 1 and ended in ("VTIMEZONE", "VEVENT"):
                yield ended, kept
                kept = []
    if inside:
        raise CalendarFailed("not_a_calendar")  # cut off on its way


def _is_kept(inside: list[str], name: str) -> bool:
    if inside[:2] == ["VCALENDAR", "VTIMEZONE"] and len(inside) <= 3:
        return name in _ZONE_LINES or name in ("BEGIN", "END")
    if inside[:2] == ["VCALENDAR", "VEVENT"] and len(inside) == 2:
        return name in _EVENT_LINES or name in ("BEGIN", "END")
    return False


def _matters(lines: Sequence[str], window: Window) -> bool:
    """Whether an event can still take time: not one of our own walks, and not one that is over or far away. Of a
    calendar of years this leaves little to expand."""
    fields = {name_of(line): line for line in lines}
    if UID_OF_OURS.fullmatch(fields.get("UID", "").partition(":")[2].strip()):
        return False
    if _TOO_OFTEN.search(fields.get("RRULE", "")):
        raise CalendarFailed("too_much")
    if any(name in fields for name in _REPEATS):
        return True
    first = _day(fields.get("DTSTART", ""))
    last = _day(fields.get("DTEND", "")) or first
    if not first:
        return False
    from_day, until_day = (f"{day:%Y%m%d}" for day in (window.from_at - _AROUND, window.until_at + _AROUND))
    return last >= from_day and first <= until_day
