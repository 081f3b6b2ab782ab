"""What is sent from the map where a route is drawn, and what is done to a whole line without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.geo import Segments
from planner.domain.line_edits import LINE_CHANGES, closed, reversed_line, shortened, split_at
from planner.domain.routes import RouteTexts
from planner.services.routes.drawn_routes import Sent
from planner.web.forms import (
    Choice,
    FormId,
    HiddenText,
    PlannerForm,
    TextArea,
    TextLine,
    WholeNumber,
    as_version,
)
from planner.web.wording import options

MOST_CHARACTERS = 4_000_000
MOST_METRES = 100_000


class DrawForm(PlannerForm):
    """`line`: what was drawn, as GeoJSON (formats/drawn.py)."""

    line = HiddenText(max_length=MOST_CHARACTERS)
    version = HiddenText()
    form_id = FormId()

    @property
    def sent(self) -> Sent:
        return Sent(as_version(self.version.data), self.form_id.data)


class DrawNewForm(DrawForm):
    name = TextLine(_l("Name"), max_length=100, needs=_l("Give the route a name."))
    meeting_point = TextArea(
        _l("Meeting point in words"),
        hint=_l("A public place, so clear that a stranger finds it. Not somebody’s home."),
        max_length=500,
        rows=2,
    )

    @property
    def texts(self) -> RouteTexts:
        return RouteTexts(self.name.data or "", self.meeting_point.data or "")


class WholeLineForm(PlannerForm):
    change = Choice(
        _l("What changes?"), choices=options("line_change", LINE_CHANGES), needs=_l("Choose what changes.")
    )
    from_start_m = WholeNumber(_l("Off the start"), unit=_l("metres"), least=0, most=MOST_METRES)
    from_end_m = WholeNumber(_l("Off the end"), unit=_l("metres"), least=0, most=MOST_METRES)
    at_m = WholeNumber(_l("Cut so far from the start"), unit=_l("metres"), least=0, most=MOST_METRES)
    version = HiddenText()

    def validate(self, extra_validators: Any = None) -> bool:
        fine: bool = super().validate(extra_validators)
        if fine and self.change.data == "shorten" and not (self.from_start_m.data or self.from_end_m.data):
            self.refuse("from_start_m", _("Say how many metres."))
            return False
        if fine and self.change.data == "split" and not self.at_m.data:
            self.refuse("at_m", _("Say how many metres."))
            return False
        return fine

    @property
    def done(self) -> Callable[[Segments], Segments]:
        """What was chosen, to be done to a line."""

        def part(line: Segments) -> Segments:
            before, after = split_at(line, self.at_m.data or 0)
            return (*before, *after)

        def shorten(line: Segments) -> Segments:
            return shortened(line, self.from_start_m.data or 0, self.from_end_m.data or 0)

        changes = {"reverse": reversed_line, "close": closed, "shorten": shorten, "split": part}
        return changes[self.change.data]

    @property
    def sent(self) -> Sent:
        return Sent(as_version(self.version.data))
