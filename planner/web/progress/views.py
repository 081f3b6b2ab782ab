"""The progress of a client: numbers since the start, reviews, scores of others, the timeline."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services import fixed_texts
from planner.services.clients import client_files
from planner.services.clients.clients import OpenClient
from planner.services.clients.consents import NeedsConsent
from planner.services.progress import external_measures, held_reviews, progress
from planner.services.store import Conflict
from planner.web import here
from planner.web.clients.forms import differences
from planner.web.clients.views import opened
from planner.web.forms import PlannerForm
from planner.web.progress.forms import MeasureForm, ReviewForm, start_of_measure, start_of_review

progress_pages = Blueprint("progress", __name__, url_prefix="/clients/<int:client_id>")
Page = str | Response | tuple[str, int]


@progress_pages.get("/progress")
def show(client_id: int) -> Page:
    page = progress.page(here.store(), here.coach(), client_id, here.now())
    here.saw(client_id)
    if not page.client.health_consent:
        return _closed(page.client)
    return render_template("progress/progress.html", page=page)


@progress_pages.get("/timeline")
def timeline(client_id: int) -> Page:
    client, moments = progress.journey(here.store(), here.coach(), client_id, here.now())
    here.saw(client_id)
    if not client.health_consent:
        return _closed(client)
    return render_template("progress/timeline.html", client=client, moments=moments)


@progress_pages.route("/reviews/new", methods=["GET", "POST"])
def new_review(client_id: int) -> Page:
    page = progress.page(here.store(), here.coach(), client_id, here.now())
    here.saw(client_id)
    form = ReviewForm(data={"kind": page.next_kind, "form_id": secrets.token_urlsafe(16)})
    if not page.client.health_consent and not form.is_submitted():
        return _closed(page.client)
    if form.asks and form.content.is_empty:
        return _to_questions(client_id, form.asks, "review")
    if form.validate_on_submit():
        try:
            held_reviews.hold(
                here.store(), here.coach(), client_id, form.command(), here.now(), form.form_id.data
            )
        except NeedsConsent:
            _refuse_unconsented(form, "kind")
        else:
            return _review_kept(client_id, form)
    return _review_form(page.client, form), 422 if form.is_submitted() else 200


@progress_pages.route("/reviews/<int:review_id>", methods=["GET", "POST"])
def review(client_id: int, review_id: int) -> Page:
    client, held = progress.review_page(here.store(), here.coach(), client_id, review_id)
    here.saw(client_id)
    form = ReviewForm(data=start_of_review(held) if held else {})
    if held is None and not form.is_submitted():
        return _closed(client)
    if form.validate_on_submit():
        try:
            held_reviews.correct(here.store(), here.coach(), client_id, review_id, form.command(), here.now())
        except Conflict:
            return _review_conflict(client_id, review_id, form)
        except NeedsConsent:
            _refuse_unconsented(form, "kind")
        else:
            return _review_kept(client_id, form)
    return _review_form(client, form), 422 if form.is_submitted() else 200


@progress_pages.route("/measures/new", methods=["GET", "POST"])
def new_measure(client_id: int) -> Page:
    client = opened(client_id)
    form = MeasureForm(data={"form_id": secrets.token_urlsafe(16)})
    if not client.health_consent and not form.is_submitted():
        return _closed(client)
    if form.validate_on_submit() and form.is_sound(here.today()):
        try:
            external_measures.add(
                here.store(), here.coach(), client_id, form.measure(), here.now(), form.form_id.data
            )
        except NeedsConsent:
            _refuse_unconsented(form, "name")
        else:
            return _kept(client_id, _("Saved."))
    return _measure_form(client, form), 422 if form.is_submitted() else 200


@progress_pages.route("/measures/<int:measure_id>", methods=["GET", "POST"])
def measure(client_id: int, measure_id: int) -> Page:
    client, kept = progress.measure_page(here.store(), here.coach(), client_id, measure_id)
    here.saw(client_id)
    form = MeasureForm(data=start_of_measure(kept) if kept else {})
    if kept is None and not form.is_submitted():
        return _closed(client)
    if form.validate_on_submit() and form.is_sound(here.today()):
        try:
            written = form.measure(), here.now(), form.seen.data
            external_measures.change(here.store(), here.coach(), client_id, measure_id, *written)
        except Conflict:
            return _measure_conflict(client_id, measure_id, form)
        except NeedsConsent:
            _refuse_unconsented(form, "name")
        else:
            return _kept(client_id, _("Saved."))
    return _measure_form(client, form), 422 if form.is_submitted() else 200


@progress_pages.post("/measures/<int:measure_id>/remove")
def remove_measure(client_id: int, measure_id: int) -> Page:
    external_measures.remove(here.store(), here.coach(), client_id, measure_id, here.now())
    return _kept(client_id, _("The score is removed."))


def _review_kept(client_id: int, form: ReviewForm) -> Page:
    if not form.asks:
        return _kept(client_id, _("Saved."))
    flash(_("Saved."))
    return _to_questions(client_id, form.asks, "progress")


def _to_questions(client_id: int, ask: str, then: str) -> Response:
    return redirect(url_for("care.questions", client_id=client_id, ask=ask, then=then), 303)


def _kept(client_id: int, sentence: str) -> Page:
    flash(sentence)
    return redirect(url_for("progress.show", client_id=client_id), 303)


def _closed(client: OpenClient) -> str:
    """Instead of everything here while the client did not agree to keeping notes about health."""
    return render_template(
        "progress/closed.html", client=client, consent=fixed_texts.consent_text(client.language)
    )


def _refuse_unconsented(form: PlannerForm, name: str) -> None:
    form.refuse(name, _("This is about health. It can be saved once the client agrees."))


def _review_form(client: OpenClient, form: ReviewForm, differs: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "progress/review_form.html",
        client=client,
        form=form,
        safety=client_files.safety_file(here.store(), here.coach(), client.id),
        conflict=differs is not None,
        differs=differs,
    )


def _review_conflict(client_id: int, review_id: int, form: ReviewForm) -> Page:
    """What was typed, beside what somebody saved in between."""
    client, held = progress.review_page(here.store(), here.coach(), client_id, review_id)
    if held is None:  # consent was withdrawn at this very moment
        _refuse_unconsented(form, "kind")
        return _review_form(client, form), 422
    saved = ReviewForm(formdata=None, data=start_of_review(held))
    form.version.typed = str(held.version)
    return _review_form(client, form, differences(form, saved)), 409


def _measure_form(client: OpenClient, form: MeasureForm, differs: list[tuple[str, str]] | None = None) -> str:
    return render_template("progress/measure_form.html", client=client, form=form, differs=differs)


def _measure_conflict(client_id: int, measure_id: int, form: MeasureForm) -> Page:
    """The same for a score."""
    client, kept = progress.measure_page(here.store(), here.coach(), client_id, measure_id)
    if kept is None:
        _refuse_unconsented(form, "name")
        return _measure_form(client, form), 422
    form.seen.data = form.seen.typed = kept.stamp
    saved = MeasureForm(formdata=None, data=start_of_measure(kept))
    return _measure_form(client, form, differences(form, saved)), 409
