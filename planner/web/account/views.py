"""Set-up, signing in and out, the coach's own account."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services import fixed_texts
from planner.services.people import coaches, new_password, set_up, sign_in, throttle
from planner.services.routes import walking_routes
from planner.services.walks import walk_pages
from planner.web import device, here, language, signed_in
from planner.web.account.forms import DeviceForm, PasswordForm, ProfileForm, SetupForm
from planner.web.account.login import ENDED, account

__all__ = ["account"]
Page = str | Response | tuple[str, int]


@account.route("/setup/<key>", methods=["GET", "POST"])
def setup(key: str) -> Page:
    try:
        purpose = set_up.open_setup(here.store(), key, here.now())
    except set_up.KeyNotValid:
        abort(404)
    known = purpose.coach
    start = {"name": known.name, "email": known.email} if known else {}
    form = SetupForm(data={"language": language.current(), **start})
    if form.validate_on_submit():
        new = set_up.NewCoach(
            form.name.data,
            form.email.data,
            form.password.data,
            form.language.data,
            form.contact.data or form.email.data,
        )
        try:
            token = set_up.set_up(here.store(), key, new, here.now(), signed_in.agent())
        except set_up.KeyNotValid:
            abort(404)
        except set_up.EmailTaken:
            form.refuse("email", _("There is already a coach with this address."))
        else:
            goes_on = "security.overview" if form.second_step.data else "agenda.week"
            return signed_in.welcome(token, url_for(goes_on))
    texts = fixed_texts.setup_texts(language.current())
    status = 422 if form.is_submitted() else 200
    return render_template("account/setup.html", form=form, known=known, texts=texts), status


@account.post("/logout")
def logout() -> Page:
    """Everything of this coach on this device goes; so it asks first while something there was not sent yet."""
    waiting, drawings = _waiting(), _drawings()
    if (waiting or drawings) and "anyway" not in request.form:
        return render_template("account/waiting.html", waiting=waiting, drawings=drawings), 409
    mark = device.mark()
    sign_in.sign_out(here.store(), signed_in.token())
    session.clear()
    if device.others_wait():
        session[ENDED] = mark
    response = redirect(url_for("account.login"), 303)
    device.forget_all(response)
    return response


def _waiting() -> list[int]:
    """Walks whose note waits on this device. Of a walk that is gone, nothing can be sent any more."""
    found = device.waiting()
    return [one for one in found if walk_pages.exists(here.store(), here.coach(), one)]


def _drawings() -> list[int | None]:
    """Routes whose drawing waits on this device; None: a new one."""
    found = device.drawings()
    return [one for one in found if one is None or walking_routes.exists(here.store(), here.coach(), one)]


@account.route("/account", methods=["GET", "POST"])
def own() -> Page:
    """The coach's language and the number clients see."""
    coach = here.coach()
    form = ProfileForm(data={"language": coach.language, "phone": coach.phone})
    if form.validate_on_submit():
        coaches.set_profile(here.store(), coach, form.language.data, form.phone.data, here.now())
        flash(_("Saved."))
        return redirect(url_for("account.own"), 303)
    return render_template("account/own.html", form=form), 422 if form.is_submitted() else 200


@account.route("/account/device", methods=["GET", "POST"])
def this_device() -> Page:
    """What may stay on the device the coach has in hand."""
    known, waiting, drawings = device.current(), _waiting(), _drawings()
    form = DeviceForm(data={"keeps_nothing": not known.keeps, "names": known.names})
    if not form.validate_on_submit():
        page = render_template("account/device.html", form=form, waiting=(), drawings=())
        return page, 422 if form.is_submitted() else 200
    chosen = device.Device(not form.keeps_nothing.data, form.names.data)
    if (waiting or drawings) and not chosen.keeps:
        return render_template("account/device.html", form=form, waiting=waiting, drawings=drawings), 409
    flash(_("Saved."))
    response = redirect(url_for("account.this_device", changed=1), 303)
    if chosen != known:
        device.forget_all(response, but_drafts=chosen.keeps)
    device.remember(response, chosen)
    return response


@account.route("/account/password", methods=["GET", "POST"])
def password() -> Page:
    form = PasswordForm()
    if form.validate_on_submit():
        coach, old, new = here.coach(), form.old_password.data, form.new_password.data
        try:
            token = new_password.change(
                here.store(), coach, signed_in.token(), old, new, signed_in.origin(coach.email), here.now()
            )
        except throttle.TooManyTries as wait:
            form.refuse("old_password", signed_in.too_many(wait))
            return render_template("account/password.html", form=form), 429
        except sign_in.Wrong as wrong:
            signed_in.note_failure(wrong)
            form.refuse("old_password", _("This is not your password now."))
        else:
            signed_in.renew(token)
            flash(_("Your password is changed. Other devices are signed out."))
            return redirect(url_for("account.own"), 303)
    return render_template("account/password.html", form=form), 422 if form.is_submitted() else 200
