"""The note after a walk: one a walk, with what was written earlier and what was added later."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient
from planner.models.ownership import CoachOwned


class OfWalk(OfClient):
    """A row under a walk, and gone with it."""

    walk_id: Mapped[int] = mapped_column(BigId)

    @staticmethod
    def to_walk() -> ForeignKeyConstraint:
        return ForeignKeyConstraint(
            ["owner_id", "coach_id", "client_id", "walk_id"],
            ["walk.owner_id", "walk.coach_id", "walk.client_id", "walk.id"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        )


class Note(HasId, OfWalk, Base):
    """`sealed`: domain.notes.NoteContent under the client's key. `version` is checked at every save, so that a
    second tab cannot overwrite in silence."""

    __tablename__ = "note"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            cls.to_walk(),
            UniqueConstraint("owner_id", "walk_id"),
            Index(None, "owner_id", "client_id"),
        )

    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class NoteRevision(HasId, OfWalk, Base):
    """A note as it was saved before, for 30 days from `replaced_at`. `sealed`: NoteContent; `version` and `saved_at` as
    the note then had."""

    __tablename__ = "note_revision"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            cls.to_walk(),
            UniqueConstraint("owner_id", "walk_id", "version"),
            Index(None, "owner_id", "client_id"),
            Index(None, "replaced_at"),
        )

    sealed: Mapped[bytes]
    version: Mapped[int]
    saved_at: Mapped[datetime]
    replaced_at: Mapped[datetime]


class NoteDraft(HasId, OfWalk, Base):
    """What was typed and not saved yet: one a walk, gone at the save. `sealed`: domain.notes.DraftText. `version`: of
    the note it was typed over; None over a first note."""

    __tablename__ = "note_draft"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            cls.to_walk(),
            UniqueConstraint("owner_id", "walk_id"),
            Index(None, "owner_id", "client_id"),
        )

    sealed: Mapped[bytes]
    version: Mapped[int | None]
    saved_at: Mapped[datetime]


class NoteAddendum(HasId, OfWalk, Base):
    """Written under a note after it was closed. `sealed`: domain.notes.AddedText."""

    __tablename__ = "note_addendum"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_walk(), Index(None, "owner_id", "walk_id"), Index(None, "owner_id", "client_id"))

    sealed: Mapped[bytes]
    written_at: Mapped[datetime]


class Snippet(HasId, CoachOwned, Base):
    """A sentence this coach often writes. `sealed`: domain.notes.SnippetText under the practice's key."""

    __tablename__ = "snippet"
    __table_args__ = (
        ForeignKeyConstraint(["owner_id", "coach_id"], ["coach.owner_id", "coach.id"]),
        Index(None, "owner_id", "coach_id"),
    )
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
