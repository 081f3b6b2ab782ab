"""What a client said that may be used elsewhere, without a name: only under a consent of its own, and never after that
was taken back (J11). It stays in the note, shut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from planner.domain.clients import HEALTH, QUOTES
from planner.domain.notes import NoteContent
from planner.models import Client, Consent, Note
from planner.services import consent_rows, consents
from planner.services.consents import NeedsConsent
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


def library(store: Store, coach: SignedIn) -> tuple[str, ...]:
    """What may be quoted of this coach's clients, in an order that tells nothing about when or by whom."""
    with store.db.reading(coach.scope) as session:
        rows = session.execute(_QUOTABLE)
        opened = [
            store.vault.open(
                row.wrapped_key, Place("note", "sealed", row.id, row.client_id), row.sealed, NoteContent
            )
            for row in rows
        ]
    return tuple(sorted({one.client_quote for one in opened if one.client_quote}, key=str.casefold))


_Quoted = aliased(Consent)
_QUOTABLE = (
    select(Note.id, Note.client_id, Note.sealed, Client.wrapped_key)
    .join(Client, Client.id == Note.client_id)
    .join(Consent, consent_rows.of_client(HEALTH))
    .join(_Quoted, consent_rows.of_client(QUOTES, _Quoted))
)
