"""Signing in: address and password, then a code where there is a second step; or a passkey, which is both."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.people import passkeys, sign_in, throttle
from planner.services.store import NotFound
from planner.web import guard, here, signed_in
from planner.web.account.forms import CodeForm, LoginForm

account = Blueprint("account", __name__)
Page = str | Response | tuple[str, int]
ENDED = "ended"
"""In the session of nobody: the mark of who signed out, whose drafts the sign-in page takes off this device."""
PASSKEYS = "throttle passkeys"


@account.route("/login", methods=["GET", "POST"])
def login() -> Page:
    """A script may send address, password and code at once."""
    if g.coach is not None:
        return redirect(guard.safe_next(request.args.get("next")), 303)
    if "anew" in request.args:
        signed_in.drop_half()
    half, start = signed_in.half(), {"next": guard.safe_next(request.args.get("next"))}
    form: LoginForm | CodeForm = LoginForm(data=start)
    second = half is not None and "email" not in request.form
    if second:
        form = CodeForm(data=start)
    if form.is_submitted() and form.answer.data:
        return _with_passkey(form)
    if isinstance(form, CodeForm) and half is not None:
        return _second_step(form, half)
    return _first_step(form)


def _first_step(form: LoginForm) -> Page:
    if not form.validate_on_submit():
        return _page(form, 422 if form.is_submitted() else 200)
    store, now, email = here.store(), here.now(), form.email.data
    origin = signed_in.origin(email)
    try:
        token = sign_in.sign_in(
            store,
            email,
            form.password.data,
            origin.network,
            now,
            code=form.code.data,
            known=origin.known,
            agent=origin.agent,
        )
    except throttle.TooManyTries as wait:
        return _refused(form, "password", signed_in.too_many(wait), 429)
    except sign_in.SecondStep as more:
        signed_in.keep_half(more.half)
        return redirect(url_for("account.login", next=guard.safe_next(form.next.data)), 303)
    except sign_in.Wrong as wrong:
        signed_in.note_failure(wrong)
        return _refused(form, "password", _("This e-mail address and password do not belong together."))
    return signed_in.welcome(token, guard.safe_next(form.next.data))


def _second_step(form: CodeForm, half: sign_in.Half) -> Page:
    store, now = here.store(), here.now()
    try:
        origin = signed_in.origin(sign_in.email_of(store, half, now))
        if not form.validate_on_submit():
            return _page(form, 422 if form.is_submitted() else 200)
        token = sign_in.enter_code(store, half, form.code.data, origin, now)
    except NotFound:  # it took too long
        signed_in.drop_half()
        return redirect(url_for("account.login", next=guard.safe_next(form.next.data)), 303)
    except throttle.TooManyTries as wait:
        return _refused(form, "code", signed_in.too_many(wait), 429)
    except sign_in.Wrong as wrong:
        signed_in.note_failure(wrong)
        return _refused(form, "code", _("This code is not right. Wait for the next one and try again."))
    return signed_in.welcome(token, guard.safe_next(form.next.data))


def _with_passkey(form: LoginForm | CodeForm) -> Page:
    store, now, site = here.store(), here.now(), signed_in.site()
    beside = "code" if isinstance(form, CodeForm) else "password"
    network = throttle.network_key(store, request.remote_addr or "", PASSKEYS)
    try:
        throttle.check(store, network, now)
        if site is None:
            raise passkeys.Refused
        scope = passkeys.use(store, site, form.answer.data, now)
    except throttle.TooManyTries as wait:
        return _refused(form, beside, signed_in.too_many(wait), 429)
    except passkeys.Refused:
        throttle.failed(store, network, now)
        return _refused(form, beside, _("This passkey did not work. Try again, or use your password."))
    known = signed_in.is_known(scope.coach_id)
    token = sign_in.begin(store, scope, now, signed_in.agent(), is_new=not known)
    return signed_in.welcome(token, guard.safe_next(form.next.data))


def _refused(form: LoginForm | CodeForm, name: str, sentence: str, status: int = 422) -> Page:
    form.refuse(name, sentence)
    return _page(form, status)


def _page(form: LoginForm | CodeForm, status: int) -> Page:
    name = "code" if isinstance(form, CodeForm) else "login"
    ended, site = session.get(ENDED, ""), signed_in.site()
    form.answer.process_data("")  # what a passkey said once is not said again
    form.answer.typed = None
    return render_template(f"account/{name}.html", form=form, ended=ended, site=site), status
