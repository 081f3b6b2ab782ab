"""The people of the practice: who there is, inviting, roles, closing an account, and all clients of one going over."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.domain.when import moment_to_local
from planner.services.clients import passing_on
from planner.services.people import colleagues as service
from planner.services.people import invitations
from planner.services.people.colleagues import Colleague, NotPossible
from planner.services.people.set_up import EmailTaken
from planner.web import here, language
from planner.web.colleagues.forms import HandOverAllForm, InviteForm, RoleForm
from planner.web.confirm import sensitive, sensitive_change
from planner.web.sharing.views import public_address
from planner.web.wording import word

colleague_pages = Blueprint("colleagues", __name__, url_prefix="/colleagues")
Page = str | Response | tuple[str, int]


@colleague_pages.get("/")
def index() -> str:
    """Who there is. Whoever leads the practice goes on from here."""
    found = service.listing(here.store(), here.coach(), here.now())
    return render_template("colleagues/index.html", people=found)


@colleague_pages.route("/invite", methods=["GET", "POST"])
@sensitive_change
def invite() -> Page:
    form = InviteForm(data={"language": language.current()})
    if form.validate_on_submit():
        try:
            colleague_id = invitations.invite(here.store(), here.coach(), form.command, here.now())
        except EmailTaken:
            form.refuse("email", _("There is already a coach with this address."))
        else:
            flash(_("The invitation is ready. Give the address to your colleague."))
            return redirect(url_for("colleagues.invitation", colleague_id=colleague_id), 303)
    return render_template("colleagues/invite.html", form=form), 422 if form.is_submitted() else 200


@colleague_pages.get("/<int:colleague_id>")
def colleague(colleague_id: int) -> Page:
    return _page(service.one_of(here.store(), here.coach(), colleague_id, here.now()))


@colleague_pages.get("/<int:colleague_id>/invitation")
@sensitive
def invitation(colleague_id: int) -> str:
    """The one-time address, for as long as it works."""
    found = invitations.open_one(here.store(), here.coach(), colleague_id, here.now())
    address = public_address(url_for("account.setup", key=found.key)) if found.key else ""
    until = moment_to_local(found.expires_at) if found.expires_at else None
    mails = here.planner().settings.mails_links
    return render_template(
        "colleagues/invitation.html",
        found=found,
        one=found.colleague,
        address=address,
        until=until,
        mails=mails,
    )


@colleague_pages.post("/<int:colleague_id>/invitation/renew")
@sensitive
def renew(colleague_id: int) -> Response:
    invitations.renew(here.store(), here.coach(), colleague_id, here.now())
    flash(_("There is a new address. The old one does not work any more."))
    return redirect(url_for("colleagues.invitation", colleague_id=colleague_id), 303)


@colleague_pages.post("/<int:colleague_id>/invitation/mail")
@sensitive
def mail(colleague_id: int) -> Response:
    found = invitations.open_one(here.store(), here.coach(), colleague_id, here.now())
    if here.planner().settings.mails_links and found.key:
        invitations.ask_mail(here.store(), here.coach(), colleague_id, here.now())
        flash(_("The mail is on its way."))
    return redirect(url_for("colleagues.invitation", colleague_id=colleague_id), 303)


@colleague_pages.post("/<int:colleague_id>/invitation/withdraw")
@sensitive
def withdraw(colleague_id: int) -> Response:
    invitations.withdraw(here.store(), here.coach(), colleague_id, here.now())
    flash(_("The invitation is withdrawn."))
    return redirect(url_for("colleagues.index"), 303)


@colleague_pages.post("/<int:colleague_id>/role")
@sensitive
def role(colleague_id: int) -> Page:
    one = service.one_of(here.store(), here.coach(), colleague_id, here.now())
    form = RoleForm()
    if not form.validate_on_submit():
        return _page(one, form=form), 422
    try:
        service.set_role(here.store(), here.coach(), colleague_id, form.role.data, here.now())
    except NotPossible as problem:
        form.refuse("role", word("not_possible", problem.why))
        return _page(one, form=form), 422
    flash(_("Saved."))
    return redirect(url_for("colleagues.index"), 303)


@colleague_pages.post("/<int:colleague_id>/hand-over")
@sensitive
def hand_over_all(colleague_id: int) -> Page:
    one = service.one_of(here.store(), here.coach(), colleague_id, here.now())
    form = HandOverAllForm()
    form.offer(_receivers(one))
    if not form.validate_on_submit():
        return _page(one, giving=form), 422
    number = passing_on.hand_over_all(here.store(), here.coach(), one.id, form.chosen, here.now())
    flash(ngettext("%(num)s client was handed over.", "%(num)s clients were handed over.", number))
    return redirect(url_for("colleagues.colleague", colleague_id=colleague_id), 303)


@colleague_pages.post("/<int:colleague_id>/close")
@sensitive
def close(colleague_id: int) -> Page:
    one = service.one_of(here.store(), here.coach(), colleague_id, here.now())
    try:
        service.close(here.store(), here.coach(), colleague_id, here.now())
    except NotPossible as problem:
        return _page(one, not_possible=word("not_possible", problem.why)), 422
    flash(_("The account is closed."))
    return redirect(url_for("colleagues.index"), 303)


@colleague_pages.post("/<int:colleague_id>/reopen")
@sensitive
def reopen(colleague_id: int) -> Response:
    service.reopen(here.store(), here.coach(), colleague_id, here.now())
    flash(_("The account is open again."))
    return redirect(url_for("colleagues.index"), 303)


def _receivers(one: Colleague) -> list[Colleague]:
    found = service.listing(here.store(), here.coach(), here.now())
    return [each for each in found if each.coaches and each.id != one.id]


def _page(
    one: Colleague,
    *,
    form: RoleForm | None = None,
    giving: HandOverAllForm | None = None,
    not_possible: str = "",
) -> str:
    if giving is None:
        giving = HandOverAllForm(formdata=None)
        giving.offer(_receivers(one))
    return render_template(
        "colleagues/colleague.html",
        one=one,
        form=form or RoleForm(formdata=None, data={"role": one.role}),
        giving=giving,
        not_possible=not_possible,
    )
