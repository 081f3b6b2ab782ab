"""The weather watch: coming walks are judged anew, and what changed is said once. The work of the jobs process, safe to
run from several nodes at once; it asks no weather service anything.

What the client asked to take into account has no part in it: what is kept here is kept in clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from planner.domain.walks import OUTDOORS, PLANNED
from planner.domain.weather import Verdict
from planner.domain.weather_watch import Watched, after, begun, news, of_weather
from planner.domain.when import day_on
from planner.models import EVERYONE, Base, Practice, Route, Walk, WeatherWatch, new_id
from planner.services.messages import outbox
from planner.services.store import SignedIn, Store, settings_of, walk_gate
from planner.services.walks.walk_queries import of_its_walk
from planner.services.walks.walk_rows import spot_of, tags_of
from planner.services.weather.forecast_board import Board, board
from planner.services.weather.forecasts import HORIZON, insert_into

AT_ONCE = 100
"""Walks in one transaction: nobody waits long for the writers' lock."""
SEEN_WITHIN = timedelta(minutes=10)
"""A forecast that came so soon after a walk was saved is the one that the coach looked at."""

_COLUMNS: tuple[Any, ...] = (
    Walk.id, Walk.owner_id, Walk.coach_id, Walk.client_id, Walk.starts_at, Walk.minutes, Walk.zone, Walk.changed_at,
    Route.latitude, Route.longitude, Route.facts.label("route_facts"), WeatherWatch.about_at, WeatherWatch.known,
    WeatherWatch.line, WeatherWatch.said_at, WeatherWatch.seen_at,
)  # fmt: skip
_COMING: Select[Any] = (
    select(*_COLUMNS)
    .outerjoin(Route, and_(Route.owner_id == Walk.owner_id, Route.id == Walk.route_id))
    .outerjoin(WeatherWatch, and_(WeatherWatch.owner_id == Walk.owner_id, WeatherWatch.walk_id == Walk.id))
    .where(
        Walk.status == PLANNED,
        Walk.setting == OUTDOORS,
        Walk.starts_at > bindparam("now"),
        Walk.starts_at <= bindparam("until"),
    )
    .order_by(Walk.owner_id, Walk.id)
)


@dataclass(frozen=True, slots=True)
class _Code:
    """The one part of what is kept that the rule looks at."""

    code: str = "unknown"


_code = msgspec.json.Decoder(_Code)
_verdict = msgspec.json.Decoder(Verdict)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A walk with something to write down. `first`: what is known of it to begin with, for a walk that is judged for
    the first time at this hour."""

    row: Row[Any]
    verdict: Verdict
    first: Watched | None


def watch(store: Store, now: datetime) -> int:
    """Judge what comes, and say what changed; gives of how many walks something was said."""
    with store.db.reading(EVERYONE) as session:
        rows = session.execute(_COMING, {"now": now, "until": now + HORIZON}).all()
        found = list(_changed(store, session, rows, now))
    said = 0
    for start in range(0, len(found), AT_ONCE):
        if start:
            store.db.give_way()
        with store.db.transaction(EVERYONE, now) as session:
            said += _keep(store, session, found[start : start + AT_ONCE], now)
    return said


def put_line_away(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> None:
    """The coach has seen the line about this walk. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        walk_gate(session, walk_id)
        kept = session.scalar(select(WeatherWatch).where(WeatherWatch.walk_id == walk_id))
        if kept is not None and kept.line is not None and kept.seen_at is None:
            kept.seen_at = now


def told(known: str) -> Verdict:
    """The verdict as it was when it was said."""
    return _verdict.decode(known)


def _changed(store: Store, session: Session, rows: Sequence[Row[Any]], now: datetime) -> Iterator[_Judged]:
    """The walks whose verdict is another one than what was written down; one board for each practice."""
    for owner_id, of_one in groupby(rows, key=lambda row: row.owner_id):
        walks = list(of_one)
        practice = session.scalars(select(Practice).where(Practice.id == owner_id)).one()
        there = board(store, session, settings_of(practice), {spot_of(row) for row in walks}, now)
        for row in walks:
            verdict = of_weather(_judge(there, row))
            if row.known is None or row.about_at != row.starts_at:
                first = begun(verdict, seen=_seen(verdict, row))
                if first is not None:
                    yield _Judged(row, verdict, first)
            elif after(before := _watched(row, row.zone), verdict, day_on(now, row.zone)) != before:
                yield _Judged(row, verdict, None)


