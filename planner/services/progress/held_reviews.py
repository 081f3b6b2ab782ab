"""Talks about how it goes: held, kept, corrected. Only under consent for health (P01, P03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.progress import REVIEW_KINDS, ReviewContent
from planner.domain.when import day_on
from planner.models import Review, new_id
from planner.services.clients import clients
from planner.services.clients.clients import OpenClient
from planner.services.store import (
    Conflict,
    NotFound,
    SignedIn,
    Store,
    handled_before,
    practice_of,
    remember_form,
    settings_of,
)
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class HeldReview:
    """A talk that was held, on that day of the practice."""

    id: int
    kind: str
    held_on: date
    content: ReviewContent
    version: int


@dataclass(frozen=True, slots=True)
class WriteReview:
    """`version`: the one the form was opened with; None for a new one."""

    kind: str
    content: ReviewContent
    version: int | None = None


def of_client(store: Store, session: Session, client: OpenClient) -> tuple[HeldReview, ...]:
    """Newest first. Without consent for health they stay shut: none."""
    if not client.health_consent:
        return ()
    rows = select(Review).where(Review.client_id == client.id).order_by(Review.held_at.desc(), Review.id)
    zone = _zone(session)
    return tuple(_open(store, client, row, zone) for row in session.scalars(rows))


def one_of(store: Store, session: Session, client: OpenClient, review_id: int) -> HeldReview | None:
    """None without consent for health. Raises NotFound."""
    row = _gate(session, client.id, review_id)
    return _open(store, client, row, _zone(session)) if client.health_consent else None


def felt_last(held: tuple[HeldReview, ...]) -> HeldReview | None:
    """The newest talk in which the client said whether they feel improvement."""
    return next((one for one in held if one.content.felt_energy or one.content.felt_functioning), None)


def hold(
    store: Store,
    coach: SignedIn,
    client_id: int,
    command: WriteReview,
    now: datetime,
    form_id: str | None = None,
) -> None:
    """Keep a talk that was held now. The same form twice makes one. Raises NotFound or NeedsConsent."""
    with store.db.transaction(coach.scope, now) as session:
        client = clients.open_consented(store, session, client_id)
        if handled_before(session, form_id) is None:
            row = Review(id=new_id(), owner_id=coach.owner_id, coach_id=client.coach_id, client_id=client.id)
            row.held_at, row.version = now, 1
            _write(store, client, row, command)
            session.add(row)
            remember_form(session, coach.scope, form_id, str(row.id), now)


def correct(
    store: Store, coach: SignedIn, client_id: int, review_id: int, command: WriteReview, now: datetime
) -> None:
    """Keep a corrected talk; saving the same twice is no conflict.

    Raises NotFound, NeedsConsent, or Conflict when it was saved since the form was opened.
    """
    with store.db.transaction(coach.scope, now) as session:
        row = _gate(session, client_id, review_id)
        client = clients.open_consented(store, session, client_id)
        if (row.kind, _content(store, client, row)) == (command.kind, command.content):
            return
        if command.version != row.version:
            raise Conflict
        _write(store, client, row, command)
        row.version += 1


def _gate(session: Session, client_id: int, review_id: int) -> Review:
    row = session.scalar(select(Review).where(Review.id == review_id, Review.client_id == client_id))
    if row is None:
        raise NotFound
    return row


def _zone(session: Session) -> str:
    return settings_of(practice_of(session, session.info["scope"])).zone


def _open(store: Store, client: OpenClient, row: Review, zone: str) -> HeldReview:
    content = _content(store, client, row)
    return HeldReview(row.id, row.kind, day_on(row.held_at, zone), content, row.version)


def _content(store: Store, client: OpenClient, row: Review) -> ReviewContent:
    return store.vault.open(client.wrapped_key, _place(row), row.sealed, ReviewContent)


def _write(store: Store, client: OpenClient, row: Review, command: WriteReview) -> None:
    if command.kind not in REVIEW_KINDS:
        raise ValueError(f"no such kind: {command.kind}")
    row.kind, row.sealed = command.kind, store.vault.seal(client.wrapped_key, _place(row), command.content)


def _place(row: Review) -> Place:
    return Place("review", "sealed", row.id, row.client_id)
