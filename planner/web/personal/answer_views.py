"""What a client answers: whether they come, how long, how the week was, and afterwards how the walk was."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, g, make_response, redirect, render_template, request
from flask_babel import gettext as _

from planner.services.clients import client_answers
from planner.services.clients.client_answers import NotAsked, WalkIsOther
from planner.services.store import DatabaseBusy, NotFound
from planner.services.walks.walk_lengths import NotPossible
from planner.web import here
from planner.web.personal.forms import AnswerForm, CheckInForm, PersonalForm, SignsForm
from planner.web.personal.views import chosen_language, personal, walks_page

__all__ = ["personal"]


@personal.post("/walks/<int:walk_id>/answer")
def answer(walk_id: int) -> Response:
    form = AnswerForm()
    return _keep(
        form,
        "answer",
        walk_id,
        lambda: client_answers.say(here.store(), g.opened, walk_id, form.said, here.now()),
    )


@personal.post("/walks/<int:walk_id>/check-in")
def check_in(walk_id: int) -> Response:
    form = CheckInForm()
    return _keep(
        form,
        "energy_week",
        walk_id,
        lambda: client_answers.check_in(here.store(), g.opened, walk_id, form.given, here.now()),
        "#sent",
    )


@personal.post("/walks/<int:walk_id>/signs")
def signs(walk_id: int) -> Response:
    form = SignsForm()
    return _keep(
        form,
        "energised",
        walk_id,
        lambda: client_answers.signs(here.store(), g.opened, walk_id, form.given, here.now()),
    )


def _keep(
    form: PersonalForm, field: str, walk_id: int, deed: Callable[[], None], thanks: str = ""
) -> Response:
    """Do it and go back to the page, which says what was answered; or say kindly why nothing was kept. `field`: where
    the sentence stands when this is not asked. `thanks`: where the page says that it came."""
    if not form.validate():
        return make_response(walks_page(form), 422)
    try:
        deed()
    except NotAsked:
        form.refuse(field, _("This is not asked now. Nothing changed."))
        return make_response(walks_page(form), 422)
    except NotPossible:
        form.refuse(field, _("That does not fit in the day of your coach. Nothing changed."))
        return make_response(walks_page(form), 422)
    except WalkIsOther as other:
        return _page("other", 409, state=other.state)
    return make_response(redirect(f"{g.opened.path}{chosen_language()}{thanks or _place(walk_id)}", 303))


def _place(walk_id: int) -> str:
    """A later walk stands in a fold: to go there opens it, so that what was answered is seen."""
    return f"#walk-{walk_id}" if "later" in request.args else ""


@personal.errorhandler(NotFound)
def not_here(_error: NotFound) -> Response:
    return _page("not_here", 404)


@personal.errorhandler(DatabaseBusy)
def busy(_error: DatabaseBusy) -> Response:
    """The same again is one press; no cookie for it, as the coach's pages have."""
    typed = [(name, value) for name, values in request.form.lists() for value in values]
    return _page("busy", 503, typed=typed, again=request.method == "POST")


def _page(name: str, status: int, **given: object) -> Response:
    back = f"{g.opened.path}{chosen_language()}"
    return make_response(render_template(f"personal/{name}.html", back=back, **given), status)
