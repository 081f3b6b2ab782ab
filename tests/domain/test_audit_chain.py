"""Whatever is done to one row of the log, or to what says how far it goes, is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.audit_chain import (
    CLOSED,
    GENESIS,
    OPEN,
    PURGED,
    Head,
    Link,
    Segment,
    breaks,
    digest_of,
    month_of,
    purge_before,
    seal_of,
)

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Log = tuple[list[tuple[Segment, bytes]], list[tuple[Link, bytes]]]


def log_of(rows: int, per_segment: int) -> Log:
    segments: list[tuple[Segment, bytes]] = []
    kept: list[tuple[Link, bytes]] = []
    before = GENESIS
    for first in range(1, rows + 1, per_segment):
        begins = before
        for seq in range(first, min(first + per_segment, rows + 1)):
            link = Link(seq, seq * 7, 3, START + timedelta(hours=seq), "coach", 5, "saw", "client", 11, 11)
            before = digest_of(KEY, before, link)
            kept.append((link, before))
        state = CLOSED if first + per_segment <= rows else OPEN
        segment = Segment(first, kept[-1][0].seq, "2026-11", state, begins, before)
        segments.append((segment, seal_of(KEY, segment)))
    return segments, kept


SIZES = st.tuples(st.integers(1, 12), st.integers(1, 5))
CHANGES = {
    "id": 1, "owner_id": 4, "at": START, "actor": "jobs", "actor_id": None, "action": "changed",
    "kind": "note", "object_id": 12, "client_id": None,
}  # fmt: skip


@settings(max_examples=30)
@given(SIZES)
def test_as_it_was_written_it_holds(size: tuple[int, int]) -> None:
    segments, rows = log_of(*size)
    heads = [Head(START, link.seq, digest) for link, digest in rows]
    assert list(breaks(KEY, segments, rows, heads)) == []
    assert list(breaks(OTHER, segments, rows)), "only with its key"


@settings(max_examples=30)
@given(SIZES, st.data(), st.sampled_from(sorted(CHANGES)))
def test_a_changed_field_is_found_at_its_row(size: tuple[int, int], data: st.DataObject, name: str) -> None:
    segments, rows = log_of(*size)
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place] = (replace(rows[place][0], **{name: CHANGES[name]}), rows[place][1])
    assert [(one.code, one.seq) for one in breaks(KEY, segments, rows)] == [("changed", place + 1)]


@settings(max_examples=30)
@given(SIZES, st.data())
def test_a_row_that_is_gone_is_found_at_its_place(size: tuple[int, int], data: st.DataObject) -> None:
    segments, rows = log_of(*size)
    gone = data.draw(st.integers(0, len(rows) - 1))
    del rows[gone]
    assert [(one.code, one.seq) for one in breaks(KEY, segments, rows)] == [("missing", gone + 1)]


@settings(max_examples=30)
@given(SIZES, st.data(), st.sampled_from(["last_seq", "month", "state", "head", "begins"]))
def test_a_segment_that_was_changed_is_found(size: tuple[int, int], data: st.DataObject, name: str) -> None:
    segments, rows = log_of(*size)
    place = data.draw(st.integers(0, len(segments) - 1))
    segment, seal = segments[place]
    other = {"last_seq": segment.last_seq + 1, "month": "2026-12", "state": PURGED}.get(name, b"other")
    segments[place] = (replace(segment, **{name: other}), seal)
    assert ("segment", segment.first_seq) in [(one.code, one.seq) for one in breaks(KEY, segments, rows)]


def test_whole_segments_that_were_let_go_of_are_not_missed() -> None:
    segments, rows = log_of(9, 3)
    gone = replace(segments[0][0], state=PURGED)
    segments[0] = (gone, seal_of(KEY, gone))
    heads = [Head(START, 2, rows[1][1]), Head(START, 5, rows[4][1])]
    assert list(breaks(KEY, segments, rows[3:], heads)) == []
    assert [one.code for one in breaks(KEY, segments, rows)] == ["added"] * 3, "rows that should not be there"


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2027-11-30T23:59+00:00", "2026-11"),
        ("2027-12-01T00:00+00:00", "2026-12"),
        ("2028-02-29T12:00+00:00", "2027-02"),
    ],
)
def test_which_months_are_kept(now: str, month: str) -> None:
    assert purge_before(datetime.fromisoformat(now)) == month


def test_a_month_is_that_of_utc() -> None:
    assert month_of(datetime.fromisoformat("2026-12-01T00:30+01:00")) == "2026-11"
