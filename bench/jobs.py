"""Jobs beside plain ways to the same: better hours, a recording of 5,000 points, a calendar of 200 walks."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench import best_hours
from bench.rounds import Compared, WrongAnswer, in_turns
from planner.domain.geo import length_m, simplify
from planner.domain.when import ZONE
from planner.formats import ical
from planner.formats.gpx import read_gpx
from planner.formats.ical import WalkEvent

POINTS, WALKS = 5000, 200
TOLERANCE_M = 5.0
SEED = 3
SAME_LENGTH = 0.005
"""So far apart two ways to measure a line may be: not everybody takes the same earth."""


def compared() -> dict[str, Compared]:
    """By name: ours, and the other way. Raises WrongAnswer when they do not agree."""
    return {"better hours": best_hours.compared(), "gpx": _gpx(), "ics": _ics()}


def recording(points: int = POINTS) -> bytes:
    """As a watch writes it: a point each few metres, with height and time."""
    chance, lines = random.Random(SEED), []
    latitude, longitude, bearing = 52.1, 5.2, 0.0
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    for number in range(points):
        bearing += chance.gauss(0, 0.15)
        latitude += math.cos(bearing) * 2e-5
        longitude += math.sin(bearing) * 3e-5
        lines.append(
            f'<trkpt lat="{latitude:.6f}" lon="{longitude:.6f}"><ele>{10 + math.sin(number / 200):.1f}</ele>'
            f"<time>{at + timedelta(seconds=2 * number):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        )
    body = "\n".join(lines)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="bench" '
    return (
        f'{head}xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{body}</trkseg></trk></gpx>'.encode()
    )


def _gpx() -> Compared:
    """In, measured and simplified; the other by gpxpy, which is Python throughout."""
    import gpxpy

    data = recording()
    lengths: list[float] = []

    def ours() -> int:
        segments = read_gpx(data).segments
        lengths.append(length_m(segments))
        simplify(segments, TOLERANCE_M)
        return sum(map(len, segments))

    def other() -> int:
        found = gpxpy.parse(data.decode())
        points = found.get_points_no()
        lengths.append(found.length_2d())
        found.simplify(max_distance=TOLERANCE_M)
        return int(points)

    done = in_turns(ours, other)
    if max(lengths) > min(lengths) * (1 + SAME_LENGTH):
        raise WrongAnswer
    return done


def _ics() -> Compared:
    """Ours is written with the same library, and remembered by revision (not here): it says more of each walk, and
    cleans what it says."""
    from icalendar import Calendar, Event

    start = datetime(2026, 3, 2, 9)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    walks = [
        WalkEvent(f"{number:032x}@stapvoorstap", 0, start + timedelta(days=number), 45, "Wandeling", moment)
        for number in range(WALKS)
    ]

    def other() -> bytes:
        calendar = Calendar()
        calendar.add("prodid", "-//bench//NL")
        calendar.add("version", "2.0")
        for walk in walks:
            event = Event()
            event.add("uid", walk.uid)
            event.add("summary", walk.summary)
            event.add("dtstamp", walk.last_modified_at)
            starts = walk.starts_local.replace(tzinfo=ZoneInfo(ZONE))
            event.add("dtstart", starts)
            event.add("dtend", starts + timedelta(minutes=walk.minutes))
            calendar.add_component(event)
        return bytes(calendar.to_ical())

    def events(write: Callable[[], bytes]) -> Callable[[], int]:
        return lambda: write().count(b"BEGIN:VEVENT")

    return in_turns(events(lambda: ical.walks(walks)), events(other))
