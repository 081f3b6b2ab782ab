"""Forms of loops: where one begins and how long it is; and two points to find the way between."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.geo import Point
from planner.domain.loops import LEAST_MINUTES, MOST_MINUTES, LoopWish
from planner.services.routes.walking_routes import RouteRow
from planner.web.clients.forms import FASTEST_KMH, SLOWEST_KMH
from planner.web.forms import Choice, DecimalNumber, FormId, HiddenText, Option, PlannerForm, WholeNumber
from planner.web.walking_routes.forms import DEGREES, PlaceForm

HOME = "home"
LONGEST_LOOP = 100_000
"""Letters of a loop on its way to the browser and back; one of three hours takes some tens of thousands."""


class LoopForm(PlaceForm):
    start = Choice(_l("Where does it begin?"), nothing=_l("At the place below"))
    minutes = WholeNumber(
        _l("How long do you walk?"),
        needs=_l("Fill in how many minutes."),
        unit=_l("minutes"),
        least=LEAST_MINUTES,
        most=MOST_MINUTES,
    )
    pace_kmh = DecimalNumber(
        _l("Pace"),
        needs=_l("Fill in the pace."),
        hint=_l("4 is an easy pace. 3 is slow."),
        unit=_l("km/h"),
        least=SLOWEST_KMH,
        most=FASTEST_KMH,
        digits=1,
    )

    def starts_at(self, home: Point, routes: tuple[RouteRow, ...]) -> None:
        """The places one can choose to begin at."""
        self._places = {HOME: home} | {
            str(route.id): Point(route.latitude, route.longitude)
            for route in routes
            if route.latitude is not None and route.longitude is not None and not route.archived
        }
        names = {str(route.id): route.name for route in routes}
        self.start.choices = [
            Option(HOME, _l("At your home point")),
            *(Option(one, names[one]) for one in self._places if one != HOME),
        ]

    def check(self) -> bool:
        fine = bool(self.validate())
        nowhere = self.latitude.data is None and not self.start.data
        if nowhere and not any(field.errors for field in (self.start, self.latitude, self.longitude)):
            self.refuse("start", _("Choose where the loop begins, or fill in a place below."))
            return False
        return fine

    def wish(self) -> LoopWish:
        """A place that was filled in counts before one that was chosen."""
        place = self._places.get(self.start.data or "")
        if self.latitude.data is not None and self.longitude.data is not None:
            place = Point(self.latitude.data, self.longitude.data)
        if place is None:
            raise LookupError("checked before")
        return LoopWish(place, self.minutes.data, self.pace_kmh.data)

    @property
    def place_open(self) -> bool:
        return any(field.shown or field.errors for field in (self.latitude, self.longitude))


class KeepForm(PlannerForm):
    """A proposed loop, as we signed it."""

    loop = HiddenText(max_length=LONGEST_LOOP)
    form_id = FormId()


class PathForm(PlannerForm):
    """Two points; asked by the map editor."""

    from_latitude = DecimalNumber("", needs="needed", least=-90, most=90, digits=DEGREES)
    from_longitude = DecimalNumber("", needs="needed", least=-180, most=180, digits=DEGREES)
    to_latitude = DecimalNumber("", needs="needed", least=-90, most=90, digits=DEGREES)
    to_longitude = DecimalNumber("", needs="needed", least=-180, most=180, digits=DEGREES)

    def points(self) -> tuple[Point, Point]:
        data: dict[str, Any] = self.data
        return (
            Point(data["from_latitude"], data["from_longitude"]),
            Point(data["to_latitude"], data["to_longitude"]),
        )
