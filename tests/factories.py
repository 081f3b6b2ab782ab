"""Makers of the things tests need, through the services or the front door."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from tests.conftest import World
from tests.page_client import Page

LINE = ((52.09, 5.12), (52.095, 5.12), (52.095, 5.13), (52.09, 5.13), (52.09, 5.1202))
"""A round of some 2.5 km."""


def gpx_file(
    line: tuple[tuple[float, float], ...] = LINE, name: str = "Rondje", more: str = ""
) -> tuple[BytesIO, str]:
    """A GPX file as a browser sends it."""
    points = "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lat, lon in line)
    track = f"<trk><name>{name}</name><trkseg>{points}</trkseg></trk>"
    text = f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{more}{track}</gpx>'
    return BytesIO(text.encode()), "rondje.gpx"


def id_in(page: Page) -> int:
    """The number at the end of the address one was led to."""
    return int(page.path.rstrip("/").rsplit("/", 1)[-1])


def make_route(world: World, who: str = "anna", *, line: bool = True, **fields: Any) -> int:
    """A route through the front door; `line=False` for one in words."""
    given = {"name": "Schaapskooi", "meeting_point": "Bij het houten bord", **fields}
    if line and "gpx" not in given:
        given["gpx"] = gpx_file()
    return id_in(world.browser(who).get("/routes/new").submit("/routes/new", **given))


def make_exercise(world: World, who: str = "anna", **fields: Any) -> int:
    """An exercise of the coach's own, through the front door."""
    given = {
        "title": "Drie bomen",
        "steps": "Kies een boom.\nKijk een minuut.",
        "kind": "senses",
        "reasons": ["feeling"],
        "minutes_min": "3",
        "minutes_max": "6",
        "places": ["walking"],
        **fields,
    }
    return id_in(world.browser(who).get("/toolkit/new").submit("/toolkit/new", **given))


def make_client(world: World, who: str = "anna", *, consent: bool = False, **fields: Any) -> int:
    """A client through the front door. `consent`: agrees to keeping something about health."""
    given = {"first_name": "Sanne", **fields}
    if consent:
        given["consent_health"] = "1"
    return id_in(world.browser(who).get("/clients/new").submit("/clients/new", **given))


def make_walk(world: World, client: int, who: str = "anna", **fields: Any) -> int:
    """A walk through the front door; what is not given stays as the form proposes it. `keep_clash`: agrees to what the
    form then names."""
    keep = fields.pop("keep_clash", None)
    page = world.browser(who).get(f"/walks/new?client={client}")
    action = str(page.one("form.plan")["action"])
    done = page.submit(action, press="action=save", **fields)
    if keep and done.status == 422:
        done = done.submit(action, press="action=save", keep_clash=keep)
    assert done.path != "/walks/new", done.errors or done.main
    return id_in(done)
