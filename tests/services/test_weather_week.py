"""A week of a practice, hour by hour: thirty walks, weather that changes its mind, and what the planner says of it."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from planner.models import EVERYONE, WeatherWatch
from planner.scheduler import Jobs, one_pass
from planner.services import weather_lines
from planner.web.words import moment_short
from tests import makers
from tests.conftest import AMSTERDAM, MONDAY, World
from tests.mail_server import anna, states
from tests.services.met_service import MetService, _hour

NAMES = ("Sanne", "Piet", "Noor", "Karim", "Els", "Joris")
PLACES = (52.09, 52.15)
LOOKED_AT = (7, 9, 10, 11, 12, 15, 18)
SAYS: list[tuple[str, str, str, dict[str, Any]]] = [
    # said from, about the hours from .. until, the weather then
    ("2026-11-23T11:00", "2026-11-24T09:00", "2026-11-24T13:00", {"rain": 2.0, "symbol": "rain"}),
    ("2026-11-23T18:00", "2026-11-24T09:00", "2026-11-24T13:00", {}),
    ("2026-11-24T09:00", "2026-11-25T08:00", "2026-11-25T18:00", {"gust": 22.0}),
    ("2026-11-24T15:00", "2026-11-25T08:00", "2026-11-25T12:00", {"rain": 1.5, "symbol": "rain"}),
    ("2026-11-25T07:00", "2026-11-25T08:00", "2026-11-25T12:00", {}),
    ("2026-11-25T10:00", "2026-11-26T10:00", "2026-11-26T16:00", {"symbol": "rainandthunder", "rain": 5.0}),
    ("2026-11-26T12:00", "2026-11-27T08:00", "2026-11-27T18:00", {"temperature": -1.0, "wind": 6.0}),
]  # fmt: skip


class ChangingSky(MetService):
    """Hour by hour what SAYS says, as far as it is said already: what was said last counts."""

    def _at(self, at: datetime) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for since, first, until, weather in SAYS:
            said = _local(since) <= self.now and _local(first) <= at < _local(until)
            found = weather if said else found
        return found

    def _body(self) -> str:
        first = self.now.replace(minute=0, second=0, microsecond=0)
        hours = [first + timedelta(hours=number) for number in range(120)]
        series = [_hour(at, self._at(at)) for at in hours]
        meta = {"updated_at": f"{first:%Y-%m-%dT%H:%M:%SZ}", "units": {}}
        return json.dumps({"type": "Feature", "properties": {"meta": meta, "timeseries": series}})


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.fixture
def practice(world: World) -> World:
    """Six walks on each day, from two places, planned a week before."""
    world.set_clock(MONDAY - timedelta(days=7))
    routes = [
        makers.make_route(world, f"Rondje {number}", latitude=latitude, longitude=5.2)
        for number, latitude in enumerate(PLACES)
    ]
    clients = [makers.make_client(world, name) for name in NAMES]
    for day in range(23, 28):
        for number, client in enumerate(clients):
            starts = f"2026-11-{day}T{(9, 10, 11, 13, 14, 15)[number]:02}:00"
            makers.make_walk(world, client, starts, route_id=routes[number % 2])
    world.set_clock(MONDAY - timedelta(hours=2))
    return world


def test_a_week_of_weather(practice: World, httpserver: HTTPServer) -> None:
    world, sky = practice, ChangingSky(httpserver, practice.now)
    said: list[tuple[int, str, datetime]] = []
    asked: Counter[tuple[str, str, str]] = Counter()
    for day, hour in itertools.product(range(23, 28), LOOKED_AT):
        world.set_clock(f"2026-11-{day}T{hour:02}:00")
        sky.now = sky.modified = world.now
        before = len(sky.asked)
        assert one_pass(Jobs(world.store, sky.source, lambda: world.now), sweeping=False)
        assert one_pass(Jobs(world.store, sky.source, lambda: world.now), sweeping=False)
        asked.update((lat, lon, f"{world.now:%d %H}") for lat, lon in sky.places[before:])
        said += news_since(world, said)
    assert max(asked.values()) == 1, "one request for each place and hour at most"
    a_day = Counter((walk, at.astimezone(AMSTERDAM).date()) for walk, _line, at in said)
    assert set(a_day.values()) <= {1, 2}, "one line, that turned at most once in its day"
    assert {line for _walk, line, _at in said} == {"worse", "recovered"}
    assert 12 <= len(said) <= 60, "neither silence nor fuss"
    assert all(state in ("held", "dropped") for kind, state, _why in states(world) if kind == "weather")


def news_since(world: World, before: list[tuple[int, str, datetime]]) -> list[tuple[int, str, datetime]]:
    """What was said in this hour, printed as the coach reads it."""
    known = set(before)
    with world.store.db.reading(EVERYONE) as session:
        rows = session.scalars(select(WeatherWatch).where(WeatherWatch.line.is_not(None)))
        found = [(row.walk_id, str(row.line), row.said_at) for row in rows if row.said_at]
    new = [one for one in found if one not in known]
    lines = {one.walk.id: one for one in weather_lines.on_agenda(world.store, anna(world), world.now).lines}
    for walk, line, _at in new:
        shown = lines.get(walk)
        if shown:
            hours = ", ".join(moment_short(slot.start.local, "nl") for slot in shown.hours)
            when = moment_short(shown.walk.starts_local, "nl")
            now = moment_short(world.now.astimezone(AMSTERDAM).replace(tzinfo=None), "nl")
            codes = ", ".join(reason.code for reason in shown.verdict.reasons)
            print(f"{now}: {shown.walk.client_first_name} ({when}) {line} {codes} -> {hours}")
    return new
