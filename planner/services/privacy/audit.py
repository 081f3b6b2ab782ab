"""Who looked at whose file: at most one row per coach, client and hour."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from planner.models import AuditEntry, Client, Scope, new_id
from planner.models.audit import audit_entry
from planner.services.store import SignedIn, Store

ONCE_PER = timedelta(hours=1)
_SEEN = select(AuditEntry.client_id).where(
    AuditEntry.client_id.in_(bindparam("client_ids", expanding=True)),
    AuditEntry.at > bindparam("after"),
    AuditEntry.action == "saw",
    AuditEntry.actor_id == bindparam("actor_id"),
)


def saw_clients(store: Store, coach: SignedIn, client_ids: Collection[int], now: datetime) -> None:
    """Write that this coach saw the files of these clients; of each, unless that was written in the last hour."""
    with store.db.reading(coach.scope) as session:
        if not _not_lately(session, coach, client_ids, now):
            return  # most pages: nobody waits for the writers' lock
    with store.db.transaction(coach.scope, now) as session:
        new = _not_lately(session, coach, client_ids, now)
        for client in session.scalars(select(Client).where(Client.id.in_(new)).order_by(Client.id)):
            session.add(audit_entry(coach.scope, now, "saw", client))


def _not_lately(session: Session, coach: SignedIn, client_ids: Collection[int], now: datetime) -> set[int]:
    """Those of them that this coach did not see in the last hour."""
    lately = {"client_ids": list(client_ids), "after": now - ONCE_PER, "actor_id": coach.scope.actor_id}
    return set(client_ids) - set(session.scalars(_SEEN, lately))


def security(session: Session, coach_id: int, kind: str, action: str) -> None:
    """Write, with the change itself, what happened to a coach's sign-in: a kind and no contents. `kind`: sign_in,
    email, password, reset, totp, passkey, recovery_code or device; `action`: created, changed, removed, used or
    failed."""
    deed(session, action, kind, coach_id)


def deed(session: Session, action: str, kind: str, object_id: int, client_id: int | None = None) -> None:
    """Write what changes no row of its own, such as `exported`: with the rest of the transaction, without contents."""
    scope, now = session.info["scope"], session.info["now"]
    session.add(
        AuditEntry(
            id=new_id(),
            owner_id=scope.owner_id,
            at=now,
            actor=scope.actor,
            actor_id=scope.actor_id,
            action=action,
            kind=kind,
            object_id=object_id,
            client_id=client_id,
        )
    )


def failed(store: Store, scope: Scope, kind: str, now: datetime) -> None:
    """A try that did not succeed. For after the answer, so that nobody can tell by the time whose address it was."""
    if scope.coach_id is not None:
        with store.db.transaction(scope, now) as session:
            security(session, scope.coach_id, kind, "failed")
