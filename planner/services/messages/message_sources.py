"""What messages about some walks are made from: the same few questions, however many walks and clients there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.practices import PracticeSettings
from planner.models import Message, Practice, Walk, WeatherWatch
from planner.services.clients import answers
from planner.services.messages import outbox_rows
from planner.services.messages.outbox_rows import Recipient
from planner.services.store import NotFound, Store, settings_of
from planner.services.walks import walk_rows
from planner.services.walks.walk_queries import of_its_walk
from planner.services.walks.walk_rows import OpenWalk


@dataclass(frozen=True, slots=True)
class WalkFile:
    """One walk with all that was prepared and said about it. `cannot`: the client said that they cannot come."""

    walk: OpenWalk
    messages: tuple[Message, ...]
    cannot: bool
    watch: WeatherWatch | None


@dataclass(frozen=True, slots=True)
class Sources:
    """Those of the clients and walks asked for that the session reaches. `settings`: by practice."""

    clients: Mapping[int, Recipient]
    files: Mapping[int, WalkFile]
    settings: Mapping[int, PracticeSettings]

    def client(self, client_id: int) -> Recipient:
        """Raises NotFound."""
        if client_id not in self.clients:
            raise NotFound
        return self.clients[client_id]

    def file(self, walk_id: int) -> WalkFile:
        """Raises NotFound."""
        if walk_id not in self.files:
            raise NotFound
        return self.files[walk_id]


def read(
    store: Store, session: Session, walk_ids: Collection[int], client_ids: Collection[int] = ()
) -> Sources:
    """For these walks and their clients, and for these clients."""
    opened = walk_rows.open_walks(store, session, walk_ids) if walk_ids else {}
    people = {*client_ids, *(walk.client_id for walk in opened.values())}
    clients = outbox_rows.recipients(store, session, people)
    owners = {client.owner_id for client in clients.values()}
    practices = session.scalars(select(Practice).where(Practice.id.in_(owners)))
    settings = {practice.id: settings_of(practice) for practice in practices}
    return Sources(clients, _files(store, session, opened) if opened else {}, settings)


def _files(store: Store, session: Session, opened: Mapping[int, OpenWalk]) -> dict[int, WalkFile]:
    messages = outbox_rows.of_walks(session, opened.keys())
    cannot = answers.cannot_come(store, session, opened)
    watched = select(WeatherWatch).join(Walk, of_its_walk(WeatherWatch)).where(Walk.id.in_(opened))
    watches = {watch.walk_id: watch for watch in session.scalars(watched)}
    return {
        walk_id: WalkFile(walk, messages.get(walk_id, ()), walk_id in cannot, watches.get(walk_id))
        for walk_id, walk in opened.items()
    }
