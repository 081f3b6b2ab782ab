"""What the notes of many walks say, in one question: only under a consent that stands, only this coach's clients, and
of each note only the part that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from planner.domain.clients import HEALTH
from planner.domain.notes import WALKED
from planner.models import Client, Consent, Note, Route, Walk
from planner.services.clients import consent_rows
from planner.services.store import Store
from planner.services.vault import Place

T = TypeVar("T")

_COLUMNS: tuple[Any, ...] = (
    Note.id, Note.client_id, Note.sealed, Client.wrapped_key, Walk.setting, Route.facts.label("route_facts"),
)  # fmt: skip
_WALKED: Select[Any] = (
    select(*_COLUMNS)
    .join(Walk, Walk.id == Note.walk_id)
    .join(Client, Client.id == Note.client_id)
    .join(Consent, consent_rows.of_client(HEALTH))
    .outerjoin(Route, Route.id == Walk.route_id)
    .where(Walk.outcome == WALKED)
    .order_by(Walk.starts_at, Walk.id)
)


def walked(store: Store, session: Session, kind: type[T]) -> Iterator[tuple[Row[Any], T]]:
    """Every walk that was walked and has a note, oldest first. `kind`: a value with some of NoteContent's fields."""
    for row in session.execute(_WALKED):
        place = Place("note", "sealed", row.id, row.client_id)
        yield row, store.vault.open(row.wrapped_key, place, row.sealed, kind)
