"""A practice with its walks and a weather service, gone through hour by hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select

from planner.domain.messages import Text
from planner.domain.needs import WeatherSource
from planner.domain.weather import Reason
from planner.models import EVERYONE, Message, WeatherWatch
from planner.scheduler import Jobs, one_pass
from planner.services.messages import message_pages, outbox_orders
from planner.services.messages.message_pages import Shown
from planner.services.weather import weather_lines, weather_watch
from planner.services.weather.weather_lines import WeatherLine
from tests import makers
from tests.conftest import World
from tests.mail_server import anna

NAMES = ("Sanne", "Piet", "Noor", "Karim", "Els", "Joris")
STARTS = (9, 10, 11, 13, 14, 15)
WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


class Sky(Protocol):
    """A weather service of ours. `runs`: what it says, by place; `places`: about which it was asked, in order."""

    @property
    def runs(self) -> Mapping[tuple[str, str], Any]: ...
    @property
    def source(self) -> WeatherSource: ...
    @property
    def places(self) -> Sequence[tuple[str, str]]: ...
    def turn(self, now: datetime) -> None: ...


@dataclass
class Replay:
    """A practice and a weather service, and what came of every hour so far. `said`: the lines, by hour and walk, with
    the numbers behind them when `numbers`."""

    world: World
    sky: Sky
    numbers: bool = False
    names: dict[int, str] = field(default_factory=dict)
    starts: dict[int, datetime] = field(default_factory=dict)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    lines: list[tuple[str, int]] = field(default_factory=list)
    known: dict[int, str] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.coach = anna(self.world)

    def plan(self, first: datetime, walks: Sequence[int]) -> None:
        """So many walks on each day, from two places in turn, planned a week before."""
        self.world.set_clock(first - timedelta(days=7))
        routes = [
            makers.make_route(self.world, f"Rondje {lat}", latitude=float(lat), longitude=float(lon))
            for lat, lon in self.sky.runs
        ]
        clients = [makers.make_client(self.world, name, email=f"{name}@example.org") for name in NAMES]
        for day, many in enumerate(walks):
            for number, client in enumerate(clients[:many]):
                starts = (first + timedelta(days=day)).replace(hour=STARTS[number], tzinfo=None)
                walk = makers.make_walk(self.world, client, starts, route_id=routes[number % 2])
                self.names[walk], self.starts[walk] = NAMES[number], starts

    def hours(self, first: datetime, days: int) -> Iterator[datetime]:
        """From seven to six: the jobs work in each hour, in some of them twice and sweeping, and the coach hears."""
        for day, hour in ((day, hour) for day in range(days) for hour in range(7, 19)):
            now = (first + timedelta(days=day)).replace(hour=hour)
            self.world.set_clock(now)
            self.sky.turn(now)
            before = len(self.sky.places)
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
        why = ",".join(self._why(reason) for reason in verdict.reasons) or "-"
        hours = ", ".join(short(slot.start.local) for slot in shown.hours) or "-" if shown else "..."
        about = f"{self.names[walk]} {short(self.starts[walk])}"
        turn = f"{row.line} {self.known.get(walk, 'new')} > {verdict.code}"
        return f"{short(now)} | {about} | {turn} | {why} | {hours}"

    def _why(self, reason: Reason) -> str:
        value = reason.value if self.numbers else None
        return reason.code if value is None else f"{reason.code} {round(value, 1):g}"

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

    def ends_well(self) -> None:
        """What holds of every week."""
        assert max(Counter(self.lines).values()) == 1, "no walk has more than one line a day"
        assert max(self.asked.values()) == 1, "one request for each place and hour at most"

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
