"""Calendar files (RFC 5545). Times are wall time with the zone's rules beside it, so that 10:00 stays 10:00
over a clock change. Only what is handed in is written: no organiser, no guests, no alarm, nothing about a
person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.domain.when import ZONE, ends_local

if TYPE_CHECKING:
    from icalendar import Calendar, Component, Event

PRODUCT = "-//Stap voor stap//Wandelingen//NL"
CONTENT_TYPE = "text/calendar; charset=utf-8"
EDITION = 2
"""Rises when the same walks are written otherwise, so that who keeps a feed asks for it again."""
REFRESH = timedelta(hours=12)
"""How often a calendar program may as well look again."""
UID_OF_OURS = re.compile(r"[0-9a-f]{32}@stapvoorstap")
"""What the UIDs of our walks look like: where they come back from another calendar, they are known."""
MOST_CHARACTERS = 2000
"""A calendar is a reminder, not a dossier."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A clock change: on the last Sunday of `month`, from one offset to the other."""

    first_local: datetime
    month: int
    from_hours: int
    to_hours: int
    name: str


# the rule of the EU as it stands since 1996
SUMMER = _Rule(datetime.fromisoformat("1981-03-29T02:00"), 3, 1, 2, "CEST")
WINTER = _Rule(datetime.fromisoformat("1996-10-27T03:00"), 10, 2, 1, "CET")


@dataclass(frozen=True, slots=True)
class WalkEvent:
    """One walk in a calendar.

    `uid` never changes for a walk; `sequence` rises with every change. `starts_local` is wall time in `zone`.
    `last_modified_at` is aware. `latitude` and `longitude` of the meeting point, both or neither.
    `description` and `url` only where whoever opens the calendar may know them.
    """

    uid: str
    sequence: int
    starts_local: datetime
    minutes: int
    summary: str
    last_modified_at: datetime
    location: str = ""
    description: str = ""
    latitude: float | None = None
    longitude: float | None = None
    cancelled: bool = False
    url: str | None = None
    zone: str = ZONE


def one_walk(event: WalkEvent) -> bytes:
    """A calendar of one walk, to put in an agenda. No METHOD: it is a copy, not an invitation."""
    return walks([event])


def walks(events: Iterable[WalkEvent], name: str = "", *, feed: bool = False) -> bytes:
    """A calendar of any number of walks. `name` is what an agenda app shows for the whole. `feed`: one that is looked
    at again."""
    from icalendar import Calendar  # only who asks for a calendar pays for it

    listed = list(events)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("x-wr-calname", _clean(name))
    if feed:
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    for zone in dict.fromkeys(event.zone for event in listed) or [
        ZONE
    ]:  # a calendar has a component at least
        calendar.add_component(_timezone(zone, listed))
    for event in listed:
        calendar.add_component(_event(event))
    return _bytes(calendar)


def _bytes(calendar: Calendar) -> bytes:
    content: bytes = calendar.to_ical(sorted=False)
    return content


def _event(walk: WalkEvent) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", _clean(walk.uid, one_line=True))
    event.add("sequence", walk.sequence)
    event.add("dtstamp", walk.last_modified_at)
    event.add("last-modified", walk.last_modified_at)
    _add_times(event, walk)
    event.add("status", "CANCELLED" if walk.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if walk.cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    for name, words in (
        ("summary", walk.summary),
        ("location", walk.location),
        ("description", walk.description),
    ):
        if words:
            event.add(name, _clean(words, one_line=name != "description"))
    if walk.latitude is not None and walk.longitude is not None:
        event.add("geo", (round(walk.latitude, 6), round(walk.longitude, 6)))
    if walk.url:
        event.add("url", _clean(walk.url, one_line=True))
    return event


def _add_times(event: Event, walk: WalkEvent) -> None:
    """An end in wall time is what every agenda app reads; over a clock change only a duration is
    unambiguous."""
    event.add("dtstart", walk.starts_local.replace(tzinfo=ZoneInfo(walk.zone), fold=0))
    length = timedelta(minutes=walk.minutes)
    ends = ends_local(walk.starts_local, walk.minutes, walk.zone)
    if ends - walk.starts_local == length:
        event.add("dtend", ends.replace(tzinfo=ZoneInfo(walk.zone)))
    else:
        event.add("duration", length)


def _timezone(zone: str, events: Iterable[WalkEvent]) -> Component:
    """The rules of Amsterdam as they stand in law; of another zone what the zone table holds around the
    walks."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    if zone != ZONE:
        days = [event.starts_local.date() for event in events if event.zone == zone]
        around = timedelta(days=400)
        return Timezone.from_tzid(zone, first_date=min(days) - around, last_date=max(days) + around)
    timezone = Timezone()
    timezone.add("tzid", zone)
    timezone.add_component(_change(TimezoneDaylight(), SUMMER))
    timezone.add_component(_change(TimezoneStandard(), WINTER))
    return timezone


def _change(part: Component, rule: _Rule) -> Component:
    part.add("dtstart", rule.first_local)
    part.add("tzoffsetfrom", timedelta(hours=rule.from_hours))
    part.add("tzoffsetto", timedelta(hours=rule.to_hours))
    part.add("tzname", rule.name)
    part.add("rrule", {"freq": "yearly", "bymonth": rule.month, "byday": "-1su"})
    return part


def _clean(words: str, one_line: bool = False) -> str:
    """Without control characters and halves of characters, which would break a calendar file."""
    text = words.encode("utf-8", "ignore").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(" " if char == "\t" else char for char in text if char in "\n\t" or char.isprintable())
    return (" ".join(kept.split()) if one_line else kept.strip())[:MOST_CHARACTERS]
