"""What a client answers behind the link, and what the coach turned on to be asked there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.answers import read_asks
from planner.models import Client

_ASKS = select(Client.page_asks)


def asks_of(session: Session, client_id: int) -> frozenset[str]:
    """What this client's page asks or shows beyond the default: codes of PAGE_ASKS."""
    return read_asks(session.scalar(_ASKS.where(Client.id == client_id)) or "")
