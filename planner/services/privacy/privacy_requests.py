"""What clients ask about their data, and until when it is to be answered (P13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.clients import ClientName
from planner.domain.privacy import RequestText, request_due_on
from planner.models import Client, PrivacyRequest, new_id
from planner.services.store import (
    NotFound,
    SignedIn,
    Store,
    client_gate,
    handled_before,
    remember_form,
)
from planner.services.vault import Place


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request. `kind`: a code of domain.privacy.REQUEST_KINDS."""

    id: int
    client_id: int
    client_name: str
    kind: str
    asked_on: date
    due_on: date
    done_on: date | None
    text: str

    def is_late(self, today: date) -> bool:
        return self.done_on is None and today > self.due_on


def open_and_done(store: Store, coach: SignedIn) -> tuple[tuple[RequestLine, ...], tuple[RequestLine, ...]]:
    """What waits, the one that is due first on top; and what was done, newest first."""
    with store.db.reading(coach.scope) as session:
        lines = _lines(store, session)
    waiting = sorted((one for one in lines if one.done_on is None), key=lambda one: (one.due_on, one.id))
    done = sorted((one for one in lines if one.done_on), key=lambda one: (one.done_on, one.id), reverse=True)
    return tuple(waiting), tuple(done)


def of_client(store: Store, coach: SignedIn, client_id: int) -> tuple[RequestLine, ...]:
    """Newest first. Raises NotFound."""
    with store.db.reading(coach.scope) as session:
        client_gate(session, client_id)
        lines = _lines(store, session, client_id)
    return tuple(sorted(lines, key=lambda one: (one.asked_on, one.id), reverse=True))


def add(
    store: Store,
    coach: SignedIn,
    client_id: int,
    kind: str,
    asked_on: date,
    text: str,
    now: datetime,
    form_id: str | None = None,
) -> None:
    """Write down what a client asks. The same form twice writes it once. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        client = client_gate(session, client_id)
        if handled_before(session, form_id) is not None:
            return
        row = PrivacyRequest(
            id=new_id(), owner_id=client.owner_id, coach_id=client.coach_id, client_id=client.id, kind=kind
        )
        row.asked_on, row.created_at = asked_on, now
        row.sealed = store.vault.seal(client.wrapped_key, _place(row), RequestText(text))
        session.add(row)
        remember_form(session, coach.scope, form_id, str(row.id), now)


def settle(store: Store, coach: SignedIn, request_id: int, done_on: date | None, now: datetime) -> int:
    """Answered on this day; None: it waits again. Gives the client. Raises NotFound."""
    with store.db.transaction(coach.scope, now) as session:
        row = session.scalar(select(PrivacyRequest).where(PrivacyRequest.id == request_id))
        if row is None:
            raise NotFound
        row.done_on = None if done_on is None else (row.done_on or done_on)
        return row.client_id


def _lines(store: Store, session: Session, client_id: int | None = None) -> Iterable[RequestLine]:
    query = select(PrivacyRequest, Client).join(Client, Client.id == PrivacyRequest.client_id)
    if client_id is not None:
        query = query.where(PrivacyRequest.client_id == client_id)
    return [_line(store, row, client) for row, client in session.execute(query)]


def _line(store: Store, row: PrivacyRequest, client: Client) -> RequestLine:
    opened, key = store.vault.open, client.wrapped_key
    name_at = Place("client", "name_sealed", client.id, client.id)
    return RequestLine(
        row.id,
        client.id,
        opened(key, name_at, client.name_sealed, ClientName).full,
        row.kind,
        row.asked_on,
        request_due_on(row.asked_on),
        row.done_on,
        opened(key, _place(row), row.sealed, RequestText).text,
    )


def _place(row: PrivacyRequest) -> Place:
    return Place("privacy_request", "sealed", row.id, row.client_id)
