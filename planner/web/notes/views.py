"""The note after a walk."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.answers import CHECK_IN
from planner.domain.clients import HEALTH, QUOTES
from planner.domain.exercises import OUTDOORS
from planner.domain.notes import WALKED, NoteContent
from planner.domain.practices import DEFAULT_WALK_MINUTES
from planner.domain.when import TimeDoesNotExist
from planner.services import fixed_texts
from planner.services.clients.consents import NeedsConsent
from planner.services.notes import note_pages, notes, walk_log
from planner.services.notes.note_drafts import OpenDraft
from planner.services.notes.note_pages import LogPage, NotePage
from planner.services.planning.in_the_way import NOTHING as NOTHING_THEN
from planner.services.planning.in_the_way import InTheWay
from planner.services.store import Conflict, NotFound
from planner.services.toolkit.toolkit import ToolkitExercise
from planner.services.walks.walks import PlanWalk
from planner.web import device, here, language, on_the_way, words
from planner.web.forms import Option, as_id, tidy
from planner.web.notes import drafts, helping, meanwhile
from planner.web.notes.after import NOT_SO, after_saving, refuse, refuse_unconsented
from planner.web.notes.closed import closed_page, titles_of
from planner.web.notes.forms import NOTHING, LogForm, NoteForm, note_form, shown
from planner.web.walks.forms import AskedForm

notes_pages = Blueprint("notes", __name__)
Page = str | Response | tuple[str, int]


@notes_pages.route("/walks/<int:walk_id>/note", methods=["GET", "POST"])
def note(walk_id: int) -> Page:
    page = note_pages.page(here.store(), here.coach(), walk_id)
    here.saw(page.client.id)
    if on_the_way.asked() and request.method == "GET":
        return _on_the_way(page)
    kept, draft = page.note.content if page.note else NOTHING, drafts.shown(page)
    form = _form(page, kept, draft)
    if not form.is_submitted():
        return closed_page(page) if page.note and page.note.closed_at else _render(page, form, draft=draft)
    if helping.helped(form, page.wishes.sentences, page.previous):
        return _render(page, form)
    if page.note and meanwhile.asked():
        meanwhile.take(form, _saved(page))
        return _render(page, form, conflict=True)
    if not form.validate():
        return _render(page, form), 422
    command = form.command((one.id for one in page.toolkit), kept)
    try:
        sent = form.form_id.data if "form_id" in request.form else None, form.draft_at.data
        saved = notes.save(here.store(), here.coach(), walk_id, command, here.now(), *sent)
    except NOT_SO as refused:
        return _render(page, form, consent=refuse(form, refused)), 422
    except notes.WalkCancelled:
        now = note_pages.page(here.store(), here.coach(), walk_id)
        form.hear_of_cancelling(now.walk.outcome)
        return _render(now, form, cancelled=True), 409
    except (Conflict, notes.NoteClosed):
        now = note_pages.page(here.store(), here.coach(), walk_id)
        form.shut.data = form.shut.typed = _shut(now)
        return _render(now, form, conflict=True, together=_together(form, now)), 409
    if saved.incomplete:
        now = note_pages.page(here.store(), here.coach(), walk_id)
        form = _saved(now)  # a yes that came along opens what could not be shown before
        _say_what_is_wanting(form, command.outcome)
        return _render(now, form), 422
    flash(_("Saved and closed.") if saved.closed else _("Saved."))
    return after_saving(page.client.id, walk_id, command.content, kept)


def _say_what_is_wanting(form: NoteForm, outcome: str | None) -> None:
    """It is kept; why it is not closed."""
    if outcome is None:
        form.refuse("outcome", _("Saved. To close it, choose how it went."))
    else:
        form.refuse("tool_for_today", _("Saved. To close it, choose a tool that can be used today."))


def _on_the_way(page: NotePage) -> Page:
    """The form alone, to be kept on the phone: nothing of the client's past is on it."""
    bare = on_the_way.without_the_past(page)
    answer = make_response(_render(bare, _form(bare, NOTHING)))
    return on_the_way.may_be_kept(answer, page.walk)


@notes_pages.route("/walks/log", methods=["GET", "POST"])
def log() -> Page:
    """A walk that was not planned, written down with its note in one go."""
    client_id = as_id(request.args.get("client"))
    if client_id is None:
        raise NotFound
    page = note_pages.log_page(here.store(), here.coach(), client_id)
    here.saw(client_id)
    form = _log_form(page)
    if helping.helped(form, page.wishes.sentences, None):
        return _render_log(page, form)
    if form.validate_on_submit() and _is_past(form):
        command = form.command(one.id for one in page.toolkit)
        walk = _walk(form, client_id)
        try:
            walk_id = walk_log.log_walk(
                here.store(), here.coach(), walk, command, here.now(), form.form_id.data
            )
        except TimeDoesNotExist:
            form.refuse("time", _("This time does not exist: the clock goes forward that night."))
        except NeedsConsent as refused:
            refuse_unconsented(form, refused)
        except walk_log.WalkedThen as met:
            return _render_log(page, form, _hear_of_the_same(form, met.way)), 422
        else:
            flash(_("Saved."))
            return after_saving(client_id, walk_id, command.content)
    status = 422 if form.is_submitted() else 200
    return _render_log(page, form), status


def _hear_of_the_same(form: LogForm, way: InTheWay) -> InTheWay:
    """Perhaps it is written down already."""
    form.show_in_the_way(way.marks)
    for one in way.walks:
        at = words.clock_words(one.starts_local, language.current())
        form.refuse(
            "time",
            _("At %(time)s there is a walk with %(name)s already.", time=at, name=one.client_first_name),
        )
    return way


