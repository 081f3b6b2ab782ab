"""A client's personal link. The token is never stored: it is made from the link key, the link and its generation."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient


class ShareLink(HasId, OfClient, Base):
    """`renewed_at` counts for the year a link may live at most (security decision 8)."""

    __tablename__ = "share_link"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_client(), Index(None, "owner_id", "client_id"))

    kind: Mapped[str] = mapped_column(String(10), default="page")
    generation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(10))


class LinkDigest(Base):
    """Un-owned: finds the link of a token. Gone as soon as the link is renewed or withdrawn."""

    __tablename__ = "link_digest"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(BigId, ForeignKey("share_link.id", ondelete="CASCADE"), unique=True)
    owner_id: Mapped[int] = mapped_column(BigId)
