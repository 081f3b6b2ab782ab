"""Walks that come again: made from one walk, looked at first; and taken on when they are about to end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.domain.series import MOST_WALKS, MOST_WEEKS, Repeat, Turn, looked
from planner.services.walks import series as service
from planner.services.walks.series import Made, SeriesDesk
from planner.web import here, language, wording, words
from planner.web.forms import FormId, HiddenText, LocalDate, PlannerForm, WholeNumber

series_pages = Blueprint("series", __name__)
Page = str | Response | tuple[str, int]


class SeriesForm(PlannerForm):
    every_weeks = WholeNumber(
        _l("Every so many weeks"),
        needs=_l("Fill in every how many weeks."),
        unit=_l("weeks"),
        least=1,
        most=MOST_WEEKS,
    )
    until_on = LocalDate(
        _l("Up to and including"),
        needs=_l("Choose a last day."),
        earliest=date(2000, 1, 1),
        latest=date(2099, 12, 31),
    )
    action = HiddenText()
    form_id = FormId()
    looked_at = HiddenText()
    """The days that the page showed, as domain.series.looked."""

    @property
    def repeat(self) -> Repeat:
        """Of a form that was found complete."""
        return Repeat(self.every_weeks.data, self.until_on.data)

    def show(self, repeat: Repeat, turns: Sequence[Turn]) -> None:
        self.looked_at.data, self.looked_at.typed = looked(repeat, turns), None


@series_pages.route("/walks/<int:walk_id>/series", methods=["GET", "POST"])
def series(walk_id: int) -> Page:
    desk = service.open_desk(here.store(), here.coach(), walk_id, here.now())
    here.saw(desk.client.id)
    wanted = desk.wanted
    form = SeriesForm(
        data={
            "every_weeks": wanted.every_weeks,
            "until_on": wanted.until_on,
            "form_id": secrets.token_urlsafe(16),
        }
    )
    if not form.is_submitted():
        return _looked_at(desk, form, wanted)
    if not form.validate():
        return _page(desk, form), 422
    if form.action.data == "preview":
        return _looked_at(desk, form, form.repeat)
    made = service.make(
        here.store(), here.coach(), walk_id, form.repeat, here.now(), form.form_id.data, form.looked_at.data
    )
    if made.held:
        form.form_errors.append(
            _("A safety answer still waits for its step. Planning is on hold until then.")
        )
        return _page(desk, form), 422
    if made.differs:
        form.form_errors.append(_("The days have changed since you looked. These are the days now."))
        form.show(form.repeat, made.turns)
        return _page(desk, form, made.turns), 422
    if not made.made and not made.turns:
        form.refuse("until_on", _("No day falls before that date. Choose a later one."))
        return _page(desk, form), 422
    _tell(made)
    return redirect(url_for("series.series", walk_id=walk_id), 303)


def _looked_at(desk: SeriesDesk, form: SeriesForm, repeat: Repeat) -> str:
    turns = service.look(here.store(), here.coach(), desk.walk.id, repeat, here.now())
    form.show(repeat, turns)
    return _page(desk, form, turns)


def _tell(made: Made) -> None:
    """How many came, and which were left out: the coach need not have looked first."""
    if made.made:
        flash(ngettext("%(num)s walk was planned.", "%(num)s walks were planned.", made.made))
    else:
        flash(_("No walk was planned: every day was left out."), "note")
    if made.skipped:
        days = ", ".join(map(_left_out, made.skipped))
        flash(_("Left out: %(days)s.", days=days), "note")


def _left_out(turn: Turn) -> str:
    """vr 25 dec (feestdag)"""
    why = wording.word("skip", turn.skipped or "")
    return f"{words.day_short(turn.starts_local.date(), language.current(), here.today())} ({why[:1].lower()}{why[1:]})"


def _page(desk: SeriesDesk, form: SeriesForm, turns: tuple[Turn, ...] | None = None) -> str:
    """`turns` None: not looked for."""
    wants = form.is_submitted() or desk.ends
    return render_template(
        "walks/series.html", desk=desk, form=form, turns=turns, most=MOST_WALKS, wants=wants
    )
