"""The library of routes: cards, or all of them on one map, and what was found as one file."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from planner.domain.route_filter import RouteFilter
from planner.services.routes import route_export, routes_on_map, walking_routes
from planner.services.routes.walking_routes import Found, RouteRow
from planner.web import headers, here, words
from planner.web.maps import showing
from planner.web.maps.ground import ground
from planner.web.maps.views import GEOJSON
from planner.web.tiles import pictures
from planner.web.walking_routes.looking import RouteFilterForm
from planner.web.walking_routes.showing import all_drawn, thumbnails
from planner.web.walking_routes.views import gpx_file, route_pages


@route_pages.get("/routes/")
def index() -> str:
    form = RouteFilterForm()
    asked, away, as_map = form.asked(), _is("archived", "1"), _is("view", "map")
    found = _found(asked, away=away)
    query = form.query() | ({"archived": 1} if away else {})
    return render_template(
        "walking_routes/index.html",
        filters=form,
        query=query,
        asked=asked,
        found=found,
        away=away,
        as_map=as_map,
        **(_on_a_map(found, query) if as_map else _as_cards(found)),
    )


@route_pages.get("/routes/all.gpx")
def all_gpx() -> Response:
    """What the library shows for the same question, as one file."""
    found = _found(RouteFilterForm().asked(), away=_is("archived", "1"))
    content = route_export.export_all(here.store(), here.coach(), [route.id for route in found.routes])
    return gpx_file(_("Routes"), content)


@route_pages.get("/routes/all.geojson")
def all_geojson() -> Response:
    """The same for the map: the numbers are those of the list."""
    asked, away = RouteFilterForm().asked(), _is("archived", "1")
    content = routes_on_map.on_one_map(here.store(), here.coach(), asked.takes, _said, archived=away)
    return Response(content, content_type=GEOJSON)


def _found(asked: RouteFilter, *, away: bool) -> Found:
    return walking_routes.found(here.store(), here.coach(), asked.takes, archived=away)


def _as_cards(found: Found) -> dict[str, Any]:
    return {"drawings": thumbnails(found), "maps": pictures.of_cards(found.routes)}


def _on_a_map(found: Found, query: dict[str, Any]) -> dict[str, Any]:
    headers.shows_map()
    overviews, lines = all_drawn(found), url_for("walking_routes.all_geojson", **query)
    map = showing.of_library(found.routes, lines, ground("tiles.tile")) if overviews else None
    return {"overviews": overviews, "map": map}


def _said(number: int, route: RouteRow) -> dict[str, Any]:
    """What the map says of a route when it is chosen, and where its page is."""
    length = "" if route.distance_m is None else f", {words.km(route.distance_m, words.language())}"
    address = url_for("walking_routes.route", route_id=route.id)
    return {"number": number, "words": f"{number}. {route.name}{length}", "name": route.name, "to": address}


def _is(name: str, value: str) -> bool:
    return request.args.get(name) == value
