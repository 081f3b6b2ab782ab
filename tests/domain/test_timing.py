"""A walk on the clock."""

from __future__ import annotations

import pytest

from planner.domain.exercises import KINDS, ExerciseFacts
from planner.domain.timing import (
    HINTS,
    SEGMENTS,
    Hint,
    Part,
    PlannedExercise,
    Totals,
    TurningPoint,
    WalkClock,
    exercises_over,
    falls_away,
    is_doing,
    limited,
    planned,
    totals,
    turning_point,
    walk_clock,
    walking_minutes,
)

TALK, SILENT = Part("walk_talk", 20), Part("silent", 5)
SHAKE = Part("exercise", 4, 1, "body", still=True)
STEPS = Part("exercise", 8, 2, "body")
MIRROR = Part("exercise", 10, 3, "reflection")
BENCH, CHECKIN = Part("bench", 6), Part("checkin", 1)


@pytest.mark.parametrize(
    ("metres", "pace", "stops", "minutes"),
    [(3000, 4.0, 5, 50.0), (2000, 3.5, 0, 34.3), (0, 4.0, 0, 0.0), (4000, 3.5, 20, 88.6)],
)
def test_walking_minutes(metres: float, pace: float, stops: float, minutes: float) -> None:
    assert walking_minutes(metres, pace, stops) == pytest.approx(minutes, abs=0.05)


@pytest.mark.parametrize("pace", [0, -1])
def test_a_pace_is_more_than_zero(pace: float) -> None:
    with pytest.raises(ValueError, match="pace"):
        walking_minutes(1000, pace)


@pytest.mark.parametrize("kind", KINDS)
def test_doing_is_every_kind_but_reflection(kind: str) -> None:
    assert is_doing(Part("exercise", 5, 1, kind)) is (kind != "reflection")


@pytest.mark.parametrize("segment", [segment for segment in SEGMENTS if segment != "exercise"])
def test_only_exercises_are_doing(segment: str) -> None:
    assert not is_doing(Part(segment, 5))


def test_totals_add_up() -> None:
    found = totals([TALK, SILENT, SHAKE, STEPS, MIRROR, BENCH, CHECKIN])
    assert found == Totals(
        talking_min=37, doing_min=12, silent_min=5, still_min=10, moving_min=44, all_min=54
    )
    assert found.talking_min + found.doing_min + found.silent_min == found.all_min
    assert totals([]) == Totals(0, 0, 0, 0, 0, 0)


def codes(clock: WalkClock) -> list[str]:
    return [hint.code for hint in clock.hints]


def test_what_is_done_while_walking_costs_no_time_of_its_own() -> None:
    clock = walk_clock(40, [TALK, SILENT, STEPS], distance_m=2000)
    assert (clock.walking_min, clock.needed_min, clock.slack_min) == (30.0, 33.0, 2.0)
    assert codes(clock) == []


def test_standing_still_comes_on_top_of_the_route() -> None:
    clock = walk_clock(40, [TALK, SILENT, SHAKE], distance_m=2000)
    assert (clock.needed_min, clock.slack_min) == (34.0, 1.0)


@pytest.mark.parametrize(
    ("planned_min", "metres", "pace", "over"),
    [(75, 4000, 3.5, 19), (94, 4000, 3.5, None), (93, 4000, 3.5, 1), (75, None, 3.5, None)],
)
def test_time_over(planned_min: int, metres: float | None, pace: float, over: int | None) -> None:
    """4 km at 3.5 km/h and 20 minutes of standing exercises need 88.6 minutes and a buffer of 5."""
    still = Part("exercise", 20, 1, "body", still=True)
    clock = walk_clock(planned_min, [TALK, SILENT, still], distance_m=metres, pace_kmh=pace)
    found = [hint for hint in clock.hints if hint.code == "time_over"]
    if over is None:
        assert found == []
    else:
        numbers = {"planned_min": planned_min, "buffer_min": 5, "needed_min": 89, "over_min": over}
        dropped = {"won_min": 20, "left_min": 0}
        assert found == [Hint("time_over", numbers | dropped, (1,))]


def exercise(minutes: int, number: int, **more: object) -> Part:
    return Part("exercise", minutes, number, "body", **{"still": True, **more})  # type: ignore[arg-type]


