"""The practice: owner of every row."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Base, HasId
from planner.models.ownership import Owner


class Practice(HasId, Owner, Base):
    """`wrapped_key` opens what belongs to the practice itself (coaches, routes, own exercises).
    `settings` is JSON of domain.practices.PracticeSettings."""

    __tablename__ = "practice"
    wrapped_key: Mapped[bytes]
    settings: Mapped[str] = mapped_column(Text)
    contact_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
