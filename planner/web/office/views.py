"""The pages of the office: the clients of all coaches with how to reach them, and when and where they walk."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.when import TimeDoesNotExist
from planner.services.store import Conflict
from planner.services.walks import office as service
from planner.services.walks.office import OfficeClient, OfficeWalk, WhenAndWhere
from planner.services.walks.walks import PlannedAlready, PlanResult
from planner.web import here
from planner.web.clients.forms import SearchForm
from planner.web.office.forms import CancelForm, OfficeForm, start_of_new, start_of_walk
from planner.web.walks import clashes

office_pages = Blueprint("office", __name__, url_prefix="/office")
Page = str | Response | tuple[str, int]


@office_pages.get("/clients")
def clients() -> str:
    form = SearchForm()
    search = form.q.data if form.validate() else ""
    found = service.listing(here.store(), here.coach(), search)
    return render_template("office/clients.html", form=form, found=found, search=search)


@office_pages.get("/clients/<int:client_id>")
def client(client_id: int) -> str:
    page = service.page(here.store(), here.coach(), client_id, here.now())
    _saw(page.client)
    return render_template("office/client.html", page=page, client=page.client)


@office_pages.route("/clients/<int:client_id>/plan", methods=["GET", "POST"])
def plan(client_id: int) -> Page:
    page = service.page(here.store(), here.coach(), client_id, here.now())
    form = OfficeForm(data=start_of_new(service.default_minutes(here.store(), here.coach())))

    def save(wanted: WhenAndWhere) -> PlanResult:
        return service.plan(here.store(), here.coach(), page.client, wanted, here.now(), form.form_id.data)

    return _answer(page.client, form, save)


@office_pages.route("/walks/<int:walk_id>", methods=["GET", "POST"])
def walk(walk_id: int) -> Page:
    one = service.open_one(here.store(), here.coach(), walk_id)
    form = OfficeForm(data=start_of_walk(one))
    return _answer(
        one.client,
        form,
        lambda wanted: service.move(here.store(), here.coach(), one, wanted, here.now()),
        one,
    )


@office_pages.post("/walks/<int:walk_id>/cancel")
def cancel(walk_id: int) -> Page:
    one = service.open_one(here.store(), here.coach(), walk_id)
    form = CancelForm()
    if not form.validate_on_submit():
        start = OfficeForm(formdata=None, data=start_of_walk(one))
        return _page(one.client, start, one, cancelling=form), 422
    service.cancel(here.store(), here.coach(), one, form.reason.data, here.now())
    flash(_("The walk is cancelled."))
    return redirect(url_for("office.walk", walk_id=walk_id), 303)


def _answer(
    client: OfficeClient,
    form: OfficeForm,
    save: Callable[[WhenAndWhere], PlanResult],
    walk: OfficeWalk | None = None,
) -> Page:
    _saw(client)
    form.offer(service.routes(here.store(), here.coach()))
    if not form.is_submitted():
        return _page(client, form, walk)
    if not form.validate() or form.starts_local is None:
        return _page(client, form, walk), 422
    try:
        result = save(form.command(form.starts_local))
    except TimeDoesNotExist:
        form.refuse("time", _("This time does not exist: that night the clock goes one hour forward."))
        return _page(client, form, walk), 422
    except Conflict:
        form.form_errors.append(_("This walk was changed meanwhile. Look at it again."))
        return _page(client, form, walk), 409
    except PlannedAlready as planned:
        walk = service.open_one(here.store(), here.coach(), planned.walk_id)
        form.version.data = form.version.typed = str(walk.version)
        form.form_errors.append(_("This walk was changed meanwhile. Look at it again."))
        return _page(client, form, walk), 409
    if result.walk_id is None:
        return _refused(client, form, result, walk), 422
    flash(_("Saved."))
    return redirect(url_for("office.walk", walk_id=result.walk_id), 303)


def _refused(client: OfficeClient, form: OfficeForm, result: PlanResult, walk: OfficeWalk | None) -> str:
    """What holds planning is between coach and client: the office only hears that it waits."""
    if result.held:
        form.form_errors.append(_("Planning waits. Ask %(coach)s.", coach=client.coach))
    for sentence in clashes.sentences(result.way, form.date.data, client.coach):
        form.refuse("time", sentence)
    form.show_in_the_way(result.way.marks)
    return _page(client, form, walk, clash=bool(result.way))


def _page(
    client: OfficeClient,
    form: OfficeForm,
    walk: OfficeWalk | None,
    *,
    clash: bool = False,
    cancelling: CancelForm | None = None,
) -> str:
    if not form.route_id.choices:
        form.offer(service.routes(here.store(), here.coach()))
    return render_template(
        "office/walk.html",
        client=client,
        form=form,
        walk=walk,
        clash=clash,
        cancelling=cancelling or CancelForm(formdata=None),
    )


def _saw(client: OfficeClient) -> None:
    store, who, moment = here.store(), here.coach(), here.now()
    here.afterwards(lambda: service.saw(store, who, client, moment))
