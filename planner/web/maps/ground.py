"""What the ground of a map is made of, and where its pieces come from: always through us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from planner.domain.tiles import rules_of
from planner.services.people import coaches
from planner.web import here


@dataclass(frozen=True, slots=True)
class Ground:
    """`address`: of a piece, with holes for its place, `…/{z}/{x}/{y}`. `credit`: whose map it is. `nobody_asks`:
    without a contact address no server of maps is asked."""

    address: str
    credit: str
    nobody_asks: bool = False


def ground(endpoint: str, token: str | None = None) -> Ground:
    given: dict[str, Any] = {} if token is None else {"token": token}
    address = url_for(endpoint, z=0, x=0, y=0, **given).removesuffix("/0/0/0") + "/{z}/{x}/{y}"
    settings = here.planner().settings
    asks = token is not None or settings.contact or coaches.weather_contact(here.store())
    return Ground(address, rules_of(settings.tile_url).credit, nobody_asks=not asks)


def reach() -> str:
    """As far as there is a map: south, west, north and east in degrees; empty for the world."""
    area = here.tiles().rules.area
    return "" if area is None else f"{area.south} {area.west} {area.north} {area.east}"
