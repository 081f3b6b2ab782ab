"""Another e-mail address to sign in with: asked for here, and counted once the link in the mail to it is used."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.people import email_change, throttle
from planner.services.people.set_up import EmailTaken
from planner.web import here, signed_in
from planner.web.account.security_forms import NewAddressForm
from planner.web.confirm import sensitive
from planner.web.forms import PlannerForm

emails = Blueprint("emails", __name__)
Page = str | Response | tuple[str, int]


@emails.route("/account/email", methods=["GET", "POST"])
@sensitive
def change() -> Page:
    """The same answer for every address."""
    store, coach, form, status = here.store(), here.coach(), NewAddressForm(), 422
    mails = here.planner().settings.mails_links
    if mails and form.validate_on_submit() and form.is_other(coach.email):
        try:
            email_change.ask(store, coach, form.email.data, signed_in.origin(coach.email), here.now())
        except throttle.TooManyTries as wait:
            form.refuse("email", signed_in.too_many(wait))
            status = 429
        else:
            flash(
                _(
                    "If this address is free, a mail is on its way to it. It counts once you use the link in there."
                )
            )
            return redirect(url_for("emails.change"), 303)
    waiting = email_change.waiting(store, coach, here.now())
    page = render_template("account/email.html", form=form, mails=mails, waiting=waiting)
    return page, status if form.is_submitted() and mails else 200


@emails.post("/account/email/withdraw")
def withdraw() -> Response:
    email_change.withdraw(here.store(), here.coach(), here.now())
    flash(_("Your e-mail address stays as it is."))
    return redirect(url_for("emails.change"), 303)


@emails.route("/email/<key>", methods=["GET", "POST"])
def confirm(key: str) -> Page:
    """Whoever opens the mail; opening alone changes nothing."""
    email_change.open_key(here.store(), key, here.now())
    form, taken = PlannerForm(), False
    if form.validate_on_submit():
        try:
            email_change.confirm(here.store(), key, here.now())
        except EmailTaken:
            taken = True
        else:
            flash(_("From now on you sign in with this e-mail address."))
            return redirect(url_for("account.login"), 303)
    return render_template("account/new_email.html", form=form, taken=taken), 422 if taken else 200