def _log_form(page: LogPage) -> LogForm:
    asked = AskedForm()
    asked.validate()
    start = {
        "date": asked.date.data or here.today(),
        "time": asked.time.data,
        "minutes": asked.minutes.data or DEFAULT_WALK_MINUTES,
        "setting": OUTDOORS,
        "route_id": as_id(asked.route.data),
        "outcome": WALKED,
        "form_id": secrets.token_urlsafe(16),
    }
    form = note_form([], page.wishes.parts, request.form.keys(), LogForm, data=start)
    form.route_id.choices = page.routes
    today, lang = here.today(), language.current()
    form.date.suggestions = [
        Option(day, words.upper_first(words.TODAY[lang][-days]), words.day_short(day, lang))
        for days, day in enumerate((today, today - timedelta(days=1)))
    ]
    return form


def _render_log(page: LogPage, form: LogForm, way: InTheWay = NOTHING_THEN) -> str:
    return render_template(
        "notes/log.html",
        page=page,
        form=form,
        way=way,
        today=here.today(),
        areas=_areas(form),
        consent_text=fixed_texts.consent_text(page.client.language),
    )


def _is_past(form: LogForm) -> bool:
    if datetime.combine(form.date.data, form.time.data) <= here.local_now():
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
        keep_clash=form.keep_clash.data,
        seen=frozenset(form.clash_seen.data),
    )


def _asked(page: NotePage) -> list[tuple[int, str]]:
    return [(one.id, one.texts.title(language.current())) for one in page.done]


def _form(page: NotePage, kept: NoteContent, draft: OpenDraft | None = None) -> NoteForm:
    """With the parts the coach chose, those that hold something already, and the one a button asks."""
    parts = {*page.wishes.parts, *kept.parts, *helping.asks_part()}
    sent = request.form.keys() or {name for name, _text in draft.fields} if draft else request.form.keys()
    form: NoteForm = note_form(
        _asked(page), parts, sent, data=_start(page), **drafts.typed(draft, page, _shut(page))
    )
    form.proposed = _proposed(page)
    form.suggested_step = _suggested_step(page)
    form.take_planned_step()
    return form


def _saved(page: NotePage) -> NoteForm:
    """What is saved, as the form would show it."""
    kept = page.note.content if page.note else NOTHING
    return note_form(_asked(page), {*page.wishes.parts, *kept.parts}, (), formdata=None, data=_start(page))


def _together(form: NoteForm, page: NotePage) -> list[str]:
    """Fields that were filled in from what is saved; none of a closed note."""
    still_open = page.note is not None and page.note.closed_at is None
    return meanwhile.filled_in(form, _saved(page)) if still_open else []


def _start(page: NotePage) -> dict[str, Any]:
    """A saved note as it is; else the outcome, what the plan proposes, and the numbers of the week that the client gave
    on their page."""
    fresh = {"form_id": secrets.token_urlsafe(16), "seen_status": page.walk.status, "shut": _shut(page)}
    if page.note is not None:
        return {**shown(page.note.content, page.note.version), "outcome": page.walk.outcome, **fresh}
    over = page.walk.starts_at <= here.now()
    start: dict[str, Any] = {"outcome": page.walk.outcome or (page.said_off or WALKED if over else None)}
    return start | fresh | {name: getattr(page.said, name) for name in CHECK_IN} | _proposed(page)


def _shut(page: NotePage) -> str:
    """For want of which consents what lies in the note is not shown."""
    agreed = ((HEALTH, page.client.health_consent), (QUOTES, page.quotable))
    return " ".join(purpose for purpose, is_open in agreed if not is_open)


def _proposed(page: NotePage) -> dict[str, Any]:
    """Tool and minutes as the plan has them; the tool so that a note is eight taps (decision 30)."""
    if not page.client.health_consent:
        return {}
    found: dict[str, Any] = {"tool_for_today": str(page.done[0].id)} if page.done else {}
    if "minutes" in page.wishes.parts and page.minutes is not None:
        found["minutes_walked"], found["minutes_still"] = page.minutes
    return found


def _suggested_step(page: NotePage) -> str:
    """For a first note: the step of the first exercise that was planned."""
    if not page.client.health_consent or page.note is not None or not page.done:
        return ""
    return _step_of(page.done[0], page.client.language)


def _step_of(exercise: ToolkitExercise, language: str) -> str:
    """What an exercise asks at home, so that it can be understood without the note; without a title that says
    something about health, for the client may see it."""
    line = exercise.texts.home_line(language)
    title = exercise.texts.title(language)
    says_itself = line.casefold().startswith(title.casefold())
    named = line and not (exercise.facts.sensitive_title or says_itself)
    return str(tidy(f"{title}: {line}" if named else line))


def _areas(form: NoteForm) -> list[tuple[str, str]]:
    """Where a sentence can go: each text of more lines on the form."""
    return [(field.name, field.words) for field in form if getattr(field, "part", "") == "area"]


def _render(
    page: NotePage,
    form: NoteForm,
    *,
    conflict: bool = False,
    cancelled: bool = False,
    consent: bool = False,
    draft: OpenDraft | None = None,
    tight_chest: bool = False,
    together: Sequence[str] = (),
) -> str:
    return render_template(
        "notes/note.html",
        page=page,
        form=form,
        titles=titles_of(page),
        areas=_areas(form),
        consent_text=fixed_texts.consent_text(page.client.language),
        taken=helping.offered(page.previous),
        conflict=conflict,
        differs=meanwhile.differences(form, _saved(page), titles_of(page)) if conflict else [],
        cancelled=cancelled,
        draft=draft,
        bare=on_the_way.asked(),
        device=device.current(),
        opened_at=here.now(),
        together=together,
        consent=consent or not page.client.health_consent,
        tight_chest=tight_chest or (page.note is not None and page.note.content.has_tight_chest),
    )
