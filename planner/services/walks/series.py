"""Series of walks: made at once, each a walk of its own; changed and cancelled one at a time or from one on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from planner.domain import series as rules
from planner.domain.series import Repeat, Turn
from planner.domain.walks import CANCELLED, OUTDOORS, PLANNED, WalkDetails
from planner.domain.when import day_on, local_to_moment
from planner.models import Series, Walk, new_id
from planner.services.calendars import public_holidays
from planner.services.clients.clients import OpenClient, open_client
from planner.services.planning import in_the_way
from planner.services.planning.in_the_way import NOTHING, InTheWay
from planner.services.store import (
    NotFound,
    SignedIn,
    Store,
    client_gate,
    handled_before,
    practice_of,
    remember_form,
    settings_of,
    walk_gate,
)
from planner.services.walks import walk_queries as queries
from planner.services.walks import walk_rows, walks
from planner.services.walks.walk_rows import OpenWalk, WalkRow
from planner.services.walks.walks import PlanResult, PlanWalk

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
    """`like`: the walk that new ones are made like, the last of the series. `repeat`: of the series that the walk is
    in; None while it is in none. `walks`: all of it, earliest first; only the walk itself while it is in none.
    `wanted`: what to propose for a new one."""

    client: OpenClient
    walk: OpenWalk
    like: OpenWalk
    repeat: Repeat | None
    walks: tuple[WalkRow, ...]
    wanted: Repeat

    @property
    def later(self) -> tuple[WalkRow, ...]:
        """The planned walks of the series after this one."""
        return tuple(row for row in _planned(self.walks) if row.starts_at > self.walk.starts_at)

    @property
    def ends(self) -> bool:
        """Whether this walk is of a series in which none is planned after it."""
        return self.repeat is not None and not self.later


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a wish for a series. `turns`: its days, `made` of them planned and the others left out; none when no
    day falls before its end. `held`: code of a safety answer that holds planning. `differs`: other days than the coach
    looked at, so that none was planned."""

    made: int = 0
    turns: tuple[Turn, ...] = ()
    held: str | None = None
    differs: bool = False

    @property
    def skipped(self) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.skipped)


class _Refused(Exception):
    """Some of these walks meet what the coach did not agree to: none is changed."""

    def __init__(self, way: InTheWay) -> None:
        super().__init__()
        self.way = way


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
            like=_last(store, session, walk, rows),
            repeat=Repeat(kept.every_weeks, kept.until_on) if kept else None,
            walks=rows,
            wanted=Repeat(weeks, max(last_on, day_on(now, walk.zone)) + rules.USUAL_LENGTH),
        )


def look(store: Store, coach: SignedIn, walk_id: int, repeat: Repeat, now: datetime) -> tuple[Turn, ...]:
    """The days that would come, and which would be left out. Saves nothing. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id)
        like = _last(store, session, walk, _rows(store, session, walk))
        return _turns(session, coach, like, repeat, now)


def make(
    store: Store,
    coach: SignedIn,
    walk_id: int,
    repeat: Repeat,
    now: datetime,
    form_id: str | None = None,
    seen: str = "",
) -> Made:
    """Walks like the last one of the series, or like this one while it is in none. Days off, public holidays and days
    with something else then are left out. Without a day that is left nothing is kept, nor when they are not the days of
    `seen`, what the coach looked at. The same form twice makes them once. Raises NotFound, also for a walk that is
    off."""
    with store.db.transaction(coach.scope, now) as session:
        before = handled_before(session, form_id)
        if before is not None:
            return Made(int(before))
        walk = walk_rows.open_walk(store, session, walk_id)
        if walk.status == CANCELLED:
            raise NotFound
        held = walks.holds(store, session, walk.client_id)
        if held:
            return Made(held=held)
        like = _last(store, session, walk, _rows(store, session, walk))
        turns = _turns(session, coach, like, repeat, now)
        if rules.other_days(seen, repeat, turns):
            return Made(turns=turns, differs=True)
        free = [turn for turn in turns if not turn.skipped]
        if free:
            series_id = _keep(session, walk_id, repeat)
            for turn in free:
                walks.plan_in(store, session, coach, _again(like, turn), now, series_id=series_id)
            remember_form(session, coach.scope, form_id, str(len(free)), now)
        return Made(len(free), turns)


def change_following(
    store: Store, coach: SignedIn, walk_id: int, command: PlanWalk, now: datetime
) -> PlanResult:
    """Change this walk and the planned ones after it in its series: what changed here changes there, times by as much
    on the wall. Focus and message stay each walk's own. All of it, or nothing; what is in the way of any of them is
    said at once, to be agreed to as a whole. Raises NotFound, TimeDoesNotExist or Conflict."""
    try:
        with store.db.transaction(coach.scope, now) as session:
            before, changed, way = walk_rows.open_walk(store, session, walk_id), 0, NOTHING
            orders = [(walk_id, command)]
            for row in _after(store, session, before, now):
                one = walk_rows.open_walk(store, session, row.id)
                orders.append((row.id, _like(one, before, command)))
            if command.starts_local > before.starts_local:
                orders.reverse()  # the last one first, so that none meets the one after it
            for number, wanted in orders:
                whatever = replace(
                    wanted, keep_clash=True, seen=None
                )  # all of it is gathered, and weighed below
                result = walks.change_in(store, session, coach, number, whatever, now)
                way, changed = way.and_(result.way), changed + result.changed
            if not command.keeps(way):
                raise _Refused(way)
            return PlanResult(walk_id, way, changed=changed)
    except _Refused as refused:
        return PlanResult(None, refused.way)


def cancel_following(store: Store, coach: SignedIn, walk_id: int, reason: str, now: datetime) -> int:
    """Cancel this walk and the planned ones after it in its series; how many that were. 0 when this one was walked
    already, and then nothing is cancelled. The later ones keep the reason, and count as nothing: whoever is ill or late
    is so for this one. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        before = walk_rows.open_walk(store, session, walk_id)
        if not walks.cancel_in(store, session, coach, walk_id, reason, now):
            return 0
        later = _after(store, session, before, now)
        for row in later:
            walks.cancel_in(store, session, coach, row.id, reason, now, counts=False)
        return 1 + len(later)


