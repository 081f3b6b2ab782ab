"""Calendars of any walks, read back by two readers; and what marks a file as a feed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain import when
from planner.formats import ical
from planner.formats.ical import WalkEvent, walks
from tests.calendars import Entry, shown
from tests.formats.test_ical import WALK, Line, component, read_lines, value_of

texts = st.text(st.characters(codec="utf-8"), max_size=90)
times = st.datetimes(datetime(2026, 1, 1), datetime(2037, 12, 31)).map(
    lambda wall: wall.replace(second=0, microsecond=0)
)
near_a_change = st.sampled_from(
    [datetime(2027, 3, 28), datetime(2027, 10, 31), datetime(2028, 3, 26), datetime(2028, 10, 29)]
).flatmap(lambda day: st.integers(-120, 360).map(lambda minutes: day + timedelta(minutes=minutes)))
events = st.builds(
    WalkEvent,
    uid=st.uuids().map(str),
    sequence=st.integers(0, 10_000),
    starts_local=st.one_of(times, near_a_change).filter(when.exists),
    minutes=st.integers(20, 90),
    summary=texts.map(lambda text: f"W{text}"),
    last_modified_at=st.just(WALK.last_modified_at),
    location=texts,
    description=st.lists(texts, max_size=3).map("\n".join),
    latitude=st.floats(-90, 90).map(lambda number: round(number, 5)),
    longitude=st.floats(-180, 180).map(lambda number: round(number, 5)),
    cancelled=st.booleans(),
    url=st.sampled_from([None, "https://video.example.org/kamer?een=1&twee=2;drie,vier"]),
)


def tidy(text: str) -> str:
    """Without anything that nobody sees."""
    return "".join(char for char in text if char.isprintable() and not char.isspace())


def tidied(entry: Entry) -> Entry:
    said = {name: tidy(getattr(entry, name)) for name in ("title", "place", "text")}
    return replace(entry, where="", **said)


def read_back(listed: list[WalkEvent]) -> None:
    wanted = []
    for event in listed:
        starts_at = when.local_to_moment(event.starts_local)
        ends_at = starts_at + timedelta(minutes=event.minutes)
        wanted.append(
            Entry(
                event.uid, event.sequence, starts_at, ends_at, tidy(event.summary), tidy(event.location),
                tidy(event.description), event.cancelled, event.url or "", "",
            )
        )  # fmt: skip
    found = shown(walks(listed, "Wandelingen", feed=True))
    assert [tidied(entry) for entry in found] == wanted
    for entry, event in zip(found, listed, strict=True):
        latitude, longitude = map(float, entry.where.split(";"))
        assert (latitude, longitude) == (event.latitude, event.longitude)


@settings(max_examples=60)
@given(st.lists(events, max_size=5, unique_by=lambda event: event.uid))
def test_any_walks_read_back_as_they_are(listed: list[WalkEvent]) -> None:
    read_back(listed)


@pytest.mark.deep
@settings(max_examples=10_000)
@given(events)
def test_ten_thousand_walks_read_back_as_they_are(event: WalkEvent) -> None:
    read_back([event])


def test_a_feed_says_how_often_to_look() -> None:
    lines = read_lines(walks([WALK], feed=True))
    assert Line("REFRESH-INTERVAL", {"VALUE": "DURATION"}, "PT12H") in lines
    assert value_of(lines, "X-PUBLISHED-TTL") == "PT12H"
    assert not [line for line in read_lines(walks([WALK])) if "REFRESH" in line.name]


def test_an_empty_feed_is_still_a_calendar() -> None:
    """The standard asks for a component at least."""
    content = walks([], feed=True)
    assert shown(content) == []
    assert component(read_lines(content), "VTIMEZONE")


def test_what_is_written_otherwise_is_another_edition() -> None:
    """Feeds answer 304 by revision: when this fails, raise ical.EDITION and write the new digest here."""
    content = walks([WALK, replace(WALK, uid="2", cancelled=True, description="a\nb")], "W", feed=True)
    assert (ical.EDITION, hashlib.sha256(content).hexdigest()[:16]) == (2, "8fff49d49e5a0179")
