"""The library of routes: cards, or all of them in one drawing, and what was found as one file."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _

from planner.domain.route_filter import RouteFilter
from planner.services import route_export, walking_routes
from planner.services.walking_routes import Found
from planner.web import here
from planner.web.tiles import pictures
from planner.web.walking_routes.forms import RouteFilterForm
from planner.web.walking_routes.showing import all_drawn, thumbnails
from planner.web.walking_routes.views import gpx_file, route_pages


@route_pages.get("/routes/")
def index() -> str:
    form = RouteFilterForm()
    asked, away, as_map = form.asked(), _is("archived", "1"), _is("view", "map")
    found = _found(asked, away=away)
    return render_template(
        "walking_routes/index.html",
        filters=form,
        query=form.query() | ({"archived": 1} if away else {}),
        asked=asked,
        found=found,
        drawings={} if as_map else thumbnails(found),
        maps={} if as_map else pictures.of_cards(found.routes),
        overviews=all_drawn(found) if as_map else (),
        away=away,
        as_map=as_map,
    )


@route_pages.get("/routes/all.gpx")
def all_gpx() -> Response:
    """What the library shows for the same question, as one file."""
    found = _found(RouteFilterForm().asked(), away=_is("archived", "1"))
    content = route_export.export_all(here.store(), here.coach(), [route.id for route in found.routes])
    return gpx_file(_("Routes"), content)


def _found(asked: RouteFilter, *, away: bool) -> Found:
    return walking_routes.found(here.store(), here.coach(), asked.takes, archived=away)


def _is(name: str, value: str) -> bool:
    return request.args.get(name) == value
