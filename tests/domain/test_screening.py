"""The safety questions: table 5.2 of domain.md, what may be kept (P06), what holds planning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain import screening
from planner.domain.exercises import CAUTIONS
from planner.domain.screening import (
    ANSWERS,
    ASKED,
    BY_CODE,
    LEVELS,
    QUESTIONS,
    REPEATED,
    Outcome,
    ScreeningRecord,
    assess,
    holds_planning,
    parked_for_therapist,
    storable,
)

DAY = date(2026, 11, 24)
TABLE = {
    "S1": "red_now", "S2": "red_now", "S3": "refer_gp", "S4": "red_now", "S5": "red_now", "S6": "refer_gp",
    "S7": "therapy_advised", "S8": "therapy_advised", "S9": "therapy_advised", "S10": "therapy_advised",
    "S11": "therapy_advised", "S12": "refer_gp", "S13": "refer_gp", "S14": "caution", "S15": "refer_gp",
    "S16": "refer_gp",
}  # fmt: skip
CALM = dict.fromkeys(TABLE, "no") | {"S15": "yes"}
answers = st.dictionaries(st.sampled_from(sorted(TABLE)), st.sampled_from(ANSWERS))


def test_the_table() -> None:
    assert {question.code: question.level for question in QUESTIONS} == TABLE
    assert tuple(TABLE) == ASKED, "all of them, in their order"
    assert REPEATED == ("S1", "S2", "S6")
    assert {code: BY_CODE[code].flags for code in TABLE if BY_CODE[code].flags} == {
        "S8": ("panic",),
        "S9": ("trauma",),
        "S13": ("pem",),
    }
    assert all(flag in CAUTIONS for question in QUESTIONS for flag in question.flags)


@pytest.mark.parametrize("code", sorted(set(TABLE) - {"S15"}))
@pytest.mark.parametrize(("answer", "raises"), [("yes", True), ("unknown", True), ("no", False)])
def test_each_question_alone(code: str, answer: str, raises: bool) -> None:
    outcome = assess({code: answer})
    assert outcome.level == (TABLE[code] if raises else "none")
    assert outcome.raised == ((code,) if raises else ())


@pytest.mark.parametrize(("answer", "level"), [("yes", "none"), ("no", "refer_gp"), ("unknown", "refer_gp")])
def test_does_your_gp_know_is_raised_by_no(answer: str, level: str) -> None:
    assert assess({"S15": answer}).level == level


@pytest.mark.parametrize(
    ("given_answers", "expected"),
    [
        ({}, Outcome("none", (), ())),
        (CALM, Outcome("none", (), ())),
        ({"S6": "yes", "S2": "unknown", "S3": "yes"}, Outcome("red_now", ("S2", "S3", "S6"), ())),
        (
            {"S9": "yes", "S8": "unknown", "S14": "yes"},
            Outcome("therapy_advised", ("S8", "S9", "S14"), ("panic", "trauma")),
        ),
    ],
)
def test_assess(given_answers: dict[str, str], expected: Outcome) -> None:
    assert assess(given_answers) == expected


@pytest.mark.parametrize("wrong", [{"S17": "yes"}, {"S1": "ja"}, {"S1": ""}])
def test_what_we_do_not_know_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no such"):
        assess(wrong)


@given(answers)
def test_the_level_is_the_most_serious_one_raised(given_answers: dict[str, str]) -> None:
    outcome = assess(given_answers)
    raised = [LEVELS.index(TABLE[code]) for code in outcome.raised]
    assert LEVELS.index(outcome.level) == max(raised, default=0)


@given(answers)
def test_answers_to_the_three_are_never_kept(given_answers: dict[str, str]) -> None:
    record = storable(given_answers, DAY)
    kept = {line.code: line for line in record.lines}
    assert set(kept) == set(given_answers)
    for code, answer in given_answers.items():
        assert kept[code].answer == (None if code in ("S1", "S4", "S5") else answer)
    assert record.level == assess(given_answers).level
    assert record.raised == assess(given_answers).raised
    assert msgspec.json.decode(msgspec.json.encode(record), type=ScreeningRecord) == record


@pytest.mark.parametrize("code", ["S1", "S4", "S5"])
def test_yes_and_unknown_are_kept_alike(code: str) -> None:
    assert storable({code: "yes"}, DAY) == storable({code: "unknown"}, DAY)


def record(raised: str | None, on: date = DAY, **changes: Any) -> ScreeningRecord:
    made = storable({**CALM, **({raised: "yes"} if raised else {})}, on)
    return replace(made, **changes)


LATER = date(2026, 12, 24)


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([], None),
        ([record(None)], None),
        ([record("S1")], "red_without_step"),
        ([record("S2")], "red_without_step"),
        ([record("S1", step_taken="  ")], "red_without_step"),
        ([record("S1", step_taken="Samen de huisarts gebeld.")], None),
        ([record("S5"), record(None, LATER)], "red_without_step"),  # a calm day later does not undo it
        ([record("S3")], "gp_not_informed"),
        ([record("S6")], "gp_not_informed"),
        ([record("S6", gp_knows=True)], None),
        ([record("S6", reason_without_gp="Afspraak staat op vrijdag.")], None),
        ([record("S6"), record(None, LATER, gp_knows=True)], None),
        ([record("S6", gp_knows=True), record("S3", LATER)], "gp_not_informed"),
        ([record("S6"), record("S1", LATER)], "red_without_step"),  # the most serious one is named
        ([record(None, LATER, gp_knows=True), record("S6")], None),  # order of the list does not matter
    ],
)
def test_what_holds_planning(records: list[ScreeningRecord], code: str | None) -> None:
    assert holds_planning(records) == code
    assert code is None or code in screening.HOLDS


def test_a_red_answer_and_a_referral_hold_one_after_the_other() -> None:
    both = storable({"S1": "yes", "S3": "yes"}, DAY)
    assert holds_planning([both]) == "red_without_step"
    assert holds_planning([replace(both, step_taken="112 gebeld")]) == "gp_not_informed"
    assert holds_planning([replace(both, step_taken="112 gebeld", gp_knows=True)]) is None


@pytest.mark.parametrize(
    ("records", "parked"),
    [
        ([], ()),
        ([record(None)], ()),
        ([record("S8")], ("S8",)),
        ([record("S9"), record(None, LATER)], ()),  # as it was answered last
        ([record("S10", LATER), record(None)], ("S10",)),  # order of the list does not matter
        ([record("S7"), storable({"S1": "no", "S2": "no", "S6": "no"}, LATER)], ("S7",)),  # not asked again
        ([record("S6")], ()),
    ],
)
def test_what_is_parked_for_the_therapist(records: list[ScreeningRecord], parked: tuple[str, ...]) -> None:
    assert parked_for_therapist(records) == parked


@given(answers, answers)
def test_the_last_time_of_each_question(first: dict[str, str], second: dict[str, str]) -> None:
    told = screening.last_time([storable(second, LATER), storable(first, DAY)])
    assert set(told) == {*first, *second}
    for code, before in told.items():
        answer = second.get(code, first.get(code))
        assert before.asked_on == (LATER if code in second else DAY)
        assert before.answer == (None if code in ("S1", "S4", "S5") else answer)
