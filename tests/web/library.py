"""A small application with the real templates and helpers, for tests of the parts pages are made of."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from planner.web.assets import register_assets
from planner.web.icons import register_icons
from planner.web.wording import register_wording
from planner.web.words import register_words

PLANNER = Path(__file__).parents[2] / "planner"


def small_app() -> Flask:
    """`?l=en` chooses the language; everything else as in the planner."""
    app = Flask("planner", root_path=str(PLANNER), static_folder=None)
    app.secret_key = "s" * 32
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PLANNER / "translations")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, default_locale="nl", locale_selector=lambda: request.args.get("l", "nl"))
    CSRFProtect(app)
    register_icons(app)
    register_assets(app)
    register_words(app)
    register_wording(app)
    app.jinja_env.globals["language"] = lambda: request.args.get("l", "nl")
    app.context_processor(lambda: {"coach": None})
    return app
