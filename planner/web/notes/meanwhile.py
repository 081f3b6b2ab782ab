"""A note that another form saved meanwhile: how the two texts differ, and what of the other is taken over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from planner.domain.differences import Piece, pieces
from planner.web.choices import Tick
from planner.web.clients.forms import said
from planner.web.fields import PlannerField
from planner.web.notes.forms import NoteForm

NOTHING_SAID = "–"
TAKE_SAVED, ALL = "take_saved", "all"
"""The button that takes a field from what is saved, and its value for every field."""
NOT_COMPARED = frozenset(
    {
        "version",
        "form_id",
        "planned_step",
        "draft_at",
        "seen_status",
        "shut",
        "undo_cancel",
        "consent_health",
        "close",
        "parts",
    }
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says something else here than what is saved. `pieces`: from what is saved to what was typed."""

    name: str
    label: str
    pieces: tuple[Piece, ...]


def differences(form: NoteForm, saved: NoteForm, titles: Mapping[int, str]) -> list[Difference]:
    """Where both sides say something, and not the same; in the order of the form. `titles`: of exercises, for a tool
    that is one."""

    def words(of: NoteForm, name: str) -> str:
        text = said(of[name])
        tool = name == "tool_for_today" and text.isdecimal()
        text = titles.get(int(text), text) if tool else text
        return "" if text == NOTHING_SAID else text

    compared = [one for one in form if hasattr(one, "words") and one.name not in NOT_COMPARED]
    return [
        Difference(one.name, str(one.words), pieces(words(saved, one.name), words(form, one.name)))
        for one in compared
        if one.name in saved
        and words(saved, one.name) != words(form, one.name)
        and (words(saved, one.name) or isinstance(one, Tick))
    ]


def filled_in(form: NoteForm, saved: NoteForm) -> list[str]:
    """An empty field does not beat a filled one: take what is saved where nothing was typed, and give the names of
    those fields in words. A tick says something either way, so it is asked."""
    empty = [
        one
        for one in form
        if hasattr(one, "words") and one.name in saved and one.name not in NOT_COMPARED
        if not isinstance(one, Tick) and said(one) == NOTHING_SAID != said(saved[one.name])
    ]
    for one in empty:
        _take(one, saved)
    return [str(one.words) for one in empty]


def asked() -> bool:
    """Whether a button was pressed that takes something over."""
    return TAKE_SAVED in request.form


def take(form: NoteForm, saved: NoteForm) -> None:
    """Put what is saved in the field whose button was pressed, or in all; saves nothing."""
    name = request.form[TAKE_SAVED]
    for one in form:
        if one.name in saved and one.name not in NOT_COMPARED and name in (one.name, ALL):
            _take(one, saved)


def _take(field: PlannerField, saved: NoteForm) -> None:
    field.typed = None
    field.process_data(saved[field.name].data)
