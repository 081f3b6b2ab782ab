"""Rights of a client and duties of a practice: what is asked and when it is due, how long things are kept, and the
lines of its registers. Plain frozen values, sealed as JSON, with a default for every field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from planner.domain.when import add_months

ACCESS, RECTIFICATION, ERASURE, OBJECTION, PORTABILITY = (
    "access", "rectification", "erasure", "objection", "portability",
)  # fmt: skip
REQUEST_KINDS = (ACCESS, RECTIFICATION, ERASURE, OBJECTION, PORTABILITY)
ANSWER_MONTHS = 1

PROCESSING, PROCESSORS, BREACHES = "processing", "processors", "breaches"
REGISTERS = (PROCESSING, PROCESSORS, BREACHES)
BREACH_HOURS = 72
"""So long after a breach was found the authority is told (GDPR article 33). A practice can set another number, for the
law may change."""
LEAST_BREACH_HOURS, MOST_BREACH_HOURS = 1, 96

NOTES_MONTHS, SCREENING_MONTHS = 12, 3
MOST_MONTHS = 24
NOTES, SCREENING = "notes", "screening"
KEPT_PARTS = (NOTES, SCREENING)
"""What goes some time after the end of a programme."""
AHEAD = timedelta(days=60)
"""So long beforehand the coach sees what will go."""


@dataclass(frozen=True, slots=True)
class RequestText:
    """What was asked, or what was done with it, in a few words."""

    text: str = ""


def request_due_on(asked_on: date) -> date:
    """One month (GDPR article 12): 31 January is answered by 28 February."""
    return add_months(asked_on, ANSWER_MONTHS)


@dataclass(frozen=True, slots=True)
class RetentionTerms:
    """How many months notes and numbers stay after the end of a programme, and the safety questions. `reason`: for a
    longer time than ours. Who looked at what is known for twelve months, whoever sets what."""

    notes_months: int = NOTES_MONTHS
    screening_months: int = SCREENING_MONTHS
    reason: str = ""

    @property
    def longer(self) -> tuple[str, ...]:
        """Names of the terms that are longer than ours: allowed with a reason only."""
        return tuple(
            name for name in ("notes_months", "screening_months")
            if getattr(self, name) > getattr(USUAL_TERMS, name)
        )  # fmt: skip

    def months_of(self, part: str) -> int:
        return self.notes_months if part == NOTES else self.screening_months

    def goes_on(self, part: str, ended_on: date) -> date:
        """The day on which this part goes."""
        return add_months(ended_on, self.months_of(part))


USUAL_TERMS = RetentionTerms()


@dataclass(frozen=True, slots=True)
class ProcessingLine:
    """One purpose in the record of processing (GDPR article 30)."""

    purpose: str = ""
    basis: str = ""
    people: str = ""
    data: str = ""
    recipients: str = ""
    kept: str = ""
    security: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ProcessorLine:
    """Who works with data for the practice. `has_data`: personal data reach them. `in_eu`: it stays in the European
    Economic Area; else `safeguards` says what protects it. `gone`: the practice does not use them."""

    name: str = ""
    what_for: str = ""
    has_data: bool = True
    agreed_on: date | None = None
    in_eu: bool | None = None
    safeguards: str = ""
    gone: bool = False

    @property
    def is_settled(self) -> bool:
        """Nothing is left to arrange: an agreement with its day, and a place or safeguards. Who gets nothing about
        anybody needs neither."""
        return not self.has_data or (
            self.agreed_on is not None and (bool(self.in_eu) or bool(self.safeguards))
        )


@dataclass(frozen=True, slots=True)
class BreachLine:
    """Something went wrong with data. `found_at`: aware. `risk`: low, some or high; None: not thought over yet.
    `told_authority_on`, `told_clients_on`: who heard of it. `not_told_reason`: why the authority did not."""

    found_at: datetime | None = None
    what: str = ""
    whom: str = ""
    risk: str | None = None
    done: str = ""
    told_authority_on: date | None = None
    told_clients_on: date | None = None
    not_told_reason: str = ""
    gone: bool = False

    @property
    def is_settled(self) -> bool:
        """The authority knows or need not, and with a high risk the clients know too."""
        authority = self.told_authority_on is not None or (
            self.risk == RISKS[0] and bool(self.not_told_reason)
        )
        return authority and (self.risk != RISKS[-1] or self.told_clients_on is not None)


CHECKS = (
    "texts", "processing", "processors", "breaches", "requests", "withdrawn", "second_step", "keys",
)  # fmt: skip
"""What is looked at to say whether privacy is in order."""
RISKS = ("low", "some", "high")
Line = ProcessingLine | ProcessorLine | BreachLine
KINDS_OF_LINE: dict[str, type[Line]] = {
    PROCESSING: ProcessingLine, PROCESSORS: ProcessorLine, BREACHES: BreachLine,
}  # fmt: skip


def report_by(found_at: datetime, hours: int = BREACH_HOURS) -> datetime:
    """Until when the authority is told of a breach. Real hours, also over a clock change."""
    return found_at + timedelta(hours=hours)
