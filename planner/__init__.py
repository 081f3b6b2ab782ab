"""The planner's web application: wiring only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from planner.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. It does not refuse unsafe settings: that is the launcher's work, so that `check` and
    `restore` can run and say what is wrong."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    from planner import cli, sources
    from planner.cli_refusal import Refused
    from planner.models import Database
    from planner.path_engine import path_desk
    from planner.services.store import Store
    from planner.services.vault import vault_of
    from planner.settings import UnsafeSettings, from_environment
    from planner.web import assets, errors, features, guard, headers, here, language, rendering
    from planner.web.application import Application

    try:
        settings = settings or from_environment(looks=True)
    except UnsafeSettings as unsafe:  # a command says it in lines; anything else does not start
        raise Refused(unsafe.problems) from unsafe
    app = Application("planner", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a note that took long to write is still saved
        WTF_CSRF_SSL_STRICT=False,  # the Sec-Fetch-Site check stands in for the referrer (decision 11)
        MAX_CONTENT_LENGTH=1_000_000,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        MAX_FORM_PARTS=400,
        TESTING=settings.environment == "test",
        PROPAGATE_EXCEPTIONS=False,
    )
    store = Store(Database(settings.database_url), vault_of(settings), settings.weather)
    app.extensions["planner"] = here.Planner(store, settings, sources.tiles_of, path_desk(settings))
    if settings.secure:  # served through one proxy on this machine, under one name
        app.config["TRUSTED_HOSTS"] = [settings.host, "localhost", "127.0.0.1"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    language.register(app)
    rendering.register(app)
    headers.register(app)
    guard.register(app)
    errors.register(app)
    assets.register_assets(app)
    features.register(app)
    cli.register(app)
    return app
