"""A walk on the way: its sheet for the phone and for paper, and the worker that keeps it there."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from planner.services import fixed_texts
from planner.services.walks import walk_pages
from planner.services.walks.walk_pages import WalkPage
from planner.web import device, here, language, on_the_way
from planner.web.assets import smaller
from planner.web.headers import CSP
from planner.web.personal.offline import SCRIPT_TYPE
from planner.web.walking_routes import photos
from planner.web.walking_routes.photos import ShownPhoto
from planner.web.walks.showing import drawing, picture

sheet_pages = Blueprint("sheets", __name__)


@sheet_pages.get("/walks/today")
def today() -> str | BaseResponse:
    """The sheet of the walk of now, or of the next one today; a fixed address for the screen of a phone."""
    found = walk_pages.of_today(here.store(), here.coach(), here.now())
    if found is None:
        return render_template("walks/none_today.html")
    return redirect(url_for("sheets.sheet", walk_id=found), 303)


@sheet_pages.get("/walks/<int:walk_id>/sheet")
def sheet(walk_id: int) -> Response:
    page = walk_pages.page(here.store(), here.coach(), walk_id, here.now())
    here.saw(page.client.id)
    shown = render_template(
        "walks/sheet.html",
        page=_neutral(page),
        titles={one.id: one.title(language.current()) for one in page.exercises.values()},
        about_health=on_the_way.ABOUT_HEALTH,
        sketch=drawing(page),
        map=picture(page),
        photo=_photo(page),
        stop_rule=fixed_texts.stop_rule(language.current()),
        shown_name=device.current().name_of(page.client.name),
        opened_at=here.now(),
        kept=on_the_way.seconds_kept(page.walk) > 0,
    )
    return on_the_way.may_be_kept(make_response(shown), page.walk)


def _photo(page: WalkPage) -> ShownPhoto | None:
    """Where they meet at the place of the route."""
    route = page.on_the_clock.route
    photo = photos.of_route(route.id) if route and page.walk.meets_at_route else None
    return None if photo is None or photo.elsewhere else photo


def _neutral(page: WalkPage) -> WalkPage:
    return replace(page, exercises={one.id: one for one in on_the_way.neutral(page.exercises.values())})


@sheet_pages.get("/walks/<int:walk_id>/worker.js")
def worker(walk_id: int) -> Response:
    """The same script for every walk; which one it keeps is in the address it is registered at. Its first line is a
    hash of the rest: a browser takes a worker over as soon as a byte of it is another."""
    here.saw(walk_pages.client_of(here.store(), here.coach(), walk_id))
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": CSP.format(style="'self'"),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    nothing_kept = render_template("walks/not_kept.html")
    text = smaller(
        render_template(
            "walks/worker.js",
            copy=on_the_way.COPY,
            mark=device.mark(),
            nothing_kept=nothing_kept,
            headers=headers,
        )
    )
    script = f"// {hashlib.sha256(text.encode()).hexdigest()[:12]}\n{text}\n"
    return Response(script, content_type=SCRIPT_TYPE)
