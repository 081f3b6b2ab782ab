"""The outbox: what is owed to whom about what. The text is made when a message leaves, never before."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient


class Message(HasId, OfClient, Base):
    """One message to a client. `kind` and `state`: codes of domain.messages. `sealed`: domain.messages.Written, what
    left and to where, kept as the log of this client. `told_sequence`: the sequence of the walk it is about, as it was
    prepared and then as it left. `claimed_until` keeps a second node from sending the same."""

    __tablename__ = "message"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            cls.to_client(),
            ForeignKeyConstraint(
                ["owner_id", "coach_id", "client_id", "walk_id"],
                ["walk.owner_id", "walk.coach_id", "walk.client_id", "walk.id"],
                onupdate="CASCADE",
                ondelete="CASCADE",
            ),
            Index(None, "state", "due_at"),
            Index(None, "owner_id", "coach_id", "state", "due_at"),
            Index(None, "owner_id", "client_id", "created_at"),
            Index(None, "owner_id", "walk_id"),
        )

    kind: Mapped[str] = mapped_column(String(12))
    walk_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(20))
    """Why it did not leave the last time, or why it is not sent at all: a code of domain.messages."""
    by_hand: Mapped[bool] = mapped_column(default=False)
    """The coach asked for this reminder, whatever was told before."""
    told_sequence: Mapped[int | None]
    sealed: Mapped[bytes | None]
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class LinkRequest(Base):
    """Un-owned: somebody asked at /s/ to have a link mailed again. Only a keyed digest of the address, until the jobs
    have looked whose it is."""

    __tablename__ = "link_request"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
