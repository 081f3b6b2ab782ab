"""The page of a storm day: every walk of a period with its weather, and another hour for each. Saves nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from planner.domain.slots import Slot
from planner.domain.storm import MOVE, SHORTEN, STORM_CHOICES
from planner.domain.walks import OUTDOORS, PLANNED
from planner.domain.weather_rules import BADNESS
from planner.domain.when import local_to_moment
from planner.services.clients import clients
from planner.services.planning import other_hours
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.walks import storm_lengths, walk_rows
from planner.services.walks import walk_queries as queries
from planner.services.walks.storm_lengths import Shorter
from planner.services.walks.walk_rows import Reader, WalkRow, spot_of
from planner.services.weather import forecasts
from planner.services.weather.forecasts import Held


@dataclass(frozen=True, slots=True)
class StormWalk:
    """`hour`: the best other one, that no other walk on the page is offered. `shorter`: the length that is offered.
    `open`: it is planned, to come, and outdoors, so that there is something to choose. `chosen`: the coach chose
    something for it already, whatever became of it since."""

    walk: WalkRow
    version: int
    hour: Slot | None
    shorter: Shorter | None
    open: bool
    chosen: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        if self.chosen:
            return STORM_CHOICES
        gone = {MOVE} if self.hour is None else set()
        gone |= {SHORTEN} if self.shorter is None else set()
        return tuple(code for code in STORM_CHOICES if code not in gone)

    @property
    def by_route(self) -> bool:
        """Whether the route says how short it may be."""
        return self.shorter is not None and self.shorter.length is not None

    @property
    def verdict_code(self) -> str:
        return self.walk.verdict.code if self.walk.verdict else "unknown"


@dataclass(frozen=True, slots=True)
class StormDay:
    """`pending`: a forecast is on its way. `problem`: why one is missing."""

    walks: tuple[StormWalk, ...]
    pending: bool = False
    problem: str | None = None

    @property
    def to_decide(self) -> tuple[StormWalk, ...]:
        return tuple(one for one in self.walks if one.open or one.chosen)

    @property
    def elsewhere(self) -> tuple[StormWalk, ...]:
        """The weather does not matter there."""
        return tuple(one for one in self.walks if not (one.open or one.chosen))

    @property
    def kinds(self) -> dict[str, int]:
        """How many walks with each verdict, worst first; only where there are several."""
        codes = [one.verdict_code for one in self.to_decide]
        ranked = sorted(set(codes), key=lambda code: -_badness(code))
        return {code: codes.count(code) for code in ranked if codes.count(code) > 1}


def _badness(code: str) -> int:
    ranks: Mapping[str, int] = {str(level): rank for level, rank in BADNESS.items()}
    return ranks[code]


def open_day(
    store: Store,
    coach: SignedIn,
    from_local: datetime,
    until_local: datetime,
    now: datetime,
    also: Collection[int] = (),
) -> StormDay:
    """The coach's planned walks that start in [from, until), by the clock on the wall. `also`: these walks too,
    whatever became of them. Raises TimeDoesNotExist."""
    with store.db.reading(coach.scope) as session:
        zone = settings_of(practice_of(session, coach.scope)).zone
        from_at, until_at = local_to_moment(from_local, zone), local_to_moment(until_local, zone)
        asked = {"from_at": from_at, "until_at": until_at, "now": now, "also": list(also)}
        rows = session.execute(queries.TOGETHER, asked).all()
        if not rows:
            return StormDay(())
        walks = Reader(store, session, now).rows(rows)
        around = other_hours.look_around(store, session, coach, rows, now)
        hours = around.hours(row for row, _walk in _worst_first(rows, walks, now))
        lengths = _shorter(store, session, [row for row in rows if _is_open(row, now)])
        held = [around.finder.board.held(spot_of(row)) for row in rows if row.setting == OUTDOORS]
    return StormDay(
        tuple(
            StormWalk(
                walk,
                row.version,
                next(iter(hours.get(row.id, ())), None),
                lengths.get(row.id),
                _is_open(row, now),
                row.id in also,
            )
            for row, walk in zip(rows, walks, strict=True)
        ),
        any(_on_its_way(one) for one in held)
        and any(row.starts_at < now + forecasts.HORIZON for row in rows),
        next((one.problem for one in held if one.forecast is None and one.problem), None),
    )


def _is_open(row: Row[Any], now: datetime) -> bool:
    return bool(row.status == PLANNED and row.starts_at > now and row.setting == OUTDOORS)


def _worst_first(
    rows: Sequence[Row[Any]], walks: Sequence[WalkRow], now: datetime
) -> list[tuple[Row[Any], WalkRow]]:
    """Who needs another hour most chooses first."""
    pairs = [pair for pair in zip(rows, walks, strict=True) if _is_open(pair[0], now)]
    return sorted(pairs, key=lambda pair: -_badness(pair[1].verdict.code if pair[1].verdict else "unknown"))


def _shorter(store: Store, session: Session, rows: Collection[Row[Any]]) -> dict[int, Shorter]:
    walks = walk_rows.open_walks(store, session, [row.id for row in rows])
    who = clients.open_clients(store, session, {row.client_id for row in rows})
    return storm_lengths.shorter_of(store, session, walks.values(), who)


def _on_its_way(held: Held) -> bool:
    return held.forecast is None and held.problem is None
