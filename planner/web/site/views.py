"""Pages about the planner itself: health, help, licences."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template

from planner.services import fixed_texts
from planner.services.keeping import health
from planner.services.people import practices
from planner.web import here, language

site = Blueprint("site", __name__)


@site.get("/healthz")
def healthz() -> Response:
    """For a proxy: 200 when the database answers, else 503; no details."""
    well = health.database_answers(here.store())
    return Response(
        "ok" if well else "unwell", 200 if well else 503, content_type="text/plain; charset=utf-8"
    )


@site.get("/robots.txt")
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@site.get("/help")
def help_page() -> str:
    """Open to all; a coach reads first how the planner works."""
    shown = fixed_texts.help_texts(language.current())
    own = (fixed_texts.coach_help(language.current()),) if g.coach else ()
    return render_template("site/help.html", texts=own + shown)


@site.get("/privacy")
def privacy() -> str:
    """For a coach in the practice's own words, for anybody else ours."""
    text = fixed_texts.text("privacy", language.current())
    own = practices.own_text(here.store(), here.coach(), "privacy", language.current()) if g.coach else ""
    return render_template("site/privacy.html", text=text, own=own)


@site.get("/licences")
def licences() -> str:
    return render_template("site/licences.html")
