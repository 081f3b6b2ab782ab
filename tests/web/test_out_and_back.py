"""There and back on a path that is longer than the walk: one walk on every page."""

from __future__ import annotations

import json

from tests import factories, makers
from tests.conftest import World
from tests.factories import gpx_file
from tests.mapping import make_pictures
from tests.page_client import PageClient
from tests.web.answering import side
from tests.web.test_lengths import LONG, SHORT, hooks


def test_out_and_back_both_see_the_same_walk(world: World, coach: PageClient) -> None:
    """A path of 4.3 km one way, in 45 minutes: nobody walks all of it, at whatever length."""
    route = factories.make_route(world, name="Kanaalpad", gpx=gpx_file(((52.084, 5.172), (52.1227, 5.172))))
    make_pictures(world)
    one = side(world, "lengths")
    walk = makers.make_walk(world, one.client, "2026-11-24T10:00", route_id=route, minutes=45)
    for chosen in (None, SHORT, LONG):
        if chosen:
            assert one.send("answer", chosen, walk).status == 303
        client, sheet = one.page, coach.get(f"/walks/{walk}/sheet")
        metres = hooks(coach.get(f"/walks/{walk}"))[chosen["length"] if chosen else "normal"][1]
        walked = f"{int(metres) / 1000:.1f} km".replace(".", ",")
        assert walked != "4,3 km" and walked in client.main and walked in sheet.main
        assert "4,3 km" not in client.main
        for page in (client, sheet):
            assert page.select("svg.sketch .turn"), "where one turns round is on the drawing"
            assert not page.select("picture"), "a map of the whole line is another walk"
        drawn = json.loads(world.browser().get(f"{one.link}walks/{walk}/route.geojson").response.data)
        (line,) = [part["geometry"] for part in drawn["features"] if part["geometry"]["type"] != "Point"]
        assert max(at[1] for part in line["coordinates"] for at in part) < 52.11, "nor of the big map"
