"""A place on the map as somebody pastes it: two numbers, or a link of a map app."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from flask_babel import gettext as _

from planner.web.fields import PlannerField

NUMBER = r"(-?[0-9]{1,3}\.[0-9]+)"
PAIR = re.compile(
    r"(-?[0-9]{1,3}(?:[.,][0-9]+)?)(?:\s*[; ]\s*|\s*,\s+)(-?[0-9]{1,3}(?:[.,][0-9]+)?)"
    r"|(-?[0-9]{1,3}(?:\.[0-9]+)?)\s*,(-?[0-9]{1,3}(?:\.[0-9]+)?)"
)
"""52.10, 5.18 and 52,10 5,18. A comma alone, as in 52,10, is a number of its own."""
LINKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"!3d{NUMBER}!4d{NUMBER}",
        rf"[?&](?:q|query|ll|center|destination|daddr)=(?:loc:)?{NUMBER},\s*{NUMBER}",
        rf"[?&]mlat={NUMBER}&mlon={NUMBER}",
        rf"#map=[0-9.]+/{NUMBER}/{NUMBER}",
        rf"^geo:{NUMBER},{NUMBER}",
        rf"@{NUMBER},{NUMBER}",
    )
)
"""Of Google Maps, Apple Maps and OpenStreetMap; the pin itself before what the map happens to show."""


def place_in(text: str) -> tuple[float, float] | None:
    """Latitude and longitude, or None when none are there. Whether they exist is not looked at."""
    plain = unquote(text).strip()
    pair = PAIR.fullmatch(plain)
    if pair is not None and (pair[1] or "." in plain):
        north, east = (one.replace(",", ".") for one in pair.groups() if one is not None)
        return float(north), float(east)
    link = next((found for found in (one.search(plain) for one in LINKS) if found), None)
    return (float(link[1]), float(link[2])) if link is not None else None


class MapPlace(PlannerField):
    """A latitude and a longitude in one line, as a map app gives them; a link of one is taken apart."""

    max_length = 500

    def __init__(self, label: Any, *, digits: int = 4, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.digits = digits

    def read(self, text: str) -> tuple[float, float]:
        found = place_in(text)
        if found is None and "://" in text:
            raise ValueError(
                _(
                    "This link does not say where. Open it, and paste the address that your browser shows then."
                )
            )
        if found is None:
            raise ValueError(_("Paste two numbers, such as 52.10, 5.18, or a link of a map app."))
        latitude, longitude = found
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValueError(_("This place is not on the map: first 52.10 (north), then 5.18 (east)."))
        return round(latitude, self.digits), round(longitude, self.digits)

    def write(self, value: Any) -> str:
        return ", ".join(f"{one:.{self.digits}f}".rstrip("0").rstrip(".") for one in value)
