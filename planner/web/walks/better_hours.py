"""Better hours inside the plan form. The page of better hours would take the coach away from what was typed; here the
hour is a button of the form, so that everything else in it stays."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.walks import OUTDOORS
from planner.domain.when import TimeDoesNotExist
from planner.services.planning import slot_desk
from planner.services.planning.plan_desk import Desk
from planner.services.planning.slot_desk import SlotLook
from planner.web import here
from planner.web.walks.forms import WalkForm

ASKED = "hours"
"""The button that asks for them."""


def found(desk: Desk, form: WalkForm) -> SlotLook | None:
    """For the plan as it stands in the form, when they were asked for."""
    if form.move.data != ASKED or form.chosen_setting != OUTDOORS:
        return None
    store, coach = here.store(), here.coach()
    walk_id = desk.walk.id if desk.walk else None
    hours = slot_desk.open_desk(
        store, coach, here.now(), client_id=desk.client.id, walk_id=walk_id, route_id=None
    )
    wish = slot_desk.wish(hours, form.chosen_minutes, form.chosen_route, form.starts_local)
    wish = replace(wish, setting=OUTDOORS)
    try:
        return slot_desk.look(store, coach, hours, wish)
    except TimeDoesNotExist:  # said beside the time already; other hours there are
        return slot_desk.look(store, coach, hours, replace(wish, starts_local=None))
