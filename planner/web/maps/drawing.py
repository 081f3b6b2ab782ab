"""Drawing a route on the map: a new one, or another line for one that is there.

The page's own script sends what was drawn and stays there until it is kept; it is answered in JSON. A form that is sent
without it gets a page, as everywhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from planner.domain.geo import coordinates
from planner.domain.line_edits import Drawing
from planner.domain.routes import OSM
from planner.domain.timing import DEFAULT_PACE_KMH
from planner.domain.waypoints import KINDS
from planner.services.people import practices
from planner.services.routes import drawn_routes, walking_routes
from planner.services.routes.drawn_routes import Conflict, DrawingRefused, TooManyPoints
from planner.services.routes.walking_routes import OpenRoute
from planner.web import device, headers, here
from planner.web.maps import showing
from planner.web.maps.forms import DrawForm, DrawNewForm, WholeLineForm
from planner.web.maps.ground import ground
from planner.web.maps.views import map_pages
from planner.web.on_the_way import FETCHED
from planner.web.walking_routes.moved import tell_moved
from planner.web.walking_routes.showing import drawn
from planner.web.wording import options, word
from planner.web.wording_maps import EDITOR

__all__ = ["map_pages"]
Page = str | BaseResponse | tuple[str, int]
LARGE = ("maps.draw", "maps.draw_new")
LINE_BYTES = 6_000_000
"""A line of 50,000 points with its places and the form around it."""


@map_pages.url_value_preprocessor
def allow_a_long_line(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """A larger body, on these addresses only. Runs before anything reads the form."""
    if endpoint in LARGE:
        request.max_content_length = request.max_form_memory_size = LINE_BYTES


@map_pages.route("/routes/draw", methods=["GET", "POST"])
def draw_new() -> Page:
    """A new route, by drawing it."""
    form = DrawNewForm(data={"form_id": secrets.token_urlsafe(16)})
    if not form.is_submitted():
        return _page(form, None)

    def keep() -> int:
        return drawn_routes.draw_new(
            here.store(), here.coach(), form.texts, _drawing(form), here.now(), form.form_id.data
        )

    return _keep(form, None, keep)


@map_pages.route("/routes/<int:route_id>/draw", methods=["GET", "POST"])
def draw(route_id: int) -> Page:
    kept = walking_routes.show(here.store(), here.coach(), route_id)
    form = DrawForm(data={"version": kept.version, "form_id": secrets.token_urlsafe(16)})
    if not form.is_submitted():
        return _page(form, kept)

    def keep() -> int:
        drawn_routes.draw(here.store(), here.coach(), route_id, _drawing(form), form.sent, here.now())
        return route_id

    return _keep(form, kept, keep)


@map_pages.post("/routes/<int:route_id>/line")
def whole_line(route_id: int) -> Page:
    """Something done to a whole line at once: works without a script."""
    kept, form = walking_routes.show(here.store(), here.coach(), route_id), WholeLineForm()
    if not form.validate():
        return _page(DrawForm(), kept, form), 422
    try:
        drawn_routes.change_line(here.store(), here.coach(), route_id, form.done, form.sent, here.now())
    except DrawingRefused:
        form.refuse("change", _("Nothing would be left of the line."))
        return _page(DrawForm(), kept, form), 422
    except Conflict:
        flash(_("The route was changed in the meantime. Look at it first."), "note")
        return redirect(url_for("maps.draw", route_id=route_id), 303)
    flash(_("The route has its new line."))
    tell_moved(kept)
    return redirect(url_for("walking_routes.route", route_id=route_id), 303)


def _drawing(form: DrawForm) -> Drawing:
    """What was sent. That it was led along paths can be so where there is an engine only. Raises DrawingRefused."""
    drawing = drawn_routes.read_drawing(form.line.data or "")
    return replace(drawing, on_paths=drawing.on_paths and here.planner().paths is not None)


def _keep(form: DrawForm, kept: OpenRoute | None, keep: Callable[[], int]) -> Page:
    """Keeps it, or says why not; what was drawn comes back."""
    if not form.validate():
        return _refused(form, kept, 422)
    try:
        route_id = keep()
    except DrawingRefused as refused:
        form.refuse("line", word("drawing_refused", refused.code))
        return _refused(form, kept, 422)
    except TooManyPoints:
        form.refuse("line", _("This route has as many places as it may have."))
        return _refused(form, kept, 422)
    except Conflict:
        return _refused(form, kept, 409)
    flash(_("The route is saved."))
    if kept is not None:
        tell_moved(kept)
    to = url_for("walking_routes.route", route_id=route_id)
    return jsonify(to=to) if FETCHED in request.headers else redirect(to, 303)


def _refused(form: DrawForm, kept: OpenRoute | None, status: int) -> Response:
    """`version` of a conflict: the one to save over. A route that was new is kept as another one instead: `form_id`."""
    if kept is None and status == 409:
        form.form_id.data = form.form_id.typed = secrets.token_urlsafe(16)
    if FETCHED in request.headers:
        version = kept.version if kept and status == 409 else None
        return make_response(
            jsonify(wrong=form.all_errors, version=version, form_id=form.form_id.data), status
        )
    if kept is not None and status == 409:
        form.version.data = form.version.typed = str(kept.version)
    return make_response(_page(form, kept, conflict=status == 409), status)


def _page(
    form: DrawForm, kept: OpenRoute | None, whole: WholeLineForm | None = None, *, conflict: bool = False
) -> str:
    headers.shows_map()
    line = url_for("maps.route_line", route_id=kept.id, whole=1) if kept else ""
    whole = whole or WholeLineForm(data={"version": kept.version if kept else None})
    return render_template(
        "maps/draw.html",
        form=whole if whole.errors else form,
        draw=form,
        kept=kept,
        whole=whole,
        kinds=options("waypoint", KINDS),
        said={
            "home": _home(),
            "pace": DEFAULT_PACE_KMH,
            **{f"said-{name}": sentence for name, sentence in EDITOR.items()},
        },
        map=showing.of_drawing(kept, line, ground("tiles.tile")),
        paths=OSM if here.planner().paths else None,
        drawing=drawn(kept) if kept else None,
        keeps=device.current().keeps,
        conflict=conflict,
    )


def _home() -> str:
    settings = practices.open_practice(here.store(), here.coach()).settings
    return coordinates(settings.home_latitude, settings.home_longitude)
