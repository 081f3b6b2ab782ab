"""Routes on a big map, for the coach to look at."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from planner.services.routes import drawn_routes, walking_routes
from planner.web import headers, here
from planner.web.maps import showing
from planner.web.maps.ground import ground
from planner.web.walking_routes.showing import drawn

map_pages = Blueprint("maps", __name__)
GEOJSON = "application/geo+json"


@map_pages.get("/routes/<int:route_id>/map")
def route_map(route_id: int) -> str:
    route = walking_routes.show(here.store(), here.coach(), route_id)
    headers.shows_map()
    line = url_for("maps.route_line", route_id=route_id)
    return render_template(
        "maps/route.html",
        route=route,
        map=showing.of_route(route, line, ground("tiles.tile")),
        drawing=drawn(route),
    )


@map_pages.get("/routes/<int:route_id>.geojson")
def route_line(route_id: int) -> Response:
    """The line in few points; with `?whole=1` in all of them."""
    whole = request.args.get("whole") == "1"
    content = drawn_routes.on_the_map(here.store(), here.coach(), route_id, showing.WORDS, whole=whole)
    return Response(content, content_type=GEOJSON)
