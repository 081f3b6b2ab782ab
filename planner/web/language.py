"""Dutch or English (decision 17)."""

from __future__ import annotations

from flask import Flask, g, has_request_context, request
from flask_babel import Babel

LANGUAGES = ("nl", "en")


def register(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "nl"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Amsterdam"
    Babel(app, locale_selector=current)
    app.jinja_env.globals["language"] = current


def current() -> str:
    """The language of this page: the client's under /s/ (put in `g.language` by its guard), the coach's own, before
    sign-in the browser's wish, else Dutch."""
    if not has_request_context():
        return "nl"
    if "language" in g:
        chosen: str = g.language
        return chosen
    if g.get("coach") is not None:
        language: str = g.coach.language
        return language
    return request.accept_languages.best_match(LANGUAGES) or "nl"
