"""Open-Meteo on this machine, as it behaves: two services, a key in a header, grid cells, arrays, plain text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from planner.outside.http import Door
from planner.outside.open_meteo import OpenMeteo
from tests.conftest import World
from tests.counting import count
from tests.outside.physical import AIR_UNITS, UNITS, Hour, air, open_meteo

FORECAST, AIR = "/v1/forecast", "/v1/air-quality"
LEAST_DAYS = 3


class OpenMeteoService:
    """`hours` by latitude as asked, else `usual`, from the first hour of today on; or `whole`, an answer as it is, of
    every place. `air`: column to value.
    `forecast_fails`, `air_fails`: status and body instead of an answer. `key`: the only one it takes."""

    def __init__(self, server: HTTPServer, now: datetime) -> None:
        self.now = now
        self.usual: Sequence[Hour] = [Hour()] * 24 * LEAST_DAYS
        self.hours: dict[str, Sequence[Hour]] = {}
        self.whole: dict[str, Any] | None = None
        self.air: dict[str, float] = {"european_aqi": 20.0}
        self.key: str | None = None
        self.forecast_fails: tuple[int, Any] | None = None
        self.air_fails: tuple[int, Any] | None = None
        self.asked: list[Request] = []
        self.contact: str | None = "coach@example.org"
        self.non_commercial = True
        self.base = server.url_for("").rstrip("/")
        server.expect_request(FORECAST).respond_with_handler(self._forecast)
        server.expect_request(AIR).respond_with_handler(self._air)

    def source(self, key: str | None = None, **door: Any) -> OpenMeteo:
        at_door = Door(lambda: self.contact, **door)
        return OpenMeteo(at_door, lambda: self.now, lambda: self.non_commercial, key, self.base)

    @property
    def questions(self) -> list[str]:
        return [request.path for request in self.asked]

    @property
    def places(self) -> list[str]:
        """Latitudes that the forecast was asked for."""
        asked = (request.args["latitude"].split(",") for request in self.asked if request.path == FORECAST)
        return [one for several in asked for one in several]

    @property
    def first_at(self) -> datetime:
        return self.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)

    def _forecast(self, request: Request) -> Response:
        def told(latitude: str, place: dict[str, Any]) -> dict[str, Any]:
            if self.whole is not None:
                return {**self.whole, **place}
            return open_meteo(self.hours.get(latitude, self.usual), self.first_at, **place)

        return self._answer(request, self.forecast_fails, UNITS, 16, told)

    def _air(self, request: Request) -> Response:
        def told(_latitude: str, place: dict[str, Any]) -> dict[str, Any]:
            return {**air(self.first_at, 24 * LEAST_DAYS, **self.air), **place}

        return self._answer(request, self.air_fails, AIR_UNITS, 7, told)

    def _answer(
        self,
        request: Request,
        fails: tuple[int, Any] | None,
        units: dict[str, str],
        most_days: int,
        told: Any,
    ) -> Response:
        self.asked.append(request)
        count("weather answers replayed")
        if fails is not None:
            status, body = fails
            return Response(body if isinstance(body, str | bytes) else json.dumps(body), status=status)
        if wrong := self._wrong(request, units, most_days):
            return refusal(400, wrong)
        latitudes = request.args["latitude"].split(",")
        found = [
            told(one, {"latitude": float(one) + 0.0123, **({"location_id": number} if number else {})})
            for number, one in enumerate(latitudes)
        ]
        return Response(json.dumps(found if len(found) > 1 else found[0]), mimetype="application/json")

    def _wrong(self, request: Request, units: dict[str, str], most_days: int) -> str:
        """What the real one would say about a question."""
        asked = request.args
        if self.key is not None and request.headers.get("X-Api-Key") != self.key:
            return "The supplied API key is invalid."
        if (asked["timeformat"], asked["timezone"]) != ("unixtime", "GMT"):
            return "Invalid timezone"
        if not 0 <= int(asked["forecast_days"]) <= most_days:
            return (
                f"Forecast days is invalid. Allowed range 0 to {most_days}. Given {asked['forecast_days']}."
            )
        unknown = set(asked["hourly"].split(",")) - units.keys()
        if unknown:
            return f"Cannot initialize SurfaceVariable from invalid String value {unknown} for key hourly"
        return (
            "" if len(asked["latitude"].split(",")) == len(asked["longitude"].split(",")) else "Invalid count"
        )


def refusal(status: int, reason: str) -> Response:
    return Response(json.dumps({"error": True, "reason": reason}), status=status, mimetype="application/json")


def later(service: OpenMeteoService, **span: float) -> None:
    service.now += timedelta(**span)


def choose_open_meteo(world: World, key: str | None = None) -> None:
    """As if started with PLANNER_WEATHER=open-meteo."""
    settings = replace(world.settings, weather="open-meteo", open_meteo_key=key)
    world.rewire(store=replace(world.store, weather="open-meteo"), settings=settings)


def say_non_commercial(world: World, *who: str) -> None:
    """These coaches tick that nothing is earned, on the settings page."""
    for one in who:
        page = world.browser(one).get("/settings").submit("/settings", non_commercial="1")
        assert page.status == 200, page.errors
