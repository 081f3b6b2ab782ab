"""Loops that the practice's own path engine makes, and the way between two points for the map editor. Without an engine
none of these addresses is there.

Nothing is kept of what was proposed: a loop goes to the browser signed, and comes back when it is chosen.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from planner.domain.geo import Line, Point, climb_m
from planner.domain.line_edits import Drawing
from planner.domain.loops import Loop, LoopWish
from planner.domain.practices import PracticeSettings
from planner.domain.route_filter import RouteFilter
from planner.domain.routes import OSM, RouteTexts
from planner.domain.sketch import Sketch, sketch
from planner.domain.timing import DEFAULT_PACE_KMH
from planner.services.people import practices
from planner.services.routes import drawn_routes, walking_routes
from planner.services.routes.loops import Busy, FoundLoops, NoPath, PathDesk, Silent
from planner.web import here
from planner.web.walking_routes.loop_forms import HOME, KeepForm, LoopForm, PathForm
from planner.web.walking_routes.showing import SKETCH_PX
from planner.web.wording import word

loop_pages = Blueprint("loops", __name__)
Page = str | Response | tuple[str, int] | tuple[Response, int]
MINUTES = 40
SAID_AGAIN_M = 50
"""A shorter stretch that is walked twice is not worth a word."""


@dataclass(frozen=True, slots=True)
class LoopCard:
    """A proposed loop as its card shows it. `same_way_m`: walked twice. `signed`: the loop, for when it is chosen."""

    drawing: Sketch | None
    length_m: int
    minutes: int
    climb_m: int | None
    direction: str
    same_way_m: int
    signed: str
    form_id: str


@loop_pages.before_request
def only_with_an_engine() -> None:
    if here.planner().paths is None:
        abort(404)


@loop_pages.route("/routes/loops", methods=["GET", "POST"])
def loops() -> Page:
    """A POST asks the engine and answers with what it found; nothing is saved by it."""
    form = _form()
    if not form.is_submitted():
        return _page(form)
    if not form.check():
        return _page(form), 422
    wish = form.wish()
    try:
        found = _desk().loops(wish)
    except Busy:
        return _page(form, trouble="busy"), 503
    except Silent:
        return _page(form, trouble="silent"), 503
    return _page(form, found, wish)


@loop_pages.post("/routes/loops/keep")
def keep() -> Page:
    """The chosen loop becomes a route, to be filled in further. The same one twice makes one."""
    form = KeepForm()
    try:
        name, line = _opened(form.loop.data or "")
    except BadData:
        return _page(_form(), trouble="unreadable"), 422
    loop = Drawing((line,), on_paths=True)
    route_id = drawn_routes.draw_new(
        here.store(), here.coach(), RouteTexts(name), loop, here.now(), form.form_id.data
    )
    flash(_("The loop is saved as a route. Walk it yourself once before you take a client."))
    return redirect(url_for("walking_routes.edit", route_id=route_id), 303)


@loop_pages.post("/routes/paths")
def paths() -> tuple[Response, int]:
    """For the map editor: the way on foot between two points, as JSON. `error`: `bad`, `no_path`, `busy`, `silent`."""
    form = PathForm()
    if not form.validate():
        return jsonify(error="bad"), 422
    try:
        line = _desk().path(*form.points())
    except NoPath:
        return jsonify(error="no_path"), 422
    except Busy:
        return jsonify(error="busy"), 503
    except Silent:
        return jsonify(error="silent"), 503
    places = [[point.latitude, point.longitude] for point in line]
    return jsonify(line=places, credit=word("line_from", OSM)), 200


def _desk() -> PathDesk:
    desk = here.planner().paths
    if desk is None:
        abort(404)
    return desk


def _form() -> LoopForm:
    settings: PracticeSettings = practices.open_practice(here.store(), here.coach()).settings
    form = LoopForm(data={"start": HOME, "minutes": MINUTES, "pace_kmh": DEFAULT_PACE_KMH})
    home = Point(settings.home_latitude, settings.home_longitude)
    routes = walking_routes.found(here.store(), here.coach(), RouteFilter().takes).routes
    form.starts_at(home, routes)
    return form


def _page(
    form: LoopForm, found: FoundLoops | None = None, wish: LoopWish | None = None, trouble: str | None = None
) -> str:
    """`trouble`: why the engine was not asked, or gave nothing."""
    cards = [_card(loop, wish) for loop in found.loops] if found and wish else []
    return render_template(
        "walking_routes/loops.html", form=form, found=found, cards=cards, wish=wish, trouble=trouble
    )


def _card(loop: Loop, wish: LoopWish) -> LoopCard:
    minutes, climb = wish.minutes_of(loop.length_m), climb_m((loop.line,))
    name = _(
        "Loop %(direction)s, %(minutes)s min", direction=word("compass", loop.direction), minutes=minutes
    )
    same_way_m = round(loop.overlap * loop.length_m / 2, -1)
    return LoopCard(
        drawing=sketch((loop.line,), (), *SKETCH_PX),
        length_m=round(loop.length_m),
        minutes=minutes,
        climb_m=None if climb is None else round(climb),
        direction=loop.direction,
        same_way_m=round(same_way_m) if same_way_m >= SAID_AGAIN_M else 0,
        signed=_signed(name, loop.line),
        form_id=secrets.token_urlsafe(16),
    )


def _signer() -> URLSafeSerializer:
    """For this coach only."""
    return URLSafeSerializer(here.planner().settings.secret_key, salt=f"loop {here.coach().id}")


def _signed(name: str, line: Line) -> str:
    places = [(point.latitude, point.longitude, point.elevation_m) for point in line]
    signed = _signer().dumps([name, places])
    return signed if isinstance(signed, str) else signed.decode()


def _opened(signed: str) -> tuple[str, Line]:
    """The name and line of a loop that we proposed. Raises BadData for anything else."""
    name, places = _signer().loads(signed)
    return name, tuple(Point(*numbers) for numbers in places)
