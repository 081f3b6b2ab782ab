"""The note after a walk."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.answers import CHECK_IN
from planner.domain.exercises import OUTDOORS
from planner.domain.practices import DEFAULT_WALK_MINUTES
from planner.domain.when import TimeDoesNotExist, day_on, moment_to_local
from planner.services import note_pages, notes, walk_log
from planner.services.consents import NeedsConsent
from planner.services.note_drafts import OpenDraft
from planner.services.note_pages import NotePage
from planner.services.store import Conflict, NotFound
from planner.services.walks import PlanWalk
from planner.web import device, here, language, on_the_way
from planner.web.forms import as_id
from planner.web.notes import drafts
from planner.web.notes.forms import LogForm, NoteForm, note_form, shown

notes_pages = Blueprint("notes", __name__)
Page = str | Response | tuple[str, int]


@notes_pages.route("/walks/<int:walk_id>/note", methods=["GET", "POST"])
def note(walk_id: int) -> Page:
    page = note_pages.page(here.store(), here.coach(), walk_id)
    here.saw(page.client.id)
    if on_the_way.asked() and request.method == "GET":
        return _on_the_way(page)
    draft = drafts.shown(page)
    form = note_form(_asked(page), data=_start(page), **drafts.typed(draft))
    if not form.is_submitted():
        return _render(page, form, draft=draft)
    if not form.validate():
        return _render(page, form), 422
    command = form.command(one.id for one in page.toolkit)
    try:
        sent = form.form_id.data, form.draft_at.data
        saved = notes.save(here.store(), here.coach(), walk_id, command, here.now(), *sent)
    except NeedsConsent as refused:
        _refuse_unconsented(form, refused)
        return _render(page, form, consent=True), 422
    except (Conflict, notes.NoteClosed):
        now = note_pages.page(here.store(), here.coach(), walk_id)
        return _render(now, form, conflict=True), 409
    if saved.needs_tool:
        form.version.data = form.version.typed = str(saved.version)
        form.refuse("tool_for_today", _("Saved. To close it, choose a tool that can be used today."))
        return _render(page, form), 422
    on_the_way.tell_once(_("Saved and closed.") if saved.closed else _("Saved."))
    return on_the_way.gone_to(url_for("walks.walk", walk_id=walk_id))


def _on_the_way(page: NotePage) -> Page:
    """The form alone, to be kept on the phone: nothing of the client's past is on it."""
    bare = on_the_way.without_the_past(page)
    answer = make_response(_render(bare, note_form(_asked(bare), data=_start(bare))))
    return on_the_way.may_be_kept(answer, page.walk)


@notes_pages.route("/walks/log", methods=["GET", "POST"])
def log() -> Page:
    """A walk that was not planned, written down with its note in one go."""
    client_id = as_id(request.args.get("client"))
    if client_id is None:
        raise NotFound
    page = note_pages.log_page(here.store(), here.coach(), client_id)
    here.saw(client_id)
    form = LogForm(
        data={
            "date": day_on(here.now()),
            "minutes": DEFAULT_WALK_MINUTES,
            "setting": OUTDOORS,
            "outcome": "walked",
            "form_id": secrets.token_urlsafe(16),
        }
    )
    form.route_id.choices = page.routes
    if form.validate_on_submit() and _is_past(form):
        try:
            walk_id = walk_log.log_walk(
                here.store(),
                here.coach(),
                _walk(form, client_id),
                form.command(one.id for one in page.toolkit),
                here.now(),
                form.form_id.data,
            )
        except TimeDoesNotExist:
            form.refuse("time", _("This time does not exist: the clock goes forward that night."))
        except NeedsConsent as refused:
            _refuse_unconsented(form, refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("walks.walk", walk_id=walk_id), 303)
    return render_template("notes/log.html", page=page, form=form), 422 if form.is_submitted() else 200


def _is_past(form: LogForm) -> bool:
    if datetime.combine(form.date.data, form.time.data) <= moment_to_local(here.now()):
        return True
    form.refuse("date", _("This page is for a walk that is over. Choose a day and time in the past."))
    return False


def _walk(form: LogForm, client_id: int) -> PlanWalk:
    return PlanWalk(
        client_id,
        datetime.combine(form.date.data, form.time.data),
        form.minutes.data,
        form.setting.data,
        form.route_id.data if form.setting.data == OUTDOORS else None,
    )


def _refuse_unconsented(form: NoteForm, refused: NeedsConsent) -> None:
    for name in refused.names:
        form.refuse(_asked_as(name), _("First write down the consent for notes about health."))


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
    """A saved note as it is; else outcome, tool and step for home as the plan suggests them, and the numbers of the
    week that the client gave on their page."""
    fresh = {"form_id": secrets.token_urlsafe(16)}
    if page.note is not None:
        return {**shown(page.note), "outcome": page.walk.outcome, **fresh}
    first = page.done[0] if page.done else None
    over = page.walk.starts_at <= here.now()
    start: dict[str, Any] = {"outcome": page.walk.outcome or (page.said_off or "walked" if over else None)}
    start |= fresh | {name: getattr(page.said, name) for name in CHECK_IN}
    if first is not None and page.client.health_consent:
        start["tool_for_today"] = str(first.id)
        start["home_step"] = first.texts.home_line(page.client.language)
    return start


def _render(
    page: NotePage,
    form: NoteForm,
    *,
    conflict: bool = False,
    consent: bool = False,
    draft: OpenDraft | None = None,
) -> str:
    locked = page.note is not None and page.note.closed_at is not None and request.method == "GET"
    titles = {one.id: one.texts.title(language.current()) for one in (*page.toolkit, *page.done)}
    return render_template(
        "notes/closed.html" if locked else "notes/note.html",
        page=page,
        form=form,
        titles=titles,
        conflict=conflict,
        draft=draft,
        bare=on_the_way.asked(),
        device=device.current(),
        opened_at=here.now(),
        consent=consent or not page.client.health_consent,
    )
