"""Open-Meteo on the pages: leave to ask, its credit, and air and pollen for whom it counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import select

from planner.domain.weather import Forecast, Verdict
from planner.models import EVERYONE, Walk
from planner.scheduler import jobs_for, one_pass
from planner.services.clients import consents
from planner.services.people import practices
from planner.services.weather import forecast_jobs
from planner.web.messages.writing import writer
from tests.conftest import AMSTERDAM, World
from tests.domain.weather_makers import day
from tests.factories import make_client, make_walk
from tests.makers import make_link
from tests.page_client import Page, PageClient
from tests.services.open_meteo_service import choose_open_meteo, say_non_commercial
from tests.web.planning import let_weather_come, sign_in_again

WEDNESDAY = datetime(2026, 11, 25, tzinfo=UTC)
LINK = '<a href="https://open-meteo.com/">Weather data by Open-Meteo.com</a>'
CAMS = "CAMS ENSEMBLE"


def says(world: World, **everywhere: float) -> None:
    """It says this of each hour of Wednesday, now."""
    steps = day(on=WEDNESDAY, **everywhere).steps
    assert let_weather_come(world, Forecast("open-meteo", None, world.now, steps)).asked


def reasons(page: Page, where: str) -> list[tuple[str, str]]:
    return [
        (str(tag["data-reason"]), str(tag["data-value"])) for tag in page.select(f"{where} [data-reason]")
    ]


@pytest.fixture
def sanne(world: World) -> int:
    choose_open_meteo(world)
    return make_client(world, consent=True, health_flags=["allergy", "lungs"])


def test_without_leave_each_page_says_what_to_do(world: World, coach: PageClient, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-11-25", time="12:00")
    one_pass(jobs_for(world.store, world.settings, writer(world.app)), sweeping=False)
    look = coach.get(f"/walks/new?client={sanne}").submit(
        date="2026-11-25", time="12:00", press="action=preview"
    )
    for page in (coach.get("/"), coach.get(f"/walks/{walk}"), look):
        assert page.select('a[href="/settings#weather"]')
        assert "nog niet ingesteld" in page.main
    page = coach.get("/settings")
    assert "nog geen weer opgehaald" in page.main and page.select("h2#weather")
    say_non_commercial(world, "anna")
    page = coach.get("/settings")
    assert "nog geen weer opgehaald" not in page.main
    assert page.one("[name=non_commercial]").has_attr("checked")
    page.submit("/settings", non_commercial=[])
    assert not practices.open_practice(world.store, world.coach()).settings.non_commercial


def test_the_question_is_only_there_for_the_free_host(world: World, coach: PageClient) -> None:
    assert not coach.get("/settings").select("[name=non_commercial]"), "another service"
    choose_open_meteo(world)
    say_non_commercial(world, "anna")
    choose_open_meteo(world, key="geheim-123")
    page = coach.get("/settings")
    assert not page.select("[name=non_commercial]") and "geheim-123" not in page.text
    page.submit("/settings", notice_hours="12")
    assert practices.open_practice(world.store, world.coach()).settings.non_commercial, "stays as it was"


def test_its_credit_stands_beside_the_weather(
    world: World, coach: PageClient, visitor: PageClient, sanne: int
) -> None:
    walk = make_walk(world, sanne, date="2026-11-25", time="12:00")
    link = make_link(world, sanne)
    assert LINK not in coach.get(f"/walks/{walk}").text, "no data, no credit"
    form = coach.get(f"/walks/new?client={sanne}")
    for weather in ({}, {"air_index": 20.0}):
        says(world, **weather)
        at = world.now.astimezone(AMSTERDAM)
        pages = [coach.get("/"), coach.get(f"/walks/{walk}"), coach.get(f"/clients/{sanne}")]
        pages.append(visitor.get(link))
        pages.append(form.submit(date="2026-11-25", time="14:00", press="action=preview"))
        for page in pages:
            assert LINK in page.text and (CAMS in page.text) is bool(weather), page.path
            assert "MET Norway" not in page.text
            assert f"Stand van {at.hour}.00" in page.main
        world.set_clock(world.now.replace(hour=world.now.hour + 2))


def test_air_and_pollen_for_whom_it_counts(world: World, coach: PageClient, sanne: int) -> None:
    flagged = make_walk(world, sanne, date="2026-11-25", time="12:00")
    other = make_walk(world, make_client(world), date="2026-11-25", time="14:00")
    says(world, air_index=45.0, grass_pollen=60.0, birch_pollen=12.0)
    wanted = [("grass_pollen", "60"), ("air", "45"), ("birch_pollen", "12")]
    page = coach.get(f"/walks/{flagged}")
    assert reasons(page, "#weather") == wanted
    assert page.one('#weather [data-reason="air"]')["data-limit"] == "40"
    assert "Graspollen: 60 korrels" in page.main
    assert reasons(coach.get(f"/walks/{other}"), "#weather") == []
    week = coach.get("/")
    assert reasons(week, f'.week [data-walk="{flagged}"]') == wanted
    assert reasons(week, f'.week [data-walk="{other}"]') == []
    look = coach.get(f"/walks/new?client={sanne}").submit(
        date="2026-11-25", time="09:00", press="action=preview"
    )
    assert reasons(look, "#look") == wanted
    sheet = coach.get(f"/walks/{flagged}/sheet").text
    kept = re.sub(r"<!--not kept-->.*?<!--/not kept-->", "", sheet, flags=re.DOTALL)
    assert "Graspollen" in sheet and "Graspollen" not in kept and "luchtkwaliteit" not in kept


def test_without_consent_nothing_is_known_of_a_client(world: World, coach: PageClient, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-11-25", time="12:00")
    says(world, air_index=45.0, grass_pollen=60.0)
    assert reasons(coach.get(f"/walks/{walk}"), "#weather")
    consents.decide(world.store, world.coach(), sanne, consents.HEALTH, consents.NO, "", world.now)
    assert reasons(coach.get(f"/walks/{walk}"), "#weather") == []
    assert reasons(coach.get("/"), ".week") == []


def test_what_is_kept_in_clear_says_nothing_of_the_client(world: World, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-11-25", time="12:00")
    world.set_clock("2026-11-25T11:00")
    says(world, air_index=45.0, grass_pollen=60.0)
    world.set_clock("2026-11-25T12:01")
    forecast_jobs.keep_verdicts_at_start(world.store, world.now)
    with world.store.db.reading(EVERYONE) as session:
        kept = session.scalar(select(Walk.weather).where(Walk.id == walk))
    verdict = msgspec.json.decode(kept or "", type=Verdict)
    assert (verdict.code, verdict.reasons) == ("go", ())
    assert (verdict.numbers.air_index, verdict.numbers.grass_pollen) == (45.0, 60.0), "facts of the place"
    assert reasons(sign_in_again(world).get(f"/walks/{walk}"), "#weather") == []


def test_the_limits_of_a_practice_count(world: World, coach: PageClient, sanne: int) -> None:
    walk = make_walk(world, sanne, date="2026-11-25", time="12:00")
    page = coach.get("/settings").submit(
        "/settings",
        visibility_move_m="500",
        air_airways_adapt_index="30",
        grass_pollen_adapt_grains="20",
        grass_pollen_move_grains="80",
    )
    assert page.status == 200, page.errors
    says(world, air_index=35.0, grass_pollen=15.0, visibility_m=400.0)
    assert reasons(coach.get(f"/walks/{walk}"), "#weather") == [("fog", "400"), ("air", "35")]
    page = coach.get("/settings").submit("/settings", visibility_adapt_m="300", visibility_move_m="900")
    assert "Aanpassen komt vóór verplaatsen" in page.errors["visibility_adapt_m"]
