"""How long things are kept: what goes soon, and the terms."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.clients import HEALTH
from planner.services.clients import client_files
from planner.services.people import practices
from planner.services.people.practices import ChangePractice, OpenPractice
from planner.services.privacy import retention
from planner.services.store import Conflict
from planner.web import here
from planner.web.forms import as_version
from planner.web.privacy.forms import TermsForm

retention_pages = Blueprint("retention", __name__)
Page = str | Response | tuple[str, int]


@retention_pages.route("/privacy/retention", methods=["GET", "POST"])
def terms() -> Page:
    """What goes is the coach's own; the terms are the practice's, and are set by whoever leads it."""
    if request.method == "POST" and not here.coach().leads:
        abort(404)
    kept = practices.open_practice(here.store(), here.coach())
    form = TermsForm(data=_start(kept))
    if not (form.validate_on_submit() and form.is_sound()):
        return _page(form), 422 if form.is_submitted() else 200
    settings = replace(kept.settings, retention=form.terms, breach_hours=form.breach_hours.data)
    command = ChangePractice(settings, kept.contact, as_version(form.version.data) or 0)
    try:
        practices.change(here.store(), here.coach(), command, here.now())
    except Conflict:
        kept = practices.open_practice(here.store(), here.coach())
        form.version.data = form.version.typed = str(kept.version)
        form.refuse("notes_months", _("The settings were saved in between. Look once more, and save again."))
        return _page(form), 409
    flash(_("Saved."))
    return redirect(url_for("retention.terms"), 303)


def _start(kept: OpenPractice) -> dict[str, object]:
    found = kept.settings.retention
    return {
        "notes_months": found.notes_months,
        "screening_months": found.screening_months,
        "reason": found.reason,
        "breach_hours": kept.settings.breach_hours,
        "version": str(kept.version),
    }


def _page(form: TermsForm) -> str:
    return render_template(
        "privacy/retention.html",
        form=form,
        going=retention.ahead(here.store(), here.coach(), here.today()),
        withdrawn=client_files.who_withdrew(here.store(), here.coach(), HEALTH),
        today=here.today(),
    )
