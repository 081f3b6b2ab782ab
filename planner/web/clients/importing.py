"""Clients out of a file: choose it, look at who is in it, and keep whoever said yes."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.services import fixed_texts
from planner.services.clients import client_files, clients
from planner.services.privacy import client_import
from planner.services.privacy.client_import import Person, Preview, Refused
from planner.web import here, language
from planner.web.clients.forms import NAME_LENGTH
from planner.web.forms import EmailField, FormId, GpxFile, Phone, PlannerForm, TextLine, Tick
from planner.web.wording import word

import_pages = Blueprint("client_import", __name__)
Page = str | Response | tuple[str, int]
MOST_BYTES = 1_000_000


class ContactsFile(GpxFile):
    """A list of contacts."""

    accept = ".csv,.vcf,.txt,text/csv,text/vcard"


class ImportForm(PlannerForm):
    contacts = ContactsFile(
        _l("File with clients"),
        needs=_l("Choose a file."),
        hint=_l("CSV from Excel or another program, or vCard from your contacts."),
        most_bytes=MOST_BYTES,
    )


class PeopleForm(PlannerForm):
    """One set of fields for each person. They travel in the page: the planner keeps nothing of them until they said
    yes."""

    texts_seen = Tick(_l("I have read these texts"))
    form_id = FormId()

    @property
    def numbers(self) -> list[int]:
        names = (name for name in self._fields if name.startswith("yes_"))
        return sorted(int(name.removeprefix("yes_")) for name in names)

    def person(self, number: int) -> Person:
        told = (self[f"{name}_{number}"].data for name in ("first_name", "last_name", "email", "phone"))
        return Person(*told)

    def agreed(self) -> tuple[Person, ...]:
        """Those who said yes."""
        return tuple(self.person(number) for number in self.numbers if self[f"yes_{number}"].data)


def people_form(count: int, **start: Any) -> PeopleForm:
    asked: dict[str, Any] = {}
    for number in range(count):
        asked |= {
            f"first_name_{number}": TextLine(
                _l("First name"),
                needs=_l("Fill in a first name."),
                max_length=NAME_LENGTH,
                autocomplete="off",
            ),
            f"last_name_{number}": TextLine(_l("Last name"), max_length=NAME_LENGTH, autocomplete="off"),
            f"email_{number}": EmailField(_l("E-mail address"), autocomplete="off"),
            f"phone_{number}": Phone(_l("Phone number"), autocomplete="off"),
            f"yes_{number}": Tick(_l("Read or heard the text, and agrees")),
        }
    made: PeopleForm = type("PeopleForm", (PeopleForm,), asked)(**start)
    return made


@import_pages.route("/clients/import", methods=["GET", "POST"])
def start() -> Page:
    """The file; then who is in it. Nothing is kept."""
    form = ImportForm()
    if form.validate_on_submit():
        try:
            found = client_import.preview(here.store(), here.coach(), form.contacts.data.content)
        except Refused as refused:
            form.refuse("contacts", word("contact_problem", refused.code))
        else:
            return _people_page(_first_form(found), found)
    return render_template("clients/import.html", form=form), 422 if form.is_submitted() else 200


@import_pages.post("/clients/import/keep")
def keep() -> Page:
    form = people_form(_how_many())
    if not form.validate_on_submit():
        return _people_page(form, _again(form)), 422
    agreed = form.agreed()
    if not agreed:
        form.form_errors.append(_("Tick who agrees. Nobody was added."))
        return _people_page(form, _again(form)), 422
    try:
        count = client_import.take_in(
            here.store(),
            here.coach(),
            agreed,
            language.current(),
            here.now(),
            here.today(),
            form_id=form.form_id.data,
            reads_texts=form.texts_seen.data,
        )
    except clients.TextsNotSeen:
        form.refuse("texts_seen", _("Read these texts first. Then you can add clients."))
        return _people_page(form, _again(form)), 422
    flash(ngettext("%(num)s client is added.", "%(num)s clients are added.", count))
    return redirect(url_for("clients.index"), 303)


def _how_many() -> int:
    """People in the form that was sent, as far as we take them at once."""
    sent = (name.removeprefix("first_name_") for name in request.form if name.startswith("first_name_"))
    numbers = [int(one) for one in sent if one.isascii() and one.isdecimal() and len(one) < 4]
    return min(max(numbers, default=-1) + 1, client_import.MOST_PEOPLE)


def _first_form(found: Preview) -> PeopleForm:
    start: dict[str, Any] = {"form_id": secrets.token_urlsafe(16)}
    for number, line in enumerate(found.lines):
        for name in ("first_name", "last_name", "email", "phone"):
            start[f"{name}_{number}"] = getattr(line.person, name)
    return people_form(len(found.lines), formdata=None, data=start)


def _again(form: PeopleForm) -> Preview:
    """The same people, as they stand in the form now."""
    people = tuple(form.person(number) for number in form.numbers)
    return Preview(client_import.compare(here.store(), here.coach(), people))


def _people_page(form: PeopleForm, found: Preview) -> str:
    return render_template(
        "clients/import_people.html",
        form=form,
        found=found,
        texts=client_files.texts_to_read(here.store(), here.coach(), language.current()),
        consent=fixed_texts.consent_text(language.current()),
    )
