"""What a client answers behind their link: one row a walk, kept under the client's key."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient


class WalkAnswer(HasId, OfClient, Base):
    """`sealed`: domain.answers.AnswerContent. `about_at`: the start of the walk as it stood then; an answer about
    another time does not count for a walk that was moved since."""

    __tablename__ = "walk_answer"

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
    about_at: Mapped[datetime]
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
