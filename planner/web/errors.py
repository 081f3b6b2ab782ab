"""Every refusal is a kind page; a change that could not be kept gives back what was typed."""

from __future__ import annotations

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from planner.services.store import DatabaseBusy, NotFound
from planner.web import confirm
from planner.web.fields import without_control
from planner.web.guard import SignInOver

KEPT_OUT = ("csrf_token", "password", "new_password", "old_password", "code", *confirm.FIELDS)
PAGES = {
    400: "bad_request",
    404: "not_found",
    405: "not_found",
    411: "bad_request",
    413: "too_large",
    429: "too_many",
}


def register(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda _: _page("not_found", 404))
    app.register_error_handler(CSRFError, lambda _: _again("expired", 400))
    app.register_error_handler(SignInOver, lambda _: _again("signed_out", 403))
    app.register_error_handler(DatabaseBusy, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, lambda _: _page("server_error", 500))


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    code = error.code or 500
    response = _page(PAGES.get(code, "server_error"), code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _busy(_: Exception) -> Response:
    return _again("busy", 503)


def _page(kind: str, status: int) -> Response:
    return make_response(render_template("errors/message.html", kind=kind), status)


def _again(kind: str, status: int) -> Response:
    """The page that lets a refused form be sent again with everything that was typed."""
    typed = [
        (without_control(name), without_control(value))
        for name, values in request.form.lists()
        if name not in KEPT_OUT
        for value in values
    ]
    page = render_template("errors/again.html", kind=kind, typed=typed, had_file=bool(request.files))
    return make_response(page, status)
