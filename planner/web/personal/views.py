"""What a client sees: the coming walks, one walk for the calendar, and the way out."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, render_template, request
from flask_babel import gettext as _

from planner.domain.geo import length_m
from planner.domain.sketch import Sketch, sketch
from planner.services import fixed_texts
from planner.services.calendars import calendars
from planner.services.clients import client_page, sharing
from planner.services.clients.client_page import SharedWalk
from planner.web import here
from planner.web.personal.calendars import calendar_words, feed_answer, file_answer
from planner.web.personal.forms import PersonalForm
from planner.web.personal.guard import MARKER, open_link, personal_headers
from planner.web.personal.maps import map_link
from planner.web.personal.offline import SCRIPT_TYPE, worker_script
from planner.web.personal.shown_maps import of_walk

personal = Blueprint("personal", __name__, url_prefix="/s/<token>")
personal.before_request(open_link)
personal.after_request(personal_headers)
SKETCH_WIDTH, SKETCH_HEIGHT = 360, 220


@personal.get("/")
def walks() -> Response:
    response = make_response(walks_page())
    response.headers[MARKER] = "walks"
    return response


def walks_page(form: PersonalForm | None = None) -> str:
    """The page as it is now. `form`: one that was refused, with its sentences."""
    page = client_page.page(here.store(), g.opened, g.language, here.now())
    other = "en" if g.language == "nl" else "nl"
    return render_template(
        "personal/walks.html",
        page=page,
        path=g.opened.path,
        chosen=chosen_language(),
        form=form,
        map_link=_map_link(page.next),
        shown_at=here.now(),
        drawing=drawing_of(page.next),
        maps=of_walk(page.next),
        card=fixed_texts.emergency_card(g.language),
        stop_rule=fixed_texts.stop_rule(g.language),
        privacy=fixed_texts.client_page_privacy(g.language),
        other_language=(
            other,
            f"{g.opened.path}?lang={other}",
            "English" if other == "en" else "Nederlands",
        ),
    )


def chosen_language() -> str:
    """What keeps the language of this page in an address: nothing, unless the reader chose it."""
    return f"?lang={g.language}" if request.args.get("lang") == g.language else ""


@personal.get("/walks/<int:walk_id>.ics")
def calendar_file(walk_id: int) -> Response:
    content = calendars.one_walk(here.store(), g.opened, walk_id, calendar_words(), here.now())
    return file_answer(content, _("walk"))


@personal.get("/calendar.ics")
def calendar_feed() -> Response:
    known = request.if_none_match.contains_weak
    return feed_answer(calendars.of_client(here.store(), g.opened, calendar_words(), here.now(), known))


@personal.get("/worker.js")
def worker() -> Response:
    """Keeps a copy of the page on the client's phone."""
    return Response(worker_script(), content_type=SCRIPT_TYPE)


@personal.post("/withdraw")
def withdraw() -> Response:
    """The client does not want the link any more: it stops at once, and the copy on the phone goes."""
    sharing.given_back(here.store(), g.opened, here.now())
    response = make_response(render_template("personal/given_back.html"))
    response.headers[MARKER] = "gone"
    return response


def _map_link(walk: SharedWalk | None) -> str | None:
    if walk is None or walk.latitude is None or walk.longitude is None:
        return None
    return map_link(walk.latitude, walk.longitude, request.headers.get("User-Agent", ""))


def drawing_of(walk: SharedWalk | None) -> Sketch | None:
    if walk is None or length_m(walk.way.line) == 0:
        return None
    return sketch(walk.way.line, (), SKETCH_WIDTH, SKETCH_HEIGHT, walk.way.turn)
