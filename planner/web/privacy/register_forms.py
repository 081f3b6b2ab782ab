"""Forms of the registers: one for each kind of line."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.privacy import (
    BREACHES,
    PROCESSING,
    PROCESSORS,
    RISKS,
    BreachLine,
    Line,
    ProcessingLine,
    ProcessorLine,
)
from planner.domain.when import TimeDoesNotExist, local_to_moment, moment_to_local
from planner.web.forms import (
    Chips,
    FormId,
    HiddenText,
    LocalDate,
    LocalTime,
    PlannerForm,
    TextArea,
    TextLine,
)
from planner.web.wording import options

YES_NO = [("yes", _l("Yes")), ("no", _l("No"))]


class RegisterForm(PlannerForm):
    """`key`: the line of ours that this one is over."""

    key = HiddenText()
    version = HiddenText()
    form_id = FormId()
    of_line: ClassVar[type[Line]] = ProcessingLine

    @staticmethod
    def start(line: Any) -> dict[str, Any]:
        """The line as the form's values."""
        return {one.name: getattr(line, one.name) for one in fields(line)}

    def line(self) -> Line:
        """What was filled in. Only after validation."""
        return self.of_line(
            **{one.name: self[one.name].data for one in fields(self.of_line) if one.name in self}
        )

    def is_sound(self, now: datetime) -> bool:  # noqa: ARG002
        return True


class ProcessingForm(RegisterForm):
    purpose = TextArea(_l("What for"), needs=_l("Write what for."), rows=2, max_length=500)
    basis = TextArea(_l("On what ground"), needs=_l("Write on what ground."), rows=2, max_length=500)
    people = TextLine(_l("Of whom"))
    data = TextArea(_l("Which data"), rows=2, max_length=1000)
    recipients = TextArea(_l("Who gets them"), rows=2, max_length=1000)
    kept = TextLine(_l("How long"))
    security = TextArea(_l("How they are protected"), rows=2, max_length=1000)


class ProcessorForm(RegisterForm):
    of_line = ProcessorLine
    name = TextLine(_l("Name"), needs=_l("Write who it is."))
    what_for = TextArea(_l("What for"), rows=2, max_length=1000)
    has_data = Chips(
        _l("Do they get personal data, encrypted too?"), choices=YES_NO, needs=_l("Choose one of these.")
    )
    agreed_on = LocalDate(_l("Agreement signed on"))
    in_eu = Chips(_l("Do the data stay in the European Economic Area?"), choices=YES_NO)
    safeguards = TextArea(
        _l("If not: what protects them"),
        hint=_l("Such as the standard clauses of the European Commission, or an adequacy decision."),
        rows=2,
        max_length=1000,
    )

    @staticmethod
    def start(line: Any) -> dict[str, Any]:
        told = {True: "yes", False: "no", None: None}
        start = RegisterForm.start(line)
        return {**start, "has_data": told[line.has_data], "in_eu": told[line.in_eu]}

    def line(self) -> Line:
        return ProcessorLine(
            self.name.data,
            self.what_for.data,
            self.has_data.data == "yes",
            self.agreed_on.data,
            {"yes": True, "no": False}.get(self.in_eu.data or ""),
            self.safeguards.data,
        )


class BreachForm(RegisterForm):
    found_on = LocalDate(_l("Found on"), needs=_l("Choose the day it was found."))
    found_time = LocalTime(_l("At what time"), needs=_l("Choose the time it was found."))
    what = TextArea(
        _l("What happened"),
        needs=_l("Write what happened."),
        hint=_l("Without names: how many people, and what kind of data."),
        rows=3,
        max_length=3000,
    )
    whom = TextArea(_l("What it can mean for them"), rows=2, max_length=2000)
    risk = Chips(_l("How big is the risk for the clients?"), choices=options("risk", RISKS))
    done = TextArea(_l("What was done about it"), rows=2, max_length=3000)
    told_authority_on = LocalDate(_l("Told the data protection authority on"))
    told_clients_on = LocalDate(_l("Told the clients on"))
    not_told_reason = TextArea(_l("Not told: the reason"), rows=2, max_length=2000)

    @staticmethod
    def start(line: Any) -> dict[str, Any]:
        local = moment_to_local(line.found_at) if line.found_at else None
        found = {"found_on": local.date(), "found_time": local.time()} if local else {}
        return {**RegisterForm.start(line), **found}

    @property
    def found_at(self) -> datetime:
        return local_to_moment(datetime.combine(self.found_on.data, self.found_time.data))

    def line(self) -> Line:
        return BreachLine(
            self.found_at,
            self.what.data,
            self.whom.data,
            self.risk.data,
            self.done.data,
            self.told_authority_on.data,
            self.told_clients_on.data,
            self.not_told_reason.data,
        )

    def is_sound(self, now: datetime) -> bool:
        """Whether that moment exists and is not still to come."""
        try:
            if self.found_at <= now:
                return True
            self.refuse("found_on", _("This moment is still to come."))
        except TimeDoesNotExist:
            self.refuse("found_time", _("This time does not exist: the clock went forward."))
        return False


FORMS: dict[str, type[RegisterForm]] = {
    PROCESSING: ProcessingForm,
    PROCESSORS: ProcessorForm,
    BREACHES: BreachForm,
}
