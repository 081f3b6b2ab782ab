"""Who saw or changed what, without contents; and the forms that were already handled."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from planner.models.audit_tail import Tail
from planner.models.base import Base, BigId, HasId, OwnedSession, new_id
from planner.models.notes import NoteDraft
from planner.models.ownership import Owned, Scope


class AuditEntry(HasId, Owned, Base):
    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "owner_id", "client_id", "at"),)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(10))
    """coach, client, jobs, cli, or office: somebody who planned for a coach"""
    actor_id: Mapped[int | None] = mapped_column(BigId)
    action: Mapped[str] = mapped_column(String(10))
    """saw, created, changed, removed; exported, erased, handed (over to a colleague) of a whole file; used, failed of a
    sign-in"""
    kind: Mapped[str] = mapped_column(String(20))
    object_id: Mapped[int] = mapped_column(BigId)
    client_id: Mapped[int | None] = mapped_column(BigId)
    seq: Mapped[int | None] = mapped_column(BigId, unique=True, index=True)
    """Its place in the chain; None only for rows of before there was one, until `make run` takes them in."""
    digest: Mapped[bytes | None]
    """Over this row and the digest before it: planner.domain.audit_chain."""


class FormOnce(Owned, Base):
    """A form that was sent: the same form again gets the first answer, and nothing happens twice."""

    __tablename__ = "form_once"
    for_planning = True
    owner_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    form_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    result: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(index=True)


UNAUDITED = (AuditEntry, FormOnce, NoteDraft)
"""A draft is kept every few seconds while somebody types; the note it leads to is written down."""


def audit_entry(scope: Scope, now: datetime, action: str, row: Any) -> AuditEntry:
    """The row that says who did what to which object; the object needs its id."""
    client_id = row.id if row.__tablename__ == "client" else getattr(row, "client_id", None)
    return AuditEntry(
        id=new_id(),
        owner_id=row.owner_id if row.owner_id is not None else scope.owner_id,
        at=now,
        actor=scope.actor,
        actor_id=scope.actor_id,
        action=action,
        kind=row.__tablename__,
        object_id=row.id,
        client_id=client_id,
    )


def _record_changes(session: Session, _context: Any, _instances: Any) -> None:
    scope, now = session.info["scope"], session.info.get("now")
    if now is None:
        raise RuntimeError("changes belong in a transaction")
    changed = [row for row in session.dirty if session.is_modified(row)]
    done = [("created", list(session.new)), ("changed", changed), ("removed", list(session.deleted))]
    for action, rows in done:
        for row in rows:
            if isinstance(row, Owned) and not isinstance(row, UNAUDITED):
                row.id = row.id or new_id()  # type: ignore[attr-defined]
                session.add(audit_entry(scope, now, action, row))
    fresh = [row for row in session.new if isinstance(row, AuditEntry) and row.seq is None]
    if fresh:
        tail_of(session).append(fresh)


def tail_of(session: Session) -> Tail:
    """The end of the chain. It holds for the whole transaction, as there is one writer at a time."""
    if "audit_tail" not in session.info:
        session.info["audit_tail"] = Tail(session.connection(), session.info.get("audit_key"))
    tail: Tail = session.info["audit_tail"]
    return tail


def _keep_tail(session: Session) -> None:
    """Once a transaction, after its last row."""
    session.flush()
    if "audit_tail" in session.info:
        session.info.pop("audit_tail").keep()


event.listen(OwnedSession, "before_flush", _record_changes)
event.listen(OwnedSession, "before_commit", _keep_tail)
