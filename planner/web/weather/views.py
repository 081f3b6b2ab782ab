"""The weather watch on the agenda, and the storm day: all walks of a period at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.domain.when import TimeDoesNotExist
from planner.services.walks import storm, storm_changes
from planner.services.walks.storm_changes import Refused
from planner.services.weather import weather_watch
from planner.web import here
from planner.web.messages.views import address_about
from planner.web.weather.forms import PeriodForm, StormForm, period_form, sent_walks, storm_form

weather_pages = Blueprint("weather", __name__)
Page = str | Response | tuple[str, int]


@weather_pages.post("/walks/<int:walk_id>/weather/seen")
def put_line_away(walk_id: int) -> Response:
    weather_watch.put_line_away(here.store(), here.coach(), walk_id, here.now())
    return redirect("/", 303)


@weather_pages.route("/storm", methods=["GET", "POST"])
def storm_day() -> Page:
    """Choose a period, then for each walk; look at what changes; save. Only the last changes anything."""
    period = period_form(here.today())
    if not period.validate():
        return _page(period), 422
    try:
        day = storm.open_day(here.store(), here.coach(), *period.bounds, here.now(), sent_walks(request.form))
    except TimeDoesNotExist:
        period.refuse("time", _("This time does not exist: that night the clock goes one hour forward."))
        return _page(period), 422
    form = storm_form(day)
    if form.action.data == "fill":
        form.fill()
    if not form.is_submitted() or form.action.data in ("fill", "choose"):
        return _page(period, form)
    if not form.validate():
        return _page(period, form), 422
    try:
        return _done(period, form)
    except Refused as refused:
        form.refuse_changes(refused.changes)
        conflict = any(one.problem == "changed" for one in refused.changes)
        return _page(period, form), 409 if conflict else 422


def _done(period: PeriodForm, form: StormForm) -> Page:
    """The changes to look at, or saved. Raises Refused."""
    decisions = form.decisions()
    if form.action.data == "preview":
        changes = storm_changes.review(here.store(), here.coach(), decisions, here.now())
        return _page(period, form, changes=changes)
    saved = storm_changes.save(here.store(), here.coach(), decisions, here.now())
    flash(
        ngettext("%(num)s walk is changed.", "%(num)s walks are changed.", saved)
        + " "
        + _("Nothing has been sent yet. What is ready is listed here.")
    )
    return redirect(address_about(one.walk_id for one in decisions), 303)


def _page(period: PeriodForm, form: StormForm | None = None, **more: Any) -> str:
    template = "weather/review.html" if more else "weather/storm.html"
    return render_template(template, period=period, form=form, **more)
