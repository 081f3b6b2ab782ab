"""Dutch or English (decision 17)."""

from __future__ import annotations

from typing import Any

from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale

LANGUAGES = ("nl", "en")


def register(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = "nl"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Amsterdam"
    _Babel(app, locale_selector=current)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _words().ugettext(text),
        ngettext=lambda one, many, count: _words().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _words().upgettext(context, text),
        npgettext=lambda context, one, many, count: _words().unpgettext(context, one, many, count),
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # Jinja's own `_` looks it up at each word
    app.jinja_env.globals["language"] = current


class _Words(Domain):  # type: ignore[misc]
    """The words of the page's language, without working out again at each of them which that is."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        found = page_locale()
        if found is None:
            return NullTranslations()
        if found.language not in self._kept:
            self._kept[found.language] = super().get_translations()
        return self._kept[found.language]


class _Babel(Babel):  # type: ignore[misc]
    domain_instance = _Words()


_words = _Babel.domain_instance.get_translations


def page_locale() -> Any:
    """The locale of this page. Flask-Babel keeps it in a corner of `g`; a page asks for it hundreds of times."""
    here = g._get_current_object().__dict__.get("_flask_babel") if g else None
    return here.__dict__.get("babel_locale") or get_locale() if here is not None else get_locale()


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
