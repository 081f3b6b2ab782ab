"""Better hours for a walk: looked up, and opened in the plan form."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.domain.when import TimeDoesNotExist
from planner.services.clients import clients
from planner.services.planning import slot_desk
from planner.services.planning.slot_desk import SlotDesk, SlotLook
from planner.services.planning.slots import WalkWish
from planner.web import here
from planner.web.forms import as_id
from planner.web.slots.forms import SlotForm, slot_form

slot_pages = Blueprint("slots", __name__)
Page = str | Response | tuple[str, int]


@slot_pages.route("/slots", methods=["GET", "POST"])
def slots() -> Page:
    """Looking changes nothing; the button sends the same address with POST, to have the weather fetched."""
    client = as_id(request.args.get("client"))
    walk = as_id(request.args.get("walk"))
    route = as_id(request.args.get("route"))
    if client is None and walk is None:
        rows = clients.listing(here.store(), here.coach())
        page = render_template("walks/choose.html", rows=rows, on=None, at=None, target="/slots")
        return page, 200 if request.method == "GET" else 422
    desk = slot_desk.open_desk(
        here.store(), here.coach(), here.now(), client_id=client, walk_id=walk, route_id=route
    )
    here.saw(desk.client.id)
    form = slot_form(desk)
    if not form.validate():
        return _page(desk, form, None), 422
    wish = _wish(desk, form)
    if request.method == "POST":
        slot_desk.ask_weather(here.store(), here.coach(), desk, wish)
        return redirect(_address(), 303)
    try:
        look = slot_desk.look(here.store(), here.coach(), desk, wish)
    except TimeDoesNotExist:
        form.refuse("time", _("This time does not exist: that night the clock goes one hour forward."))
        return _page(desk, form, None), 422
    return _page(desk, form, look)


def _address() -> str:
    """The same page again."""
    return f"/slots?{urlencode(list(request.args.items(multi=True)))}"


def _wish(desk: SlotDesk, form: SlotForm) -> WalkWish:
    on = form.date.data
    day_only = on is not None and form.time.data is None
    starts = datetime.combine(on, desk.usual_time) if day_only else form.starts_local
    return slot_desk.wish(desk, form.minutes.data, form.route.data, starts, whole_day=day_only)


def _page(desk: SlotDesk, form: SlotForm, look: SlotLook | None) -> str:
    slots = look.answer.proposal.slots if look else ()
    return render_template(
        "slots/slots.html",
        desk=desk,
        form=form,
        look=look,
        again=_address(),
        plans={slot.start.local: plan_address(desk, form, slot.start.local) for slot in slots},
    )


def plan_address(desk: SlotDesk, form: SlotForm, starts_local: datetime) -> str:
    """The plan form with this day and time, and with what was asked."""
    at: dict[str, Any] = {"date": f"{starts_local:%Y-%m-%d}", "time": f"{starts_local:%H:%M}"}
    at["minutes"] = form.minutes.data
    if desk.setting == "outdoors":
        at["route"] = form.route.data or ""
    if desk.walk is not None:
        return url_for("walks.edit", walk_id=desk.walk.id, **at)
    return url_for("walks.new", client=desk.client.id, **at)
