"""Open-Meteo in the jobs: many places in one question, never mixed with another source, never asked without leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from planner.models import EVERYONE, ForecastRow
from planner.scheduler import jobs_for, one_pass
from planner.services.keeping import checks
from planner.services.people import practices
from planner.services.weather import forecast_jobs, forecasts
from planner.services.weather.forecasts import Held, Spot
from planner.web.messages.writing import writer
from tests.conftest import World
from tests.outside.physical import Hour
from tests.services.met_service import PRACTICE, UTRECHT, ZEIST, MetService
from tests.services.open_meteo_service import (
    FORECAST,
    OpenMeteoService,
    choose_open_meteo,
    later,
    say_non_commercial,
)

AMSTERDAM = Spot(52.37, 4.9)
MANY = [Spot(52.0 + number / 100, 5.0) for number in range(50)]


@pytest.fixture
def service(httpserver: HTTPServer, world: World) -> OpenMeteoService:
    choose_open_meteo(world)
    return OpenMeteoService(httpserver, world.now)


def want(world: World, now_at: OpenMeteoService | MetService, *spots: Spot, hours: float = 24) -> None:
    now = now_at.now
    with world.store.db.transaction(world.coach().scope, now) as session:
        forecasts.want(world.store, session, spots, now + timedelta(hours=hours), now)


def refresh(world: World, service: OpenMeteoService) -> int:
    return forecast_jobs.refresh_due(world.store, service.source(), service.now)


def held(world: World, service: OpenMeteoService | MetService, spot: Spot) -> Held:
    with world.store.db.reading(world.coach().scope) as session:
        return forecasts.held(world.store, session, spot, PRACTICE, service.now)


def test_many_places_are_few_questions(world: World, service: OpenMeteoService) -> None:
    want(world, service, *MANY)
    assert refresh(world, service) == 50
    assert service.questions.count(FORECAST) == 2
    assert len(set(service.places)) == 50
    assert all(held(world, service, spot).forecast for spot in MANY)
    later(service, minutes=59)
    assert refresh(world, service) == 0, "once an hour"
    later(service, minutes=10)
    want(world, service, *MANY)
    assert refresh(world, service) == 50


def test_each_place_keeps_its_own_weather(world: World, service: OpenMeteoService) -> None:
    service.hours["52.37"] = [Hour(temperature_c=25.0)] * 48
    want(world, service, UTRECHT, AMSTERDAM, ZEIST)
    refresh(world, service)
    found = [held(world, service, spot).forecast for spot in (UTRECHT, AMSTERDAM, ZEIST)]
    assert [one and one.steps[0].temperature_c for one in found] == [12.0, 25.0, 12.0]


def test_what_may_be_about_one_place_is_then_asked_place_by_place(
    world: World, service: OpenMeteoService
) -> None:
    want(world, service, UTRECHT, AMSTERDAM, hours=5)
    service.forecast_fails = (400, {"error": True, "reason": "No data is available for this location"})
    assert refresh(world, service) == 2
    service.forecast_fails = None
    later(service, minutes=2)
    service.asked.clear()
    assert refresh(world, service) == 2
    assert service.questions.count(FORECAST) == 2, "each by itself"
    later(service, minutes=70)
    want(world, service, UTRECHT, AMSTERDAM, hours=5)
    service.asked.clear()
    assert refresh(world, service) == 2 and service.questions.count(FORECAST) == 1, "and together again"


def test_one_place_without_an_answer_does_not_hurt_the_others(
    world: World, service: OpenMeteoService
) -> None:
    service.hours["52.37"] = []
    want(world, service, UTRECHT, AMSTERDAM)
    refresh(world, service)
    assert held(world, service, UTRECHT).forecast is not None
    left_out = held(world, service, AMSTERDAM)
    assert (left_out.forecast, left_out.problem, left_out.pending) == (None, "garbage", False)
    later(service, minutes=20)
    assert refresh(world, service) == 0
    later(service, minutes=11)
    assert refresh(world, service) == 1


def test_throttled_stops_everything_until_it_says(world: World, service: OpenMeteoService) -> None:
    want(world, service, *MANY, hours=9)
    service.air_fails = (429, {"error": True, "reason": "Hourly API request limit exceeded."})
    assert refresh(world, service) == 40
    assert len(service.asked) == 1
    later(service, minutes=59)
    assert refresh(world, service) == 0
    later(service, minutes=8)
    want(world, service, *MANY)
    service.air_fails = None
    assert refresh(world, service) == 50


def test_forecasts_of_another_source_are_not_mixed_in(
    world: World, service: OpenMeteoService, httpserver: HTTPServer
) -> None:
    want(world, service, UTRECHT)
    refresh(world, service)
    assert held(world, service, UTRECHT).forecast is not None
    choose = world.app.extensions["planner"]
    world.rewire(store=replace(choose.store, weather="met-norway"))
    met = MetService(httpserver, service.now)
    assert held(world, met, UTRECHT).forecast is None, "the other service has not said anything yet"
    want(world, met, UTRECHT)
    forecast_jobs.refresh_due(world.store, met.source, met.now)
    found = held(world, met, UTRECHT).forecast
    assert found is not None and found.source == "met-norway"
    with world.store.db.reading(EVERYONE) as session:
        assert set(session.scalars(select(ForecastRow.source))) == {"met-norway", "open-meteo"}


def test_nothing_is_asked_before_every_practice_said_it_earns_nothing(
    world: World, service: OpenMeteoService
) -> None:
    world.rewire(settings=replace(world.settings, open_meteo_url=service.base))
    want(world, service, UTRECHT)
    for who in ("anna", "bram"):
        one_pass(jobs_for(world.store, world.settings, writer(world.app)), sweeping=False)
        assert not service.asked
        assert held(world, service, UTRECHT).problem == "not_configured"
        assert "Instellingen" in checks.notices(world.store, world.settings)[0]
        say_non_commercial(world, who)
        assert held(world, service, UTRECHT).problem is None, "asked again at once"
    assert practices.non_commercial(world.store)
    one_pass(jobs_for(world.store, world.settings, writer(world.app)), sweeping=False)
    assert held(world, service, UTRECHT).forecast is not None
    assert checks.notices(world.store, world.settings) == []


def test_with_a_key_nobody_has_to_say_anything(world: World, service: OpenMeteoService) -> None:
    service.key = "geheim-123"
    settings = replace(world.settings, open_meteo_url=service.base, open_meteo_key="geheim-123")
    want(world, service, UTRECHT)
    one_pass(jobs_for(world.store, settings, writer(world.app)), sweeping=False)
    assert held(world, service, UTRECHT).forecast is not None
    assert {request.headers["X-Api-Key"] for request in service.asked} == {"geheim-123"}
