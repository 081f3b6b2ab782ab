"""A week of thirty walks in weather that was really forecast: recorded answers, each served as a run of the model.

No number of theirs is changed. Only their days are: each answer lies on the days of this week that the tables below
say, so that what one run expects the next one may expect a day later, or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer

from planner.outside.open_meteo import OpenMeteo
from tests.conftest import AMSTERDAM, World
from tests.outside.physical import UNITS
from tests.outside.test_recorded_open_meteo import NEW_YORK, retold
from tests.outside.test_recorded_weather import BERLIN, LONDON, OSLO, recording
from tests.services.met_service import ModelRuns
from tests.services.open_meteo_service import (
    FORECAST,
    OpenMeteoService,
    choose_open_meteo,
    say_non_commercial,
)
from tests.services.replay import Replay, table

MARCH = datetime(2027, 3, 15, 7, tzinfo=AMSTERDAM)
WALKS = (5, 5, 5, 5, 5, 3, 2)
"""Thirty, from Monday to Sunday."""
RUN_AT = timedelta(hours=-2)
"""When the run of a day is there, before the coach's day begins."""
UTRECHT, HILVERSUM = ("52.09", "5.12"), ("52.22", "5.18")
MET_RUNS = {
    # of each day of the week: which answer, and on which day of the week its first hour lies
    UTRECHT: [(LONDON, -1), (LONDON, -1), (BERLIN, 1), (BERLIN, 2), (OSLO, 3), (OSLO, 3), (LONDON, 5)],
    HILVERSUM: [(OSLO, -1), (OSLO, 0), (LONDON, 1), (LONDON, 1), (BERLIN, 2), (BERLIN, 2), (OSLO, 5)],
}
"""Utrecht: mild, then heat that comes a day later than was said, then frost instead. Hilversum: frost, some mild days,
heat, and frost again."""
OPEN_METEO_RUNS = [0, 0, 1, 1, 1, 0, 0]
"""Of each day: on which day of the week the recorded 6 February in New York lies. Hard frost on Tuesday and Wednesday;
from Wednesday on it comes a day later, from Saturday on it was over a day sooner."""
MET_SAID = """
ma 15 7 | Piet ma 15 10  | worse new > move | wind_chill -10.9,slippery -4.5 | do 18 15.15, do 18 16.15, wo 17 15.15
ma 15 7 | Piet di 16 10  | worse new > move | wind_chill -12.1 | wo 17 15.15, wo 17 16.15, vr 19 15.15
ma 15 7 | Piet zo 21 10  | worse new > move | wind_chill -10.9 | ma 22 13, ma 22 14, ma 22 15
di 16 7 | Piet wo 17 10  | worse adapt > move | wind_chill -12.1 | do 18 15.15, do 18 16.15, di 23 13
di 16 7 | Piet zo 21 10  | recovered move > adapt | wind_chill -7.7 | -
wo 17 7 | Sanne wo 17 9  | worse go > adapt | heat 28 | ma 22 9, ma 22 10, ma 22 11
wo 17 7 | Piet wo 17 10  | recovered move > go | - | ...
wo 17 7 | Noor wo 17 11  | worse go > adapt | heat 30.4 | ma 22 10.15, ma 22 11.15, ma 22 12.15
wo 17 7 | Els wo 17 14   | worse go > move | heat 32 | ma 22 11.30, ma 22 12.30, ma 22 13.30
wo 17 7 | Sanne do 18 9  | worse go > adapt | heat 31.4 | ma 22 12.45, ma 22 13.45, ma 22 14.45
wo 17 7 | Noor do 18 11  | worse go > move | heat 33.7 | ma 22 14, ma 22 15, ma 22 16
wo 17 7 | Els do 18 14   | worse go > move | heat 35.2 | ...
do 18 7 | Noor do 18 11  | recovered move > adapt | heat 30.4 | ...
do 18 7 | Sanne vr 19 9  | worse go > adapt | heat 31.4 | ma 22 11.30, ma 22 12.30, ma 22 13.30
do 18 7 | Noor vr 19 11  | worse go > move | heat 33.7 | ma 22 12.45, ma 22 13.45, ma 22 14.45
do 18 7 | Els vr 19 14   | worse go > move | heat 35.2 | ma 22 14, ma 22 15, ma 22 16
vr 19 7 | Sanne vr 19 9  | worse adapt > move | wind_chill -10.9,slippery -4.7 | ma 22 13, ma 22 14, ma 22 15
vr 19 7 | Piet vr 19 10  | worse go > move | heat 32.8 | ma 22 9, ma 22 10, ma 22 11
vr 19 7 | Karim vr 19 13 | worse go > move | heat 34.9 | ma 22 10.15, ma 22 11.15, ma 22 15.30
vr 19 7 | Els vr 19 14   | recovered move > adapt | wind_chill -9.1 | ...
vr 19 7 | Sanne za 20 9  | worse go > move | wind_chill -12.7 | ma 22 15.30, ma 22 11.30, di 23 9
vr 19 7 | Noor za 20 11  | worse go > move | wind_chill -11.5 | ...
zo 21 7 | Piet zo 21 10  | worse go > move | wind_chill -10.9,slippery -4.5 | di 23 9, di 23 10, di 23 11
"""
"""When; about which walk; from which verdict to which; why, with the number; the better hours, or that they are behind
the link. Checked by hand against what was recorded: heat is the highest of the hour, wind chill is worked out of the
temperature and wind of its label."""
OPEN_METEO_SAID = """
ma 15 7 | Sanne di 16 9  | worse new > move | wind_chill -24.4,slippery -13.9 | ma 15 15.15, vr 19 15.15, vr 19 16.15
ma 15 7 | Piet di 16 10  | worse new > move | ice -13.9,wind_chill -24.6,gust 51.8 | vr 19 15.15, vr 19 16.15, do 18 16
ma 15 7 | Noor di 16 11  | worse new > move | wind_chill -24.6,gust 52.4,slippery -13.8 | do 18 16, ma 22 9, ma 22 10
ma 15 7 | Karim di 16 13 | worse new > move | wind_chill -23.7,gust 51,slippery -13.2 | ma 22 13, di 23 13, wo 24 13
ma 15 7 | Els di 16 14   | worse new > move | wind_chill -23.2,slippery -13 | ma 22 14.15, di 23 14, wo 24 14
ma 15 7 | Sanne wo 17 9  | worse new > move | wind_chill -27.9 | ...
ma 15 7 | Piet wo 17 10  | worse new > move | wind_chill -25.6 | ...
ma 15 7 | Noor wo 17 11  | worse new > move | wind_chill -23.1 | ...
ma 15 7 | Karim wo 17 13 | worse new > move | wind_chill -19 | ...
ma 15 7 | Els wo 17 14   | worse new > move | wind_chill -17.1 | ...
ma 15 7 | Sanne do 18 9  | worse new > move | wind_chill -17 | ...
ma 15 7 | Piet do 18 10  | worse new > move | wind_chill -14.8 | ...
ma 15 7 | Noor do 18 11  | worse new > move | wind_chill -12.2 | ...
ma 15 7 | Sanne vr 19 9  | worse new > move | wind_chill -10.6 | ...
wo 17 7 | Karim do 18 13 | worse adapt > move | wind_chill -19 | ...
wo 17 7 | Els do 18 14   | worse adapt > move | wind_chill -17.1 | ...
wo 17 7 | Piet vr 19 10  | worse adapt > move | wind_chill -14.8 | ...
wo 17 7 | Noor vr 19 11  | worse adapt > move | wind_chill -12.2 | ...
wo 17 7 | Sanne za 20 9  | worse adapt > move | wind_chill -10.6 | ...
za 20 7 | Sanne za 20 9  | recovered move > adapt | wind_chill -1.8,slippery 0.6,fog | -
"""


