"""Coaches, and the un-owned tables of signing in (read before any owner is known)."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.ownership import Owned


class Coach(HasId, Owned, Base):
    __tablename__ = "coach"
    __table_args__ = (UniqueConstraint("owner_id", "id"), ForeignKeyConstraint(["owner_id"], ["practice.id"]))
    name_sealed: Mapped[bytes]
    email_sealed: Mapped[bytes]
    phone_sealed: Mapped[bytes | None]
    """The number clients may call or write to."""
    language: Mapped[str] = mapped_column(String(2), default="nl")
    created_at: Mapped[datetime]
    texts_version: Mapped[str | None] = mapped_column(String(20))
    """Version of the privacy and complaints texts shown at set-up."""
    texts_seen_at: Mapped[datetime | None]
    note_parts: Mapped[str | None] = mapped_column(String(200))
    """Codes of domain.notes.NOTE_PARTS that this coach's notes ask beyond the eight taps, spaced; None: the default."""


class Account(Base):
    """How a coach signs in. `email_digest` is an HMAC: the address itself is sealed with the coach."""

    __tablename__ = "account"
    email_digest: Mapped[bytes] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"), unique=True)
    owner_id: Mapped[int] = mapped_column(BigId)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None]


class SignIn(Base):
    """One signed-in browser. The cookie holds a random token; only its digest is here, so that a copied cookie
    dies at sign-out and at a change of password."""

    __tablename__ = "sign_in"
    token_digest: Mapped[bytes] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SetupKey(Base):
    """A one-time set-up address: for the first coach, or for one added on the command line."""

    __tablename__ = "setup_key"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    coach_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"))
    owner_id: Mapped[int | None] = mapped_column(BigId)
    expires_at: Mapped[datetime]


class Throttle(Base):
    """Failed tries per key (an HMAC of an address or a network)."""

    __tablename__ = "throttle"
    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
