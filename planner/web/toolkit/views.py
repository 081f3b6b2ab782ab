"""The toolkit: looking for exercises, reading one, writing and changing them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.exercises import KINDS, WEATHER
from planner.services import fixed_texts
from planner.services.store import Conflict
from planner.services.toolkit import toolkit as kit
from planner.services.toolkit.toolkit import ToolkitExercise
from planner.web import here, language
from planner.web.toolkit.forms import FALLBACK, ExerciseForm, ToolkitFilterForm, filled, fresh

toolkit_pages = Blueprint("toolkit", __name__)
Page = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Exercises of one kind; "own" stands first."""

    code: str
    exercises: tuple[ToolkitExercise, ...]


@toolkit_pages.get("/toolkit/")
def index() -> Page:
    form, lang = ToolkitFilterForm(), language.current()
    asked, search = form.asked(), (form.search.data or "").casefold().split()
    every = kit.listing(here.store(), here.coach())
    hidden = request.args.get("hidden") == "1"
    found = [
        one
        for one in every
        if one.hidden == hidden
        and asked.takes(one.facts)
        and all(word in one.title(lang).casefold() for word in search)
    ]
    return render_template(
        "toolkit/index.html",
        filters=form,
        asks=asked.asks or bool(search),
        groups=_grouped(found),
        count=len(found),
        hidden=hidden,
        hidden_count=sum(one.hidden for one in every),
    )


@toolkit_pages.route("/toolkit/new", methods=["GET", "POST"])
def new() -> Page:
    form = ExerciseForm(data=fresh(secrets.token_urlsafe(16)))
    if not form.validate_on_submit():
        return _form_page(form, None), 422 if form.is_submitted() else 200
    command = form.command(language.current())
    made = kit.create(here.store(), here.coach(), command, here.now(), form.form_id.data)
    flash(_("The exercise is saved."))
    return redirect(url_for("toolkit.exercise", exercise_id=made), 303)


@toolkit_pages.route("/toolkit/<int:exercise_id>", methods=["GET", "POST"])
def exercise(exercise_id: int) -> Page:
    if request.method == "POST":
        return _edit(exercise_id)
    shown = kit.show(here.store(), here.coach(), exercise_id)
    stop_rule = fixed_texts.stop_rule(language.current())
    spoilers = [weather for weather in WEATHER if shown.facts.spoiled_by(weather)]
    return render_template("toolkit/exercise.html", one=shown, stop_rule=stop_rule, spoilers=spoilers)


@toolkit_pages.route("/toolkit/<int:exercise_id>/edit", methods=["GET", "POST"])
def edit(exercise_id: int) -> Page:
    return _edit(exercise_id)


def _edit(exercise_id: int) -> Page:
    lang = language.current()
    kept = kit.show(here.store(), here.coach(), exercise_id)
    form = ExerciseForm(data=filled(kept, lang))
    if not form.validate_on_submit():
        return _form_page(form, kept), 422 if form.is_submitted() else 200
    try:
        kit.edit(here.store(), here.coach(), exercise_id, form.command(lang, kept), here.now())
    except Conflict:
        form.version.data = form.version.typed = str(kept.version)
        return _form_page(form, kept, conflict=True), 409
    flash(_("The exercise is saved."))
    return redirect(url_for("toolkit.exercise", exercise_id=exercise_id), 303)


@toolkit_pages.post("/toolkit/<int:exercise_id>/hide")
def hide(exercise_id: int) -> Response:
    """Out of the lists, or with `hidden=0` back in."""
    hidden = request.form.get("hidden") != "0"
    kit.set_hidden(here.store(), here.coach(), exercise_id, hidden, here.now())
    flash(_("The exercise is hidden. Plans that hold it keep it.") if hidden else _("The exercise is back."))
    return redirect(url_for("toolkit.exercise", exercise_id=exercise_id), 303)


@toolkit_pages.post("/toolkit/<int:exercise_id>/shipped")
def shipped(exercise_id: int) -> Response:
    kit.back_to_shipped(here.store(), here.coach(), exercise_id, here.now())
    flash(_("The exercise has its first text again."))
    return redirect(url_for("toolkit.exercise", exercise_id=exercise_id), 303)


def _form_page(form: ExerciseForm, kept: ToolkitExercise | None, *, conflict: bool = False) -> str:
    other = FALLBACK[language.current()]
    return render_template("toolkit/form.html", form=form, kept=kept, other=other, conflict=conflict)


def _grouped(found: list[ToolkitExercise]) -> list[Group]:
    """Own exercises first, then by kind."""

    def place(one: ToolkitExercise) -> int:
        return -1 if one.is_own else KINDS.index(one.facts.kind)

    ordered = groupby(sorted(found, key=place), key=place)
    return [Group("own" if at < 0 else KINDS[at], tuple(group)) for at, group in ordered]
