"""The practice's toolkit: our shipped exercises as they were loaded or edited, and the coach's own."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Base, HasId
from planner.models.ownership import Owned


class Exercise(HasId, Owned, Base):
    """`sealed`: domain.exercises.ExerciseTexts under the practice's key; `facts`: JSON of ExerciseFacts.
    `key` and `shipped_version` name the shipped edition it came from; `edited` keeps a later edition away."""

    __tablename__ = "exercise"
    for_planning = True
    __table_args__ = (
        UniqueConstraint("owner_id", "id"),
        UniqueConstraint("owner_id", "key"),
        ForeignKeyConstraint(["owner_id"], ["practice.id"]),
    )
    key: Mapped[str | None] = mapped_column(String(60))
    shipped_version: Mapped[int | None]
    edited: Mapped[bool] = mapped_column(default=False)
    hidden: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
