"""Series of walks: made at once, each a walk of its own; changed and cancelled one at a time or from one on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from planner.domain import series as rules
from planner.domain.series import Repeat, Turn
from planner.domain.walks import PLANNED, WalkDetails
from planner.domain.when import day_on, local_to_moment
from planner.models import Series, Walk, new_id
from planner.services import busy_calendars, public_holidays, walk_rows, walks
from planner.services import walk_queries as queries
from planner.services.clients import OpenClient, open_client
from planner.services.store import (
    SignedIn,
    Store,
    client_gate,
    handled_before,
    practice_of,
    remember_form,
    settings_of,
    walk_gate,
)
from planner.services.walk_rows import OpenWalk, WalkRow
from planner.services.walks import PlanResult, PlanWalk

_later = aliased(Walk)
_LAST: Select[Any] = select(Walk.id).where(
    Walk.series_id.is_not(None),
    Walk.status == PLANNED,
    Walk.starts_at >= bindparam("from_at"),
    Walk.starts_at < bindparam("until_at"),
    ~select(_later.id)
    .where(_later.series_id == Walk.series_id, _later.status == PLANNED, _later.starts_at > Walk.starts_at)
    .exists(),
)


@dataclass(frozen=True, slots=True)
class SeriesDesk:
    """`repeat`: of the series that the walk is in; None while it is in none. `walks`: all of it, earliest first; only
    the walk itself while it is in none. `wanted`: what to propose for a new one."""

    client: OpenClient
    walk: OpenWalk
    repeat: Repeat | None
    walks: tuple[WalkRow, ...]
    wanted: Repeat

    @property
    def later(self) -> tuple[WalkRow, ...]:
        """The planned walks of the series after this one."""
        return tuple(row for row in _planned(self.walks) if row.starts_at > self.walk.starts_at)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a wish for a series. `held`: code of a safety answer that holds planning."""

    made: int = 0
    skipped: tuple[Turn, ...] = ()
    held: str | None = None


class _Refused(Exception):
    """One of several walks met something else in the agenda: none is changed."""

    def __init__(self, result: PlanResult) -> None:
        super().__init__()
        self.result = result


def open_desk(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> SeriesDesk:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id)
        kept = session.get(Series, walk.series_id) if walk.series_id is not None else None
        before = walk_rows.of_client(store, session, walk.client_id, 2)
        rows = _rows(store, session, walk)
        last_on = rows[-1].starts_local.date()
        weeks = kept.every_weeks if kept else rules.usual_weeks(row.starts_local for row in before)
        return SeriesDesk(
            client=open_client(store, session, walk.client_id),
            walk=walk,
            repeat=Repeat(kept.every_weeks, kept.until_on) if kept else None,
            walks=rows,
            wanted=Repeat(weeks, max(last_on, now.date()) + rules.USUAL_LENGTH),
        )


def look(store: Store, coach: SignedIn, walk_id: int, repeat: Repeat, now: datetime) -> tuple[Turn, ...]:
    """The days that would come, and which would be left out. Saves nothing. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id)
        return tuple(
            replace(turn, skipped=turn.skipped or _taken(store, session, coach, walk, turn, now))
            for turn in _turns(store, session, coach, walk, repeat, now)
        )


def make(
    store: Store, coach: SignedIn, walk_id: int, repeat: Repeat, now: datetime, form_id: str | None = None
) -> Made:
    """Walks like the last one of the series, or like this one while it is in none. Days off, public holidays and days
    with another walk then are left out. The same form twice makes them once. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        if handled_before(session, form_id) is not None:
            return Made()
        walk = walk_rows.open_walk(store, session, walk_id)
        held = walks.holds(store, session, walk.client_id)
        if held:
            return Made(held=held)
        series_id = _keep(session, walk_id, repeat, now)
        turns = _turns(store, session, coach, walk, repeat, now)
        last = walk_rows.open_walk(store, session, _rows(store, session, walk)[-1].id)
        done = [(turn, _again(store, session, coach, last, turn, series_id, now)) for turn in turns]
        remember_form(session, coach.scope, form_id, str(series_id), now)
        made = sum(skipped is None for _turn, skipped in done)
        return Made(made, tuple(replace(turn, skipped=skipped) for turn, skipped in done if skipped))


def change_following(
    store: Store, coach: SignedIn, walk_id: int, command: PlanWalk, now: datetime
) -> PlanResult:
    """Change this walk and the planned ones after it in its series: what changed here changes there, times by as much
    on the wall. Focus and message stay each walk's own. All of it, or nothing. Raises NotFound, TimeDoesNotExist or
    Conflict."""
    try:
        with store.db.transaction(coach.scope, now) as session:
            before = walk_rows.open_walk(store, session, walk_id)
            orders = [(walk_id, command)]
            for row in _after(store, session, before, now):
                one = walk_rows.open_walk(store, session, row.id)
                orders.append((row.id, _like(one, before, command)))
            if command.starts_local > before.starts_local:
                orders.reverse()  # the last one first, so that none meets the one after it
            for number, wanted in orders:
                result = walks.change_in(store, session, coach, number, wanted, now)
                if result.walk_id is None:
                    raise _Refused(result)
            return PlanResult(walk_id)
    except _Refused as refused:
        return refused.result


