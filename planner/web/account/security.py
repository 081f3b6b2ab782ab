"""The second step at sign-in: codes of an app, recovery codes, and the devices that are signed in."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.when import moment_to_local
from planner.services.people import devices, recovery, second_factor, sign_in
from planner.services.people import security as keeping
from planner.services.people.security import Changed
from planner.services.vault import CannotOpen, Place
from planner.web import here, signed_in
from planner.web.account.agents import agent_words
from planner.web.account.security_forms import SecondStepForm
from planner.web.confirm import sensitive
from planner.web.guard import safe_next
from planner.web.sharing.views import qr_path

security = Blueprint("security", __name__, url_prefix="/account")
Page = str | Response | tuple[str, int]
CODES = "codes"
SHOWN_FOR = timedelta(minutes=10)


@security.get("/security")
def overview() -> str:
    """Everything about signing in, on one page."""
    settings = here.planner().settings
    state = second_factor.state_of(here.store(), here.coach())
    few = state.on and state.codes_left <= recovery.FEW
    return render_template(
        "account/security.html", state=state, few=few, compulsory=settings.secure and not state.on
    )


@security.route("/second-step", methods=["GET", "POST"])
@sensitive
def second_step() -> Page:
    """An app that makes codes: on, or on another telephone. It counts once a code of it was right."""
    store, coach = here.store(), here.coach()
    form = SecondStepForm()
    try:
        offer = second_factor.offered(store, coach, form.offer.data) if form.offer.data else None
    except second_factor.OfferGone:
        offer = None
    if form.validate_on_submit() and offer is not None:
        try:
            done = keeping.turn_on_totp(store, coach, signed_in.token(), offer, form.code.data, here.now())
        except sign_in.Wrong:
            form.refuse("code", _("This code is not right. Wait for the next one and try again."))
        else:
            flash(_("From now on the planner asks for a code when you sign in."))
            return go_on(done)
    offer = offer or second_factor.offer(store, coach)
    form.offer.process_data(offer.sealed)
    form.offer.typed = None
    page = render_template(
        "account/second_step.html",
        form=form,
        offer=offer,
        qr=qr_path(offer.address(coach.email)),
        state=second_factor.state_of(store, coach),
    )
    return page, 422 if form.is_submitted() else 200


@security.post("/second-step/remove")
@sensitive
def remove_second_step() -> Page:
    compulsory = here.planner().settings.secure
    try:
        done = keeping.turn_off_totp(
            here.store(), here.coach(), signed_in.token(), here.now(), compulsory=compulsory
        )
    except keeping.OnlyOne:
        return only_one()
    flash(_("The app is not asked for any more."))
    return go_on(done)


def only_one() -> Response:
    flash(_("This is your only second step. Make another one first."), "note")
    return redirect(url_for("security.overview"), 303)


def go_on(done: Changed) -> Response:
    """After a change: new recovery codes are shown once, else back to the overview."""
    signed_in.renew(done.token)
    if not done.codes:
        return redirect(url_for("security.overview"), 303)
    _hand_over(done.codes)
    return redirect(url_for("security.recovery_codes"), 303)


@security.route("/recovery-codes", methods=["GET", "POST"])
@sensitive
def recovery_codes() -> Page:
    """How many are left; and those that were made just now, once."""
    if request.method == "POST":
        done = keeping.new_codes(here.store(), here.coach(), signed_in.token(), here.now())
        flash(_("Here are ten new codes. The old ones do not work any more."))
        return go_on(done)
    state = second_factor.state_of(here.store(), here.coach())
    return render_template("account/recovery.html", state=state, codes=_handed_over(), few=recovery.FEW)


def _place() -> Place:
    coach = here.coach()
    return Place("recovery_code", "shown once", coach.id, coach.owner_id)


def _hand_over(codes: tuple[str, ...]) -> None:
    """To the next page, sealed in the cookie: they are kept nowhere else."""
    said = [here.now().isoformat(), *codes]
    session[CODES] = base64.b64encode(keeping.seal_for(here.store(), here.coach(), _place(), said)).decode()


def _handed_over() -> list[str]:
    sealed = session.pop(CODES, None)
    if sealed is None:
        return []
    try:
        at, *codes = keeping.open_for(here.store(), here.coach(), _place(), base64.b64decode(str(sealed)))
    except (CannotOpen, ValueError):
        return []
    fresh = here.now() - datetime.fromisoformat(at) <= SHOWN_FOR
    return codes if fresh else []


@security.get("/devices")
def signed_in_devices() -> str:
    found = devices.listing(here.store(), here.coach(), signed_in.token(), here.now())
    lines = [
        (one, agent_words(one.agent), moment_to_local(one.seen_at), moment_to_local(one.since))
        for one in found
    ]
    return render_template("account/devices.html", lines=lines)


@security.post("/devices/end")
@sensitive
def end_device() -> Response:
    devices.end(here.store(), here.coach(), request.form.get("device", ""), here.now())
    flash(_("That device is signed out."))
    return redirect(url_for("security.signed_in_devices"), 303)


@security.post("/devices/end-others")
@sensitive
def end_other_devices() -> Response:
    devices.end_others(here.store(), here.coach(), signed_in.token(), here.now())
    flash(_("Other devices are signed out."))
    return redirect(url_for("security.signed_in_devices"), 303)


@security.route("/confirm", methods=["GET", "POST"])
@sensitive
def confirm() -> Response:
    """Who comes through here has just proven to be the coach."""
    return redirect(safe_next(request.args.get("next")), 303)
