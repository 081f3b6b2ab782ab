"""The coach's other calendars: added by address or as an account, looked at, removed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.busy import CALDAV, ICS, MOST_CALENDARS, CalendarKind
from planner.services.calendars import busy_calendars as service
from planner.services.calendars.busy_calendars import CalendarKnown, NameKnown, TooManyCalendars
from planner.web import here
from planner.web.settings.calendar_forms import AccountForm, AddressForm

other_calendars = Blueprint("other_calendars", __name__)
Page = str | Response | tuple[str, int]


@other_calendars.route("/settings/calendars", methods=["GET", "POST"])
def calendars() -> Page:
    form = AddressForm()
    if form.validate_on_submit() and _added(form, ICS):
        return redirect(url_for("other_calendars.calendars"), 303)
    return _page(form), 422 if form.is_submitted() else 200


@other_calendars.route("/settings/calendars/account", methods=["GET", "POST"])
def account() -> Page:
    form = AccountForm()
    if form.validate_on_submit() and _added(form, CALDAV):
        return redirect(url_for("other_calendars.calendars"), 303)
    return render_template("settings/calendar_account.html", form=form), 422 if form.is_submitted() else 200


@other_calendars.post("/settings/calendars/<int:calendar_id>/look")
def look(calendar_id: int) -> Response:
    if service.look_now(here.store(), here.coach(), calendar_id, here.now()):
        flash(_("The calendar is being read."))
    else:
        flash(_("This calendar asks for some patience. It is read again by itself."), "note")
    return redirect(url_for("other_calendars.calendars"), 303)


@other_calendars.post("/settings/calendars/<int:calendar_id>/remove")
def remove(calendar_id: int) -> Response:
    service.remove(here.store(), here.coach(), calendar_id, here.now())
    flash(_("The calendar is removed, and its busy times with it."))
    return redirect(url_for("other_calendars.calendars"), 303)


def _added(form: AddressForm, kind: CalendarKind) -> bool:
    """Kept, or a sentence beside the field says why not."""
    try:
        service.add(here.store(), here.coach(), kind, form.access(), here.now())
    except CalendarKnown:
        form.refuse("address", _("This calendar is there already."))
        return False
    except NameKnown:
        form.refuse("name", _("There is a calendar with this name already. Give it another name."))
        return False
    except TooManyCalendars:
        form.refuse(
            "address",
            _("There are %(number)s calendars already. Remove one first.", number=MOST_CALENDARS),
        )
        return False
    flash(_("The calendar is added. It is being read."))
    return True


def _page(form: AddressForm) -> str:
    lines = service.listing(here.store(), here.coach(), here.now())
    return render_template("settings/calendars.html", form=form, calendars=lines)