def cancel_following(store: Store, coach: SignedIn, walk_id: int, reason: str, now: datetime) -> bool:
    """Cancel this walk and the planned ones after it in its series. False when this one was walked already, and then
    nothing is cancelled. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        before = walk_rows.open_walk(store, session, walk_id)
        if not walks.cancel_in(store, session, coach, walk_id, reason, now):
            return False
        for row in _after(store, session, before, now):
            walks.cancel_in(store, session, coach, row.id, reason, now)
        return True


def last_of_their_series(session: Session, from_at: datetime, until_at: datetime) -> frozenset[int]:
    """The planned walks in [from, until) after which their series has none."""
    return frozenset(session.scalars(_LAST, {"from_at": from_at, "until_at": until_at}))


def _keep(session: Session, walk_id: int, repeat: Repeat, now: datetime) -> int:
    """The series of this walk, made when there is none yet; its id."""
    walk = walk_gate(session, walk_id)
    if walk.series_id is None:
        client = client_gate(session, walk.client_id)
        made = Series(id=new_id(), owner_id=walk.owner_id, coach_id=client.coach_id, client_id=client.id)
        made.created_at, made.version = now, 0
        made.every_weeks, made.until_on = repeat.every_weeks, repeat.until_on
        session.add(made)
        session.flush()
        walk.series_id = made.id
    kept = session.get_one(Series, walk.series_id)
    kept.every_weeks, kept.until_on = repeat.every_weeks, repeat.until_on
    kept.version += 1
    session.flush()
    return kept.id


def _turns(
    store: Store, session: Session, coach: SignedIn, walk: OpenWalk, repeat: Repeat, now: datetime
) -> list[Turn]:
    """The turns after the last walk there is, as far as they are still to come."""
    settings = settings_of(practice_of(session, coach.scope))
    last_local = _rows(store, session, walk)[-1].starts_local
    holidays = public_holidays.between(last_local.date(), repeat.until_on)
    today_on = day_on(now, walk.zone)
    return [
        turn
        for turn in rules.turns(last_local, repeat, settings, holidays)
        if turn.starts_local.date() > today_on
    ]


def _taken(
    store: Store, session: Session, coach: SignedIn, walk: OpenWalk, turn: Turn, now: datetime
) -> str | None:
    """Whether the coach has something else then. A day that is left out already is not looked at."""
    if turn.skipped:
        return None
    starts_at = local_to_moment(turn.starts_local, walk.zone)
    if walks.clashes_of(store, session, starts_at, walk.planned_minutes):
        return "walk"
    settings = settings_of(practice_of(session, coach.scope))
    return "busy" if busy_calendars.clashes(session, settings, starts_at, walk.planned_minutes, now) else None


def _again(
    store: Store, session: Session, coach: SignedIn, like: OpenWalk, turn: Turn, series_id: int, now: datetime
) -> str | None:
    """One more, unless it is left out; then the reason. What is said of one walk only is not said again."""
    if turn.skipped:
        return turn.skipped
    details = WalkDetails(like.details.meeting_point, video_url=like.details.video_url)
    command = PlanWalk(
        like.client_id,
        turn.starts_local,
        like.planned_minutes,
        like.setting,
        like.route_id,
        like.parts,
        details,
    )
    found = walks.plan_in(store, session, coach, command, now, series_id=series_id)
    if found.walk_id is not None:
        return None
    return "walk" if found.clashes else "busy"


def _rows(store: Store, session: Session, walk: OpenWalk) -> tuple[WalkRow, ...]:
    """All walks of its series, earliest first; the walk itself when it is in none."""
    if walk.series_id is None:
        return (walk,)
    found = session.execute(queries.OF_SERIES, {"series_id": walk.series_id})
    return walk_rows.Reader(store, session).rows(found)


def _planned(rows: Sequence[WalkRow]) -> list[WalkRow]:
    return [row for row in rows if row.status == PLANNED]


def _after(store: Store, session: Session, walk: OpenWalk, now: datetime) -> list[WalkRow]:
    rows = _planned(_rows(store, session, walk))
    return [row for row in rows if row.starts_at > max(walk.starts_at, now) and row.id != walk.id]


def _like(one: OpenWalk, before: OpenWalk, command: PlanWalk) -> PlanWalk:
    """What a later walk becomes: what differs between `before` and `command` is taken over, the rest is its own."""

    def new(own: Any, was: Any, wanted: Any) -> Any:
        return own if wanted == was else wanted

    details = replace(
        one.details,
        meeting_point=new(
            one.details.meeting_point, before.details.meeting_point, command.details.meeting_point
        ),
        video_url=new(one.details.video_url, before.details.video_url, command.details.video_url),
    )
    return PlanWalk(
        one.client_id,
        rules.shifted(one.starts_local, before.starts_local, command.starts_local),
        new(one.minutes, before.minutes, command.minutes),
        new(one.setting, before.setting, command.setting),
        new(one.route_id, before.route_id, command.route_id),
        new(one.parts, before.parts, command.parts),
        details,
        command.keep_clash,
    )
