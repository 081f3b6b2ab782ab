"""One route: making, reading and changing it. The library is in `library`, many files in `taking_in`, places on a route
in `points`."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from planner.domain.routes import TRIM_M
from planner.services.routes import route_changes, route_export, route_page, walking_routes
from planner.services.routes.route_changes import GpxRefused, GpxWarning
from planner.services.routes.walking_routes import OpenRoute
from planner.services.store import Conflict
from planner.web import here
from planner.web.forms import as_id, as_version
from planner.web.maps.showing import app_link
from planner.web.tiles import pictures
from planner.web.walking_routes import photos
from planner.web.walking_routes.forms import LineForm, PaceForm, RouteForm, filled
from planner.web.walking_routes.moved import tell_moved
from planner.web.walking_routes.showing import RoutePage
from planner.web.wording import gpx_refused, gpx_warning

route_pages = Blueprint("walking_routes", __name__)
Page = str | BaseResponse | tuple[str, int]
UPLOAD_BYTES = 6_000_000
"""A file of 5 MB with the form around it, and a little more, so that a file somewhat too large is told so kindly."""
LARGER = {"walking_routes.new": UPLOAD_BYTES}
"""The few addresses that take a larger body, and how large."""


@route_pages.context_processor
def whether_loops_are_made() -> dict[str, bool]:
    return {"makes_loops": here.planner().paths is not None}


@route_pages.url_value_preprocessor
def allow_a_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Runs before anything reads the form."""
    if endpoint in LARGER:
        request.max_content_length = LARGER[endpoint]


@route_pages.route("/routes/new", methods=["GET", "POST"])
def new() -> Page:
    """A new route; with `?replace=<id>` only another line for that route."""
    replaced = as_id(request.args.get("replace"))
    if replaced is not None:
        return _replace_line(replaced)
    form = RouteForm(data={"form_id": secrets.token_urlsafe(16)})
    if not form.is_submitted():
        return _form_page(form, None)
    if not form.check():
        return _form_page(form, None), 422
    try:
        made = route_changes.create(here.store(), here.coach(), form.command(), here.now(), form.form_id.data)
    except GpxRefused as refused:
        form.refuse("gpx", gpx_refused(refused))
        return _form_page(form, None), 422
    flash(_("The route is saved."))
    if made.same is not None:
        flash(_("This is the same line as “%(name)s”, which you had already.", name=made.same.name), "note")
    _tell(made.warnings)
    return redirect(url_for("walking_routes.route", route_id=made.id), 303)


def _replace_line(route_id: int) -> Page:
    kept = walking_routes.show(here.store(), here.coach(), route_id)
    form = LineForm()
    if form.validate_on_submit():
        try:
            content = form.gpx.data.content
            warnings = route_changes.replace_line(here.store(), here.coach(), route_id, content, here.now())
        except GpxRefused as refused:
            form.refuse("gpx", gpx_refused(refused))
        else:
            flash(_("The route has its new line."))
            tell_moved(kept)
            _tell(warnings)
            return redirect(url_for("walking_routes.route", route_id=route_id), 303)
    page = render_template("walking_routes/line.html", form=form, route=kept)
    return page, 422 if form.is_submitted() else 200


@route_pages.get("/routes/<int:route_id>")
def route(route_id: int) -> Page:
    found = route_page.seen(here.store(), here.coach(), route_id, pictures.template(), here.now())
    form, route = PaceForm(), found.route
    page = RoutePage.of(route, here.today().month, form.chosen(), found.heights, here.tiles().rules)
    return render_template(
        "walking_routes/route.html",
        page=page,
        route=route,
        walked=found.walked,
        pace=form,
        map=pictures.on_page(route, found.picture),
        photo=photos.shown_photo(found.photo),
        start_link=app_link(route.latitude, route.longitude),
    )


@route_pages.route("/routes/<int:route_id>/edit", methods=["GET", "POST"])
def edit(route_id: int) -> Page:
    kept = walking_routes.show(here.store(), here.coach(), route_id)
    form = RouteForm(data=filled(kept))
    if not form.is_submitted():
        return _form_page(form, kept)
    if not form.check(kept):
        return _form_page(form, kept), 422
    try:
        warnings = route_changes.edit(here.store(), here.coach(), route_id, form.command(), here.now())
    except GpxRefused as refused:
        form.refuse("gpx", gpx_refused(refused))
        return _form_page(form, kept), 422
    except Conflict:
        form.version.data = form.version.typed = str(kept.version)
        return _form_page(form, kept, conflict=True), 409
    flash(_("The route is saved."))
    tell_moved(kept)
    _tell(warnings)
    return redirect(url_for("walking_routes.route", route_id=route_id), 303)


@route_pages.get("/routes/<int:route_id>.gpx")
def gpx(route_id: int) -> Response:
    return gpx_file(*route_export.export(here.store(), here.coach(), route_id))


@route_pages.post("/routes/<int:route_id>/trim")
def trim(route_id: int) -> BaseResponse:
    """Only ever because the coach asked for it."""
    version, kept = (
        as_version(request.form.get("version")),
        walking_routes.show(here.store(), here.coach(), route_id),
    )
    try:
        gone = route_changes.trim(here.store(), here.coach(), route_id, version, here.now())
    except Conflict:
        flash(_("The route was changed in the meantime. Look at it first."), "note")
    else:
        if gone is None:
            flash(_("This route is too short to take the ends off."), "note")
        else:
            flash(_("The first and last %(metres)s metres are gone.", metres=round(TRIM_M)))
            tell_moved(kept)
        if gone:
            flash(_("Places on the route near the old ends went too: %(number)s.", number=gone), "note")
    return redirect(url_for("walking_routes.route", route_id=route_id), 303)


@route_pages.post("/routes/<int:route_id>/archive")
def archive(route_id: int) -> BaseResponse:
    """Out of the lists, or with `archived=0` back in."""
    away = request.form.get("archived") != "0"
    route_changes.archive(here.store(), here.coach(), route_id, away, here.now())
    flash(_("The route is put away. Walks that use it keep it.") if away else _("The route is back."))
    return redirect(url_for("walking_routes.route", route_id=route_id), 303)


def _form_page(form: RouteForm, kept: OpenRoute | None, *, conflict: bool = False) -> str:
    if kept is not None:
        form.name.hint_text = ""  # no file comes along here to name it
    return render_template("walking_routes/form.html", form=form, kept=kept, conflict=conflict)


def _tell(warnings: Iterable[GpxWarning]) -> None:
    for warning in warnings:
        flash(gpx_warning(warning), "note")


def gpx_file(name: str, content: bytes) -> Response:
    """A download."""
    response = make_response(content)
    response.headers["Content-Type"] = "application/gpx+xml"
    response.headers["Content-Disposition"] = attachment(name, "gpx")
    return response


def attachment(name: str, suffix: str) -> str:
    """A Content-Disposition with the name as it is, and one in plain letters for who cannot read that."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:80] or "route"
    full = quote(f"{name}.{suffix}", safe="")
    return f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{full}"
