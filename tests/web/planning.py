"""What the tests about planning share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from planner.domain.needs import FetchResult, Known, OutsideFailed
from planner.domain.places import Place
from planner.domain.weather import Forecast
from planner.services.weather import forecast_jobs
from tests.conftest import PASSWORD, World
from tests.page_client import Page, PageClient


@dataclass
class Sky:
    """A weather service that says what it is told, and remembers for which places it was asked."""

    says: Forecast
    asked: list[Place] = field(default_factory=list)
    at_once: int = 1

    @property
    def name(self) -> str:
        return self.says.source

    def fetch(self, asked: Mapping[Place, Known]) -> dict[Place, FetchResult]:
        self.asked += asked
        result = FetchResult(self.says, self.says.fetched_at, timedelta(hours=1).total_seconds(), None)
        return dict.fromkeys(asked, result)


def let_weather_come(world: World, says: Forecast) -> Sky:
    """The jobs ask the service once."""
    sky = Sky(says)
    forecast_jobs.refresh_due(world.store, sky, world.now)
    return sky


def plan_form(coach: PageClient, client: int, **query: str) -> Page:
    return coach.get(
        f"/walks/new?client={client}" + "".join(f"&{key}={value}" for key, value in query.items())
    )


def walks_on(page: Page) -> dict[str, str]:
    """Start to status of every walk shown."""
    return {str(tag["data-starts-local"]): str(tag["data-status"]) for tag in page.select("[data-walk]")}


def walk_ids(page: Page) -> list[str]:
    return [str(tag["data-walk"]) for tag in page.select("[data-walk]")]


def exercises_on(page: Page) -> list[int]:
    """The exercises of the plan that a page shows, in order."""
    return [int(str(tag["data-exercise"])) for tag in page.select("ol.parts [data-exercise]")]


def part_minutes(page: Page) -> list[int]:
    """The minutes of each part as the form would send them."""
    return [int(str(tag["value"])) for tag in page.select('[name="part_minutes"]')]


def minutes_bar(page: Page) -> dict[str, int]:
    """Doing, silent, talking, slack as shown."""
    codes = [str(tag["class"][0]) for tag in page.select(".legend circle")]
    return {code: int(tag.get_text()) for code, tag in zip(codes, page.select(".legend strong"), strict=True)}


def plain_plan(client: int, **more: Any) -> dict[str, Any]:
    """What a script sends that knows the contract only."""
    return {
        "client_id": client,
        "date": "2026-12-01",
        "time": "10:00",
        "minutes": 40,
        "setting": "outdoors",
    } | more


def token(coach: PageClient) -> str:
    """A CSRF token as any page carries it."""
    return str(coach.get("/").select('input[name="csrf_token"]')[0]["value"])


def send(coach: PageClient, path: str, data: dict[str, Any], *, follow: bool = True) -> Page:
    """A POST without opening the form first."""
    return coach.post(path, {"csrf_token": token(coach), **data}, follow=follow)


def sign_in_again(world: World) -> PageClient:
    """A day later the sign-in of the first morning is over."""
    browser = world.browser()
    page = browser.get("/login").submit(email="anna@example.org", password=PASSWORD)
    assert page.path == "/"
    return browser


class NoSky:
    """A weather service that does not answer."""

    name, at_once = "met-norway", 1

    def fetch(self, asked: Mapping[Place, Known]) -> dict[Place, FetchResult]:
        raise OutsideFailed("unreachable", 600)


def let_weather_fail(world: World) -> None:
    forecast_jobs.refresh_due(world.store, NoSky(), world.now)
