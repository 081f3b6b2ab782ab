"""How long a walk is: what can be chosen, by the client where the coach lets them and by the coach, and what a choice
does to the walk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from planner.domain.lengths import NORMAL, Length, lengths
from planner.domain.walks import OUTDOORS, PLANNED
from planner.models import Walk
from planner.services.clients.clients import OpenClient, open_client
from planner.services.messages import outbox
from planner.services.planning import in_the_way, walk_course
from planner.services.routes import walking_routes
from planner.services.store import SignedIn, Store, practice_of, settings_of, walk_gate
from planner.services.toolkit import toolkit
from planner.services.walks import walk_rows, walks
from planner.services.walks.walk_rows import OpenWalk


class NotPossible(Exception):
    """The walk cannot have this length, or another walk of the coach is in the way. Nothing changed."""


def offered(
    store: Store, session: Session, walk: OpenWalk, client: OpenClient, now: datetime
) -> tuple[Length, ...]:
    """What may be chosen for this walk."""
    if not _open(walk, now):
        return ()
    route = walking_routes.open_route(store, session, walk.route_id) if walk.route_id else None
    facts = toolkit.facts_of(session, walk.exercise_ids)
    found = lengths(walk_course.outing_of(session, walk, client, route, facts))
    return possible(session, walk, found, now)


def possible(session: Session, walk: OpenWalk, found: Iterable[Length], now: datetime) -> tuple[Length, ...]:
    """Of the lengths a walk can have those that may be chosen: until the start, and never into another walk of the
    coach. None when there is nothing to choose."""
    if not _open(walk, now):
        return ()
    free = tuple(one for one in found if one.code == walk.length or _is_free(session, walk, one.minutes))
    return free if len(free) > 1 else ()


def _open(walk: OpenWalk, now: datetime) -> bool:
    return walk.setting == OUTDOORS and walk.status == PLANNED and walk.starts_at > now


def _is_free(session: Session, walk: OpenWalk, minutes: int) -> bool:
    """Whether nothing else of this coach is in the way of the longer walk: nothing in another calendar, and no walk but
    one that meets this walk as it is."""
    more = minutes - walk.minutes
    if more <= 0:
        return True
    taken = in_the_way.during(session, walk.ends_at, walk.ends_at + timedelta(minutes=more))
    return not taken.busy and not any(one.starts_at >= walk.ends_at for one in taken.walked)


def choose(store: Store, session: Session, row: Walk, client: OpenClient, code: str, now: datetime) -> None:
    """The client gives their walk this length, and is told nothing of what they chose themselves. Raises
    NotPossible."""
    if _give(store, session, row, client, code, now):
        outbox.note_choice(store, session, row.id, now)


def set_length(store: Store, coach: SignedIn, walk_id: int, code: str, now: datetime) -> None:
    """The coach gives a walk this length; the client is told as of any change. Raises NotFound, NotPossible."""
    with store.db.transaction(coach.scope, now) as session:
        row = walk_gate(session, walk_id)
        if _give(store, session, row, open_client(store, session, row.client_id), code, now):
            outbox.note_walk(store, session, walk_id, now)


def _give(store: Store, session: Session, row: Walk, client: OpenClient, code: str, now: datetime) -> bool:
    """False when it has that length already: nothing changes."""
    if code == row.length:
        return False
    walk = walk_rows.open_walk(store, session, row.id)
    wanted = next((one for one in offered(store, session, walk, client, now) if one.code == code), None)
    if wanted is None:
        raise NotPossible
    put(store, session, row, walk, wanted, now)
    return True


def put(store: Store, session: Session, row: Walk, walk: OpenWalk, length: Length, now: datetime) -> None:
    """Write this length down; the plan stays, so that any other can be chosen again. Who must hear of it is the
    caller's."""
    row.length, row.minutes = length.code, length.minutes
    row.normal_minutes = None if length.code == NORMAL else walk.planned_minutes
    row.sequence, row.version, row.changed_at = row.sequence + 1, row.version + 1, now
    walks.ask_weather(store, session, row, settings_of(practice_of(session, session.info["scope"])), now)
