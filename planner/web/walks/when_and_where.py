"""When and where a walk is: the fields that the form of the coach and the form of the office both have."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l

from planner.domain.walks import AT_A_DISTANCE, MAX_WALK_MINUTES, MIN_WALK_MINUTES, ONLINE, OUTDOORS, SETTINGS
from planner.web.forms import (
    Chips,
    Choice,
    FormId,
    HiddenText,
    LocalDate,
    LocalTime,
    PlannerForm,
    TextLine,
    Tick,
    WebAddress,
    WholeNumber,
)
from planner.web.walks.plan_fields import Listed
from planner.web.wording import options

MOST_CLASHES = 500
"""More than a whole series can meet."""


class WhenForm(PlannerForm):
    """`clash_seen`: what the page named as in the way, which is what `keep_clash` agrees to."""

    date = LocalDate(
        _l("Day"), needs=_l("Choose a day."), earliest=date(2000, 1, 1), latest=date(2099, 12, 31)
    )
    time = LocalTime(_l("Time"), needs=_l("Choose a time."))
    keep_clash = Tick(_l("Keep both"))
    clash_seen = Listed("", most=MOST_CLASHES)

    def show_in_the_way(self, marks: frozenset[str]) -> None:
        """The page names these. To keep both was about what it named before: for anything else it is asked again."""
        if not self.keep_clash.data or not marks <= set(self.clash_seen.data):
            self.keep_clash.data, self.clash_seen.data = False, sorted(marks)

    @property
    def starts_local(self) -> datetime | None:
        on, at = self.date.data, self.time.data
        return datetime.combine(on, at) if isinstance(on, date) and isinstance(at, time) else None


class WhenAndWhereForm(WhenForm):
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

    @property
    def chosen_setting(self) -> str:
        return self.setting.data if self.setting.data in SETTINGS else OUTDOORS

    @property
    def chosen_route(self) -> int | None:
        value = self.route_id.data
        return value if isinstance(value, int) and self.chosen_setting == OUTDOORS else None

    @property
    def chosen_meeting_point(self) -> str:
        """Only where people meet. Of a form that was found complete."""
        return "" if self.setting.data in AT_A_DISTANCE else str(self.meeting_point.data)

    @property
    def chosen_video_url(self) -> str:
        """Only where it is used. Of a form that was found complete."""
        return str(self.video_url.data) if self.setting.data == ONLINE else ""

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        fine = bool(super().validate(*args, **kwargs))
        if self.chosen_setting != ONLINE and self.video_url.errors:
            self.video_url.errors, self.video_url.data = [], ""  # it is not kept for this setting
            fine = not self.errors
        return fine