def test_a_week_of_met_norway(world: World, httpserver: HTTPServer) -> None:
    days = [MARCH + timedelta(days=number) for number in range(7)]
    runs = {
        place: {
            (day + RUN_AT).astimezone(UTC): met(name, on(first))
            for day, (name, first) in zip(days, told, strict=True)
        }
        for place, told in MET_RUNS.items()
    }
    said(Replay(world, ModelRuns(httpserver, MARCH, runs), numbers=True), MET_SAID)


def test_a_week_of_open_meteo(world: World, httpserver: HTTPServer) -> None:
    choose_open_meteo(world)
    say_non_commercial(world, "anna")
    runs = {
        (MARCH + timedelta(days=day) + RUN_AT).astimezone(UTC): open_meteo(on(first))
        for day, first in enumerate(OPEN_METEO_RUNS)
    }
    said(Replay(world, OpenMeteoRuns(httpserver, MARCH, runs), numbers=True), OPEN_METEO_SAID)


def said(replay: Replay, expected: str) -> None:
    """What the planner says in this week, hour by hour."""
    replay.plan(MARCH, WALKS)
    assert len(replay.starts) == 30
    for _now in replay.hours(MARCH, 7):
        pass
    print("\n".join(replay.said))
    assert replay.said == table(expected)
    replay.ends_well()


def on(day: int) -> date:
    """A day of the week, from Monday on."""
    return MARCH.date() + timedelta(days=day)


def met(name: str, first_on: date) -> str:
    """A recorded answer of MET Norway, whole days on, so that it begins on this day."""
    whole: dict[str, Any] = json.loads(recording(name).read_text(encoding="utf-8"))
    body = whole.get("data", whole)
    series = body["properties"]["timeseries"]
    by = first_on - datetime.fromisoformat(series[0]["time"]).date()
    for entry in series:
        entry["time"] = f"{datetime.fromisoformat(entry['time']) + by:%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps(body)


def open_meteo(first_on: date) -> dict[str, Any]:
    """The recorded answer of Open-Meteo, whole hours on, so that midnight there is midnight here on this day."""
    whole: dict[str, Any] = json.loads(
        retold(json.loads(recording(NEW_YORK).read_text(encoding="utf-8")), UNITS)
    )
    times = whole["hourly"]["time"]
    midnight = datetime(first_on.year, first_on.month, first_on.day, tzinfo=AMSTERDAM)
    by = int(midnight.timestamp()) - times[0]
    whole["hourly"]["time"] = [at + by for at in times]
    return whole


class OpenMeteoRuns:
    """Open-Meteo, which says of every place what the newest run says. `each`: from when each run is there."""

    def __init__(self, server: HTTPServer, now: datetime, each: Mapping[datetime, dict[str, Any]]) -> None:
        self.service, self.each = OpenMeteoService(server, now), each
        self.runs = dict.fromkeys((UTRECHT, HILVERSUM))

    @property
    def source(self) -> OpenMeteo:
        return self.service.source()

    @property
    def places(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for request in self.service.asked:
            if request.path == FORECAST:
                latitudes, longitudes = (request.args[name].split(",") for name in ("latitude", "longitude"))
                found += zip(latitudes, longitudes, strict=True)
        return found

    def turn(self, now: datetime) -> None:
        self.service.now = now
        self.service.whole = self.each[max(at for at in self.each if at <= now)]
