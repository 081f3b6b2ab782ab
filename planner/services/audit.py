"""Who looked at whose file: at most one row per coach, client and hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from planner.models import AuditEntry, Client
from planner.models.audit import audit_entry
from planner.services.store import SignedIn, Store

ONCE_PER = timedelta(hours=1)


def saw_client(store: Store, coach: SignedIn, client_id: int, now: datetime) -> None:
    """Write that this coach saw this client's file, unless that was written in the last hour."""
    with store.db.transaction(coach.scope, now) as session:
        lately = session.scalar(
            select(AuditEntry.id).where(
                AuditEntry.client_id == client_id,
                AuditEntry.at > now - ONCE_PER,
                AuditEntry.action == "saw",
                AuditEntry.actor_id == coach.id,
            )
        )
        client = session.scalar(select(Client).where(Client.id == client_id))
        if lately is None and client is not None:
            session.add(audit_entry(coach.scope, now, "saw", client))
