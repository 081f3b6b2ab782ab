"""A weather service of our own on this machine, with the manners of the real one. It remembers what it was asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Event
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from planner.domain.practices import PracticeSettings
from planner.domain.weather import Verdict
from planner.models import EVERYONE
from planner.outside.http import Door
from planner.outside.met_norway import MetNorway
from planner.services.weather import forecast_jobs, forecasts
from planner.services.weather.forecasts import Held, Spot
from tests.conftest import World
from tests.counting import count

UTRECHT, ZEIST, DRIEBERGEN = Spot(52.0907, 5.1214), Spot(52.0884, 5.2333), Spot(52.0523, 5.2824)
PRACTICE = PracticeSettings()
PATH = "/weatherapi/locationforecast/2.0/complete"


class MetService:
    """`now` is the time there and here. `status` is what it answers; `weather` what it says of each hour."""

    def __init__(self, server: HTTPServer, now: datetime) -> None:
        self.now = now
        self.status = 200
        self.headers: dict[str, str] = {}
        self.expires_in = timedelta(minutes=30)
        self.modified = now - timedelta(minutes=40)
        self.weather: dict[str, Any] = {}
        self.hours = 60
        self.asked: list[Request] = []
        self.arrived, self.go_on = Event(), Event()
        self.go_on.set()
        self.contact: str | None = "coach@example.org"
        self.base = server.url_for("/weatherapi")
        server.expect_request(PATH).respond_with_handler(self._answer)

    @property
    def source(self) -> MetNorway:
        return MetNorway(Door(lambda: self.contact), lambda: self.now, self.base)

    @property
    def places(self) -> list[tuple[str, str]]:
        """Where it was asked about, in order."""
        return [(request.args["lat"], request.args["lon"]) for request in self.asked]

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        count("weather answers replayed")
        self.arrived.set()
        assert self.go_on.wait(20), "nobody let the weather service go on"
        modified = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        headers = {
            "Date": format_datetime(self.now.astimezone(UTC), usegmt=True),
            "Expires": format_datetime((self.now + self.expires_in).astimezone(UTC), usegmt=True),
            "Last-Modified": modified,
            **self.headers,
        }
        if self.status == 200 and request.headers.get("If-Modified-Since") == modified:
            return Response(status=304, headers=headers)
        if self.status not in (200, 203):
            return Response("<h1>no</h1>", status=self.status, headers=headers)
        return Response(self._body(request), status=self.status, headers=headers, mimetype="application/json")

    def _body(self, _request: Request) -> str:
        first = self.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        series = [_hour(first + timedelta(hours=number), self.weather) for number in range(self.hours)]
        meta = {"updated_at": f"{first:%Y-%m-%dT%H:%M:%SZ}", "units": {}}
        return json.dumps({"type": "Feature", "properties": {"meta": meta, "timeseries": series}})


class ModelRuns(MetService):
    """Says of each place what the newest run of the model says. `runs`: by place, from when each is there; all places
    get a run at the same time."""

    def __init__(
        self, server: HTTPServer, now: datetime, runs: dict[tuple[str, str], dict[datetime, str]]
    ) -> None:
        super().__init__(server, now)
        self.runs = runs
        self.turn(now)

    def turn(self, now: datetime) -> None:
        """The clock goes on; what was not published since is still the same."""
        self.now = now
        self.modified = max(at for bodies in self.runs.values() for at in bodies if at <= now)

    def _body(self, request: Request) -> str:
        return self.runs[request.args["lat"], request.args["lon"]][self.modified]


def _hour(at: datetime, weather: dict[str, Any]) -> dict[str, Any]:
    instant = {
        "air_temperature": weather.get("temperature", 12.0),
        "wind_speed": weather.get("wind", 3.0),
        "relative_humidity": 60.0,
    }
    if "gust" in weather:
        instant["wind_speed_of_gust"] = weather["gust"]
    hour = {
        "summary": {"symbol_code": weather.get("symbol", "cloudy")},
        "details": {"precipitation_amount": weather.get("rain", 0.0)},
    }
    return {
        "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "data": {"instant": {"details": instant}, "next_1_hours": hour},
    }


def want(world: World, met: MetService, *spots: Spot, hours: float = 24) -> None:
    with world.store.db.transaction(world.coach().scope, met.now) as session:
        forecasts.want(world.store, session, spots, met.now + timedelta(hours=hours), met.now)


def refresh(world: World, met: MetService) -> int:
    return forecast_jobs.refresh_due(world.store, met.source, met.now)


def held(world: World, met: MetService, spot: Spot | None) -> Held:
    with world.store.db.reading(world.coach().scope) as session:
        return forecasts.held(world.store, session, spot, PRACTICE, met.now)


def verdict(world: World, met: MetService, spot: Spot | None, in_hours: float = 2) -> Verdict:
    start_at = met.now + timedelta(hours=in_hours)
    with world.store.db.reading(world.coach().scope) as session:
        return forecasts.verdict_for(
            world.store,
            session,
            spot,
            start_at,
            start_at + timedelta(minutes=40),
            (),
            "outdoors",
            PRACTICE,
            met.now,
        )


def later(met: MetService, **span: float) -> None:
    met.now += timedelta(**span)


def wake_count(world: World) -> int:
    with world.store.db.reading(EVERYONE) as session:
        return forecasts.wakes(session).get(forecasts.FORECASTS, 0)
