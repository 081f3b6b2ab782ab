"""Safety questions at the intake: what an answer means, what may be kept, and what holds planning.

Source: domain.md 5.2. Nobody is refused by software; a coach does not diagnose. The words stand in the fixed
texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

NO, YES, UNKNOWN = "no", "yes", "unknown"
ANSWERS = (NO, YES, UNKNOWN)

NONE, CAUTION, THERAPY_ADVISED = "none", "caution", "therapy_advised"
REFER_GP, RED_NOW = "refer_gp", "red_now"
LEVELS = (NONE, CAUTION, THERAPY_ADVISED, REFER_GP, RED_NOW)
"""Mildest first."""

RED_WITHOUT_STEP, GP_NOT_INFORMED = "red_without_step", "gp_not_informed"
HOLDS = (RED_WITHOUT_STEP, GP_NOT_INFORMED)


@dataclass(frozen=True, slots=True)
class Question:
    """`raised_by`: answers that count; "don't know" always counts, because it asks for the same action.
    `flags`: codes of health flags it suggests. `keeps_answer`: False for what must never be stored (P06)."""

    code: str
    level: str
    flags: tuple[str, ...] = ()
    raised_by: tuple[str, ...] = (YES, UNKNOWN)
    keeps_answer: bool = True


QUESTIONS = (
    Question("S1", RED_NOW, keeps_answer=False),
    Question("S2", RED_NOW),
    Question("S3", REFER_GP),
    Question("S4", RED_NOW, keeps_answer=False),
    Question("S5", RED_NOW, keeps_answer=False),
    Question("S6", REFER_GP),
    Question("S7", THERAPY_ADVISED),
    Question("S8", THERAPY_ADVISED, flags=("panic",)),
    Question("S9", THERAPY_ADVISED, flags=("trauma",)),
    Question("S10", THERAPY_ADVISED),
    Question("S11", THERAPY_ADVISED),
    Question("S12", REFER_GP),
    Question("S13", REFER_GP, flags=("pem",)),
    Question("S14", CAUTION),  # which flag is the coach's to choose: one question names many conditions
    Question("S15", REFER_GP, raised_by=(NO, UNKNOWN)),  # "does your GP know?": here no is what counts
    Question("S16", REFER_GP),
)
BY_CODE = {question.code: question for question in QUESTIONS}
ASKED = tuple(BY_CODE)
"""What is asked at the intake: everything."""
REPEATED = ("S1", "S2", "S6")
"""Asked again at each review, at a deterioration alert, and by a button in every walk."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set of answers asks for: the highest level, the questions that raised something, the flags."""

    level: str
    raised: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptLine:
    """What is kept of one question. `answer` is None where the answer may not be stored."""

    code: str
    level: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class LastTime:
    """When a question was asked last. `answer` is None where the answer was not kept."""

    asked_on: date
    answer: str | None


@dataclass(frozen=True, slots=True)
class ScreeningRecord:
    """What is kept of one screening. `step_taken` says what the coach did, never what the client said."""

    asked_on: date
    lines: tuple[KeptLine, ...] = ()
    flags: tuple[str, ...] = ()
    step_taken: str = ""
    step_on: date | None = None
    gp_knows: bool = False
    reason_without_gp: str = ""

    @property
    def level(self) -> str:
        return highest(line.level for line in self.lines)

    @property
    def raised(self) -> tuple[str, ...]:
        return tuple(line.code for line in self.lines if line.level != NONE)


def highest(levels: Iterable[str]) -> str:
    """The most serious of these levels; `none` when there are none."""
    return max(levels, key=LEVELS.index, default=NONE)


def _checked(answers: Mapping[str, str]) -> list[tuple[Question, str]]:
    """Questions in their fixed order with the answer. Raises ValueError for an unknown code or answer."""
    if unknown := set(answers) - set(BY_CODE):
        raise ValueError(f"no such question: {', '.join(sorted(unknown))}")
    if wrong := set(answers.values()) - set(ANSWERS):
        raise ValueError(f"no such answer: {', '.join(sorted(wrong))}")
    return [(question, answers[question.code]) for question in QUESTIONS if question.code in answers]


def assess(answers: Mapping[str, str]) -> Outcome:
    """What these answers (code to no, yes or unknown) ask for. A question left out raises nothing."""
    raised = [question for question, answer in _checked(answers) if answer in question.raised_by]
    flags = dict.fromkeys(flag for question in raised for flag in question.flags)
    return Outcome(
        highest(question.level for question in raised),
        tuple(question.code for question in raised),
        tuple(flags),
    )


def storable(answers: Mapping[str, str], asked_on: date) -> ScreeningRecord:
    """The part of the answers that may be kept (P06): of S1, S4 and S5 only the day and the level."""
    lines = tuple(
        KeptLine(
            question.code,
            question.level if answer in question.raised_by else NONE,
            answer if question.keeps_answer else None,
        )
        for question, answer in _checked(answers)
    )
    return ScreeningRecord(asked_on, lines, assess(answers).flags)


def last_time(records: Iterable[ScreeningRecord]) -> dict[str, LastTime]:
    """Of each question that was asked before: the day, and the answer where it may be kept. `records`: oldest first of
    those on one day."""
    known = sorted(records, key=lambda record: record.asked_on)
    return {line.code: LastTime(record.asked_on, line.answer) for record in known for line in record.lines}


def parked_for_therapist(records: Iterable[ScreeningRecord]) -> tuple[str, ...]:
    """The questions for which therapy is often the best place, as each was answered last, in their fixed order."""
    last: dict[str, str] = {}
    for record in sorted(records, key=lambda record: record.asked_on):
        last |= {line.code: line.level for line in record.lines}
    return tuple(one.code for one in QUESTIONS if last.get(one.code) == THERAPY_ADVISED)


def holds_planning(records: Iterable[ScreeningRecord]) -> str | None:
    """Code of what holds planning for this client, or None.

    A red answer holds until the coach has written the step taken, and a later calm screening does not undo
    that. "GP first" holds until the coach notes that the GP knows, or writes a reason, at that screening or
    a later one.
    """
    known = sorted(records, key=lambda record: record.asked_on)
    if any(record.level == RED_NOW and not record.step_taken.strip() for record in known):
        return RED_WITHOUT_STEP
    waiting = False
    for record in known:
        waiting = waiting or any(line.level == REFER_GP for line in record.lines)
        if record.gp_knows or record.reason_without_gp.strip():
            waiting = False
    return GP_NOT_INFORMED if waiting else None
