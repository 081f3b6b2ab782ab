"""Fetching forecasts and keeping verdicts: the work of the jobs process, safe to run from several nodes at once.

A place is claimed in the database before it is asked for, so that no two nodes ask the same. No transaction is open
while the network is waited for.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import and_, literal, or_, select, update
from sqlalchemy.orm import Session

from planner.domain.needs import FetchResult, Known, OutsideFailed, WeatherSource
from planner.domain.places import Place
from planner.domain.routes import Surroundings
from planner.domain.walks import CANCELLED, OUTDOORS, PLANNED, STATUSES
from planner.domain.weather import Verdict
from planner.models import EVERYONE, ForecastRow, Practice, Route, Walk
from planner.services.store import Store, settings_of
from planner.services.weather.forecast_board import Spot, Where, board, place_of
from planner.services.weather.forecasts import HORIZON, ask_for, due

STOPS_ALL = ("refused", "throttled", "not_configured")
"""The service does not want us, or not yet: no other place is asked for either until the pause is over."""
ASKED_ALONE = ("bad_request", "not_covered")
"""After these a place is asked for by itself: it may be what was wrong with a question about several."""
CLAIM_FOR = timedelta(seconds=60)
"""Longer than one question can take."""
MOST_PER_PASS = 60
LEFT_OUT = OutsideFailed("garbage", 1800)
"""An answer about several places that says nothing about one of them."""
GIVE_UP_AFTER = 2
"""So many failures in a row and the service is taken for dead; the rest of the places wait for the next pass."""
SPREAD_S = (10.0, 120.0)
OFF_THE_HOUR_S = (60.0, 300.0)
KEEPS_UNTIL = timedelta(hours=24)
"""A verdict at the start is only kept while what we hold says something about it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A place that is ours to ask for."""

    row_id: int
    place: Place
    known: Known


def refresh_due(
    store: Store, source: WeatherSource, now: datetime, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Ask for every place that is wanted and due, as many at once as the source takes; gives how many were asked for.

    Wanted: places of planned walks outdoors within the horizon, and those somebody looked at in the last hour.
    A refusal or throttling stops everything for as long as the source says. `go_on` is asked between two questions.
    """
    began = time.monotonic()

    def moment() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    ids = _wanted_ids(store, source.name, now)
    asked = failures = 0
    while ids and asked < MOST_PER_PASS and failures < GIVE_UP_AFTER and go_on():
        most = min(source.at_once, MOST_PER_PASS - asked)
        claims = _claim(store, source.name, ids, most, moment())
        if not claims:
            break
        asked += len(claims)
        try:
            results = source.fetch({claim.place: claim.known for claim in claims})
        except OutsideFailed as problem:
            failures += 1
            _keep_problem(store, source.name, claims, problem, moment())
            if problem.kind in STOPS_ALL:
                break
        else:
            failures = 0
            _keep(store, claims, results, moment())
    return asked


def _wanted_ids(store: Store, source: str, now: datetime) -> set[int]:
    """The rows to keep fresh. Rows that coming walks need and that are not there yet are made."""
    with store.db.reading(EVERYONE) as session:
        places = _places_of_walks(session, now)
        known, ids = _rows(session, source, places, now)
    if places <= known:
        return ids
    with store.db.transaction(EVERYONE, now) as session:
        ask_for(session, source, places - known, now)
        return _rows(session, source, places, now)[1]


def _rows(session: Session, source: str, places: set[Place], now: datetime) -> tuple[set[Place], set[int]]:
    """All places there is a row for, and the ids of those that are wanted."""
    known, ids = set(), set()
    columns = select(
        ForecastRow.id, ForecastRow.latitude_c, ForecastRow.longitude_c, ForecastRow.wanted_until
    )
    for row in session.execute(columns.where(ForecastRow.source == source)):
        place = Place.from_hundredths(row.latitude_c, row.longitude_c)
        known.add(place)
        if place in places or row.wanted_until > now:
            ids.add(row.id)
    return known, ids


def _places_of_walks(session: Session, now: datetime) -> set[Place]:
    """Where the coming walks outdoors start; without a place of their own, at the practice's home point."""
    found = session.execute(
        _WALKS.where(Walk.status == PLANNED, Walk.starts_at > now, Walk.starts_at <= now + HORIZON)
    )
    spots: dict[int, set[Where]] = defaultdict(set)
    for row in found:
        spots[row.owner_id].add(_spot(row.latitude, row.longitude))
    if not spots:
        return set()
    practices = session.scalars(select(Practice).where(Practice.id.in_(spots)))
    settings = {practice.id: settings_of(practice) for practice in practices}
    return {place_of(where, settings[owner])[0] for owner, wheres in spots.items() for where in wheres}


def _spot(latitude: float | None, longitude: float | None) -> Spot | None:
    return None if latitude is None or longitude is None else Spot(latitude, longitude)


_WALKS = (
    select(Walk.id, Walk.owner_id, Walk.starts_at, Walk.minutes, Route.latitude, Route.longitude, Route.facts)
    .outerjoin(Route, and_(Route.owner_id == Walk.owner_id, Route.id == Walk.route_id))
    .where(Walk.setting == OUTDOORS)
)


