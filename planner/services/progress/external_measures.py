"""Scores that somebody else took (domain.md 3.2): plain records, without item text and without a meaning. Only under
consent for health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.progress import Measure
from planner.models import ExternalMeasure, new_id
from planner.services.clients import clients
from planner.services.clients.clients import OpenClient
from planner.services.store import Conflict, NotFound, SignedIn, Store, handled_before, remember_form
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class KeptMeasure:
    """A score as it is kept. `stamp` tells it from what it was before a change."""

    id: int
    measure: Measure
    stamp: str


def of_client(store: Store, session: Session, client: OpenClient) -> tuple[KeptMeasure, ...]:
    """By the day they were taken, newest first. Without consent for health: none."""
    if not client.health_consent:
        return ()
    rows = select(ExternalMeasure).where(ExternalMeasure.client_id == client.id)
    kept = [_open(store, client, row) for row in session.scalars(rows.order_by(ExternalMeasure.id))]
    return tuple(sorted(kept, key=lambda one: one.measure.taken_on or date.min, reverse=True))


def one_of(store: Store, session: Session, client: OpenClient, measure_id: int) -> KeptMeasure | None:
    """None without consent for health. Raises NotFound."""
    row = _gate(session, client.id, measure_id)
    return _open(store, client, row) if client.health_consent else None


def add(
    store: Store, coach: SignedIn, client_id: int, measure: Measure, now: datetime, form_id: str | None = None
) -> None:
    """The same form twice makes one. Raises NotFound or NeedsConsent."""
    with store.db.transaction(coach.scope, now) as session:
        client = clients.open_consented(store, session, client_id)
        if handled_before(session, form_id) is None:
            row = ExternalMeasure(
                id=new_id(),
                owner_id=coach.owner_id,
                coach_id=client.coach_id,
                client_id=client.id,
                created_at=now,
            )
            _seal(store, client, row, measure)
            session.add(row)
            remember_form(session, coach.scope, form_id, str(row.id), now)


def change(
    store: Store,
    coach: SignedIn,
    client_id: int,
    measure_id: int,
    measure: Measure,
    now: datetime,
    seen: str = "",
) -> None:
    """`seen`: the stamp of what the form was opened with; empty when it does not say. Saving the same twice is no
    conflict.

    Raises NotFound, NeedsConsent, or Conflict when it was changed since.
    """
    with store.db.transaction(coach.scope, now) as session:
        row = _gate(session, client_id, measure_id)
        client = clients.open_consented(store, session, client_id)
        kept = _open(store, client, row)
        if kept.measure == measure:
            return
        if seen not in ("", kept.stamp):
            raise Conflict
        _seal(store, client, row, measure)


def remove(store: Store, coach: SignedIn, client_id: int, measure_id: int, now: datetime) -> None:
    """Gone for good; also after consent was withdrawn. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        session.delete(_gate(session, client_id, measure_id))


def _gate(session: Session, client_id: int, measure_id: int) -> ExternalMeasure:
    row = session.scalar(
        select(ExternalMeasure).where(
            ExternalMeasure.id == measure_id, ExternalMeasure.client_id == client_id
        )
    )
    if row is None:
        raise NotFound
    return row


def _open(store: Store, client: OpenClient, row: ExternalMeasure) -> KeptMeasure:
    measure = store.vault.open(client.wrapped_key, _place(row), row.sealed, Measure)
    text = msgspec.json.encode((row.id, measure)).decode()
    return KeptMeasure(row.id, measure, store.vault.lookup_digest("measure", text).hex()[:32])


def _seal(store: Store, client: OpenClient, row: ExternalMeasure, measure: Measure) -> None:
    row.sealed = store.vault.seal(client.wrapped_key, _place(row), measure)


def _place(row: ExternalMeasure) -> Place:
    return Place("external_measure", "sealed", row.id, row.client_id)
