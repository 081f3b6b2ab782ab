"""Before what is sensitive the planner asks once more who is there, unless it was proven in the last ten minutes.

A change that was refused for it is not lost: the page holds what was typed, and goes on with it after the proof.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner.services.people import security, sign_in, throttle
from planner.services.people.security import Proof
from planner.web import here, signed_in
from planner.web.forms import HiddenText, Password, PlannerForm, TextLine

PAGE = "security.confirm"
CHANGES = "changes"
View = TypeVar("View", bound=Callable[..., Any])
FIELDS = ("confirm_password", "confirm_code", "confirm_answer")
KEPT_OUT = (*FIELDS, "csrf_token")


class ConfirmForm(PlannerForm):
    confirm_password = Password(_l("Your password"))
    confirm_code = TextLine(
        _l("Or a code of your app, or a recovery code"), autocomplete="one-time-code", max_length=60
    )
    confirm_answer = HiddenText(max_length=20_000)

    @property
    def proof(self) -> Proof:
        return Proof(self.confirm_password.data, self.confirm_code.data, self.confirm_answer.data)


def sensitive(view: View) -> View:
    """Put above a view that wants a fresh proof, below its address."""
    view.sensitive = True  # type: ignore[attr-defined]
    return view


def sensitive_change(view: View) -> View:
    """The same for a view that may be looked at, but not sent, without one."""
    view.sensitive = CHANGES  # type: ignore[attr-defined]
    return view


def first() -> Response | None:
    """What stands between this request and a sensitive view; None when it may go on."""
    view = current_app.view_functions.get(request.endpoint or "")
    wants, looks = getattr(view, "sensitive", False), request.method in ("GET", "HEAD")
    if not wants or (looks and wants == CHANGES) or g.standing.is_strong(here.now()):
        return None
    if looks:
        if request.endpoint == PAGE:
            return _page(ConfirmForm(formdata=None), 200)
        return redirect(url_for(PAGE, next=request.full_path.rstrip("?")), 303)
    if not any(name in request.form for name in FIELDS):
        return _page(ConfirmForm(formdata=None), 403)
    return _prove(ConfirmForm())


def _prove(form: ConfirmForm) -> Response | None:
    form.validate()
    proof = form.proof
    given = next((name for name in reversed(FIELDS) if getattr(form, name).data), "")
    if not given:
        form.refuse("confirm_password", _("Fill in your password or a code."))
        return _page(form, 422)
    shown = "confirm_password" if given == "confirm_answer" else given
    coach, now = here.coach(), here.now()
    origin = signed_in.origin(coach.email)
    try:
        new = security.prove(here.store(), coach, signed_in.token(), proof, signed_in.site(), origin, now)
    except throttle.TooManyTries as wait:
        form.refuse(shown, signed_in.too_many(wait))
        return _page(form, 429)
    except sign_in.Wrong as wrong:
        form.refuse(shown, _("This is not right. Try again."))
        signed_in.note_failure(wrong)
        return _page(form, 422)
    signed_in.renew(new)
    return None


def _page(form: ConfirmForm, status: int) -> Response:
    typed = [
        (name, value) for name, values in request.form.lists() if name not in KEPT_OUT for value in values
    ]
    page = render_template(
        "account/confirm.html",
        form=form,
        typed=typed,
        address=request.full_path.rstrip("?"),
        site=signed_in.site(),
        had_file=bool(request.files),
    )
    return make_response(page, status)
