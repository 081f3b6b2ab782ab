"""The note after a walk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services import note_pages, notes
from planner.services.note_pages import NotePage
from planner.services.store import Conflict
from planner.web import here, language
from planner.web.notes.forms import NoteForm, note_form, shown

notes_pages = Blueprint("notes", __name__)
Page = str | Response | tuple[str, int]


@notes_pages.route("/walks/<int:walk_id>/note", methods=["GET", "POST"])
def note(walk_id: int) -> Page:
    page = note_pages.page(here.store(), here.coach(), walk_id)
    here.saw(page.client.id)
    form = note_form(_asked(page), data=_start(page))
    if not form.is_submitted():
        return _render(page, form)
    if not form.validate():
        return _render(page, form), 422
    try:
        saved = notes.save(
            here.store(), here.coach(), walk_id, form.command(one.id for one in page.toolkit), here.now()
        )
    except notes.NeedsConsent as refused:
        for name in refused.fields:
            form.refuse(_asked_as(name), _("First write down the consent for notes about health."))
        return _render(page, form, consent=True), 422
    except (Conflict, notes.NoteClosed):
        now = note_pages.page(here.store(), here.coach(), walk_id)
        return _render(now, form, conflict=True), 409
    if saved.needs_tool:
        form.version.data = form.version.typed = str(saved.version)
        form.refuse("tool_for_today", _("Saved. To close it, choose a tool that can be used today."))
        return _render(page, form), 422
    flash(_("Saved and closed.") if saved.closed else _("Saved."))
    return redirect(url_for("walks.walk", walk_id=walk_id), 303)


@notes_pages.post("/walks/<int:walk_id>/note/reopen")
def reopen(walk_id: int) -> Response:
    notes.reopen(here.store(), here.coach(), walk_id, here.now())
    return redirect(url_for("notes.note", walk_id=walk_id), 303)


def _asked(page: NotePage) -> list[tuple[int, str]]:
    return [(one.id, one.texts.title(language.current())) for one in page.done]


def _asked_as(name: str) -> str:
    """The field on the form behind a part of the content."""
    return {
        "tool_exercise_id": "tool_for_today",
        "tool_text": "tool_for_today",
        "practised": "felt_text",
    }.get(name, name)


def _start(page: NotePage) -> dict[str, Any]:
    """A saved note as it is; else outcome, tool and step for home as the plan suggests them."""
    if page.note is not None:
        return {**shown(page.note), "outcome": page.walk.outcome}
    first = page.done[0] if page.done else None
    over = page.walk.starts_at <= here.now()
    start: dict[str, Any] = {"outcome": page.walk.outcome or ("walked" if over else None)}
    if first is not None and page.client.health_consent:
        start["tool_for_today"] = str(first.id)
        start["home_step"] = first.texts.home_line(page.client.language)
    return start


def _render(page: NotePage, form: NoteForm, *, conflict: bool = False, consent: bool = False) -> str:
    locked = page.note is not None and page.note.closed_at is not None and request.method == "GET"
    template = "notes/closed.html" if locked else "notes/note.html"
    return render_template(
        template, page=page, form=form, conflict=conflict, consent=consent or not page.client.health_consent
    )
