"""How the coach wants the note: which parts it asks, and sentences that are written often."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner.services.notes import note_wishes
from planner.services.notes.note_wishes import MOST_SENTENCES
from planner.web import here
from planner.web.forms import FormId, ManyChips, PlannerForm, TextArea
from planner.web.wording import options

note_settings = Blueprint("note_settings", __name__, url_prefix="/settings/notes")
Page = str | Response | tuple[str, int]


class PartsChoice(PlannerForm):
    note_parts = ManyChips(_l("What the note asks"), choices=options("note_part"))


class SentenceForm(PlannerForm):
    text = TextArea(_l("A sentence you often write"), needs=_l("Write a sentence."), rows=2, max_length=500)
    form_id = FormId()


@note_settings.route("", methods=["GET", "POST"])
def choose() -> Page:
    kept = note_wishes.of_coach(here.store(), here.coach())
    form = PartsChoice(data={"note_parts": kept.parts})
    if form.validate_on_submit():
        note_wishes.choose_parts(here.store(), here.coach(), form.note_parts.data, here.now())
        flash(_("Saved."))
        return redirect(url_for("note_settings.choose"), 303)
    return _page(form, _new_sentence()), 422 if form.is_submitted() else 200


@note_settings.post("/sentences")
def add() -> Page:
    form = SentenceForm()
    if form.validate_on_submit():
        try:
            note_wishes.add_sentence(
                here.store(), here.coach(), form.text.data, here.now(), form.form_id.data
            )
        except note_wishes.TooManySentences:
            form.refuse(
                "text",
                _("There are already %(number)s sentences. Remove one first.", number=MOST_SENTENCES),
            )
        else:
            flash(_("Saved."))
            return redirect(url_for("note_settings.choose", _anchor="sentences"), 303)
    kept = note_wishes.of_coach(here.store(), here.coach())
    return _page(PartsChoice(formdata=None, data={"note_parts": kept.parts}), form), 422


@note_settings.post("/sentences/<int:sentence_id>/remove")
def remove(sentence_id: int) -> Page:
    note_wishes.remove_sentence(here.store(), here.coach(), sentence_id, here.now())
    flash(_("Taken out."))
    return redirect(url_for("note_settings.choose", _anchor="sentences"), 303)


def _new_sentence() -> SentenceForm:
    return SentenceForm(formdata=None, data={"form_id": secrets.token_urlsafe(16)})


def _page(form: PartsChoice, sentence: SentenceForm) -> str:
    kept = note_wishes.of_coach(here.store(), here.coach())
    return render_template("settings/notes.html", form=form, sentence=sentence, kept=kept)
