"""The form library: the base of every form, and all fields from one place.

    class WalkForm(PlannerForm):
        date = LocalDate(_l("Day"), needs=_l("Choose a day."))
        energy_before = Scale(_l("Energy before"), low=_l("empty"), high=_l("full"))

    form = WalkForm(data={"minutes": 40})          # what it shows when nothing was typed yet
    if form.validate_on_submit(): ...              # else 422, with the same form

Show with `{{ field(form.date) }}` from `parts/fields.html`.
"""

from __future__ import annotations

import re
from typing import Any

from flask import has_request_context, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from planner.web.choices import (
    Chips,
    Choice,
    GpxFile,
    GpxFiles,
    ManyChips,
    Scale,
    SmallScale,
    Tick,
    Upload,
    YesNo,
)
from planner.web.fields import (
    DecimalNumber,
    EmailField,
    FormId,
    HiddenText,
    LocalDate,
    LocalTime,
    Option,
    Password,
    Phone,
    PlannerField,
    TextArea,
    TextLine,
    WebAddress,
    WholeNumber,
    tidy,
)

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def as_id(sent: object) -> int | None:
    """A number from an address or a hidden field, such as an id; None for anything else."""
    text = str(sent)
    return int(text) if re.fullmatch("[0-9]{1,19}", text) and int(text) < 2**63 else None


def as_version(sent: object) -> int | None:
    """A version from a hidden field; None for anything else, and for more than a column of versions holds."""
    number = as_id(sent)
    return number if number is not None and number < 2**31 else None


class PlannerForm(FlaskForm):  # type: ignore[misc]
    """A form sent with POST, with its CSRF field. Reads form fields and files only, never JSON."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ARG002
            if isinstance(formdata, MultiDict) or formdata is None:
                return formdata
            if has_request_context() and request.method in UNSAFE:
                return CombinedMultiDict((request.files, request.form))
            return None

    @property
    def all_errors(self) -> list[tuple[str, str]]:
        """(field id, sentence) of every refused field, then of the form as a whole (with an empty id)."""
        found = [(field.id, str(error)) for field in self for error in field.errors]
        return found + [("", str(error)) for error in self.form_errors]

    def refuse(self, name: str, sentence: Any) -> None:
        """Put a sentence beside a field after validation: what only the service could know."""
        field = self[name]
        field.errors = [*field.errors, str(sentence)]

    def values(self) -> dict[str, Any]:
        """Clean values by field name, without the CSRF field: what a command is made of."""
        return {name: field.data for name, field in self._fields.items() if isinstance(field, PlannerField)}


class QueryForm(PlannerForm):
    """A form sent with GET: search, filters, a week. It changes nothing, so it carries no CSRF field."""

    class Meta(PlannerForm.Meta):
        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ARG002
            if isinstance(formdata, MultiDict):
                return formdata
            return request.args if has_request_context() else None


__all__ = [
    "Chips",
    "Choice",
    "DecimalNumber",
    "EmailField",
    "FormId",
    "GpxFile",
    "GpxFiles",
    "HiddenText",
    "LocalDate",
    "LocalTime",
    "ManyChips",
    "Option",
    "Password",
    "Phone",
    "PlannerField",
    "PlannerForm",
    "QueryForm",
    "Scale",
    "SmallScale",
    "TextArea",
    "TextLine",
    "Tick",
    "Upload",
    "WebAddress",
    "WholeNumber",
    "YesNo",
    "as_id",
    "as_version",
    "tidy",
]
