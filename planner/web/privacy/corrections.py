"""Correcting what stands in a note, also when it is closed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.clients.consents import NeedsConsent
from planner.services.privacy import rectification
from planner.services.privacy.rectification import CorrectionPage
from planner.services.store import Conflict
from planner.web import here
from planner.web.clients.forms import differences
from planner.web.forms import as_version
from planner.web.privacy.forms import CorrectForm, correct_form

correction_pages = Blueprint("corrections", __name__)
Page = str | Response | tuple[str, int]


@correction_pages.route("/walks/<int:walk_id>/note/correct", methods=["GET", "POST"])
def note(walk_id: int) -> Page:
    try:
        page = rectification.page(here.store(), here.coach(), walk_id)
    except NeedsConsent:  # the note stays shut, and says so itself
        return redirect(url_for("notes.note", walk_id=walk_id), 303)
    here.saw(page.client.id)
    form = correct_form(page)
    if not form.validate_on_submit():
        return _page(page, form), 422 if form.is_submitted() else 200
    version = as_version(form.version.data) or 0
    try:
        changed = rectification.correct(
            here.store(), here.coach(), walk_id, form.values_of_note(), form.addenda(), version, here.now()
        )
    except Conflict:
        form.version.data = form.version.typed = str(page.version)
        return _page(page, form, differences(form, correct_form(page, formdata=None))), 409
    except NeedsConsent:
        return redirect(url_for("notes.note", walk_id=walk_id), 303)
    flash(_("Corrected. What stood there is gone.") if changed else _("Nothing was different."))
    return redirect(url_for("corrections.note", walk_id=walk_id), 303)


def _page(page: CorrectionPage, form: CorrectForm, differs: list[tuple[str, str]] | None = None) -> str:
    return render_template("privacy/correct.html", page=page, form=form, differs=differs)
