"""Lines and weather of the example practice: made up, in the shape of the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, pi, radians, sin
from typing import Any

import msgspec
from sqlalchemy import select

from planner.domain.geo import Point
from planner.domain.places import Place
from planner.domain.weather_values import Forecast, Step
from planner.domain.when import moment_to_local
from planner.formats.gpx_write import write_gpx
from planner.models import ForecastRow, Route, Walk, new_id
from planner.services.store import SignedIn, Store

POINTS = 120
METRES_PER_DEGREE = 111_195
HOURS = 80
WILD = timedelta(hours=2)
"""So long before and after one walk it blows and rains."""


@dataclass(frozen=True, slots=True)
class _Place:
    latitude: float
    longitude: float
    name: str
    kind: str


def gpx(data: dict[str, Any]) -> bytes:
    """A winding loop that begins and ends at the meeting point."""
    line = tuple(_on_loop(data, number / POINTS) for number in range(POINTS + 1))
    places = []
    for share, kind, name in data.get("points", ()):
        at = _on_loop(data, share)
        places.append(_Place(at.latitude, at.longitude, name, kind))
    return write_gpx(data["name"], (line,), places)


def _on_loop(data: dict[str, Any], share: float) -> Point:
    angle, turned = 2 * pi * share, len(data["name"])  # every route its own shape
    bends = 0.2 * sin((2 + turned % 3) * angle + turned) + 0.08 * sin((5 + turned % 4) * angle)
    start = 0.2 * sin(turned)
    radius = data["size_m"] * (1 + bends - start)
    east = radius * cos(angle) - data["size_m"]
    north = (0.55 + 0.1 * (turned % 4)) * radius * sin(angle)
    latitude = data["latitude"] + north / METRES_PER_DEGREE
    longitude = data["longitude"] + east / (METRES_PER_DEGREE * cos(radians(data["latitude"])))
    return Point(round(latitude, 6), round(longitude, 6), round(12 + 3 * sin(angle), 1))


def put_weather(store: Store, coach: SignedIn, now: datetime) -> None:
    """A forecast for every place of the coming walks, with one wild afternoon."""
    with store.db.transaction(coach.scope, now) as session:
        spots = session.execute(select(Route.latitude, Route.longitude).where(Route.latitude.is_not(None)))
        places = {Place.near(latitude or 0.0, longitude or 0.0) for latitude, longitude in spots}
        coming = list(
            session.scalars(select(Walk.starts_at).where(Walk.starts_at > now).order_by(Walk.starts_at))
        )
        last = coming[-1] if coming else now
        wild_at = next((at for at in coming if at > now + timedelta(hours=12)), last)
        held = {
            (row.latitude_c, row.longitude_c): row
            for row in session.scalars(select(ForecastRow).where(ForecastRow.source == store.weather))
        }
        body = msgspec.json.encode(_forecast(store.weather, now, wild_at)).decode()
        for place in places:
            latitude_c, longitude_c = place.hundredths
            row = held.get((latitude_c, longitude_c)) or ForecastRow(
                id=new_id(), source=store.weather, latitude_c=latitude_c, longitude_c=longitude_c
            )
            row.wanted_until, row.body = last, body
            row.fetched_at, row.expires_at = now, now + timedelta(minutes=30)
            session.add(row)


def _forecast(source: str, now: datetime, wild_at: datetime) -> Forecast:
    first = now.replace(minute=0, second=0, microsecond=0)
    steps = [_hour(first + timedelta(hours=number), wild_at) for number in range(HOURS)]
    block = steps[-1].at + timedelta(hours=1)
    block = block.replace(hour=block.hour // 6 * 6) + timedelta(hours=6)
    late = [
        Step(block + timedelta(hours=6 * number), 6, 8.0, 4.0, 85.0, None, 0.2, "cloudy")
        for number in range(28)
    ]
    return Forecast(source, now - timedelta(minutes=40), now, (*steps, *late))


def _hour(at: datetime, wild_at: datetime) -> Step:
    warm = 7 + 4 * sin(pi * max(0, moment_to_local(at).hour - 6) / 14)
    if abs(at - wild_at) < WILD:
        return Step(at, 1, warm, 13.0, 92.0, None, 4.6, "heavyrain", 5.0, 0.3)
    return Step(at, 1, warm, 3.5, 82.0, None, 0.0, "partlycloudy_day", 2.0, 0.6)
