"""Calendar files as answers, and the coach's own feed. Programs fetch them, by themselves and often."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, Response, g, request
from flask_babel import gettext as _

from planner.services.calendars import calendars as service
from planner.services.calendars import coach_feeds
from planner.services.calendars.calendars import CalendarWords, Feed
from planner.web import here
from planner.web.personal.guard import count_guess
from planner.web.words import language

calendars = Blueprint("calendars", __name__)


@calendars.get("/calendar/<token>.ics")
def coach_feed(token: str) -> Response:
    opened = coach_feeds.by_token(here.store(), token)
    if opened is None:
        count_guess()
        said = _("This calendar does not work. A new one is in the settings.")
        return Response(f"{said}\n", 404, content_type="text/plain; charset=utf-8")
    g.language = opened.language
    known = request.if_none_match.contains_weak
    return feed_answer(service.of_coach(here.store(), opened, calendar_words(), here.now(), known))


def calendar_words() -> CalendarWords:
    return _words(language())


@cache
def _words(_language: str) -> CalendarWords:
    """In the language of the page, which is this one."""
    return CalendarWords(
        title=_("Walking appointment"),
        with_name=_("Walking with %(name)s"),
        cancel_line=_("Can't make it? Let your coach know. That is fine."),
        calendar_name=_("Walks"),
        by_phone=_("By phone"),
    )


def file_answer(content: bytes, name: str) -> Response:
    response = Response(content, content_type=service.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def feed_answer(feed: Feed) -> Response:
    """The feed, or 304 for who has this revision (decision 13)."""
    response = Response(status=304) if feed.content is None else file_answer(feed.content, _("walks"))
    response.set_etag(feed.revision)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
