"""What may be asked of better hours, in the address."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l

from planner.domain.walks import MAX_WALK_MINUTES, MIN_WALK_MINUTES
from planner.services.planning.slot_desk import SlotDesk
from planner.web.forms import Choice, HiddenText, LocalDate, LocalTime, QueryForm, WholeNumber


class SlotForm(QueryForm):
    """`client` for a new walk, or `walk` for another hour of one that is planned. A day without a time: about that
    day."""

    client = HiddenText()
    walk = HiddenText()
    minutes = WholeNumber(
        _l("How long"),
        needs=_l("Fill in how many minutes."),
        unit=_l("minutes"),
        least=MIN_WALK_MINUTES,
        most=MAX_WALK_MINUTES,
    )
    route = Choice(_l("Route"), nothing=_l("No route, only a meeting point"))
    date = LocalDate(_l("Day"), earliest=date(2000, 1, 1), latest=date(2099, 12, 31))
    time = LocalTime(_l("Time"))

    @property
    def starts_local(self) -> datetime | None:
        on, at = self.date.data, self.time.data
        return datetime.combine(on, at) if isinstance(on, date) and isinstance(at, time) else None


def slot_form(desk: SlotDesk) -> SlotForm:
    """Opens as the walk is, or as last time; what the address says goes first."""
    form = SlotForm(data=_filled(desk))
    form.route.choices = [(row.id, row.name) for row in desk.routes]
    return form


def _filled(desk: SlotDesk) -> dict[str, Any]:
    walk = desk.walk
    when = {"date": walk.starts_local.date(), "time": walk.starts_local.time()} if walk else {}
    who = {"walk": str(walk.id)} if walk else {"client": str(desk.client.id)}
    return {**who, **when, "minutes": desk.minutes, "route": desk.route_id}
