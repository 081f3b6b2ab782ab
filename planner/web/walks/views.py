"""Planning a walk: new, changed, cancelled, put back, repeated; and the page of one walk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.domain.plan_parts import Parts
from planner.domain.series import FOLLOWING
from planner.domain.when import TimeDoesNotExist
from planner.services.clients import clients
from planner.services.planning import plan_desk, planning, proposals
from planner.services.planning.in_the_way import NOTHING as FREE
from planner.services.planning.in_the_way import InTheWay
from planner.services.planning.outlook import NOTHING
from planner.services.planning.plan_desk import Desk
from planner.services.planning.proposals import Proposal
from planner.services.store import Conflict, NotFound
from planner.services.walks import series, walk_lengths, walk_pages
from planner.services.walks import walks as service
from planner.services.walks.walks import PlannedAlready, PlanResult, PlanWalk
from planner.web import here
from planner.web.forms import as_id
from planner.web.messages.views import on_walk
from planner.web.walks import better_hours, clashes, pins, starting
from planner.web.walks.forms import AskedForm, CancelForm, LengthForm, WalkForm
from planner.web.walks.plan_rows import write_parts
from planner.web.walks.showing import drawing, picture

walks = Blueprint("walks", __name__)
Page = str | Response | tuple[str, int]
WEEK_DAYS = 7


@walks.route("/walks/new", methods=["GET", "POST"])
def new() -> Page:
    asked = AskedForm()
    asked.validate()
    client = as_id(request.form.get("client_id", "")) or as_id(asked.client.data)
    if client is None:
        return _choose(asked)
    desk = plan_desk.open_desk(here.store(), here.coach(), client, here.now(), like_id=as_id(asked.like.data))
    start, plan = _begin(desk, _wanted(desk, asked))
    form = starting.walk_form(desk, start)

    def save(command: PlanWalk) -> PlanResult:
        return service.plan(here.store(), here.coach(), command, here.now(), form.form_id.data)

    return _answer(desk, form, save, plan)


def _begin(desk: Desk, wanted: starting.Wanted) -> tuple[dict[str, Any], Proposal | None]:
    """What the form opens with. A form that comes back has everything in it already."""
    if request.method == "POST":
        return {}, None
    given = starting.given(desk, wanted)
    plan = proposals.propose(here.store(), here.coach(), desk, given)
    if desk.like is not None:
        return starting.like(desk, desk.like, given, plan), plan
    return starting.new_walk(desk, given, plan), plan


@walks.route("/walks/<int:walk_id>/edit", methods=["GET", "POST"])
def edit(walk_id: int) -> Page:
    asked = AskedForm()
    asked.validate()
    desk = plan_desk.open_desk(here.store(), here.coach(), None, here.now(), walk_id=walk_id)
    later = WEEK_DAYS if asked.later.data == str(WEEK_DAYS) else 0
    assert desk.walk is not None
    form = starting.walk_form(desk, starting.change(desk, desk.walk, later, _wanted(desk, asked)))

    def save(command: PlanWalk) -> PlanResult:
        change = series.change_following if form.which.data == FOLLOWING else service.change
        return change(here.store(), here.coach(), walk_id, command, here.now())

    return _answer(desk, form, save)


def _wanted(desk: Desk, asked: AskedForm) -> starting.Wanted:
    """What the address asks. Raises NotFound for a route that is not there."""
    route_id = as_id(asked.route.data)
    if route_id is not None and desk.route(route_id) is None:
        raise NotFound
    given = asked.route.typed is not None
    return starting.Wanted(asked.date.data, asked.time.data, asked.minutes.data, route_id, route_given=given)


def _choose(asked: AskedForm) -> Page:
    """For whom? One tap, and the form opens."""
    rows = clients.listing(here.store(), here.coach())
    page = render_template("walks/choose.html", rows=rows, on=asked.date.data, at=asked.time.data)
    return page, 200 if request.method == "GET" else 422


def _answer(
    desk: Desk, form: WalkForm, save: Callable[[PlanWalk], PlanResult], plan: Proposal | None = None
) -> Page:
    """The form as it stands, a look at it, or the walk that came of it."""
    here.saw(desk.client.id)
    if not form.is_submitted():
        return _page(desk, form, form.plan_parts(desk), plan=plan)
    if form.wants_preview:
        return _looked_at(desk, form)
    if not form.validate() or form.starts_local is None:
        return _page(desk, form, form.plan_parts(desk)), 422
    try:
        result = save(form.command(desk, form.starts_local))
    except TimeDoesNotExist:
        form.refuse("time", _("This time does not exist: that night the clock goes one hour forward."))
        return _page(desk, form, form.plan_parts(desk)), 422
    except (Conflict, PlannedAlready) as other:
        kept = desk.walk.id if desk.walk else None
        return _conflict(other.walk_id if isinstance(other, PlannedAlready) else kept, form), 409
    if result.walk_id is None:
        return _refused(desk, form, result), 422
    _tell_saved(result.changed, over=form.is_over(desk))
    return redirect(url_for("walks.walk", walk_id=result.walk_id), 303)


def _tell_saved(changed: int, *, over: bool) -> None:
    if over:
        flash(_("Saved. This day is over: write the note when it took place, or choose another day."), "note")
        return
    many = changed > 1
    flash(
        ngettext("%(num)s walk was changed.", "%(num)s walks were changed.", changed) if many else _("Saved.")
    )


def _looked_at(desk: Desk, form: WalkForm) -> Page:
    """The form again, with anew what the planner had proposed and the coach left as it was."""
    form.choose_by_button(desk)
    form.look_only()
    parts = form.moved(form.plan_parts(desk), desk)
    given = form.given(desk, parts)
    plan = proposals.propose(here.store(), here.coach(), desk, given)
    form.take(plan, given)
    starting.show_moments(desk, form)
    return _page(desk, form, plan.parts, ask=True, plan=plan)


def _refused(desk: Desk, form: WalkForm, result: PlanResult) -> str:
    if result.held:
        form.form_errors.append(
            _("A safety answer still waits for its step. Planning is on hold until then.")
        )
    for sentence in clashes.sentences(result.way, form.date.data):
        form.refuse("time", sentence)
    return _page(desk, form, form.plan_parts(desk), way=result.way)


def _conflict(walk_id: int | None, form: WalkForm) -> str:
    """Both texts: what was typed, in the form, and what is saved now, under it. Saving again is then on purpose."""
    desk = plan_desk.open_desk(here.store(), here.coach(), None, here.now(), walk_id=walk_id)
    assert desk.walk is not None
    form.version.data = form.version.typed = str(desk.walk.version)
    return _page(desk, form, form.plan_parts(desk), conflict=True)


def _page(
    desk: Desk,
    form: WalkForm,
    parts: Parts,
    *,
    ask: bool = False,
    way: InTheWay = FREE,
    conflict: bool = False,
    plan: Proposal | None = None,
) -> str:
    known = plan.day if plan else NOTHING
    draft = form.draft(desk, parts)
    look = planning.look(here.store(), here.coach(), desk, draft, known=known, ask_weather=ask)
    way = way or look.way
    form.show_in_the_way(way.marks)
    typed = form.sent_rows(desk) if form.part_minutes.errors else None
    lengths = write_parts(parts)[1]
    rows = typed or list(zip(parts, lengths, strict=True))
    return render_template(
        "walks/plan.html",
        desk=desk,
        form=form,
        look=look,
        parts=parts,
        rows=rows,
        kinds=write_parts(tuple(part for part, _text in rows))[0],
        pins=(form.sent_pins if form.part_at_minute.errors else None) or pins.shown_of(parts),
        moved=bool(form.move.data) or bool(form.part_minutes.errors or form.part_at_minute.errors),
        clash=bool(way),
        conflict=conflict,
        hour=plan.hour if plan else None,
        hours=better_hours.found(desk, form),
    )


@walks.get("/walks/<int:walk_id>")
def walk(walk_id: int) -> Page:
    return _walk_page(walk_id)


@walks.post("/walks/<int:walk_id>/length")
def length(walk_id: int) -> Page:
    form = LengthForm()
    if not form.validate():
        return _walk_page(walk_id, form), 422
    try:
        walk_lengths.set_length(here.store(), here.coach(), walk_id, form.length.data, here.now())
    except walk_lengths.NotPossible:
        form.refuse("length", _("The walk cannot have this length now. Nothing changed."))
        return _walk_page(walk_id, form), 422
    return redirect(url_for("walks.walk", walk_id=walk_id), 303)


def _walk_page(walk_id: int, form: LengthForm | None = None) -> str:
    page = walk_pages.page(here.store(), here.coach(), walk_id, here.now())
    here.saw(page.client.id)
    return render_template(
        "walks/walk.html",
        page=page,
        sketch=drawing(page),
        map=picture(page),
        told=on_walk(walk_id),
        form=form or LengthForm(),
    )


@walks.route("/walks/<int:walk_id>/cancel", methods=["GET", "POST"])
def cancel(walk_id: int) -> Page:
    page = walk_pages.page(here.store(), here.coach(), walk_id, here.now())
    here.saw(page.client.id)
    form = CancelForm()
    if not form.validate_on_submit():
        shown = render_template("walks/cancel.html", page=page, form=form)
        return shown, 422 if form.is_submitted() else 200
    cancel_these = series.cancel_following if form.which.data == FOLLOWING else service.cancel
    cancelled = int(cancel_these(here.store(), here.coach(), walk_id, form.reason.data, here.now()))
    if cancelled > 1:
        flash(ngettext("%(num)s walk was cancelled.", "%(num)s walks were cancelled.", cancelled))
    elif cancelled:
        flash(_("The walk is cancelled."))
    else:
        flash(_("This walk was walked already. The note says what happened."), "note")
    return redirect(url_for("walks.walk", walk_id=walk_id), 303)


@walks.post("/walks/<int:walk_id>/restore")
def put_back(walk_id: int) -> Response:
    if service.put_back(here.store(), here.coach(), walk_id, here.now()):
        flash(_("The walk is back in your week."))
    return redirect(url_for("walks.walk", walk_id=walk_id), 303)


@walks.post("/walks/<int:walk_id>/repeat")
def repeat(walk_id: int) -> Response:
    """The same again: opens the filled form. Nothing is saved before the coach does."""
    page = walk_pages.page(here.store(), here.coach(), walk_id, here.now())
    return redirect(url_for("walks.new", client=page.client.id, like=walk_id), 303)