DROPS = [
    # available, walking, parts, falls away in this order
    (40, 30.0, [TALK, exercise(5, 1), exercise(5, 2)], ()),
    (39, 30.0, [TALK, exercise(5, 1), exercise(5, 2)], (2,)),  # the last first
    (34, 30.0, [TALK, exercise(5, 1), exercise(5, 2)], (2, 1)),
    (34, 30.0, [TALK, exercise(5, 1), exercise(5, 2, at_minute=10)], (1, 2)),  # what is pinned stays longest
    (34, 30.0, [TALK, exercise(5, 1), exercise(5, 2, along_m=90.0)], (1, 2)),  # by a place as well
    (
        36,
        30.0,
        [TALK, exercise(6, 1, at_minute=3), exercise(9, 2, along_m=90.0)],
        (2,),
    ),  # of those the longest
    (31, 30.0, [TALK, exercise(5, 1), exercise(9, 2, still=False)], (1,)),  # done while walking wins nothing
    (25, None, [TALK, exercise(9, 2, still=False)], (2,)),  # but it does where nothing else takes the time
    (20, 30.0, [TALK, exercise(5, 1)], (1,)),  # and then it still does not fit
    (20, 30.0, [TALK, SILENT], ()),
]


@pytest.mark.parametrize(("available", "walking", "parts", "gone"), DROPS)
def test_what_falls_away_first(
    available: int, walking: float | None, parts: list[Part], gone: tuple[int, ...]
) -> None:
    left, dropped = falls_away(parts, available, walking)
    assert tuple(part.exercise_id for part in dropped) == gone
    assert sorted([*left, *dropped], key=parts.index) == parts


def test_the_warning_says_how_much_is_still_too_long() -> None:
    """4 km at 3.5 km/h plus 20 minutes of exercises does not fit in 75, nor without them in 70."""
    clock = walk_clock(70, [TALK, exercise(12, 1), exercise(8, 2)], distance_m=4000, pace_kmh=3.5)
    assert clock.hints[0].exercise_ids == (2, 1)
    assert {"won_min": 20, "left_min": 4}.items() <= clock.hints[0].numbers.items()


@pytest.mark.parametrize(
    ("planned_min", "metres", "parts"),
    [
        (45, 2000, [TALK, SILENT, SHAKE, exercise(8, 4)]),  # 30 of walking and 12 of standing still
        (45, None, [TALK, SILENT, SHAKE]),
        (40, 2000, [TALK, SILENT, STEPS]),
        (40, 3000, [TALK]),
    ],
)
def test_one_sum_for_the_slack(planned_min: int, metres: float | None, parts: list[Part]) -> None:
    """What is shown as slack, and what the warning says is asked too much, add up to the buffer."""
    clock = walk_clock(planned_min, parts, distance_m=metres)
    left = clock.left_min(planned_min)
    assert clock.totals.all_min + clock.way_on_min + left == planned_min
    over = next((hint.numbers["over_min"] for hint in clock.hints if hint.code == "time_over"), None)
    assert over == (5 - left if left < 5 else None)


@pytest.mark.parametrize(
    ("parts", "metres", "what"),
    [
        ([Part("walk_talk", 30), SILENT], None, "talk_over_min"),
        ([Part("walk_talk", 30), SILENT], 1000, "talk_over_min"),
        ([TALK, SILENT], 3000, "way_over_min"),
        ([TALK, SILENT, exercise(4, 1, still=False)], 3000, "way_over_min"),
        ([TALK, SHAKE], 3000, None),
    ],
)
def test_the_warning_says_what_to_drop(parts: list[Part], metres: float | None, what: str | None) -> None:
    (hint,) = [one for one in walk_clock(38, parts, distance_m=metres).hints if one.code == "time_over"]
    assert {name for name in hint.numbers if name.endswith("over_min")} - {"over_min"} == {what} - {None}
    assert (what is None) == bool(hint.exercise_ids)


def test_parts_longer_than_the_time_are_over_without_a_route_too() -> None:
    assert codes(walk_clock(30, [Part("walk_talk", 20), Part("silent", 6)])) == ["time_over"]
    assert codes(walk_clock(30, [Part("walk_talk", 20), Part("silent", 5)])) == []


@pytest.mark.parametrize(("minutes", "hinted"), [(50, False), (51, True)])
def test_talking_long(minutes: int, hinted: bool) -> None:
    clock = walk_clock(90, [Part("walk_talk", minutes), SILENT])
    assert ("talking_long" in codes(clock)) is hinted


