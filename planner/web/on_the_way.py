"""The sheet of a walk and its note as they may be kept on a telephone, to open without a network.

What is kept there is plain text to whoever has the telephone: so it holds nothing of the client's past, and nothing
about health. The worker (templates/walks/worker.js) keeps an answer only for as long as its header says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from flask import Response, jsonify, redirect, request
from flask_babel import gettext as _

from planner.domain.answers import AnswerContent
from planner.domain.walks import CANCELLED
from planner.services.notes.note_pages import NotePage
from planner.services.toolkit.toolkit import ToolkitExercise
from planner.services.walks.walk_rows import WalkRow
from planner.web import device, here

COPY = "X-Planner-Copy"
"""On an answer: for how many seconds a copy of it may be kept; 0 ends the copy there is. Without it: neither."""
FETCHED = "X-Planner-Fetch"
"""On a request: the page's own script asks, and goes where the answer says by itself."""
ABOUT_HEALTH = frozenset({"air", "grass_pollen", "birch_pollen"})
"""Reasons of the weather that are only given for somebody whom they touch."""
KEPT_AFTER = timedelta(days=1)
"""After the end of the walk."""


def asked() -> bool:
    """Whether this is the note as it is written on the way."""
    return "on_the_way" in request.args


def seconds_kept(walk: WalkRow) -> int:
    """Until the note is written, and a day after the walk at the latest; nothing of a walk that is off."""
    if walk.has_note or walk.status == CANCELLED or not device.current().keeps:
        return 0
    return max(0, int((walk.ends_at + KEPT_AFTER - here.now()).total_seconds()))


def may_be_kept(answer: Response, walk: WalkRow) -> Response:
    answer.headers[COPY] = str(seconds_kept(walk))
    return answer


def without_the_past(page: NotePage) -> NotePage:
    """The note's page with nothing on it but the plan."""
    return replace(
        page,
        note=None,
        done=tuple(neutral(page.done)),
        previous_step=None,
        previous=None,
        said=AnswerContent(),
        said_off=None,
        wishes=replace(page.wishes, sentences=()),
        addenda=(),
    )


def neutral(exercises: Iterable[ToolkitExercise]) -> Iterable[ToolkitExercise]:
    """Exercises without a title or a step for home that says something about health."""
    known = list(exercises)
    hidden = [one.id for one in known if one.facts.sensitive_title]
    for one in known:
        if one.facts.sensitive_title:
            word = _("Exercise") if len(hidden) == 1 else f"{_('Exercise')} {hidden.index(one.id) + 1}"
            texts = replace(one.texts, title_nl=word, title_en=word, homework_nl="", homework_en="")
            yield replace(one, texts=texts)
        else:
            yield one


def gone_to(address: str) -> Response:
    """After it was saved: the next page, or where it is for a script that sent the form."""
    if FETCHED in request.headers:
        return jsonify(to=address)
    return redirect(address, 303)  # type: ignore[return-value]
