"""What the weather watch says on the agenda: a line for each walk whose weather changed, with the best other hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from planner.domain.slots import Slot
from planner.domain.weather import Verdict
from planner.domain.weather_watch import WORSE
from planner.services.planning import other_hours
from planner.services.store import SignedIn, Store
from planner.services.walks import walk_queries as queries
from planner.services.walks.walk_rows import Reader, WalkRow
from planner.services.weather import weather_watch

MOST_LINES = 5
"""What does not fit stands on the page of the storm day."""
MOST_HOURS = 3


@dataclass(frozen=True, slots=True)
class WeatherLine:
    """`line`: worse or recovered. `verdict`: as it is now, or as it was said while nothing is known. `hours`: the best
    other ones, of a walk whose weather became worse; the first of one line is offered to no other."""

    walk: WalkRow
    line: str
    verdict: Verdict
    hours: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class WeatherLines:
    """`more`: how many lines do not fit. `first_on`, `last_on`: the days of all that have become worse."""

    lines: tuple[WeatherLine, ...]
    more: int = 0
    first_on: date | None = None
    last_on: date | None = None


def on_agenda(store: Store, coach: SignedIn, now: datetime) -> WeatherLines:
    """All that stands now, the walk that comes first on top. Most days that is nothing, and one question."""
    with store.db.reading(coach.scope) as session:
        rows = session.execute(queries.LINES, {"now": now}).all()
        if not rows:
            return WeatherLines(())
        days = [row.starts_local.date() for row in rows if row.line == WORSE]
        lines = _lines(store, session, coach, _first(rows), now)
        return WeatherLines(lines, len(rows) - len(lines), min(days, default=None), max(days, default=None))


def _first(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """What asks for something has room before what is fine again."""
    chosen = sorted(rows, key=lambda row: bool(row.line != WORSE))[:MOST_LINES]
    return [row for row in rows if row in chosen]


def _lines(
    store: Store, session: Session, coach: SignedIn, rows: Sequence[Row[Any]], now: datetime
) -> tuple[WeatherLine, ...]:
    worse = [row for row in rows if row.line == WORSE]
    hours = other_hours.look_around(store, session, coach, worse, now).hours(worse) if worse else {}
    reader, found = Reader(store, session, now), []
    for walk, row in zip(reader.rows(rows), rows, strict=True):
        known = walk.verdict is not None and walk.verdict.code != "unknown"
        verdict = walk.verdict if known and walk.verdict else weather_watch.told(row.known)
        found.append(WeatherLine(walk, row.line, verdict, hours.get(row.id, ())[:MOST_HOURS]))
    return tuple(found)
