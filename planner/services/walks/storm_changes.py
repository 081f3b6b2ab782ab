"""What a coach decided on a storm day: looked at first, then saved, all or nothing. No message leaves by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from planner.domain.clients import client_facts
from planner.domain.exercises import ExerciseFacts
from planner.domain.lengths import SHORT, Length
from planner.domain.storm import CANCEL, ELSEWHERE, MOVE, SHORTEN, plan_for
from planner.domain.walks import CANCELLED, INDOORS, ONLINE, PHONE, PLANNED, clashes
from planner.domain.when import TimeDoesNotExist, local_to_moment
from planner.services.clients import answers
from planner.services.clients.clients import OpenClient, open_client
from planner.services.messages import outbox
from planner.services.planning import in_the_way
from planner.services.store import SignedIn, Store, practice_of, settings_of, walk_gate
from planner.services.toolkit import toolkit
from planner.services.toolkit.toolkit import ToolkitExercise
from planner.services.walks import storm_lengths, walk_lengths, walk_rows, walks
from planner.services.walks.walk_rows import OpenWalk
from planner.services.walks.walks import PlanWalk

WEATHER = "weather"
"""The reason of a cancellation; it counts as nobody's."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of one walk: a code of STORM_CHOICES but keep. `version`: the one the coach saw. `to_local`:
    for another hour. `minutes`: for a shorter walk, where its route does not say how short. `place`: where indoors, in
    words."""

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
    `done`: the walk is so already, because the same was sent twice. `length`: the short one of its route; the plan is
    kept then. `cannot`: the client said that they cannot come."""

    decision: Decision
    walk: OpenWalk
    command: PlanWalk | None
    dropped: tuple[ToolkitExercise, ...]
    phone: str
    problem: str | None
    done: bool = False
    length: Length | None = None
    cannot: bool = False

    @property
    def asks_again(self) -> bool:
        """Whether the walk becomes one that the answer was not about (domain.answers.standing)."""
        after = self.command
        return after is not None and (
            (after.starts_local, after.setting) != (self.walk.starts_local, self.walk.setting)
        )

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
            _save_one(store, session, coach, one, now)
        return len(changes)


def _save_one(store: Store, session: Session, coach: SignedIn, change: Change, now: datetime) -> None:
    walk_id = change.walk.id
    if change.length is not None:
        row = walk_gate(session, walk_id)
        walk_lengths.put(store, session, row, change.walk, change.length, now)
        outbox.note_walk(store, session, walk_id, now, by_itself=False)
    elif change.command is None:
        walks.cancel_in(store, session, coach, walk_id, WEATHER, now, by_itself=False)
    else:
        walks.change_in(store, session, coach, walk_id, change.command, now, by_itself=False)


def _worked_out(
    store: Store, session: Session, decisions: Collection[Decision], now: datetime
) -> tuple[Change, ...]:
    exercises = {one.id: one for one in toolkit.exercises(store, session, hidden=True)}
    found = [_change(store, session, one, exercises, now) for one in decisions]
    found = [_without_clash(store, session, one, found, now) for one in found]
    if any(one.problem for one in found):
        raise Refused(found)
    cannot = answers.cannot_come(store, session, [one.walk.id for one in found])
    return tuple(replace(one, cannot=one.walk.id in cannot) for one in found)


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
    elif decision.choice == SHORTEN and (short := _short(store, session, walk, client)) is not None:
        return _shortened(walk, decision, short, command, exercises, client.details.phone)
    else:
        planned = [exercises[one].facts for one in walk.exercise_ids if one in exercises]
        facts = client_facts(client.details, client.health)
        command = _laid_anew(store, session, walk, decision, command, planned, facts.recovery_phase, now)
    kept = {part.exercise_id for part in command.parts}
    dropped = tuple(exercises[one] for one in walk.exercise_ids if one in exercises and one not in kept)
    phone = client.details.phone
    return Change(decision, walk, command, dropped, phone, _problem(walk, decision, phone, now))


def _short(store: Store, session: Session, walk: OpenWalk, client: OpenClient) -> Length | None:
    found = storm_lengths.shorter_of(store, session, [walk], {client.id: client}).get(walk.id)
    return found.length if found is not None else None


def _shortened(
    walk: OpenWalk,
    decision: Decision,
    length: Length,
    command: PlanWalk,
    exercises: dict[int, ToolkitExercise],
    phone: str,
) -> Change:
    """On a measured route: what falls away is told, and stays in the plan."""
    dropped = tuple(exercises[one] for one in length.falls_away if one in exercises)
    command = replace(command, minutes=length.minutes)
    return Change(decision, walk, command, dropped, phone, None, length=length)


def _problem(walk: OpenWalk, decision: Decision, phone: str, now: datetime) -> str | None:
    """What stands in the way, whatever else is on the agenda."""
    if decision.choice == MOVE and not _may_start(walk, decision, now):
        return "no_hour"
    return "no_phone" if decision.choice == PHONE and not phone else None


def _is_done(walk: OpenWalk, decision: Decision) -> bool:
    if decision.choice == CANCEL or walk.status != PLANNED:
        return decision.choice == CANCEL and walk.status == CANCELLED
    if decision.choice == MOVE:
        return walk.starts_local == decision.to_local
    if decision.choice == SHORTEN:
        return walk.length == SHORT or walk.minutes == decision.minutes
    return walk.setting == decision.choice


def _as_it_is(walk: OpenWalk) -> PlanWalk:
    """`keep_clash`: whether a walk meets something else is looked at for all changes together."""
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
    now: datetime,
) -> PlanWalk:
    """Shorter, or somewhere else."""
    minutes = decision.minutes if decision.choice == SHORTEN and decision.minutes else walk.minutes
    setting = decision.choice if decision.choice in ELSEWHERE else walk.setting
    parts = plan_for(planned, minutes, setting, phase, walk.client_exercise_ids)
    command = replace(command, minutes=minutes, setting=setting, parts=parts if walk.parts else ())
    if setting == walk.setting:
        return command
    online = setting == ONLINE
    video_url = walk_rows.last_video_url(store, session, walk.client_id, now) if online else ""
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


def _without_clash(
    store: Store, session: Session, change: Change, all_: Sequence[Change], now: datetime
) -> Change:
    """The same, or refused because that hour is taken: by a walk on the agenda, by one that is moved there too, or in
    another calendar. What stays within its own hour took nothing new."""
    if change.problem or change.command is None or _stays_within(change.walk, change.command):
        return change
    starts_at = local_to_moment(change.command.starts_local, change.walk.zone)
    minutes = change.command.minutes
    deciding = {change.walk.id, *(one.walk.id for one in all_ if not one.done)}
    moving = [
        one
        for one in all_
        if one.walk.id != change.walk.id and one.command is not None and one.problem is None
        and clashes(starts_at, minutes, local_to_moment(one.command.starts_local, one.walk.zone), one.command.minutes)
    ]  # fmt: skip
    settings = settings_of(practice_of(session, session.info["scope"]))
    standing = in_the_way.at(store, session, settings, starts_at, minutes, now, deciding)
    return replace(change, problem="taken") if standing or moving else change


def _stays_within(walk: OpenWalk, command: PlanWalk) -> bool:
    return command.starts_local == walk.starts_local and command.minutes <= walk.minutes
