"""The parts of a plan while the coach shapes it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain import plan_parts
from planner.domain.default_plan import ARRIVE_AT_LEAST_MINUTES
from planner.domain.practices import BUFFER_MINUTES
from planner.domain.timing import totals
from planner.domain.walks import SETTINGS, PlannedPart, timed
from planner.services.toolkit.toolkit_data import shipped_toolkit

FACTS = [one.facts for one in shipped_toolkit().exercises]


@settings(max_examples=200, deadline=None)
@given(
    minutes=st.integers(20, 90),
    which=st.lists(st.integers(0, len(FACTS) - 1), max_size=6, unique=True),
    setting=st.sampled_from(SETTINGS),
    phase=st.sampled_from([None, "crisis", "application"]),
)
def test_a_laid_plan_holds_what_was_chosen(
    minutes: int, which: list[int], setting: str, phase: str | None
) -> None:
    """Every chosen exercise in its order; and within the minutes less the buffer when they fit at their shortest."""
    chosen = [replace(FACTS[number], id=number + 1) for number in which]
    parts = plan_parts.lay(minutes, chosen, setting, phase, {1})
    assert [part.exercise_id for part in parts if part.exercise_id] == [one.id for one in chosen]
    assert all(part.minutes > 0 for part in parts)
    sums = totals(timed(parts, {one.id: one for one in chosen}, setting))
    assert sums.talking_min + sums.doing_min + sums.silent_min == sums.all_min
    shortest = sum(one.minutes_min for one in chosen)
    assert sums.all_min <= max(minutes - BUFFER_MINUTES, shortest + ARRIVE_AT_LEAST_MINUTES)


SOME = [replace(FACTS[number], id=number + 1) for number in range(4)]


@settings(max_examples=200, deadline=None)
@given(
    first=st.lists(st.sampled_from(SOME), max_size=4, unique_by=lambda one: one.id),
    then=st.lists(st.sampled_from(SOME), max_size=4, unique_by=lambda one: one.id),
    seen=st.sets(st.integers(1, 4)),
)
def test_an_own_plan_gets_exactly_the_exercises_that_were_sent(first: list, then: list, seen: set) -> None:  # type: ignore[type-arg]
    own = plan_parts.lay(60, first)
    fitted = plan_parts.fitted(own, then, seen)
    assert [part.exercise_id for part in fitted if part.exercise_id] == [one.id for one in then]
    assert [part for part in fitted if not part.exercise_id] == [part for part in own if not part.exercise_id]
    assert {part.exercise_id for part in fitted if part.for_client} == seen & {one.id for one in then}
    kept = {part.exercise_id: part.minutes for part in own if part.exercise_id}
    assert all(
        kept.get(part.exercise_id, part.minutes) == part.minutes for part in fitted if part.exercise_id
    )


@given(at=st.integers(-3, 9), steps=st.sampled_from([-1, 1]))
def test_moving_keeps_every_part(at: int, steps: int) -> None:
    parts = plan_parts.lay(60, SOME)
    moved = plan_parts.moved(parts, at, steps)
    assert sorted(moved, key=repr) == sorted(parts, key=repr)
    if 0 <= at < len(parts) and 0 <= at + steps < len(parts):
        assert moved[at + steps] == parts[at]
    else:
        assert moved == parts


def test_one_more_comes_before_the_last_talk() -> None:
    parts = (PlannedPart("walk_talk", 10), PlannedPart("silent", 5), PlannedPart("walk_talk", 10))
    more = plan_parts.with_exercise(parts, SOME[0])
    assert [part.segment for part in more] == ["walk_talk", "silent", "exercise", "walk_talk"]
    assert plan_parts.with_exercise(more, SOME[0]) == more, "once is enough"
    assert plan_parts.with_segment(parts, "bench")[-1].segment == "bench"
    assert plan_parts.with_segment(parts, "dance") == parts
    assert len(plan_parts.with_segment((parts * 7)[:20], "bench")) == plan_parts.MOST_PARTS


def test_a_day_and_time_to_choose_from() -> None:
    from datetime import date, datetime, time

    from planner.domain import plan_start
    from planner.domain.practices import PracticeSettings

    tuesday, friday = datetime(2026, 11, 24, 10, 0), datetime(2026, 11, 20, 14, 30)
    today = date(2026, 11, 25)
    assert plan_start.days([tuesday, friday], today, PracticeSettings()) == (
        date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 8)
    )  # fmt: skip
    assert plan_start.days([], date(2026, 11, 27), PracticeSettings()) == (
        date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
    )  # fmt: skip
    off = {date(2026, 12, 1), date(2026, 11, 30)}
    assert plan_start.first_day([datetime(2026, 6, 2, 10)], today, off) == date(2026, 12, 8), (
        "not on a day off"
    )
    assert off.isdisjoint(plan_start.days([tuesday, friday], today, PracticeSettings(), off))
    assert off.isdisjoint(plan_start.days([], date(2026, 11, 27), PracticeSettings(), off))
    assert plan_start.times([tuesday, friday]) == (time(9, 30), time(10, 0), time(13, 30), time(14, 30))
    assert plan_start.first_day([datetime(2026, 12, 8, 10)], today) == date(2026, 12, 15), (
        "after what is planned"
    )
    assert plan_start.first_day([datetime(2026, 6, 2, 10)], today) == date(2026, 12, 1), "a long time ago"


def test_how_long_a_new_plan_is() -> None:
    from planner.domain.plan_start import length
    from planner.domain.practices import PracticeSettings

    usual = PracticeSettings()
    assert length(None, None, None, usual) == 40
    assert length(55, None, None, usual) == 55
    assert length(55, 45, None, usual) == 45
    assert length(55, None, "crisis", usual) == 30
    assert length(None, 10, None, usual) == 20, "never under the least"
