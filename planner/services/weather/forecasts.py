"""Forecasts per place on the grid of 0.01 degree: asking for them, and (from their own modules) reading and fetching.

A page asks with `want` and reads with `board`; it never waits. The jobs process looks at the `wake` row every second
and fetches. What is kept asked for is worked out from the coming walks; `want` is for what somebody looks at now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Table, and_, case, literal, or_, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from planner.domain.places import Place
from planner.models import Base, ForecastRow, Wake, new_id
from planner.services.store import Store
from planner.services.weather.forecast_board import (
    Board,
    Held,
    Spot,
    Where,
    board,
    held,
    place_of,
    verdict_for,
)

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

__all__ = [
    "FORECASTS", "HORIZON", "Board", "Held", "Spot", "Where", "ask_for", "board", "due", "held",
    "insert_into", "place_of", "verdict_for", "wake", "wake_in", "wakes", "want",
]  # fmt: skip

FORECASTS = "forecasts"
"""The wake row the jobs process looks at."""
HORIZON = timedelta(days=10)
"""The service looks nine to ten days ahead; nothing is asked for a walk further away."""
LOOKED_AT_FOR = timedelta(hours=1)
"""A plan that was looked at but not saved keeps its place fresh for so long."""

_forecasts: Table = Base.metadata.tables["forecast"]
_wakes: Table = Base.metadata.tables["wake"]


def want(
    store: Store, session: Session, places: Iterable[Spot | Place], until: datetime, now: datetime
) -> None:
    """Ask for the weather of these places, for a walk that ends at `until`; wakes the jobs when something is missing.

    Inside a transaction. Nothing is asked for a walk of the past or beyond the horizon: when a saved walk comes near,
    the jobs find it by themselves.
    """
    grid = {Place.near(place.latitude, place.longitude) for place in places}
    if not grid or not now < until <= now + HORIZON:
        return
    ask_for(session, store.weather, grid, min(until, now + LOOKED_AT_FOR))
    hundredths = [place.hundredths for place in grid]
    here = or_(
        *(and_(ForecastRow.latitude_c == lat, ForecastRow.longitude_c == lon) for lat, lon in hundredths)
    )
    if session.scalar(select(literal(1)).where(ForecastRow.source == store.weather, here, due(now)).limit(1)):
        wake(session, FORECASTS)


def due(now: datetime) -> ColumnElement[bool]:
    """Nothing held or too old, and not to be left alone."""
    return and_(
        or_(ForecastRow.expires_at.is_(None), ForecastRow.expires_at <= now),
        or_(ForecastRow.retry_at.is_(None), ForecastRow.retry_at <= now),
    )


def ask_for(session: Session, source: str, places: Iterable[Place], until: datetime) -> None:
    """A row for each place; what was wanted longer stays wanted longer. Two at once make one row."""
    for latitude_c, longitude_c in sorted(place.hundredths for place in places):
        adding = insert_into(session.connection(), _forecasts).values(
            id=new_id(),
            source=source,
            latitude_c=latitude_c,
            longitude_c=longitude_c,
            wanted_until=until,
            backoff_s=0,
        )
        mine, theirs = adding.excluded.wanted_until, _forecasts.c.wanted_until
        session.connection().execute(
            adding.on_conflict_do_update(
                index_elements=["source", "latitude_c", "longitude_c"],
                set_={"wanted_until": case((mine > theirs, mine), else_=theirs)},
            )
        )


def wake(session: Session, name: str) -> None:
    """Tell the jobs process, when this transaction is kept, that something changed."""
    wake_in(session.connection(), name)


def wake_in(connection: Connection, name: str) -> None:
    """The same, on a connection to the tables nobody owns."""
    adding = insert_into(connection, _wakes).values(name=name, count=1)
    connection.execute(
        adding.on_conflict_do_update(index_elements=["name"], set_={"count": _wakes.c.count + 1})
    )


def wakes(session: Session) -> dict[str, int]:
    """How often each name was woken: a change means that there is work."""
    found = session.execute(select(Wake.name, Wake.count))
    return {name: times for name, times in found}  # noqa: C416 - dict() would lose the types


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The insert that knows what to do when the row is there already; both databases spell it the same."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # with a file as database nobody needs it

    return postgresql.insert(table)