def last_of_their_series(session: Session, from_at: datetime, until_at: datetime) -> frozenset[int]:
    """The planned walks in [from, until) after which their series has none."""
    return frozenset(session.scalars(_LAST, {"from_at": from_at, "until_at": until_at}))


def _keep(session: Session, walk_id: int, repeat: Repeat) -> int:
    """The series of this walk, made when there is none yet; its id."""
    walk = walk_gate(session, walk_id)
    kept = session.get(Series, walk.series_id) if walk.series_id is not None else None
    if kept is None:
        client = client_gate(session, walk.client_id)
        kept = Series(id=new_id(), owner_id=walk.owner_id, coach_id=client.coach_id, client_id=client.id)
        session.add(kept)
    kept.every_weeks, kept.until_on = repeat.every_weeks, repeat.until_on
    session.flush()
    walk.series_id = kept.id
    return kept.id


def _turns(
    session: Session, coach: SignedIn, like: OpenWalk, repeat: Repeat, now: datetime
) -> tuple[Turn, ...]:
    """The turns after the last walk there is, as far as they are still to come, each with why it is left out if it is:
    days off first, then what the coach has then. The agenda is read once, however many there are."""
    settings = settings_of(practice_of(session, coach.scope))
    holidays = public_holidays.between(like.starts_local.date(), repeat.until_on)
    today_on = day_on(now, like.zone)
    found = rules.turns(like.starts_local, repeat, settings, holidays)
    coming = [turn for turn in found if turn.starts_local.date() > today_on]
    if not coming:
        return ()
    wide, length = timedelta(days=1), timedelta(minutes=like.planned_minutes)
    from_at = local_to_moment(like.starts_local, like.zone)
    until_at = from_at + (coming[-1].starts_local - like.starts_local) + length + wide
    taken = in_the_way.during(session, from_at, until_at)
    return rules.without_taken(coming, length, like.zone, taken.walked, taken.busy)


def _again(like: OpenWalk, turn: Turn) -> PlanWalk:
    """One more. What is said of one walk only is not said again; that the time is free was looked at."""
    return PlanWalk(
        like.client_id,
        turn.starts_local,
        like.planned_minutes,
        like.setting,
        like.route_id,
        like.parts,
        WalkDetails(like.details.meeting_point, video_url=like.details.video_url),
        keep_clash=True,
    )


def _last(store: Store, session: Session, walk: OpenWalk, rows: Sequence[WalkRow]) -> OpenWalk:
    """The last of the series, opened."""
    return walk if rows[-1].id == walk.id else walk_rows.open_walk(store, session, rows[-1].id)


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
    """What a later walk becomes: what differs between `before` and `command` is taken over, the rest is its own. Back
    outdoors, one that has no place of its own goes along to where this one is."""

    def new(own: Any, was: Any, wanted: Any) -> Any:
        return own if wanted == was else wanted

    details = replace(
        one.details,
        meeting_point=new(
            one.details.meeting_point, before.details.meeting_point, command.details.meeting_point
        ),
        video_url=new(one.details.video_url, before.details.video_url, command.details.video_url),
    )
    route_id = new(one.route_id, before.route_id, command.route_id)
    if before.setting != OUTDOORS == command.setting and route_id is None and not details.meeting_point:
        route_id = command.route_id
        details = replace(details, meeting_point=command.details.meeting_point)
    return PlanWalk(
        one.client_id,
        rules.shifted(one.starts_local, before.starts_local, command.starts_local),
        new(one.minutes, before.minutes, command.minutes),
        new(one.setting, before.setting, command.setting),
        route_id,
        new(one.parts, before.parts, command.parts),
        details,
    )
