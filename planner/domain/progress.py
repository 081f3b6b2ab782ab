"""What is kept beside the notes about how it goes: plain frozen values, sealed as JSON, with a default for every
field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

THREE_MONTHS, SIX_MONTHS, BETWEEN = "three_months", "six_months", "between"
REVIEW_KINDS = (THREE_MONTHS, SIX_MONTHS, BETWEEN)
EVALUATIONS = (THREE_MONTHS, SIX_MONTHS, "planned_end")
"""The days on which coach and client look back."""
TAKEN_BY = ("gp", "company_doctor", "psychologist", "other")


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
