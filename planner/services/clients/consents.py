"""What a client agrees to: each purpose asked, given, refused and taken back alone, with date and text version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.domain.clients import CONSENT_PURPOSES, HEALTH
from planner.models import Client, Consent, new_id
from planner.services import fixed_texts
from planner.services.clients import consent_rows, sharing
from planner.services.messages import outbox, outbox_rows
from planner.services.store import SignedIn, Store, client_gate

NOT_ASKED, GIVEN, REFUSED, WITHDRAWN = "not_asked", "given", "refused", "withdrawn"
YES, NO = "yes", "no"


class NeedsConsent(Exception):
    """Something about the health of somebody who did not agree to it. Carries the names of those fields."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class TextRenewed(Exception):
    """The text that was answered is not the one of today: it must be read again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How it stands with one purpose. `at`: when the client said so; None while it was never asked. `stands`: a yes
    that was not taken back."""

    purpose: str
    state: str = NOT_ASKED
    at: datetime | None = None
    text_version: str = ""
    stands: bool = False

    @property
    def active(self) -> bool:
        return self.state == GIVEN


_HISTORY = select(Consent).where(Consent.client_id == bindparam("client_id"))
_STANDING = _HISTORY.where(consent_rows.stands(bindparam("purpose")))
_YESES = select(Consent.client_id, Consent.withdrawn_at).where(
    Consent.purpose == bindparam("purpose"), Consent.given_at.is_not(None)
)


def text_version(purpose: str) -> str:
    """The version of the text a client would answer now."""
    return fixed_texts.text(f"consent_{purpose}", "nl").version


def has_health(session: Session, client_id: int) -> bool:
    """Whether anything about this client's health may be kept and used now (P01, P03)."""
    return is_active(session, client_id, HEALTH)


def is_active(session: Session, client_id: int, purpose: str) -> bool:
    return _active(session, client_id, purpose) is not None


def agreed(session: Session, client_ids: Iterable[int], purpose: str) -> frozenset[int]:
    """Those of these clients whose yes stands."""
    rows = session.scalars(
        select(Consent.client_id).where(Consent.client_id.in_(list(client_ids)), consent_rows.stands(purpose))
    )
    return frozenset(rows)


def withdrawn(session: Session, purpose: str) -> frozenset[int]:
    """Clients of this coach who took back their yes and did not give it again."""
    rows = session.execute(_YESES, {"purpose": purpose}).all()
    return frozenset(row.client_id for row in rows) - {
        row.client_id for row in rows if row.withdrawn_at is None
    }


def standing(session: Session, client_id: int, purpose: str) -> str:
    """given, withdrawn (and not given again), or not_asked where there never was a yes."""
    rows = session.execute(_YESES.where(Consent.client_id == client_id), {"purpose": purpose}).all()
    if any(row.withdrawn_at is None for row in rows):
        return GIVEN
    return WITHDRAWN if rows else NOT_ASKED


def history(session: Session, client_id: int) -> tuple[Answer, ...]:
    """All that was ever answered, newest first; a yes that was taken back counts twice."""
    found: list[Answer] = []
    for row in session.scalars(_HISTORY, {"client_id": client_id}):
        moments = ((GIVEN, row.given_at), (REFUSED, row.refused_at), (WITHDRAWN, row.withdrawn_at))
        found += [
            Answer(row.purpose, state, at, row.text_version, state == GIVEN and row.withdrawn_at is None)
            for state, at in moments
            if at is not None
        ]
    order = (GIVEN, REFUSED, WITHDRAWN)
    return tuple(sorted(found, key=lambda one: (one.at, order.index(one.state)), reverse=True))


def answers(past: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """How it stands with each purpose, in the fixed order. `past`: the history. A yes that stands counts, also when a
    clock that ran ahead wrote something later."""
    last = {one.purpose: one for one in reversed(past)} | {one.purpose: one for one in past if one.stands}
    return tuple(last.get(purpose, Answer(purpose)) for purpose in CONSENT_PURPOSES)


def decide(
    store: Store, coach: SignedIn, client_id: int, purpose: str, answer: str, version: str, now: datetime
) -> str:
    """Write down a client's yes or no; a no after a yes takes it back. Gives the state it came to.

    `version`: of the text that was read. Raises NotFound, TextRenewed, or KeyError for another purpose or answer.
    """
    if purpose not in CONSENT_PURPOSES or answer not in (YES, NO):
        raise KeyError(purpose)
    if answer == YES and version != text_version(purpose):
        raise TextRenewed
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        if answer == YES:
            if purpose == HEALTH:
                agree_in(store, session, client, now)
            else:
                give_in(session, client, purpose, now)
            return GIVEN
        said = _no(session, client, purpose, now)
    store.remembered.forget()
    return said


def give_in(session: Session, client: Client, purpose: str, now: datetime) -> None:
    """A yes, inside a transaction that does more. A yes that stands already stays as it is."""
    if _active(session, client.id, purpose) is None:
        row = _row(client, purpose)
        row.given_at = now
        session.add(row)
        session.flush()


def agree_in(store: Store, session: Session, client: Client, now: datetime) -> None:
    """The yes to keeping something about health. What was planned since one was taken back is told after all."""
    if not has_health(session, client.id):
        give_in(session, client, HEALTH, now)
        outbox.note_client(store, session, client.id, now, back=True)


def _no(session: Session, client: Client, purpose: str, now: datetime) -> str:
    active = _active(session, client.id, purpose)
    if active is None:
        last = next((one for one in history(session, client.id) if one.purpose == purpose), Answer(purpose))
        if last.state in (REFUSED, WITHDRAWN) and last.text_version == text_version(purpose):
            return last.state  # a no that stands is not said again: the button was pressed twice
        row = _row(client, purpose)
        row.refused_at = now
        session.add(row)
        return REFUSED
    active.withdrawn_at = now
    if purpose == HEALTH:  # what stands on the client's page came from it (P03)
        sharing.end_links(session, client.id, now, "coach")
        outbox_rows.hush(session, client.id, now)
    return WITHDRAWN


def _active(session: Session, client_id: int, purpose: str) -> Consent | None:
    return session.scalar(_STANDING, {"client_id": client_id, "purpose": purpose})


def _row(client: Client, purpose: str) -> Consent:
    row = Consent(id=new_id(), owner_id=client.owner_id, coach_id=client.coach_id, client_id=client.id)
    row.purpose, row.text_version = purpose, text_version(purpose)
    return row
