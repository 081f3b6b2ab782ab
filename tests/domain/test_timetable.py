"""A walk minute by minute: what is pinned, what follows, and what cannot be."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.course import Course, all_round, leaving_out, out_and_back, with_more
from planner.domain.timetable import PIN_HINTS, Passing, Timetable, timetable
from planner.domain.timing import Hint, Part
from planner.domain.when import local_to_moment

ROUND = all_round(2400)
"""36 minutes at 4 km/h."""


def talk(minutes: int) -> Part:
    return Part("walk_talk", minutes)


def still(minutes: int, number: int = 1, **pin: Any) -> Part:
    return Part("exercise", minutes, number, "body", True, **pin)


def moving(minutes: int, number: int = 2, **pin: Any) -> Part:
    return Part("exercise", minutes, number, "body", **pin)


SILENT = Part("silent", 5)


def at_point(along_m: float, waypoint_id: int = 7) -> dict[str, Any]:
    return {"along_m": along_m, "waypoint_id": waypoint_id}


def shown(found: Timetable) -> list[tuple[str, int, int | None]]:
    """What, the minute, the metres."""
    return [
        (one.what, one.at_min, None if one.from_m is None else round(one.from_m)) for one in found.entries
    ]


def on(course: Course | None, *parts: Part, available: int = 60, **more: Any) -> Timetable:
    return timetable(parts, available_min=available, course=course, **more)


TABLES = [
    ("what is not pinned follows in order, then the rest of the way",
     [talk(12), SILENT, still(4), talk(6)],
     [("walk_talk", 0, 0), ("silent", 12, 800), ("exercise", 17, 1133), ("walk_talk", 21, 1133),
      ("walk_on", 27, 1533), ("end", 40, 2400)]),
    ("a minute cuts a talk in two",
     [talk(12), SILENT, still(4, at_minute=6), talk(13)],
     [("walk_talk", 0, 0), ("exercise", 6, 400), ("walk_talk", 10, 400), ("silent", 16, 800),
      ("walk_talk", 21, 1133), ("walk_on", 34, 2000), ("end", 40, 2400)]),
    ("a minute in a silence takes of the talk that comes later",
     [SILENT, still(4, at_minute=3), talk(31)],
     [("walk_talk", 0, 0), ("exercise", 3, 200), ("silent", 7, 200), ("walk_talk", 12, 533), ("end", 40, 2400)]),
    ("a point on the way",
     [talk(12), still(4, **at_point(1000)), talk(24)],
     [("walk_talk", 0, 0), ("exercise", 15, 1000), ("walk_talk", 19, 1000), ("end", 40, 2400)]),
    ("standing still brings a point no nearer",
     [still(5, 3), still(4, **at_point(200)), talk(36)],
     [("exercise", 0, 0), ("walk_talk", 5, 0), ("exercise", 8, 200), ("walk_talk", 12, 200), ("end", 45, 2400)]),
    ("a point after the last part is walked to",
     [talk(6), still(4, **at_point(1200))],
     [("walk_talk", 0, 0), ("walk_on", 6, 400), ("exercise", 18, 1200), ("walk_on", 22, 1200), ("end", 40, 2400)]),
    ("the nearest pin comes first, whatever its place in the plan",
     [still(4, 1, **at_point(1200)), still(3, 2, at_minute=5), talk(36)],
     [("walk_talk", 0, 0), ("exercise", 5, 333), ("walk_talk", 8, 333), ("exercise", 21, 1200),
      ("walk_talk", 25, 1200), ("end", 43, 2400)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "entries"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES]
)
def test_tables(parts: list[Part], entries: list[tuple[str, int, int]]) -> None:
    found = on(ROUND, *parts)
    assert shown(found) == entries
    assert found.hints == ()


HINTS = [
    ("minute after the end", [talk(30), still(4, at_minute=60)],
     [Hint("pin_after_end", {"at_min": 60, "over_min": 4, "latest_min": 56}, (1,))]),
    ("the last minute that fits", [talk(30), still(4, at_minute=56)], []),
    ("one minute later", [talk(30), still(4, at_minute=57)],
     [Hint("pin_after_end", {"at_min": 57, "over_min": 1, "latest_min": 56}, (1,))]),
    ("longer than the walk", [talk(30), still(70, at_minute=5)],
     [Hint("pin_after_end", {"at_min": 5, "over_min": 5, "latest_min": 0}, (1,))]),
    ("point after the end of the way", [talk(30), still(4, **at_point(2500))], [Hint("pin_off_way", {}, (1,))]),
    ("point that is passed", [still(1, 1, at_minute=6), still(4, 5, **at_point(300)), moving(20, 3, at_minute=1)],
     [Hint("pin_passed", {"begins_min": 21}, (5,)), Hint("pin_late", {"at_min": 6, "begins_min": 25}, (1,))]),
    ("minute within an exercise that cannot be cut", [moving(20), still(4, at_minute=5)],
     [Hint("pin_late", {"at_min": 5, "begins_min": 20}, (1,))]),
    ("two at one minute", [talk(30), still(4, 1, at_minute=9), still(4, 2, at_minute=9)],
     [Hint("pins_together", {}, (1, 2))]),
    ("two at one point", [talk(30), still(4, 1, **at_point(500)), still(4, 2, **at_point(500))],
     [Hint("pins_together", {}, (1, 2))]),
    ("two near each other", [talk(30), still(4, 1, at_minute=9), still(4, 2, at_minute=11)],
     [Hint("pin_late", {"at_min": 11, "begins_min": 13}, (2,))]),
    ("a point that nobody can place", [talk(30), still(4, waypoint_id=7)], []),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "hints"), [case[1:] for case in HINTS], ids=[case[0] for case in HINTS])
def test_a_pin_that_cannot_be_is_a_hint(parts: list[Part], hints: list[Hint]) -> None:
    found = on(ROUND, *parts)
    assert list(found.hints) == hints
    assert {one.exercise_id for one in found.entries if one.what == "exercise"} == {
        one.exercise_id for one in parts if one.exercise_id
    }, "it is in the walk all the same"


def test_every_pin_hint_was_seen() -> None:
    assert {hint.code for case in HINTS for hint in case[2]} == set(PIN_HINTS)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("course", "along", "walked"),
    [
        (all_round(1000), 400, (400,)),
        (all_round(1000), 1001, ()),
        (out_and_back(500), 400, (400, 600)),
        (out_and_back(500), 501, ()),
        (leaving_out(1000, 300, 700, 10), 300, (300,)),
        (leaving_out(1000, 300, 700, 10), 500, ()),
        (leaving_out(1000, 300, 700, 10), 800, (410,)),
        (with_more(1000, 200), 400, (400,)),
    ],
)
def test_metres_walked(course: Course, along: float, walked: tuple[float, ...]) -> None:
    assert course.walked(along) == walked


def test_out_and_back_passes_a_place_twice_and_turns_between() -> None:
    bench = still(4, 1, **at_point(500))
    assert ("exercise", 8, 500) in shown(on(out_and_back(1000), bench, talk(30)))
    found = on(out_and_back(1000), moving(20, 3, at_minute=0), bench, talk(30))
    assert ("turn", 15, 1000) in shown(found)
    assert ("exercise", 23, 1500) in shown(found), "on the way back"
    assert found.hints == ()


def test_points_that_one_comes_by_and_the_moment_to_look_in() -> None:
    points = [Passing(7, 300.0), Passing(8, 1500.0), Passing(9, 9999.0)]
    found = on(ROUND, talk(20), still(4, **at_point(1500, 8)), points=points, checkin_at_min=20)
    assert ("point", 5, 300) in shown(found)
    assert [one.waypoint_id for one in found.entries if one.what == "point"] == [7], (
        "not where one stops anyway"
    )
    assert ("checkin", 20, 1333) in shown(found)
    own = on(ROUND, talk(5), Part("checkin", 1), checkin_at_min=20)
    assert [one.at_min for one in own.entries if one.what == "checkin"] == [5], "the plan's own is enough"


def test_who_is_back_before_the_talk_ends_came_by_at_the_pace_of_walking() -> None:
    """The talk goes on where the way has ended."""
    found = on(all_round(1000), talk(40), points=[Passing(7, 500.0)], checkin_at_min=20)
    assert shown(found) == [
        ("walk_talk", 0, 0), ("point", 8, 500), ("walk_talk", 15, 1000), ("checkin", 20, 1000), ("end", 40, 1000),
    ]  # fmt: skip
    assert [one.from_min for one in found.entries if found.at_the_end(one)] == [pytest.approx(15)]


def test_a_pin_that_is_too_late_comes_as_late_as_fits() -> None:
    """Eleven minutes at minute 55 of a walk of an hour, five minutes of which are slack."""
    found = on(ROUND, talk(36), still(11, at_minute=55), available=55)
    assert [one.at_min for one in found.entries if one.exercise_id == 1] == [44]
    assert [hint.numbers for hint in found.hints] == [{"at_min": 55, "over_min": 11, "latest_min": 44}]


def test_what_is_not_at_its_place_does_not_say_so() -> None:
    off = on(ROUND, talk(30), still(4, **at_point(2500)))
    passed = on(ROUND, still(4, 5, **at_point(300)), moving(20, 3, at_minute=1))
    for found in (off, passed):
        assert {hint.code for hint in found.hints} <= {"pin_off_way", "pin_passed"}
        assert [one.waypoint_id for one in found.entries if one.what == "exercise"][-1] is None


def test_indoors_nobody_walks() -> None:
    found = on(None, Part("bench", 10, still=True), still(5, at_minute=4))
    assert shown(found) == [("bench", 0, None), ("exercise", 4, None), ("bench", 9, None), ("end", 15, None)]


@pytest.mark.parametrize(
    ("starts", "minute", "clock"),
    [
        ("2026-10-25T01:30", 20, "01:50"),
        ("2026-10-25T02:30", 40, "02:10"),  # the clock went an hour back at three
        ("2026-10-25T02:30", 95, "03:05"),
        ("2027-03-28T01:30", 40, "03:10"),
    ],
)
def test_the_clock_on_the_wall_over_a_clock_change(starts: str, minute: int, clock: str) -> None:
    starts_at = local_to_moment(datetime.fromisoformat(starts))
    found = on(None, Part("bench", minute, still=True), still(3), available=200)
    entry = next(one for one in found.entries if one.exercise_id == 1)
    assert entry.at_min == minute
    assert f"{entry.at_local(starts_at):%H:%M}" == clock


# Whatever the plan


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Part], Course | None]:
    course = draw(
        st.sampled_from(
            [None, all_round(2400), out_and_back(900), leaving_out(3000, 500, 1500, 20), with_more(1500, 300)]
        )
    )
    parts = []
    for number in range(draw(st.integers(0, 8))):
        segment = draw(st.sampled_from(["walk_talk", "silent", "exercise", "exercise", "bench", "checkin"]))
        minutes, pin = draw(st.integers(1, 25)), {}
        if segment == "exercise":
            pin = draw(
                st.one_of(
                    st.just({}),
                    st.builds(lambda n: {"at_minute": n}, st.integers(0, 95)),
                    st.builds(lambda m: at_point(float(m), m), st.integers(0, 3200)),
                )
            )
        numbered = number if segment == "exercise" else None
        parts.append(Part(segment, minutes, numbered, None, draw(st.booleans()), **pin))
    return parts, course


def ends(found: Timetable) -> float:
    return found.entries[-1].to_min if found.entries else 0.0


@given(plans(), st.integers(15, 90), st.sampled_from([2.5, 3.5, 4.0, 5.5]))
def test_times_never_go_back_and_the_total_is_the_sum(
    plan: tuple[list[Part], Course | None], available: int, pace: float
) -> None:
    parts, course = plan
    points = [Passing(number, number * 300.0) for number in range(9)]
    found = on(course, *parts, available=available, pace_kmh=pace, points=points, checkin_at_min=20)
    entries = found.entries
    assert all(one.from_min <= other.from_min + 1e-6 for one, other in itertools.pairwise(entries))
    assert all(one.at_min <= other.at_min for one, other in itertools.pairwise(entries))
    assert sum(one.to_min - one.from_min for one in entries) == pytest.approx(ends(found))
    for part in parts:
        if part.segment == "exercise":
            kept = [one for one in entries if one.exercise_id == part.exercise_id and one.what == "exercise"]
            assert sum(one.to_min - one.from_min for one in kept) == pytest.approx(part.minutes)
    if course is not None:
        places = [one.from_m or 0.0 for one in entries]
        assert all(one <= other + 1 for one, other in itertools.pairwise(places))
        assert (entries[-1].to_m or 0.0) == pytest.approx(course.total_m, abs=1.5)


@given(plans(), st.sampled_from([(2.5, 3.5), (3.5, 4.0), (4.0, 5.5)]))
def test_a_slower_pace_brings_nobody_home_earlier(
    plan: tuple[list[Part], Course | None], paces: tuple[float, float]
) -> None:
    slow, fast = (on(plan[1], *plan[0], available=90, pace_kmh=pace) for pace in paces)
    assert ends(slow) >= ends(fast) - 1e-6


@given(plans(), st.integers(0, 60 * 24))
def test_an_earlier_start_shifts_everything(plan: tuple[list[Part], Course | None], minutes: int) -> None:
    entries = on(plan[1], *plan[0]).entries
    noon, shift = datetime(2026, 11, 25, 12, tzinfo=UTC), timedelta(minutes=minutes)
    for entry in entries:
        assert entry.at_local(noon - shift) == entry.at_local(noon) - shift
