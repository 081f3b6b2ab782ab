"""What a client said that may be used elsewhere, without a name: only under a consent of its own, and never after that
was taken back (J11). It stays in the note, shut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from planner.domain.clients import HEALTH, QUOTES
from planner.domain.notes import NoteContent
from planner.models import Client, Consent, Note
from planner.services.clients import consent_rows, consents
from planner.services.clients.consents import NeedsConsent
from planner.services.store import SignedIn, Store
from planner.services.vault import Place

QUOTE_FIELD = "client_quote"


class NeedsQuoteConsent(NeedsConsent):
    """A quote of somebody who did not agree to its use."""


def hold_to_consent(session: Session, client_id: int, content: NoteContent) -> bool:
    """Whether this client's quotes may be kept now. Raises NeedsQuoteConsent when one is, and may not."""
    allowed = consents.is_active(session, client_id, QUOTES)
    if content.client_quote and not allowed:
        raise NeedsQuoteConsent((QUOTE_FIELD,))
    return allowed


def readable(session: Session, client_id: int, contents: Sequence[NoteContent]) -> tuple[NoteContent, ...]:
    """These notes of a client without the quotes, unless they may be used now."""
    if not any(one.client_quote for one in contents) or consents.is_active(session, client_id, QUOTES):
        return tuple(contents)
    return tuple(replace(one, client_quote="") for one in contents)


@dataclass(frozen=True, slots=True)
class Quotes:
    """`texts`: in an order that tells nothing about when or by whom. `client_ids`: whose file they were read from, for
    the record of who looked at what alone."""

    texts: tuple[str, ...]
    client_ids: frozenset[int]


def library(store: Store, coach: SignedIn) -> Quotes:
    """What may be quoted of this coach's clients."""
    with store.db.reading(coach.scope) as session:
        rows = session.execute(_QUOTABLE)
        opened = [(row.client_id, _opened(store, row).client_quote) for row in rows]
    told = [(client_id, quote) for client_id, quote in opened if quote]
    texts = sorted({quote for _client, quote in told}, key=str.casefold)
    return Quotes(tuple(texts), frozenset(client_id for client_id, _quote in told))


def _opened(store: Store, row: Any) -> NoteContent:
    place = Place("note", "sealed", row.id, row.client_id)
    return store.vault.open(row.wrapped_key, place, row.sealed, NoteContent)


_Quoted = aliased(Consent)
_QUOTABLE = (
    select(Note.id, Note.client_id, Note.sealed, Client.wrapped_key)
    .join(Client, Client.id == Note.client_id)
    .join(Consent, consent_rows.of_client(HEALTH))
    .join(_Quoted, consent_rows.of_client(QUOTES, _Quoted))
)
