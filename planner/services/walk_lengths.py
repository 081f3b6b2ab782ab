"""How long a walk is, where the client may say so: what can be chosen, and what a choice does to the walk."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.lengths import NORMAL, Length, lengths
from planner.domain.walks import OUTDOORS, PLANNED, clashes
from planner.models import Walk
from planner.services import busy_calendars, outbox, toolkit, walk_course, walk_rows, walking_routes, walks
from planner.services import walk_queries as queries
from planner.services.clients import OpenClient
from planner.services.store import Store, practice_of, settings_of
from planner.services.walk_rows import OpenWalk


class NotPossible(Exception):
    """The walk cannot have this length, or another walk of the coach is in the way. Nothing changed."""


def offered(
    store: Store, session: Session, walk: OpenWalk, client: OpenClient, now: datetime
) -> tuple[Length, ...]:
    """What the client may choose: until the start, and never into another walk of the coach."""
    if walk.setting != OUTDOORS or walk.status != PLANNED or walk.starts_at <= now:
        return ()
    route = walking_routes.open_route(store, session, walk.route_id) if walk.route_id else None
    facts = toolkit.facts_of(session, walk.exercise_ids)
    found = lengths(walk_course.outing_of(session, walk, client, route, facts))
    possible = tuple(
        one for one in found if one.code == walk.length or _is_free(session, walk, one.minutes, now)
    )
    return possible if len(possible) > 1 else ()


def _is_free(session: Session, walk: OpenWalk, minutes: int, now: datetime) -> bool:
    """Whether nothing else of this coach begins before this one would end: no walk, and nothing in another calendar."""
    more = minutes - walk.minutes
    if more <= 0:
        return True
    settings = settings_of(practice_of(session, session.info["scope"]))
    if busy_calendars.clashes(session, settings, walk.ends_at, more, now):
        return False
    until_at = walk.starts_at + timedelta(minutes=minutes)
    window = {"from_at": walk.starts_at - walk_rows.LONGEST, "until_at": until_at}
    return not any(
        row.id != walk.id
        and clashes(walk.starts_at, minutes, row.starts_at, row.minutes)
        and not clashes(walk.starts_at, walk.minutes, row.starts_at, row.minutes)
        for row in session.execute(queries.AGENDA, window)
    )


def choose(store: Store, session: Session, row: Walk, client: OpenClient, code: str, now: datetime) -> None:
    """Give the walk this length; the same again changes nothing. The client is told nothing of what they chose
    themselves. Raises NotPossible."""
    if code == row.length:
        return
    walk = walk_rows.open_walk(store, session, row.id)
    wanted = next((one for one in offered(store, session, walk, client, now) if one.code == code), None)
    if wanted is None:
        raise NotPossible
    put(store, session, row, walk, wanted, now)
    outbox.note_choice(store, session, row.id, now)


def put(store: Store, session: Session, row: Walk, walk: OpenWalk, length: Length, now: datetime) -> None:
    """Write this length down; the plan stays, so that any other can be chosen again. Who must hear of it is the
    caller's."""
    row.length, row.minutes = length.code, length.minutes
    row.normal_minutes = None if length.code == NORMAL else walk.planned_minutes
    row.sequence, row.version, row.changed_at = row.sequence + 1, row.version + 1, now
    walks.ask_weather(store, session, row, settings_of(practice_of(session, session.info["scope"])), now)
