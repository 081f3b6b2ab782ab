"""What a client may answer, what of it still counts, and what it comes to."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import answers
from planner.domain.answers import PAGE_ASKS, SIGNS, AnswerContent, may_say
from planner.domain.walks import in_time
from planner.domain.when import local_to_moment

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
FULL = AnswerContent("cannot", AT, "short", 4, 5, "yes", "a_bit", "no", "yes", signs_done=True)


@pytest.mark.parametrize(
    ("sums", "result"),
    [
        ([7, 6], "ok"),
        ([8, 3, 3], "talk"),
        ([3, 4], "ok"),
        ([2], "unknown"),
        ([], "unknown"),
        ([0, 0, 4], "ok"),
    ],
)
def test_match(sums: list[int], result: str) -> None:
    """domain.md 3.5."""
    assert answers.match(sums) == result


@given(st.lists(st.integers(0, 8)))
def test_match_looks_at_the_last_two_only(sums: list[int]) -> None:
    expected = "unknown" if len(sums) < 2 else ("talk" if sums[-1] <= 3 and sums[-2] <= 3 else "ok")
    assert answers.match(sums) == expected


@given(st.lists(st.sampled_from([*answers.SIGN_ANSWERS, None]), min_size=4, max_size=4))
def test_the_sum_needs_all_four(given_answers: list[str | None]) -> None:
    content = AnswerContent(**dict(zip(SIGNS, given_answers, strict=True)))
    points = {"yes": 2, "a_bit": 1, "no": 0}
    whole = None if None in given_answers else sum(points[one] for one in given_answers if one)
    assert content.sum_of_signs == whole


def test_an_answer_about_another_time_does_not_count_but_for_the_signs() -> None:
    assert answers.standing(FULL, AT, AT, "outdoors") == FULL, "also what was kept without a setting"
    moved = answers.standing(FULL, AT, AT + timedelta(minutes=5), "outdoors")
    assert moved == AnswerContent(**FULL.signs, signs_done=True)


def test_in_another_setting_only_whether_they_come_is_open_again() -> None:
    said = replace(FULL, setting="outdoors")
    assert answers.standing(said, AT, AT, "outdoors") == said
    assert answers.standing(said, AT, AT, "phone") == replace(FULL, answer="", answered_at=None)


def test_without_consent_no_number_and_no_sign_is_left() -> None:
    left = answers.without_health(FULL)
    kept = {one.name for one in fields(left) if getattr(left, one.name) != one.default}
    assert kept == {"answer", "answered_at", "length", "signs_done"}


@pytest.mark.parametrize(
    ("answer", "on", "stands", "may"),
    [
        ("cannot", False, "", True), ("cannot", False, "cannot", True), ("cannot", True, "coming", True),
        ("coming", True, "", True), ("coming", True, "cannot", True),
        ("coming", False, "", False), ("coming", False, "cannot", True), ("coming", False, "coming", True),
        ("maybe", True, "", False),
    ],
)  # fmt: skip
def test_what_may_be_said(answer: str, on: bool, stands: str, may: bool) -> None:
    """Coming is asked where it was turned on; taking back what was said always works, and twice as well."""
    asks = {"coming"} if on else set[str]()
    assert may_say(answer, asks, AnswerContent(stands)) == may


WALK = datetime(2027, 3, 29, 10)  # the clock goes forward on 28 March
SPRING = local_to_moment(WALK)
AUTUMN = local_to_moment(datetime(2027, 11, 1, 10))  # and back on 31 October


@pytest.mark.parametrize("starts_at", [AT, SPRING, AUTUMN], ids=["plain", "spring", "autumn"])
def test_the_borders_are_real_hours(starts_at: datetime) -> None:
    second, on = timedelta(seconds=1), frozenset(PAGE_ASKS)
    for hours, early in product((24, 48), (timedelta(), second)):
        assert in_time(starts_at, starts_at - timedelta(hours=hours) + early, hours) == (not early)
    first = starts_at - timedelta(hours=48)
    asked = [
        answers.asks_check_in(on, starts_at, at, consented=True)
        for at in (first - second, first, starts_at, starts_at + second)
    ]
    assert asked == [False, True, True, False]
    last = starts_at + timedelta(days=7)
    asked = [answers.asks_signs(on, starts_at, at, consented=True) for at in (last, last + second)]
    assert asked == [True, False]


def test_24_hours_before_is_another_wall_time_when_the_clock_changed() -> None:
    """Sunday 28 March 2027 at 10.00: the notice period begins on Saturday at 9.00."""
    starts_at = local_to_moment(datetime(2027, 3, 28, 10))
    assert in_time(starts_at, local_to_moment(datetime(2027, 3, 27, 9)), 24)
    assert not in_time(starts_at, local_to_moment(datetime(2027, 3, 27, 9, 1)), 24)


@given(st.sets(st.sampled_from(PAGE_ASKS)), st.booleans())
def test_only_what_is_on_and_agreed_is_asked(asks: set[str], consented: bool) -> None:
    near = AT - timedelta(hours=2)
    assert answers.asks_check_in(asks, AT, near, consented=consented) == (consented and "check_in" in asks)
    assert answers.asks_signs(asks, near, AT, consented=consented) == (consented and "signs" in asks)


@given(st.sets(st.sampled_from(PAGE_ASKS)))
def test_asks_come_back(asks: set[str]) -> None:
    text = answers.write_asks(asks)
    assert answers.read_asks(text) == asks
    assert len(text) <= 100, "the column"
    assert answers.read_asks(text + " gone_by") == asks


def test_an_empty_answer_says_nothing() -> None:
    assert not answers.NOTHING.checked_in
    assert replace(answers.NOTHING, energy_week=0).checked_in
