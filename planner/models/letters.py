"""Letters to coaches about their own account, and an e-mail address that waits for its yes. Un-owned: the jobs and
whoever opens a link read them before any owner is known."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Base, BigId


class CoachLetter(Base):
    """One that is still to leave. Its words are made when it does; gone once it left, or when it is too late."""

    __tablename__ = "coach_letter"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    coach_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(20))
    """A code of domain.letters."""
    sealed: Mapped[bytes | None]
    """Where it goes when that is not the coach's address of then, and the link in it, under the practice's key."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    until_at: Mapped[datetime]


class EmailChange(Base):
    """Another e-mail address that a coach asked for. It counts once the link that went there is used."""

    __tablename__ = "email_change"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"), unique=True)
    owner_id: Mapped[int] = mapped_column(BigId)
    sealed: Mapped[bytes]
    expires_at: Mapped[datetime]
