"""What is planned in a walk, and what its status and its end mean. Plain frozen values; the personal part is
sealed as JSON, with a default for every field, so that an older text still opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.domain.exercises import AT_A_DISTANCE, INDOORS, ONLINE, OUTDOORS, PHONE, SETTINGS, ExerciseFacts
from planner.domain.notes import OUTCOMES, status_after
from planner.domain.practices import MAX_WALK_MINUTES, MIN_WALK_MINUTES
from planner.domain.timing import SEGMENTS, Part, planned

__all__ = [
    "AT_A_DISTANCE", "CANCEL_REASONS", "INDOORS", "MAX_WALK_MINUTES", "MIN_WALK_MINUTES", "ONLINE", "OUTCOMES",
    "OUTDOORS", "PHONE", "SEGMENTS", "SETTINGS", "STATUSES", "Clash", "PlannedPart", "WalkDetails", "clashes",
    "is_over", "outcome_of_cancel", "status_after", "timed",
]  # fmt: skip

PLANNED, DONE, CANCELLED = "planned", "done", "cancelled"
STATUSES = (PLANNED, DONE, CANCELLED)
CANCEL_REASONS = ("client", "ill", "weather", "coach")
"""Who or what it was. Any other text is the coach's own words."""


@dataclass(frozen=True, slots=True)
class WalkDetails:
    """`cancel_reason`: a code of CANCEL_REASONS, an outcome, or the coach's own words. `cautions_talked`: exercises
    whose caution was talked over for this walk (rule 4: confirmed once per walk)."""

    meeting_point: str = ""
    focus: str = ""
    message: str = ""
    video_url: str = ""
    cancel_reason: str = ""
    cautions_talked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A stretch of a plan, in order. `for_client`: the client may see this exercise. Pinned to a minute after the
    start, or to a point of the route; else it follows in order."""

    segment: str
    minutes: int
    exercise_id: int | None = None
    for_client: bool = False
    at_minute: int | None = None
    waypoint_id: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What counts when a walk gets another time."""

    starts_local: datetime
    starts_at: datetime
    created_at: datetime
    moved_from_local: datetime | None


@dataclass(frozen=True, slots=True)
class Clash:
    """Another walk of the same coach at the same time."""

    walk_id: int
    client_id: int
    client_first_name: str
    starts_local: datetime
    minutes: int


def clashes(starts_at: datetime, minutes: int, other_at: datetime, other_minutes: int) -> bool:
    """Whether two walks share a minute; one may start when the other ends."""
    ends_at, other_ends_at = (
        starts_at + timedelta(minutes=minutes),
        other_at + timedelta(minutes=other_minutes),
    )
    return starts_at < other_ends_at and other_at < ends_at


SETTLED_AFTER = timedelta(minutes=10)
"""So long a coach may still correct a new walk before a change of its time counts as moving it."""


def moved_from(kept: Moved, new_local: datetime, now: datetime, *, seen: bool) -> datetime | None:
    """The time that a client's page says a walk had before, when its time changes to `new_local`.

    Only when the client could have seen the old time (`seen`: there is a link), more than ten minutes after the walk
    was planned, and while it is still to come. Moved twice: the first time, which is what stands in an agenda. Moved
    back to it: nothing changed after all.
    """
    first = kept.moved_from_local
    if new_local != kept.starts_local and first is None and seen:
        settled = now - kept.created_at >= SETTLED_AFTER and kept.starts_at > now
        first = kept.starts_local if settled else None
    return None if first == new_local else first


def in_time(starts_at: datetime, at: datetime, notice_hours: int) -> bool:
    """Whether the practice's notice period before a walk had not begun yet at that moment."""
    return starts_at - at >= timedelta(hours=notice_hours)


def is_over(starts_at: datetime, minutes: int, now: datetime) -> bool:
    return starts_at + timedelta(minutes=minutes) <= now


def outcome_of_cancel(reason: str, starts_at: datetime, at: datetime, notice_hours: int) -> str | None:
    """What a cancelled walk counts as: the client in time or late by the practice's notice period; None when it was
    the coach, or in own words. `at`: when the client said so. A cancelled walk is never "did not come"."""
    if reason == "client":
        return "cancelled_in_time" if in_time(starts_at, at, notice_hours) else "cancelled_late"
    return reason if reason in OUTCOMES and status_after(reason) == CANCELLED else None


NOWHERE: Mapping[int, float] = {}


def timed(
    parts: Iterable[PlannedPart],
    exercises: Mapping[int, ExerciseFacts],
    setting: str = OUTDOORS,
    along_m: Mapping[int, float] = NOWHERE,
) -> tuple[Part, ...]:
    """The parts as the clock reads them. Everywhere but outdoors everybody sits. `along_m`: how far along the route its
    points lie; a point that is not there pins nothing."""
    return tuple(_timed(part, exercises, setting, along_m) for part in parts)


def _timed(
    part: PlannedPart, exercises: Mapping[int, ExerciseFacts], setting: str, along_m: Mapping[int, float]
) -> Part:
    facts = exercises.get(part.exercise_id) if part.exercise_id is not None else None
    still = setting != OUTDOORS if facts is None else planned(facts, setting).still
    kind, where = facts.kind if facts else None, along_m.get(part.waypoint_id or 0)
    point = part.waypoint_id if where is not None else None
    return Part(part.segment, part.minutes, part.exercise_id, kind, still, part.at_minute, point, where)


def exercise_ids(parts: Sequence[PlannedPart]) -> tuple[int, ...]:
    """The exercises of a plan, in order."""
    return tuple(part.exercise_id for part in parts if part.exercise_id is not None)
