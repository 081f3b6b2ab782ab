"""What a client is told, when it is still true, when a reminder goes, and when to try again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.messages import (
    ANNOUNCEMENTS,
    CANCELLATION,
    CHANGE,
    CONFIRMATION,
    GIVE_UP_AFTER,
    LINK,
    MORNING,
    REASONS,
    REMINDER,
    REMINDERS,
    About,
    Standing,
    Told,
    owed,
    reminder_due,
    retry_after,
    why_not,
)
from planner.domain.when import ZONE

TUESDAY = About(datetime(2026, 12, 1, 10), 40, "outdoors", "Bij het bord")
WEDNESDAY = replace(TUESDAY, starts_local=datetime(2026, 12, 2, 10))
ELSEWHERE = replace(TUESDAY, place="Bij de molen")
OFF = replace(TUESDAY, off=True)
ON_MAP = replace(TUESDAY, latitude=52.09, longitude=5.12)
NEAR, FAR = replace(ON_MAP, latitude=52.0904), replace(ON_MAP, latitude=52.0905)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "now_is", "kind"),
    [
        (None, TUESDAY, CONFIRMATION),
        (None, OFF, None),
        (Told(TUESDAY, CONFIRMATION), TUESDAY, None),
        (Told(TUESDAY, CONFIRMATION), WEDNESDAY, CHANGE),
        (Told(TUESDAY, CONFIRMATION), ELSEWHERE, CHANGE),
        (Told(TUESDAY, CONFIRMATION), ON_MAP, None),
        (Told(ON_MAP, CONFIRMATION), TUESDAY, None),
        (Told(ON_MAP, CONFIRMATION), NEAR, None),
        (Told(ON_MAP, CONFIRMATION), FAR, CHANGE),
        (Told(TUESDAY, CONFIRMATION), OFF, CANCELLATION),
        (Told(WEDNESDAY, CHANGE), WEDNESDAY, None),
        (Told(WEDNESDAY, CHANGE), TUESDAY, CHANGE),
        (Told(OFF, CANCELLATION), OFF, None),
        (Told(OFF, CANCELLATION), replace(WEDNESDAY, off=True), None),
        (Told(OFF, CANCELLATION), TUESDAY, CONFIRMATION),
        (Told(TUESDAY, REMINDER), OFF, CANCELLATION),
        (Told(TUESDAY, REMINDER), WEDNESDAY, CHANGE),
        (Told(TUESDAY, CONFIRMATION, sure=False), TUESDAY, CONFIRMATION),
        (Told(TUESDAY, CONFIRMATION, sure=False), OFF, CANCELLATION),
        (Told(TUESDAY, CONFIRMATION, sure=False), WEDNESDAY, CHANGE),
        (Told(OFF, CANCELLATION, sure=False), OFF, CANCELLATION),
        (Told(TUESDAY, REMINDER, sure=False), TUESDAY, None),
    ],
)
def test_what_is_owed(told: Told | None, now_is: About, kind: str | None) -> None:
    assert owed(told, now_is, over=False) == kind
    assert owed(told, now_is, over=True) is None, "nothing about a walk that has begun"


def test_a_time_that_only_their_page_showed() -> None:
    assert owed(None, TUESDAY, over=False, moved=True) == CHANGE
    assert owed(None, OFF, over=False, moved=True) is None
    assert owed(Told(TUESDAY, CONFIRMATION), TUESDAY, over=False, moved=True) is None


@given(st.lists(st.sampled_from([TUESDAY, WEDNESDAY, ELSEWHERE, OFF]), min_size=1))
def test_told_once_is_told(walks: list[About]) -> None:
    """Whatever happens, who was told what is owed knows how it is, and is owed nothing more."""
    told: Told | None = None
    for now_is in walks:
        kind = owed(told, now_is, over=False)
        if kind is not None:
            assert (kind == CANCELLATION) == now_is.off
            told = Told(now_is, kind)
        assert owed(told, now_is, over=False) is None
    assert told is None or told.about.off == walks[-1].off


def standing(kind: str, **given: object) -> Standing:
    usual: dict[str, object] = {
        "to": "sanne@example.org", "active": True, "wanted": True, "over": False, "about": TUESDAY, "told": None,
        "link": "https://x/s/t/", "cannot": False, "by_hand": False, "now": NOW,
    }  # fmt: skip
    return Standing(kind, **(usual | given))  # type: ignore[arg-type]


JUST = Told(TUESDAY, CONFIRMATION, NOW - timedelta(minutes=5))


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (standing(CONFIRMATION), None),
        (standing(CONFIRMATION, active=False), "not_active"),
        (standing(CANCELLATION, active=False, about=OFF, told=JUST), None),
        (standing(CONFIRMATION, to=""), "no_address"),
        (standing(CONFIRMATION, over=True), "past"),
        (standing(CONFIRMATION, about=OFF), "cancelled"),
        (standing(CONFIRMATION, told=JUST), "known"),
        (standing(CHANGE, told=JUST, about=WEDNESDAY), None),
        (standing(REMINDER), None),
        (standing(REMINDER, about=OFF), "cancelled"),
        (standing(REMINDER, over=True), "past"),
        (standing(REMINDER, wanted=False), "reminders_off"),
        (standing(REMINDER, told=JUST), "known"),
        (standing(REMINDER, told=replace(JUST, at=NOW - timedelta(hours=13))), None),
        (standing(REMINDER, told=replace(JUST, at=None)), None),
        (standing(REMINDER, told=replace(JUST, sure=False)), None),
        (standing(REMINDER, told=JUST, about=WEDNESDAY), None),
        (standing(MORNING, told=replace(JUST, at=NOW - timedelta(hours=3))), None),
        (standing(MORNING, told=replace(JUST, at=NOW + timedelta(hours=1))), "known"),
        (standing(REMINDER, told=JUST, wanted=False, by_hand=True), None),
        (standing(REMINDER, about=OFF, by_hand=True), "cancelled"),
        (standing(LINK, about=None), None),
        (standing(LINK, about=None, link=""), "no_link"),
        (standing(LINK, about=None, active=False), "not_active"),
    ],
)
def test_what_is_still_true(found: Standing, reason: str | None) -> None:
    assert why_not(found) == reason
    assert reason is None or reason in REASONS


@pytest.mark.parametrize(
    ("kind", "starts", "hours", "due"),
    [
        (REMINDER, "2026-12-01T10:00", 48, "2026-11-29T09:00Z"),
        (REMINDER, "2026-12-01T10:00", 24, "2026-11-30T09:00Z"),
        (REMINDER, "2027-03-29T10:00", 48, "2027-03-27T09:00Z"),  # summer time begins on the 28th
        (REMINDER, "2026-10-26T10:00", 48, "2026-10-24T08:00Z"),  # it ended on the 25th
        (REMINDER, "2027-03-30T02:30", 48, "2027-03-28T01:30Z"),  # that night has no 2.30
        (REMINDER, "2026-10-27T02:30", 48, "2026-10-25T00:30Z"),  # that night had it twice
        (MORNING, "2026-12-01T10:00", 48, "2026-12-01T07:00Z"),
        (MORNING, "2027-03-28T10:00", 48, "2027-03-28T06:00Z"),
        (MORNING, "2026-10-25T10:00", 48, "2026-10-25T07:00Z"),
        (MORNING, "2026-12-01T09:00", 48, "2026-12-01T08:00+01:00"),
        (MORNING, "2026-12-01T08:59", 48, None),
        (MORNING, "2026-12-01T07:30", 48, None),
    ],
)
def test_when_a_reminder_goes(kind: str, starts: str, hours: int, due: str | None) -> None:
    found = reminder_due(kind, datetime.fromisoformat(starts), ZONE, hours)
    assert found == (datetime.fromisoformat(due) if due else None)


@given(
    st.sampled_from(sorted(REMINDERS)),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    st.integers(1, 336),
)
def test_a_reminder_comes_before_its_walk(kind: str, starts: datetime, hours: int) -> None:
    due = reminder_due(kind, starts.replace(second=0, microsecond=0), ZONE, hours)
    if due is not None:
        assert due <= starts.replace(tzinfo=UTC)  # no wall time of ours is earlier than its UTC


def test_trying_again() -> None:
    waits = [retry_after(number) for number in range(1, 40)]
    minutes = [wait and wait.total_seconds() / 60 for wait in waits]
    assert minutes[:6] == [1, 5, 15, 60, 60, 60]
    tried = [wait for wait in waits if wait is not None]
    assert waits[len(tried) :] == [None] * (39 - len(tried)), "once given up, given up"
    assert GIVE_UP_AFTER <= sum(tried, timedelta()) <= GIVE_UP_AFTER + timedelta(hours=2)


def test_every_kind_is_one_of_three_sorts() -> None:
    assert not ANNOUNCEMENTS & REMINDERS
    assert LINK not in ANNOUNCEMENTS | REMINDERS
