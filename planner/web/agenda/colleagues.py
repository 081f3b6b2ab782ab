"""The week of a colleague, or of everybody: `/agenda?coach=…&week=…`, an address that can be kept."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.domain.when import NotAWeek, parse_week
from planner.services.walks import colleague_agenda
from planner.web import here
from planner.web.agenda.views import agenda
from planner.web.forms import as_id

__all__ = ["agenda"]
EVERYBODY = "all"


@agenda.get("/agenda")
def colleagues() -> str | Response:
    coach, asked, week = here.coach(), request.args.get("coach", ""), request.args.get("week", "")
    chosen = as_id(request.args.get("coach"))
    if asked not in ("", EVERYBODY) and chosen is None:
        abort(404)
    if not coach.plans and (not asked or chosen == coach.id):
        return redirect(url_for("agenda.week", week=week or None), 303)
    try:
        wanted = parse_week(week) if week else None
    except NotAWeek:
        abort(404)
    found = colleague_agenda.week_of(here.store(), coach, chosen, wanted, here.now())
    return render_template(
        "agenda/colleagues.html", agenda=found, of=found.chosen.id if found.chosen else EVERYBODY
    )
