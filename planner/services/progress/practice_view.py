"""The coach's clients at a glance: talks to hold, notes to write, who did not walk for some time, and the four reasons
over all of them. A colleague's clients are not in it. However many clients there are, the number of questions to the
database stays the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain import reasons
from planner.domain.clients import HEALTH
from planner.domain.notes import WALKED
from planner.domain.practice_view import weeks_since
from planner.domain.progress import BETWEEN, ReviewContent, TalkDue, kinds_held, start_of, talk_due
from planner.domain.reasons import Ledger
from planner.domain.walks import PLANNED
from planner.domain.when import day_on
from planner.models import Client, Consent, Review, Walk
from planner.services.clients import clients, consent_rows
from planner.services.clients.clients import ClientRow
from planner.services.notes import open_notes, walked_notes
from planner.services.store import SignedIn, Store, practice_of, settings_of
from planner.services.vault import Place
from planner.services.walks.walk_rows import WalkRow


@dataclass(frozen=True, slots=True)
class _Marks:
    """The part of a note that the ledger reads."""

    movement: int | None = None
    practice: int | None = None
    feeling: int | None = None
    environment: int | None = None

    @property
    def marks(self) -> dict[str, int | None]:
        return {reason: getattr(self, reason) for reason in reasons.REASONS}


@dataclass(frozen=True, slots=True)
class ClientState:
    """How it stands with an active client. `weeks`: since the last walk, when that is long ago."""

    client: ClientRow
    talk: TalkDue | None
    weeks: int | None
    last_on: date | None
    has_coming: bool


@dataclass(frozen=True, slots=True)
class PracticePage:
    """`unwritten`: walks without a note; `begun`: with one that is still open."""

    states: tuple[ClientState, ...]
    unwritten: tuple[WalkRow, ...]
    begun: tuple[WalkRow, ...]
    ledger: Ledger

    @property
    def talks(self) -> tuple[tuple[ClientRow, TalkDue], ...]:
        """By day."""
        found = [(one.client, one.talk) for one in self.states if one.talk is not None]
        return tuple(sorted(found, key=lambda pair: pair[1].due_on))

    @property
    def long_ago(self) -> tuple[ClientState, ...]:
        """The longest first."""
        found = [one for one in self.states if one.weeks is not None]
        return tuple(sorted(found, key=lambda one: -(one.weeks or 0)))

    @property
    def without_walk(self) -> tuple[ClientState, ...]:
        return tuple(one for one in self.states if not one.has_coming)


def page(store: Store, coach: SignedIn, now: datetime) -> PracticePage:
    with store.db.reading(coach.scope) as session:
        today = day_on(now, settings_of(practice_of(session, coach.scope)).zone)
        return PracticePage(
            _states(store, session, today, now),
            open_notes.unwritten(store, session, now),
            open_notes.begun(store, session, now),
            reasons.book(one.marks for _, one in walked_notes.walked(store, session, _Marks)),
        )


def _states(store: Store, session: Session, today: date, now: datetime) -> tuple[ClientState, ...]:
    rows = clients.listing_in(store, session)
    walked = {row.client_id: row for row in session.execute(_WALKED.where(Walk.starts_at <= now))}
    begun = {row.id: row.started_on for row in session.execute(select(Client.id, Client.started_on))}
    coming = set(session.scalars(_COMING.where(Walk.starts_at > now)))
    held = _held(store, session)
    return tuple(
        _state(row, walked.get(row.id), begun.get(row.id), held[row.id], row.id in coming, today)
        for row in rows
    )


def _held(store: Store, session: Session) -> dict[int, frozenset[str]]:
    """The kinds of talk that are behind, by client. What may not be opened counts."""
    talks: dict[int, list[tuple[str, ReviewContent | None]]] = defaultdict(list)
    for row in session.execute(_TALKS):
        place = Place("review", "sealed", row.id, row.client_id)
        content = store.vault.open(row.wrapped_key, place, row.sealed, ReviewContent) if row.open else None
        talks[row.client_id].append((row.kind, content))
    return defaultdict(frozenset, {client_id: kinds_held(found) for client_id, found in talks.items()})


_TALKS = (
    select(
        Review.id, Review.client_id, Review.kind, Review.sealed, Client.wrapped_key, Consent.id.label("open")
    )
    .join(Client, Client.id == Review.client_id)
    .outerjoin(Consent, consent_rows.of_client(HEALTH))
    .where(Review.kind != BETWEEN)
)
_WALKED = (
    select(
        Walk.client_id,
        func.min(Walk.starts_local).label("first_local"),
        func.max(Walk.starts_local).label("last_local"),
    )
    .where(Walk.outcome == WALKED)
    .group_by(Walk.client_id)
)
_COMING = select(Walk.client_id).where(Walk.status == PLANNED).distinct()


def _state(
    client: ClientRow, walked: Any, begun: date | None, held: frozenset[str], has_coming: bool, today: date
) -> ClientState:
    start = start_of([walked.first_local.date()] if walked else [], begun)
    last_on = walked.last_local.date() if walked else None
    talk = talk_due(start, today, held)
    return ClientState(client, talk, weeks_since(last_on, today), last_on, has_coming)
