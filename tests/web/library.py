"""A small application with the real templates and helpers, for tests of the parts pages are made of."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from planner.web import assets, rendering

PLANNER = Path(__file__).parents[2] / "planner"


def small_app() -> Flask:
    """`?l=en` chooses the language; everything else as in the planner."""
    app = Flask("planner", root_path=str(PLANNER), static_folder=None)
    app.secret_key = "s" * 32
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PLANNER / "translations")
    Babel(app, default_locale="nl", locale_selector=lambda: request.args.get("l", "nl"))
    CSRFProtect(app)
    assets.register_assets(app)
    rendering.register(app)
    app.jinja_env.globals["language"] = lambda: request.args.get("l", "nl")
    return app
