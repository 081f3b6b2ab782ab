"""The questions about walks: columns, never entities; each statement is built once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, exists, or_, select, type_coerce

from planner.domain.walks import CANCELLED, DONE, ONLINE, OUTDOORS, PLANNED
from planner.models import Client, Note, PlanItem, Practice, Route, Walk, WeatherWatch


def of_its_walk(kind: Any) -> ColumnElement[bool]:
    """Joins rows of this kind to their walk. Every index begins with the owner; a job, which looks at all owners, has
    only the ids of walks, and finds the owner with the walk."""
    return and_(Walk.owner_id == kind.owner_id, Walk.id == kind.walk_id)


_COLUMNS: tuple[Any, ...] = (
    Walk.id,
    Walk.client_id,
    Walk.starts_local,
    Walk.starts_at,
    Walk.minutes,
    Walk.status,
    Walk.outcome,
    Walk.setting,
    Walk.route_id,
    Walk.length,
    Walk.normal_minutes,
    Walk.sealed,
    Walk.weather,
    Client.wrapped_key,
    Client.name_sealed,
    Practice.id.label("practice_id"),
    Practice.wrapped_key.label("practice_key"),
    Route.sealed.label("route_sealed"),
    Route.facts.label("route_facts"),
    Route.latitude,
    Route.longitude,
    Note.id.label("note_id"),
    Note.closed_at.label("note_closed_at"),
)
_ROWS: Select[Any] = (
    select(*_COLUMNS)
    .join(Client, Client.id == Walk.client_id)
    .join(Practice, Practice.id == Walk.owner_id)
    .outerjoin(Route, Route.id == Walk.route_id)
    .outerjoin(Note, and_(Note.owner_id == Walk.owner_id, Note.walk_id == Walk.id))
)
BETWEEN = _ROWS.where(
    Walk.starts_at >= bindparam("from_at"), Walk.starts_at < bindparam("until_at")
).order_by(Walk.starts_at, Walk.id)
UNWRITTEN = (
    _ROWS.where(
        Walk.starts_at >= bindparam("from_at"),
        Walk.starts_at < bindparam("until_at"),
        Walk.status != CANCELLED,
        Note.id.is_(None),
    )
    .order_by(Walk.starts_at.desc(), Walk.id)
    .limit(bindparam("most"))
)
UNWRITTEN_OF_CLIENT = UNWRITTEN.where(Walk.client_id == bindparam("client_id"))
BEGUN_NOTES = (
    _ROWS.where(
        Walk.starts_at >= bindparam("from_at"),
        Walk.starts_at < bindparam("until_at"),
        Walk.status != CANCELLED,
        Note.id.is_not(None),
        Note.closed_at.is_(None),
    )
    .order_by(Walk.starts_at.desc(), Walk.id)
    .limit(bindparam("most"))
)
NEXT = (
    _ROWS.where(Walk.starts_at >= bindparam("from_at"), Walk.status == PLANNED)
    .order_by(Walk.starts_at, Walk.id)
    .limit(bindparam("most"))
)
_STARTS: tuple[Any, ...] = (Walk.id, Walk.client_id, Walk.starts_local, Walk.starts_at, Walk.minutes)
NEXT_STARTS: Select[Any] = (
    select(*_STARTS)
    .where(Walk.starts_at >= bindparam("from_at"), Walk.status == PLANNED)
    .order_by(Walk.starts_at, Walk.id)
    .limit(bindparam("most"))
)
OF_CLIENT = (
    _ROWS.where(Walk.client_id == bindparam("client_id"))
    .order_by(Walk.starts_at.desc(), Walk.id)
    .limit(bindparam("most"))
)
BEGUN = OF_CLIENT.where(Walk.status != CANCELLED, or_(Walk.starts_at < bindparam("now"), Walk.status == DONE))
COMING = _ROWS.where(
    Walk.client_id == bindparam("client_id"), Walk.starts_at >= bindparam("from_at"), Walk.status != DONE
).order_by(Walk.starts_at, Walk.id)
TOGETHER = (
    _ROWS.add_columns(Walk.version)
    .where(
        or_(
            and_(
                Walk.starts_at >= bindparam("from_at"),
                Walk.starts_at < bindparam("until_at"),
                Walk.starts_at > bindparam("now"),
                Walk.status == PLANNED,
            ),
            Walk.id.in_(bindparam("also", expanding=True)),
        )
    )
    .order_by(Walk.starts_at, Walk.id)
)
"""The planned walks of a period, and these."""
LINES = (
    _ROWS.add_columns(WeatherWatch.line, WeatherWatch.known)
    .join(WeatherWatch, WeatherWatch.walk_id == Walk.id)
    .where(
        WeatherWatch.line.is_not(None),
        WeatherWatch.seen_at.is_(None),
        WeatherWatch.about_at == Walk.starts_at,
        Walk.status == PLANNED,
        Walk.setting == OUTDOORS,
        Walk.starts_at > bindparam("now"),
    )
    .order_by(Walk.starts_at, Walk.id)
)
"""What the weather watch said of coming walks, and the coach did not put away."""
OF_SERIES = _ROWS.where(Walk.series_id == bindparam("series_id")).order_by(Walk.starts_at, Walk.id)
THESE = _ROWS.add_columns(
    Walk.sequence, Walk.version, Walk.zone, Walk.changed_at, Walk.moved_from_local, Walk.series_id
).where(Walk.id.in_(bindparam("walk_ids", expanding=True)))
_ENTRIES = _ROWS.add_columns(Walk.sequence, Walk.zone, Walk.changed_at)
ENTRY = _ENTRIES.where(Walk.id == bindparam("walk_id"))
ENTRIES = _ENTRIES.where(Walk.starts_at >= bindparam("from_at")).order_by(Walk.starts_at, Walk.id)
ENTRIES_OF_CLIENT = ENTRIES.where(Walk.client_id == bindparam("client_id"))
"""What a calendar shows of a walk, whatever became of it."""
_REVISION: tuple[Any, ...] = (
    Walk.id, Walk.version, Walk.sequence, type_coerce(Walk.changed_at, String).label("changed"), Walk.status,
    type_coerce(Walk.starts_at, String).label("starts"), Walk.minutes, Walk.route_id, Route.version, Client.version,
)  # fmt: skip
REVISIONS: Select[Any] = (
    select(*_REVISION)
    .join(Client, Client.id == Walk.client_id)
    .outerjoin(Route, Route.id == Walk.route_id)
    .where(Walk.starts_at >= bindparam("from_at"))
    .order_by(Walk.starts_at, Walk.id)
)
REVISIONS_OF_CLIENT = REVISIONS.add_columns(Walk.starts_at).where(Walk.client_id == bindparam("client_id"))
"""From which one sees that an entry changed, in clear columns only; moments as they are stored."""
AGENDA = (
    select(Walk.id, Walk.client_id, Walk.starts_at, Walk.minutes, Route.facts.label("route_facts"))
    .outerjoin(Route, Route.id == Walk.route_id)
    .where(
        Walk.starts_at >= bindparam("from_at"),
        Walk.starts_at < bindparam("until_at"),
        Walk.status != CANCELLED,
    )
    .order_by(Walk.starts_at)
)
"""What takes time; nothing sealed."""
WALKED_WHEN = (
    select(Walk.client_id, Walk.starts_local)
    .where(
        Walk.client_id.in_(bindparam("client_ids", expanding=True)),
        Walk.starts_at >= bindparam("from_at"),
        Walk.status != CANCELLED,
    )
    .order_by(Walk.starts_at.desc(), Walk.id)
)
STARTS_AND_ROUTES = (
    select(Walk.id, Walk.route_id, Walk.starts_local)
    .where(Walk.client_id == bindparam("client_id"), Walk.status != CANCELLED)
    .order_by(Walk.starts_at.desc(), Walk.id)
)
PLACES = (
    select(Walk.id, Walk.client_id, Walk.starts_at, Walk.minutes, Route.latitude, Route.longitude)
    .join(Route, Route.id == Walk.route_id)
    .where(
        Walk.starts_at >= bindparam("from_at"),
        Walk.starts_at < bindparam("until_at"),
        Walk.status != CANCELLED,
        Route.latitude.is_not(None),
        Route.longitude.is_not(None),
    )
    .order_by(Walk.starts_at)
)
"""Where the coach's walks begin, of those that have a place on the map."""
MET_ON = select(Route.id).where(
    exists().where(Walk.owner_id == Route.owner_id, Walk.route_id == Route.id, Walk.status != CANCELLED)
)
"""The routes on which there is a walk with anybody."""
_ONLINE = (
    select(Walk.id, Walk.client_id, Walk.sealed, Client.wrapped_key)
    .join(Client, Client.id == Walk.client_id)
    .where(Walk.setting == ONLINE)
    .order_by(Walk.starts_at.desc())
    .limit(1)
)
ONLINE_WITH = _ONLINE.where(Walk.client_id == bindparam("client_id"))
ONLINE_LATELY = _ONLINE.where(Walk.starts_at >= bindparam("from_at"))
PARTS = (
    select(
        PlanItem.walk_id,
        PlanItem.segment,
        PlanItem.minutes,
        PlanItem.exercise_id,
        PlanItem.for_client,
        PlanItem.at_minute,
        PlanItem.waypoint_id,
    )
    .join(Walk, of_its_walk(PlanItem))
    .where(Walk.id.in_(bindparam("walk_ids", expanding=True)))
    .order_by(PlanItem.walk_id, PlanItem.position)
)
