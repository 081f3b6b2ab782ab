"""Who reaches a colleague's client, from when until when."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient


class ClientAccess(HasId, OfClient, Base):
    """A client shared with a colleague (`reader_id`) for a period: from `from_at` until `until_at`, or until it was
    ended. `sealed`: why, under the client's key. Never removed: it says who could see what, when."""

    __tablename__ = "client_access"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            cls.to_client(),
            ForeignKeyConstraint(["owner_id", "reader_id"], ["coach.owner_id", "coach.id"]),
            Index(None, "owner_id", "client_id"),
            Index(None, "owner_id", "reader_id", "until_at"),
        )

    reader_id: Mapped[int] = mapped_column(BigId)
    sealed: Mapped[bytes]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
