"""A client who lost the link asks for it: open to everybody, the same answer for everybody, no cookie."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from planner.services.clients import link_requests
from planner.services.store import DatabaseBusy
from planner.web import here
from planner.web.forms import EmailField, PlannerForm
from planner.web.language import LANGUAGES
from planner.web.personal.guard import personal_headers

lost_link = Blueprint("lost_link", __name__, url_prefix="/s")
lost_link.after_request(personal_headers)


class LostLinkForm(PlannerForm):
    """There is no sign-in behind it and nothing to gain by forging it, so it carries no CSRF field."""

    email = EmailField(_l("Your e-mail address"), needs=_l("Write the e-mail address that your coach knows."))

    class Meta(PlannerForm.Meta):
        csrf = False


@lost_link.before_request
def as_nobody() -> None:
    g.coach, g.language = None, request.accept_languages.best_match(LANGUAGES) or "nl"


@lost_link.get("/")
def ask() -> Response:
    return _page(LostLinkForm(formdata=None), asked=request.args.get("asked") == "1")


@lost_link.post("/")
def asked() -> BaseResponse:
    form = LostLinkForm()
    if not form.validate():
        return _page(form, status=422)
    link_requests.ask(here.store(), form.email.data, request.remote_addr or "", here.now())
    return redirect(url_for("lost_link.ask", asked=1), 303)


@lost_link.errorhandler(DatabaseBusy)
def busy(_error: DatabaseBusy) -> BaseResponse:
    """The same again is one press; no cookie for it, as the coach's pages have."""
    form = LostLinkForm()
    return _page(form, status=503)


def _page(form: LostLinkForm, *, asked: bool = False, status: int = 200) -> Response:
    page = render_template("personal/again.html", form=form, asked=asked)
    return make_response(page, status)