def _claim(store: Store, source: str, ids: set[int], most: int, now: datetime) -> list[Claim]:
    """Take the places that are due longest, for one question; none while all of the source is to be left alone."""
    with store.db.transaction(EVERYONE, now) as session:
        ours = ForecastRow.source == source
        paused = ours & ForecastRow.problem.in_(STOPS_ALL) & (ForecastRow.retry_at > now)
        if session.scalar(select(literal(1)).where(paused).limit(1)):
            return []
        free = or_(ForecastRow.claimed_until.is_(None), ForecastRow.claimed_until <= now)
        rows = session.scalars(
            select(ForecastRow)
            .where(ours, ForecastRow.id.in_(ids), due(now), free)
            .order_by(ForecastRow.expires_at.is_not(None), ForecastRow.expires_at, ForecastRow.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        rows = [row for row in rows if row.problem not in ASKED_ALONE] or rows[:1]
        for row in rows:
            row.claimed_until = now + CLAIM_FOR
        return [_claimed(row) for row in rows]


def _claimed(row: ForecastRow) -> Claim:
    known = Known(row.last_modified if row.body else None, row.problem, row.backoff_s)
    return Claim(row.id, Place.from_hundredths(row.latitude_c, row.longitude_c), known)


def _keep(store: Store, claims: Sequence[Claim], results: Mapping[Place, FetchResult], now: datetime) -> None:
    """What came; a place that was left out of the answer has a problem of its own."""
    with store.db.transaction(EVERYONE, now) as session:
        for claim in claims:
            result = results.get(claim.place)
            values = _kept(result) if result else _failed(LEFT_OUT, now) | {"claimed_until": None}
            session.execute(update(ForecastRow).where(ForecastRow.id == claim.row_id).values(values))


def _kept(result: FetchResult) -> dict[str, object]:
    values: dict[str, object] = {
        "fetched_at": result.fetched_at,
        "expires_at": _spread(result.fetched_at + timedelta(seconds=result.expires_in_s)),
        "last_modified": result.last_modified,
        "problem": "deprecated" if result.deprecated else None,
        "retry_at": None,
        "backoff_s": 0.0,
        "claimed_until": None,
    }
    if result.forecast is not None:
        values["body"] = msgspec.json.encode(result.forecast).decode()
    return values


def _spread(at: datetime) -> datetime:
    """A little later, and not in the first minute of an hour: the service asks that not everybody comes at once."""
    later = at + timedelta(seconds=random.uniform(*SPREAD_S))  # noqa: S311 - no secret
    return later if later.minute else later + timedelta(seconds=random.uniform(*OFF_THE_HOUR_S))  # noqa: S311


def _keep_problem(
    store: Store, source: str, claims: Sequence[Claim], problem: OutsideFailed, now: datetime
) -> None:
    """What we hold stays. When all is stopped, every place learns it: who looks there sees why nothing comes."""
    ours = ForecastRow.id.in_([claim.row_id for claim in claims])
    which = ForecastRow.source == source if problem.kind in STOPS_ALL else ours
    with store.db.transaction(EVERYONE, now) as session:
        session.execute(update(ForecastRow).where(which).values(_failed(problem, now)))
        session.execute(update(ForecastRow).where(ours).values(claimed_until=None))


def _failed(problem: OutsideFailed, now: datetime) -> dict[str, object]:
    pause_s = problem.retry_after_s
    return {"problem": problem.kind, "retry_at": now + timedelta(seconds=pause_s), "backoff_s": pause_s}


_surroundings = msgspec.json.Decoder(Surroundings)


def keep_verdicts_at_start(store: Store, now: datetime) -> int:
    """Write the verdict and its numbers into walks that have begun, as they stood (decision 28); gives how many. What
    the client asked to take into account has no part in it: it is kept in clear.

    A walk that ended the same way long ago stays without: what we hold now says nothing about it. So does one about
    which too little is held, as when it is written down afterwards.
    """
    with store.db.reading(EVERYONE) as session:
        verdicts = _verdicts_of_begun(store, session, now)
    if not verdicts:
        return 0
    with store.db.transaction(EVERYONE, now) as session:
        for walk_id, verdict in verdicts.items():
            session.execute(
                update(Walk)
                .where(Walk.id == walk_id, Walk.weather.is_(None))
                .values(weather=msgspec.json.encode(verdict).decode())
            )
    return len(verdicts)


def _verdicts_of_begun(store: Store, session: Session, now: datetime) -> dict[int, Verdict]:
    happened = or_(Walk.status != CANCELLED, Walk.outcome == "weather")
    lately = (Walk.status.in_(STATUSES), Walk.starts_at <= now, Walk.starts_at > now - KEEPS_UNTIL)
    begun = session.execute(_WALKS.where(*lately, Walk.weather.is_(None), happened)).all()
    found: dict[int, Verdict] = {}
    for owner_id in {row.owner_id for row in begun}:
        rows = [row for row in begun if row.owner_id == owner_id]
        practice = session.scalars(select(Practice).where(Practice.id == owner_id)).one()
        there = board(
            store, session, settings_of(practice), [_spot(row.latitude, row.longitude) for row in rows], now
        )
        for row in rows:
            tags = _surroundings.decode(row.facts).tags if row.facts else frozenset()
            ends_at = row.starts_at + timedelta(minutes=row.minutes)
            verdict = there.verdict(_spot(row.latitude, row.longitude), row.starts_at, ends_at, tags)
            if not any(reason.code == "missing" for reason in verdict.reasons):
                found[row.id] = verdict
    return found
