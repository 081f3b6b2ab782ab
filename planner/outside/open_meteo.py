"""Open-Meteo's forecast, air quality and pollen, by its terms: CC BY 4.0, the free host for non-commercial use only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from planner.domain.needs import FetchResult, Known, OutsideFailed
from planner.domain.places import Place
from planner.outside import open_meteo_json as read
from planner.outside.http import Answer, Door, failed
from planner.outside.manners import kind_of, pause_s

NAME = "open-meteo"
AT_ONCE = 40
"""Places in one question: about 700 kB in answer, well within what the door takes."""
EXPIRY_S = 3600.0
"""The service gives no time of its own; its models run hourly at most."""
ALONE_AFTER_S = 60.0
"""A refusal that may be about one place of several: soon after, each is asked for by itself."""
_PLACE_AT_FAULT = ("bad_request", "not_covered")
_LIMITS_S = {"minutely": 60.0, "hourly": 3600.0, "monthly": 86_400.0}


class Service(NamedTuple):
    """One of the two hosts, with what we ask there. `days` counts today."""

    free: str
    paid: str
    path: str
    columns: Mapping[str, read.Column]
    days: int


FORECAST = Service(
    "https://api.open-meteo.com", "https://customer-api.open-meteo.com", "/v1/forecast", read.WEATHER, 11
)
AIR_QUALITY = Service(
    "https://air-quality-api.open-meteo.com",
    "https://customer-air-quality-api.open-meteo.com",
    "/v1/air-quality",
    read.AIR,
    7,
)


@dataclass(frozen=True, slots=True)
class OpenMeteo:
    """A WeatherSource. The key goes in a header: an address ends up in logs. Without one, nothing is asked until
    `non_commercial` says that the free host may be used. `base_url`: one host for both services, up to the path."""

    door: Door
    clock: Callable[[], datetime]
    non_commercial: Callable[[], bool]
    key: str | None = field(default=None, repr=False)
    base_url: str | None = None

    @property
    def name(self) -> str:
        return NAME

    @property
    def at_once(self) -> int:
        return AT_ONCE

    def fetch(self, asked: Mapping[Place, Known]) -> Mapping[Place, FetchResult]:
        """Ask both services once. Raises OutsideFailed with how long to leave it alone."""
        try:
            return self._fetch(tuple(asked))
        except OutsideFailed as problem:
            several = len(asked) > 1 and problem.kind in _PLACE_AT_FAULT
            pause = ALONE_AFTER_S if several else pause_s(problem, asked.values())
            raise OutsideFailed(problem.kind, pause) from None

    def _fetch(self, places: Sequence[Place]) -> dict[Place, FetchResult]:
        if self.key is None and not self.non_commercial():
            raise failed("not_configured")
        air = self._air(places)
        weather = self._ask(FORECAST, places)
        now = self.clock().astimezone(UTC)
        found = {}
        for place, labels in zip(places, weather, strict=True):
            forecast = read.forecast_from(labels, air.get(place, {}), NAME, now)
            if forecast is not None:
                found[place] = FetchResult(forecast, now, EXPIRY_S, None)
        if not found:
            raise failed("garbage")
        return found

    def _air(self, places: Sequence[Place]) -> dict[Place, read.Labels]:
        """Air and pollen are extra: without them the weather still comes. Only being told to stop stops all."""
        try:
            return dict(zip(places, self._ask(AIR_QUALITY, places), strict=True))
        except OutsideFailed as problem:
            if problem.kind in ("throttled", "not_configured"):
                raise
            return {}

    def _ask(self, service: Service, places: Sequence[Place]) -> list[read.Labels]:
        """What one service says about each place, in order."""
        host = self.base_url or (service.free if self.key is None else service.paid)
        query = "&".join(
            (
                "latitude=" + ",".join(f"{place.latitude:.2f}" for place in places),
                "longitude=" + ",".join(f"{place.longitude:.2f}" for place in places),
                "hourly=" + ",".join(service.columns),
                "wind_speed_unit=ms&timeformat=unixtime&timezone=GMT",
                f"forecast_days={service.days}",
            )
        )
        answer = self.door.get(f"{host}{service.path}?{query}", {"X-Api-Key": self.key} if self.key else None)
        if answer.status != 200:
            raise self._refused(answer)
        return [read.labels(one, service.columns) for one in read.locations(answer.body, len(places))]

    def _refused(self, answer: Answer) -> OutsideFailed:
        said = read.reason(answer.body)
        if answer.status == 429:
            return OutsideFailed("throttled", _until(said, self.clock().astimezone(UTC)))
        if answer.status == 400 and "api key" in said:
            return failed("refused")
        if answer.status == 400 and "no data is available" in said:
            return failed("not_covered")
        return OutsideFailed(kind_of(answer.status), 0)


def _until(said: str, now: datetime) -> float:
    """How long a limit lasts, by the first word of the refusal: a minute, an hour, until tomorrow."""
    first = said.partition(" ")[0]
    if first == "daily":
        tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        return (tomorrow - now).total_seconds()
    return _LIMITS_S.get(first, 60.0)
