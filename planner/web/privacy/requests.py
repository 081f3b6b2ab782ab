"""Requests of clients about their data: all that waits, and those of one client."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services import fixed_texts
from planner.services.privacy import privacy_requests
from planner.web import here, language
from planner.web.clients.views import opened
from planner.web.privacy.forms import RequestForm

request_pages = Blueprint("requests", __name__)
Page = str | Response | tuple[str, int]


@request_pages.get("/privacy/requests")
def index() -> Page:
    waiting, done = privacy_requests.open_and_done(here.store(), here.coach())
    rights = fixed_texts.text("privacy_rights", language.current())
    return render_template(
        "privacy/requests.html", waiting=waiting, done=done, today=here.today(), rights=rights
    )


@request_pages.route("/clients/<int:client_id>/requests", methods=["GET", "POST"])
def of_client(client_id: int) -> Page:
    client = opened(client_id)
    form = RequestForm(data={"asked_on": here.today(), "form_id": secrets.token_urlsafe(16)})
    if form.validate_on_submit() and form.is_sound(here.today()):
        asked = form.kind.data, form.asked_on.data, form.text.data
        privacy_requests.add(here.store(), here.coach(), client_id, *asked, here.now(), form.form_id.data)
        flash(_("Written down."))
        return redirect(url_for("requests.of_client", client_id=client_id), 303)
    page = render_template(
        "privacy/client_requests.html",
        client=client,
        form=form,
        lines=privacy_requests.of_client(here.store(), here.coach(), client_id),
        today=here.today(),
    )
    return page, 422 if form.is_submitted() else 200


@request_pages.post("/privacy/requests/<int:request_id>/done")
def settle(request_id: int) -> Page:
    """`done`: 1, or 0 when it waits again after all."""
    done_on = None if request.form.get("done") == "0" else here.today()
    client_id = privacy_requests.settle(here.store(), here.coach(), request_id, done_on, here.now())
    flash(_("Saved."))
    return redirect(url_for("requests.of_client", client_id=client_id), 303)
