"""What a coach decided on a storm day: looked at first, then saved, all or nothing. No message leaves by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.clients import client_facts
from planner.domain.exercises import ExerciseFacts
from planner.domain.storm import CANCEL, ELSEWHERE, MOVE, SHORTEN, plan_for
from planner.domain.walks import CANCELLED, INDOORS, ONLINE, PLANNED, clashes
from planner.domain.when import TimeDoesNotExist, local_to_moment
from planner.services import toolkit, walk_rows, walks
from planner.services.clients import open_client
from planner.services.store import SignedIn, Store
from planner.services.toolkit import ToolkitExercise
from planner.services.walk_rows import OpenWalk
from planner.services.walks import PlanWalk

WEATHER = "weather"
"""The reason of a cancellation; it counts as nobody's."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of one walk: a code of STORM_CHOICES but keep. `version`: the one the coach saw. `to_local`:
    for another hour. `minutes`: for a shorter walk. `place`: where indoors, in words."""

    walk_id: int
    version: int | None
    choice: str
    to_local: datetime | None = None
    minutes: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A decision worked out. `command` None: the walk is cancelled, or nothing can come of it. `dropped`: the exercises
    that fall away. `phone`: the client's number. `problem`: a code of STORM_PROBLEMS, and then nothing is saved.
    `done`: the walk is so already, because the same was sent twice."""

    decision: Decision
    walk: OpenWalk
    command: PlanWalk | None
    dropped: tuple[ToolkitExercise, ...]
    phone: str
    problem: str | None
    done: bool = False

    @property
    def video_url(self) -> str:
        return self.command.details.video_url if self.command else ""


class Refused(Exception):
    """Something stands in the way of at least one change. Nothing was saved."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__()
        self.changes = tuple(changes)


def review(
    store: Store, coach: SignedIn, decisions: Collection[Decision], now: datetime
) -> tuple[Change, ...]:
    """What would change. Raises NotFound; and Refused."""
    with store.db.reading(coach.scope) as session:
        return _worked_out(store, session, decisions, now)


def save(
    store: Store,
    coach: SignedIn,
    decisions: Collection[Decision],
    now: datetime,
) -> int:
    """Change all these walks at once; gives how many. The same twice does it once. Raises NotFound; and Refused."""
    with store.db.transaction(coach.scope, now) as session:
        changes = [one for one in _worked_out(store, session, decisions, now) if not one.done]
        for one in changes:
            if one.command is None:
                walks.cancel_in(store, session, coach, one.walk.id, WEATHER, now, by_itself=False)
            else:
                walks.change_in(store, session, coach, one.walk.id, one.command, now, by_itself=False)
        return len(changes)


def _worked_out(
    store: Store, session: Session, decisions: Collection[Decision], now: datetime
) -> tuple[Change, ...]:
    exercises = {one.id: one for one in toolkit.exercises(store, session, hidden=True)}
    found = [_change(store, session, one, exercises, now) for one in decisions]
    found = [_without_clash(store, session, one, found) for one in found]
    if any(one.problem for one in found):
        raise Refused(found)
    return tuple(found)


def _change(
    store: Store,
    session: Session,
    decision: Decision,
    exercises: dict[int, ToolkitExercise],
    now: datetime,
) -> Change:
    walk = walk_rows.open_walk(store, session, decision.walk_id)
    client = open_client(store, session, walk.client_id)
    if _is_done(walk, decision):
        return Change(decision, walk, None, (), client.details.phone, None, done=True)
    gone = walk.status != PLANNED or walk.starts_at <= now
    if gone or decision.version != walk.version:
        return Change(decision, walk, None, (), client.details.phone, "changed")
    if decision.choice == CANCEL:
        return Change(decision, walk, None, (), client.details.phone, None)
    command = _as_it_is(walk)
    if decision.choice == MOVE:
        command = replace(command, starts_local=decision.to_local or walk.starts_local)
    else:
        planned = [exercises[one].facts for one in walk.exercise_ids if one in exercises]
        facts = client_facts(client.details, client.health)
        command = _laid_anew(store, session, walk, decision, command, planned, facts.recovery_phase)
    kept = {part.exercise_id for part in command.parts}
    dropped = tuple(exercises[one] for one in walk.exercise_ids if one in exercises and one not in kept)
    problem = "no_hour" if decision.choice == MOVE and not _may_start(walk, decision, now) else None
    return Change(decision, walk, command, dropped, client.details.phone, problem)


def _is_done(walk: OpenWalk, decision: Decision) -> bool:
    if decision.choice == CANCEL or walk.status != PLANNED:
        return decision.choice == CANCEL and walk.status == CANCELLED
    if decision.choice == MOVE:
        return walk.starts_local == decision.to_local
    return walk.setting == decision.choice or (
        decision.choice == SHORTEN and walk.minutes == decision.minutes
    )


def _as_it_is(walk: OpenWalk) -> PlanWalk:
    """`keep_clash`: whether two walks meet is looked at for all changes together."""
    return PlanWalk(
        client_id=walk.client_id,
        starts_local=walk.starts_local,
        minutes=walk.minutes,
        setting=walk.setting,
        route_id=walk.route_id,
        parts=walk.parts,
        details=walk.details,
        keep_clash=True,
        version=walk.version,
    )


def _laid_anew(
    store: Store,
    session: Session,
    walk: OpenWalk,
    decision: Decision,
    command: PlanWalk,
    planned: Sequence[ExerciseFacts],
    phase: str | None,
) -> PlanWalk:
    """Shorter, or somewhere else."""
    minutes = decision.minutes if decision.choice == SHORTEN and decision.minutes else walk.minutes
    setting = decision.choice if decision.choice in ELSEWHERE else walk.setting
    parts = plan_for(planned, minutes, setting, phase, walk.client_exercise_ids)
    command = replace(command, minutes=minutes, setting=setting, parts=parts if walk.parts else ())
    if setting == walk.setting:
        return command
    video_url = walk_rows.last_video_url(store, session, walk.client_id) if setting == ONLINE else ""
    place = decision.place if setting == INDOORS else ""
    details = replace(command.details, meeting_point=place, video_url=video_url)
    return replace(command, route_id=None, details=details)


def _may_start(walk: OpenWalk, decision: Decision, now: datetime) -> bool:
    if decision.to_local is None:
        return False
    try:
        return local_to_moment(decision.to_local, walk.zone) > now
    except TimeDoesNotExist:
        return False


def _without_clash(store: Store, session: Session, change: Change, all_: Sequence[Change]) -> Change:
    """The same, or refused because another walk has that hour: one on the agenda, or one that is moved there too."""
    if change.problem or change.command is None or change.decision.choice != MOVE:
        return change
    starts_at = local_to_moment(change.command.starts_local, change.walk.zone)
    minutes = change.command.minutes
    deciding = {one.walk.id for one in all_}
    standing = [
        one for one in walks.clashes_of(store, session, starts_at, minutes) if one.walk_id not in deciding
    ]
    moving = [
        one
        for one in all_
        if one.walk.id != change.walk.id and one.command is not None and one.problem is None
        and clashes(starts_at, minutes, local_to_moment(one.command.starts_local, one.walk.zone), one.command.minutes)
    ]  # fmt: skip
    return replace(change, problem="taken") if standing or moving else change
