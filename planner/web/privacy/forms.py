"""Forms of the pages about privacy."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.privacy import (
    LEAST_BREACH_HOURS,
    MOST_BREACH_HOURS,
    MOST_MONTHS,
    REQUEST_KINDS,
    RetentionTerms,
)
from planner.services.privacy.rectification import CorrectionPage
from planner.web.fields import Words
from planner.web.forms import (
    Chips,
    FormId,
    HiddenText,
    LocalDate,
    PlannerForm,
    TextArea,
    TextLine,
    WholeNumber,
)
from planner.web.privacy.wording_export import FIELDS
from planner.web.wording import options


class EraseForm(PlannerForm):
    """The client's first name, typed: nobody erases by a slip."""

    confirm = TextLine(
        _l("Type the first name"), needs=_l("Type the first name to erase."), autocomplete="off"
    )

    def is_of(self, first_name: str) -> bool:
        """Whether this name was typed; else a sentence stands beside the field."""
        if " ".join(first_name.split()).casefold() == self.confirm.data.casefold():
            return True
        self.refuse("confirm", _("This is another name. Nothing was erased."))
        return False


class RequestForm(PlannerForm):
    """What a client asks about their data."""

    kind = Chips(
        _l("What does the client ask?"),
        choices=options("request_kind", REQUEST_KINDS),
        needs=_l("Choose what is asked."),
    )
    asked_on = LocalDate(_l("Asked on"), needs=_l("Choose the day it was asked."))
    text = TextArea(_l("In a few words"), max_length=2000, rows=2)
    form_id = FormId()

    def is_sound(self, today: date) -> bool:
        """Whether the day is not still to come."""
        if self.asked_on.data <= today:
            return True
        self.refuse("asked_on", _("This day is still to come."))
        return False


def _months(label: Words) -> WholeNumber:
    return WholeNumber(
        label, needs=_l("Write how many months."), least=1, most=MOST_MONTHS, unit=_l("months")
    )


class TermsForm(PlannerForm):
    """How long things are kept after the end of a programme."""

    notes_months = _months(_l("Notes and numbers"))
    screening_months = _months(_l("Safety questions"))
    reason = TextArea(
        _l("Reason for a longer time"),
        hint=_l("Only for more than 12 months, or more than 3 for the safety questions."),
        max_length=1000,
        rows=2,
    )
    breach_hours = WholeNumber(
        _l("A breach is told to the authority within"),
        needs=_l("Write how many hours."),
        hint=_l("The law says 72. Change it only when the law changes."),
        least=LEAST_BREACH_HOURS,
        most=MOST_BREACH_HOURS,
        unit=_l("hours"),
    )
    version = HiddenText()

    @property
    def terms(self) -> RetentionTerms:
        return RetentionTerms(self.notes_months.data, self.screening_months.data, self.reason.data)

    def is_sound(self) -> bool:
        """Whether a longer time has its reason."""
        if not self.terms.longer or self.reason.data:
            return True
        self.refuse("reason", _("Longer than usual needs a reason in writing."))
        return False


class CorrectForm(PlannerForm):
    """What a note says, each text and number in a field of its own."""

    version = HiddenText()

    def values_of_note(self) -> dict[str, Any]:
        """Place to what stands there now; a place inside another is written with a dot."""
        return {
            name.removeprefix("note_").replace("__", "."): field.data
            for name, field in self._fields.items()
            if name.startswith("note_")
        }

    def addenda(self) -> dict[int, str]:
        return {
            int(name.removeprefix("added_")): field.data
            for name, field in self._fields.items()
            if name.startswith("added_")
        }


def correct_form(page: CorrectionPage, **given: Any) -> CorrectForm:
    """With a field for each thing that stands there. `given`: formdata=None for what is saved, whatever was sent."""
    asked: dict[str, Any] = {}
    start: dict[str, Any] = {"version": str(page.version)}
    for place, text in page.texts.items():
        name = "note_" + place.replace(".", "__")
        asked[name], start[name] = TextArea(FIELDS[place.rpartition(".")[2]], rows=2), text
    for place, number in page.numbers.items():
        asked[f"note_{place}"] = WholeNumber(FIELDS[place], least=0, most=10)
        start[f"note_{place}"] = number
    for number, text in page.addenda.items():
        asked[f"added_{number}"] = TextArea(_l("Added later"), needs=_l("Write what it should say."), rows=2)
        start[f"added_{number}"] = text
    made: CorrectForm = type("CorrectForm", (CorrectForm,), asked)(data=start, **given)
    return made
