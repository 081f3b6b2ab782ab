"""What a client may send. The secret in the address is the proof, so these carry no CSRF field (decision 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from planner.domain.answers import ANSWERS, CHECK_IN, LENGTHS, SIGNS
from planner.services.clients.client_answers import CheckIn, Say
from planner.web.forms import Chips, HiddenText, PlannerForm, Scale
from planner.web.wording import options

MINUTE = "%Y-%m-%dT%H:%M"


class PersonalForm(PlannerForm):
    """`about`: the wall time of the walk that stood on the page."""

    class Meta(PlannerForm.Meta):
        csrf = False

    about = HiddenText(max_length=16)

    @property
    def about_local(self) -> datetime | None:
        """None when it was not sent. A time that is none is that of no walk."""
        if not self.about.data:
            return None
        try:
            return datetime.strptime(self.about.data, MINUTE)  # noqa: DTZ007 - a wall time
        except ValueError:
            return datetime.min  # noqa: DTZ901


class AnswerForm(PersonalForm):
    answer = Chips("", choices=[(one, "") for one in ANSWERS])
    length = Chips("", choices=options("length", LENGTHS))
    minutes = HiddenText(max_length=3)

    @property
    def said(self) -> Say:
        minutes = int(self.minutes.data) if self.minutes.data.isdecimal() else None
        return Say(self.answer.data or "", self.length.data or "", self.about_local, minutes)


class CheckInForm(PersonalForm):
    energy_week = Scale("")
    functioning_week = Scale("")

    @property
    def given(self) -> CheckIn:
        """Only what was touched."""
        sent = {name: self[name].data for name in CHECK_IN if self[name].typed is not None}
        return CheckIn(sent, self.about_local)


class SignsForm(PersonalForm):
    energised = Chips("", choices=options("worked"))
    usable = Chips("", choices=options("worked"))
    body_change = Chips("", choices=options("worked"))
    look_forward = Chips("", choices=options("worked"))

    @property
    def given(self) -> dict[str, Any]:
        return {sign: self[sign].data for sign in SIGNS}
