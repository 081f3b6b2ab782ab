"""What was typed and not saved yet, and what was saved before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from planner.domain.walks import CANCELLED
from planner.services.clients.consents import NeedsConsent
from planner.services.notes import note_drafts, note_history
from planner.services.notes.note_drafts import OpenDraft, Typed
from planner.services.notes.note_pages import NotePage
from planner.services.notes.notes import NoteClosed
from planner.web import here, language, words
from planner.web.forms import as_version, tidy
from planner.web.notes.helping import INTO

draft_pages = Blueprint("drafts", __name__)
Page = str | Response | tuple[str, int]
Said = Response | tuple[Response, int]
NOT_TYPED = ("csrf_token", "form_id", "draft_at")
PLAIN = frozenset(
    {"outcome", "version", "close", "parts", "seen_status", "shut", "undo_cancel", "consent_health", INTO}
)
"""Fields that say nothing about health; every other one does."""


@draft_pages.post("/walks/<int:walk_id>/note/draft")
def keep(walk_id: int) -> Said:
    """For the page's own script: what stands in the form now."""
    try:
        kept = note_drafts.keep(here.store(), here.coach(), walk_id, _sent(), here.now())
    except NeedsConsent:
        return jsonify(said=_("Not kept: first write down the consent for notes about health.")), 422
    except note_drafts.NotKept:
        return jsonify(said=_("Not kept: this note is closed, or the text is too long.")), 422
    except note_drafts.OtherDraft as other:
        at = words.moment_at(other.saved_at, language.current())
        sentence = _(
            "Not kept: there is already another draft, from %(time)s. Save that one first, or throw it away.",
            time=at,
        )
        return jsonify(said=sentence), 409
    at = words.clock_at(here.now(), language.current())
    return jsonify(said=_("Draft kept at %(time)s.", time=at) if kept else "")


def _sent() -> Typed:
    fields = tuple(
        (tidy(name), tidy(text))
        for name, texts in request.form.lists()
        if name not in NOT_TYPED
        for text in texts
    )
    about = tuple(name for name, text in fields if text and name not in PLAIN)
    sent = request.form.get
    return Typed(fields, about, as_version(sent("version")), sent("form_id"), sent("draft_at"))


@draft_pages.post("/walks/<int:walk_id>/note/draft/discard")
def discard(walk_id: int) -> Response:
    note_drafts.discard(here.store(), here.coach(), walk_id, here.now())
    return redirect(url_for("notes.note", walk_id=walk_id), 303)


def shown(page: NotePage) -> OpenDraft | None:
    """The draft that the form opens with."""
    closed = page.note is not None and page.note.closed_at is not None
    if request.method != "GET" or closed:
        return None
    return note_drafts.of_walk(here.store(), here.coach(), page.walk.id)


def typed(draft: OpenDraft | None, page: NotePage, shut: str) -> dict[str, Any]:
    """The form as it stood when the draft was kept; its version too, so that a note that changed since is seen. Not how
    it went, when the walk was cancelled since. `shut`: for want of which consents this page does not show what lies
    there; what the form of then could not show either, the draft does not say."""
    if draft is None:
        return {}
    said = dict(draft.fields)
    old = ("outcome", "seen_status") if page.walk.status == CANCELLED != said.get("seen_status", "") else ()
    kept = (pair for pair in draft.fields if pair[0] not in (*old, "shut"))
    unseen = sorted({*said.get("shut", "").split(), *shut.split()})
    return {"formdata": MultiDict((*kept, ("shut", " ".join(unseen)), ("draft_at", draft.stamp)))}


@draft_pages.route("/walks/<int:walk_id>/note/revisions", methods=["GET", "POST"])
def revisions(walk_id: int) -> Page:
    """Earlier texts of a note, and one of them put back."""
    page = note_history.page(here.store(), here.coach(), walk_id, here.now())
    here.saw(page.client.id)
    if request.method == "GET":
        titles = {one.id: one.title(language.current()) for one in page.toolkit}
        return render_template("notes/revisions.html", page=page, titles=titles)
    version = as_version(request.form.get("version"))
    if version is None or version not in {one.version for one in page.earlier}:
        abort(422 if page.earlier else 409)
    try:
        note_history.put_back(here.store(), here.coach(), walk_id, version, here.now())
    except (NoteClosed, NeedsConsent):
        flash(_("This note is closed. Reopen it first."), "note")
        return redirect(url_for("drafts.revisions", walk_id=walk_id), 303)
    flash(_("Put back. What stood there is kept among the earlier texts."))
    return redirect(url_for("notes.note", walk_id=walk_id), 303)
