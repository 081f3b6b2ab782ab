"""The weather watch on the agenda, and the storm day."""

from __future__ import annotations

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from planner.services import weather_watch
from planner.web import here

weather_pages = Blueprint("weather", __name__)
Page = str | Response | tuple[str, int]


@weather_pages.post("/walks/<int:walk_id>/weather/seen")
def put_line_away(walk_id: int) -> Response:
    weather_watch.put_line_away(here.store(), here.coach(), walk_id, here.now())
    return redirect("/", 303)
