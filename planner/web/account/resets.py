"""Who forgot the password: asks for a mail, and chooses another at the address in it. The second step stays."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.people import new_password
from planner.web import here
from planner.web.account.security_forms import ForgotForm, NewPasswordForm

resets = Blueprint("resets", __name__)
Page = str | Response | tuple[str, int]


@resets.route("/reset", methods=["GET", "POST"])
def ask() -> Page:
    """The same answer for every address."""
    mails, form = here.planner().settings.mails_links, ForgotForm()
    if mails and form.validate_on_submit():
        new_password.ask(here.store(), form.email.data, request.remote_addr or "", here.now())
        return redirect(url_for("resets.ask", asked=1), 303)
    page = render_template(
        "account/forgot.html", form=form, mails=mails, asked=request.args.get("asked") == "1"
    )
    return page, 422 if form.is_submitted() and mails else 200


@resets.route("/reset/<key>", methods=["GET", "POST"])
def choose(key: str) -> Page:
    new_password.open_key(here.store(), key, here.now())
    form = NewPasswordForm()
    if form.validate_on_submit():
        new_password.choose(here.store(), key, form.new_password.data, here.now())
        flash(_("Your new password is kept. Sign in with it."))
        return redirect(url_for("account.login"), 303)
    return render_template("account/reset.html", form=form), 422 if form.is_submitted() else 200
