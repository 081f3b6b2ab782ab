"""What the coach looks back on after a walk, when they ask for it. For them alone: nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain import self_check
from planner.domain.clients import intake_asked
from planner.domain.notes import WALKED
from planner.domain.progress import evaluations, start_of
from planner.domain.self_check import Look, Programme
from planner.domain.walks import PLANNED
from planner.domain.when import day_on
from planner.models import Series, Walk
from planner.services.clients import clients
from planner.services.clients.clients import OpenClient
from planner.services.notes import notes
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.walks import walk_rows
from planner.services.walks.walk_rows import OpenWalk


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """`took_place`: there is something to look back on. `evaluation_on`: the next day to look back together."""

    walk: OpenWalk
    client: OpenClient
    took_place: bool
    has_note: bool
    of_walk: tuple[Look, ...]
    of_programme: tuple[Look, ...]
    evaluation_on: date | None


def look(store: Store, coach: SignedIn, walk_id: int, now: datetime) -> SelfCheck:
    """Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        walk = walk_rows.open_walk(store, session, walk_id)
        client = clients.open_client(store, session, walk.client_id)
        note = notes.of_walk(store, session, client, walk_id)
        settings = settings_of(practice_of(session, coach.scope))
        programme = Programme(
            len(intake_asked(settings.intake_asked)),
            _evaluation_on(session, client, day_on(now, settings.zone)),
            _every_week(session, client.id, now),
        )
    content = note.content if note is not None and client.health_consent else None
    return SelfCheck(
        walk,
        client,
        walk.took_place(now) and walk.outcome in (None, WALKED),
        note is not None,
        self_check.of_walk(walk.setting, content),
        self_check.of_programme(programme, content),
        programme.evaluation_on,
    )


def _evaluation_on(session: Session, client: OpenClient, today: date) -> date | None:
    """The next of three months, six months and the planned end."""
    first = session.scalar(
        select(func.min(Walk.starts_local)).where(Walk.client_id == client.id, Walk.outcome == WALKED)
    )
    start = start_of([first.date()] if first else [], client.started_on)
    days = evaluations(start, client.details.planned_end_on)
    return min((on for _, on in days if on >= today), default=None)


def _every_week(session: Session, client_id: int, now: datetime) -> bool:
    """Whether a coming walk belongs to a weekly series."""
    weekly = (
        select(Walk.id)
        .join(Series, Series.id == Walk.series_id)
        .where(
            Walk.client_id == client_id,
            Walk.starts_at > now,
            Walk.status == PLANNED,
            Series.every_weeks == 1,
        )
        .limit(1)
    )
    return session.scalar(weekly) is not None
