"""What a calendar program shows of a file of ours, by two readers that know nothing of each other: icalendar, and
vobject, which works out the zone from the rules in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import icalendar
import vobject

from tests.counting import count
from tests.page_client import PageClient


@dataclass(frozen=True)
class Entry:
    """One appointment as a person sees it, its times in UTC."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    text: str
    cancelled: bool
    url: str
    where: str


def shown(content: bytes) -> list[Entry]:
    """The appointments, once both readers see the same. A calendar names each only once."""
    entries = [_by_icalendar(event) for event in icalendar.Calendar.from_ical(content).walk("VEVENT")]
    calendar = vobject.readOne(content.decode())
    assert [_by_vobject(event) for event in calendar.contents.get("vevent", [])] == entries
    assert len({entry.uid for entry in entries}) == len(entries)
    count("calendars read twice")
    return entries


def _by_icalendar(event: Any) -> Entry:
    starts_at = event["dtstart"].dt.astimezone(UTC)
    ends_at = event["dtend"].dt.astimezone(UTC) if "dtend" in event else starts_at + event["duration"].dt
    where = event["geo"].to_ical() if "geo" in event else ""
    texts = (str(event.get(name, "")) for name in ("summary", "location", "description"))
    cancelled = str(event["status"]) == "CANCELLED"
    url = str(event.get("url", ""))
    return Entry(str(event["uid"]), int(event["sequence"]), starts_at, ends_at, *texts, cancelled, url, where)


def _by_vobject(event: Any) -> Entry:
    said = {name: lines[0].value for name, lines in event.contents.items()}
    starts_at = said["dtstart"].astimezone(UTC)
    ends_at = said["dtend"].astimezone(UTC) if "dtend" in said else starts_at + said["duration"]
    texts = (said.get(name, "") for name in ("summary", "location", "description"))
    cancelled = said["status"] == "CANCELLED"
    url, where = said.get("url", ""), said.get("geo", "")
    return Entry(said["uid"], int(said["sequence"]), starts_at, ends_at, *texts, cancelled, url, where)


@dataclass
class Subscriber:
    """A calendar program that looks at an address now and then, and keeps what it saw last."""

    browser: PageClient
    path: str
    etag: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)

    def look(self) -> int:
        """Look again; gives the status. An entry never goes back to an older sequence."""
        headers = {"Sec-Fetch-Mode": "no-cors", "User-Agent": "Google-Calendar-Importer"}
        page = self.browser.get(self.path, headers=headers | {"If-None-Match": self.etag})
        if page.status == 200:
            self.etag = page.response.headers["ETag"]
            new = {entry.uid: entry for entry in shown(page.response.get_data())}
            for uid in new.keys() & self.entries.keys():
                assert new[uid].sequence >= self.entries[uid].sequence
            self.entries = new
        return page.status

    @property
    def only(self) -> Entry:
        """The one entry there is."""
        (entry,) = self.entries.values()
        return entry