def _judge(there: Board, row: Row[Any]) -> Verdict:
    ends_at = row.starts_at + timedelta(minutes=row.minutes)
    return there.verdict(spot_of(row), row.starts_at, ends_at, tags_of(row.route_facts))


def _seen(verdict: Verdict, row: Row[Any]) -> bool:
    """Whether this forecast was there when the coach saved the walk."""
    return verdict.fetched_at is not None and verdict.fetched_at <= row.changed_at + SEEN_WITHIN


def _watched(kept: WeatherWatch | Row[Any], zone: str) -> Watched:
    said_on = day_on(kept.said_at, zone) if kept.said_at else None
    code: Any = _code.decode(kept.known).code
    return Watched(code, kept.line, said_on, kept.seen_at is not None)


def _keep(store: Store, session: Session, found: Sequence[_Judged], now: datetime) -> int:
    """Write down what changed. Read again under the lock: another node may have said it already."""
    by_walk = {one.row.id: one for one in found}
    _make(session, (one for one in found if one.first is not None and one.row.known is None))
    ids = list(by_walk)
    there = select(Walk.id, Walk.starts_at).where(
        Walk.id.in_(ids), Walk.status == PLANNED, Walk.setting == OUTDOORS
    )
    still = {row.id: row.starts_at for row in session.execute(there)}
    rows = session.scalars(
        select(WeatherWatch)
        .join(Walk, of_its_walk(WeatherWatch))
        .where(Walk.id.in_(ids))
        .order_by(WeatherWatch.walk_id)
        .with_for_update(of=WeatherWatch)
        .execution_options(populate_existing=True)
    ).all()
    said = [kept.walk_id for kept in rows if _keep_one(kept, by_walk[kept.walk_id], still, now)]
    outbox.note_weather(store, session, said, now)
    return len(said)


def _keep_one(kept: WeatherWatch, judged: _Judged, still: dict[int, datetime], now: datetime) -> bool:
    """Whether something is said of this walk. Nothing is written of one that was moved or is off by now."""
    row, verdict = judged.row, judged.verdict
    if still.get(row.id) != row.starts_at:
        return False
    if kept.about_at != row.starts_at and judged.first is not None:
        _begin_anew(kept, judged, now)
    before, today = _watched(kept, row.zone), day_on(now, row.zone)
    said = news(before, verdict, today)
    if (then := after(before, verdict, today)) != before:
        kept.known = msgspec.json.encode(replace(verdict, code=then.known)).decode()
    if said is not None:
        kept.line, kept.said_at, kept.seen_at = said, now, None
    return said is not None


def _begin_anew(kept: WeatherWatch, judged: _Judged, now: datetime) -> None:
    """A walk that was moved. Its line goes, as if the coach put it away: there is still one a day at most."""
    assert judged.first is not None
    kept.about_at = judged.row.starts_at
    kept.known = _written(judged)
    kept.line = None
    kept.seen_at = now if kept.said_at else None


def _make(session: Session, found: Iterable[_Judged]) -> None:
    """The first row of walks that have none; of two nodes at once one makes it."""
    values = [
        {
            "id": new_id(),
            "owner_id": one.row.owner_id,
            "coach_id": one.row.coach_id,
            "client_id": one.row.client_id,
            "walk_id": one.row.id,
            "about_at": one.row.starts_at,
            "known": _written(one),
        }
        for one in found
    ]
    if values:
        connection = session.connection()
        adding = insert_into(connection, Base.metadata.tables["weather_watch"])
        connection.execute(adding.on_conflict_do_nothing(index_elements=["owner_id", "walk_id"]), values)


def _written(judged: _Judged) -> str:
    assert judged.first is not None
    return msgspec.json.encode(replace(judged.verdict, code=judged.first.known)).decode()
