"""Safety questions before the first walk: asked, kept as far as they may be (P06), and what waits for a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain import screening
from planner.domain.screening import RED_NOW, RED_WITHOUT_STEP, ScreeningRecord
from planner.models import Screening, new_id
from planner.services.clients import clients, consents
from planner.services.clients.clients import OpenClient
from planner.services.store import SignedIn, Store, client_gate, handled_before, remember_form
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class KeptScreening:
    """A screening as it is kept."""

    id: int
    asked_at: datetime
    record: ScreeningRecord


_NEWEST_FIRST = (
    select(Screening)
    .where(Screening.client_id == bindparam("client_id"))
    .order_by(Screening.asked_at.desc(), Screening.id)
)


def holds_planning(store: Store, session: Session, client: OpenClient) -> str | None:
    """The code of what waits before a walk can be planned, or None. A red answer waits for its step also after consent
    was withdrawn, for that does not make it safe to walk; nothing else of the screening is used then (P03)."""
    return what_holds(client, kept(store, session, client))


def what_holds(client: OpenClient, screenings: Sequence[KeptScreening]) -> str | None:
    """The same, of screenings that are opened already: all of the client, newest first."""
    held = screening.holds_planning(one.record for one in reversed(screenings))
    return held if client.health_consent or held == RED_WITHOUT_STEP else None


def kept(store: Store, session: Session, client: OpenClient) -> tuple[KeptScreening, ...]:
    """The screenings of a client, newest first."""
    rows = _rows(session, client.id)
    return tuple(KeptScreening(row.id, row.asked_at, _record(store, client, row)) for row in rows)


def ask(
    store: Store,
    coach: SignedIn,
    client_id: int,
    answers: dict[str, str],
    now: datetime,
    today: date,
    *,
    form_id: str | None = None,
    agrees: bool = False,
) -> str:
    """Keep what may be kept of these answers, and give the level they ask for. What they say to take into account
    stands with the client from then on. `agrees`: the client says yes now to keeping something about health.

    Raises NotFound, or NeedsConsent when the client did not agree to keeping anything about health.
    """
    found = screening.assess(answers)
    with store.db.transaction(coach.scope, now) as session:
        client = clients.open_client(store, session, client_id)
        if agrees:
            consents.agree_in(store, session, client_gate(session, client_id), now)
        elif not client.health_consent:
            raise consents.NeedsConsent(tuple(answers))
        if handled_before(session, form_id) is None:
            row = Screening(
                id=new_id(), owner_id=coach.owner_id, coach_id=client.coach_id, client_id=client.id
            )
            row.asked_at, row.version = now, 1
            _seal(store, client, row, screening.storable(answers, today))
            session.add(row)
            clients.add_flags(store, session, client.id, found.flags)
            remember_form(session, coach.scope, form_id, str(row.id), now)
    return found.level


def took_step(store: Store, coach: SignedIn, client_id: int, step: str, now: datetime, today: date) -> None:
    """The coach wrote what they did after a red answer; planning opens again. It says what the coach did, never what
    the client told, so it needs no consent."""

    def with_step(record: ScreeningRecord) -> ScreeningRecord:
        return replace(record, step_taken=step, step_on=today)

    with store.db.transaction(coach.scope, now) as session:
        client = clients.open_client(store, session, client_id)
        for row in _rows(session, client.id):
            record = _record(store, client, row)
            if record.level == RED_NOW and not record.step_taken:
                _seal(store, client, row, with_step(record))
                row.version += 1


def note_gp(
    store: Store, coach: SignedIn, client_id: int, gp_knows: bool, reason: str, now: datetime
) -> None:
    """Keep that the GP knows, or the coach's reason to begin without; with the newest screening.

    Raises NotFound, or NeedsConsent.
    """
    with store.db.transaction(coach.scope, now) as session:
        client = clients.open_client(store, session, client_id)
        if not client.health_consent:
            raise consents.NeedsConsent(("gp_knows",))
        row = next(iter(_rows(session, client.id)), None)
        if row is not None:
            record = _record(store, client, row)
            _seal(store, client, row, replace(record, gp_knows=gp_knows, reason_without_gp=reason))
            row.version += 1


def _rows(session: Session, client_id: int) -> list[Screening]:
    """Newest first."""
    return list(session.scalars(_NEWEST_FIRST, {"client_id": client_id}))


def _record(store: Store, client: OpenClient, row: Screening) -> ScreeningRecord:
    return store.vault.open(client.wrapped_key, _place(row), row.sealed, ScreeningRecord)


def _seal(store: Store, client: OpenClient, row: Screening, record: ScreeningRecord) -> None:
    row.sealed = store.vault.seal(client.wrapped_key, _place(row), record)


def _place(row: Screening) -> Place:
    return Place("screening", "sealed", row.id, row.client_id)
