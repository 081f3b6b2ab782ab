"""What is known of backups and keys. Nobody owns these rows: they are about the whole planner."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Base, BigId


class BackupRun(Base):
    """The copy of one night. Its row is also the claim: of several nodes one makes it."""

    __tablename__ = "backup_run"
    night: Mapped[str] = mapped_column(String(10), primary_key=True)
    """The local day it began on, 2026-11-23."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was whole and verified."""
    file: Mapped[str | None] = mapped_column(String(200))
    bytes: Mapped[int | None] = mapped_column(BigId)
    rows: Mapped[int | None] = mapped_column(BigId)
    problem: Mapped[str | None] = mapped_column(String(300))


class KeyProof(Base):
    """Somebody showed that the sheet in the drawer fits these keys."""

    __tablename__ = "key_proof"
    fingerprint: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
