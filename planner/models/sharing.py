"""Secret addresses: a client's page and feed, a coach's feed. No token is stored: it is made from the link key, the row
and its generation."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient
from planner.models.ownership import CoachOwned


class ShareLink(HasId, OfClient, Base):
    """`kind`: page or feed, each with a token of its own (decision 9). `renewed_at` counts for the year a link may live
    at most (security decision 8). `titles`: what a feed calls its walks, a code of domain.sharing.FEED_TITLES."""

    __tablename__ = "share_link"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_client(), Index(None, "owner_id", "client_id"))

    kind: Mapped[str] = mapped_column(String(10), default="page")
    titles: Mapped[str] = mapped_column(String(12), default="neutral")
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


class CoachFeed(HasId, CoachOwned, Base):
    """The feed of a coach's own walks: one a coach, off until asked for. `titles` as in ShareLink."""

    __tablename__ = "coach_feed"
    __table_args__ = (
        UniqueConstraint("owner_id", "coach_id"),
        ForeignKeyConstraint(["owner_id", "coach_id"], ["coach.owner_id", "coach.id"]),
    )
    titles: Mapped[str] = mapped_column(String(12), default="initials")
    generation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class FeedDigest(Base):
    """Un-owned: finds the coach's feed of a token. Gone as soon as it is renewed or turned off."""

    __tablename__ = "feed_digest"
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(BigId, ForeignKey("coach_feed.id", ondelete="CASCADE"), unique=True)
    owner_id: Mapped[int] = mapped_column(BigId)
