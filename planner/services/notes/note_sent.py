"""A note that was sent: the same form may come twice when the answer got lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models import FormOnce, Scope
from planner.services.store import Store, remember_form


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form said, as a keyed digest, and the version of the note that it led to."""

    walk_id: int
    digest: str
    version: int = 0


_sent = msgspec.json.Decoder(Sent)


def digest(store: Store, walk_id: int, said: Any) -> str:
    """Tells two texts apart without keeping either."""
    text = msgspec.json.encode((walk_id, said)).decode()
    return store.vault.lookup_digest("note sent", text).hex()[:32]


def row_of(session: Session, form_id: str | None) -> FormOnce | None:
    """What is kept of this form, if it was sent before."""
    return session.scalar(select(FormOnce).where(FormOnce.form_id == form_id)) if form_id else None


def before(row: FormOnce | None) -> Sent | None:
    """What this form led to the last time it was sent."""
    try:
        return _sent.decode(row.result) if row else None
    except msgspec.DecodeError:  # the id of another kind of form
        return None


def remember(
    session: Session, scope: Scope, form_id: str | None, row: FormOnce | None, sent: Sent, now: datetime
) -> None:
    """In the same transaction as the deed. `row`: what was kept of it."""
    result = msgspec.json.encode(sent).decode()
    if row is None:
        remember_form(session, scope, form_id, result, now)
    else:
        row.result, row.at = result, now
