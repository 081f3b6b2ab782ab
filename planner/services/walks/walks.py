"""Planning a walk: plan, change, cancel, put back. Reading walks is in walk_rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.lengths import NORMAL
from planner.domain.practices import PracticeSettings
from planner.domain.screening import RED_WITHOUT_STEP
from planner.domain.walks import (
    CANCELLED,
    DONE,
    OUTDOORS,
    PLANNED,
    Moved,
    PlannedPart,
    WalkDetails,
    exercise_ids,
    moved_from,
    outcome_of_cancel,
)
from planner.domain.when import local_to_moment
from planner.models import Client, Exercise, Note, PlanItem, Route, Walk, Waypoint, new_id
from planner.services import once
from planner.services.clients import answers, safety, sharing
from planner.services.clients.clients import open_client
from planner.services.messages import outbox
from planner.services.planning import in_the_way
from planner.services.planning.in_the_way import NOTHING, InTheWay
from planner.services.store import (
    Conflict,
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
from planner.services.toolkit import exercise_choices
from planner.services.vault import Place
from planner.services.walks import walk_focus
from planner.services.walks.walk_rows import OpenWalk, open_walk
from planner.services.weather import forecasts


@dataclass(frozen=True, slots=True)
class PlanWalk:
    """A walk as the coach wants it. `starts_local`: wall time in the practice's zone. `keep_clash`: the coach saw that
    there is another walk then, or something in another calendar; `seen`: the marks of what they saw, None for whatever
    there is. `version`: the one the form was opened with; None for a new walk."""

    client_id: int
    starts_local: datetime
    minutes: int
    setting: str = "outdoors"
    route_id: int | None = None
    parts: tuple[PlannedPart, ...] = ()
    details: WalkDetails = field(default_factory=WalkDetails)
    keep_clash: bool = False
    version: int | None = None
    suggested: tuple[int, ...] = ()
    """Exercises the planner put in, or offered and the coach added; in `parts` or taken out again."""
    seen: frozenset[str] | None = None

    def keeps(self, way: InTheWay) -> bool:
        """Whether the coach agreed to all of this; to nothing is always."""
        agreed = self.keep_clash and (self.seen is None or way.marks <= self.seen)
        return agreed or not way


@dataclass(frozen=True, slots=True)
class PlanResult:
    """`walk_id` is None when nothing was saved: because of what is in the `way` and the coach did not keep, or because
    a safety answer holds planning (`held`: its code). `changed`: how many walks are other than they were."""

    walk_id: int | None
    way: InTheWay = NOTHING
    held: str | None = None
    changed: int = 0


class PlannedAlready(Exception):
    """This form made a walk before, and says something else now: its coach went back and changed the hour, say."""

    def __init__(self, walk_id: int) -> None:
        super().__init__()
        self.walk_id = walk_id


def plan(
    store: Store, coach: SignedIn, command: PlanWalk, now: datetime, form_id: str | None = None
) -> PlanResult:
    """Save a new walk. The same form twice makes one. Raises NotFound, TimeDoesNotExist, or PlannedAlready."""
    said = _said(store, command)
    with store.db.transaction(coach.scope, now) as session:
        before = handled_before(session, form_id)
        if before is not None:
            walk_id, _space, said_then = before.partition(" ")
            if said_then and said_then != said:
                raise PlannedAlready(int(walk_id))
            return PlanResult(int(walk_id))
        result = plan_in(store, session, coach, command, now)
        if result.walk_id is not None:
            remember_form(session, coach.scope, form_id, f"{result.walk_id} {said}", now)
        return result


def _said(store: Store, command: PlanWalk) -> str:
    """What a coach would change after going back to a form; not what follows from the plans there are."""
    focus, message = command.details.focus, command.details.message
    when, where = (command.starts_local, command.minutes), (command.setting, command.route_id)
    return once.digest_of(store, when, where, focus, message)


def plan_in(
    store: Store,
    session: Session,
    coach: SignedIn,
    command: PlanWalk,
    now: datetime,
    *,
    series_id: int | None = None,
) -> PlanResult:
    """The same, inside a transaction that does more. `series_id`: of the series that it is made for."""
    client = client_gate(session, command.client_id)
    settings = settings_of(practice_of(session, coach.scope))
    starts_at = local_to_moment(command.starts_local, settings.zone)
    held = holds(store, session, client.id) if starts_at > now else None
    way = in_the_way.at(store, session, settings, starts_at, command.minutes, now)
    if held or not command.keeps(way):
        return PlanResult(None, way, held)
    walk = Walk(id=new_id(), owner_id=coach.owner_id, coach_id=client.coach_id, client_id=client.id)
    walk.zone, walk.created_at, walk.sequence, walk.version = settings.zone, now, 0, 1
    walk.status, walk.series_id = PLANNED, series_id
    _write(session, walk, command, now)
    _seal(store, walk, client, command.details)
    session.add(walk)
    session.flush()
    _write_parts(session, walk, command.parts)
    exercise_choices.remember(session, walk, command.suggested, exercise_ids(command.parts), now)
    ask_weather(store, session, walk, settings, now)
    outbox.note_walk(store, session, walk.id, now)
    return PlanResult(walk.id, way)


def change(store: Store, coach: SignedIn, walk_id: int, command: PlanWalk, now: datetime) -> PlanResult:
    """Change a walk; its client stays. Raises NotFound, TimeDoesNotExist, or Conflict when it was saved since the form
    was opened; saving the same twice is no conflict."""
    with store.db.transaction(coach.scope, now) as session:
        return change_in(store, session, coach, walk_id, command, now)


def change_in(
    store: Store,
    session: Session,
    coach: SignedIn,
    walk_id: int,
    command: PlanWalk,
    now: datetime,
    *,
    by_itself: bool = True,
) -> PlanResult:
    """The same, inside a transaction that does more. `by_itself` False: no message about it leaves by itself."""
    walk = walk_gate(session, walk_id)
    client = client_gate(session, walk.client_id)
    settings = settings_of(practice_of(session, coach.scope))
    starts_at = local_to_moment(command.starts_local, walk.zone)
    kept = open_walk(store, session, walk_id)
    command = replace(command, details=walk_focus.kept(session, kept, command.details))
    if _same(kept, command):
        return PlanResult(walk_id)
    if command.version not in (None, walk.version):
        raise Conflict
    moved = (starts_at, command.minutes) != (kept.starts_at, kept.minutes)
    way = NOTHING
    if moved:
        way = in_the_way.at(store, session, settings, starts_at, command.minutes, now, {walk_id})
    if not command.keeps(way):
        return PlanResult(None, way)
    if moved:
        times = Moved(walk.starts_local, walk.starts_at, walk.created_at, walk.moved_from_local)
        seen = sharing.has_link(session, walk.client_id)
        walk.moved_from_local = moved_from(times, command.starts_local, now, seen=seen)
    if calendars_must_hear(kept, command):
        walk.sequence += 1
        walk.weather = None  # it was about another time or place
    walk.version += 1
    _write(session, walk, command, now)
    details = replace(command.details, cancel_reason=kept.details.cancel_reason)
    _seal(store, walk, client, details)
    _write_parts(session, walk, command.parts)
    exercise_choices.remember(session, walk, command.suggested, exercise_ids(command.parts), now)
    ask_weather(store, session, walk, settings, now)
    outbox.note_walk(store, session, walk_id, now, by_itself=by_itself)
    return PlanResult(walk_id, way, changed=1)


def cancel(store: Store, coach: SignedIn, walk_id: int, reason: str, now: datetime) -> bool:
    """Cancel a walk, with the reason. False when it was walked already: then the note says what happened. Raises
    NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        return cancel_in(store, session, coach, walk_id, reason, now)


