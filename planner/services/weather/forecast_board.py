"""Reading what is held of the weather: per place, with its age and what is wrong, and the verdict for a walk.

Nothing here waits for the network. What is not held is unknown, never "go".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import msgspec
from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from planner.domain.places import Place
from planner.domain.practices import PracticeSettings
from planner.domain.weather import (
    SHOWN_FOR,
    Case,
    Forecast,
    Limits,
    Setting,
    Verdict,
    limits_from,
    verdict_on,
)
from planner.models import ForecastRow
from planner.services.store import Store


class Spot(NamedTuple):
    """Where a walk starts, in degrees, as exact as the route has it. Only its place on the grid is ever used."""

    latitude: float
    longitude: float


Where: TypeAlias = Spot | Place | None
"""None: a walk without a place of its own."""


_Looked: TypeAlias = dict[tuple[Any, ...], Verdict]
MOST_LOOKED = 2_000
"""So many walks are remembered of one forecast."""
_WITHOUT: _Looked = {}
"""Of walks about which no forecast is held."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored for a place. `forecast` is None when there is none, or none younger than a day.

    `age`: since the service last confirmed it. `problem`: why asking failed the last time (needs.OutsideKind), or
    `deprecated`. `pending`: asked for, on its way, never there yet. `place_estimated`: the practice's home point.
    """

    place: Place
    place_estimated: bool = False
    forecast: Forecast | None = None
    fetched_at: datetime | None = None
    age: timedelta | None = None
    problem: str | None = None
    retry_at: datetime | None = None
    pending: bool = False
    looked: _Looked = field(default_factory=lambda: _WITHOUT, repr=False, compare=False)
    """What was said by this forecast before, in this process."""


def place_of(where: Where, settings: PracticeSettings) -> tuple[Place, bool]:
    """The place to ask for, and whether it is a guess: without one of its own, the practice's home point."""
    if where is not None:
        return Place.near(where.latitude, where.longitude), False
    return Place.near(settings.home_latitude, settings.home_longitude), True


@dataclass(frozen=True, slots=True)
class Board:
    """The forecasts a page needs, read in one go; every verdict on it costs no further question."""

    settings: PracticeSettings
    limits: Limits
    now: datetime
    rows: Mapping[Place, Held]

    @property
    def says_air(self) -> bool:
        """Whether anything here tells of air or pollen, so that it matters who walks."""
        steps = (step for held in self.rows.values() if held.forecast for step in held.forecast.steps)
        return any(
            one.air_index is not None or one.grass_pollen is not None or one.birch_pollen is not None
            for one in steps
        )

    def held(self, where: Where) -> Held:
        place, estimated = place_of(where, self.settings)
        found = self.rows.get(place) or Held(place)
        return replace(found, place_estimated=True) if estimated else found

    def case(
        self,
        where: Where,
        tags: Iterable[str] = (),
        setting: Setting = "outdoors",
        health_flags: frozenset[str] = frozenset(),
    ) -> Case:
        """What all walks from there have in common. `tags`: the environment tags of the route. `health_flags`: of the
        client."""
        held = self.held(where)
        return Case(
            held.forecast,
            held.place,
            self.now,
            self.limits,
            frozenset(tags),
            setting,
            health_flags,
            held.place_estimated,
        )

    def verdict(
        self,
        where: Where,
        start_at: datetime,
        end_at: datetime,
        tags: Iterable[str] = (),
        setting: Setting = "outdoors",
        health_flags: frozenset[str] = frozenset(),
    ) -> Verdict:
        """On a walk [start, end)."""
        case = self.case(where, tags, setting, health_flags)
        found = self.rows.get(case.place)
        return _verdict(found.looked if found else _WITHOUT, case, start_at, end_at)


def board(
    store: Store, session: Session, settings: PracticeSettings, wheres: Collection[Where], now: datetime
) -> Board:
    """Everything held of our source for these places and for the practice's home point."""
    places = {place_of(where, settings)[0] for where in (*wheres, None)}
    where = {"source": store.weather, "places": [place.hundredths for place in places]}
    found = session.execute(_HELD, where)
    rows = {held.place: held for held in (_held(row, now) for row in found)}
    return Board(settings, limits_from(settings.limits)[0], now, rows)


def held(store: Store, session: Session, where: Where, settings: PracticeSettings, now: datetime) -> Held:
    """What is held for one place, with its age and what is wrong."""
    return board(store, session, settings, [where], now).held(where)


def verdict_for(
    store: Store,
    session: Session,
    spot: Where,
    start_at: datetime,
    end_at: datetime,
    tags: Iterable[str],
    setting: Setting,
    settings: PracticeSettings,
    now: datetime,
) -> Verdict:
    """The verdict for one walk, from what is held. For a list: `board`, one question for all."""
    return board(store, session, settings, [spot], now).verdict(spot, start_at, end_at, tags, setting)


_HELD = select(
    ForecastRow.latitude_c,
    ForecastRow.longitude_c,
    ForecastRow.body,
    ForecastRow.fetched_at,
    ForecastRow.problem,
    ForecastRow.retry_at,
).where(
    ForecastRow.source == bindparam("source"),
    tuple_(ForecastRow.latitude_c, ForecastRow.longitude_c).in_(bindparam("places", expanding=True)),
)

_forecast = msgspec.json.Decoder(Forecast)


@lru_cache(maxsize=256)
def _decoded(body: str, fetched_at: datetime) -> tuple[Forecast, _Looked]:
    """The forecast as it was confirmed last (a 304 confirms what we hold), and room for what is found in it."""
    return replace(_forecast.decode(body), fetched_at=fetched_at), {}


def _verdict(looked: _Looked, case: Case, start_at: datetime, end_at: datetime) -> Verdict:
    """The same forecast says the same of the same hours, whoever asks, until it is old: many pages show the same
    walks."""
    if case.age(end_at) > min(timedelta(hours=case.limits.stale_after_h), SHOWN_FOR):
        return verdict_on(case, start_at, end_at)
    key = (
        start_at, end_at, case.place, case.limits, case.surroundings, case.setting, case.health_flags,
        case.place_estimated,
    )  # fmt: skip
    found = looked.get(key)
    if found is None:
        if len(looked) >= MOST_LOOKED:
            looked.clear()
        found = looked[key] = verdict_on(case, start_at, end_at)
    return found


def _held(row: Any, now: datetime) -> Held:
    age = now - row.fetched_at if row.fetched_at else None
    forecast: Forecast | None = None
    looked = _WITHOUT
    if row.body and age is not None and age <= SHOWN_FOR:
        forecast, looked = _decoded(row.body, row.fetched_at)
    return Held(
        place=Place.from_hundredths(row.latitude_c, row.longitude_c),
        forecast=forecast,
        fetched_at=row.fetched_at,
        age=age,
        problem=row.problem,
        retry_at=row.retry_at,
        pending=row.fetched_at is None and row.problem is None,
        looked=looked,
    )
