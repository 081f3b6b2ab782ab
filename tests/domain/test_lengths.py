"""Three lengths of one walk, without a router: only what can be walked, told as it is."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi, radians, sin
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.course import Course, Ground, all_round, leaving_out, out_and_back, way_on, with_more
from planner.domain.geo import Point, Segments, distance_m, ends, length_m
from planner.domain.lengths import WAYS, Length, OtherRoute, Outing, fitting, lengths
from planner.domain.timing import Part, is_doing, needed_minutes, walking_minutes
from planner.domain.touching import touching

TALK, SILENT = Part("walk_talk", 20), Part("silent", 5)
STILL = Part("exercise", 6, 1, "body", still=True)
LONGER = Part("exercise", 10, 3, "senses", still=True)
MIRROR = Part("exercise", 8, 2, "reflection", still=True)


def line(*metres: tuple[float, float]) -> Segments:
    """East and north of Utrecht, in metres."""
    north = 1 / 111_195
    return (tuple(Point(52.09 + y * north, 5.12 + x * north / cos(radians(52.09))) for x, y in metres),)


SQUARE = line((0, 0), (600, 0), (600, 600), (0, 600), (0, 0))
EIGHT = line((0, 0), (500, 0), (500, 400), (510, 800), (900, 800), (900, 410), (515, 410), (0, 400), (0, 0))
"""A round of 3.3 km, and half way an extra loop of about 1.6 km that comes back to within 20 metres."""
THERE_AND_BACK = line((0, 0), (1200, 0), (0, 5))
STRAIGHT = line((0, 0), (2000, 0))


def ground(segments: Segments, *, round: bool = True) -> Ground:
    return Ground(round_m(segments), segments, round)


def round_m(segments: Segments) -> int:
    return round(length_m(segments))


def said(outing: Outing) -> list[tuple[str, int, str, int]]:
    """Length, minutes, way, tens of metres."""
    return [(one.code, one.minutes, one.way, round(one.distance_m, -1)) for one in lengths(outing)]


OTHER = OtherRoute(9, Ground(3200, (), True))
CASES = [
    ("no route: out and back by the clock", Outing(40, Ground(), (TALK, SILENT)),
     [("short", 25, "turn_back", 1330), ("normal", 40, "as_planned", 2330), ("long", 55, "further", 3330)]),
    ("a round that touches itself nowhere", Outing(50, ground(SQUARE), (TALK, SILENT)),
     [("short", 35, "turn_back", 2000), ("normal", 50, "as_planned", 2400), ("long", 65, "again", 4000)]),
    ("a round that touches itself", Outing(70, ground(EIGHT), (TALK, SILENT)),
     [("short", 45, "shortcut", 1850), ("normal", 70, "as_planned", 3380), ("long", 90, "again", 5670)]),
    ("recorded there and back", Outing(45, ground(THERE_AND_BACK), (TALK, SILENT)),
     [("short", 35, "turn_back", 1610), ("normal", 45, "as_planned", 2400), ("long", 60, "again", 3670)]),
    ("a line that goes on", Outing(40, ground(STRAIGHT, round=False), (TALK, SILENT)),
     [("short", 25, "turn_back", 1330), ("normal", 40, "as_planned", 2000), ("long", 55, "further", 3330)]),
    ("a round in words", Outing(40, Ground(2000, (), True), (TALK, SILENT)),
     [("short", 25, "turn_back", 1330), ("normal", 40, "as_planned", 2000), ("long", 55, "again", 3330)]),
    ("a longer route from the same place", Outing(45, ground(SQUARE), (TALK, SILENT), others=(OTHER,)),
     [("short", 30, "turn_back", 1670), ("normal", 45, "as_planned", 2400), ("long", 60, "other_route", 3200)]),
    ("other routes that are hardly longer, or too long", Outing(
        45, ground(SQUARE), (TALK, SILENT),
        others=(OtherRoute(8, Ground(2500, (), True)), OtherRoute(7, Ground(9000, (), True)))),
     [("short", 30, "turn_back", 1670), ("normal", 45, "as_planned", 2400), ("long", 60, "again", 3670)]),
    ("the shortest walk there is", Outing(20, Ground(), (TALK,)),
     [("normal", 20, "as_planned", 1000), ("long", 25, "further", 1330)]),
    ("the longest walk there is", Outing(90, Ground(), (TALK,)),
     [("short", 60, "turn_back", 3670), ("normal", 90, "as_planned", 5670)]),
    ("no longer than was agreed", Outing(40, Ground(), (TALK,), most_minutes=40),
     [("short", 25, "turn_back", 1330), ("normal", 40, "as_planned", 2330)]),
    ("a round that takes all the time there is", Outing(20, Ground(2600, (), True), (TALK,), most_minutes=30),
     [("normal", 20, "as_planned", 2600)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("outing", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_cases(outing: Outing, expected: list[tuple[str, int, str, int]]) -> None:
    assert said(outing) == expected


def test_every_way_was_seen() -> None:
    assert {one[2] for case in CASES for one in case[2]} == set(WAYS)  # type: ignore[attr-defined]


def test_the_other_route_is_named_and_has_no_points_of_this_one() -> None:
    pinned = Part("exercise", 5, 3, "body", True, waypoint_id=4, along_m=100.0)
    long = lengths(Outing(45, ground(SQUARE), (TALK, pinned), others=(OTHER,)))[-1]
    assert long.route_id == 9
    assert [part.along_m for part in long.parts] == [None, None]


def test_a_slower_pace_makes_a_length_longer_in_time_not_in_way() -> None:
    slow = lengths(Outing(90, ground(EIGHT), (TALK,), pace_kmh=3.0))[0]
    fast = lengths(Outing(70, ground(EIGHT), (TALK,), pace_kmh=4.0))[0]
    assert slow.distance_m == fast.distance_m and slow.minutes > fast.minutes


FITTINGS: list[tuple[tuple[Part, ...], int, float | None, list[int], tuple[int, ...]]] = [
    ((TALK, SILENT, STILL), 31, None, [20, 5, 6], ()),
    ((TALK, SILENT, STILL), 25, None, [14, 5, 6], ()),  # talk gets shorter first
    (
        (TALK, SILENT, STILL, MIRROR),
        20,
        None,
        [9, 5, 6],
        (2,),
    ),  # then exercises go but for one to do, and talk takes what is free
    (
        (Part("walk_talk", 24), SILENT, LONGER, STILL),
        15,
        None,
        [4, 5, 6],
        (3,),
    ),  # the shortest that fits stays
    ((TALK, SILENT, LONGER), 15, None, [10, 5], (3,)),  # none of them does
    ((TALK, SILENT, MIRROR, LONGER), 20, None, [5, 5, 10], (2,)),  # rather to do than to talk about
    ((TALK, SILENT, STILL, MIRROR), 24, None, [13, 5, 6], (2,)),
    ((TALK, SILENT), 10, None, [5, 5], ()),  # what must fit, fits
    ((TALK, SILENT, STILL), 45, None, [34, 5, 6], ()),  # longer: more talk
    ((TALK, STILL), 30, 28.0, [22], (1,)),  # the way itself takes the time
]


@pytest.mark.parametrize(("parts", "available", "walking", "minutes", "gone"), FITTINGS)
def test_the_plan_made_to_fit(
    parts: tuple[Part, ...], available: int, walking: float | None, minutes: list[int], gone: tuple[int, ...]
) -> None:
    found, dropped = fitting(parts, available, walking)
    assert ([part.minutes for part in found], dropped) == (minutes, gone)


def test_where_a_line_touches_itself() -> None:
    assert touching(SQUARE) == ()
    assert touching(()) == ()
    assert touching(line((0, 0), (10, 0))) == ()
    best = touching(EIGHT)[0]
    assert best.across_m < 25
    assert 1500 < best.last_m - best.first_m < 1800
    assert not best.same_way
    assert touching(THERE_AND_BACK)[0].same_way


def test_a_detour_of_a_few_steps_is_no_shorter_walk() -> None:
    detour = ((270, 100), (270, 170), (210, 170), (200, 115))
    assert touching(line((0, 0), (200, 0), (200, 100), *detour, (200, 200), (0, 200), (0, 0))) == ()


def test_a_bad_line_takes_no_time() -> None:
    """Up and down one spot for a day."""
    spot = line(*((20 * sin(n), 20 * cos(n)) for n in range(900)))
    assert touching(spot)


@st.composite
def outings(draw: st.DrawFn) -> Outing:
    points = [
        (800 * sin(pi * n / 8) + draw(st.integers(-300, 300)), 800 - 800 * cos(pi * n / 8)) for n in range(16)
    ]
    shape = draw(st.sampled_from([EIGHT, SQUARE, STRAIGHT, THERE_AND_BACK, line(*points, points[0]), ()]))
    measured = draw(st.booleans()) or bool(shape)
    parts = draw(st.lists(st.sampled_from([TALK, SILENT, STILL, MIRROR, Part("bench", 10)]), max_size=6))
    given: dict[str, Any] = {
        "pace_kmh": draw(st.sampled_from([2.5, 4.0, 5.0])),
        "most_minutes": draw(st.sampled_from([30, 60, 90])),
        "others": tuple(
            OtherRoute(n, Ground(m, (), True))
            for n, m in enumerate(draw(st.lists(st.integers(500, 6000), max_size=3)))
        ),
    }
    distance = round_m(shape) if shape else 2500
    place = Ground(distance if measured else None, shape, shape not in (STRAIGHT, ()))
    apart = tuple(replace(part) for part in parts)  # each a part of its own, as in a plan
    return Outing(draw(st.integers(4, 18)) * 5, place, apart, **given)


@given(outings())
def test_lengths_are_what_they_say(outing: Outing) -> None:
    found: dict[str, Length] = {one.code: one for one in lengths(outing)}
    normal = found["normal"]
    assert normal.minutes == outing.minutes
    if short := found.get("short"):
        assert 20 <= short.minutes <= normal.minutes - 5
        assert short.distance_m <= normal.distance_m + 25 or normal.distance_m < 300
    if long := found.get("long"):
        assert normal.minutes + 5 <= long.minutes <= outing.most_minutes
        assert long.distance_m > normal.distance_m
    for one in found.values():
        kept = {part.exercise_id for part in one.parts} - {None}
        if one.code != "normal":
            assert not kept & set(one.falls_away)
            assert kept | set(one.falls_away) == {part.exercise_id for part in outing.parts} - {None}
            walking = walking_minutes(one.course.total_m, outing.pace_kmh)
            _doing_stays(outing, one)
            fits = needed_minutes(one.parts, None) <= one.minutes - 5 + 1
            assert (
                fits
                or all(part.segment in ("walk_talk", "silent", "bench") for part in one.parts)
                or walking > one.minutes - 5
            )


def _doing_stays(outing: Outing, one: Length) -> None:
    """When the exercise to do, the silence and a short talk fit, a shorter walk is not one to talk only; where the way
    alone takes too long, nothing fits."""
    if walking_minutes(one.course.total_m, outing.pace_kmh) > one.minutes - 5:
        return
    doing = [part for part in outing.parts if is_doing(part)]
    rest = [part for part in outing.parts if part.segment != "exercise"]
    least = [replace(part, minutes=3) if part.segment in ("walk_talk", "bench") else part for part in rest]
    by_the_clock = one.way == "turn_back" and one.course.left_out is None
    walking = None if by_the_clock else walking_minutes(one.course.total_m, outing.pace_kmh)
    if doing and needed_minutes([*least, doing[0]], walking) <= one.minutes - 5 - 1:
        assert any(is_doing(part) for part in one.parts)


WAYS_ON: list[tuple[str, Segments, Course, float, bool]] = [
    ("all round", SQUARE, all_round(round_m(SQUARE)), 2400, False),
    ("half of a round and back", SQUARE, out_and_back(1000), 1000, True),
    ("past the end", STRAIGHT, out_and_back(3000), 2000, True),
    ("a loop left out", EIGHT, leaving_out(round_m(EIGHT), 900, 2500, 20), round_m(EIGHT) - 1600 + 18, False),
    ("a stretch again", SQUARE, with_more(round_m(SQUARE), 500), 2400, False),
    ("in words", (), out_and_back(1000), 0, False),
]


@pytest.mark.parametrize(
    ("segments", "course", "drawn_m", "turns"),
    [case[1:] for case in WAYS_ON],
    ids=[case[0] for case in WAYS_ON],
)
def test_the_part_of_the_line_that_is_walked(
    segments: Segments, course: Course, drawn_m: float, turns: bool
) -> None:
    way = way_on(ground(segments), course)
    assert length_m(way.line) == pytest.approx(drawn_m, abs=15)
    assert (way.turn is not None) == turns
    if way.turn:
        assert distance_m(ends(way.line)[1], way.turn) < 1


def test_a_measured_distance_that_differs_from_the_line_is_shared_out() -> None:
    """What a coach says a route measures is what the metres of a course are about."""
    way = way_on(Ground(round_m(SQUARE) * 2, SQUARE, True), out_and_back(2400))
    assert length_m(way.line) == pytest.approx(1200, abs=5)
