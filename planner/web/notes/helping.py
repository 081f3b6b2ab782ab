"""Buttons that put a text in the form and save nothing: a sentence the coach keeps, or what stood there last time."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from planner.domain.notes import NoteContent
from planner.services.notes.note_wishes import Sentence
from planner.web.forms import as_id
from planner.web.notes.forms import NoteForm, put_after

TAKEN_OVER = ("home_step", "next_focus", "parked_for_therapist")
"""What makes sense to say again."""
TAKE, INSERT, INTO = "take", "insert", "insert_into"
"""Names of the buttons, and of the list that says where a sentence goes."""


def offered(previous: NoteContent | None) -> list[tuple[str, str]]:
    """What can be taken over from last time: field and text."""
    if previous is None:
        return []
    return [(name, text) for name in TAKEN_OVER if (text := getattr(previous, name))]


def asks_part() -> set[str]:
    """The part a pressed button needs on the form."""
    return {"parked"} if request.form.get(TAKE) == "parked_for_therapist" else set()


def helped(form: NoteForm, sentences: Iterable[Sentence], previous: NoteContent | None) -> bool:
    """Do what such a button asks; False when none was pressed."""
    if TAKE not in request.form and INSERT not in request.form:
        return False
    name, text = request.form.get(TAKE, ""), dict(offered(previous)).get(request.form.get(TAKE, ""), "")
    if INSERT in request.form:
        name = request.form.get(INTO, "")
        kept = {one.id: one.text for one in sentences}
        text = kept.get(as_id(request.form[INSERT]) or 0, "")
    if text and name in form and getattr(form[name], "part", "") in ("area", "line"):
        form.put_in = name
        put_after(form[name], text)
    return True
