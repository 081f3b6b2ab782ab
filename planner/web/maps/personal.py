"""The big map of a walk, behind a client's link: the same guard and headers as the page it belongs to."""

from __future__ import annotations

from flask import Response, g, render_template, url_for

from planner.services.clients.client_page import SharedWalk
from planner.services.maps import client_big_map
from planner.web import headers, here
from planner.web.maps import showing
from planner.web.maps.ground import ground
from planner.web.maps.views import GEOJSON
from planner.web.personal.map_views import personal
from planner.web.personal.views import chosen_language, drawing_of

__all__ = ["personal"]


@personal.get("/walks/<int:walk_id>/map")
def walk_map(walk_id: int) -> str:
    walk = _walk(walk_id)
    headers.shows_map()
    token = g.opened.path.split("/")[2]
    line = url_for("personal.walk_line", token=token, walk_id=walk_id) + chosen_language()
    return render_template(
        "personal/map.html",
        walk=walk,
        map=showing.of_walk(walk, line, ground("personal.tile", token=token)),
        back=g.opened.path + chosen_language(),
        drawing=drawing_of(walk),
    )


@personal.get("/walks/<int:walk_id>/route.geojson")
def walk_line(walk_id: int) -> Response:
    content = client_big_map.line_of(_walk(walk_id), showing.kind_words, showing.meeting_words)
    return Response(content, content_type=GEOJSON)


def _walk(walk_id: int) -> SharedWalk:
    return client_big_map.walk(here.store(), g.opened, walk_id, g.language, here.now())
