"""Walks and what is planned in them."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from planner.models.base import Base, BigId, HasId
from planner.models.clients import OfClient


class Walk(HasId, OfClient, Base):
    """An appointment outdoors, indoors or online. `starts_local` with `zone` is the promise; `starts_at` is the same
    moment in UTC, kept for order and windows. `sealed`: domain.walks.WalkDetails. `weather`: JSON of the verdict and
    its numbers as they stood at the start. `sequence` rises with every change a calendar must hear of."""

    __tablename__ = "walk"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            cls.to_client(),
            UniqueConstraint("owner_id", "coach_id", "client_id", "id"),
            ForeignKeyConstraint(["owner_id", "route_id"], ["route.owner_id", "route.id"]),
            Index(None, "owner_id", "coach_id", "starts_at", "id"),
            Index(None, "owner_id", "client_id", "starts_at"),
            Index(None, "owner_id", "route_id"),
            Index(None, "status", "starts_at"),
        )

    starts_local: Mapped[datetime] = mapped_column(DateTime)
    zone: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    setting: Mapped[str] = mapped_column(String(10))
    """outdoors, indoors, online"""
    status: Mapped[str] = mapped_column(String(10), default="planned")
    """planned, done, cancelled"""
    outcome: Mapped[str | None] = mapped_column(String(20))
    route_id: Mapped[int | None] = mapped_column(BigId)
    sealed: Mapped[bytes]
    weather: Mapped[str | None] = mapped_column(Text)
    moved_from_local: Mapped[datetime | None] = mapped_column(DateTime)
    """The time it had when the client could first see it, once it has another; see domain.walks.moved_from."""
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class PlanItem(HasId, OfClient, Base):
    """A part of a walk, in order: a stretch of talking or silence, or an exercise."""

    __tablename__ = "plan_item"

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
            ForeignKeyConstraint(["owner_id", "exercise_id"], ["exercise.owner_id", "exercise.id"]),
            Index(None, "owner_id", "walk_id", "position"),
            Index(None, "owner_id", "exercise_id"),
        )

    walk_id: Mapped[int] = mapped_column(BigId)
    position: Mapped[int]
    segment: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    exercise_id: Mapped[int | None] = mapped_column(BigId)
    for_client: Mapped[bool] = mapped_column(default=False)
