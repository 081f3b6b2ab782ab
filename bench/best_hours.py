"""Best hours for 200 clients over 14 days, against plain rules."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.rounds import Compared, in_turns
from planner.domain.daylight import daylight
from planner.domain.free_time import HORIZON_DAYS, Around, Taken, quarters, walk_taken
from planner.domain.places import Place
from planner.domain.practices import PracticeSettings
from planner.domain.slots import Habits, habits_of
from planner.domain.weather import Forecast, Limits, Step
from planner.services.calendars import public_holidays
from planner.services.planning.slots import Finder, WalkWish
from planner.services.weather.forecast_board import Board, Held
from tests.plain_hours import plain_hours

CLIENTS, WALKS, PLACES = 200, 30, 6
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOURLY_H, BLOCKS = 58, 31
"""As MET Norway gives it: hours for two and a half days, then blocks of six hours until the tenth day."""


@dataclass(frozen=True)
class Practice:
    """A coach with a full agenda, and clients who all ask at once."""

    settings: PracticeSettings
    forecasts: dict[Place, Forecast]
    walks: tuple[Taken, ...]
    clients: tuple[tuple[WalkWish, Habits], ...]


def made(clients: int = CLIENTS) -> Practice:
    chance = random.Random(11)
    places = [Place.near(52.0 + number / 10, 5.0 + number / 10) for number in range(PLACES)]
    walks = (
        walk_taken(
            NOW + timedelta(days=chance.randrange(HORIZON_DAYS), hours=chance.randrange(2, 9)),
            40,
            Around(15, 15),
            number,
        )
        for number in range(WALKS)
    )
    return Practice(
        PracticeSettings(),
        {place: _forecast(chance, hourly=bool(number % 2)) for number, place in enumerate(places)},
        tuple(walks),
        tuple((_wish(chance, places), _habits(chance)) for _ in range(clients)),
    )


def _wish(chance: random.Random, places: list[Place]) -> WalkWish:
    tags = frozenset({"forest"}) if chance.random() < 0.3 else frozenset()
    return WalkWish(chance.choice((30, 40, 50, 60)), where=chance.choice(places), tags=tags)


def _habits(chance: random.Random) -> Habits:
    return habits_of([datetime(2026, 11, chance.randrange(2, 22), chance.randrange(9, 16)) for _ in range(5)])


def _forecast(chance: random.Random, *, hourly: bool) -> Forecast:
    """One service gives hours for all its days, another blocks of six after the first."""
    midnight = NOW.replace(hour=0)
    hours = [
        _step(chance, midnight + timedelta(hours=number), 1) for number in range(240 if hourly else HOURLY_H)
    ]
    first = midnight + timedelta(hours=60)
    blocks = [] if hourly else [_step(chance, first + timedelta(hours=6 * n), 6) for n in range(BLOCKS)]
    return Forecast("here", NOW, NOW, (*hours, *blocks))


def _step(chance: random.Random, at: datetime, span_h: int) -> Step:
    return Step(
        at,
        span_h,
        temperature_c=chance.uniform(3, 13),
        wind_ms=chance.uniform(0, 8),
        humidity_pct=80.0,
        gust_ms=chance.uniform(4, 16),
        precip_mm=max(0.0, chance.gauss(-0.3, 0.9)) * span_h,
        symbol=chance.choice(("cloudy", "rain", "fog", "rainandthunder"))
        if chance.random() < 0.3
        else "cloudy",
    )


def shared(practice: Practice) -> list[list[datetime]]:
    """One finder, asked for everybody."""
    rows = {place: Held(place, forecast=forecast) for place, forecast in practice.forecasts.items()}
    board = Board(practice.settings, Limits(), NOW, rows)
    finder = Finder(practice.settings, board, NOW.date(), practice.walks)
    found = (finder.answer(wish, habits) for wish, habits in practice.clients)
    return [[slot.start.at for slot in answer.proposal.slots] for answer in found]


def plain(practice: Practice) -> list[list[datetime]]:
    """Every start of every client by itself; only the quarters of the agenda are laid out once."""
    settings, on = practice.settings, NOW.date()
    around = Around(settings.minutes_before, settings.minutes_after)
    holidays = public_holidays.between(on, on + timedelta(days=HORIZON_DAYS - 1))
    starts = quarters(settings, holidays, on)
    found = []
    for wish, habits in practice.clients:
        assert isinstance(wish.where, Place)
        forecast = practice.forecasts[wish.where]
        found.append(
            plain_hours(
                starts,
                practice.walks,
                around,
                wish.minutes,
                forecast,
                wish.where,
                NOW,
                Limits(),
                wish.tags,
                habits,
            )
        )
    return found


def compared() -> Compared:
    """Raises WrongAnswer when the shared search and plain rules do not agree."""
    practice = made()

    def ours() -> object:
        daylight.cache_clear()
        return shared(practice)

    def other() -> object:
        daylight.cache_clear()
        return plain(practice)

    return in_turns(ours, other)
