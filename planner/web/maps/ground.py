"""What the ground of a map is made of, and where its pieces come from: always through us."""

from __future__ import annotations

from typing import Any

from flask import url_for

from planner.web import here


def tiles(endpoint: str, token: str | None = None) -> str:
    """The address of a piece of the ground with holes for its place, `…/{z}/{x}/{y}`."""
    given: dict[str, Any] = {} if token is None else {"token": token}
    return url_for(endpoint, z=0, x=0, y=0, **given).removesuffix("/0/0/0") + "/{z}/{x}/{y}"


def reach() -> str:
    """As far as there is a map: south, west, north and east in degrees; empty for the world."""
    area = here.tiles().rules.area
    return "" if area is None else f"{area.south} {area.west} {area.north} {area.east}"
