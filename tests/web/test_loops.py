"""Loops on their own, through the front door, on real paths: a real Valhalla over the middle of Helsinki."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from planner.domain.geo import Point, distance_m, length_m
from planner.domain.loops import MOST_OVERLAP, MOST_SHARED, TOLERANCE, looped, shared
from planner.path_engine import path_desk
from tests.conftest import World
from tests.makers import make_route
from tests.page_client import Page
from tests.valhalla import valhalla

STATION, SQUARE, PARK = (60.1699, 24.9384), (60.1720, 24.9450), (60.1688, 24.9450)


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with valhalla() as url:
        yield url


def with_engine(world: World, url: str, kind: str = "valhalla") -> World:
    """The planner as it is with these settings in the environment."""
    settings = replace(world.settings, router_url=url, router=kind)
    kept = world.app.extensions["planner"]
    world.app.extensions["planner"] = replace(kept, settings=settings, paths=path_desk(settings))
    return world


def ask(world: World, place: tuple[float, float], minutes: int, **more: object) -> Page:
    latitude, longitude = place
    wish = {"latitude": latitude, "longitude": longitude, "minutes": minutes, "pace_kmh": "4", **more}
    return world.browser("anna").get("/routes/loops").submit("/routes/loops", **wish)


def test_smoke(world: World, engine: str) -> None:
    with_engine(world, engine)
    page = ask(world, SQUARE, 30)
    assert page.status == 200
    print(page.text[:3000])
