"""One client leaves: everything taken along, everything erased."""

from __future__ import annotations

import io
import zipfile

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.clients import passing_on
from planner.services.clients.clients import OpenClient
from planner.services.privacy import client_export, erasure, portability
from planner.services.privacy.client_export import TakenAlong
from planner.services.store import NotFound
from planner.web import confirm, here
from planner.web.clients.views import opened
from planner.web.privacy.forms import EraseForm
from planner.web.privacy.paper import sections

leaving = Blueprint("leaving", __name__, url_prefix="/clients/<int:client_id>")
Page = str | Response | tuple[str, int]


@leaving.get("/export")
def export_page(client_id: int) -> Page:
    return render_template("privacy/export.html", client=opened(client_id))


@leaving.post("/export")
@confirm.sensitive
def export(client_id: int) -> Page:
    """A zip: to read, and for programs. Its name says nothing about anybody."""
    found = client_export.export(here.store(), here.coach(), client_id, here.now(), here.today())
    answer = make_response(_packed(found))
    answer.content_type = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="stap-voor-stap-{here.today()}.zip"'
    return answer


def _packed(found: TakenAlong) -> bytes:
    everything = found.everything
    with force_locale(everything.language):
        page = render_template(
            "privacy/file.html", export=everything, sections=sections(everything), made_on=here.today()
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("file.html", page)
        archive.writestr("file.json", everything.as_json())
        archive.writestr("portable.json", found.supplied.as_json())
        archive.writestr("portable.schema.json", portability.schema())
    return packed.getvalue()


@leaving.get("/erase")
def erase_page(client_id: int) -> Page:
    return _erase_page(opened(client_id), EraseForm(formdata=None))


@leaving.post("/erase")
@confirm.sensitive
def erase(client_id: int) -> Page:
    client, form = opened(client_id), EraseForm()
    if _whose(client_id):
        raise NotFound
    if not (form.validate_on_submit() and form.is_of(client.name.first_name)):
        return _erase_page(client, form), 422
    ledger = erasure.ledger_of(here.planner().settings)
    erasure.erase(here.store(), here.coach(), client_id, ledger, here.now())
    flash(_("Everything about this client is erased."))
    return redirect(url_for("clients.index"), 303)


def _erase_page(client: OpenClient, form: EraseForm) -> str:
    return render_template("privacy/erase.html", client=client, form=form, whose=_whose(client.id))


def _whose(client_id: int) -> str:
    """The colleague who shares this client, and alone may erase; empty for one's own. Raises NotFound."""
    standing = passing_on.standing(here.store(), here.coach(), client_id, here.now())
    return "" if standing.own else standing.coach
