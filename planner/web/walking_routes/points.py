"""Places on a route: adding, changing, another order, taking away."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.routes import route_points, walking_routes
from planner.services.routes.route_points import TooManyPoints
from planner.services.routes.walking_routes import OpenRoute, RoutePoint
from planner.web import here
from planner.web.walking_routes.forms import PointForm, filled_point
from planner.web.walking_routes.views import Page, route_pages


@route_pages.route("/routes/<int:route_id>/points/new", methods=["GET", "POST"])
def add_point(route_id: int) -> Page:
    route = walking_routes.show(here.store(), here.coach(), route_id)
    form = PointForm(data={"form_id": secrets.token_urlsafe(16)})
    if not form.is_submitted():
        return _form_page(form, route, None)
    if not _fits(form, route):
        return _form_page(form, route, None), 422
    command, form_id = form.command(), form.form_id.data
    try:
        route_points.add(here.store(), here.coach(), route_id, command, here.now(), form_id=form_id)
    except TooManyPoints:
        form.refuse("kind", _("This route has as many places as it may have."))
        return _form_page(form, route, None), 422
    return _back(route_id)


@route_pages.route("/routes/<int:route_id>/points/<int:point_id>", methods=["GET", "POST"])
def point(route_id: int, point_id: int) -> Page:
    route = walking_routes.show(here.store(), here.coach(), route_id)
    kept = route_points.show(here.store(), here.coach(), (route_id, point_id))
    along_m = route_points.along_m(kept, route.segments)
    form = PointForm(data=filled_point(kept, along_m))
    if not form.is_submitted():
        return _form_page(form, route, kept)
    if not _fits(form, route):
        return _form_page(form, route, kept), 422
    command = form.command(kept, along_m)
    route_points.edit(here.store(), here.coach(), (route_id, point_id), command, here.now())
    return _back(route_id)


@route_pages.post("/routes/<int:route_id>/points/<int:point_id>/move")
def move_point(route_id: int, point_id: int) -> Response:
    """Up in the list, or with `step=down` down."""
    step = 1 if request.form.get("step") == "down" else -1
    route_points.move(here.store(), here.coach(), (route_id, point_id), step, here.now())
    return _back(route_id)


@route_pages.post("/routes/<int:route_id>/points/<int:point_id>/delete")
def delete_point(route_id: int, point_id: int) -> Response:
    route_points.remove(here.store(), here.coach(), (route_id, point_id), here.now())
    flash(_("The place is gone."))
    return _back(route_id)


def _fits(form: PointForm, route: OpenRoute) -> bool:
    """A place lies on the route, not past its end."""
    fine = form.validate()
    far, length = form.along_m.data, route.distance_m
    if route.has_line and far is not None and length is not None and far > length:
        form.refuse("along_m", _("This route is %(metres)s metres long.", metres=length))
        return False
    return bool(fine)


def _form_page(form: PointForm, route: OpenRoute, kept: RoutePoint | None) -> str:
    return render_template("walking_routes/point.html", form=form, route=route, kept=kept)


def _back(route_id: int) -> Response:
    return redirect(url_for("walking_routes.route", route_id=route_id) + "#places", 303)
