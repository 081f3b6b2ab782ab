"""The settings of the practice, on one page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.services import practices
from planner.services.practices import OpenPractice
from planner.services.store import Conflict
from planner.web import here, language
from planner.web.settings import limits
from planner.web.settings.forms import SettingsForm, differences, filled
from planner.web.words import DAYS

settings_pages = Blueprint("settings", __name__)
Page = str | Response | tuple[str, int]


@settings_pages.route("/settings", methods=["GET", "POST"])
def practice() -> Page:
    kept = practices.open_practice(here.store(), here.coach())
    form = SettingsForm(data=filled(kept))
    if not here.planner().settings.free_open_meteo:
        del form.non_commercial
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


def _page(form: SettingsForm, kept: OpenPractice, *, conflict: bool = False) -> str:
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
        own_contact=here.planner().settings.contact,
    )


def _has_errors(form: SettingsForm, rows: tuple[limits.Row, ...]) -> bool:
    return any(form[name].errors for row in rows for name in row.names)
