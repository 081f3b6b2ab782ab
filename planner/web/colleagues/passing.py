"""A client who goes to a colleague, for good or for a period."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services.clients import clients, passing_on
from planner.services.clients.clients import OpenClient
from planner.services.clients.passing_on import Standing
from planner.services.people import colleagues
from planner.services.store import NotFound
from planner.web import here
from planner.web.colleagues.forms import HandOverForm, ShareForm
from planner.web.confirm import sensitive, sensitive_change

passing_pages = Blueprint("passing", __name__, url_prefix="/clients/<int:client_id>")
Page = str | Response | tuple[str, int]


@passing_pages.route("/hand-over", methods=["GET", "POST"])
@sensitive_change
def hand_over(client_id: int) -> Page:
    client, _standing = _own(client_id)
    form, others = HandOverForm(), colleagues.others(here.store(), here.coach(), here.now())
    form.offer(others)
    if form.validate_on_submit():
        passing_on.hand_over(here.store(), here.coach(), client_id, form.chosen, here.now())
        flash(_("%(name)s is handed over.", name=client.name.first_name))
        return redirect(url_for("clients.index"), 303)
    page = render_template("colleagues/hand_over.html", client=client, form=form, others=others)
    return page, 422 if form.is_submitted() else 200


@passing_pages.route("/share", methods=["GET", "POST"])
@sensitive_change
def share(client_id: int) -> Page:
    """Who else reaches this client now, and did; and one more."""
    client, standing = _own(client_id)
    form, others = ShareForm(), colleagues.others(here.store(), here.coach(), here.now())
    form.offer(others)
    form.today = here.today()
    if form.validate_on_submit():
        passing_on.share(
            here.store(), here.coach(), client_id, form.chosen, form.until.data, form.reason.data, here.now()
        )
        flash(_("Shared. You can end it any day."))
        return redirect(url_for("passing.share", client_id=client_id), 303)
    page = render_template(
        "colleagues/share.html", client=client, form=form, others=others, standing=standing
    )
    return page, 422 if form.is_submitted() else 200


@passing_pages.post("/share/<int:access_id>/end")
@sensitive
def end(client_id: int, access_id: int) -> Response:
    passing_on.end(here.store(), here.coach(), client_id, access_id, here.now())
    flash(_("Your colleague does not see this client any more."))
    return redirect(url_for("passing.share", client_id=client_id), 303)


def _own(client_id: int) -> tuple[OpenClient, Standing]:
    """This coach's own client; for a colleague with whom it is shared there is no such page. Raises NotFound."""
    client = clients.of_coach(here.store(), here.coach(), client_id)
    standing = passing_on.standing(here.store(), here.coach(), client_id, here.now())
    if not standing.own:
        raise NotFound
    here.saw(client_id)
    return client, standing
