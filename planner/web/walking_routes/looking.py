"""What a coach asks of the library of routes. It all stands in the address, so that a question can be kept."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.geo import Point, coordinates
from planner.domain.practices import PracticeSettings
from planner.domain.route_filter import WISHES, RouteFilter
from planner.domain.routes import OPENNESS
from planner.services.people import practices
from planner.web import here
from planner.web.forms import Choice, ManyChips, PlannerField, QueryForm, TextLine
from planner.web.places import place_in
from planner.web.wording import options

NEAR_KM = (2, 5, 10, 20)


class SpotLine(PlannerField):
    """A place on the map as two numbers: 52.084, 5.172."""

    def read(self, text: str) -> Point:
        latitude, longitude = place_in(text) or (91.0, 0.0)
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValueError(_("Write latitude and longitude, such as 52.084, 5.172."))
        return Point(latitude, longitude)


class RouteFilterForm(QueryForm):
    search = TextLine(_l("Search by name or place"), max_length=80)
    minutes = Choice(
        _l("Walking time"),
        choices=[(number, _l("At most %(number)s minutes", number=number)) for number in (20, 30, 45, 60)],
        nothing=_l("Does not matter"),
    )
    environment = Choice(_l("Surroundings"), choices=options("environment"), nothing=_l("Does not matter"))
    openness = Choice(
        _l("Open or trees"), choices=options("openness", OPENNESS), nothing=_l("Does not matter")
    )
    within = Choice(
        _l("Near a place"),
        choices=[(number, _l("Within %(number)s km", number=number)) for number in NEAR_KM],
        nothing=_l("Does not matter"),
    )
    place = SpotLine(
        _l("Which place, in numbers"), hint=_l("Latitude and longitude. Left empty: your home point.")
    )
    wishes = ManyChips(_l("What matters?"), choices=options("route_wish", WISHES))

    def asked(self) -> RouteFilter:
        """What is asked; a choice that does not exist is no question, and neither is a place that is none."""
        self.validate()
        far = self.within.data if not self.place.errors else None
        return RouteFilter(
            search=self.search.data or "",
            environment=self.environment.data,
            minutes=self.minutes.data,
            openness=self.openness.data,
            wishes=tuple(self.wishes.data),
            near=(self.place.data or _home()) if far else None,
            within_m=far * 1000 if far else None,
        )

    def query(self) -> dict[str, Any]:
        """What is asked, as it stands in an address."""
        place = self.place.data
        found = {
            "search": self.search.data,
            "minutes": self.minutes.data,
            "environment": self.environment.data,
            "openness": self.openness.data,
            "within": self.within.data,
            "place": coordinates(place.latitude, place.longitude) if place else self.place.typed,
            "wishes": list(self.wishes.data),
        }
        return {name: value for name, value in found.items() if value}


def _home() -> Point:
    settings: PracticeSettings = practices.open_practice(here.store(), here.coach()).settings
    return Point(settings.home_latitude, settings.home_longitude)
