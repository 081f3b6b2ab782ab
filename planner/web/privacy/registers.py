"""The registers of the practice: three lists of the same make, each with its form."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial, update_wrapper

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.privacy import BREACHES, KINDS_OF_LINE, PROCESSING, PROCESSORS, BreachLine
from planner.services import fixed_texts
from planner.services.privacy import register_defaults, registers
from planner.services.privacy.registers import OpenLine
from planner.services.store import Conflict
from planner.web import here, language
from planner.web.clients.forms import differences
from planner.web.forms import as_version
from planner.web.privacy.register_forms import FORMS, RegisterForm

register_pages = Blueprint("registers", __name__)
Page = str | Response | tuple[str, int]
HOLES = {PROCESSING: "processing_id", PROCESSORS: "processor_id", BREACHES: "breach_id"}
"""What the number of a line is called in its address."""


def index(kind: str) -> Page:
    version, dated_on = register_defaults.edition()
    return render_template(
        f"privacy/{kind}.html",
        kind=kind,
        lines=registers.listing(here.store(), here.coach(), kind),
        now=here.now(),
        today=here.today(),
        version=version,
        dated_on=dated_on,
        steps=fixed_texts.text("breach_steps", language.current()) if kind == BREACHES else None,
        letter=fixed_texts.text("breach_clients", language.current()) if kind == BREACHES else None,
    )


def new(kind: str) -> Page:
    """`?from=`: the line of ours that it begins with, and is put over."""
    key = request.args.get("from", "")
    ours = register_defaults.lines(kind, language.current()).get(key)
    start = FORMS[kind].start(ours or _blank(kind)) | {"key": key if ours else ""}
    form = FORMS[kind](data={**start, "form_id": secrets.token_urlsafe(16)})
    if not (form.validate_on_submit() and form.is_sound(here.now())):
        return _form_page(kind, form, None), 422 if form.is_submitted() else 200
    try:
        wanted = form.key.data or None, form.line(), here.now(), form.form_id.data
        registers.write(here.store(), here.coach(), kind, *wanted)
    except Conflict:
        return _form_page(kind, form, None, []), 409
    return _saved(kind, _("Saved."))


def line(kind: str, **ids: int) -> Page:
    entry_id = ids[HOLES[kind]]
    found = registers.one(here.store(), here.coach(), kind, entry_id)
    form = FORMS[kind](data={**FORMS[kind].start(found.line), "version": str(found.version)})
    if not (form.validate_on_submit() and form.is_sound(here.now())):
        return _form_page(kind, form, found), 422 if form.is_submitted() else 200
    try:
        written = form.line(), as_version(form.version.data) or 0, here.now()
        registers.change(here.store(), here.coach(), kind, entry_id, *written)
    except Conflict:
        form.version.data = form.version.typed = str(found.version)
        saved = FORMS[kind](formdata=None, data=FORMS[kind].start(found.line))
        return _form_page(kind, form, found, differences(form, saved)), 409
    return _saved(kind, _("Saved."))


def remove(kind: str, **ids: int) -> Page:
    registers.take_away(here.store(), here.coach(), kind, ids[HOLES[kind]], here.now())
    return _saved(kind, _("Taken away."))


def _blank(kind: str) -> object:
    """A new line. A breach was found now, until told otherwise."""
    return BreachLine(found_at=here.now()) if kind == BREACHES else KINDS_OF_LINE[kind]()


def _saved(kind: str, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for(f"registers.{kind}"), 303)


def _form_page(
    kind: str, form: RegisterForm, found: OpenLine | None, differs: list[tuple[str, str]] | None = None
) -> str:
    return render_template("privacy/register_form.html", kind=kind, form=form, found=found, differs=differs)


def _add(path: str, endpoint: str, view: Callable[..., Page], kind: str, *methods: str) -> None:
    register_pages.add_url_rule(path, endpoint, update_wrapper(partial(view, kind), view), methods=methods)


for _kind, _hole in HOLES.items():
    _line = f"/privacy/{_kind}/<int:{_hole}>"
    _add(f"/privacy/{_kind}", _kind, index, _kind, "GET")
    _add(f"/privacy/{_kind}/new", f"new_{_kind}", new, _kind, "GET", "POST")
    _add(_line, f"line_of_{_kind}", line, _kind, "GET", "POST")
    _add(f"{_line}/remove", f"remove_{_kind}", remove, _kind, "POST")
