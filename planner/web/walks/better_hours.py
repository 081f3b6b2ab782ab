"""Better hours inside the plan form. The page of better hours would take the coach away from what was typed; here the
hour is a button of the form, so that everything else in it stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from flask import request

from planner.domain.walks import OUTDOORS
from planner.domain.when import TimeDoesNotExist
from planner.services.planning import slot_desk
from planner.services.planning.plan_desk import Desk
from planner.services.planning.slot_desk import SlotDesk, SlotLook
from planner.services.planning.slots import WalkWish
from planner.web import here
from planner.web.walks.forms import WalkForm

ASKED = "hours"
"""The button that asks for them."""
SHOWN = "hours_shown"
"""Stands in the form while they are there: a look at the weather, which the page takes by itself, keeps them."""


def found(desk: Desk, form: WalkForm) -> SlotLook | None:
    """For the plan as it stands in the form, when they were asked for."""
    stays = form.action.data == "preview" and SHOWN in request.form
    if form.chosen_setting != OUTDOORS or not (form.move.data == ASKED or stays):
        return None
    store, coach = here.store(), here.coach()
    walk_id = desk.walk.id if desk.walk else None
    hours = slot_desk.open_desk(
        store, coach, here.now(), client_id=desk.client.id, walk_id=walk_id, route_id=None
    )
    try:
        return slot_desk.look(store, coach, hours, _wish(hours, form, form.starts_local))
    except TimeDoesNotExist:  # said beside the time already; other hours there are
        return slot_desk.look(store, coach, hours, _wish(hours, form, None))


def _wish(hours: SlotDesk, form: WalkForm, starts_local: datetime | None) -> WalkWish:
    """Without a time: an hour of that day, or of any."""
    on = form.date.data if isinstance(form.date.data, date) and starts_local is None else None
    starts_local = datetime.combine(on, hours.usual_time) if on else starts_local
    asked = slot_desk.wish(
        hours, form.chosen_minutes, form.chosen_route, starts_local, whole_day=on is not None
    )
    return replace(asked, setting=OUTDOORS)
