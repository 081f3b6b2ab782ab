"""One client's notes read through: searched, and what returns in them; and what may be quoted of all clients."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, render_template

from planner.domain.notes import NoteContent
from planner.services.notes import note_files, note_quotes
from planner.web import here
from planner.web.forms import QueryForm, TextLine
from planner.web.wording import word

client_notes = Blueprint("client_notes", __name__)
Page = str | tuple[str, int]


class NoteSearch(QueryForm):
    q = TextLine("")


@client_notes.get("/clients/<int:client_id>/notes")
def search(client_id: int) -> Page:
    """The word that is looked for stands in the address only, and addresses are in no log."""
    form = NoteSearch()
    refused = not form.validate()
    sought = "" if refused else form.q.data
    found = note_files.search(here.store(), here.coach(), client_id, sought, _coded)
    here.saw(client_id)
    page = render_template("notes/search.html", form=form, found=found, sought=sought)
    return page, 422 if refused else 200


@client_notes.get("/clients/<int:client_id>/boundaries")
def boundaries(client_id: int) -> str:
    """Moments at a limit, and lines of saying no."""
    found = note_files.moments(here.store(), here.coach(), client_id)
    here.saw(client_id)
    return render_template("notes/boundaries.html", found=found)


@client_notes.get("/quotes")
def quotes() -> str:
    """What clients said that may be used without a name."""
    found = note_quotes.library(here.store(), here.coach())
    here.saw(*found.client_ids)
    return render_template("notes/quotes.html", quotes=found.texts)


def _coded(content: NoteContent) -> Iterator[str]:
    """What a note says in codes, in the words the coach reads."""
    for signal in (*content.body_before, *content.body_after):
        yield word("body_signal", signal)
    for one in content.lifestyle:
        yield word("lifestyle", one)
    if content.no_practice.setting:
        yield word("practice_setting", content.no_practice.setting)
