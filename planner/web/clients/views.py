"""Clients: the list, the file, adding and changing, pausing and ending."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services import fixed_texts
from planner.services.clients import client_files, clients, passing_on
from planner.services.clients.clients import ACTIVE, ENDED, PAUSED, OpenClient, TextsNotSeen
from planner.services.clients.consents import NeedsConsent
from planner.services.store import Conflict
from planner.web import here, language
from planner.web.clients.forms import (
    HEALTH_FIELDS,
    ClientForm,
    SearchForm,
    differences,
    start_of_client,
    start_of_new,
)

client_pages = Blueprint("clients", __name__, url_prefix="/clients")
Page = str | Response | tuple[str, int]


def opened(client_id: int) -> OpenClient:
    """The client of this page, noted as looked at. Raises NotFound."""
    found = clients.of_coach(here.store(), here.coach(), client_id)
    here.saw(client_id)
    return found


@client_pages.get("/")
def index() -> Page:
    form = SearchForm()
    search = form.q.data if form.validate() else ""
    ended = form.show.data == "ended"
    found = client_files.overview(here.store(), here.coach(), search, ended, here.now())
    return render_template("clients/index.html", form=form, found=found, search=search, ended=ended)


@client_pages.route("/new", methods=["GET", "POST"])
def new() -> Page:
    form = ClientForm(data=start_of_new(language.current(), here.today(), secrets.token_urlsafe(16)))
    if form.validate_on_submit():
        try:
            client_id = clients.create(
                here.store(),
                here.coach(),
                form.command(None),
                here.now(),
                form.form_id.data,
                reads_texts=form.texts_seen.data,
            )
        except NeedsConsent as refused:
            refuse_without_consent(form, refused.names)
        except TextsNotSeen:
            form.refuse("texts_seen", _("Read these texts first. Then you can add clients."))
        else:
            flash(_("The client is added."))
            return redirect(url_for("clients.show", client_id=client_id), 303)
    else:
        _says_without_consent(form)
    texts = client_files.texts_to_read(here.store(), here.coach(), language.current())
    page = render_template(
        "clients/new.html", form=form, texts=texts, consent=fixed_texts.consent_text(language.current())
    )
    return page, 422 if form.is_submitted() else 200


@client_pages.get("/<int:client_id>")
def show(client_id: int) -> Page:
    whole = request.args.get("walks") == "all"
    file = client_files.open_file(here.store(), here.coach(), client_id, here.now(), whole=whole)
    here.saw(client_id)
    alone = here.coach().alone
    return render_template(
        "clients/show.html",
        standing=None if alone else passing_on.standing(here.store(), here.coach(), client_id, here.now()),
        file=file,
        client=file.client,
        whole=whole,
        earlier_help=client_files.help_results(file.client, here.today()),
    )


@client_pages.route("/<int:client_id>/edit", methods=["GET", "POST"])
def edit(client_id: int) -> Page:
    client = opened(client_id)
    form = ClientForm(data=start_of_client(client))
    status, differs = 422 if form.is_submitted() else 200, []
    if form.validate_on_submit():
        try:
            clients.update(here.store(), here.coach(), client_id, form.command(client), here.now())
        except NeedsConsent as refused:
            refuse_without_consent(form, refused.names)
        except Conflict:
            client = opened(client_id)
            differs = differences(form, ClientForm(formdata=None, data=start_of_client(client)))
            status = 409
        else:
            flash(_("Saved."))
            return redirect(url_for("clients.show", client_id=client_id), 303)
    else:
        _says_without_consent(form, client)
    page = render_template(
        "clients/edit.html",
        form=form,
        client=client,
        consent=fixed_texts.consent_text(client.language),
        conflict=status == 409,
        differs=differs,
    )
    return page, status


@client_pages.post("/<int:client_id>/pause")
def pause(client_id: int) -> Page:
    return _to_status(client_id, PAUSED, _("Paused. The file stays as it is."))


@client_pages.post("/<int:client_id>/end")
def end(client_id: int) -> Page:
    return _to_status(
        client_id, ENDED, _("The programme has ended. The client's link does not work any more.")
    )


@client_pages.post("/<int:client_id>/reopen")
def reopen(client_id: int) -> Page:
    return _to_status(client_id, ACTIVE, _("Active again."))


def _to_status(client_id: int, status: str, sentence: str) -> Page:
    clients.set_status(here.store(), here.coach(), client_id, status, here.now(), here.today())
    flash(sentence)
    return redirect(url_for("clients.show", client_id=client_id), 303)


def refuse_without_consent(form: ClientForm, names: tuple[str, ...]) -> None:
    """A sentence beside each field about health that has no consent."""
    for name in names:
        form.refuse(name, _("This is about health. Tick above that the client agrees, or leave it empty."))


def _says_without_consent(form: ClientForm, client: OpenClient | None = None) -> None:
    """The same for a form that is refused for other reasons: all that is to do is said at once."""
    consented = form.consent_health.data or (client is not None and client.health_consent)
    if form.is_submitted() and form.errors and not consented:
        refuse_without_consent(form, tuple(name for name in HEALTH_FIELDS if form[name].data))
