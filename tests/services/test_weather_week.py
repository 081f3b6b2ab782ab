"""A week of a practice, hour by hour: thirty walks, weather that changes its mind, and what the planner says of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from sqlalchemy import select

from planner.domain.messages import Text
from planner.models import EVERYONE, Message, WeatherWatch
from planner.scheduler import Jobs, one_pass
from planner.services import message_pages, outbox_orders, weather_lines, weather_watch
from planner.services.message_pages import Shown
from planner.services.weather_lines import WeatherLine
from tests import makers
from tests.conftest import AMSTERDAM, World
from tests.mail_server import anna
from tests.outside.test_recorded_weather import BERLIN, LONDON, OSLO, recording
from tests.services.met_service import ModelRuns

NAMES = ("Sanne", "Piet", "Noor", "Karim", "Els", "Joris")
STARTS = (9, 10, 11, 13, 14, 15)
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
WEEK = Path(__file__).parents[1] / "samples" / "weather" / "week"
PLACES = {"utrecht": ("52.09", "5.12"), "hilversum": ("52.22", "5.18")}
SEPTEMBER = datetime(2027, 9, 6, 7, tzinfo=AMSTERDAM)
THERE_AFTER = timedelta(hours=1)
"""So long after its hour a run of the model can be asked for."""
Runs = dict[tuple[str, str], dict[datetime, str]]

SAID = """
ma 6 13 | Sanne di 7 9  | worse go > adapt       | heat              | vr 10 16.15, ma 6 16.15
ma 6 13 | Piet di 7 10  | worse go > adapt       | heat              | ma 6 16.15, wo 8 16.15
ma 6 13 | Noor di 7 11  | worse go > adapt       | heat              | wo 8 16.15
ma 6 13 | Karim di 7 13 | worse adapt > move     | heat              | ma 13 13, di 14 13, wo 15 13
ma 6 13 | Els di 7 14   | worse adapt > move     | heat              | ma 13 14.15, di 14 14, wo 15 14
ma 6 13 | Joris di 7 15 | worse adapt > move     | heat              | ...
ma 6 13 | Karim do 9 13 | worse go > move        | thunder,gust      | ...
ma 6 13 | Els do 9 14   | worse go > move        | thunder,gust,rain | ...
ma 6 13 | Joris do 9 15 | worse go > move        | thunder,gust,rain | ...
di 7 7  | Sanne di 7 9  | recovered adapt > go   | -                 | ...
di 7 7  | Piet di 7 10  | recovered adapt > go   | -                 | ...
di 7 7  | Noor di 7 11  | recovered adapt > go   | -                 | ...
di 7 7  | Karim di 7 13 | recovered move > adapt | heat              | ...
di 7 7  | Els di 7 14   | recovered move > adapt | heat              | ...
di 7 7  | Joris di 7 15 | recovered move > adapt | heat              | ...
di 7 7  | Sanne do 9 9  | worse go > move        | thunder,gust,rain | vr 10 16.15, do 9 16.15, wo 8 16.15
di 7 7  | Piet do 9 10  | worse go > move        | thunder,gust,rain | do 9 16.15, wo 8 16.15, di 7 16.15
di 7 7  | Noor do 9 11  | worse go > move        | thunder,gust,rain | wo 8 16.15, di 7 16.15, ma 13 9
di 7 7  | Joris do 9 15 | recovered move > adapt | rain              | ...
wo 8 7  | Els do 9 14   | recovered move > go    | -                 | -
do 9 7  | Karim do 9 13 | recovered move > go    | -                 | -
do 9 7  | Piet vr 10 10 | worse go > adapt       | fog               | ma 13 12.45, ma 13 13.45, ma 13 14.45
do 9 13 | Sanne vr 10 9 | worse go > adapt       | fog               | ma 13 9, ma 13 10, ma 13 11
vr 10 7 | Sanne vr 10 9 | recovered adapt > go   | -                 | -
vr 10 7 | Piet vr 10 10 | recovered adapt > go   | -                 | -
"""
"""When; about which walk; worse or recovered, from which verdict to which; why; the better hours, or that they stand
behind the link."""
MESSAGES = """
Sanne di 7 9 dropped outdated
Piet di 7 10 dropped outdated
Noor di 7 11 dropped outdated
Karim di 7 13 dropped outdated
Els di 7 14 copied
Els di 7 14 held
Joris di 7 15 dropped outdated
Sanne do 9 9 held
Piet do 9 10 held
Noor do 9 11 held
Karim do 9 13 dropped outdated
Els do 9 14 dropped outdated
Joris do 9 15 dropped outdated
Sanne vr 10 9 dropped outdated
Piet vr 10 10 dropped outdated
"""
"""Els heard of the heat on Monday, so that she is to hear of Tuesday; nobody else hears of weather that has passed."""


@dataclass
class Replay:
    """A practice and a weather service, and what came of every hour so far. `said`: the lines, by hour and walk."""

    world: World
    sky: ModelRuns
    names: dict[int, str] = field(default_factory=dict)
    starts: dict[int, datetime] = field(default_factory=dict)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    lines: list[tuple[str, int]] = field(default_factory=list)
    known: dict[int, str] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.coach = anna(self.world)

    def plan(self, first: datetime, days: int) -> None:
        """Six walks on each day, from two places in turn, planned a week before."""
        self.world.set_clock(first - timedelta(days=7))
        routes = [
            makers.make_route(self.world, f"Rondje {lat}", latitude=float(lat), longitude=float(lon))
            for lat, lon in self.sky.runs
        ]
        clients = [makers.make_client(self.world, name, email=f"{name}@example.org") for name in NAMES]
        for day in range(days):
            for number, client in enumerate(clients):
                starts = (first + timedelta(days=day)).replace(hour=STARTS[number], tzinfo=None)
                walk = makers.make_walk(self.world, client, starts, route_id=routes[number % 2])
                self.names[walk], self.starts[walk] = NAMES[number], starts

    def hours(self, first: datetime, days: int) -> Iterator[datetime]:
        """From seven to six: the jobs work in each hour, in some of them twice and sweeping, and the coach hears."""
        for day, hour in ((day, hour) for day in range(days) for hour in range(7, 19)):
            now = (first + timedelta(days=day)).replace(hour=hour)
            self.world.set_clock(now)
            self.sky.turn(now)
            before = len(self.sky.asked)
            for sweeping in (True, False) if hour % 3 == 1 else (False,):
                jobs = Jobs(self.world.store, self.sky.source, lambda: self.world.now)
                assert one_pass(jobs, sweeping=sweeping)
            self.asked.update((lat, lon, f"{now:%d %H}") for lat, lon in self.sky.places[before:])
            self._listen(now)
            yield now

    def _listen(self, now: datetime) -> None:
        """What was said in this hour; and that the messages that wait are about what stands."""
        with self.world.store.db.reading(EVERYONE) as session:
            rows = {row.walk_id: row for row in session.scalars(select(WeatherWatch))}
        new = [walk for walk, row in rows.items() if row.said_at is not None and row.said_at >= now]
        if new:
            found = weather_lines.on_agenda(self.world.store, self.coach, self.world.now).lines
            shown = {one.walk.id: one for one in found}
            for walk in sorted(new, key=lambda walk: self.starts[walk]):
                self.said.append(self._line(now, rows[walk], shown.get(walk)))
                self.lines.append((f"{now:%d}", walk))
        self.known = {walk: weather_watch.told(row.known).code for walk, row in rows.items()}
        coming = {
            walk: row.line for walk, row in rows.items() if self.starts[walk] > now.replace(tzinfo=None)
        }
        if new or now.hour % 4 == 0:
            owed = {
                walk for walk, line in coming.items() if line and (line == "recovered") == (walk in self.told)
            }
            assert {one.walk_id for one in self.waiting()} == owed, now

    def _line(self, now: datetime, row: WeatherWatch, shown: WeatherLine | None) -> str:
        verdict, walk = weather_watch.told(row.known), row.walk_id
        why = ",".join(reason.code for reason in verdict.reasons) or "-"
        hours = ", ".join(short(slot.start.local) for slot in shown.hours) or "-" if shown else "..."
        about = f"{self.names[walk]} {short(self.starts[walk])}"
        turn = f"{row.line} {self.known.get(walk, 'new')} > {verdict.code}"
        return f"{short(now)} | {about} | {turn} | {why} | {hours}"

    def waiting(self) -> list[Shown]:
        """The messages about weather that wait for the coach's yes."""
        found = message_pages.board(self.world.store, self.coach, self.world.now, "", mails=True).ready
        return [one for one in found if one.kind == "weather"]

    def tell(self, name: str, starts: str) -> None:
        """The coach passes on by hand what waits about one walk."""
        text = Text("Je wandeling", "Het weer", "<p>Het weer</p>")
        for one in self.waiting():
            walk = one.walk_id
            if walk is not None and (self.names[walk], short(self.starts[walk])) == (name, starts):
                now = self.world.now
                outbox_orders.sent_by_hand(self.world.store, self.coach, one.id, None, text, "", now)
                self.told.add(walk)

    def messages(self) -> list[str]:
        """Every message about weather that there was, and what became of it, by walk."""
        with self.world.store.db.reading(EVERYONE) as session:
            rows = session.scalars(
                select(Message).where(Message.kind == "weather", Message.walk_id.is_not(None))
            )
            found = [(self.starts[row.walk_id or 0], row.created_at, row) for row in rows]
        return [
            " ".join(filter(None, (self.names[row.walk_id or 0], short(starts), row.state, row.problem)))
            for starts, _made, row in sorted(found, key=lambda one: one[:2])
        ]


