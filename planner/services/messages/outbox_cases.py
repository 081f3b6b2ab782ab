"""A walk as the outbox looks at it, read for many walks with as many questions as for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.messages import Told
from planner.domain.practices import PracticeSettings
from planner.domain.walks import PLANNED
from planner.models import Message, Walk
from planner.services.messages import message_sources, outbox_rows
from planner.services.messages.message_sources import Sources, WalkFile
from planner.services.messages.outbox_rows import Recipient
from planner.services.store import NotFound, Store
from planner.services.walks.walk_rows import OpenWalk


@dataclass(frozen=True, slots=True)
class Case:
    """A walk, whose it is, and what was prepared about it. `waits`: of a series, and told when the one before it is
    over: a client does not get all of them at once."""

    row: Walk
    file: WalkFile
    client: Recipient
    settings: PracticeSettings
    waits: bool
    now: datetime

    @property
    def walk(self) -> OpenWalk:
        return self.file.walk

    def told(self, store: Store) -> Told | None:
        """What the client heard last of when and where it is."""
        return outbox_rows.told_last(store, self.client.wrapped_key, self.messages, self.walk.name_for_place)

    @property
    def messages(self) -> tuple[Message, ...]:
        return self.file.messages


def case(store: Store, session: Session, walk_id: int, now: datetime) -> Case:
    """Raises NotFound."""
    found = cases(store, session, [walk_id], now)
    if not found:
        raise NotFound
    return found[0]


def cases(store: Store, session: Session, walk_ids: Collection[int], now: datetime) -> list[Case]:
    """Of those of these walks that are there, in the order given."""
    if not walk_ids:
        return []
    session.flush()
    sources = message_sources.read(store, session, walk_ids)
    rows = {row.id: row for row in session.scalars(select(Walk).where(Walk.id.in_(sources.files)))}
    turns = _turns(session, {row.series_id for row in rows.values() if row.series_id is not None}, now)
    return [
        _case_of(rows[walk_id], sources, turns, now) for walk_id in dict.fromkeys(walk_ids) if walk_id in rows
    ]


def _case_of(row: Walk, sources: Sources, turns: Mapping[int, datetime], now: datetime) -> Case:
    file = sources.file(row.id)
    client = sources.client(file.walk.client_id)
    waits = row.series_id is not None and turns.get(row.series_id, row.starts_at) < row.starts_at
    return Case(row, file, client, sources.settings[row.owner_id], waits, now)


def _turns(session: Session, series_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """When the next walk of each of these series starts."""
    if not series_ids:
        return {}
    rows = session.execute(
        select(Walk.series_id, func.min(Walk.starts_at).label("next_at"))
        .where(Walk.series_id.in_(series_ids), Walk.status == PLANNED, Walk.starts_at > now)
        .group_by(Walk.series_id)
    )
    return {row.series_id: row.next_at for row in rows}
