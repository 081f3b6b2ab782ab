"""What the weather watch last said about a coming walk."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient


class WeatherWatch(HasId, OfClient, Base):
    """One row a walk. `known`: JSON of the verdict that the coach has seen or was told, without anything about health.
    `line`: worse or recovered, what was said last; None: nothing. `about_at`: the start it was judged for; with another
    one it begins anew."""

    __tablename__ = "weather_watch"

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
    known: Mapped[str] = mapped_column(Text)
    line: Mapped[str | None] = mapped_column(String(10))
    said_at: Mapped[datetime | None]
    """When it was said; a walk gets at most one line a day."""
    seen_at: Mapped[datetime | None]
    """The coach put the line away."""
