"""The course of a programme: its start, the days to look back on it, and which talk is due. And what is kept beside the
notes about how it goes: plain frozen values, sealed as JSON, with a default for every field."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.reviews import HORIZON_MONTHS, REVIEW_MONTHS, Change, Measurement, due_on, felt_otherwise

THREE_MONTHS, SIX_MONTHS, BETWEEN = "three_months", "six_months", "between"
REVIEW_KINDS = (THREE_MONTHS, SIX_MONTHS, BETWEEN)
PLANNED_END = "planned_end"
EVALUATIONS = (THREE_MONTHS, SIX_MONTHS, PLANNED_END)
"""The days on which coach and client look back."""
FEW_WALKS = 3
"""With fewer walks than this nothing is drawn."""
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

    @property
    def is_empty(self) -> bool:
        return self == ReviewContent()

    @property
    def felt_told(self) -> bool:
        """The client said of both measures whether they feel improvement: what the talks of three and six months are
        for (domain.md 3.1, 3.4)."""
        return self.felt_energy is not None and self.felt_functioning is not None


def start_of(walked_on: Iterable[date], started_on: date | None) -> date | None:
    """The start of a programme: the first walk that was walked, else the day the client began."""
    return min(walked_on, default=started_on)


def evaluations(start: date | None, planned_end_on: date | None = None) -> tuple[tuple[str, date], ...]:
    """The days to look back together: after three months, after six, and the planned end (A7, G6)."""
    talks = (
        ((THREE_MONTHS, due_on(start, REVIEW_MONTHS)), (SIX_MONTHS, due_on(start, HORIZON_MONTHS)))
        if start is not None
        else ()
    )
    return (*talks, (PLANNED_END, planned_end_on)) if planned_end_on is not None else talks


def kinds_held(talks: Iterable[tuple[str, ReviewContent | None]]) -> frozenset[str]:
    """The kinds of talk that are behind. One without the client's own answers leaves its day open. `None`: a talk that
    may not be opened, for want of consent."""
    return frozenset(kind for kind, content in talks if content is None or content.felt_told)


def talk_due(start: date | None, today: date, held: Collection[str]) -> TalkDue | None:
    """The review whose day is near or past, and that was not held; the one of six months goes before the one of three,
    and once it was held that of three months is behind. `start`: of the programme. `held`: the kinds that were held."""
    if SIX_MONTHS in held:
        return None
    for kind, on in reversed(evaluations(start)):
        if today >= on - SOON:
            return None if kind in held else TalkDue(kind, on)
    return None


def kind_now(start: date | None, today: date, held: Collection[str]) -> str:
    """Which talk is the one to hold now: the one that is due, else one in between."""
    due = talk_due(start, today, held)
    return due.kind if due is not None else BETWEEN


def disagreeing(changes: Iterable[Change], felt: ReviewContent | None) -> tuple[str, ...]:
    """Measures for which the numbers and what the client feels say something else. `felt`: the last talk in which they
    said so."""
    if felt is None:
        return ()
    return tuple(one.measure for one in changes if felt_otherwise(one, getattr(felt, f"felt_{one.measure}")))


def asked_since(
    asked_on: date | None, alerts: Collection[str], told: Iterable[Measurement], today: date
) -> date | None:
    """When the safety questions were asked, if that was not before the last number that gave one of the alerts."""
    gave = (
        one.on for one in told if one.on <= today and any(getattr(one, name) is not None for name in alerts)
    )
    last_on = max(gave, default=None)
    return asked_on if asked_on and last_on and asked_on >= last_on else None