@pytest.mark.parametrize(
    ("share", "green", "hinted"), [(1.0, 35, False), (0.6, 21, False), (0.5, 17, True), (0.0, 0, True)]
)
def test_green_minutes(share: float, green: int, hinted: bool) -> None:
    clock = walk_clock(40, [Part("walk_talk", 30), SILENT], green_share=share)
    assert clock.green_min == green
    assert ("green_short" in codes(clock)) is hinted


def test_a_walk_shorter_than_the_green_minutes_is_not_called_short_of_green() -> None:
    for minutes, said in ((20, []), (24, []), (25, ["green_short"])):  # five of them are the buffer
        assert codes(walk_clock(minutes, [Part("walk_talk", 10), SILENT], green_share=0.9)) == said


def test_no_silence_outdoors() -> None:
    assert codes(walk_clock(40, [Part("walk_talk", 35)])) == ["no_silence"]
    assert codes(walk_clock(40, [Part("bench", 35)], setting="online")) == []


@pytest.mark.parametrize(
    ("minutes", "phase", "hinted"), [(30, "crisis", False), (31, "crisis", True), (40, None, False)]
)
def test_crisis_is_20_to_30_minutes(minutes: int, phase: str | None, hinted: bool) -> None:
    assert ("crisis_long" in codes(walk_clock(minutes, [], phase=phase))) is hinted


def test_checkin_at_twenty_minutes_when_the_walk_is_longer() -> None:
    assert walk_clock(40, []).checkin_at_min == 20
    assert walk_clock(25, []).checkin_at_min is None
    assert walk_clock(40, [], setting="online").checkin_at_min is None


def test_indoors_there_is_no_route_to_walk() -> None:
    clock = walk_clock(40, [Part("bench", 30)], setting="indoors", distance_m=5000)
    assert (clock.walking_min, clock.turning_point, clock.green_min, clock.hints) == (None, None, 0, ())


@pytest.mark.parametrize(
    ("available", "pace", "metres", "still", "point"),
    [
        (36, 4.0, None, 0, TurningPoint(18, 1200)),
        (36, 4.0, 5000, 0, TurningPoint(18, 1200)),
        (36, 4.0, 2000, 0, TurningPoint(15, 1000)),
        (36, 4.0, None, 6, TurningPoint(18, 1000)),
        (5, 4.0, None, 10, TurningPoint(5, 0)),
    ],
)
def test_turning_point(
    available: float, pace: float, metres: float | None, still: float, point: TurningPoint
) -> None:
    assert turning_point(available, pace, metres, still) == point


def test_exercises_at_their_longest() -> None:
    exercises = [PlannedExercise(1, "body", 5, 20), PlannedExercise(2, "senses", 5, 15)]
    assert exercises_over(40, exercises) is None
    assert exercises_over(39, exercises) == Hint("exercises_over", {"exercises_min": 35, "available_min": 34})


@pytest.mark.parametrize(
    ("places", "setting", "still"),
    [
        (("walking", "bench"), "outdoors", False),
        (("standing",), "outdoors", True),
        (("walking", "online"), "online", True),
    ],
)
def test_what_can_be_done_while_walking_is(places: tuple[str, ...], setting: str, still: bool) -> None:
    exercise = ExerciseFacts("body", ("movement",), 5, 8, places, id=7)
    assert planned(exercise, setting) == PlannedExercise(7, "body", 5, 8, still)


def test_every_hint_is_listed_for_the_words() -> None:
    long = walk_clock(60, [Part("walk_talk", 70)], green_share=0, phase="crisis", distance_m=9000)
    over = exercises_over(20, [PlannedExercise(1, "body", 5, 20)])
    assert over is not None
    assert {*codes(long), over.code} == set(HINTS)


@pytest.mark.parametrize(
    ("minutes", "phase", "most", "found"),
    [
        (60, None, None, 60),
        (60, None, 45, 45),
        (40, None, 45, 40),
        (60, "crisis", None, 30),
        (60, "crisis", 45, 30),
        (60, "crisis", 25, 25),
        (20, "crisis", 45, 20),
        (60, "problem_solving", None, 60),
        (60, "application", 50, 50),
    ],
)
def test_no_longer_than_the_client_and_the_phase_allow(
    minutes: int, phase: str | None, most: int | None, found: int
) -> None:
    assert limited(minutes, phase, most) == found
