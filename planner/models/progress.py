"""What is measured and talked over beside the notes."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, HasId
from planner.models.clients import OfClient


class ExternalMeasure(HasId, OfClient, Base):
    """A score that somebody else took. `sealed`: domain.progress.Measure."""

    __tablename__ = "external_measure"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_client(), Index(None, "owner_id", "client_id"))

    sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class Review(HasId, OfClient, Base):
    """A talk about how it goes. `kind`: three_months, six_months or between. `sealed`:
    domain.progress.ReviewContent."""

    __tablename__ = "review"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (cls.to_client(), Index(None, "owner_id", "client_id", "held_at"))

    kind: Mapped[str] = mapped_column(String(12))
    sealed: Mapped[bytes]
    held_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
