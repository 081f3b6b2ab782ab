"""Forms of routes: writing one, and the places on it."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.domain.clients import ACCESSIBILITY
from planner.domain.practices import MAX_AROUND_MINUTES
from planner.domain.routes import (
    BUS,
    CYCLISTS,
    DAY_PARTS,
    DAYS,
    DOGS,
    OPENNESS,
    RECEPTION,
    ROUTE_TAGS,
    SOUNDS,
    RouteFacts,
    RouteTexts,
    WaypointTexts,
)
from planner.domain.timing import DEFAULT_PACE_KMH
from planner.domain.waypoints import KINDS
from planner.services.routes.route_changes import WriteRoute
from planner.services.routes.route_points import WritePoint
from planner.services.routes.walking_routes import OpenRoute, RoutePoint
from planner.web.forms import (
    Chips,
    Choice,
    DecimalNumber,
    FormId,
    GpxFile,
    HiddenText,
    ManyChips,
    Option,
    PlannerForm,
    QueryForm,
    TextArea,
    TextLine,
    Tick,
    WholeNumber,
)
from planner.web.places import place_in
from planner.web.wording import options
from planner.web.words import language, number

PACES_KMH = (2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
DEGREES = 7
MOST_KM = 100
FACTS = (
    "surface", "openness", "quietness", "privacy_level", "greenness", "noise", "shelter", "parking", "bus", "dogs",
    "cyclists", "reception", "minutes_before", "minutes_after",
)  # fmt: skip
MANY = ("environment_tags", "quiet_days", "quiet_parts", "sounds", "accessibility")


class PaceForm(QueryForm):
    """Another pace to work out the walking time with."""

    pace = Choice(_l("Pace"), choices=[], needs=_l("Choose one of these."))

    def __init__(self) -> None:
        super().__init__(data={"pace": DEFAULT_PACE_KMH})
        self.pace.choices = [
            Option(pace, _("%(pace)s km an hour", pace=number(pace, language()))) for pace in PACES_KMH
        ]

    def chosen(self) -> float:
        """One that does not exist is the usual one."""
        return float(self.pace.data) if self.validate() else DEFAULT_PACE_KMH


class PlaceForm(PlannerForm):
    """What says where: a latitude and a longitude, or neither. Both pasted in one field, or a link of a
    map app, are taken apart."""

    latitude = DecimalNumber(_l("Latitude"), least=-90, most=90, digits=DEGREES)
    longitude = DecimalNumber(_l("Longitude"), least=-180, most=180, digits=DEGREES)

    def validate(self, extra_validators: Any = None) -> bool:
        self._take_apart()
        fine: bool = super().validate(extra_validators)
        latitude, longitude = self.latitude, self.longitude
        for one, other in ((latitude, longitude), (longitude, latitude)):
            if one.data is None and other.data is not None and not one.errors:
                self.refuse(one.name, _("Fill in both numbers, or neither."))
                return False
        return fine

    def _take_apart(self) -> None:
        place = place_in(self.latitude.typed or "")
        if place is None or self.longitude.typed:
            return
        for field, degrees in zip((self.latitude, self.longitude), place, strict=True):
            field.process_errors = []
            field.typed = None
            try:
                field.data = field.read(f"{degrees:.{DEGREES}f}")
            except ValueError as error:
                field.process_errors = [str(error)]


class RouteForm(PlaceForm):
    name = TextLine(_l("Name"), hint=_l("Left empty: the name in the GPX file."), max_length=100)
    gpx = GpxFile(
        _l("GPX file"), hint=_l("From a walking app or website, at most 5 MB. GeoJSON is fine too.")
    )
    meeting_point = TextArea(
        _l("Meeting point in words"),
        hint=_l("A public place, so clear that a stranger finds it. Not somebody’s home."),
        max_length=500,
        rows=2,
    )
    nearest_road = TextLine(
        _l("Nearest road, for an emergency call"),
        hint=_l("Its name and the town, as you would say it to 112."),
        max_length=200,
    )
    distance_km = DecimalNumber(
        _l("Length, if you know it"), unit=_l("km"), least=0.1, most=MOST_KM, digits=1
    )
    is_loop = Tick(_l("You end where you started"))
    environment_tags = ManyChips(_l("Surroundings"), choices=options("environment", ROUTE_TAGS))
    openness = Chips(_l("Open or trees"), choices=options("openness", OPENNESS))
    surface = Chips(_l("Surface"), choices=options("surface"))
    quietness = Chips(_l("How quiet is it?"), choices=options("quietness"))
    privacy_level = Chips(_l("Can others hear you talk?"), choices=options("privacy_level"))
    quiet_days = ManyChips(_l("Quiet on these days"), choices=options("day", DAYS))
    quiet_parts = ManyChips(_l("Quiet at these times"), choices=options("day_part", DAY_PARTS))
    greenness = Chips(_l("How green is it?"), choices=options("greenness"))
    noise = Chips(_l("Noise of traffic"), choices=options("noise"))
    sounds = ManyChips(_l("What else do you hear?"), choices=options("sound", SOUNDS))
    shelter = Chips(_l("Shelter from rain"), choices=options("shelter"))
    parking = Chips(_l("Parking"), choices=options("parking"))
    bus = Chips(_l("Bus or train"), choices=options("bus", BUS))
    dogs = Chips(_l("Dogs"), choices=options("dogs", DOGS))
    cyclists = Chips(_l("Cyclists"), choices=options("cyclists", CYCLISTS))
    reception = Chips(_l("Phone reception"), choices=options("reception", RECEPTION))
    accessibility = ManyChips(_l("Easy to walk?"), choices=options("accessibility", ACCESSIBILITY))
    trusted = Tick(
        _l("A familiar route"), hint=_l("Walking it again and again is on purpose. You get no hint about it.")
    )
    minutes_before = WholeNumber(
        _l("Before a walk here"),
        hint=_l("To travel and to breathe. Left empty: as in your settings."),
        unit=_l("minutes"),
        least=0,
        most=MAX_AROUND_MINUTES,
    )
    minutes_after = WholeNumber(_l("After a walk here"), unit=_l("minutes"), least=0, most=MAX_AROUND_MINUTES)
    notes = TextArea(_l("Notes for yourself"), hint=_l("Clients never see these."), max_length=4000)
    version = HiddenText()
    form_id = FormId()

    def check(self, kept: OpenRoute | None = None) -> bool:
        """Whether there is enough to keep: a name, and a line or a meeting point."""
        fine = self.validate()
        has_file = self.gpx.data is not None or bool(self.gpx.errors)
        if not self.name.data and not self.name.errors and (kept is not None or not has_file):
            self.refuse("name", _("Give the route a name."))
            fine = False
        has_line = has_file or (kept is not None and kept.has_line)
        if not self.meeting_point.data and not self.meeting_point.errors and not has_line:
            self.refuse("meeting_point", _("Say where you meet, or choose a GPX file."))
            fine = False
        return fine

    def command(self) -> WriteRoute:
        file, version = self.gpx.data, str(self.version.data or "")
        facts: dict[str, Any] = {name: self[name].data for name in FACTS}
        facts |= {name: _in_order(self[name]) for name in MANY}
        km = self.distance_km.data
        return WriteRoute(
            texts=RouteTexts(
                self.name.data or "",
                self.meeting_point.data or "",
                self.notes.data or "",
                self.nearest_road.data or "",
            ),
            facts=RouteFacts(**facts, is_loop=self.is_loop.data, trusted=self.trusted.data),
            latitude=self.latitude.data,
            longitude=self.longitude.data,
            distance_m=None if km is None else round(km * 1000),
            gpx=file.content if file else None,
            file_name=re.sub(r"\.(gpx|xml|geojson|json)$", "", file.name, flags=re.IGNORECASE)[:100]
            if file
            else "",
            version=int(version) if version.isdecimal() else None,
        )

    @property
    def place_open(self) -> bool:
        fields = (self.latitude, self.longitude, self.distance_km)
        return any(field.shown or field.errors for field in fields)


class LineForm(PlannerForm):
    """Another line for a route that is there."""

    gpx = GpxFile(
        _l("GPX file"),
        needs=_l("Choose a GPX file."),
        hint=_l("From a walking app or website, at most 5 MB. GeoJSON is fine too."),
    )


class PointForm(PlaceForm):
    kind = Choice(_l("What is it?"), choices=options("waypoint", KINDS), needs=_l("Choose what it is."))
    name = TextLine(
        _l("In your own words"), hint=_l("Clients do not see this: only what it is."), max_length=200
    )
    along_m = WholeNumber(_l("How far from the start?"), unit=_l("metres"), least=0, most=1_000_000)
    image = TextLine(
        _l("Image on the way"),
        hint=_l("What this place can stand for, such as: the fork is a choice."),
        max_length=300,
    )
    nearest_road = TextLine(
        _l("Nearest road, for an emergency call"),
        hint=_l("Where an ambulance can come, as you would say it to 112."),
        max_length=200,
    )
    form_id = FormId()

    @property
    def place_open(self) -> bool:
        return any(field.errors for field in (self.latitude, self.longitude))

    def command(self, kept: RoutePoint | None = None, along_m: int | None = None) -> WritePoint:
        """`kept`, `along_m`: the place as it is. What the coach touched counts: coordinates before metres."""
        where, metres = (self.latitude.data, self.longitude.data), self.along_m.data
        old = (kept.latitude, kept.longitude) if kept else (None, None)
        if where == old and metres is not None and metres != along_m:
            where = (None, None)
        texts = WaypointTexts(self.name.data or "", self.image.data or "", self.nearest_road.data or "")
        return WritePoint(self.kind.data, texts, *where, along_m=metres)


def filled(route: OpenRoute) -> dict[str, Any]:
    """A route as its form shows it."""
    facts = {name: getattr(route.facts, name) for name in (*FACTS, *MANY, "is_loop", "trusted")}
    return {
        **facts,
        "name": route.name,
        "meeting_point": route.meeting_point,
        "latitude": route.latitude,
        "longitude": route.longitude,
        "distance_km": route.distance_m / 1000 if route.distance_m and not route.has_line else None,
        "notes": route.notes,
        "nearest_road": route.nearest_road,
        "version": route.version,
    }


def filled_point(point: RoutePoint, along_m: int | None) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "name": point.name,
        "image": point.image,
        "nearest_road": point.nearest_road,
        "latitude": point.latitude,
        "longitude": point.longitude,
        "along_m": along_m,
    }


def _in_order(field: ManyChips) -> tuple[str, ...]:
    """What was chosen, in the order of the choices."""
    return tuple(option.value for option in field.choices if option.value in field.data)
