"""Coaches, and the un-owned tables of signing in (read before any owner is known)."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.domain.roles import COACH
from planner.models.base import Base, BigId, HasId
from planner.models.ownership import Owned


class Coach(HasId, Owned, Base):
    __tablename__ = "coach"
    for_planning = True
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
    role: Mapped[str] = mapped_column(String(10), default=COACH, server_default=COACH)
    """A code of domain.roles."""


class Account(Base):
    """How a coach signs in. `email_digest` is an HMAC: the address itself is sealed with the coach."""

    __tablename__ = "account"
    email_digest: Mapped[bytes] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"), unique=True)
    owner_id: Mapped[int] = mapped_column(BigId)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None]
    totp_sealed: Mapped[bytes | None]
    """The secret shared with an app that makes codes, under the practice's key; None: no such app."""
    totp_step: Mapped[int | None] = mapped_column(BigId)
    """The step of 30 seconds whose code was used last: no code of that step or before it counts any more."""


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
    strong_at: Mapped[datetime | None]
    """When this browser last gave the password, a code or a passkey."""
    agent: Mapped[str | None] = mapped_column(String(30))
    """What kind of device, in codes of domain.devices: "firefox.linux"."""


class Passkey(Base):
    """A key on a device of the coach, which signs in by itself. Read before any owner is known, so un-owned."""

    __tablename__ = "passkey"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    coach_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int] = mapped_column(BigId)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigId)
    name_sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UsedChallenge(Base):
    """A question to a passkey that was answered: the same answer again counts for nothing. Kept as long as the
    question would count."""

    __tablename__ = "used_challenge"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code on paper for who lost the second step. 120 random bits, so a plain digest keeps it."""

    __tablename__ = "recovery_code"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"), index=True)


class ResetRequest(Base):
    """Somebody forgot a password and asked for a mail. Only a keyed digest of the address, until the jobs have looked
    whose it is."""

    __tablename__ = "reset_request"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]


class ResetKey(Base):
    """A one-time address at which a coach chooses a new password."""

    __tablename__ = "reset_key"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[int] = mapped_column(BigId)
    expires_at: Mapped[datetime]


class SetupKey(Base):
    """A one-time set-up address: for the first coach, or for one added on the command line."""

    __tablename__ = "setup_key"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    coach_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("coach.id", ondelete="CASCADE"))
    owner_id: Mapped[int | None] = mapped_column(BigId)
    expires_at: Mapped[datetime]
    sealed: Mapped[bytes | None]
    """Of an invitation: the secret itself, under the practice's key, so that it can be shown and mailed until then."""


class Throttle(Base):
    """Failed tries per key (an HMAC of an address or a network)."""

    __tablename__ = "throttle"
    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
