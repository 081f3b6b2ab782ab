"""A note that is closed: as it stays, opened again after a slip, and what is written under it."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.notes import may_reopen
from planner.services.clients.consents import NeedsConsent
from planner.services.notes import note_addenda, note_pages, notes
from planner.services.notes.note_pages import NotePage
from planner.web import here, language
from planner.web.notes.forms import AddendumForm

closed_notes = Blueprint("closed_notes", __name__, url_prefix="/walks/<int:walk_id>/note")
Page = str | Response | tuple[str, int]


@closed_notes.post("/reopen")
def reopen(walk_id: int) -> Page:
    """Undo a closing that was a slip."""
    try:
        notes.reopen(here.store(), here.coach(), walk_id, here.now())
    except notes.NoteClosed:
        return closed_page(_page(walk_id), stays_closed=True), 409
    return redirect(url_for("notes.note", walk_id=walk_id), 303)


@closed_notes.post("/addenda")
def add(walk_id: int) -> Page:
    """Write something under a closed note."""
    form = AddendumForm()
    if form.validate_on_submit():
        try:
            note_addenda.add(
                here.store(), here.coach(), walk_id, form.text.data, here.now(), form.form_id.data
            )
        except NeedsConsent:
            form.refuse("text", _("First write down the consent for notes about health."))
        except note_addenda.NoteOpen:
            form.refuse("text", _("This note is still open. Write it in the note itself."))
        else:
            flash(_("Added."))
            return redirect(url_for("notes.note", walk_id=walk_id, _anchor="added"), 303)
    return closed_page(_page(walk_id), form), 422


def _page(walk_id: int) -> NotePage:
    page = note_pages.page(here.store(), here.coach(), walk_id)
    here.saw(page.client.id)
    return page


def closed_page(page: NotePage, form: AddendumForm | None = None, *, stays_closed: bool = False) -> str:
    """The note as it stays, and what was written under it."""
    closed_at = page.note.closed_at if page.note else None
    undo = closed_at is not None and may_reopen(closed_at, here.now()) and not page.addenda
    return render_template(
        "notes/closed.html",
        page=page,
        form=form or AddendumForm(formdata=None, data={"form_id": secrets.token_urlsafe(16)}),
        titles=titles_of(page),
        may_reopen=undo,
        stays_closed=stays_closed,
    )


def titles_of(page: NotePage) -> dict[int, str]:
    """Exercises by id, as a note names them."""
    return {one.id: one.texts.title(language.current()) for one in (*page.toolkit, *page.done)}
