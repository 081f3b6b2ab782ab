"""Makes the answers in `week`: our own numbers, in the shape MET Norway gives outside its Nordic area.

A warm week in September at two places, as each run of the model says it: heat that comes into the outlook of Tuesday
and passes, a front with thunder that comes in for Thursday, shifts from the afternoon to the morning and gets hours,
and fog on Friday that clears. Between two runs nothing changes. Nothing was recorded; run it from anywhere to write
them again.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from math import cos, pi, sin
from pathlib import Path
from typing import Any

from make_samples import UNITS, stamp

HERE = Path(__file__).parent / "week"
PLACES = {"utrecht": (52.09, 5.12), "hilversum": (52.22, 5.18)}
HOURS, BLOCKS = 36, 14
SUMMER_TIME = timedelta(hours=2)
WARMTH = {6: 26.0, 7: 28.0, 8: 29.0, 9: 22.0, 10: 20.0}
"""The highest temperature of each day, until a run says otherwise."""
THUNDER = {"symbol": "heavyrainandthunder", "rain": 3.5, "wind": 9.0}
SQUALLS = {"symbol": "rain", "rain": 1.4, "wind": 13.0}
SHOWERS = {"symbol": "lightrain", "rain": 0.7, "wind": 6.0}
FOG = {"symbol": "fog", "fog": 80.0, "wind": 0.8}
FRONT = [("utrecht", "09T08", "09T11", THUNDER), ("utrecht", "09T11", "09T12", SQUALLS)]
LATER = [("hilversum", "09T09", "09T12", THUNDER), ("hilversum", "09T12", "09T15", SQUALLS)]
SOONER = [("hilversum", "09T08", "09T11", THUNDER), ("hilversum", "09T11", "09T12", SQUALLS)]
MIST = ("hilversum", "10T06", "10T11", FOG)
RUNS: dict[str, tuple[dict[int, float], list[tuple[str, str, str, dict[str, Any]]]]] = {
    # day and hour of the run in UTC: the warmth it sees on which day; where, from, until (on the Dutch clock), what
    "06T04": ({}, []),
    "06T10": ({7: 33.5}, [("", "09T14", "09T20", THUNDER)]),
    "07T04": ({7: 28.5}, [("", "09T08", "09T14", THUNDER), ("", "09T14", "09T20", SHOWERS)]),
    "08T04": ({}, FRONT + LATER),
    "09T04": ({}, [*FRONT, *SOONER, MIST]),
    "09T10": ({}, [MIST, ("utrecht", "10T06", "10T10", FOG)]),
    "10T04": ({}, [("hilversum", "10T06", "10T10", FOG)]),
}  # fmt: skip


def weather(run: str, place: str, at: datetime) -> dict[str, Any]:
    """What this run says of an hour: the calm day, and what comes over it."""
    local = at + SUMMER_TIME
    warmest = (WARMTH | RUNS[run][0]).get(local.day, 20.0)
    found: dict[str, Any] = {
        "symbol": "fair_day" if 7 <= local.hour < 20 else "fair_night",
        "rain": 0.0,
        "wind": 2.5,
        "fog": 0.0,
        "warmth": warmest - 6.0 + 6.0 * cos((local.hour - 15) * pi / 12),
        "uv": max(0.0, 3.4 * sin((local.hour - 7.6) * pi / 12.4)),
    }
    for where, since, until, change in RUNS[run][1]:
        if where in ("", place) and since <= f"{local:%dT%H}" < until:
            found |= change
    return found


def instant(run: str, place: str, at: datetime, *, hourly: bool) -> dict[str, Any]:
    now = weather(run, place, at)
    details = {
        "air_temperature": round(now["warmth"], 1),
        "relative_humidity": 38.0,
        "wind_speed": now["wind"],
    }
    if hourly:
        details |= {"fog_area_fraction": now["fog"], "ultraviolet_index_clear_sky": round(now["uv"], 1)}
    return {"instant": {"details": details}}


def hour(run: str, place: str, at: datetime) -> dict[str, Any]:
    """One entry of the hourly part."""
    now = weather(run, place, at)
    details = {"precipitation_amount": now["rain"]}
    period = {"summary": {"symbol_code": now["symbol"]}, "details": details}
    return {
        "time": stamp(at),
        "data": {**instant(run, place, at, hourly=True), "next_1_hours": period},
    }


def block(run: str, place: str, at: datetime, *, last: bool) -> dict[str, Any]:
    """Six hours, after the hourly part: the worst symbol, the sum and the extremes of its hours; the last has none."""
    data = instant(run, place, at, hourly=False)
    if not last:
        six = [weather(run, place, at + timedelta(hours=number)) for number in range(6)]
        wettest, warmths = max(six, key=lambda one: float(one["rain"])), [one["warmth"] for one in six]
        details = {
            "air_temperature_max": round(max(warmths), 1),
            "air_temperature_min": round(min(warmths), 1),
            "precipitation_amount": round(sum(one["rain"] for one in six), 1),
        }
        data["next_6_hours"] = {"summary": {"symbol_code": wettest["symbol"]}, "details": details}
    return {"time": stamp(at), "data": data}


def answer(run: str, place: str) -> dict[str, Any]:
    """All that a run says of a place: hours, then blocks that begin at 00, 06, 12 and 18 UTC."""
    latitude, longitude = PLACES[place]
    start = datetime.strptime(f"2027-09-{run}+0000", "%Y-%m-%dT%H%z").astimezone(UTC)
    hours = HOURS + -(start.hour + HOURS) % 6
    series = [hour(run, place, start + timedelta(hours=number)) for number in range(hours)]
    for number in range(BLOCKS):
        at = start + timedelta(hours=hours + 6 * number)
        series.append(block(run, place, at, last=number == BLOCKS - 1))
    meta = {"updated_at": stamp(start), "units": UNITS}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude, 4]},
        "properties": {"meta": meta, "timeseries": series},
    }


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for run in RUNS:
        for place in PLACES:
            text = json.dumps(answer(run, place), separators=(",", ":"))
            (HERE / f"{place}_2027-09-{run}Z.json").write_text(text + "\n", encoding="ascii")
