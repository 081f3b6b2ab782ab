"""MET Norway's Locationforecast 2.0 `complete`, by its terms of service (CC BY 4.0, contact in the User-Agent)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from planner.domain.needs import FetchResult, Known, OutsideFailed
from planner.domain.places import Place
from planner.outside.http import Answer, Door
from planner.outside.manners import kind_of, pause_s
from planner.outside.met_norway_json import forecast_from

BASE_URL = "https://api.met.no/weatherapi"
NAME = "met-norway"
USUAL_EXPIRY_S = 1800.0
SHORTEST_EXPIRY_S, LONGEST_EXPIRY_S = 60.0, 5 * 3600.0
"""Longer would make what we hold old before we may ask again."""

_LONGEST_HEADER = 60
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT")


@dataclass(frozen=True, slots=True)
class MetNorway:
    """A WeatherSource. `base_url` up to and including `/weatherapi`; `clock` gives our own time, aware."""

    door: Door
    clock: Callable[[], datetime]
    base_url: str = BASE_URL

    @property
    def name(self) -> str:
        return NAME

    @property
    def at_once(self) -> int:
        return 1

    def fetch(self, asked: Mapping[Place, Known]) -> Mapping[Place, FetchResult]:
        """Ask once; conditionally when we hold a body. Raises OutsideFailed with how long to leave it alone."""
        ((place, known),) = asked.items()
        condition = {"If-Modified-Since": known.last_modified} if known.last_modified else {}
        query = f"lat={place.latitude:.2f}&lon={place.longitude:.2f}"
        try:
            answer = self.door.get(f"{self.base_url}/locationforecast/2.0/complete?{query}", condition)
            return {place: self._read(answer, known)}
        except OutsideFailed as problem:
            raise OutsideFailed(problem.kind, pause_s(problem, [known])) from None

    def _read(self, answer: Answer, known: Known) -> FetchResult:
        now = self.clock().astimezone(UTC)
        modified = answer.headers.get("last-modified")
        modified = modified if modified and len(modified) <= _LONGEST_HEADER else None
        expires_in_s = _expires_in_s(answer)
        if answer.status == 304 and known.last_modified:
            return FetchResult(None, now, expires_in_s, modified or known.last_modified)
        if answer.status not in (200, 203):
            raise OutsideFailed(kind_of(answer.status), _asked_pause_s(answer, now))
        forecast = forecast_from(answer.body, NAME, now)
        return FetchResult(forecast, now, expires_in_s, modified, deprecated=answer.status == 203)


def _expires_in_s(answer: Answer) -> float:
    """How long the answer holds by the service's own clock: Expires minus Date, within sane bounds."""
    expires, date = (_moment(answer.headers.get(name)) for name in ("expires", "date"))
    if expires is None or date is None or expires <= date:
        return USUAL_EXPIRY_S
    return min(max((expires - date).total_seconds(), SHORTEST_EXPIRY_S), LONGEST_EXPIRY_S)


def _moment(header: str | None) -> datetime | None:
    """A date as HTTP writes it; None for anything else. Of two (a proxy may add its own) the last."""
    dates = _HTTP_DATE.findall(header or "")
    try:
        return parsedate_to_datetime(dates[-1]).astimezone(UTC) if dates else None
    except ValueError:
        return None


def _asked_pause_s(answer: Answer, now: datetime) -> float:
    """What Retry-After asks, in seconds or as a date; 0 when it asks nothing."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    until = _moment(asked)
    return max((until - (_moment(answer.headers.get("date")) or now)).total_seconds(), 0.0) if until else 0.0
