"""Templates: an unknown name is an error, and the few names every page may use."""

from __future__ import annotations

from flask import Flask, g
from jinja2 import StrictUndefined

from planner.web import device
from planner.web.assets import asset_url, client_css
from planner.web.icons import icon
from planner.web.wording import register_wording
from planner.web.words import register_words


def register(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(icon=icon, asset_url=asset_url, client_css=client_css)
    app.jinja_env.globals.update(
        has_copies=device.has_copies, has_lines=device.has_lines, device_mark=device.mark
    )
    register_words(app)
    register_wording(app)
    app.context_processor(lambda: {"coach": g.get("coach")})
