"""Forms of a review that was held, and of a score that somebody else took."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from planner.domain.notes import WORKED
from planner.domain.progress import REVIEW_KINDS, TAKEN_BY, Measure, ReviewContent
from planner.services.progress.external_measures import KeptMeasure
from planner.services.progress.held_reviews import HeldReview, WriteReview
from planner.web.forms import (
    Chips,
    DecimalNumber,
    FormId,
    HiddenText,
    LocalDate,
    PlannerForm,
    TextArea,
    TextLine,
    as_version,
)
from planner.web.wording import options

LOWEST, HIGHEST = -10_000, 10_000


ASKS = ("again", "all")
"""Three safety questions, or all sixteen."""


class ReviewForm(PlannerForm):
    """`ask`: the button that goes on to the safety questions; what stands in the form is kept first."""

    kind = Chips(
        _l("Which review?"), choices=options("review_kind", REVIEW_KINDS), needs=_l("Choose which review.")
    )
    felt_energy = Chips(
        _l("Do you yourself feel improvement in your energy?"), choices=options("worked", WORKED)
    )
    felt_functioning = Chips(
        _l("Do you yourself feel improvement in your daily functioning?"), choices=options("worked", WORKED)
    )
    agreed = TextArea(_l("What did you agree?"), rows=3, max_length=2000)
    next_step = TextArea(_l("The next step"), rows=2, max_length=1000)
    form_id = FormId(max_length=40)
    version = HiddenText(max_length=12)
    ask = HiddenText(max_length=5)

    @property
    def asks(self) -> str | None:
        return self.ask.data if self.ask.data in ASKS else None

    def validate_felt_energy(self, _field: Any) -> None:
        if self.content.is_empty:
            raise ValidationError(_("Fill in at least the feeling or an agreement."))

    @property
    def content(self) -> ReviewContent:
        return ReviewContent(
            self.felt_energy.data, self.felt_functioning.data, self.agreed.data, self.next_step.data
        )

    def command(self) -> WriteReview:
        return WriteReview(self.kind.data, self.content, as_version(self.version.data))


def start_of_review(held: HeldReview) -> dict[str, Any]:
    """What the form shows of a review that was held."""
    content = held.content
    return {
        "kind": held.kind,
        "felt_energy": content.felt_energy,
        "felt_functioning": content.felt_functioning,
        "agreed": content.agreed,
        "next_step": content.next_step,
        "version": str(held.version),
    }


class MeasureForm(PlannerForm):
    """Name and numbers only: what a list asks and what a score means is not ours to print."""

    name = TextLine(
        _l("Name of the questionnaire"), needs=_l("Write which questionnaire it is."), max_length=80
    )
    taken_on = LocalDate(_l("Taken on"), needs=_l("Choose the day it was taken."))
    score = DecimalNumber(_l("Score"), least=LOWEST, most=HIGHEST, needs=_l("Write the score."))
    range_low = DecimalNumber(_l("Lowest possible score"), least=LOWEST, most=HIGHEST)
    range_high = DecimalNumber(_l("Highest possible score"), least=LOWEST, most=HIGHEST)
    taken_by = Chips(_l("Taken by"), choices=options("taken_by", TAKEN_BY), needs=_l("Choose who took it."))
    form_id = FormId(max_length=40)
    seen = HiddenText(max_length=40)

    def is_sound(self, today: date) -> bool:
        """Whether day, score and range can be true together; a sentence stands beside what cannot."""
        low, high, score = self.range_low.data, self.range_high.data, self.score.data
        if self.taken_on.data > today:
            self.refuse("taken_on", _("This day is still to come."))
        if low is not None and high is not None and low >= high:
            self.refuse("range_high", _("The highest score is above the lowest."))
        elif (low is not None and score < low) or (high is not None and score > high):
            self.refuse("score", _("The score is between the lowest and the highest."))
        return not self.errors

    def measure(self) -> Measure:
        return Measure(
            self.name.data,
            self.taken_on.data,
            self.score.data,
            self.range_low.data,
            self.range_high.data,
            self.taken_by.data,
        )


def start_of_measure(kept: KeptMeasure) -> dict[str, Any]:
    """What the form shows of a score that is kept."""
    measure = kept.measure
    return {
        "name": measure.name,
        "taken_on": measure.taken_on,
        "score": measure.score,
        "range_low": measure.range_low,
        "range_high": measure.range_high,
        "taken_by": measure.taken_by,
        "seen": kept.stamp,
    }
