"""The course of a programme: when a talk is due. And what is kept beside the notes about how it goes: plain frozen
values, sealed as JSON, with a default for every field."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.reviews import HORIZON_MONTHS, REVIEW_MONTHS, due_on

THREE_MONTHS, SIX_MONTHS, BETWEEN = "three_months", "six_months", "between"
REVIEW_KINDS = (THREE_MONTHS, SIX_MONTHS, BETWEEN)
EVALUATIONS = (THREE_MONTHS, SIX_MONTHS, "planned_end")
"""The days on which coach and client look back."""
TAKEN_BY = ("gp", "company_doctor", "psychologist", "other")
SOON = timedelta(days=14)
"""So long beforehand a talk is named, so that it can be planned."""


@dataclass(frozen=True, slots=True)
class TalkDue:
    """A review to hold. `kind`: three_months or six_months."""

    kind: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Measure:
    """A score that somebody else took: only its name and numbers. No item text and no meaning is kept (domain.md 3.2).
    `range_low`, `range_high`: the lowest and highest score there is; None: not known."""

    name: str = ""
    taken_on: date | None = None
    score: float | None = None
    range_low: float | None = None
    range_high: float | None = None
    taken_by: str = "other"


@dataclass(frozen=True, slots=True)
class ReviewContent:
    """A talk about how it goes. `felt_energy`, `felt_functioning`: whether the client feels improvement (yes, a_bit,
    no); None: not asked."""

    felt_energy: str | None = None
    felt_functioning: str | None = None
    agreed: str = ""
    next_step: str = ""


def talk_due(start: date | None, today: date, held: Collection[str]) -> TalkDue | None:
    """The review whose day is near or past, and that was not held; the one of six months goes before the one of three,
    and once it was held that of three months is behind. `start`: of the programme. `held`: the kinds that were held."""
    if start is None or SIX_MONTHS in held:
        return None
    for kind, months in ((SIX_MONTHS, HORIZON_MONTHS), (THREE_MONTHS, REVIEW_MONTHS)):
        on = due_on(start, months)
        if today >= on - SOON:
            return None if kind in held else TalkDue(kind, on)
    return None
