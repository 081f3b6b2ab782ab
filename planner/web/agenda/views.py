"""The week: home."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.domain.when import NotAWeek, parse_week
from planner.services.calendars import busy_calendars
from planner.services.walks import agenda as service
from planner.services.weather import weather_lines
from planner.web import here
from planner.web.messages.views import on_agenda

agenda = Blueprint("agenda", __name__)


@agenda.get("/")
def week() -> str:
    asked = request.args.get("week", "")
    try:
        wanted = parse_week(asked) if asked else None
    except NotAWeek:
        abort(404)
    found = service.agenda(here.store(), here.coach(), wanted, here.now())
    weather = weather_lines.on_agenda(here.store(), here.coach(), here.now()) if found.this_week else None
    trouble = busy_calendars.trouble(here.store(), here.coach(), here.now())
    return render_template(
        "agenda/week.html", agenda=found, messages=on_agenda(), weather=weather, trouble=trouble
    )


@agenda.post("/keys-kept")
def keys_kept() -> Response:
    """The coach has a copy of the keys: the reminder goes."""
    service.keys_kept(here.store(), here.coach(), here.now())
    return redirect(url_for("agenda.week"), 303)
