"""The shape of a new plan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.default_plan import default_parts
from planner.domain.timetable import timetable
from planner.domain.timing import Part, PlannedExercise, totals, walk_clock

STEPS = PlannedExercise(1, "body", 5, 10)
SHAKE = PlannedExercise(2, "body", 2, 4, still=True)
GREEN = PlannedExercise(3, "senses", 20, 30)


def shape(parts: tuple[Part, ...]) -> list[tuple[str, int]]:
    return [(part.segment, part.minutes) for part in parts]


@pytest.mark.parametrize(
    ("minutes", "exercises", "expected"),
    [
        (
            40,
            [],
            [("walk_talk", 10), ("silent", 5), ("walk_talk", 5), ("checkin", 1), ("walk_talk", 14)],
        ),
        (
            40,
            [STEPS],
            [("walk_talk", 10), ("silent", 5), ("exercise", 7), ("checkin", 1), ("walk_talk", 12)],
        ),
        (
            40,
            [GREEN],
            [("walk_talk", 2), ("silent", 5), ("exercise", 25), ("checkin", 1), ("walk_talk", 2)],
        ),
        (20, [], [("walk_talk", 5), ("silent", 5), ("walk_talk", 5)]),
        (20, [STEPS], [("walk_talk", 2), ("silent", 5), ("exercise", 7), ("walk_talk", 1)]),
    ],
)
def test_outdoors(minutes: int, exercises: list[PlannedExercise], expected: list[tuple[str, int]]) -> None:
    assert shape(default_parts(minutes, exercises)) == expected


def test_indoors_one_sits() -> None:
    parts = default_parts(40, [SHAKE], "online")
    assert shape(parts) == [("checkin", 1), ("exercise", 3), ("bench", 31)]
    assert totals(parts).moving_min <= 3


def test_crisis_takes_exercises_at_their_shortest() -> None:
    minutes = {part.exercise_id: part.minutes for part in default_parts(30, [STEPS, SHAKE], phase="crisis")}
    assert (minutes[1], minutes[2]) == (5, 2)


def test_an_exercise_that_cannot_fit_is_left_out_and_the_order_stays() -> None:
    parts = default_parts(25, [STEPS, GREEN, SHAKE])
    assert [part.exercise_id for part in parts if part.exercise_id] == [1, 2]


@pytest.mark.parametrize("minutes", [20, 30, 40, 50, 60])
def test_a_new_plan_draws_no_remark(minutes: int) -> None:
    parts = default_parts(minutes)
    assert walk_clock(minutes, parts).hints == ()


exercises = st.builds(
    lambda number, kind, least, more, still: PlannedExercise(number, kind, least, least + more, still),
    st.integers(1, 30),
    st.sampled_from(["body", "breathing", "reflection"]),
    st.integers(1, 20),
    st.integers(0, 10),
    st.booleans(),
)


@given(
    minutes=st.integers(0, 120),
    chosen=st.lists(exercises, max_size=6),
    setting=st.sampled_from(["outdoors", "indoors", "online"]),
    phase=st.sampled_from([None, "crisis", "application"]),
    buffer_minutes=st.integers(0, 15),
)
def test_a_plan_always_fits(
    minutes: int, chosen: list[PlannedExercise], setting: str, phase: str | None, buffer_minutes: int
) -> None:
    parts = default_parts(minutes, chosen, setting, phase, buffer_minutes)
    assert sum(part.minutes for part in parts) == max(0, minutes - buffer_minutes)
    assert all(part.minutes > 0 for part in parts)
    by_id = [part.exercise_id for part in parts if part.segment == "exercise"]
    rest = iter([exercise.exercise_id for exercise in chosen])
    assert all(number in rest for number in by_id), "in the order that was chosen"
    least = [exercise.min_minutes for exercise in chosen]
    if sum(least) <= (minutes - buffer_minutes) * 2 // 3 - 4:
        assert len(by_id) == len(chosen), "nothing that fits is left out"
    if setting == "outdoors" and minutes - buffer_minutes > 20:
        segments = [part.segment for part in parts]
        assert segments[0] == "walk_talk"
        assert segments.count("silent") == 1
        assert segments.count("checkin") == 1
        checkin = next(
            one for one in timetable(parts, available_min=minutes).entries if one.what == "checkin"
        )
        before = parts[: segments.index("checkin")]
        assert checkin.from_min == 20 or (
            checkin.from_min > 20 and before[-1].segment in {"exercise", "silent"}
        )
