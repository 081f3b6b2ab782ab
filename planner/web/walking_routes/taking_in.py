"""Several files at once, with a report of what became of each."""

from __future__ import annotations

import secrets
import time

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.services.routes import route_import
from planner.services.routes.route_import import FileIn
from planner.web import here
from planner.web.forms import FormId, GpxFiles, HiddenText, PlannerForm, Upload, as_id
from planner.web.walking_routes.views import LARGER, Page, route_pages

MOST_FILES = 20
IMPORT_BYTES = 26_000_000
"""Some 25 MB of files with the form around them."""
READS_FOR_S = 15.0
"""A server gives a request half a minute. What is not read by then is told, and can be chosen again."""
LARGER["walking_routes.take_in"] = IMPORT_BYTES


class ImportForm(PlannerForm):
    """`number`: of which the first file is, when a script sends one at a time."""

    files = GpxFiles(
        _l("GPX files"),
        needs=_l("Choose one or more GPX files."),
        hint=_l("At most 20 at a time, each at most 5 MB and 25 MB together. GeoJSON is fine too."),
    )
    number = HiddenText()
    form_id = FormId()


class AgainForm(PlannerForm):
    """A route that was there already, carried along by the report."""

    again = HiddenText(max_length=route_import.MOST_AGAIN)
    form_id = FormId()


@route_pages.route("/routes/import", methods=["GET", "POST"])
def take_in() -> Page:
    """The report is the answer itself: it tells of files, whose names are nowhere kept. Loaded again, the same form
    adds nothing twice."""
    form = ImportForm(data={"form_id": secrets.token_urlsafe(16)})
    if not form.is_submitted():
        return _page(form)
    if not form.validate():
        return _page(form), 422
    report = _read_all(form.files.data, form.form_id.data, as_id(form.number.data) or 0)
    page = _page(ImportForm(formdata=None, data={"form_id": secrets.token_urlsafe(16)}), report)
    return page, 200 if any(file.routes for file in report) else 422


@route_pages.post("/routes/import/anyway")
def take_in_anyway() -> Page:
    """A route that was skipped, because it is there already, after all."""
    form = AgainForm()
    content = route_import.unpacked(form.again.data) if form.validate() else None
    if content is None:
        flash(_("The route did not come along. Choose the file again."), "note")
        return redirect(url_for("walking_routes.new"), 303)
    file = route_import.take_in(
        here.store(), here.coach(), "", content, here.now(), form.form_id.data, keep=True
    )
    if not file.routes:
        flash(_("The route did not come along. Choose the file again."), "note")
        return redirect(url_for("walking_routes.new"), 303)
    flash(_("The route is saved."))
    return redirect(url_for("walking_routes.route", route_id=file.routes[0].id), 303)


def _read_all(files: list[Upload], form_id: str, first: int) -> list[FileIn]:
    until = time.monotonic() + READS_FOR_S
    report = []
    for number, file in enumerate(files, first):
        if number - first >= MOST_FILES or time.monotonic() > until:
            report.append(FileIn(file.name, left=True))
        elif file.too_large:
            report.append(route_import.too_large(file.name))
        else:
            key = f"{form_id}.{number}" if form_id else ""
            report.append(
                route_import.take_in(here.store(), here.coach(), file.name, file.content, here.now(), key)
            )
    return report


def _page(form: ImportForm, report: list[FileIn] | None = None) -> str:
    return render_template("walking_routes/import.html", form=form, report=report)
