"""Calendar files: one walk, a client's feed and a coach's feed.

A walk is written in one place, so that it is the same entry in each of them. A feed has a revision, made of clear
columns only: who has it already costs no sealed text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from planner.domain.geo import coordinates
from planner.domain.sharing import NEUTRAL, name_in_title
from planner.domain.walks import CANCELLED, ONLINE, PHONE, WalkDetails
from planner.formats import ical
from planner.models import Coach
from planner.services.calendars.coach_feeds import OpenFeed
from planner.services.clients.sharing import Opened
from planner.services.people import coaches
from planner.services.store import NotFound, SignedIn, Store
from planner.services.walks import walk_queries as queries
from planner.services.walks.walk_rows import LONGEST, Reader

CONTENT_TYPE = ical.CONTENT_TYPE
KEPT = timedelta(days=30)
"""So far back a coach's feed goes."""


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """Neutral words for a calendar that others may read. `with_name` holds %(name)s."""

    title: str
    with_name: str
    cancel_line: str
    calendar_name: str
    by_phone: str

    def titled(self, name: str) -> str:
        return self.with_name % {"name": name} if name else self.title


@dataclass(frozen=True, slots=True)
class Feed:
    """`content` is None when the reader has this revision."""

    revision: str
    content: bytes | None


_REACHED_AT = select(Coach.name_sealed, Coach.email_sealed, Coach.phone_sealed).where(
    Coach.id == bindparam("coach_id")
)
Known = Callable[[str], bool]
"""Whether the reader has this revision already."""


def one_walk(store: Store, opened: Opened, walk_id: int, words: CalendarWords, now: datetime) -> bytes:
    """One walk for the client's own calendar. Raises NotFound for a walk that is not this client's or is over."""
    with store.db.reading(opened.scope) as session:
        row = session.execute(queries.ENTRY, {"walk_id": walk_id}).first()
        if row is None or row.client_id != opened.client_id or _ends_at(row) <= now:
            raise NotFound
        reader = Reader(store, session)
        lines = _for_client(reader, row, _coach_of(store, session, opened), words)
        return ical.one_walk(_event(store, reader, row, words, words.title, lines))


def of_client(store: Store, opened: Opened, words: CalendarWords, now: datetime, known: Known) -> Feed:
    """A client's coming walks; a cancelled one until its time is over."""
    window = {"client_id": opened.client_id, "from_at": now - LONGEST}
    with store.db.reading(opened.scope) as session:
        reached_at = session.execute(_REACHED_AT, {"coach_id": opened.scope.coach_id}).first()
        rows = [row for row in session.execute(queries.REVISIONS_OF_CLIENT, window) if _ends_at(row) > now]
        revision = _revision(rows, opened.link_id, opened.generation, opened.titles, reached_at, words)
        if known(revision):
            return Feed(revision, None)

        def made() -> bytes:
            found = (row for row in session.execute(queries.ENTRIES_OF_CLIENT, window) if _ends_at(row) > now)
            events = _of_client(store, session, opened, words, found)
            return ical.walks(events, words.calendar_name, feed=True)

        return Feed(revision, store.remembered.get(("client", opened.link_id), revision, made))


def _of_client(
    store: Store, session: Session, opened: Opened, words: CalendarWords, found: Iterable[Row[Any]]
) -> list[ical.WalkEvent]:
    coach = _coach_of(store, session, opened)
    name = "" if opened.titles == NEUTRAL else name_in_title(opened.titles, coach.first_name)
    reader, title = Reader(store, session), words.titled(name)
    return [_event(store, reader, row, words, title, _for_client(reader, row, coach, words)) for row in found]


def of_coach(store: Store, feed: OpenFeed, words: CalendarWords, now: datetime, known: Known) -> Feed:
    """A coach's own walks: all coming ones, and those of the last thirty days."""
    window = {"from_at": now - KEPT}
    with store.db.reading(feed.scope) as session:
        rows = session.execute(queries.REVISIONS, window)
        revision = _revision(rows, feed.feed_id, feed.generation, feed.titles, words)
        if known(revision):
            return Feed(revision, None)

        def made() -> bytes:
            events = _of_coach(store, session, feed, words, session.execute(queries.ENTRIES, window))
            return ical.walks(events, words.calendar_name, feed=True)

        return Feed(revision, store.remembered.get(("coach", feed.feed_id), revision, made))


def _of_coach(
    store: Store, session: Session, feed: OpenFeed, words: CalendarWords, found: Iterable[Row[Any]]
) -> list[ical.WalkEvent]:
    reader, events = Reader(store, session), []
    for row in found:
        client = reader.name(row)
        title = words.titled(name_in_title(feed.titles, client.first_name, client.last_name))
        events.append(_event(store, reader, row, words, title, [reader.label(row).name]))
    return events


def _revision(rows: Iterable[Row[Any]], *parts: object) -> str:
    """Another one whenever anything that is written in the feed is."""
    said = msgspec.json.encode([ical.EDITION, *parts, *rows], enc_hook=tuple)
    return hashlib.sha256(said).hexdigest()[:32]


def _coach_of(store: Store, session: Session, opened: Opened) -> SignedIn:
    return coaches.open_in(store, session, opened.scope.coach_id or 0)


def _for_client(reader: Reader, row: Row[Any], coach: SignedIn, words: CalendarWords) -> list[str]:
    """What a client needs on the way, without internet too: where on any map, and whom to call."""
    if row.status == CANCELLED:
        return []
    return [coordinates(*_place(reader, row, reader.details(row))), coach.reached_at, words.cancel_line]


def _place(reader: Reader, row: Row[Any], details: WalkDetails) -> tuple[float | None, float | None]:
    """Where they meet, where that is known."""
    return (row.latitude, row.longitude) if reader.meets_at_route(row, details) else (None, None)


def _event(
    store: Store, reader: Reader, row: Row[Any], words: CalendarWords, title: str, lines: list[str]
) -> ical.WalkEvent:
    """A walk as every calendar shows it. `lines`: what this reader is told besides where."""
    details, label = reader.details(row), reader.label(row)
    place = words.by_phone if row.setting == PHONE else details.meeting_point or label.meeting_point
    latitude, longitude = _place(reader, row, details)
    cancelled = row.status == CANCELLED
    video_url = details.video_url if row.setting == ONLINE and not cancelled else ""
    return ical.WalkEvent(
        uid=f"{store.vault.lookup_digest('calendar', str(row.id)).hex()[:32]}@stapvoorstap",
        sequence=row.sequence,
        starts_local=row.starts_local,
        zone=row.zone,
        minutes=row.minutes,
        summary=title,
        location=place,
        description="\n".join(line for line in (place, video_url, *lines) if line),
        latitude=latitude,
        longitude=longitude,
        cancelled=cancelled,
        last_modified_at=row.changed_at,
        url=video_url or None,
    )


def _ends_at(row: Row[Any]) -> datetime:
    ends_at: datetime = row.starts_at + timedelta(minutes=row.minutes)
    return ends_at
