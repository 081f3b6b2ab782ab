"""Forms about colleagues, and about a client who goes to one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.roles import COACH
from planner.services.clients.passing_on import LONGEST
from planner.services.people.colleagues import Colleague
from planner.services.people.set_up import NewCoach
from planner.web.account.forms import LANGUAGES
from planner.web.forms import (
    Chips,
    EmailField,
    LocalDate,
    Option,
    PlannerForm,
    TextArea,
    TextLine,
    Tick,
    as_id,
)
from planner.web.wording import options


class RoleForm(PlannerForm):
    role = Chips(_l("Role"), choices=options("role"), needs=_l("Choose a role."), default=COACH)


class InviteForm(RoleForm):
    name = TextLine(_l("Name"), needs=_l("Fill in the name."))
    email = EmailField(_l("E-mail address"), needs=_l("Fill in the e-mail address."), autocomplete="off")
    language = Chips(_l("Language"), choices=LANGUAGES, needs=_l("Choose a language."))

    @property
    def command(self) -> NewCoach:
        name, email, language = self.name.data, self.email.data, self.language.data
        return NewCoach(name, email, None, language, role=self.role.data)


class ColleagueForm(PlannerForm):
    """Of colleagues who can have a client."""

    colleague = Chips(_l("Colleague"), needs=_l("Choose a colleague."))

    def offer(self, people: Iterable[Colleague]) -> None:
        self.colleague.choices = [Option(str(one.id), one.name) for one in people]

    @property
    def chosen(self) -> int:
        return as_id(self.colleague.data) or 0


class HandOverForm(ColleagueForm):
    agrees = Tick(_l("The client knows and agrees"), needs=_l("Ask the client first."))


class HandOverAllForm(ColleagueForm):
    agrees = Tick(_l("The clients know and agree"), needs=_l("Ask the clients first."))


class ShareForm(ColleagueForm):
    until = LocalDate(_l("Until and including"), needs=_l("Choose the last day."))
    reason = TextArea(_l("Reason"), needs=_l("Write why, such as: holiday cover."), rows=2, max_length=500)
    agrees = Tick(_l("The client knows and agrees"), needs=_l("Ask the client first."))
    today: date

    def validate_until(self, field: Any) -> None:
        if field.data is None:
            return
        if field.data < self.today:
            field.errors = [*field.errors, _("Choose a day that is still to come.")]
        elif field.data > self.today + LONGEST:
            field.errors = [*field.errors, _("Choose a day within a year.")]
