"""What to wear on the client's page: from the weather of the walk, as a heading and a few words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import World
from tests.domain.weather_makers import day
from tests.makers import make_client, make_route, make_walk
from tests.page_client import PageClient
from tests.web.planning import let_weather_come
from tests.web.test_client_page import link_of, words_of


@pytest.mark.parametrize(
    ("changes", "wanted", "not_wanted"),
    [
        ({"precip_mm": 0.8, "symbol": "rain"}, ["Weer en kleding", "Regenjas"], ["Dunne handschoenen"]),
        ({"temperature_c": -1.0}, ["Ongeveer -1 graden.", "Warme laagjes"], ["Regenjas", "Zonnehoed"]),
        ({"temperature_c": 11.0}, ["Weer Ongeveer 11 graden."], ["Weer en kleding", "laagjes"]),
    ],
)
def test_what_to_wear_follows_the_weather(
    world: World,
    coach: PageClient,
    visitor: PageClient,
    changes: dict[str, Any],
    wanted: list[str],
    not_wanted: list[str],
) -> None:
    sanne = make_client(world, "Sanne")
    route = make_route(world, line=True)
    make_walk(world, sanne, "2026-11-24T10:00", route_id=route)
    link = link_of(coach, sanne)
    assert "Het weer is nog niet bekend. Stevige schoenen zijn altijd goed." in words_of(visitor.get(link))
    let_weather_come(world, day(on=datetime(2026, 11, 24, tzinfo=UTC), **changes))
    page = visitor.get(link)
    said = words_of(page)
    assert [text for text in wanted if text not in said] == []
    assert [text for text in not_wanted if text in said] == []
    assert not page.select("[data-verdict]"), "advice on clothes, no verdict"