def cancel_in(
    store: Store,
    session: Session,
    coach: SignedIn,
    walk_id: int,
    reason: str,
    now: datetime,
    *,
    by_itself: bool = True,
    counts: bool = True,
) -> bool:
    """The same, inside a transaction that does more. `by_itself` False: no message about it leaves by itself. `counts`
    False: the reason is about another walk, so this one has no outcome of its own."""
    walk = walk_gate(session, walk_id)
    if walk.status == DONE:
        return False
    client = client_gate(session, walk.client_id)
    settings = settings_of(practice_of(session, coach.scope))
    if walk.status == PLANNED:
        walk.sequence += 1
        walk.version += 1
    walk.status = CANCELLED
    said_at = answers.cannot_since(store, session, walk.id) or now
    outcome = outcome_of_cancel(reason, walk.starts_at, said_at, settings.notice_hours)
    walk.outcome = outcome if counts else None
    details = open_walk(store, session, walk_id).details
    _seal(store, walk, client, replace(details, cancel_reason=reason))
    walk.changed_at = now
    outbox.note_walk(store, session, walk_id, now, by_itself=by_itself)
    return True


def put_back(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> bool:
    """A cancelled walk back in the agenda. False when it was not cancelled, or has a note. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        walk = walk_gate(session, walk_id)
        noted = session.scalar(select(Note.id).where(Note.walk_id == walk_id))
        if walk.status != CANCELLED or noted is not None:
            return False
        client = client_gate(session, walk.client_id)
        details = open_walk(store, session, walk_id).details
        _seal(store, walk, client, replace(details, cancel_reason=""))
        walk.status, walk.outcome, walk.changed_at = PLANNED, None, now
        walk.sequence += 1
        walk.version += 1
        outbox.note_walk(store, session, walk_id, now)
        return True


def route_moved(store: Store, session: Session, route_id: int, now: datetime) -> None:
    """A route got another name or meeting point: calendars and clients of coming walks that begin there must hear."""
    coming = select(Walk).where(Walk.route_id == route_id, Walk.status == PLANNED, Walk.starts_at > now)
    for walk in session.scalars(coming).all():
        if open_walk(store, session, walk.id).meets_at_route:
            walk.sequence += 1
            walk.changed_at = now
            outbox.note_walk(store, session, walk.id, now)


def holds(store: Store, session: Session, client_id: int) -> str | None:
    """The code of a red safety answer that waits for its step; nothing else holds planning (decision 26)."""
    code = safety.holds_planning(store, session, open_client(store, session, client_id))
    return code if code == RED_WITHOUT_STEP else None


def calendars_must_hear(kept: OpenWalk, command: PlanWalk) -> bool:
    """Whether when or where changed."""
    details, new = kept.details, command.details
    before = (
        kept.starts_local, kept.minutes, kept.setting, kept.route_id, details.meeting_point, details.video_url
    )  # fmt: skip
    after = (
        command.starts_local, command.minutes, command.setting, command.route_id, new.meeting_point, new.video_url
    )  # fmt: skip
    return before != after


def ask_weather(
    store: Store, session: Session, walk: Walk, settings: PracticeSettings, now: datetime
) -> None:
    """Ask for the forecast of where the walk is, so that it is there when the page opens."""
    if walk.setting != OUTDOORS:
        return
    where = session.execute(select(Route.latitude, Route.longitude).where(Route.id == walk.route_id)).first()
    spot = forecasts.Spot(*where) if where and None not in where else None  # type: ignore[arg-type]
    place, _guess = forecasts.place_of(spot, settings)
    forecasts.want(store, session, [place], walk.starts_at + timedelta(minutes=walk.minutes), now)


def _same(kept: OpenWalk, command: PlanWalk) -> bool:
    details = replace(command.details, cancel_reason=kept.details.cancel_reason)
    same_content = (kept.parts, kept.details) == (command.parts, details)
    return same_content and not calendars_must_hear(kept, command)


def _write(session: Session, walk: Walk, command: PlanWalk, now: datetime) -> None:
    """When and where, after a look that route and exercises are this practice's. Raises NotFound."""
    if command.route_id is not None:
        _one_of_ours(session, Route, [command.route_id])
    _one_of_ours(session, Exercise, (*exercise_ids(command.parts), *command.suggested))
    if (
        walk.minutes != command.minutes or command.setting != OUTDOORS
    ):  # what the coach typed is what is normal now
        walk.length, walk.normal_minutes = NORMAL, None
    walk.starts_local, walk.minutes = command.starts_local, command.minutes
    walk.starts_at = local_to_moment(command.starts_local, walk.zone)
    walk.setting, walk.route_id, walk.changed_at = command.setting, command.route_id, now


def _seal(store: Store, walk: Walk, client: Client, details: WalkDetails) -> None:
    place = Place("walk", "sealed", walk.id, client.id)
    walk.sealed = store.vault.seal(client.wrapped_key, place, details)


def _one_of_ours(session: Session, kind: type[Route] | type[Exercise], ids: Sequence[int]) -> None:
    """Raises NotFound when an id is not of this practice."""
    wanted = set(ids)
    if wanted and set(session.scalars(select(kind.id).where(kind.id.in_(wanted)))) != wanted:
        raise NotFound


def _write_parts(session: Session, walk: Walk, parts: Sequence[PlannedPart]) -> None:
    """The plan in its new order; rows that are there already are used again. A point of another route pins nothing."""
    points = set(session.scalars(select(Waypoint.id).where(Waypoint.route_id == walk.route_id)))
    rows = list(
        session.scalars(select(PlanItem).where(PlanItem.walk_id == walk.id).order_by(PlanItem.position))
    )
    for position, part in enumerate(parts):
        if position < len(rows):
            row = rows[position]
        else:
            row = PlanItem(owner_id=walk.owner_id, coach_id=walk.coach_id, client_id=walk.client_id)
            row.walk_id = walk.id
            session.add(row)
        row.position, row.segment, row.minutes = position, part.segment, part.minutes
        row.exercise_id, row.for_client = part.exercise_id, part.for_client
        row.at_minute = part.at_minute
        row.waypoint_id = part.waypoint_id if part.waypoint_id in points else None
    for row in rows[len(parts) :]:
        session.delete(row)
