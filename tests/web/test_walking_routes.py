"""Routes through the front door."""

from __future__ import annotations

from tests.conftest import World
from tests.factories import make_route
from tests.page_client import PageClient


def test_a_file_becomes_a_route(coach: PageClient, world: World) -> None:
    page = coach.get(f"/routes/{make_route(world)}")
    found = page.one("[data-route]")
    assert (found["data-distance-m"], found["data-points"]) == ("2465", "5")
    assert coach.get("/routes/").select("[data-route]")
