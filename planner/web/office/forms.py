"""The form of whoever plans for a coach: when and where, and nothing of what happens in a walk."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l

from planner.domain.walks import CANCEL_REASONS, MAX_WALK_MINUTES, MIN_WALK_MINUTES, ONLINE
from planner.services.office import OfficeWalk, Spot, WhenAndWhere
from planner.services.walking_routes import RouteRow
from planner.web.forms import (
    Chips,
    Choice,
    FormId,
    HiddenText,
    LocalDate,
    LocalTime,
    Option,
    PlannerForm,
    TextLine,
    Tick,
    WebAddress,
    WholeNumber,
    as_id,
    as_version,
)
from planner.web.walks.forms import MOST_CLASHES
from planner.web.walks.plan_fields import Listed
from planner.web.wording import options


class OfficeForm(PlannerForm):
    """`clash_seen`: what the page named as in the way, which is what `keep_clash` agrees to."""

    date = LocalDate(
        _l("Day"), needs=_l("Choose a day."), earliest=date(2000, 1, 1), latest=date(2099, 12, 31)
    )
    time = LocalTime(_l("Time"), needs=_l("Choose a time."))
    keep_clash = Tick(_l("Keep both"))
    clash_seen = Listed("", most=MOST_CLASHES)
    minutes = WholeNumber(
        _l("How long"),
        needs=_l("Fill in how many minutes."),
        unit=_l("minutes"),
        least=MIN_WALK_MINUTES,
        most=MAX_WALK_MINUTES,
    )
    setting = Chips(
        _l("Where"), choices=options("setting"), needs=_l("Choose outdoors, indoors, online or by phone.")
    )
    route_id = Choice(_l("Route"), nothing=_l("No route, only a meeting point"))
    meeting_point = TextLine(_l("Meeting point in words"))
    video_url = WebAddress(_l("Link for the video call"))
    form_id = FormId()
    version = HiddenText()

    def offer(self, routes: Iterable[RouteRow]) -> None:
        self.route_id.choices = [Option(str(one.id), one.name) for one in routes]

    @property
    def starts_local(self) -> datetime | None:
        on, at = self.date.data, self.time.data
        return datetime.combine(on, at) if isinstance(on, date) and isinstance(at, time) else None

    def show_in_the_way(self, marks: frozenset[str]) -> None:
        """The page names these; to keep both agrees to them."""
        self.keep_clash.data, self.clash_seen.data = False, sorted(marks)

    def command(self, starts_local: datetime) -> WhenAndWhere:
        online = self.setting.data == ONLINE
        return WhenAndWhere(
            starts_local,
            self.minutes.data,
            self.setting.data,
            as_id(self.route_id.data),
            Spot(self.meeting_point.data, self.video_url.data if online else ""),
            self.keep_clash.data,
            frozenset(self.clash_seen.data),
            as_version(self.version.data),
        )


class CancelForm(PlannerForm):
    reason = Chips(
        _l("What is the reason?"),
        choices=options("cancel_reason_of_all", CANCEL_REASONS),
        needs=_l("Choose one of these."),
    )


def start_of_new(minutes: int) -> dict[str, Any]:
    return {"minutes": minutes, "setting": "outdoors", "form_id": secrets.token_urlsafe(16)}


def start_of_walk(walk: OfficeWalk) -> dict[str, Any]:
    return {
        "date": walk.starts_local.date(),
        "time": walk.starts_local.time(),
        "minutes": walk.minutes,
        "setting": walk.setting,
        "route_id": str(walk.route_id) if walk.route_id else None,
        "meeting_point": walk.spot.meeting_point,
        "video_url": walk.spot.video_url,
        "version": str(walk.version),
    }
