"""The passkeys a coach has: listed, added, removed; and the questions that go to them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.when import moment_to_local
from planner.services.people import passkeys as keys
from planner.services.people import security as keeping
from planner.services.people.passkeys import Site
from planner.web import here, signed_in
from planner.web.account.security import go_on, only_one
from planner.web.account.security_forms import PasskeyForm
from planner.web.confirm import sensitive
from planner.web.forms import as_id

passkeys = Blueprint("passkeys", __name__)
Page = str | Response | tuple[str, int]


def _site() -> Site:
    site = signed_in.site()
    if site is None:
        abort(404)
    return site


@passkeys.get("/login/passkey/question")
def to_use() -> dict[str, Any]:
    """For the script: what a key is asked to sign."""
    return keys.to_use(here.store(), _site(), here.now())


@passkeys.get("/account/passkeys/question")
@sensitive
def to_add() -> dict[str, Any]:
    """For the script: what a new key is made with."""
    return keys.to_add(here.store(), here.coach(), _site(), here.now())


@passkeys.route("/account/passkeys", methods=["GET", "POST"])
@sensitive
def own() -> Page:
    form = PasskeyForm()
    if form.validate_on_submit():
        try:
            done = keeping.add_passkey(
                here.store(),
                here.coach(),
                signed_in.token(),
                _site(),
                form.answer.data,
                form.name.data,
                here.now(),
            )
        except keys.Refused:
            form.refuse("name", _("No passkey was made. Try again."))
        else:
            flash(_("The passkey is kept. You can sign in with it."))
            return go_on(done)
    lines = [
        (one, moment_to_local(one.created_at), moment_to_local(one.used_at) if one.used_at else None)
        for one in keys.listing(here.store(), here.coach())
    ]
    page = render_template(
        "account/passkeys.html",
        form=form,
        lines=lines,
        site=signed_in.site(),
        port=request.host.partition(":")[2],
    )
    return page, 422 if form.is_submitted() else 200


@passkeys.post("/account/passkeys/remove")
@sensitive
def remove() -> Page:
    key_id = as_id(request.form.get("passkey", ""))
    if key_id is None:
        abort(404)
    compulsory = here.planner().settings.secure
    try:
        done = keeping.remove_passkey(
            here.store(), here.coach(), signed_in.token(), key_id, here.now(), compulsory=compulsory
        )
    except keeping.OnlyOne:
        return only_one()
    signed_in.renew(done.token)
    flash(_("The passkey does not work any more."))
    return redirect(url_for("passkeys.own"), 303)
