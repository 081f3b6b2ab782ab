"""The settings of the practice: one page, and one for what is not free."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain import routes
from planner.domain.when import day_on, moment_to_local
from planner.services.calendars import busy_calendars, coach_feeds
from planner.services.keeping import audit_check, backup_nights
from planner.services.people import practices
from planner.services.people.practices import OpenPractice
from planner.services.store import Conflict
from planner.web import here, language
from planner.web.settings import limits
from planner.web.settings.agenda import AgendaForm, agenda_form
from planner.web.settings.forms import SettingsForm, differences, filled
from planner.web.sharing.forms import TitlesForm
from planner.web.sharing.views import public_address
from planner.web.words import DAYS

settings_pages = Blueprint("settings", __name__)
Page = str | Response | tuple[str, int]


@settings_pages.route("/settings", methods=["GET", "POST"])
def practice() -> Page:
    """What counts for the practice is set by whoever leads it; another coach finds what is their own."""
    if not here.coach().leads:
        return _own_page() if request.method != "POST" else abort(404)
    kept = practices.open_practice(here.store(), here.coach())
    form = _without_unasked(SettingsForm(data=filled(kept)))
    if not form.validate_on_submit():
        return _page(form, kept), 422 if form.is_submitted() else 200
    try:
        practices.change(here.store(), here.coach(), form.command(kept), here.now())
    except Conflict:
        kept = practices.open_practice(here.store(), here.coach())
        form.version.data = form.version.typed = str(kept.version)
        return _page(form, kept, conflict=True), 409
    flash(_("The settings are saved."))
    return redirect(url_for("settings.practice"), 303)


@settings_pages.post("/settings/feed")
def make_feed() -> Response:
    """The coach's own walks for a calendar program: turned on, or with a new address."""
    coach_feeds.make_or_renew(here.store(), here.coach(), here.now())
    flash(_("The calendar address is ready. Only this one works."))
    return redirect(url_for("settings.practice", _anchor="feed"), 303)


@settings_pages.post("/settings/feed/titles")
def feed_titles() -> Page:
    titles = TitlesForm()
    if not titles.validate_on_submit():
        if not here.coach().leads:
            return _own_page(titles), 422
        kept = practices.open_practice(here.store(), here.coach())
        form = _without_unasked(SettingsForm(formdata=None, data=filled(kept)))
        return _page(form, kept, refused=titles), 422
    coach_feeds.choose_titles(here.store(), here.coach(), titles.titles.data, here.now())
    flash(_("Saved."))
    return redirect(url_for("settings.practice", _anchor="feed"), 303)


@settings_pages.post("/settings/feed/revoke")
def turn_feed_off() -> Response:
    coach_feeds.turn_off(here.store(), here.coach(), here.now())
    flash(_("The calendar address does not work any more."))
    return redirect(url_for("settings.practice", _anchor="feed"), 303)


def _without_unasked(form: SettingsForm) -> SettingsForm:
    """Only a planner that may ask the free weather service needs to know what the practice earns."""
    if not here.planner().settings.free_open_meteo:
        del form.non_commercial
    return form


def _page(
    form: SettingsForm, kept: OpenPractice, *, conflict: bool = False, refused: TitlesForm | None = None
) -> str:
    return render_template(
        "settings/practice.html",
        form=form,
        kept=kept,
        main=limits.MAIN,
        more=limits.MORE,
        open_meteo=limits.OPEN_METEO,
        more_open=_has_errors(form, limits.MORE),
        open_meteo_open=_has_errors(form, limits.OPEN_METEO),
        days=DAYS[language.current()],
        other=differences(form, kept) if conflict else None,
        copies=backup_nights.status(here.store(), here.planner().settings, here.now()),
        log_found=audit_check.found_at_night(here.planner().settings),
        own_contact=here.planner().settings.contact,
        **_own_parts(refused),
    )


def _own_page(refused: TitlesForm | None = None) -> str:
    return render_template("settings/own.html", **_own_parts(refused))


def _own_parts(refused: TitlesForm | None) -> dict[str, Any]:
    """What is the coach's own, whoever leads: other calendars, and the feed of their walks."""
    feed = coach_feeds.state_of(here.store(), here.coach())
    titles = TitlesForm(formdata=None, data={"titles": feed.titles}) if feed and not refused else refused
    return {
        "trouble": busy_calendars.trouble(here.store(), here.coach(), here.now()),
        "feed": feed,
        "feed_address": public_address(feed.path) if feed else None,
        "feed_since": moment_to_local(feed.renewed_at).date() if feed else None,
        "titles_form": titles.with_example("Sanne", "van Dijk") if titles else None,
    }


@settings_pages.route("/settings/agenda", methods=["GET", "POST"])
def agenda() -> Page:
    """Days off, blocked hours and the time around a walk."""
    kept = practices.open_practice(here.store(), here.coach())
    form = agenda_form(kept, day_on(here.now(), kept.settings.zone), request.form)
    if not form.validate_on_submit():
        return _agenda_page(form), 422 if form.is_submitted() else 200
    try:
        practices.change(here.store(), here.coach(), form.command(kept), here.now())
    except Conflict:
        kept = practices.open_practice(here.store(), here.coach())
        form.version.data = form.version.typed = str(kept.version)
        return _agenda_page(form, kept=kept), 409
    flash(_("The settings are saved."))
    return redirect(url_for("settings.agenda"), 303)


def _agenda_page(form: AgendaForm, kept: OpenPractice | None = None) -> str:
    """`kept`: what is saved now, when somebody saved in between."""
    return render_template("settings/agenda.html", form=form, kept=kept, day_codes=routes.DAYS)


def _has_errors(form: SettingsForm, rows: tuple[limits.Row, ...]) -> bool:
    return any(form[name].errors for row in rows for name in row.names)