def short(at: datetime) -> str:
    """ma 6 14.15"""
    return f"{WEEKDAYS[at.weekday()]} {at:%-d %-H.%M}".removesuffix(".00")


def table(text: str) -> list[str]:
    return [" | ".join(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]


def test_a_week_of_weather(world: World, httpserver: HTTPServer) -> None:
    replay = Replay(world, ModelRuns(httpserver, SEPTEMBER, runs_of_the_week()))
    replay.plan(SEPTEMBER, 5)
    for now in replay.hours(SEPTEMBER, 5):
        if short(now) == "ma 6 14":
            replay.tell("Els", "di 7 14")
    print("\n".join(replay.said))
    assert replay.said == table(SAID)
    assert replay.messages() == table(MESSAGES)
    assert max(Counter(replay.lines).values()) == 1, "no walk has more than one line a day"
    assert max(replay.asked.values()) == 1, "one request for each place and hour at most"


def runs_of_the_week() -> Runs:
    """The week of our own making, by place and by when each run of the model is there."""
    found: Runs = {place: {} for place in PLACES.values()}
    for path in sorted(WEEK.glob("*.json")):
        place, _, hour = path.stem.partition("_")
        at = datetime.strptime(f"{hour}+0000", "%Y-%m-%dT%HZ%z") + THERE_AFTER
        found[PLACES[place]][at] = path.read_text(encoding="ascii")
    return found


def test_answers_that_were_really_given(world: World, httpserver: HTTPServer) -> None:
    """Recorded answers, each moved to begin the day before and one after the other: weather that changes a lot."""
    order = (OSLO, LONDON, BERLIN)
    first = datetime(2026, 11, 30, 7, tzinfo=AMSTERDAM)
    nights = [(first + timedelta(days=number)).replace(hour=5).astimezone(UTC) for number in range(3)]
    runs = {
        place: {at: moved(name, at) for at, name in zip(nights, names, strict=True)}
        for place, names in zip(PLACES.values(), (order, order[::-1]), strict=True)
    }
    replay = Replay(world, ModelRuns(httpserver, first, runs))
    replay.plan(first, 3)
    for _now in replay.hours(first, 3):
        pass
    print("\n".join(replay.said))
    assert {text.split(" | ")[2].split()[0] for text in replay.said} == {"worse", "recovered"}
    assert max(Counter(replay.lines).values()) == 1, "no walk has more than one line a day"
    assert max(replay.asked.values()) == 1, "one request for each place and hour at most"


def moved(name: str, now: datetime) -> str:
    """A recorded answer as it is, but for its dates: whole days on, so that it began on the day before."""
    whole: dict[str, Any] = json.loads(recording(name).read_text(encoding="utf-8"))
    body = whole.get("data", whole)
    series = body["properties"]["timeseries"]
    first = datetime.fromisoformat(series[0]["time"])
    by = timedelta(days=(now.date() - first.date()).days - 1)
    for entry in series:
        entry["time"] = f"{datetime.fromisoformat(entry['time']) + by:%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps(body)
