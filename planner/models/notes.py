"""The note after a walk: one a walk."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient


class Note(HasId, OfClient, Base):
    """`sealed`: domain.clients.NoteContent under the client's key. `version` is checked at every save, so that a
    second tab cannot overwrite in silence."""

    __tablename__ = "note"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            ForeignKeyConstraint(
                ["owner_id", "coach_id", "client_id", "walk_id"],
                ["walk.owner_id", "walk.coach_id", "walk.client_id", "walk.id"],
                onupdate="CASCADE",
                ondelete="CASCADE",
            ),
            UniqueConstraint("owner_id", "walk_id"),
            Index(None, "owner_id", "client_id"),
        )

    walk_id: Mapped[int] = mapped_column(BigId)
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
